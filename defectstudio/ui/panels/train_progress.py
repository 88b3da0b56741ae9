"""How the training at hand goes: its phase in words, time left, pause and stop, curves, and samples of what it sees."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import Progress
from defectstudio.ui.curve import TrainingCurves
from defectstudio.ui.samples_strip import SamplesStrip
from defectstudio.ui.sections.common import Section, muted
from defectstudio.ui.timing import TimeLeft, in_words

EPOCH = re.compile(r"(?P<phase>.*), epoch (?P<epoch>\d+) of (?P<of>\d+)$")


def phase_words(text: str) -> str:
    """What a job says it does, in the user's language; words that are not known stay as they are."""
    translate = QCoreApplication.translate
    known = {
        "Starting": translate("Phase", "Starting"),
        "Computing features": translate("Phase", "Computing features of the images"),
        "Training": translate("Phase", "Training the heads"),
        "Fine-tuning": translate("Phase", "Fine-tuning the network"),
        "Predicting": translate("Phase", "Predicting"),
        "Evaluating": translate("Phase", "Computing figures"),
        "Looking for detections": translate("Phase", "Looking for detections"),
        "Fitting thresholds": translate("Phase", "Fitting the thresholds"),
        "Comparing with the deployed run": translate("Phase", "Comparing with the deployed run"),
        "Writing ONNX": translate("Phase", "Writing the network for ONNX Runtime"),
        "Writing OpenVINO": translate("Phase", "Writing the network for OpenVINO"),
        "Comparing the networks": translate("Phase", "Comparing the written networks with the trained one"),
        "Reading the journal": translate("Phase", "Reading the journal"),
    }
    found = EPOCH.match(text)
    if found is None:
        return known.get(text, text)
    phase = known.get(found["phase"], found["phase"])
    return translate("Phase", "{0}, epoch {1} of {2}").format(phase, found["epoch"], found["of"])


class TrainProgress(QWidget):
    """Is told how a training goes; emits the wish to pause it, to let it go on, or to stop it."""

    pause_wanted = Signal()
    go_on_wanted = Signal()
    stop_wanted = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = self.paused = self.stopping = False
        self._last = Progress(0, 0)
        self._time_left = TimeLeft()
        self.title = muted()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.bar.setToolTip(self.bar.accessibleName())
        self.state = muted()
        self.pause = QPushButton(self.tr("Pause"))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip(
            self.tr("Stop within two seconds. What was learnt is kept, and the training can go on later.")
        )
        self.curves = TrainingCurves()
        self.samples = SamplesStrip()
        self.curves_section = Section(self.tr("Curves"))
        self.curves_section.column.addWidget(self.curves)
        self.export = self._export_button()
        self._lay_out()
        self.pause.clicked.connect(self._pause_clicked)
        self.stop.clicked.connect(self._stop_clicked)
        self._refresh()

    def _export_button(self) -> QToolButton:
        button = self.curves_section.add_button("more", self.tr("Save the curves"))
        menu = QMenu(button)
        menu.addAction(self.tr("Save as a table (CSV)…"), lambda: self._save("csv", self.curves.save_csv))
        menu.addAction(self.tr("Save as a picture (PNG)…"), lambda: self._save("png", self.curves.save_png))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _lay_out(self) -> None:
        self.buttons = QWidget()
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.pause, 1)
        row.addWidget(self.stop, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.title, self.buttons, self.bar, self.state, self.samples, self.curves_section):
            column.addWidget(widget)

    def _save(self, kind: str, save: Callable[[Path], None]) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the curves"), f"curves.{kind}", f"*.{kind}")
        if name:
            try:
                save(Path(name))
            except DefectStudioError as error:
                self.failed.emit(error)

    def _pause_clicked(self) -> None:
        (self.go_on_wanted if self.paused else self.pause_wanted).emit()

    def _stop_clicked(self) -> None:
        self.show_stopping()
        self.stop_wanted.emit()

    def show_started(self, title: str, epochs: Sequence[dict[str, float]] = ()) -> None:
        """A training has begun, or goes on after these epochs of an earlier session."""
        self.running, self.paused, self.stopping = True, False, False
        self._time_left = TimeLeft()
        self.title.setText(title)
        self.curves.clear_points()
        self.curves.add(epochs)
        self.samples.clear()
        self.bar.setRange(0, 0)
        self.state.setText(self.tr("Preparing…"))
        self._refresh()

    def forget(self) -> None:
        """Nothing is trained in this project yet."""
        self.show_ended("")
        self.title.clear()
        self.curves.clear_points()
        self.samples.clear()
        self._refresh()

    def show_progress(self, batch: Sequence[Progress]) -> None:
        """News of the training, oldest first."""
        for step in batch:
            self.curves.add([step.values])
            if "samples" in step.values:
                self.samples.add(len(self.curves.rows), step.values["samples"])
        self._last = batch[-1]
        self.bar.setRange(0, self._last.total)
        self.bar.setValue(self._last.done)
        self._say_state()
        self._show_parts()

    def _say_state(self) -> None:
        words = phase_words(self._last.text)
        if self.stopping:
            self.state.setText(self.tr("Stopping…"))
        elif self.paused:
            self.state.setText(self.tr("Paused. {0}").format(words))
        else:
            left = self._time_left.seconds(self._last, time.monotonic())
            text = "" if left is None else " · " + self.tr("about {0} left in this step").format(in_words(left))
            self.state.setText(words + text)

    def show_paused(self, paused: bool) -> None:
        """The training waits, or goes on."""
        self.paused = paused
        self._time_left = TimeLeft()  # what it waited says nothing of its pace
        self._say_state()
        self._refresh()

    def show_stopping(self) -> None:
        """Somebody has asked it to stop."""
        self.stopping = True
        self._say_state()
        self._refresh()

    def show_ended(self, text: str) -> None:
        """The training is over; say how it ended."""
        self.running = self.paused = self.stopping = False
        self.state.setText(text)
        self._refresh()

    def _refresh(self) -> None:
        self.pause.setText(self.tr("Go on") if self.paused else self.tr("Pause"))
        self.pause.setEnabled(not self.stopping)
        self.stop.setEnabled(not self.stopping)
        for widget in (self.bar, self.buttons):
            widget.setVisible(self.running)
        self.title.setVisible(bool(self.title.text()))
        self.state.setVisible(bool(self.state.text()))
        self._show_parts()

    def _show_parts(self) -> None:
        self.samples.setVisible(self.samples.steps > 0)
        self.curves_section.setVisible(bool(self.curves.rows) or self.running)
        self.curves.setVisible(bool(self.curves.rows))
        self.export.setEnabled(bool(self.curves.rows))
