"""The Select menu: the queue of images to segment next, map of the data, label errors, what more masks are worth."""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.ui.commands.table import IMAGE, QUEUE, WINDOW, ActionInfo, Commands, Kind, has_project
from defectstudio.ui.translations import said


def _queue(
    name: str,
    text: str,
    icon: str,
    keys: str,
    run: Callable[[Commands], object],
    label: Callable[[Commands], str] | None = None,
    *,
    first: bool = False,
) -> ActionInfo:
    """A row that says something of the images that are chosen in the queue."""
    return ActionInfo(
        f"select.{name}",
        text,
        "select",
        run,
        icon,
        (keys,),
        lambda c: c.select.queue.can_mark,
        label=label,
        scope=QUEUE,
        kind=Kind.GESTURE,
        first_of_group=first,
    )


def _pin_text(c: Commands) -> str:
    return said("Unpin") if c.select.queue.pinned else said("Pin to the top")


QUEUE_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "select.panel", "Show the queue", "select", lambda c: c.select.show_queue(), "select", ("Ctrl+P",), has_project
    ),
    ActionInfo(
        "select.next",
        "Next image of the queue",
        "select",
        lambda c: c.select.queue.walk(1),
        "skip",
        ("Ctrl+Down",),
        lambda c: c.select.queue.can_walk,
        scope=WINDOW,
    ),
    ActionInfo(
        "select.previous",
        "Previous image of the queue",
        "select",
        lambda c: c.select.queue.walk(-1),
        "skip-back",
        ("Ctrl+Up",),
        lambda c: c.select.queue.can_walk,
        scope=WINDOW,
    ),
    ActionInfo(
        "select.open",
        "Open in the viewer",
        "select",
        lambda c: c.select.queue.open_chosen(),
        "open",
        ("Return", "Enter"),
        lambda c: c.select.queue.has_chosen,
        scope=QUEUE,
        first_of_group=True,
    ),
    _queue("pin", "Pin to the top", "pin", "P", lambda c: c.select.queue.pin(), _pin_text),
    _queue("skip", "Skip for now", "later", "S", lambda c: c.select.queue.skip()),
    _queue("never", "Skip for ever…", "never", "Shift+S", lambda c: c.select.queue.ask_reason()),
    _queue("up", "Ask earlier", "up", "Alt+Up", lambda c: c.select.queue.move(-1)),
    _queue("down", "Ask later", "down", "Alt+Down", lambda c: c.select.queue.move(1)),
    ActionInfo(
        "select.score",
        "Score again",
        "select",
        lambda c: c.select.queue.score(),
        "refresh",
        ("Ctrl+Shift+S",),
        lambda c: c.select.queue.can_score,
        kind=Kind.JOB,
        first_of_group=True,
    ),
    ActionInfo(
        "select.stop", "Stop scoring", "select", lambda c: c.select.queue.stop(), "stop", (), lambda c: c.select.scoring
    ),
)

SELECT_ACTIONS: tuple[ActionInfo, ...] = (
    *QUEUE_ACTIONS,
    ActionInfo(
        "select.map",
        "Map of the data",
        "select",
        lambda c: c.select.map.toggle(),
        "map",
        ("Ctrl+Shift+M",),
        has_project,
        lambda c: c.select.map.shown,
        first_of_group=True,
    ),
    ActionInfo(
        "select.suspects",
        "Label errors",
        "select",
        lambda c: c.select.show_suspects(),
        "suspect",
        ("Ctrl+E",),
        has_project,
    ),
    ActionInfo(
        "select.confirm",
        "The label is right",
        "select",
        lambda c: c.select.confirm(),
        "tag-good",
        ("K",),
        lambda c: c.select.can_confirm,
        scope=IMAGE,
        kind=Kind.GESTURE,
    ),
    ActionInfo(
        "select.budget",
        "What more masks are worth",
        "select",
        lambda c: c.select.show_budget(),
        "budget",
        ("Ctrl+B",),
        has_project,
    ),
)
