"""From a project to a run, a ranking and a report, on a few tiny generated images."""

import json
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app import workflows
from defectstudio.app.demo import keep_masks
from defectstudio.app.projects import import_job, record_import, summary
from defectstudio.app.ranking import rank_job
from defectstudio.app.report import report_job
from defectstudio.app.selection import SelectSettings, budget, map_job, queue_job, requeue
from defectstudio.app.selection_store import read_scoring
from defectstudio.data.check import check
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig, default_config, read_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, Progress, finish
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image

SIZE = 96


def tiny(**changes: object) -> TrainConfig:
    return default_config(epochs=2, height=64, width=64, threads=1, **changes)


def square(shape: tuple[int, int]) -> LabelMap:
    label_map = np.zeros(shape, np.uint8)
    label_map[30:60, 30:60] = 1
    return label_map


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 24 images, 12 of them with a bright square; of the 8 in train, 4 have a mask. One trained run."""
    base = tmp_path_factory.mktemp("workflows")
    items = []
    for number in range(24):
        pixels = surface(number, SIZE, SIZE)
        if number % 2:
            pixels[30:60, 30:60] += 100
        path = write_image(base / "source" / f"{number:02d}.png", pixels)
        verdict, split = Verdict.DEFECTIVE if number % 2 else Verdict.GOOD, "test" if number >= 16 else "train"
        mask = square if number % 2 else None
        items.append(ImportItem(path, path.stem, verdict, split=split, masks=(path,) if mask else (), read_map=mask))
    plan = ImportPlan("folder", base / "source", items, ("defect",))
    keep_masks(plan, 4, 0)
    with Project.create(base / "project") as project:
        session = Session(project)
        record_import(session, plan, finish(import_job(project, plan)(CancelToken())))
        record = finish(workflows.train_job(project, tiny(), run_id="first")(CancelToken()))
        workflows.record_run(session, record)
    return base / "project"


def test_a_finished_run_is_part_of_the_project_with_its_figures_and_predictions(folder: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        (record,) = workflows.runs(project)
        assert len(record.segmented) == 4
        assert record.metrics["test/images"] == 8
        scores = workflows.predictions(project).scores
        assert set(scores) == set(project.present_images())
        assert all(0 <= p <= 1 for p in scores.values())
    assert finish(check(folder, CancelToken())).whole


def test_evaluation_counts_each_split_and_knows_pixels_only_where_maps_are_known(folder: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        evaluation = finish(workflows.evaluation_job(project)(CancelToken()))
    test, train = evaluation.of("test"), evaluation.of("train")
    assert test is not None
    assert train is not None
    assert (test.images, test.defective, test.pixel_images) == (8, 4, 8)
    assert (train.images, train.defective, train.pixel_images) == (16, 8, 12)
    assert test.ap is not None
    assert test.fp + test.fn == round((1 - test.ca) * 8)


def test_the_ranking_lists_exactly_the_defective_training_images_without_a_mask(folder: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        snapshot = project.snapshot()
        pool = {i.name for i in snapshot.images if i.split == "train" and i.defective and not i.segmented}
        doubted, random = (SelectSettings(strategy=name) for name in ("least-confidence", "random"))
        ranking = finish(rank_job(project, tiny(), doubted)(CancelToken()))
        everything = finish(rank_job(project, tiny(), random, segmented=0)(CancelToken()))
    assert {row.name for row in ranking.images} == pool
    assert [row.p_defect for row in ranking.images] == sorted(row.p_defect for row in ranking.images)
    assert everything.pool == 8


def test_a_scoring_trains_leaves_scores_and_looks_and_fills_the_map(folder: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        found = finish(queue_job(project, tiny(), SelectSettings(batch=3))(CancelToken()))
        again = requeue(project, SelectSettings(batch=3))
        scoring = read_scoring(project.cache_folder)
        layout = finish(map_job(project, "pca")(CancelToken()))
        cached = finish(map_job(project, "pca")(CancelToken()))
        tagged = project.snapshot().split("train").tagged.images
    assert again is not None
    assert [item.image for item in found.items] == [item.image for item in again.items]
    assert scoring is not None
    assert scoring.ids.tolist() == [image.id for image in tagged]
    assert set(scoring.fold.tolist()) == {0, 1}
    assert layout.xy.shape == (len(layout.ids), 2)
    assert layout.xy.dtype == np.float32
    assert 0 <= layout.xy.min() <= layout.xy.max() <= 1
    assert np.array_equal(layout.xy, cached.xy)


def test_a_budget_needs_runs_with_three_numbers_of_masks(folder: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        by_figure = {name: budget(project, name) for name in ("ap", "pixel_ap", "iou")}
    for found in by_figure.values():
        assert found is not None
        assert found.images == 8
        point = found.points[0]  # tests of the same project may have trained others
        assert (point.run, point.masks) == ("first", 4)
        assert 0 <= point.value <= 1
        assert found.sentence == "A curve needs runs with three different numbers of masks; there is 1 so far."
        assert not found.stop


def test_the_report_is_one_file_that_loads_nothing_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        page = finish(report_job(project, out=tmp_path / "report.html")(CancelToken())).read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<img") == 2 * 8
    assert page.count("alt=") == page.count("<img")
    assert "AP" in page


def test_the_same_seed_and_labels_give_the_same_weights(folder: Path) -> None:
    with Project.open(folder) as project:
        again = finish(workflows.train_job(project, tiny(), run_id="again")(CancelToken()))
    one, other = (folder / "runs" / run / "weights.safetensors" for run in ("first", "again"))
    assert again.metrics == read_run(folder / "runs" / "first").metrics
    assert one.read_bytes() == other.read_bytes()


def test_a_cancelled_training_leaves_a_stopped_run_that_can_be_recorded(folder: Path) -> None:
    with Project.open(folder) as project:
        token = CancelToken()
        job = workflows.train_job(project, tiny(seed=1).model_copy(update={"epochs": 500}), run_id="stopped")(token)

        def stop_after_an_epoch(progress: object) -> None:
            if "loss" in getattr(progress, "values", {}):
                token.cancel()

        record = finish(job, stop_after_an_epoch)
        assert record.status == "stopped"
        session = Session(project)
        workflows.record_run(session, record)
        assert "stopped" in project.state.runs
        session.undo()
        assert "stopped" not in project.state.runs
    assert finish(check(folder, CancelToken())).whole


def test_a_changed_weight_file_is_found(folder: Path) -> None:
    weights = folder / "runs" / "first" / "weights.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    try:
        assert any("weights" in problem for problem in finish(check(folder, CancelToken())).problems)
    finally:
        weights.write_bytes(content)


def test_asking_for_more_masks_than_there_are_or_an_unknown_run_says_what_there_is(folder: Path) -> None:
    with Project.open(folder, readonly=True) as project:
        with pytest.raises(DefectStudioError, match="only 4"):
            workflows.choose_segmented(workflows.training_images(project.snapshot(), ["train"]), 5, 0)
        with pytest.raises(DefectStudioError, match="first"):
            workflows.run_folder(project, "missing")
        with pytest.raises(DefectStudioError, match="reading only"):
            workflows.train_job(project, tiny())
        assert json.loads(summary(project).model_dump_json())["runs"] == ["first"]


def test_images_that_nobody_tagged_neither_train_nor_count(session: Session) -> None:
    from defectstudio.domain.labels import UNLABELLED

    session.tag([1, 5], UNLABELLED)
    snapshot = session.project.snapshot()
    assert [image.id for image in workflows.training_images(snapshot, ["train"]).images] == [2, 3]


def test_cancelling_while_it_predicts_keeps_the_finished_training(folder: Path) -> None:
    token = CancelToken()
    with Project.open(folder) as project:
        job = workflows.train_job(project, tiny(), run_id="cut-short")(token)

        def cancel_late(step: Progress) -> None:
            # Training ends with predicting its own images, for the threshold; only then come all of the project.
            if step.text == "Predicting" and step.total == len(project.present_images()):
                token.cancel()

        record = finish(job, cancel_late)
        assert record.status == "finished"
        assert not workflows.is_measured(project, record)
        workflows.record_run(Session(project), record)
        with pytest.raises(DefectStudioError, match="no predictions"):
            workflows.predictions(project, "cut-short")
        Session(project).undo()
