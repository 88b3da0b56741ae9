"""The study of active learning: its plan, its replay of masks, its table and its curves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from defectstudio.app.active_chart import WIDTH, as_picture, as_svg, draw
from defectstudio.app.active_table import Row, table_of
from defectstudio.app.replay import Asking, Outcome, Replay
from defectstudio.app.study_active import ActiveGrid, active_plan
from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning import folds
from tests.conftest import spot


def pieces(defective: int = 8, good: int = 8, split: str = "train") -> Snapshot:
    """Images that differ in size alone would do: nothing here is trained."""
    count = defective + good
    pixels = [np.full((48, 40), 90 + k, np.uint8) for k in range(count)]
    maps = [spot() if k < defective else None for k in range(count)]
    tags = [DEFECTIVE if k < defective else GOOD for k in range(count)]
    return Snapshot.from_arrays(pixels, maps, tags, splits=[split] * count)


@pytest.fixture
def replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Replay:
    """Eight masks, two of them there at the start; out of fold, image k has P = k / 20."""

    def score_folds(snapshot: Snapshot, wanted: object, *_rest: object) -> object:
        yield from ()
        ids = np.array([image.id for image in snapshot.images])
        seen = [image.id for image in snapshot.images if image.defective and image.segmented]
        assert len(seen) == 2, "the fold models see the starting masks alone"
        return folds.FoldScores(ids, np.zeros(len(ids), np.int64), ids / 20)

    monkeypatch.setattr(folds, "score_folds", score_folds)
    return Replay(pieces(), pieces(), default_config(seed=3), tmp_path, tmp_path / "memory", start=2)


def names(replay: Replay, strategy: str) -> list[int]:
    asking = Asking(strategy, calibrate=False)
    return [image.id for image in finish(replay.order(asking, 4, CancelToken()))]


def test_a_replay_uncovers_the_starting_masks_then_those_that_the_strategy_asks_for(replay: Replay) -> None:
    started = [image.id for image in replay.started]
    rest = [k for k in range(1, 9) if k not in started]
    assert names(replay, "least-confidence") == [*started, *rest]
    assert sorted(names(replay, "random")) == list(range(1, 9))
    assert names(replay, "random")[:2] == started
    assert names(replay, "random") == names(replay, "random")
    assert names(replay, "margin") == [*started, *sorted(rest, key=lambda k: abs(2 * k / 20 - 1))]


def test_scores_are_computed_once_for_all_strategies(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    first = names(replay, "least-confidence")

    def refuse(*_arguments: object) -> None:
        raise AssertionError("scored again")

    monkeypatch.setattr(folds, "score_folds", refuse)
    assert names(replay, "least-confidence") == first
    names(replay, "entropy")


def test_more_starting_masks_than_there_are_make_no_replay(tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match="9 starting masks"):
        Replay(pieces(), pieces(), default_config(), tmp_path, tmp_path, start=9)


def rows_by_hand() -> list[Row]:
    """Three repeats; "good" is 2, 3 and 4 points above random at 5 masks, the same at none and all."""
    found: list[Row] = []
    for repeat in range(3):
        for setting, at_five in (("random", 0.6), ("good", 0.62 + 0.01 * repeat), ("bad", 0.4)):
            for masks, value in ((0, 0.5), (5, at_five), (20 + repeat, 0.625)):
                found.append((setting, repeat, masks, Outcome(value, None, masks)))
    return found


def test_the_table_compares_with_random_in_the_same_repeats() -> None:
    table = table_of(rows_by_hand())
    assert (table.repeats, table.most, table.test) == (3, 21, "paired t")
    curves = {curve.setting: curve for curve in table.curves}
    at_five = curves["good"].points[1]
    assert (at_five.masks, at_five.repeats) == (5, 3)
    assert at_five.mean == pytest.approx(0.63)
    assert at_five.deviation == pytest.approx(0.01)
    assert at_five.above_random == pytest.approx(0.03)
    # Differences 2, 3, 4: t = 3 / (1 / sqrt(3)) = 5.196 with 2 degrees of freedom.
    assert at_five.p == pytest.approx(0.0351, abs=1e-4)
    assert curves["good"].p_holm == pytest.approx(0.0351, abs=1e-4)  # after "bad", whose p is 0: one test is left
    assert curves["random"].p_holm is None
    assert curves["good"].enough == 5
    assert curves["random"].enough == 21
    assert {curve.figure for curve in table.curves} == {"ap"}


def test_the_sentences_say_who_is_below_random_and_when_it_is_enough() -> None:
    better, worse = table_of(rows_by_hand()).sentences
    assert better == (
        "good: AP +3.0 against random over all numbers of masks (paired t, n = 3, p = 0.035 after Holm: significant); "
        "99 % of the figure of all 21 masks: from N = 5 on."
    )
    assert "bad: AP -20.0" in worse
    assert "below random by more than its deviation at N = 5" in worse
    assert worse.endswith("never before all.")


def test_the_curves_are_drawn_the_same_as_svg_and_png() -> None:
    shapes = draw(table_of(rows_by_hand()), "ap")
    svg = ElementTree.fromstring(as_svg(shapes))
    texts = [node.text for node in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"random", "good", "bad", "segmented images", "0", "5", "21"} <= set(texts)
    picture = as_picture(shapes)
    assert picture.size[0] == 2 * WIDTH
    colors = {color for _, color in picture.getcolors(1 << 20)}
    assert (0x66, 0x66, 0x66) in colors
    assert len(as_svg(draw(table_of([]), "ap"))) > 100


def test_the_plan_varies_each_setting_once_and_random_by_nothing_but_classes() -> None:
    whole = pieces()
    test = pieces(2, 2, "test")
    joined = Snapshot(0, (), (*whole.images, *(_moved(image, 100) for image in test.images)), whole.read)
    grid = ActiveGrid(
        strategies=["random", "ours"], folds=[2, 4], calibrate=[True, False], masks=[3, 99], repeats=[0, 1]
    )
    plan = active_plan(grid, joined)
    # random, ours x K x calibration; 0, 3 and all 8 masks; two repeats.
    assert len(plan.jobs) == (1 + 4) * 3 * 2
    assert {job.arguments["label"] for job in plan.jobs} == {
        "random",
        "ours K=2",
        "ours K=4",
        "ours K=2 uncalibrated",
        "ours K=4 uncalibrated",
    }
    assert {job.arguments["spread"] for job in plan.jobs} == {3}
    with pytest.raises(DefectStudioError, match="no strategy best"):
        active_plan(ActiveGrid(strategies=["best"]), joined)
    with pytest.raises(DefectStudioError, match="cannot both"):
        active_plan(ActiveGrid(test="train"), joined)
    with pytest.raises(DefectStudioError, match="8 masks"):
        active_plan(ActiveGrid(masks=[50]), joined)


def _moved(image: SnapshotImage, by: int) -> SnapshotImage:
    return replace(image, id=image.id + by)


def test_the_command_runs_a_small_study_and_leaves_table_and_curves(folder: Path, tmp_path: Path) -> None:
    small = ["--set", "epochs=1", "--set", "height=64", "--set", "width=64"]
    how = ["--strategies", "random,ours", "--masks", "2", "--repeats", "1", "--workers", "1", "--threads", "1"]
    assert run(["study", "active", str(folder), *how, *small, "--out", str(tmp_path)]) == 0
    study = tmp_path / "active"
    table = json.loads((study / "active.json").read_text(encoding="utf-8"))
    assert {(c["setting"], c["figure"]) for c in table["curves"]} == {
        (setting, figure) for setting in ("random", "ours") for figure in ("ap", "pixel_ap")
    }
    assert [p["masks"] for p in table["curves"][0]["points"]] == [0, 2, 8]
    for name in ("curve-ap", "curve-pixel-ap"):
        ElementTree.parse(study / f"{name}.svg")
        with Image.open(study / f"{name}.png") as picture:
            assert picture.format == "PNG"
    with Project.open(folder, readonly=True):  # nothing holds the project
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of 24 generated surfaces; of the 16 in train, 8 are defective and have masks."""
    from defectstudio.app.projects import import_job, record_import
    from defectstudio.data.exchange.plan import ImportItem, ImportPlan
    from defectstudio.domain.labels import Verdict
    from defectstudio.sessions.session import Session
    from tests.conftest import surface, write_image

    items = []
    for number in range(24):
        pixels = surface(number)
        if number % 2:
            pixels[10:20, 8:18] = 250
        path = write_image(tmp_path / "source" / f"{number:02d}.png", pixels)
        verdict = Verdict.DEFECTIVE if number % 2 else Verdict.GOOD
        read = (lambda shape: spot(*shape)) if number % 2 else None
        items.append(ImportItem(path, path.stem, verdict, split="test" if number >= 16 else "train", read_map=read))
    plan = ImportPlan("folder", tmp_path / "source", items, ("defect",))
    with Project.create(tmp_path / "project") as project:
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
    return tmp_path / "project"


def test_a_job_names_a_setting_that_is_wrong_before_anything_runs() -> None:
    whole, test = pieces(), pieces(2, 2, "test")
    joined = Snapshot(0, (), (*whole.images, *(_moved(image, 100) for image in test.images)), whole.read)
    with pytest.raises(DefectStudioError, match="epochs"):
        active_plan(ActiveGrid(base={"epochs": 0}, masks=[3]), joined)
