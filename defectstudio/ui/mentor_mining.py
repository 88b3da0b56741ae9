"""The page of new images: which run is deployed, where new images come from, and what went wrong with their files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.mentor_words import files_said, head_choice
from defectstudio.ui.sections.common import Section, muted, rule
from defectstudio.ui.select_job_bar import JobBar

MOST_DETECTIONS = 10_000


class Deployed(Section):
    """The approved run, and a small form that approves another one."""

    approved = Signal(str, str, str)
    """(run, who, reason)"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Deployed run"))
        self.now = muted()
        self.change = QPushButton()
        self.change.setCheckable(True)
        self.runs, self.who, self.reason = QComboBox(), QLineEdit(), QLineEdit()
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.runs.setMinimumContentsLength(8)
        self.approve = QPushButton(self.tr("Approve"))
        self.approve.setProperty("primary", True)
        self.form = QWidget()
        grid = form_grid()
        grid.setContentsMargins(0, 0, 0, 0)
        self.form.setLayout(grid)
        add_row(grid, self.tr("Run"), self.runs)
        add_row(grid, self.tr("Who"), self.who)
        add_row(grid, self.tr("Why"), self.reason)
        grid.addWidget(self.approve, grid.rowCount(), 1)
        for widget in (self.now, self.change, self.form):
            self.column.addWidget(widget)
        self.change.toggled.connect(self.form.setVisible)
        self.approve.clicked.connect(self._approve)
        for line in (self.who, self.reason):
            line.textChanged.connect(self._look)
        self.form.hide()
        self.show_deployed("", [], writable=False)

    def _approve(self) -> None:
        self.approved.emit(self.runs.currentData(), self.who.text().strip(), self.reason.text().strip())

    def _look(self) -> None:
        said = bool(self.who.text().strip() and self.reason.text().strip())
        self.approve.setEnabled(said and self.runs.count() > 0)
        self.approve.setToolTip("" if said else self.tr("Write who decides and why first."))

    def show_deployed(self, said: str, runs: Sequence[tuple[str, str]], *, writable: bool) -> None:
        """What is deployed ("" nothing), and the runs, (id, title), that could be."""
        self.now.setText(said or self.tr("No run is approved yet. New images are looked through by an approved run."))
        self.change.setText(self.tr("Approve another run…") if said else self.tr("Approve a run…"))
        self.change.setVisible(writable and bool(runs))
        stood = self.runs.currentData()
        self.runs.clear()
        for run, title in runs:
            self.runs.addItem(title, run)
        self.runs.setCurrentIndex(max(self.runs.findData(stood), 0))
        self._look()

    def fold(self, _run: str = "") -> None:
        """The form has done its work."""
        self.change.setChecked(False)
        self.reason.clear()


class Problems(Section):
    """Files of the watched folder that could not be taken in, with the reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.list = QListWidget()
        self.list.setProperty("role", "framed")
        self.list.setAccessibleName(self.tr("Files that could not be read"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setFixedHeight(96)
        self.column.addWidget(self.list)
        self.show_problems([])

    def show_problems(self, problems: Sequence[tuple[str, str]]) -> None:
        """(file name, what is wrong with it)"""
        self.list.clear()
        for name, reason in problems:
            item = QListWidgetItem(f"{name}: {reason}")
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.heading.setText(self.tr("Could not be read: {0}").format(files_said(len(problems))))
        self.setVisible(bool(problems))


class MiningPage(QWidget):
    """Emits what the user wants; is told what to show."""

    source_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.deployed = Deployed()
        self.source = Section(self.tr("New images"))
        self.origin = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon, minimumContentsLength=8
        )
        self.folder = QLineEdit(placeholderText=self.tr("Folder that the line writes into"))
        self.folder.setAccessibleName(self.tr("Folder with new images"))
        self.browse = QPushButton(self.tr("Browse…"))
        self.head = head_choice()
        self.head.setToolTip(self.tr("A run has a detector of boxes where it was trained with one."))
        self.interest = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon, minimumContentsLength=8
        )
        for key, word in (
            ("detection", self.tr("Images with a detection")),
            ("near", self.tr("Confidence near the threshold")),
            ("both", self.tr("Both")),
        ):
            self.interest.addItem(word, key)
        self.budget = QSpinBox(minimum=0, maximum=MOST_DETECTIONS)
        self.budget.setSpecialValueText(self.tr("no limit"))
        self.budget.lineEdit().setTextMargins(6, 0, 0, 0)
        self.per = QComboBox()
        self.per.setAccessibleName(self.tr("Time that the limit is for"))
        self.per.addItem(self.tr("an hour"), "hour")
        self.per.addItem(self.tr("a shift of eight hours"), "shift")
        self.near = QDoubleSpinBox(minimum=0.01, maximum=1, singleStep=0.05, value=0.2)
        self.near.lineEdit().setTextMargins(6, 0, 0, 0)
        self.job = JobBar(self.tr("Progress of looking through the images"), self.tr("Stop looking through the images"))
        self.state = muted()
        self.problems = Problems()
        self._buttons = QHBoxLayout()
        self._lay_out()
        self.browse.clicked.connect(self._browse)
        self.folder.textChanged.connect(self.source_changed)
        self.origin.currentIndexChanged.connect(self._origin_changed)
        self.offer(())
        self.show_state("")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(self.browse)
        grid = form_grid()
        add_row(grid, self.tr("From"), self.origin)
        self.source.column.addLayout(grid)
        self.source.column.addLayout(line)
        grid = form_grid()
        add_row(grid, self.tr("Detections from"), self.head)
        add_row(grid, self.tr("Of interest"), self.interest)
        near = add_row(grid, self.tr("Near means within"), self.near)
        add_row(grid, self.tr("Most detections"), self.budget)
        per = add_row(grid, self.tr("In"), self.per)
        self._needed = ((near, self.near), (per, self.per))
        self.interest.currentIndexChanged.connect(self._look)
        self.budget.valueChanged.connect(self._look)
        self._look()
        self.source.column.addLayout(grid)
        self.source.column.addLayout(self._buttons)
        self.source.column.addWidget(self.job)
        self.source.column.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(10)
        for widget in (self.deployed, rule(), self.source, self.problems):
            column.addWidget(widget)
        column.addStretch(1)

    def _look(self) -> None:
        """What has no say is grey."""
        says = (self.interest.currentData() != "detection", self.budget.value() > 0)
        for parts, has_a_say in zip(self._needed, says, strict=True):
            for part in parts:
                part.setEnabled(has_a_say)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here."""
        self._buttons.addWidget(button("mentor.mine", self.tr("Look through")))
        self._buttons.addWidget(button("mentor.watch", self.tr("Watch")))
        self._buttons.addStretch(1)

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder with new images"), self.folder.text())
        if name:
            self.folder.setText(name)

    def offer(self, splits: Collection[str]) -> None:
        """A folder, or these splits of the project."""
        stood = self.origin.currentData()
        self.origin.blockSignals(True)
        self.origin.clear()
        self.origin.addItem(self.tr("a folder"), "")
        for split in sorted(set(splits) - {""}):
            self.origin.addItem(self.tr("the split {0}").format(split), split)
        self.origin.setCurrentIndex(max(self.origin.findData(stood), 0))
        self.origin.blockSignals(False)
        self._origin_changed()

    def _origin_changed(self) -> None:
        for widget in (self.folder, self.browse):
            widget.setVisible(not self.origin.currentData())
        self.source_changed.emit()

    @property
    def chosen_source(self) -> Path | str | None:
        """A split by its name, or the folder that is typed in; None where it is none."""
        if self.origin.currentData():
            return str(self.origin.currentData())
        text = self.folder.text().strip()
        folder = Path(text) if text else None
        return folder if folder is not None and folder.is_dir() else None

    @property
    def chosen_settings(self) -> dict[str, Any]:
        """What is of interest, and how many detections in an hour or shift (None no limit)."""
        of_interest = {
            "head": self.head.currentData(),
            "interest": self.interest.currentData(),
            "near": self.near.value(),
        }
        return of_interest | {"budget": self.budget.value() or None, "per": self.per.currentData()}

    def show_state(self, text: str) -> None:
        """What watching or the last look has brought."""
        self.state.setText(text)
        self.state.setVisible(bool(text))
