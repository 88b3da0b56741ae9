"""The Help menu: keys, the command palette, the handbook."""

from __future__ import annotations

from defectstudio.ui.commands.table import ActionInfo

HELP_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo("help.shortcuts", "Keyboard shortcuts", "help", lambda c: c.show_shortcuts(), "keyboard", ("F1",)),
    ActionInfo("help.palette", "Find a command…", "help", lambda c: c.show_palette(), "find", ("Ctrl+L",)),
    ActionInfo("help.handbook", "Handbook", "help", lambda c: c.show_handbook(), "book", ("Shift+F1",)),
    ActionInfo(
        "help.about", "About DefectStudio", "help", lambda c: c.show_about(), "notice-info", first_of_group=True
    ),
)
