"""Joins the History panel to the open project: what it lists, where a click leads, and undo over many steps."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from defectstudio.domain.labels import ImageId
from defectstudio.ui.panels.history import Steps
from defectstudio.ui.project_window import ProjectWindow


class HistoryDesk(QObject):
    """Keeps the History panel of a window in step with its project."""

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window, self._panel = window, window.history
        window.project_opened.connect(self.refresh)
        window.project_closing.connect(self._panel.clear)
        self._panel.image_chosen.connect(self._show_image)
        self._panel.more_wanted.connect(self.refresh)
        self._panel.undo_back_to.connect(self._ask_undo)

    def refresh(self) -> None:
        """List the newest steps."""
        bench = self._window.bench
        if bench is None:
            return
        journal, states = bench.project.journal, bench.project.state.images
        newest = journal.gestures(self._panel.limit + 1)
        shown = newest[-self._panel.limit :]
        self._panel.show_steps(
            Steps(
                shown,
                journal.images_of_gestures(shown[0].id - 1) if shown else {},
                bench.session.steps_since(shown[0].id) if shown and not bench.readonly else (),
                lambda image: states[image].info.name,
                more=len(newest) > len(shown),
            )
        )

    def _show_image(self, image: ImageId) -> None:
        """Go to an image, through the filters if they hide it."""
        gallery = self._window.gallery
        if gallery.model.row_of(image) is None:
            gallery.show_all()
        gallery.select(image)

    def _ask_undo(self, gesture: int, count: int) -> None:
        """Undo over many steps is asked for once; each step is taken back on its own, so redo can stop anywhere."""
        question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("Undo back to here"))
        question.setText(self.tr("Take back the %Ln step(s) after this one?", "", count))
        question.setInformativeText(self.tr("Nothing is erased: Redo brings the steps back one by one."))
        undo = question.addButton(self.tr("&Undo them"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        undo.clicked.connect(lambda: self._undo(gesture))
        question.open()

    def _undo(self, gesture: int) -> None:
        bench = self._window.bench
        if bench is not None:
            try:
                bench.session.undo_back_to(gesture)
            except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
                self._window.show_error(error)
