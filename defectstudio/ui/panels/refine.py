"""The Refine panel: how the refinement goes, how answers are written, how to begin one, notes on the session."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.notes_edit import NotesEdit
from defectstudio.ui.refine_choices import RefineChoices
from defectstudio.ui.refine_contested import ContestedSection
from defectstudio.ui.refine_counts import CountsSection
from defectstudio.ui.refine_dense import DenseSection
from defectstudio.ui.refine_start import StartForm
from defectstudio.ui.sections.common import Section, muted, rule
from defectstudio.ui.select_job_bar import JobBar


class RefinePanel(QWidget):
    """What it wishes for is carried out by the refine desk."""

    seen = Signal()
    choices_changed = Signal()
    """How panels are asked or answers written shall be another way from now on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = muted()
        self.job = JobBar(self.tr("Progress of the round"), self.tr("Stop the training of the round"))
        self.counts = CountsSection()
        self.how = self._make_choices()
        self.start = StartForm()
        self.anew = QPushButton(self.tr("Begin anew…"))
        self.anew.setCheckable(True)
        self.anew.setProperty("link", "true")
        self.again = QVBoxLayout()
        self.again.setSpacing(4)
        self.again.addWidget(self.anew, 0, Qt.AlignmentFlag.AlignLeft)
        self.contested = ContestedSection()
        self.dense = DenseSection()
        self.notes_section = Section("")
        self.notes_section.heading.setText(self.tr("Session notes"))
        self.notes = NotesEdit()
        self.notes.setAccessibleName(self.tr("Session notes"))
        self.notes.setPlaceholderText(self.tr("Rules you settled on, doubtful kinds of defects…"))
        self.notes_section.column.addWidget(self.notes)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(4)
        self._lay_out()

    def _make_choices(self) -> Section:
        made = Section("")
        made.heading.setText(self.tr("How"))
        self.write, self.anchor, self.mode = QComboBox(), QComboBox(), QComboBox()
        self.auto = QCheckBox(self.tr("Train by itself when the round is full"))
        for box, name, entries in (
            (
                self.write,
                self.tr("Write"),
                (
                    ("superpixel", self.tr("the superpixel at the centre")),
                    ("pixel", self.tr("the centre pixel")),
                    ("patch", self.tr("the whole patch")),
                ),
            ),
            (
                self.anchor,
                self.tr("Anchors"),
                (("unsure", self.tr("the most unsure")), ("random", self.tr("at random"))),
            ),
            (
                self.mode,
                self.tr("Learn from"),
                (
                    ("both", self.tr("maps and answers")),
                    ("mask_update", self.tr("the changed maps")),
                    ("user_refined", self.tr("answers alone")),
                ),
            ),
        ):
            for key, word in entries:
                box.addItem(word, key)
            box.setAccessibleName(name)
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.currentIndexChanged.connect(self.choices_changed)
        self.auto.setChecked(True)
        self.auto.toggled.connect(self.choices_changed)
        grid = form_grid()
        add_row(grid, self.tr("&Write"), self.write)
        add_row(grid, self.tr("An&chors"), self.anchor)
        add_row(grid, self.tr("&Learn from"), self.mode)
        made.column.addLayout(grid)
        made.column.addWidget(self.auto)
        return made

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 12, 12, 12)
        whole.setSpacing(12)
        whole.addWidget(self.state)
        whole.addLayout(self.buttons)
        whole.addWidget(self.job)
        self._rules = {part: rule() for part in (self.counts, self.how, self.dense)}
        for part in (self.counts, self.how, self.dense, self.contested, self.notes_section):
            whole.addWidget(part)
            if part in self._rules:
                whole.addWidget(self._rules[part])
        whole.addLayout(self.again)
        whole.addWidget(self.start)
        whole.addStretch(1)
        self.anew.toggled.connect(self._show_start)

    def _show_start(self, on: bool) -> None:
        self.start.setVisible(on)
        if on:
            self.start.kind.setFocus()
            QTimer.singleShot(0, self, self._scroll_to_start)  # once it has its place

    def _scroll_to_start(self) -> None:
        port = self.parentWidget()
        area = None if port is None else port.parentWidget()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(self.start)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        self.buttons.addWidget(button("refine.panel", self.tr("Answer")))
        self.buttons.addWidget(button("refine.train", self.tr("Train")))
        self.buttons.addWidget(button("refine.rounds", self.tr("Rounds")))
        self.buttons.addStretch(1)
        self.restore = button("refine.restore", self.tr("Restore the starting maps"))
        self.again.insertWidget(0, self.restore, 0, Qt.AlignmentFlag.AlignLeft)
        self.dense.arrange(button)

    @property
    def choices(self) -> RefineChoices:
        """What is set."""
        form = self.start
        return RefineChoices(
            anchor=self.anchor.currentData(),
            write=self.write.currentData(),
            mode=self.mode.currentData(),
            net=form.net.currentData(),
            patch=form.patch.value(),
            steps=form.steps.value(),
            kind=form.chosen,
            run=form.run.currentData() or "",
            margin=form.margin.value(),
            scope=self.dense.scope.currentData(),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit()

    def show_refining(self, refining: bool, *, writable: bool) -> None:
        """Whether there is a round to refine: else the form that begins one stands alone."""
        for part in (self.how, self.dense, self.notes_section, self.anew, self.restore, *self._rules.values()):
            part.setVisible(refining)
        self.start.setVisible(self.anew.isChecked() or not refining)
        self.start.heading.setVisible(not refining)
        for part in (self.how, self.dense, self.notes):
            part.setEnabled(writable)
