"""The training page of the Mentor panel: the switches of mentored training, its progress, and the candidate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from defectstudio.data.mentoring import MENTORED_TUNING, MentorSettings
from defectstudio.data.runs import RunRecord
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.mentor_words import head_choice
from defectstudio.ui.sections.common import Section, muted, rule
from defectstudio.ui.select_job_bar import JobBar

USUAL = MentorSettings.model_validate({})


class MentorTraining(QWidget):
    """Emits what the user wants; is told what to show."""

    candidate_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = Section(self.tr("Training on the verdicts"))
        self.switches: dict[str, QCheckBox] = {}
        self.epsilon = QDoubleSpinBox(minimum=0.0, maximum=1.0, singleStep=0.005, decimals=3, value=USUAL.epsilon)
        self.epochs = QSpinBox(minimum=1, maximum=10_000, value=USUAL.epochs)
        self.seed = QSpinBox(minimum=0, maximum=999_999, value=USUAL.seed)
        self.head = head_choice()
        self.head.setToolTip(self.tr("The detector of boxes learns by itself; all else of the deployed run stays."))
        tip = self.tr(
            "Takes minutes instead of seconds, and learns more. The run's detector of boxes has to be trained anew."
        )
        self.tune = QCheckBox(self.tr("The encoder learns too"))
        self.tune.setToolTip(tip)
        self.tune.setAccessibleDescription(tip)
        self._base, self._has_encoder = "", False
        for spin in (self.epsilon, self.epochs, self.seed):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.by_itself = QCheckBox(self.tr("Train by itself when enough is decided"))
        self.job = JobBar(self.tr("Progress of the training on verdicts"), self.tr("Stop the training on verdicts"))
        self.state = muted()
        self.candidate = Section(self.tr("Candidate"))
        self.about = muted()
        self.look = QPushButton(self.tr("Before and after"))
        self._buttons = QVBoxLayout()
        self._make_switches()
        self._lay_out()
        self._tunable()
        self.look.clicked.connect(self.candidate_wanted)
        self.show_candidate("")
        self.show_state("")

    def _make_switches(self) -> None:
        words = {
            "transfer": (
                self.tr("Start from the deployed run"),
                self.tr("Transfer: the candidate begins with the weights of the deployed run."),
            ),
            "balanced": (
                self.tr("As many new images as old ones"),
                self.tr("Each batch holds as many mentored images as original ones, so that neither side is drowned."),
            ),
            "healthy": (
                self.tr("Good parts are healthy everywhere"),
                self.tr("Healthy knowledge: every area of an image that was called good counts as healthy."),
            ),
            "omnia": (
                self.tr("What hardly looks like a defect is healthy"),
                self.tr(
                    "OMNIA-like: areas that the deployed run gives less than the limit count as healthy in training; "
                    "no label is written."
                ),
            ),
            "distill": (
                self.tr("Keep to the deployed run elsewhere"),
                self.tr("Distillation: where nobody said anything, the candidate learns what the deployed run says."),
            ),
            "dann": (
                self.tr("Make old and new look alike"),
                self.tr("DANN: a part that tells the domains apart is trained against, by reversing its gradient."),
            ),
        }
        for field, (word, tip) in words.items():
            box = self.switches[field] = QCheckBox(word)
            box.setChecked(bool(getattr(USUAL, field)))
            box.setToolTip(tip)
            box.setAccessibleDescription(tip)

    def _lay_out(self) -> None:
        for box in self.switches.values():
            self.settings.column.addWidget(box)
        self.settings.column.addWidget(self.tune)
        grid = form_grid()
        add_row(grid, self.tr("What learns"), self.head)
        limit = add_row(grid, self.tr("Limit"), self.epsilon)
        add_row(grid, self.tr("Epochs"), self.epochs)
        add_row(grid, self.tr("Seed"), self.seed)
        self.settings.column.addLayout(grid)
        for part in (limit, self.epsilon):
            part.setEnabled(self.switches["omnia"].isChecked())
            self.switches["omnia"].toggled.connect(part.setEnabled)
        self.tune.toggled.connect(self._tune_toggled)
        self.switches["transfer"].toggled.connect(self._tunable)
        self.head.currentIndexChanged.connect(self._tunable)
        self.settings.column.addWidget(self.by_itself)
        self.settings.column.addLayout(self._buttons)
        self.settings.column.addWidget(self.job)
        self.settings.column.addWidget(self.state)
        self.candidate.column.addWidget(self.about)
        self.candidate.column.addWidget(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(10)
        for widget in (self.settings, rule(), self.candidate):
            column.addWidget(widget)
        column.addStretch(1)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the button that starts a training."""
        action = button("mentor.train").defaultAction()
        start = QPushButton(action.text())
        start.setProperty("primary", True)

        def follow() -> None:
            start.setEnabled(action.isEnabled())
            start.setToolTip(action.toolTip())

        start.clicked.connect(action.trigger)
        action.changed.connect(follow)
        follow()
        self._buttons.addWidget(start)

    @property
    def chosen_settings(self) -> dict[str, Any]:
        """What is set up, by the fields of `MentorSettings`."""
        switches = {field: box.isChecked() for field, box in self.switches.items()}
        values = {
            "head": self.head.currentData(),
            "epsilon": self.epsilon.value(),
            "epochs": self.epochs.value(),
            "finetune_epochs": self.epochs.value() if self.tune.isChecked() and self.tune.isEnabled() else 0,
            "seed": self.seed.value(),
        }
        return switches | values

    def show_base(self, base: RunRecord | None, tuning: int) -> None:
        """The deployed run, and for how many epochs its encoder usually learns on: the switch follows once a run."""
        self._has_encoder = base is not None and base.config.net == "fast"
        known, self._base = self._base, "" if base is None else base.id
        if base is not None and base.id != known:
            self.tune.setChecked(tuning > 0)
        self._tunable()

    def _tunable(self) -> None:
        """Whether there is an encoder to go on with: that of `fast`, started from, under the segmentation."""
        cells = self.head.currentData() == "cells"
        self.tune.setEnabled(self._has_encoder and cells and self.switches["transfer"].isChecked())

    def _tune_toggled(self, on: bool) -> None:
        """Another usual number of epochs, unless the user chose one."""
        usual = (USUAL.epochs, MENTORED_TUNING)
        if self.epochs.value() == usual[not on]:
            self.epochs.setValue(usual[on])

    def show_state(self, text: str) -> None:
        """How the last training ended, or what is missing for one."""
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def show_candidate(self, said: str) -> None:
        """The candidate that waits for a decision, "" for none."""
        self.about.setText(said or self.tr("No candidate waits for a decision."))
        self.look.setVisible(bool(said))
