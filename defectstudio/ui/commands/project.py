"""The Project menu: make, open, import into and close projects."""

from __future__ import annotations

from defectstudio.ui.commands.table import ActionInfo, Kind, has_project

PROJECT_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "project.new",
        "New project…",
        "project",
        lambda c: c.new_project(),
        "new",
        ("Ctrl+N",),
        kind=Kind.FILE,
    ),
    ActionInfo(
        "project.open",
        "Open project…",
        "project",
        lambda c: c.open_project(),
        "open",
        ("Ctrl+O",),
        toolbar="Open",
        kind=Kind.FILE,
    ),
    ActionInfo(
        "project.import",
        "Import images…",
        "project",
        lambda c: c.import_images(),
        "import",
        ("Ctrl+I",),
        lambda c: c.writable or not c.has_project,
        toolbar="Import",
        kind=Kind.FILE,
    ),
    ActionInfo(
        "project.save", "Save", "project", lambda c: c.save(), "save", ("Ctrl+S",), has_project, first_of_group=True
    ),
    ActionInfo(
        "project.close", "Close project", "project", lambda c: c.close_project(), "close", ("Ctrl+W",), has_project
    ),
    ActionInfo("window.quit", "Quit", "project", lambda c: c.close(), "quit", ("Ctrl+Q",), first_of_group=True),
)
