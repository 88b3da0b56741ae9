"""The Runs menu: choose, mark, compare and delete training runs, and walk through a comparison."""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.ui.commands.table import ActionInfo, Commands, Kind, has_project


def _mark(
    name: str, text: str, icon: str, keys: str, run: Callable[[Commands], object], may: Callable[[Commands], bool]
) -> ActionInfo:
    """A row that says something of the chosen runs."""
    return ActionInfo(f"runs.{name}", text, "runs", run, icon, (keys,), may, kind=Kind.GESTURE)


RUNS_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "runs.panel", "Show the runs", "runs", lambda c: c.runs_desk.show_panel(), "runs", ("Ctrl+U",), has_project
    ),
    ActionInfo(
        "runs.use",
        "Show the scores of this run",
        "runs",
        lambda c: c.runs_desk.use(),
        "heat",
        (),
        lambda c: len(c.runs_desk.chosen) == 1,
    ),
    ActionInfo(
        "runs.export",
        "Export the run…",
        "runs",
        lambda c: c.runs_desk.export(),
        "save",
        (),
        lambda c: c.runs_desk.can_export,
        kind=Kind.FILE,
    ),
    ActionInfo(
        "runs.star",
        "Star",
        "runs",
        lambda c: c.runs_desk.star(),
        "star",
        ("Ctrl+D",),
        lambda c: c.runs_desk.can_mark,
        lambda c: c.runs_desk.starred,
        kind=Kind.GESTURE,
        first_of_group=True,
    ),
    _mark("rename", "Rename run", "rename", "Shift+F2", lambda c: c.runs_desk.rename(), lambda c: c.runs_desk.can_name),
    _mark("note", "Note on the run…", "note", "Ctrl+M", lambda c: c.runs_desk.note(), lambda c: c.runs_desk.can_name),
    _mark(
        "delete", "Delete runs", "delete", "Ctrl+Del", lambda c: c.runs_desk.delete(), lambda c: c.runs_desk.can_delete
    ),
    ActionInfo(
        "runs.purge",
        "Remove deleted runs from disk…",
        "runs",
        lambda c: c.runs_desk.purge(),
        "purge",
        (),
        lambda c: c.runs_desk.can_purge,
        kind=Kind.FILE,
    ),
    ActionInfo(
        "runs.compare",
        "Compare the chosen runs",
        "runs",
        lambda c: c.compare_desk.compare(),
        "compare",
        ("Ctrl+Shift+R",),
        lambda c: c.compare_desk.can_compare,
        first_of_group=True,
    ),
    ActionInfo(
        "compare.figures",
        "Figures of the comparison",
        "runs",
        lambda c: c.compare_desk.toggle_figures(),
        "figures",
        ("Ctrl+G",),
        lambda c: c.compare_desk.comparing,
        lambda c: c.compare_desk.shows_figures,
    ),
    ActionInfo(
        "compare.previous",
        "Previous differing image",
        "runs",
        lambda c: c.compare_desk.step(-1),
        "skip-back",
        ("Ctrl+Left",),
        lambda c: c.compare_desk.can_step,
    ),
    ActionInfo(
        "compare.next",
        "Next differing image",
        "runs",
        lambda c: c.compare_desk.step(1),
        "skip",
        ("Ctrl+Right",),
        lambda c: c.compare_desk.can_step,
    ),
    ActionInfo(
        "compare.close",
        "Close the comparison",
        "runs",
        lambda c: c.compare_desk.close(),
        "close",
        ("Ctrl+Shift+W",),
        lambda c: c.compare_desk.comparing,
    ),
)
