"""The Mentor menu: verdicts on detections one by one or many at once, new images, training, the candidate."""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.ui.commands.table import MENTOR, ActionInfo, Commands, Kind, has_project
from defectstudio.ui.translations import said


def _verdict(
    name: str,
    text: str,
    icon: str,
    keys: tuple[str, ...],
    run: Callable[[Commands], object],
    enabled: Callable[[Commands], bool],
    *,
    kind: Kind = Kind.GESTURE,
    first: bool = False,
) -> ActionInfo:
    """A row that is heard where detections are judged."""
    return ActionInfo(
        f"mentor.{name}", text, "mentor", run, icon, keys, enabled, scope=MENTOR, kind=kind, first_of_group=first
    )


def _class(number: int) -> ActionInfo:
    """ "It is a defect, but of this class"."""
    return ActionInfo(
        f"mentor.class.{number}",
        f"Defect of class {number}",
        "mentor.class",
        lambda c: c.mentor.judging.as_class(number),
        "",
        (str(number),),
        lambda c: c.mentor.judging.can_class(number),
        label=lambda c: c.mentor.judging.class_label(number) or said(f"Defect of class {number}"),
        scope=MENTOR,
        kind=Kind.GESTURE,
    )


SHOW_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "mentor.panel", "Judge detections", "mentor", lambda c: c.mentor.show(), "mentor", ("Ctrl+H",), has_project
    ),
    ActionInfo(
        "mentor.sheet",
        "Contact sheet",
        "mentor",
        lambda c: c.mentor.toggle_sheet(),
        "sheet",
        ("Ctrl+Shift+H",),
        has_project,
        lambda c: c.mentor.shows_sheet,
    ),
    ActionInfo(
        "mentor.candidate",
        "Before and after",
        "mentor",
        lambda c: c.mentor.show_candidate(),
        "compare",
        ("Ctrl+Alt+H",),
        has_project,
        lambda c: c.mentor.shows_candidate,
    ),
    ActionInfo(
        "mentor.touch",
        "Large buttons for gloves",
        "mentor",
        lambda c: c.mentor.toggle_touch(),
        "touch",
        (),
        has_project,
        lambda c: c.mentor.touch,
    ),
)

VERDICT_ACTIONS: tuple[ActionInfo, ...] = (
    _verdict(
        "confirm",
        "Confirm",
        "tag-defective",
        ("Return", "Enter"),
        lambda c: c.mentor.judging.confirm(),
        lambda c: c.mentor.judging.can_confirm,
        first=True,
    ),
    _verdict(
        "reject",
        "Reject",
        "tag-good",
        ("X",),
        lambda c: c.mentor.judging.reject(),
        lambda c: c.mentor.judging.can_judge,
    ),
    _verdict(
        "unsure",
        "Not sure",
        "tag-unlabelled",
        ("Space",),
        lambda c: c.mentor.judging.unsure(),
        lambda c: c.mentor.judging.can_judge,
    ),
    _verdict(
        "draw",
        "Draw it",
        "tool-polygon",
        ("D",),
        lambda c: c.mentor.judging.draw(),
        lambda c: c.mentor.judging.can_draw,
        kind=Kind.VIEW,
    ),
    _verdict(
        "missed",
        "Missed one",
        "tool-box",
        ("M",),
        lambda c: c.mentor.judging.mark_missed(),
        lambda c: c.mentor.judging.can_mark,
        kind=Kind.VIEW,
    ),
    _verdict(
        "good",
        "Part is good",
        "complete",
        ("G",),
        lambda c: c.mentor.judging.part_is_good(),
        lambda c: c.mentor.judging.can_judge,
    ),
    _verdict(
        "back",
        "Take back",
        "undo",
        ("Backspace",),
        lambda c: c.mentor.judging.take_back(),
        lambda c: c.mentor.judging.can_take_back,
    ),
    _verdict(
        "next",
        "Next detection",
        "next",
        ("Right",),
        lambda c: c.mentor.judging.step(1),
        lambda c: c.mentor.judging.can_step,
        kind=Kind.VIEW,
        first=True,
    ),
    _verdict(
        "previous",
        "Previous detection",
        "previous",
        ("Left",),
        lambda c: c.mentor.judging.step(-1),
        lambda c: c.mentor.judging.can_step,
        kind=Kind.VIEW,
    ),
)

MENTOR_ACTIONS: tuple[ActionInfo, ...] = (
    *SHOW_ACTIONS,
    *VERDICT_ACTIONS,
    *(_class(number) for number in range(1, 10)),
    ActionInfo(
        "mentor.mine",
        "Look for detections",
        "mentor",
        lambda c: c.mentor.mining.begin(),
        "find",
        (),
        lambda c: c.mentor.mining.can_begin,
        kind=Kind.JOB,
        first_of_group=True,
    ),
    ActionInfo(
        "mentor.watch",
        "Watch the folder",
        "mentor",
        lambda c: c.mentor.mining.toggle_watch(),
        "watch",
        (),
        lambda c: c.mentor.mining.can_watch,
        lambda c: c.mentor.mining.watching,
        kind=Kind.JOB,
    ),
    ActionInfo(
        "mentor.train",
        "Train on the verdicts",
        "mentor",
        lambda c: c.mentor.training.begin(),
        "train",
        ("Ctrl+Alt+M",),
        lambda c: c.mentor.training.can_begin,
        kind=Kind.JOB,
    ),
)

SAID_IN_LISTS = tuple(f"mentor.{name}" for name in ("confirm", "reject", "unsure", "back"))
"""Commands whose keys are heard in lists of detections too; the other keys of a list are its own."""
