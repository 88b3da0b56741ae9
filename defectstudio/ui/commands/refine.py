"""The Refine menu: begin, answer panels, train the next round, look at rounds side by side.

The bare keys are heard on the page of refinement alone.
"""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.ui.commands.table import REFINE, ActionInfo, Commands, Kind, has_project

KEYS = "1234567890"


def _tick(number: int) -> ActionInfo:
    """Tick one candidate: nothing is written before the panel is answered."""
    return ActionInfo(
        f"refine.tick{number + 1}",
        f"Tick patch {KEYS[number]}",
        "refine.patches",
        lambda c: c.refine.tick(number),
        "",
        (KEYS[number],),
        lambda c: c.refine.asks,
        scope=REFINE,
    )


def _on_page(
    name: str,
    text: str,
    icon: str,
    keys: tuple[str, ...],
    run: Callable[[Commands], object],
    enabled: Callable[[Commands], bool],
    *,
    kind: Kind = Kind.VIEW,
    first: bool = False,
) -> ActionInfo:
    """A row whose keys are heard on the page alone."""
    return ActionInfo(
        f"refine.{name}", text, "refine", run, icon, keys, enabled, scope=REFINE, kind=kind, first_of_group=first
    )


REFINE_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "refine.panel",
        "Answer panels",
        "refine",
        lambda c: c.refine.show_page(),
        "refine",
        ("Ctrl+Shift+P",),
        has_project,
        lambda c: c.refine.shown,
    ),
    _on_page(
        "submit",
        "Answer the panel",
        "finish",
        ("Return", "Enter"),
        lambda c: c.refine.asking.submit(),
        lambda c: c.refine.asks,
        kind=Kind.GESTURE,
        first=True,
    ),
    _on_page(
        "none",
        "None is alike",
        "never",
        ("N",),
        lambda c: c.refine.asking.submit_none(),
        lambda c: c.refine.asks,
        kind=Kind.GESTURE,
    ),
    _on_page(
        "back",
        "Take back the last panel",
        "undo",
        ("Backspace",),
        lambda c: c.refine.asking.take_back(),
        lambda c: c.refine.can_take_back,
        kind=Kind.GESTURE,
    ),
    _on_page(
        "label",
        "Next label for the anchor",
        "labels",
        ("A",),
        lambda c: c.refine.asking.grid.next_label(),
        lambda c: c.refine.asks,
        first=True,
    ),
    _on_page(
        "centre", "Put the centre back", "actual", ("C",), lambda c: c.refine.asking.put_back(), lambda c: c.refine.asks
    ),
    _on_page(
        "enlarge",
        "Enlarge a patch while held",
        "zoom-in",
        ("Z",),
        lambda c: c.refine.enlarge(),
        lambda c: c.refine.asks,
    ),
    _on_page(
        "place", "Show the patch in the viewer", "fit", ("V",), lambda c: c.refine.show_place(), lambda c: c.refine.asks
    ),
    ActionInfo(
        "refine.train",
        "Train the next round",
        "refine",
        lambda c: c.refine.train(),
        "train",
        ("Ctrl+Shift+X",),
        lambda c: c.refine.can_train,
        kind=Kind.JOB,
        first_of_group=True,
    ),
    ActionInfo(
        "refine.stop",
        "Stop training the round",
        "refine",
        lambda c: c.refine.jobs.stop(),
        "stop",
        (),
        lambda c: c.refine.training,
    ),
    ActionInfo(
        "refine.dense",
        "Take the dense map over",
        "refine",
        lambda c: c.refine.take_dense(),
        "heat",
        (),
        lambda c: c.refine.can_train,
        kind=Kind.JOB,
    ),
    ActionInfo(
        "refine.restore",
        "Restore the starting maps",
        "refine",
        lambda c: c.refine.jobs.restore(),
        "undo",
        (),
        lambda c: c.refine.jobs.can_restore,
        kind=Kind.GESTURE,
    ),
    ActionInfo(
        "refine.rounds",
        "Rounds side by side",
        "refine",
        lambda c: c.refine.rounds.toggle(),
        "compare",
        ("Ctrl+Shift+O",),
        lambda c: c.refine.has_rounds,
        lambda c: c.refine.rounds.shown,
    ),
    *(_tick(number) for number in range(len(KEYS))),
)
