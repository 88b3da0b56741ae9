"""The part of the window that explains and adapts it: key sheet, command palette, settings, handbook."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QMessageBox

from defectstudio import __version__
from defectstudio.ui.actions import Actions
from defectstudio.ui.agreement_desk import AgreementDesk
from defectstudio.ui.book_desk import BookDesk
from defectstudio.ui.commands.keys import Keymap
from defectstudio.ui.compare_desk import CompareDesk
from defectstudio.ui.handbook import Handbook
from defectstudio.ui.history_desk import HistoryDesk
from defectstudio.ui.look_desk import LookDesk
from defectstudio.ui.mentor_desk import MentorDesk
from defectstudio.ui.panels.settings import SettingsDialog
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_desk import RefineDesk
from defectstudio.ui.replay_desk import ReplayDesk
from defectstudio.ui.runs_desk import RunsDesk
from defectstudio.ui.select_desk import SelectDesk
from defectstudio.ui.sheets import Palette, ShortcutSheet


class HelpWindow(ProjectWindow):
    """A window with a table of commands, of which these show what there is."""

    restart_wanted = Signal()
    """The window shall close and come again, with the same project, in another language."""

    folder_dropped = Signal(Path)

    actions_table: Actions

    def __init__(self) -> None:
        super().__init__()
        self.history_desk = HistoryDesk(self)
        self.runs_desk = RunsDesk(self)
        self.compare_desk = CompareDesk(self, self.runs_desk)
        self.select = SelectDesk(self)
        self.refine = RefineDesk(self)
        self.mentor = MentorDesk(self)
        self.replay = ReplayDesk(self, self.refine.jobs)
        self.book = BookDesk(self)
        self.look = LookDesk(self)
        self.agreement = AgreementDesk(self, self.refine.jobs)
        self.setAcceptDrops(True)

    def adapt(self) -> None:
        """Use the keys and habits of the settings."""
        self.actions_table.set_keys(Keymap(self.actions_table.table, self.settings.changed_keys))
        self.viewer.zoom_with_control = self.settings.zoom_with_control
        self.book.dress(self.action_button)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_shortcuts(self) -> None:
        """The sheet of keys."""
        self._open(ShortcutSheet(self.actions_table, self))

    def show_palette(self) -> None:
        """Find a command by name."""
        self._open(Palette(self.actions_table, self))

    def show_settings(self) -> None:
        """Appearance and keys."""
        dialog = SettingsDialog(self.actions_table, self.settings, self)
        dialog.appearance.wheel_changed.connect(self._wheel_changed)
        dialog.restart_wanted.connect(self._guarded(self._restart))
        dialog.finished.connect(self.actions_table.refresh)
        self._open(dialog)

    def _wheel_changed(self, with_control: bool) -> None:
        self.viewer.zoom_with_control = with_control

    def _restart(self) -> None:
        self._refuse_while_training()
        QTimer.singleShot(0, self, self.restart_wanted.emit)

    def show_handbook(self) -> None:
        """The user guide and the glossary, beside the window."""
        handbook = Handbook(self)
        handbook.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        handbook.show()

    def show_about(self) -> None:
        """Name and version."""
        about = QMessageBox(self)
        about.setWindowTitle("DefectStudio")
        about.setIconPixmap(self.windowIcon().pixmap(48, 48))
        about.setText(self.tr("DefectStudio {0}").format(__version__))
        about.setInformativeText(self.tr("Defect detection from images of parts, offline. Apache License 2.0."))
        self._open(about)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_folder(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = dropped_folder(event.mimeData())
        if folder is not None:
            event.acceptProposedAction()
            # The program from which it is dragged waits until this returns, so the dialog comes afterwards.
            QTimer.singleShot(0, self, lambda: self.folder_dropped.emit(folder))


def dropped_folder(data: QMimeData) -> Path | None:
    """The one local folder that is dragged, None for anything else."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else None
