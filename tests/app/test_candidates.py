"""From an approved run to a candidate: mine a folder, judge, train, compare, decide; and what must be refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from defectstudio.app import mentoring, workflows
from defectstudio.app.mentoring_simulate import judge_all
from defectstudio.app.mining import MiningSettings, Repeats
from defectstudio.data.check import check
from defectstudio.data.mentoring import MENTORED_TUNING
from defectstudio.data.mining import Mined, read_queue
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, BoxSettings, RunRecord
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNKNOWN, Box
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import write_image
from tests.made_mentoring import NEW, OLD, SQUARE, drawn, make_trained, picture


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_trained(tmp_path_factory.mktemp("mentoring"))


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "copy"))


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    with Project.open(folder / "project") as project:
        yield Session(project)


def mine(session: Session, source: Path | str, **settings: object) -> int:
    found = finish(mentoring.mine_job(session.project, source, settings)(CancelToken()))
    mentoring.record_mined(session, found)
    return len(found.detections)


def test_only_an_approved_run_looks_through_new_images(session: Session, folder: Path) -> None:
    with pytest.raises(DefectStudioError, match="No run is approved"):
        mentoring.mine_job(session.project, folder / "new")
    with pytest.raises(DefectStudioError, match="Somebody"):
        mentoring.approve(session, "base", " ")
    approval = mentoring.approve(session, "base", "Eva", "first one", {1: 0.4})
    assert approval.threshold(1) == 0.4
    assert mentoring.approved(session.project) is not None
    session.undo()
    assert mentoring.approved(session.project) is None


def test_weights_that_changed_after_the_approval_are_not_deployed(session: Session, folder: Path) -> None:
    mentoring.approve(session, "base", "Eva")
    with (session.project.runs_folder / "base" / WEIGHTS).open("ab") as file:
        file.write(b"x")
    with pytest.raises(DefectStudioError, match="not those that were approved"):
        mentoring.mine_job(session.project, folder / "new")


def test_a_rejected_candidate_is_not_deployed_and_its_reason_is_kept(session: Session) -> None:
    mentoring.reject_candidate(session, "base", "Eva", "too many false alarms")
    assert mentoring.approved(session.project) is None
    assert session.project.state.approvals["base"].reason == "too many false alarms"
    with pytest.raises(DefectStudioError, match="no run other"):
        mentoring.approve(session, "other", "Eva")


def test_from_new_images_to_a_candidate_and_its_approval(session: Session, folder: Path) -> None:
    project = session.project
    mentoring.approve(session, "base", "Eva", thresholds={1: 0.2})
    assert mine(session, folder / "new") > 0
    assert len(project.present_images()) == OLD + NEW
    with pytest.raises(DefectStudioError, match="no new image"):
        mentoring.mine_job(project, folder / "new")
    with pytest.raises(DefectStudioError, match="No verdict"):
        mentoring.candidate_job(project)
    work = mentoring.open_mentoring(session)
    before = {image: project.state.images[image].tag for image in range(1, OLD + 1)}
    with Project.open(folder / "truth", readonly=True) as truth:
        counts = judge_all(work, truth)
    assert counts["confirmed"] >= 2
    confirmed = next(j for j in mentoring.judgements(project) if j.kind == "confirmed")
    painted = project.state.label_map(confirmed.detection.image)
    assert painted is not None
    assert (painted == UNKNOWN).any()
    assert ((painted == 1) & (drawn(painted.shape) == 1)).any()
    assert {image: project.state.images[image].tag for image in before} == before
    job, run = mentoring.candidate_job(project, {"epochs": 2, "distill": True})
    record = finish(job(CancelToken()))
    workflows.record_run(session, record)
    assert record.id == run
    assert record.mentoring is not None
    assert record.mentoring.base == "base"
    assert set(record.mentoring.verdicts) == {j.detection.id for j in mentoring.judgements(project)}
    assert mentoring.open_mentoring(session).until_training == 50
    compared = finish(mentoring.compare_candidate_job(project, run)(CancelToken()))
    assert compared.old["map"].before is not None
    assert set(compared.new) == {"map", "precision", "recall", "fp_per_100"}
    laid = finish(mentoring.features_map_job(project, run)(CancelToken()))
    assert laid.before.shape == laid.after.shape == (len(laid.classes), 2)
    assert laid.new.any()
    near = mentoring.neighbours(project, confirmed.detection, 3)
    assert near
    assert confirmed.detection.id not in {d.id for d in near}
    mentoring.approve(session, run, "Eva", "fewer false alarms")
    approved = mentoring.approved(project)
    assert approved is not None
    assert approved.id == run
    session.project.close()
    assert finish(check(folder / "project", CancelToken())).problems == []


def test_an_encoder_that_was_tuned_learns_on_unless_somebody_says_otherwise(session: Session, folder: Path) -> None:
    project = session.project
    mentoring.approve(session, "base", "Eva", thresholds={1: 0.2})
    mine(session, folder / "new")
    with Project.open(folder / "truth", readonly=True) as truth:
        judge_all(mentoring.open_mentoring(session), truth)

    def candidate(**settings: object) -> RunRecord:
        job, _ = mentoring.candidate_job(project, {"epochs": 1, **settings})
        record = finish(job(CancelToken()))
        workflows.record_run(session, record)
        return record

    def learnt(record: RunRecord) -> int:
        assert record.mentoring is not None
        return record.mentoring.settings.finetune_epochs

    assert learnt(candidate()) == 0
    tuned = candidate(finetune_epochs=1)
    assert (learnt(tuned), tuned.config.finetune_epochs) == (1, 1)
    mentoring.approve(session, tuned.id, "Eva", thresholds={1: 0.2})
    assert learnt(candidate()) == MENTORED_TUNING
    assert learnt(candidate(finetune_epochs=0)) == 0
    assert mentoring.usual_tuning(tuned) == MENTORED_TUNING
    assert mentoring.usual_tuning(tuned.model_copy(update={"boxes": BoxSettings()})) == 0


def test_detections_are_cut_where_the_approval_says(session: Session, folder: Path) -> None:
    sides = {}
    for level in (0.2, 0.9):
        mentoring.approve(session, "base", "Eva", thresholds={1: 0.2}, cuts={1: level})
        found = finish(mentoring.mine_job(session.project, folder / "new")(CancelToken()))
        assert found.batch is not None
        found.batch.discard()
        sides[level] = sum(one.detection.box.shape[0] for one in found.detections[:2])
    assert sides[0.9] < sides[0.2]


def test_no_more_detections_join_the_queue_than_the_budget_of_an_hour_allows(session: Session, folder: Path) -> None:
    mentoring.approve(session, "base", "Eva", thresholds={1: 0.2})
    found = finish(mentoring.mine_job(session.project, folder / "new", {"budget": 1})(CancelToken()))
    assert (len(found.detections), found.left_out > 0) == (1, True)
    mentoring.record_mined(session, found)
    extra = write_image(folder / "more" / "part99.png", picture(99, 100))
    again = finish(mentoring.mine_job(session.project, extra.parent, {"budget": 1})(CancelToken()))
    assert again.detections == []
    assert again.left_out >= 1


def test_a_cancelled_look_leaves_nothing_behind(session: Session, folder: Path) -> None:
    mentoring.approve(session, "base", "Eva")
    before = sorted(session.project.images_folder.iterdir())
    token = CancelToken()
    job = mentoring.mine_job(session.project, folder / "new")(token)
    for step in job:
        if step.text.startswith(("Computing", "Predicting")):
            break
    job.close()
    assert sorted(session.project.images_folder.iterdir()) == before
    assert read_queue(session.project.folder).detections == []


def test_a_part_that_was_photographed_again_is_judged_once() -> None:
    rng = np.random.default_rng(0)
    part, other = (rng.integers(60, 200, (64, 64)).astype(np.uint8) for _ in range(2))
    again = (part.astype(int) + rng.integers(-3, 4, part.shape)).clip(0, 255).astype(np.uint8)

    def at(image: int, box: Box) -> list[Mined]:
        return [Mined.of(Detection(f"{image}/{box}", image, "run", box, 1, 0.9), np.ones((2, 2), bool), "")]

    seen = Repeats()
    assert len(seen.fresh(at(1, SQUARE), part)) == 1
    assert seen.fresh(at(2, SQUARE), again) == []
    assert len(seen.fresh(at(3, SQUARE), other)) == 1
    assert len(seen.fresh(at(4, Box(40, 2, 56, 18)), again)) == 1


def test_what_is_of_interest_follows_the_threshold_of_the_class() -> None:
    from defectstudio.app.mining import of_interest

    said = {
        interest: [of_interest(c, 0.5, MiningSettings(interest=interest, near=0.1)) for c in (0.3, 0.45, 0.55, 0.9)]
        for interest in ("detection", "near", "both")
    }
    assert said == {
        "detection": [False, False, True, True],
        "near": [False, True, True, False],
        "both": [False, True, True, True],
    }


@pytest.mark.parametrize("interest", ["detection", "near", "both"])
def test_no_image_is_passed_over_in_which_a_detection_of_interest_is(
    interest: Literal["detection", "near", "both"],
) -> None:
    from defectstudio.app.mining import of_interest, promising
    from defectstudio.data.predictions import Scored
    from defectstudio.domain.mentoring import Approval
    from defectstudio.learning.boxes import regions_of

    rng, settings = np.random.default_rng(0), MiningSettings(interest=interest, near=0.1)
    approval = Approval("approved", "", ((0, 0.9), (1, 0.5), (2, 0.7)), "Eva", "")
    passed = 0
    for _ in range(60):
        heat = (rng.random((12, 12)) ** 6 * rng.random()).astype(np.float16)
        row = Scored(1, float(rng.random()), heat, "", rng.integers(1, 3, heat.shape).astype(np.uint8))
        regions = regions_of(row, (48, 48))
        wanted = [
            r for r in regions if of_interest(r.found.confidence, approval.threshold(r.found.class_index), settings)
        ]
        passed += not promising(row, approval, settings)
        assert promising(row, approval, settings) or not wanted
    assert 10 < passed < 60
