"""The Edit menu: undo, redo, settings."""

from __future__ import annotations

from defectstudio.ui.commands.table import ActionInfo, Kind, step

EDIT_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "edit.undo",
        "Undo",
        "edit",
        lambda c: c.undo(),
        "undo",
        ("Ctrl+Z",),
        lambda c: c.writable and c.undo_name is not None,
        label=lambda c: step("Undo", c.undo_name),
        toolbar="Undo",
        kind=Kind.GESTURE,
    ),
    ActionInfo(
        "edit.redo",
        "Redo",
        "edit",
        lambda c: c.redo(),
        "redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda c: c.writable and c.redo_name is not None,
        label=lambda c: step("Redo", c.redo_name),
        toolbar="Redo",
        kind=Kind.GESTURE,
    ),
    ActionInfo(
        "edit.settings",
        "Settings…",
        "edit",
        lambda c: c.show_settings(),
        "settings",
        ("F2",),
        first_of_group=True,
    ),
)
