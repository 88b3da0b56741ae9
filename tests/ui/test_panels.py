"""Panels that are told things: Train, Results, History, Log, notices, start page, status texts."""

from __future__ import annotations

import logging
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from defectstudio.app.evaluation import Evaluation, SplitFigures
from defectstudio.app.projects import ProjectInfo, SplitCount, summary
from defectstudio.app.runs import RunRow
from defectstudio.data.presets import preset_config
from defectstudio.data.runs import BoxSettings, RunRecord, default_config
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DefectClass
from defectstudio.sessions.session import Session
from defectstudio.ui.describe import about_image, about_reading
from defectstudio.ui.notices import MOST_SHOWN, Notices
from defectstudio.ui.panels.log import LogPanel, LogRelay
from defectstudio.ui.panels.results import ResultsPanel, percent
from defectstudio.ui.panels.train import TrainPanel, TrainRequest
from defectstudio.ui.settings import Recent
from defectstudio.ui.start_page import RecentButton, StartPage
from defectstudio.ui.viewer import Reading


def info(**counts: int) -> ProjectInfo:
    split = SplitCount(**{"split": "train", "good": 9, "defective": 4, "unlabelled": 1, "segmented": 3} | counts)
    return ProjectInfo(
        folder="", events=1, images=14, classes=[], splits=[split], groups=1, runs=[], segmented_lists=[]
    )


@pytest.fixture
def train(qtbot: QtBot, app: QApplication) -> TrainPanel:
    panel = TrainPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_the_start_button_asks_for_the_training_that_is_set_up(train: TrainPanel, qtbot: QtBot) -> None:
    train.show_project(info())
    train.masks.setValue(2)
    train.epochs.setValue(5)
    train.seed.setValue(7)
    with qtbot.waitSignal(train.train_requested) as asked:
        qtbot.mouseClick(train.start, Qt.MouseButton.LeftButton)
    assert asked.args == [TrainRequest(default_config("fast", epochs=5, seed=7), 2, ("train",))]


def test_a_detector_of_boxes_is_trained_too_where_some_defect_is_drawn(train: TrainPanel) -> None:
    train.show_project(info())
    assert train.request.boxes is None
    train.seed.setValue(7)
    train.detector.click()
    assert train.request.boxes == BoxSettings(seed=7)
    train.masks.setValue(0)
    assert not train.detector.isEnabled()
    assert train.request.boxes is None
    train.show_project(info(segmented=0))
    assert not train.detector.isEnabled()


def test_all_masks_are_used_unless_a_number_is_chosen(train: TrainPanel) -> None:
    train.show_project(info())
    assert train.request.segmented is None
    assert train.masks.maximum() == 3


def test_choosing_another_network_sets_its_usual_epochs(train: TrainPanel) -> None:
    train.net.setCurrentIndex(1)
    assert train.request.config.net == "segdec"
    assert train.epochs.value() == default_config("segdec").epochs


def test_settings_by_name_belong_to_one_network(train: TrainPanel) -> None:
    assert train.preset.findData("ksdd") == -1
    assert train.preset.findData("thorough") > 0
    train.net.setCurrentIndex(1)
    assert train.preset.findData("thorough") == -1
    train.preset.setCurrentIndex(train.preset.findData("ksdd"))
    assert train.epochs.value() == 50
    train.show_project(info())
    assert train.request.config == preset_config("ksdd")
    assert train.more.changed == []
    train.net.setCurrentIndex(0)
    assert train.request.config == default_config("fast")


@pytest.mark.parametrize(
    ("counts", "said"),
    [({"defective": 0}, "tagged defective"), ({"good": 0}, "tagged good"), ({"segmented": 0}, "tags alone")],
)
def test_the_panel_says_what_is_missing(train: TrainPanel, counts: dict[str, int], said: str) -> None:
    train.show_project(info(**counts))
    assert said in train.advice.text()
    assert train.start.isEnabled() == ("segmented" in counts)


def test_nothing_is_trained_in_a_project_that_is_open_for_reading_only(train: TrainPanel) -> None:
    train.show_project(info(), readonly=True)
    assert not train.start.isEnabled()
    assert "reading only" in train.advice.text()


def record(name: str, **changes: object) -> RunRecord:
    values = {"id": name, "created": "2026-03-01T10:00:00+00:00", "status": "finished", "config": default_config()}
    return RunRecord(**(values | {"event": 1} | changes))  # type: ignore[arg-type]


def run_row(name: str, **changes: object) -> RunRow:
    made = record(name, **changes)
    facts = {"state": made.status, "created": made.created, "net": made.config.net, "masks": len(made.segmented)}
    return RunRow(id=name, has_predictions=made.status == "finished", record=made, **facts)  # type: ignore[arg-type]


def figures(split: str) -> SplitFigures:
    return SplitFigures(
        split=split,
        images=20,
        defective=5,
        unreviewed=0,
        ap=0.9876,
        auc=None,
        best_f1=0.9,
        best_f1_fp=1,
        best_f1_fn=0,
        f1=0.8,
        ca=0.95,
        macc=None,
        fp=1,
        fn=2,
        pixel_ap=None,
        iou=None,
        pixel_images=0,
    )


@pytest.fixture
def results(qtbot: QtBot, app: QApplication) -> ResultsPanel:
    panel = ResultsPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_the_newest_run_comes_first_and_choosing_another_is_announced(results: ResultsPanel, qtbot: QtBot) -> None:
    results.show_runs([run_row("old", segmented=(1, 2)), run_row("new")], "new")
    assert results.chooser.currentData() == "new"
    assert "2 masks" in results.chooser.itemText(1)
    with qtbot.waitSignal(results.run_chosen) as chosen:
        results.chooser.setCurrentIndex(1)
    assert chosen.args == ["old"]


def test_figures_stand_in_percent_with_a_dash_where_undefined(results: ResultsPanel) -> None:
    results.show_runs([run_row("new")], "new")
    assert "Computing" in results.hint.text()
    evaluation = Evaluation(run="new", threshold=0.5, pixel_threshold=0.5, splits=[figures("test"), figures("train")])
    results.show_figures(evaluation)
    assert results.table.isVisible()
    rows = {results.table.verticalHeaderItem(k).text(): results.table.item(k, 0).text() for k in range(10)}
    assert rows["AP %"] == "98.8"
    assert rows["AUC %"] == "–"
    assert rows["Missed"] == "2"
    assert percent(1.0) == "100.0"


def test_a_project_without_runs_says_how_to_get_one(results: ResultsPanel) -> None:
    assert "Ctrl+T" in results.hint.text()
    assert not results.chooser.isEnabled()


def test_a_stopped_run_says_that_it_has_no_predictions(results: ResultsPanel) -> None:
    results.show_runs([run_row("half", status="stopped")], "half")
    assert "stopped" in results.hint.text()


def test_a_record_from_another_thread_reaches_the_log_panel(qtbot: QtBot) -> None:
    panel, relay = LogPanel(), LogRelay()
    qtbot.addWidget(panel)
    relay.arrived.connect(panel.add)
    thread = threading.Thread(target=lambda: logging.getLogger("x").error("from afar"))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "from afar" in panel.toPlainText())
    relay.close()
    logging.getLogger("x").error("after the end")
    assert "after the end" not in panel.toPlainText()


def test_an_error_becomes_a_notice_with_the_way_out(qtbot: QtBot, app: QApplication) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    notices.show_error(DefectStudioError("No image is tagged defective.", hint="Tag one with X."))
    assert notices.shown[0].text == "No image is tagged defective. Tag one with X."
    notices.shown[0].close_notice()
    assert notices.shown == []
    assert notices.isHidden()


def test_equal_notices_are_shown_once_and_old_ones_give_way(qtbot: QtBot, app: QApplication) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    for text in ("a", "b", "b", "c", "d", "e"):
        notices.show_notice("info", text)
    assert [notice.text for notice in notices.shown] == ["c", "d", "e"]
    assert len(notices.shown) == MOST_SHOWN


def test_the_button_of_a_notice_leads_the_way_out_and_closes_it(qtbot: QtBot, app: QApplication) -> None:
    notices, ways = Notices(), []
    qtbot.addWidget(notices)
    notice = notices.show_notice("error", "It broke.", button="Show log", run=lambda: ways.append("log"))
    notices.show()
    qtbot.mouseClick(notice.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert ways == ["log"]
    assert notices.shown == []


def test_a_recent_project_is_one_click_away(qtbot: QtBot, app: QApplication) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.show_recent([Recent("/data/castings", 1.0, 1200, 30)])
    page.show()
    button = page.findChildren(RecentButton)[0]
    assert "castings" in button.accessibleName()
    assert "30 of 1,200 images tagged" in button.accessibleDescription()
    with qtbot.waitSignal(page.recent_chosen) as chosen:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["/data/castings"]


def test_an_image_and_a_pixel_in_words(session: Session) -> None:
    entry = session.project.state.images[5]
    assert about_image(entry, 0.5).split("   ·   ") == [
        *("part4", "40 × 48", "8-bit grey", "train", "Defective", "score 0.500")
    ]
    classes = {1: DefectClass(1, "spot", "#ffffff")}
    assert about_reading(Reading(3, 4, (7, 8, 9), 1, 0.25), classes).split("   ·   ") == [
        *("x 4, y 3", "value 7 8 9", "spot", "heat 0.25")
    ]
    assert about_reading(Reading(3, 4, None, 255, None), {}).endswith("unknown")


def test_the_summary_of_a_real_session_fills_the_train_panel(train: TrainPanel, session: Session) -> None:
    train.show_project(summary(session.project))
    assert train.split.currentText() == "train (3 good, 1 defective)"
    assert train.masks.maximum() == 1
