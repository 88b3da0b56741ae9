"""Comparing runs: figures, paired intervals, settings, and the images on which they differ, from made-up runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from defectstudio.app import workflows
from defectstudio.app.compared import Comparison
from defectstudio.app.comparison import compare_job, default_split
from defectstudio.app.runs import deleted_runs, purge_job, run_rows
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import CURVE, PREDICTIONS, RECORD
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import UNLABELLED
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.runs import RunKeeper
from defectstudio.sessions.session import Session
from tests.made_runs import TEST, TRAIN, add_run, add_unended_run, make_project

# Images 9 to 32 are in test; even numbers are defective.
BAD = {9, 10, 12, 14}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the runs good (never wrong on test), bad (wrong on four images) and twin (as good as good)."""
    folder = make_project(tmp_path_factory.mktemp("comparison"))
    with Project.open(folder) as project:
        session = Session(project)
        add_run(session, "good")
        add_run(session, "bad", wrong=BAD, seed=7)
        add_run(session, "twin", seed=3)
    return folder


@pytest.fixture
def session(made: Path, tmp_path: Path) -> Iterator[Session]:
    """A copy of that project, open for writing."""
    with Project.open(Path(shutil.copytree(made, tmp_path / "copy"))) as project:
        yield Session(project)


def compare(session: Session, *runs: str, split: str | None = "test", **options: object) -> Comparison:
    return finish(compare_job(session.project, runs, split, draws=200, **options)(CancelToken()))  # type: ignore[arg-type]


def test_the_figures_are_those_of_evaluation_and_lie_in_their_intervals(session: Session) -> None:
    found = compare(session, "good", "bad")
    for column in found.runs:
        part = finish(workflows.evaluation_job(session.project, column.run)(CancelToken())).of("test")
        assert part is not None
        assert (column.ap.value, column.pixel_ap.value) == pytest.approx((part.ap, part.pixel_ap))
        assert (column.fp, column.fn, column.auc) == pytest.approx((part.fp, part.fn, part.auc))
        assert (column.f1.value, column.ca.value, column.iou) == pytest.approx((part.f1, part.ca, part.iou))
        for figure in (column.ap, column.f1, column.ca, column.pixel_ap):
            assert figure.low is not None
            assert figure.high is not None
            assert figure.low <= figure.value <= figure.high  # type: ignore[operator]
    assert (found.images, found.defective, found.groups, found.pixel_images) == (TEST, TEST // 2, TEST - 1, TEST)


def test_a_better_run_is_clearly_better_and_an_equal_one_is_not(session: Session) -> None:
    found = compare(session, "bad", "good", "twin")
    by_pair = {(d.first, d.second): d for d in found.differences}
    assert set(by_pair) == {("bad", "good"), ("bad", "twin"), ("good", "twin")}
    assert by_pair["bad", "good"].ap.clear
    assert by_pair["bad", "good"].ap.value > 0  # type: ignore[operator]
    assert not by_pair["good", "twin"].ap.clear
    assert (by_pair["good", "twin"].ap.low, by_pair["good", "twin"].ap.high) == (0.0, 0.0)


def test_the_same_seed_gives_the_same_intervals_whatever_the_size_of_the_parts(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = compare(session, "good", "bad")
    monkeypatch.setattr("defectstudio.app.measured.AT_ONCE", 7 * 1024)
    assert compare(session, "good", "bad") == whole
    assert compare(session, "good", "bad", seed=1).runs != whole.runs


def test_images_called_differently_come_first_with_who_is_right(session: Session) -> None:
    found = compare(session, "good", "bad")
    first = found.differing[: len(BAD)]
    assert {image.image for image in first} == BAD
    assert found.contested == len(BAD)
    assert {tuple(image.right) for image in first} == {("good",)}
    by_name = {image.image: image for image in first}
    assert (by_name[9].truth, by_name[9].called) == ("good", [False, True])
    assert (by_name[10].truth, by_name[10].called) == ("defective", [True, False])
    ranks = [image.rank_difference for image in found.differing[len(BAD) :]]
    assert ranks == sorted(ranks, reverse=True)
    assert not any(image.contested for image in found.differing[len(BAD) :])


def test_an_unlabelled_image_counts_in_no_figure_but_nobody_is_right_about_it(session: Session) -> None:
    session.tag([10], UNLABELLED)
    found = compare(session, "good", "bad")
    assert (found.images, found.unreviewed) == (TEST - 1, 1)
    about = next(image for image in found.differing if image.image == 10)
    assert (about.truth, about.right, about.contested) == ("unlabelled", [], True)


def test_images_that_trained_one_of_the_runs_count_only_when_asked_for(session: Session) -> None:
    everywhere = compare(session, "good", "bad", split=None)
    assert (everywhere.images, everywhere.trained_on) == (TEST, TRAIN)
    asked = compare(session, "good", "bad", split=None, with_trained=True)
    assert (asked.images, asked.trained_on) == (TEST + TRAIN, 0)
    with pytest.raises(DefectStudioError, match="No tagged image"):
        compare(session, "good", "bad", split="train")
    assert default_split(session.project) == "test"


def test_images_without_a_prediction_of_one_run_are_left_out_and_counted(session: Session) -> None:
    from defectstudio.data.predictions import Scored, write_predictions

    path = session.project.runs_folder / "bad" / PREDICTIONS
    old = Predictions(path)
    kept = [Scored(i, old.scores[i], old.heat(i), old.splits[i]) for i in old.ids if i not in {31, 32}]
    write_predictions(path, kept, stride=1, input_size=(24, 24))
    assert compare(session, "good", "bad").unpredicted == 2


def test_only_settings_that_differ_are_listed(session: Session) -> None:
    add_run(session, "other", images=tuple(range(9, 17)), segmented=(), threshold_from="validation")
    settings = {one.name: one.values for one in compare(session, "good", "other", with_trained=True).settings}
    assert settings["training images"] == ["8", "8 others"]
    assert settings["masks"] == ["4", "0"]
    assert settings["threshold from"] == ["none", "validation"]
    assert "epochs" not in settings
    assert {one.name: one.values for one in compare(session, "good", "bad").settings}["seed"] == ["0", "7"]


def test_runs_on_other_labels_say_so_and_steps_about_runs_are_no_labels(session: Session) -> None:
    assert "labels as of event" not in {one.name for one in compare(session, "good", "bad").settings}
    session.tag([1], UNLABELLED)
    add_run(session, "later")
    settings = {one.name: one.values for one in compare(session, "good", "later").settings}
    before, after = map(int, settings["labels as of event"])
    assert after > before


def test_curves_come_along_and_a_half_written_line_is_skipped(session: Session) -> None:
    with (session.project.runs_folder / "bad" / CURVE).open("a") as curve:
        curve.write('{"epoch": 6, "lo')
    found = compare(session, "good", "bad")
    assert [len(column.training) for column in found.runs] == [5, 5]
    good, bad = found.runs
    assert (good.recall[0], good.recall[-1]) == (0.0, 1.0)
    assert all(p == 1.0 for r, p in zip(good.recall, good.precision, strict=True) if r < 1)
    assert any(p < 1.0 for r, p in zip(bad.recall, bad.precision, strict=True) if r < 1)


def test_a_comparison_can_be_stopped_and_is_one_json_object(session: Session) -> None:
    token = CancelToken()
    job = compare_job(session.project, ["good", "bad"], "test")(token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        finish(job)
    text = json.dumps(compare(session, "good", "bad").model_dump(mode="json"), allow_nan=False)
    assert json.loads(text)["contested"] == 4


@pytest.mark.parametrize("runs", [["good"], ["good", "good"], ["good", "bad", "twin", "a", "b"]])
def test_other_than_two_to_four_runs_are_refused(session: Session, runs: list[str]) -> None:
    with pytest.raises(DefectStudioError, match="cannot be compared"):
        compare(session, *runs)


def test_a_run_without_predictions_says_what_to_do(session: Session) -> None:
    add_unended_run(session, "half", "stopped")
    with pytest.raises(DefectStudioError, match="half has no predictions") as refused:
        compare(session, "good", "half")
    assert "predict" in refused.value.hint
    with pytest.raises(DefectStudioError, match="no run gone"):
        compare(session, "good", "gone")


def test_the_table_shows_every_run_with_its_state_and_its_figures(session: Session) -> None:
    add_unended_run(session, "killed")
    add_unended_run(session, "broken", "failed")
    RunKeeper(session).rename("good", "lamp B")
    (session.project.runs_folder / "bad" / RECORD).write_text("{")
    shutil.rmtree(session.project.runs_folder / "twin")
    rows = {row.id: row for row in run_rows(session.project)}
    states = {run: row.state for run, row in rows.items()}
    assert states == {
        "good": "finished",
        "killed": "running",
        "broken": "failed",
        "bad": "damaged",
        "twin": "missing",
    }
    good = rows["good"]
    assert (good.title, good.net, good.masks, good.ap, good.pixel_ap) == ("lamp B", "fast", 4, 0.9, 0.8)
    assert (good.split, good.seen, good.comparable) == ("test", False, True)
    assert "missing" in rows["twin"].problem
    assert "damaged" in rows["bad"].problem
    assert rows["broken"].problem == "It broke."
    assert not any(rows[run].comparable for run in ("killed", "broken", "bad", "twin"))
    assert list(rows)[-2:] == ["bad", "twin"]


def test_figures_on_images_that_trained_the_run_are_marked(session: Session) -> None:
    add_run(session, "blind", metrics={"train/ap": 1.0, "train/images": 8.0})
    row = next(row for row in run_rows(session.project) if row.id == "blind")
    assert (row.split, row.seen, row.pixel_ap) == ("train", True, None)


def test_purging_removes_the_files_of_deleted_runs_and_of_no_other(session: Session) -> None:
    project, keeper = session.project, RunKeeper(session)
    keeper.delete(["bad", "twin"])
    waiting = deleted_runs(project)
    assert {run.id for run in waiting} == {"bad", "twin"}
    assert all(run.bytes > 1000 for run in waiting)
    purged = finish(purge_job(project)(CancelToken()))
    assert (set(purged.runs), purged.bytes) == ({"bad", "twin"}, sum(run.bytes for run in waiting))
    assert [path.name for path in project.runs_folder.iterdir()] == ["good"]
    assert deleted_runs(project) == []
    with pytest.raises(DefectStudioError, match="no deleted run"):
        keeper.restore("bad")
    session.undo()
    assert {row.id: row.state for row in run_rows(project)} == {"good": "finished", "bad": "missing", "twin": "missing"}
