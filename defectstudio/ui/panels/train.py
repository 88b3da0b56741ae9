"""The Train panel: choose a network and how much supervision it gets, start, watch the loss fall, stop."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.projects import ProjectInfo, SplitCount
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.domain.progress import Progress
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.timing import TimeLeft, in_words
from defectstudio.ui.translations import number

if TYPE_CHECKING:
    from defectstudio.ui.curve import LossCurve

ALL_MASKS = -1


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What the user asks for. `segmented`: how many masks may be used, None for all; `splits` to train on."""

    config: TrainConfig
    segmented: int | None
    splits: tuple[str, ...]


class TrainPanel(QWidget):
    """Emits `train_requested` and `cancel_requested`; is told how the training goes."""

    train_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._splits: dict[str, SplitCount] = {}
        self._running = False
        self._readonly = False
        self._time_left = TimeLeft()
        self.net = QComboBox()
        self.net.addItem(self.tr("Fast (pretrained encoder)"), "fast")
        self.net.addItem(self.tr("SegDecNet (from scratch)"), "segdec")
        self.split = QComboBox()
        for box in (self.net, self.split):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.masks = QSpinBox(minimum=ALL_MASKS, maximum=0, value=ALL_MASKS)
        self.masks.setSpecialValueText(self.tr("All masks"))
        self.epochs = QSpinBox(minimum=1, maximum=10_000)
        self.seed = QSpinBox(minimum=0, maximum=2**31 - 1)
        for spin in (self.masks, self.epochs, self.seed):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.start = QPushButton(self.tr("Start training"))
        self.start.setProperty("primary", "true")
        self.cancel = QPushButton(self.tr("Stop"))
        self.state = self._label("muted")
        self.bar = QProgressBar(textVisible=False)
        self.advice = self._label("muted")
        self.curve: LossCurve | None = None
        self.curve_hint = self._label("muted")
        self.curve_hint.setText(self.tr("The loss curve appears here while a detector is trained."))
        self.curve_hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.curve_hint.setMinimumHeight(160)
        self._lay_out()
        self._name_controls()
        self.net.currentIndexChanged.connect(self._net_chosen)
        self.split.currentIndexChanged.connect(self._split_chosen)
        self.start.clicked.connect(self.request_training)
        self.cancel.clicked.connect(self._cancel_clicked)
        self._net_chosen()
        self._refresh()

    def _label(self, role: str) -> QLabel:
        label = QLabel(wordWrap=True)
        label.setProperty("role", role)
        return label

    def _lay_out(self) -> None:
        form = form_grid()
        add_row(form, self.tr("&Network"), self.net)
        add_row(form, self.tr("Train &on"), self.split)
        add_row(form, self.tr("&Masks to use"), self.masks)
        add_row(form, self.tr("&Epochs"), self.epochs)
        add_row(form, self.tr("See&d"), self.seed)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.cancel)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(12, 12, 12, 12)
        self._whole.setSpacing(10)
        self._whole.addLayout(form)
        self._whole.addWidget(self.advice)
        self._whole.addLayout(buttons)
        self._whole.addWidget(self.bar)
        self._whole.addWidget(self.state)
        self._whole.addWidget(self.curve_hint)
        self._whole.addStretch(1)

    def _name_controls(self) -> None:
        for control, name in (
            (self.net, self.tr("Network")),
            (self.split, self.tr("Split to train on")),
            (self.masks, self.tr("How many masks training may use")),
            (self.epochs, self.tr("Epochs")),
            (self.seed, self.tr("Seed of the random numbers")),
            (self.bar, self.tr("Progress of the training")),
        ):
            control.setAccessibleName(name)
            control.setToolTip(name)

    def show_project(self, info: ProjectInfo | None, *, readonly: bool = False) -> None:
        """Offer the splits and masks of a project; None when none is open."""
        self._readonly = readonly
        before = self.split.currentData()
        self._splits = {count.split: count for count in info.splits} if info else {}
        self.split.blockSignals(True)
        self.split.clear()
        for name, count in self._splits.items():
            text = self.tr("{0} ({1} good, {2} defective)")
            title = name or self.tr("All images")
            self.split.addItem(text.format(title, number(count.good), number(count.defective)), name)
        wanted = before if before in self._splits else "train"
        self.split.setCurrentIndex(max(self.split.findData(wanted), 0))
        self.split.blockSignals(False)
        self._split_chosen()

    def _net_chosen(self) -> None:
        self.epochs.setValue(default_config(self.net.currentData()).epochs)

    def _split_chosen(self) -> None:
        count = self._splits.get(self.split.currentData())
        self.masks.setMaximum(count.segmented if count else 0)
        self.masks.setSuffix(self.tr(" of {0}").format(count.segmented if count else 0))
        self._refresh()

    def _advice(self) -> str:
        count = self._splits.get(self.split.currentData())
        if self._readonly:
            return self.tr("This project is open for reading only, so nothing can be trained here.")
        if count is None:
            return self.tr("Open or make a project and import images first.")
        if not count.defective:
            return self.tr("No image here is tagged defective. Tag at least one with X.")
        if not count.good:
            return self.tr("No image here is tagged good. Tag some with G.")
        if not count.segmented:
            return self.tr("No defective image has a mask: training will use the tags alone.")
        return ""

    @property
    def ready(self) -> bool:
        """Whether training could start now."""
        count = self._splits.get(self.split.currentData())
        return bool(count and count.good and count.defective) and not self._running and not self._readonly

    def _refresh(self) -> None:
        advice = self._advice()
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.start.setEnabled(self.ready)
        self.cancel.setEnabled(self._running)
        self.bar.setVisible(self._running)
        for control in (self.net, self.split, self.masks, self.epochs, self.seed):
            control.setEnabled(not self._running and bool(self._splits))

    @property
    def request(self) -> TrainRequest:
        """The training as it is set up now."""
        config = default_config(self.net.currentData(), epochs=self.epochs.value(), seed=self.seed.value())
        masks = self.masks.value()
        return TrainRequest(config, None if masks == ALL_MASKS else masks, (self.split.currentData(),))

    def request_training(self) -> None:
        """What the start button does; nothing while it is disabled."""
        if self.ready:
            self.train_requested.emit(self.request)

    def _cancel_clicked(self) -> None:
        self.cancel.setEnabled(False)
        self.state.setText(self.tr("Stopping…"))
        self.cancel_requested.emit()

    def prepare_curve(self) -> None:
        """Make the plot, once its library is loaded."""
        if self.curve is None:
            from defectstudio.ui.curve import LossCurve

            self.curve = LossCurve(self)
            self.curve.setMinimumHeight(180)
            self.curve.hide()
            self._whole.insertWidget(self._whole.indexOf(self.curve_hint), self.curve, 4)

    def show_started(self) -> None:
        """A training has begun."""
        self._running = True
        self._time_left = TimeLeft()
        self.prepare_curve()
        if self.curve is not None:
            self.curve.clear_points()
            self.curve.show()
        self.curve_hint.hide()
        self.bar.setRange(0, 0)
        self.state.setText(self.tr("Preparing…"))
        self._refresh()

    def show_progress(self, batch: Sequence[Progress]) -> None:
        """News of the training, oldest first."""
        for step in batch:
            if self.curve is not None:
                self.curve.add(step.values)
        last = batch[-1]
        self.bar.setRange(0, last.total)
        self.bar.setValue(last.done)
        left = self._time_left.seconds(last, time.monotonic())
        if self.cancel.isEnabled():
            self.state.setText(last.text if left is None else f"{last.text} · {self._left(left)}")

    def _left(self, seconds: float) -> str:
        return self.tr("about {0} left").format(in_words(seconds))

    def show_ended(self, text: str) -> None:
        """The training is over; say how it ended."""
        self._running = False
        self.state.setText(text)
        self._refresh()
        if self.curve is not None and self.curve.points == 0:
            self.curve.hide()
            self.curve_hint.show()
