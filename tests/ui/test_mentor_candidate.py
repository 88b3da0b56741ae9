"""Before and after, the decision on a candidate, and trainings that begin by themselves."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from defectstudio.app.mentoring_compare import BeforeAfter, Pair
from defectstudio.app.mentoring_features import FeaturesMap
from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import RunRecord, default_config
from defectstudio.domain.labels import Box, DefectClass
from defectstudio.domain.mentoring import Approval, Detection
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.mentor_candidate import CandidatePage
from defectstudio.ui.mentor_compared import figure_rows, gain_said
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_training import MentorTraining
from defectstudio.ui.mentor_words import terms_said
from tests.made_detections import detections_of, make_project
from tests.ui.robot import click, shut, until
from tests.ui.test_mentor import at_mentor

Drive = Callable[[Coroutine[Any, Any, None]], None]


def compared(new_after: float | None = 0.8125, old_after: float = 0.85) -> BeforeAfter:
    rest = {"precision": Pair(0.5, 0.75), "recall": Pair(0.7, 0.8), "fp_per_100": Pair(31.5, 4.25)}
    return BeforeAfter({"map": Pair(0.853, old_after), **rest}, {"map": Pair(0.61, new_after), **rest})


@pytest.fixture
def page(qtbot: QtBot, app: object) -> CandidatePage:
    made = CandidatePage(Crops(None))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    return made


def cells(page: CandidatePage, row: int) -> list[str]:
    return [page.figures.item(row, column).text() for column in range(page.figures.columnCount())]


def test_figures_stand_before_and_after_with_their_difference(page: CandidatePage) -> None:
    page.show_begun("candidate")
    page.show_figures(figure_rows(compared()), "")
    assert cells(page, 0) == ["0.853", "0.850", "−0.003", "0.610", "0.812", "+0.203"]
    assert cells(page, 3) == ["31.5", "4.2", "−27.2", "31.5", "4.2", "−27.2"]


def test_a_figure_that_cannot_be_measured_is_a_dash(page: CandidatePage) -> None:
    page.show_figures(figure_rows(compared(new_after=None)), "")
    assert cells(page, 0)[3:] == ["0.610", "–", ""]


def test_the_sentence_says_what_is_gained_and_whether_the_old_is_kept(app: object) -> None:
    said = "mAP on new images: +0.203. What it knew of old images is kept (−0.003). "
    assert gain_said(compared()) == said + "Both at the thresholds of the deployed run."
    own = replace(compared(), fitted_on="validation", reused=True)
    assert gain_said(own) == (
        said + "Each at its own thresholds; the candidate's: fitted on validation images. "
        "Some of these images also set them."
    )
    assert "lost on old images (−0.053)" in gain_said(compared(old_after=0.8))
    assert "too few labels" in gain_said(compared(new_after=None))


def test_an_approval_says_where_heat_maps_are_cut(app: object) -> None:
    classes = {1: DefectClass(1, "spot", "#ff0000"), 2: DefectClass(2, "line", "#00ff00")}
    approval = Approval("approved", "", ((0, 0.5), (1, 0.42), (2, 0.5)), "Eva", "", fitted_on="validation")
    said = "Detections count from spot 0.42, line 0.50 (fitted on validation images)."
    assert terms_said(approval, classes) == said
    cut = replace(approval, cuts=((1, 0.7), (2, 0.5)))
    assert terms_said(cut, classes) == f"{said} Heat maps are cut at spot 0.70, line 0.50."
    boxes = replace(approval, box_thresholds=((1, 0.3), (2, 0.5)))
    assert terms_said(boxes, classes) == f"{said} Boxes of its detector count from spot 0.30, line 0.50."


def test_the_detector_of_boxes_can_learn_by_itself(qtbot: QtBot, app: object) -> None:
    panel = MentorTraining()
    qtbot.addWidget(panel)
    assert MentorSettings.model_validate(panel.chosen_settings) == MentorSettings()
    panel.head.setCurrentIndex(panel.head.findData("boxes"))
    assert MentorSettings.model_validate(panel.chosen_settings).head == "boxes"
    learnt = gain_said(replace(compared(), head="boxes"))
    assert learnt.endswith("Only the detector of boxes has learnt. Both at the thresholds of the deployed run.")


def test_the_encoder_learns_too_where_that_of_the_deployed_run_did(qtbot: QtBot, app: object) -> None:
    panel = MentorTraining()
    qtbot.addWidget(panel)

    def said() -> tuple[bool, bool, int, int]:
        values = panel.chosen_settings
        return panel.tune.isEnabled(), panel.tune.isChecked(), values["epochs"], values["finetune_epochs"]

    assert said() == (False, False, 12, 0)
    config = default_config("fast", height=64, width=64)
    frozen = RunRecord(id="one", created="2026-03-01T10:00:00+00:00", status="finished", config=config, event=1)
    panel.show_base(frozen, 0)
    assert said() == (True, False, 12, 0)
    tuned = frozen.model_copy(update={"id": "two"})
    panel.show_base(tuned, 8)
    assert said() == (True, True, 8, 8)
    panel.tune.setChecked(False)
    panel.show_base(tuned, 8)
    assert said() == (True, False, 12, 0)
    panel.tune.setChecked(True)
    panel.epochs.setValue(5)
    panel.switches["transfer"].setChecked(False)
    assert said() == (False, True, 5, 0)
    panel.switches["transfer"].setChecked(True)
    panel.head.setCurrentIndex(panel.head.findData("boxes"))
    assert said() == (False, True, 5, 0)
    panel.show_base(None, 0)
    assert said() == (False, True, 5, 0)


def test_nobody_decides_without_a_name_and_a_reason(page: CandidatePage, qtbot: QtBot) -> None:
    decided: list[tuple[str, str, str]] = []
    page.decided.connect(lambda *said: decided.append(said))
    page.show_begun("candidate")
    click(page.reject)
    page.who.setText("A. Huber")
    click(page.reject)
    page.reason.setText(" misses scratches ")
    click(page.reject)
    assert decided == [("rejected", "A. Huber", "misses scratches")]


def test_the_map_of_features_shows_old_and_new_images_side_by_side(drive: Drive, tmp_path: Path) -> None:
    folder = make_project(tmp_path, images=2)

    async def work() -> None:
        window = await at_mentor(folder)
        features = window.mentor.training.features
        assert features is not None
        rng = np.random.default_rng(0)
        laid = FeaturesMap(np.array([1, 2, 2]), np.array([True, False, True]), rng.random((3, 2)), rng.random((3, 2)))
        features._show(laid)
        assert [len(canvas.ids) for canvas in features.canvases] == [3, 3]
        assert "spot, line" in features.legend.text()
        assert features.canvases[0].describe(1) == "line"
        await shut(window)

    drive(work())


def test_detections_that_the_candidate_finds_anew_are_opened_from_the_strip(drive: Drive, tmp_path: Path) -> None:
    folder = make_project(tmp_path, images=2)

    async def work() -> None:
        window = await at_mentor(folder)
        assert window.bench is not None
        mentor, page = window.mentor, window.mentor.page.candidate
        page.unjudged.show_rows([mentor.judging.show.row(d) for d in detections_of(window.bench.project)], "")
        assert page.unjudged.heading.text().endswith(": 4")
        page.unjudged.list.go_to_row(3)
        page.unjudged.list.activated.emit(page.unjudged.list.currentIndex())
        assert mentor.judging.current is not None
        assert mentor.judging.current.id == "one-2-right"
        await shut(window)

    drive(work())


def test_what_the_candidate_finds_anew_can_be_judged_next(drive: Drive, tmp_path: Path) -> None:
    folder = make_project(tmp_path, images=2)

    async def work() -> None:
        window = await at_mentor(folder)
        training, judging = window.mentor.training, window.mentor.judging
        new = Detection("candidate/2/new-0", 2, "candidate", Box(70, 10, 80, 20), 2, 0.8)
        training._show_compared(replace(compared(), unjudged=(new,)))
        window.mentor.page.turn_to(window.mentor.page.candidate)
        click(window.mentor.page.candidate.enqueue)
        assert judging.current == new
        judging.confirm()
        assert window.bench is not None
        assert [j.detection for j in window.bench.images[2].judged] == [new]
        drawn = window.bench.project.state.label_map(2)
        assert drawn is not None
        assert (drawn[70:80, 10:20] == 2).all()
        await shut(window)

    drive(work())


def test_a_training_begins_by_itself_once_for_each_time_that_enough_was_decided(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path, images=2)

    async def work() -> None:
        window: MainWindow = await at_mentor(folder)
        desk, begun = window.mentor.training, []
        window.mentor.judging.confirm()
        await until(window.mentor.judging.moved, lambda: desk.can_begin)
        monkeypatch.setattr(desk, "begin", lambda: begun.append(True))
        desk.enough_is_decided(True)
        assert begun == []
        window.mentor_panel.training.by_itself.setChecked(True)
        for enough in (True, True, False, True):
            desk.enough_is_decided(enough)
        assert len(begun) == 2
        await shut(window)

    drive(work())
