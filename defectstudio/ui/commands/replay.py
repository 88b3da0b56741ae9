"""The Replay menu: look at the past of a project, step by step, and settle what was labelled in two ways."""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.ui.commands.table import AGREEMENT, REPLAY, ActionInfo, Commands, Kind, has_project


def _walk(
    name: str, text: str, icon: str, key: str, run: Callable[[Commands], object], may: Callable[[Commands], bool]
) -> ActionInfo:
    """A row that is heard on the page of the replay alone."""
    return ActionInfo(f"replay.{name}", text, "replay", run, icon, (key,), may, scope=REPLAY)


def _on(c: Commands) -> bool:
    return bool(c.replay.can_go_on)


def _back(c: Commands) -> bool:
    return bool(c.replay.can_go_back)


def _third(name: str, text: str, key: str, run: Callable[[Commands], object]) -> ActionInfo:
    """A row that settles what is chosen on the page of agreement."""
    kind = Kind.VIEW if name == "draw" else Kind.GESTURE
    may: Callable[[Commands], bool] = lambda c: c.agreement.can_settle  # noqa: E731
    return ActionInfo(f"agreement.{name}", text, "replay", run, ICONS[name], (key,), may, scope=AGREEMENT, kind=kind)


ICONS = {"first": "previous", "second": "next", "draw": "tool-polygon"}

REPLAY_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "replay.show",
        "Replay the journal",
        "replay",
        lambda c: c.replay.toggle(),
        "replay",
        ("Ctrl+Shift+J",),
        has_project,
        lambda c: c.replay.shown,
    ),
    ActionInfo(
        "replay.play",
        "Play or pause",
        "replay",
        lambda c: c.replay.play(),
        "play",
        ("Space",),
        lambda c: c.replay.ready,
        lambda c: c.replay.playing,
        scope=REPLAY,
        first_of_group=True,
    ),
    _walk("forward", "One step on", "next", "Right", lambda c: c.replay.go(1), _on),
    _walk("back", "One step back", "previous", "Left", lambda c: c.replay.go(-1), _back),
    _walk("next_mark", "To the next round or run", "skip", "PgDown", lambda c: c.replay.go_to_mark(1), _on),
    _walk("previous_mark", "To the round or run before", "skip-back", "PgUp", lambda c: c.replay.go_to_mark(-1), _back),
    _walk("first", "To the start of this part", "first", "Home", lambda c: c.replay.go_to_end(last=False), _back),
    _walk("last", "To the end of this part", "last", "End", lambda c: c.replay.go_to_end(last=True), _on),
    _walk("faster", "Play faster", "up", "+", lambda c: c.replay.page.step_speed(1), lambda c: c.replay.ready),
    _walk("slower", "Play slower", "down", "-", lambda c: c.replay.page.step_speed(-1), lambda c: c.replay.ready),
    ActionInfo(
        "agreement.show",
        "Agreement of labels",
        "replay",
        lambda c: c.agreement.toggle(),
        "compare",
        ("Ctrl+Shift+V",),
        has_project,
        lambda c: c.agreement.shown,
        first_of_group=True,
    ),
    _third("first", "Third verdict: keep the first version", "1", lambda c: c.agreement.keep("first")),
    _third("second", "Third verdict: keep the second version", "2", lambda c: c.agreement.keep("second")),
    _third("draw", "Third verdict: draw it anew", "D", lambda c: c.agreement.draw()),
)
