"""The Train panel while a training runs: phase, time, pause, stop, curves and samples."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from defectstudio.app.projects import ProjectInfo, SplitCount
from defectstudio.data.predictions import Scored
from defectstudio.domain.labels import DEFECTIVE, GOOD
from defectstudio.domain.progress import Progress
from defectstudio.ui.panels.train import TrainPanel
from defectstudio.ui.panels.train_progress import TrainProgress, phase_words
from defectstudio.ui.samples_history import LONGEST_SIDE, MOST_STEPS, SampleHistory, shrunk
from defectstudio.ui.samples_strip import PICTURE


@pytest.fixture
def panel(qtbot: QtBot, app: QApplication) -> TrainPanel:
    made = TrainPanel()
    qtbot.addWidget(made)
    split = SplitCount(split="train", good=9, defective=4, unlabelled=1, segmented=3)
    made.show_project(
        ProjectInfo(folder="", events=1, images=14, classes=[], splits=[split], groups=1, runs=[], segmented_lists=[])
    )
    made.show()
    return made


@pytest.fixture
def progress(panel: TrainPanel) -> TrainProgress:
    panel.progress.show_started("a training")
    panel.show_running(True)
    return panel.progress


def step(number: int, **values: object) -> Progress:
    return Progress(number, 4, f"Training, epoch {number} of 4", {"loss": 1 / number, "epoch": number, **values})


def test_the_curve_gets_a_point_for_every_epoch_and_the_bar_follows(panel: TrainPanel, progress: TrainProgress) -> None:
    assert not panel.start.isEnabled()
    assert panel.later.isEnabled()
    progress.show_progress([step(1), Progress(1, 4, "Training, epoch 1 of 4"), step(2), step(3)])
    assert len(progress.curves.rows) == 3
    assert (progress.bar.value(), progress.bar.maximum()) == (3, 4)
    assert progress.state.text() == "Training the heads, epoch 3 of 4"
    progress.show_ended("Training is finished.")
    panel.show_running(False)
    assert panel.start.isEnabled()
    assert not progress.bar.isVisible()
    assert progress.curves.isVisible()


def test_phases_are_said_in_words_and_unknown_ones_as_they_are(app: QApplication) -> None:
    assert phase_words("Computing features") == "Computing features of the images"
    assert phase_words("Fine-tuning, epoch 2 of 10") == "Fine-tuning the network, epoch 2 of 10"
    assert phase_words("Weighing, epoch 2 of 10") == "Weighing, epoch 2 of 10"
    assert phase_words("Comparing part 7") == "Comparing part 7"


def test_stop_is_asked_for_once(progress: TrainProgress, qtbot: QtBot) -> None:
    with qtbot.waitSignal(progress.stop_wanted):
        qtbot.mouseClick(progress.stop, Qt.MouseButton.LeftButton)
    assert not progress.stop.isEnabled()
    assert not progress.pause.isEnabled()
    progress.show_progress([step(1)])
    assert progress.state.text() == "Stopping…"


def test_one_button_pauses_and_goes_on(progress: TrainProgress, qtbot: QtBot) -> None:
    progress.show_progress([step(2)])
    with qtbot.waitSignal(progress.pause_wanted):
        qtbot.mouseClick(progress.pause, Qt.MouseButton.LeftButton)
    progress.show_paused(True)
    assert progress.state.text() == "Paused. Training the heads, epoch 2 of 4"
    assert progress.pause.text() == "Go on"
    with qtbot.waitSignal(progress.go_on_wanted):
        qtbot.mouseClick(progress.pause, Qt.MouseButton.LeftButton)
    progress.show_paused(False)
    assert progress.pause.text() == "Pause"


def test_a_resumed_training_shows_the_epochs_it_had_learnt_before(progress: TrainProgress) -> None:
    progress.show_started("again", [{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}])
    progress.show_progress([step(3)])
    assert [row["epoch"] for row in progress.curves.rows] == [1, 2, 3]


def test_curves_are_saved_where_the_user_says(
    progress: TrainProgress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.show_progress([step(1), step(2)])
    for action, kind in zip(progress.export.menu().actions(), ("csv", "png"), strict=True):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, kind=kind: (str(tmp_path / f"c.{kind}"), ""))
        action.trigger()
        assert (tmp_path / f"c.{kind}").stat().st_size > 20


def test_a_file_that_cannot_be_written_is_announced(
    progress: TrainProgress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    progress.show_progress([step(1)])
    (tmp_path / "taken").mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(tmp_path / "taken"), ""))
    with qtbot.waitSignal(progress.failed):
        progress.export.menu().actions()[0].trigger()


def samples(heat: float) -> tuple[Scored, ...]:
    return tuple(Scored(image, heat, np.full((8, 6), heat, np.float16)) for image in (1, 2, 3, 4))


def images() -> dict[int, object]:
    return {k: SimpleNamespace(tag=DEFECTIVE if k > 2 else GOOD, info=SimpleNamespace(name=f"p{k}")) for k in (1, 2, 3)}


def test_samples_show_the_newest_epoch_until_the_slider_is_moved_back(progress: TrainProgress, qtbot: QtBot) -> None:
    asked: list[int] = []

    def thumbnail(image: int) -> QPixmap | None:
        asked.append(image)
        return None

    strip = progress.samples
    strip.show_source(images(), thumbnail)  # type: ignore[arg-type]
    progress.show_progress([step(1), step(2, samples=samples(0.25))])
    assert strip.isVisible()
    shown = [tile for tile in strip.tiles if tile.isVisible()]
    assert [tile.accessibleName() for tile in shown] == [  # the fourth image is no longer there
        *("p1: Good, score 0.250", "p2: Good, score 0.250", "p3: Defective, score 0.250")
    ]
    progress.show_progress([step(3, samples=samples(0.5)), step(4, samples=samples(0.75))])
    assert (strip.epoch.text(), strip.slider.maximum()) == ("epoch 4", 2)
    strip.slider.setValue(0)
    assert strip.epoch.text() == "epoch 2"
    progress.show_progress([step(5, samples=samples(1.0))])
    assert strip.epoch.text() == "epoch 2"
    assert set(asked) == {1, 2, 3}
    with qtbot.waitSignal(strip.image_wanted) as wanted:
        qtbot.mouseClick(strip.tiles[2], Qt.MouseButton.LeftButton)
    assert wanted.args == [3]


def test_heat_is_laid_over_the_thumbnail(progress: TrainProgress) -> None:
    strip, plain = progress.samples, QPixmap(60, 80)
    plain.fill(Qt.GlobalColor.gray)
    strip.show_source(images(), lambda _image: plain)  # type: ignore[arg-type]
    progress.show_progress([step(1, samples=samples(0.0))])
    QApplication.processEvents()
    cold = strip.tiles[0].grab().toImage()
    progress.show_progress([step(2, samples=samples(1.0))])
    hot = strip.tiles[0].grab().toImage()
    middle = QPoint(cold.width() // 2, PICTURE // 2)
    assert cold.pixelColor(middle).name() == "#a0a0a4"
    assert hot.pixelColor(middle) != cold.pixelColor(middle)


def test_a_long_training_keeps_a_bounded_number_of_samples_and_the_newest() -> None:
    history = SampleHistory()
    for epoch in range(1, 1000):
        history.add(epoch, samples(0.5))
    assert len(history.steps) <= MOST_STEPS
    assert history.steps[-1][0] == 999
    assert [epoch for epoch, _ in history.steps] == sorted({epoch for epoch, _ in history.steps})


def test_a_large_heat_map_is_kept_small_and_its_hottest_cell_survives() -> None:
    heat = np.zeros((300, 1000), np.float16)
    heat[299, 777] = 0.9
    small = shrunk(heat)
    assert max(small.shape) <= LONGEST_SIDE
    assert small.max() == np.float16(0.9)
