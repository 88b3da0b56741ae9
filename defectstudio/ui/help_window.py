"""The part of the window that explains and adapts it: key sheet, command palette, settings, handbook."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from defectstudio import __version__
from defectstudio.ui.actions import Actions
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.sheets import Palette, ShortcutSheet


class HelpWindow(ProjectWindow):
    """A window with a table of commands, of which these show what there is."""

    actions_table: Actions

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_shortcuts(self) -> None:
        """The sheet of keys."""
        self._open(ShortcutSheet(self.actions_table, self))

    def show_palette(self) -> None:
        """Find a command by name."""
        self._open(Palette(self.actions_table, self))

    def show_about(self) -> None:
        """Name and version."""
        QMessageBox.about(self, "DefectStudio", self.tr("DefectStudio {0}").format(__version__))
