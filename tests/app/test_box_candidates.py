"""A run with a detector of boxes: approved with thresholds of its own, it looks, learns from verdicts, is compared."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from defectstudio.app import mentoring, mentoring_compare, workflows
from defectstudio.app.approval_thresholds import LEAST
from defectstudio.app.box_evaluation import box_evaluation_job
from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.mining import read_queue
from defectstudio.data.project import Project
from defectstudio.data.runs import BOXES, WEIGHTS, BoxSettings, RunRecord, default_config, read_run, write_run
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.recording_mentored import keep_boxes
from defectstudio.sessions.session import Session
from tests.made_mentoring import NEW, OLD, SIDE, fill, labelled

VAL = 2 * LEAST


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a detector on twelve old images, validation images beside them, and a folder of new ones."""
    folder = tmp_path_factory.mktemp("boxes")
    with Project.create(folder / "project") as project:
        fill(project, labelled(folder / "old", range(OLD), 90, "train"))
        fill(project, labelled(folder / "val", range(100, 100 + VAL), 90, "val"))
        config = default_config(height=SIDE, width=SIDE, epochs=2, threads=1, threshold_folds=0, precision="32")
        boxes = BoxSettings(epochs=30, anchors=1, lr=0.01, running_mean=0.9)
        job = workflows.train_job(project, config, run_id="base", boxes=boxes)
        workflows.record_run(Session(project), finish(job(CancelToken())))
    with Project.create(folder / "truth") as truth:
        fill(truth, labelled(folder / "new", range(OLD, OLD + NEW), 90, "new"))
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "copy"))


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    with Project.open(folder / "project") as project:
        yield Session(project)


def approve(session: Session, run: str = "base") -> None:
    of = finish(mentoring.thresholds_job(session.project, run)(CancelToken()))
    mentoring.approve(session, run, "Eva", "", of.thresholds, of.source, of.cuts, of.box_thresholds)


def judged(session: Session, folder: Path) -> int:
    """Let the detector of boxes look through the new images, and say yes to all that it finds."""
    found = finish(mentoring.mine_job(session.project, folder / "new", {"head": "boxes"})(CancelToken()))
    mentoring.record_mined(session, found)
    work = mentoring.open_mentoring(session)
    while work.current is not None:
        work.judge("confirmed")
    return len(found.detections)


def candidate(session: Session, **settings: object) -> RunRecord:
    record = finish(mentoring.candidate_job(session.project, {"epochs": 2, **settings})[0](CancelToken()))
    workflows.record_run(session, record)
    return record


def test_the_detector_is_approved_with_thresholds_and_a_hash_of_its_own(session: Session) -> None:
    approve(session)
    folder = session.project.folder
    session.project.close()
    with Project.open(folder) as project:
        approval = project.state.approvals["base"]
        assert approval.box_weights
        assert 0 < approval.of_head("boxes").threshold(1) < 1
        assert approval.of_head("boxes").threshold(1) != approval.threshold(1)
        with (project.runs_folder / "base" / BOXES).open("ab") as file:
            file.write(b"x")
        with pytest.raises(DefectStudioError, match="not those that were approved"):
            mentoring.check_deployed(project)


def test_a_run_without_a_detector_neither_looks_nor_learns_by_boxes(session: Session, folder: Path) -> None:
    project = session.project
    shutil.copytree(project.runs_folder / "base", project.runs_folder / "plain")
    plain = read_run(project.runs_folder / "base").model_copy(update={"id": "plain", "boxes": None})
    write_run(project.runs_folder / "plain", plain)
    workflows.record_run(session, plain)
    mentoring.approve(session, "plain", "Eva")
    with pytest.raises(DefectStudioError, match="no detector of boxes"):
        mentoring.mine_job(project, folder / "new", {"head": "boxes"})
    with pytest.raises(DefectStudioError, match="no detector of boxes"):
        mentoring.candidate_job(project, {"head": "boxes"})
    with pytest.raises(DefectStudioError, match="no detector of boxes"):
        mentoring.approve(session, "plain", "Eva", box_thresholds={1: 0.5})
    assert finish(box_evaluation_job(project, "plain")(CancelToken())) == []


def test_boxes_are_measured_beside_those_of_the_heat_maps(session: Session) -> None:
    rows = finish(box_evaluation_job(session.project, "base")(CancelToken()))
    assert [(row.split, row.head, row.images, row.seen) for row in rows] == [
        ("train", "boxes", OLD, OLD),
        ("train", "cells", OLD, OLD),
        ("val", "boxes", VAL, 0),
        ("val", "cells", VAL, 0),
    ]
    detector = rows[2]
    assert detector.map is not None
    assert detector.map > 0.5
    assert detector.ap == {"spot": pytest.approx(detector.map, abs=1e-4)}


def test_verdicts_on_boxes_train_the_detector_alone_and_before_and_after_shows_it(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = session.project
    approve(session)
    assert judged(session, folder) > 0
    queue = read_queue(project.folder)
    assert all(not mined.cells for mined in queue.detections)
    assert len(queue.looked["base/boxes"]) == NEW
    assert finish(mentoring.mine_job(project, "new")(CancelToken())).looked == queue.looked["base/boxes"]
    record = candidate(session, head="boxes")
    base, made = project.runs_folder / "base", project.runs_folder / record.id
    assert (made / WEIGHTS).read_bytes() == (base / WEIGHTS).read_bytes()
    assert (made / BOXES).read_bytes() != (base / BOXES).read_bytes()
    assert record.mentoring is not None
    assert record.boxes is not None
    assert (record.mentoring.base, record.boxes.epochs) == ("base", 2)
    asked, known = list[tuple[str, str]](), mentoring_compare.found_job
    monkeypatch.setattr(
        mentoring_compare, "found_job", lambda f, r, head, *more: asked.append((r.id, head)) or known(f, r, head, *more)
    )
    compared = finish(mentoring.compare_candidate_job(project, record.id)(CancelToken()))
    assert (compared.head, compared.fitted_on) == ("boxes", "validation")
    assert asked == [("base", "boxes"), (record.id, "boxes")]
    assert compared.old["map"].after is not None
    approve(session, record.id)
    deployed, approval = mentoring.check_deployed(project, "boxes")
    assert (deployed.id, bool(approval.thresholds)) == (record.id, True)


def test_a_stopped_training_of_boxes_is_begun_again(session: Session, folder: Path) -> None:
    project = session.project
    approve(session)
    judged(session, folder)
    token = CancelToken()
    job, run = mentoring.candidate_job(project, {"epochs": 2, "head": "boxes"})
    steps = job(token)
    with pytest.raises((StopIteration, Cancelled)) as ended:
        while True:
            if next(steps).text.startswith("Training boxes"):
                token.cancel()
    assert isinstance(ended.value, StopIteration)
    assert ended.value.value.status == "stopped"
    again = finish(workflows.resume_job(project, run)(CancelToken()))
    assert again.status == "finished"
    assert (project.runs_folder / run / BOXES).is_file()


def test_a_candidate_that_keeps_the_trunk_keeps_the_detector(session: Session, folder: Path) -> None:
    project = session.project
    approve(session)
    judged(session, folder)
    kept = candidate(session, epochs=1)
    assert kept.boxes == read_run(project.runs_folder / "base").boxes
    assert (project.runs_folder / kept.id / BOXES).read_bytes() == (project.runs_folder / "base" / BOXES).read_bytes()
    assert kept.mentoring is not None
    tuned = kept.mentoring.model_copy(update={"settings": MentorSettings(finetune_epochs=1)})
    other = kept.model_copy(update={"mentoring": tuned, "boxes": None})
    assert keep_boxes(project.runs_folder / "base", other, folder) is other
    assert not (folder / BOXES).exists()


def test_a_run_whose_detector_is_gone_is_not_approved(session: Session) -> None:
    (session.project.runs_folder / "base" / BOXES).unlink()
    with pytest.raises(DefectStudioError, match="detector of boxes of run base is missing"):
        mentoring.approve(session, "base", "Eva")
