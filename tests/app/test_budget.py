"""What more masks are worth: the runs that count, the images that count, and what is said of the curve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from defectstudio.acquisition.budget import Gain, fit_budget
from defectstudio.app.selection import budget
from defectstudio.app.selection_budget import sentence, stop_sentence
from defectstudio.app.selection_figures import DRAWS
from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.domain.errors import DefectStudioError
from defectstudio.sessions.session import Session
from tests.made_runs import TEST, add_run, make_project


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Four runs with 0, 2, 4 and 4 masks, the more the better; a fifth with other settings."""
    with Project.open(make_project(tmp_path)) as project:
        opened = Session(project)
        tested = [image for image, entry in project.state.images.items() if entry.placement.split == "test"]
        trained = [image for image in project.state.images if image not in tested]
        defective = trained[1::2]
        add_run(opened, "other", config=default_config(epochs=3))
        add_run(opened, "none", segmented=(), wrong=tested[:6])
        add_run(opened, "two", segmented=tuple(defective[:2]), wrong=tested[:2], seed=1)
        add_run(opened, "four", segmented=tuple(defective), seed=2)
        add_run(opened, "again", segmented=tuple(defective), wrong=tested[:1], seed=3)
        yield opened


def test_points_are_the_runs_of_the_newest_settings_on_held_out_images(session: Session) -> None:
    found = budget(session.project)
    assert found is not None
    assert [(point.run, point.masks) for point in found.points] == [("none", 0), ("two", 2), ("four", 4), ("again", 4)]
    assert (found.images, found.left_out) == (TEST, 1)
    values = {point.run: point.value for point in found.points}
    assert values["none"] < values["two"] < values["four"] == 1
    for point in found.points:
        assert point.low is not None
        assert point.high is not None
        assert point.low <= point.value <= point.high


def test_the_curve_is_drawn_up_to_the_masks_that_are_asked_about(session: Session) -> None:
    found = budget(session.project, "pixel_ap", 50)
    assert found is not None
    assert found.line is not None
    assert found.more == 4  # a curve reaches as far again as it has seen
    assert found.line.masks[0] == 0
    assert found.line.masks[-1] == 8
    assert all(a <= b for a, b in zip(found.line.low, found.line.high, strict=True))
    assert found.gain is not None
    assert found.low is not None
    assert found.low <= found.gain
    assert found.stop
    assert found.stop_sentence.startswith("Stop: even ")
    assert found.stop_sentence.endswith("is below your threshold of 50.")
    goes_on = budget(session.project, "pixel_ap", 0)
    assert goes_on is not None
    assert not goes_on.stop
    assert budget(session.project, "iou") is not None


def test_a_group_that_trained_a_run_is_not_held_out(session: Session) -> None:
    states = session.project.state.images
    trained = next(image for image, entry in states.items() if entry.placement.split == "train")
    pair = [image for image, entry in states.items() if entry.placement.group == "pair"]
    values = {"images": (trained, pair[0]), "segmented": ()}
    add_run(session, "leaky", **values)
    found = budget(session.project)
    assert found is not None
    assert found.images == TEST - 2


def test_pixels_are_counted_once_for_each_run_and_labels(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = budget(session.project, "pixel_ap")

    def refuse(*_arguments: object) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr("defectstudio.app.selection_figures.measure", refuse)
    assert budget(session.project, "pixel_ap") == first


def test_a_project_without_runs_has_no_budget_and_an_unknown_figure_is_refused(tmp_path: Path) -> None:
    with Project.open(make_project(tmp_path)) as project:
        assert budget(project) is None
        with pytest.raises(DefectStudioError, match="no figure f1"):
            budget(project, "f1")  # type: ignore[arg-type]


def test_sentences_by_hand() -> None:
    gain = Gain(20, 0.012, 0.003, 0.02)
    assert sentence(gain, "AP") == "20 more masks are worth about +1.2 AP (0.3 to 2.0)."
    assert sentence(Gain(1, 0.012, 0.003, 0.02), "IoU").startswith("1 more mask is worth about +1.2 IoU")
    assert stop_sentence(gain, "AP", 2.5) == "Stop: even 2.0 AP, the hopeful end, is below your threshold of 2.5."
    assert stop_sentence(gain, "AP", 1) == "Go on: up to 2.0 AP can be had; your threshold is 1."


def test_few_test_images_widen_the_interval_of_the_gain() -> None:
    n = np.array([0, 8, 16, 32, 64])
    y = 0.9 - 0.3 * np.exp(-n / 20)
    tested = y + np.random.default_rng(0).normal(0, 0.05, (DRAWS, n.size))
    narrow, wide = (fit_budget(n, y, repeats=60, draws=draws).gain(20) for draws in (None, tested))
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


def test_the_commands_answer_in_words_and_in_json(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(session.project.folder)
    assert run(["budget", folder, "--figure", "ap"]) == 0
    assert "worth about" in capsys.readouterr().out
    assert run(["budget", folder, "--json"]) == 0
    assert '"sentence"' in capsys.readouterr().out
    assert run(["suspects", folder]) == 0
    assert "0 tags to look at again" in capsys.readouterr().out
