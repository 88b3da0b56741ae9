"""The Train panel: choose a network and how much supervision it gets, start now or later, watch it learn, stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from defectstudio.app.projects import ProjectInfo, SplitCount
from defectstudio.data.presets import PRESETS, preset_config
from defectstudio.data.runs import box_settings, default_config
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.panels.train_progress import TrainProgress
from defectstudio.ui.panels.train_settings import MoreSettings
from defectstudio.ui.queue_list import QueueList
from defectstudio.ui.queue_model import TrainRequest
from defectstudio.ui.sections.common import muted
from defectstudio.ui.translations import number

__all__ = ["TrainPanel", "TrainRequest"]

ALL_MASKS = -1


class TrainPanel(QWidget):
    """Emits `train_requested` and `queue_requested`; its parts show the training at hand and what waits."""

    train_requested = Signal(object)
    queue_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._splits: dict[str, SplitCount] = {}
        self._running = False
        self._readonly = False
        self.net = QComboBox()
        self.net.addItem(self.tr("Fast (pretrained encoder)"), "fast")
        self.net.addItem(self.tr("SegDecNet (from scratch)"), "segdec")
        self.preset = QComboBox()
        self.split = QComboBox()
        for box in (self.net, self.preset, self.split):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.masks = QSpinBox(minimum=ALL_MASKS, maximum=0, value=ALL_MASKS)
        self.masks.setSpecialValueText(self.tr("All masks"))
        self.epochs = QSpinBox(minimum=1, maximum=10_000)
        self.seed = QSpinBox(minimum=0, maximum=2**31 - 1)
        for spin in (self.masks, self.epochs, self.seed):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.detector = QCheckBox(self.tr("Also a detector of boxes"))
        self.more = MoreSettings()
        self.advice = muted()
        self.start = QPushButton(self.tr("Start training"))
        self.start.setProperty("primary", "true")
        self.later = QPushButton(self.tr("Add to queue"))
        self.progress = TrainProgress()
        self.queue = QueueList()
        self._lay_out()
        self._name_controls()
        self.net.currentIndexChanged.connect(self._net_chosen)
        self.preset.currentIndexChanged.connect(self._show_usual)
        self.split.currentIndexChanged.connect(self._split_chosen)
        self.masks.valueChanged.connect(self._refresh)
        self.more.altered.connect(self._refresh)
        self.start.clicked.connect(self.request_training)
        self.later.clicked.connect(self.request_turn)
        self._net_chosen()
        self._refresh()

    def _lay_out(self) -> None:
        form = form_grid()
        add_row(form, self.tr("&Network"), self.net)
        add_row(form, self.tr("&Settings of"), self.preset)
        add_row(form, self.tr("Train &on"), self.split)
        add_row(form, self.tr("&Masks to use"), self.masks)
        add_row(form, self.tr("&Epochs"), self.epochs)
        add_row(form, self.tr("See&d"), self.seed)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.later)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 12, 12, 12)
        whole.setSpacing(10)
        whole.addLayout(form)
        whole.addWidget(self.detector)
        whole.addWidget(self.more)
        whole.addWidget(self.advice)
        whole.addLayout(buttons)
        whole.addWidget(self.queue)
        whole.addWidget(self.progress)
        whole.addStretch(1)

    def _name_controls(self) -> None:
        later = self.tr("Train this after what runs now and what waits already")
        for control, name in (
            (self.net, self.tr("Network")),
            (self.preset, self.tr("Settings to start from, by the data they were chosen for")),
            (self.split, self.tr("Split to train on")),
            (self.masks, self.tr("How many masks training may use")),
            (self.epochs, self.tr("Epochs")),
            (self.seed, self.tr("Seed of the random numbers")),
        ):
            control.setAccessibleName(name)
            control.setToolTip(name)
        self.detector.setToolTip(self.tr("It learns boxes from drawn defects; Mentor can look and learn with it."))
        self.later.setToolTip(later)

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
        self.preset.blockSignals(True)
        self.preset.clear()
        self.preset.addItem(self.tr("Usual"), "")
        for name, row in PRESETS.items():
            if row.net == self.net.currentData():
                self.preset.addItem(row.text, name)
        self.preset.blockSignals(False)
        self._show_usual()

    def _show_usual(self) -> None:
        """Begin with the settings that are usual for the network, or were published for some data."""
        net, preset = self.net.currentData(), self.preset.currentData()
        usual = preset_config(preset) if preset else default_config(net)
        self.epochs.setValue(usual.epochs)
        self.more.show_usual(usual)

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
    def can_queue(self) -> bool:
        """Whether the training that is set up makes sense."""
        count = self._splits.get(self.split.currentData())
        return bool(count and count.good and count.defective) and not self._readonly and not self.more.problem

    @property
    def ready(self) -> bool:
        """Whether training could start now."""
        return self.can_queue and not self._running

    def _refresh(self) -> None:
        advice = self._advice()
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.start.setEnabled(self.ready)
        self.later.setEnabled(self.can_queue)
        for control in (self.net, self.preset, self.split, self.masks, self.epochs, self.seed, self.more):
            control.setEnabled(bool(self._splits) and not self._readonly)
        self.detector.setEnabled(self._draws and not self._readonly)

    @property
    def _draws(self) -> bool:
        """Whether some drawn defect may be used."""
        count = self._splits.get(self.split.currentData())
        return bool(count and count.segmented) and self.masks.value() != 0

    @property
    def request(self) -> TrainRequest:
        """The training as it is set up now. Raises DefectStudioError when its settings do not go together."""
        config = self.more.config(epochs=self.epochs.value(), seed=self.seed.value())
        masks = self.masks.value()
        boxes = box_settings(seed=config.seed) if self.detector.isChecked() and self._draws else None
        return TrainRequest(config, None if masks == ALL_MASKS else masks, (self.split.currentData(),), boxes)

    def request_training(self) -> None:
        """What the start button does; nothing while it is disabled."""
        if self.ready:
            self.train_requested.emit(self.request)

    def request_turn(self) -> None:
        """What the button for later does; nothing while it is disabled."""
        if self.can_queue:
            self.queue_requested.emit(self.request)

    def show_running(self, running: bool) -> None:
        """Whether a training is under way, so that no second one can start beside it."""
        self._running = running
        self._refresh()
