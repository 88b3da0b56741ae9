"""Verdicts on detections: each one gesture, with what it says of the map and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from defectstudio.data.check import check
from defectstudio.data.codec import Row, decode, encode
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Painted
from defectstudio.domain.labels import DEFECTIVE, GOOD, HEALTHY, UNKNOWN, UNLABELLED, Box, Origin
from defectstudio.domain.mentoring import Approval, Detection, DetectionJudged, RunApproved, judged
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.session import Session
from defectstudio.sessions.simulate_operator import SimulatedOperator

ONE, TWO, THREE = Box(2, 3, 8, 10), Box(20, 20, 30, 26), Box(40, 30, 48, 40)


def queue(*places: tuple[int, Box]) -> list[Detection]:
    return [Detection(f"run/{n}", image, "run", box, 1, 0.9 - n / 10) for n, (image, box) in enumerate(places)]


@pytest.fixture
def fresh(session: Session) -> Session:
    """The images 1 to 3 of `session`, of which nothing is known."""
    session.tag([1, 2, 3], UNLABELLED)
    return session


def test_a_verdict_labels_the_area_of_its_detection_and_leaves_the_rest_unknown(fresh: Session) -> None:
    work = Mentoring(fresh, queue((1, ONE), (1, TWO), (2, ONE)))
    assert work.judge("confirmed", seconds=1.5) == work.detections["run/1"]
    work.judge("rejected", seconds=0.5)
    work.judge("not sure")
    drawn = fresh.project.state.label_map(1)
    assert drawn is not None
    expected = np.full(drawn.shape, UNKNOWN, np.uint8)
    expected[ONE.slices] = 1
    expected[TWO.top - 1 : TWO.bottom + 1, TWO.left - 1 : TWO.right + 1] = HEALTHY  # the cells at its edge, too
    np.testing.assert_array_equal(drawn, expected)
    assert fresh.project.state.label_map(2) is None
    assert fresh.project.state.images[1].tag == DEFECTIVE
    assert fresh.project.state.images[2].tag == UNLABELLED
    assert (work.current, work.decisions, work.seconds_per_decision) == (None, 3, 1.0)


def test_what_an_operator_says_comes_into_the_map_as_mentored(fresh: Session) -> None:
    changes = []
    fresh.changed.connect(lambda change: changes.extend(change.events))
    Mentoring(fresh, queue((1, ONE))).judge("confirmed")
    assert {event.origin for event in changes if isinstance(event, Painted)} == {Origin.MENTORED}
    assert sum(isinstance(event, DetectionJudged) for event in changes) == 1


def test_taking_back_brings_the_detection_back_and_leaves_no_trace(fresh: Session) -> None:
    work = Mentoring(fresh, queue((1, ONE), (2, TWO)))
    work.judge("confirmed")
    work.judge("rejected")
    assert work.take_back() == work.detections["run/1"]
    assert work.take_back() == work.detections["run/0"]
    drawn = fresh.project.state.label_map(1)
    assert drawn is None or (drawn == UNKNOWN).all()
    assert fresh.project.state.images[1].tag == UNLABELLED
    assert work.decisions == 0
    with pytest.raises(DefectStudioError, match="not a verdict"):
        work.take_back()


def test_other_steps_are_not_taken_back_as_verdicts(fresh: Session) -> None:
    work = Mentoring(fresh, queue((1, ONE)))
    work.judge("confirmed")
    fresh.tag([3], GOOD)
    with pytest.raises(DefectStudioError, match="not a verdict"):
        work.take_back()
    fresh.undo()
    assert work.take_back() is not None


def test_many_verdicts_are_one_step(fresh: Session) -> None:
    work = Mentoring(fresh, queue((1, ONE), (2, TWO), (3, THREE)))
    before = len(fresh.steps)
    assert work.judge_many(["run/0", "run/1"], "rejected") == 2
    assert len(fresh.steps) == before + 1
    assert [d.id for d in work.queue] == ["run/2"]
    work.take_back()
    assert len(work.queue) == 3


def test_a_good_part_is_healthy_everywhere_and_its_detections_are_rejected(fresh: Session) -> None:
    work = Mentoring(fresh, queue((1, ONE), (1, TWO), (2, ONE)))
    work.part_is_good(1, seconds=2)
    assert fresh.project.state.images[1].tag == GOOD
    assert [d.image for d in work.queue] == [2]
    work.judge("confirmed")
    with pytest.raises(DefectStudioError, match="A defect is marked"):
        work.part_is_good(2)


def test_a_missed_defect_gets_its_class_and_can_lie_partly_outside(fresh: Session) -> None:
    work = Mentoring(fresh, [])
    found = work.mark_missed(1, Box(40, 30, 60, 90), 1, seconds=3)
    assert found.box == Box(40, 30, 48, 40)
    drawn = fresh.project.state.label_map(1)
    assert drawn is not None
    assert (drawn[found.box.slices] == 1).all()
    second = work.mark_missed(1, ONE, 1)
    assert second.id != found.id
    assert work.count("missed") == 2
    with pytest.raises(DefectStudioError, match="no defect class 7"):
        work.mark_missed(1, TWO, 7)
    assert work.count("missed") == 2


def test_the_area_of_a_detection_is_painted_where_it_is_known(fresh: Session) -> None:
    mask = np.zeros(ONE.shape, bool)
    mask[2] = True
    work = Mentoring(fresh, queue((1, ONE)), areas=lambda d: Patch.of(mask, (d.box.top, d.box.left)))
    work.judge("confirmed")
    drawn = fresh.project.state.label_map(1)
    assert drawn is not None
    assert int((drawn == 1).sum()) == mask.sum()
    work.judge_one("run/0", "rejected")
    assert (drawn[ONE.slices] == HEALTHY).all()
    work.judge_one("run/0", "not sure")
    assert int((drawn[ONE.slices] == UNKNOWN).sum()) == mask.sum()


def test_rejecting_leaves_a_neighbours_defect_alone(fresh: Session) -> None:
    overlapping = Box(5, 5, 20, 20)
    work = Mentoring(fresh, queue((1, ONE), (1, overlapping)))
    work.judge("confirmed")
    work = Mentoring(fresh, list(work.detections.values()), areas=lambda d: Patch.of(np.eye(3, dtype=bool), (15, 15)))
    work.judge("rejected")
    drawn = fresh.project.state.label_map(1)
    assert drawn is not None
    assert (drawn[ONE.slices] == 1).all()
    assert drawn[19, 19] == HEALTHY


def test_another_class_is_what_the_operator_says(fresh: Session) -> None:
    scratch = Annotator(fresh).add_class("scratch").index
    work = Mentoring(fresh, queue((1, ONE), (2, TWO)))
    work.judge("other class", scratch)
    work.judge("other class", 1)
    assert work.count("other class") == 1  # the second one was of that class already
    drawn = fresh.project.state.label_map(1)
    assert drawn is not None
    assert (drawn[ONE.slices] == scratch).all()


def test_verdicts_survive_closing_and_the_project_checks_whole(fresh: Session) -> None:
    folder = fresh.project.folder
    detections = queue((1, ONE), (2, TWO), (3, THREE))
    work = Mentoring(fresh, detections)
    work.judge("confirmed")
    work.judge("rejected")
    approval = Approval("approved", "ab12", ((0, 0.5), (1, 0.7)), "Eva", "2026-01-02T03:04:05+00:00", "better")
    fresh.record("approve run", [RunApproved("run", None, approval)])
    fresh.project.close()
    with Project.open(folder) as project:
        again = Mentoring(Session(project), detections)
        assert again.current == detections[2]
        assert project.state.approvals == {"run": approval}
        assert project.state.approvals["run"].threshold(1) == 0.7
    assert finish(check(folder, CancelToken())).problems == []


def test_decisions_count_down_to_the_next_training(fresh: Session) -> None:
    detections = queue((1, ONE), (2, TWO), (3, THREE))
    work = Mentoring(fresh, detections, per_training=2)
    work.judge("not sure")
    assert work.until_training == 2
    work.judge("rejected")
    work.judge("rejected")
    assert work.until_training == 0
    assert Mentoring(fresh, detections, per_training=2, learnt={"run/1", "run/2"}).until_training == 2


def test_verdicts_are_no_news_for_a_training_but_their_labels_are(fresh: Session) -> None:
    journal = fresh.project.journal
    work = Mentoring(fresh, queue((1, ONE), (2, TWO)))
    last = journal.last_event
    work.judge("not sure")
    assert not journal.learnt_since(last)
    work.judge("confirmed")
    assert journal.learnt_since(last)


def test_events_of_mentoring_are_read_back_and_turned_round() -> None:
    detection = queue((3, ONE))[0]
    approval = Approval("rejected", "", (), "Eva", "2026-01-02T03:04:05+00:00")
    for event in (
        DetectionJudged(3, detection.id, None, judged(detection, "other class", 4, 1.25)),
        DetectionJudged(3, detection.id, judged(detection, "rejected"), None),
        RunApproved("run", None, approval),
        RunApproved("run", approval, None),
        RunApproved("run", approval, replace(approval, fitted_on="folds")),
        RunApproved("run", approval, replace(approval, cuts=((1, 0.6), (2, 0.5)))),
        RunApproved("run", approval, replace(approval, box_weights="ab12", box_thresholds=((1, 0.25),))),
    ):
        assert decode(encode(event), getattr(event, "image", None)) == event
        assert event.inverse().inverse() == event
        assert event.inverse().before == event.after
    with pytest.raises(DefectStudioError, match="damaged"):
        decode(Row("judged", '["a",null,[["a","run",[0,0,1,1],1,0.5],"perhaps",1,0.0]]'), 3)


def test_an_operator_without_errors_says_what_the_map_shows_and_one_with_errors_sometimes_the_contrary() -> None:
    truth = np.zeros((48, 40), np.uint8)
    truth[ONE.slices], truth[TWO.slices] = 1, 2
    detections = queue((1, ONE), (1, TWO), (1, THREE))
    sure = SimulatedOperator(lambda image: truth)
    assert [(s.kind, s.class_index) for s in map(sure.judge, detections)] == [
        ("confirmed", None),
        ("other class", 2),
        ("rejected", None),
    ]
    many = [Detection(str(n), n, "run", ONE, 1, 0.9) for n in range(400)]
    unsure = SimulatedOperator(lambda image: truth, error=0.1, seed=3)
    wrong = sum(unsure.judge(detection).kind != "confirmed" for detection in many)
    assert 20 <= wrong <= 60
    assert [unsure.judge(d) for d in many] == [unsure.judge(d) for d in many]


def test_a_defect_needs_a_class_that_is_one() -> None:
    with pytest.raises(DefectStudioError, match="no defect class"):
        judged(queue((1, ONE))[0], "other class", HEALTHY)
    assert judged(queue((1, ONE))[0], "confirmed").label == 1
