"""Import in two steps: look at what a folder would bring in, then take it in. Both can be stopped; both leave the
source folder as it is.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.importing import preview_job, read_source, split_off_test
from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportPlan
from defectstudio.data.exchange.preview import Preview
from defectstudio.data.exchange.registry import FORMATS
from defectstudio.data.importing import Batch
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.session import Session
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.import_report import report_html
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.tasks import Tasks
from defectstudio.ui.theme import theme

Seen = tuple[ImportPlan, Preview]


def look_job(folder: Path, form: str | None, duplicates: str) -> Callable[[CancelToken], Job[Seen]]:
    """Read the layout of a folder and look at every file in it."""

    def job(token: CancelToken) -> Job[Seen]:
        yield Progress(0, 0, QCoreApplication.translate("ImportDialog", "Reading the folder"))
        plan = read_source(folder, form)
        return (yield from preview_job(plan, duplicates, token))

    return job


class ImportDialog(QDialog):
    """Emits `imported` after the import is on disk."""

    imported = Signal(object)
    """The `Batch`."""
    broke = Signal(object)
    """An error that nobody expected."""

    def __init__(
        self, session: Session, tasks: Tasks, parent: QWidget | None = None, folder: Path | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._job: RunningJob[Any] | None = None
        self._seen: Seen | None = None
        self._closing = False
        self.setWindowTitle(self.tr("Import images"))
        self.resize(640, 600)
        self._make_controls()
        self._lay_out()
        self.folder.setText(str(folder or ""))
        self._show_hint()

    def _make_controls(self) -> None:
        self.folder = QLineEdit(placeholderText=self.tr("Folder with images"))
        self.folder.setAccessibleName(self.tr("Folder to import"))
        self.browse = QPushButton(self.tr("&Browse…"))
        self.format = QComboBox()
        self.format.setAccessibleName(self.tr("Layout of the folder"))
        self.format.addItem(self.tr("Find out by looking"), None)
        for form in FORMATS:
            self.format.addItem(form.title, form.name)
        self.look = QPushButton(self.tr("&Preview"))
        self.report = QTextBrowser()
        self.report.setAccessibleName(self.tr("What the folder holds"))
        self.duplicates = QComboBox()
        self.duplicates.setAccessibleName(self.tr("What to do with identical images"))
        self.duplicates.addItem(self.tr("Keep them as they are"), "keep")
        self.duplicates.addItem(self.tr("Keep them in the same split"), "together")
        self.duplicates.addItem(self.tr("Import only one of each"), "drop")
        self.hold_back = QCheckBox(self.tr("&Hold back for testing"))
        self.part = QSpinBox(minimum=5, maximum=80, value=30, suffix=" %")
        self.part.setAccessibleName(self.tr("Part of the images to hold back for testing"))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of the import"))
        self.state = QLabel(wordWrap=True)
        self.take_in = QPushButton(self.tr("&Import"))
        self.take_in.setProperty("primary", "true")
        self.stop = QPushButton(self.tr("Cancel"))
        self.browse.clicked.connect(self._browse)
        self.folder.textChanged.connect(self._source_changed)
        self.folder.returnPressed.connect(self.preview)
        self.format.currentIndexChanged.connect(self._source_changed)
        self.duplicates.activated.connect(lambda _index: self.preview())
        self.look.clicked.connect(self.preview)
        self.take_in.clicked.connect(self.run_import)
        self.stop.clicked.connect(self.reject)
        for button in (self.browse, self.look, self.take_in, self.stop):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        form = form_grid()
        add_row(form, self.tr("&Folder"), self.folder, self.browse)
        add_row(form, self.tr("&Layout"), self.format, self.look)
        self._duplicates_label = QLabel(self.tr("I&dentical images"))
        self._duplicates_label.setBuddy(self.duplicates)
        options = QHBoxLayout()
        for widget in (self._duplicates_label, self.duplicates, self.hold_back, self.part):
            options.addWidget(widget)
        options.addStretch(1)
        last = QHBoxLayout()
        last.addWidget(self.state, 1)
        last.addWidget(self.stop)
        last.addWidget(self.take_in)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(10)
        whole.addLayout(form)
        whole.addWidget(self.report, 1)
        whole.addLayout(options)
        whole.addWidget(self.bar)
        whole.addLayout(last)
        self.bar.hide()
        self._offer(None)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder with images"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self.preview()

    def _source_changed(self) -> None:
        self._offer(None)
        self._show_hint()

    def _show_hint(self) -> None:
        hint = self.tr(
            "Choose a folder and press Preview. Nothing is written before you have seen what would be imported, "
            "and the folder itself is never changed."
        )
        self.report.setHtml(f"<p style='color:{theme().colors.muted}'>{html.escape(hint)}</p>")
        self.state.clear()

    def preview(self) -> None:
        """Look at the folder, in the background."""
        if self.folder.text().strip():
            self._tasks.start(self._preview(), self._failed)
        else:
            self._failed(DefectStudioError(self.tr("No folder is chosen."), hint=self.tr("Name a folder above.")))

    async def _preview(self) -> None:
        form, duplicates = self.format.currentData(), self.duplicates.currentData()
        seen = await self._run(look_job(Path(self.folder.text().strip()), form, duplicates))
        if not self._closing:
            self._offer(seen)

    async def _run(self, make: Callable[[CancelToken], Job[Any]]) -> Any:
        """One job at a time, with progress; the controls rest meanwhile."""
        self._job = RunningJob(make, self)
        self._job.progressed.connect(self._show_progress)
        self._set_busy(True)
        try:
            return await self._job.result()
        finally:
            self._job = None
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for control in (self.folder, self.browse, self.format, self.look, self.duplicates, self.hold_back, self.part):
            control.setEnabled(not busy)
        self.take_in.setEnabled(not busy and self._seen is not None)
        self.bar.setVisible(busy)
        self.bar.setRange(0, 0)
        self.state.clear()

    def _show_progress(self, batch: list[Progress]) -> None:
        last = batch[-1]
        self.bar.setRange(0, last.total)
        self.bar.setValue(last.done)
        self.state.setText(self.fontMetrics().elidedText(last.text, Qt.TextElideMode.ElideMiddle, 380))

    def _offer(self, seen: Seen | None) -> None:
        """Show what was seen, and the choices that make sense for it."""
        self._seen = seen
        self.take_in.setEnabled(seen is not None and seen[1].images > 0)
        copies = seen is not None and (bool(seen[1].duplicates) or self.duplicates.currentIndex() > 0)
        self._duplicates_label.setVisible(copies)
        self.duplicates.setVisible(copies)
        unsplit = seen is not None and not any(item.split for item in seen[0].items)
        self.hold_back.setVisible(unsplit)
        self.hold_back.setChecked(unsplit)
        self.part.setVisible(unsplit)
        if seen is not None:
            self.report.setHtml(report_html(seen[1]))
            self.take_in.setText(self.tr("&Import %Ln image(s)", "", seen[1].images))
            self.take_in.setFocus()

    def run_import(self) -> None:
        """Take in what the preview showed."""
        if self._seen is not None and self._job is None:
            self._tasks.start(self._import(self._seen[0]), self._failed)

    async def _import(self, plan: ImportPlan) -> None:
        if self.hold_back.isVisible() and self.hold_back.isChecked():
            split_off_test(plan, self.part.value() / 100, seed=0)
        batch: Batch = await self._run(import_job(self._session.project, plan))
        if self._closing:
            batch.discard()
            return
        record_import(self._session, plan, batch)
        self.imported.emit(batch)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, DefectStudioError):
            self.broke.emit(error)
            return
        colors = theme().colors
        self.report.setHtml(
            f"<p style='color:{colors.defective}'><b>{html.escape(error.message)}</b></p>"
            f"<p>{html.escape(error.hint)}</p>"
        )

    def reject(self) -> None:
        """Stop what is under way; with nothing under way, close."""
        if self._job is not None:
            self._job.cancel()
            self.state.setText(self.tr("Stopping…"))
        else:
            self._closing = True
            super().reject()

    def abandon(self) -> None:
        """Stop what is under way and close, because the window closes."""
        self._closing = True
        if self._job is not None:
            self._job.cancel()
        super().reject()
