"""Second looks: which tags and verdicts are asked again, what the answer changes, and how a difference is settled."""

from __future__ import annotations

import pytest

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, Verdict
from defectstudio.domain.mentoring import Detection, DetectionJudged, judged
from defectstudio.domain.second_look import LookedAgain
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.second_look import due_tags, look_again, settle, stands_apart
from defectstudio.sessions.session import Session


@pytest.fixture
def tagged(session: Session) -> Session:
    """Six images, each tagged by a person in the order of their numbers."""
    for image in session.project.present_images():
        session.tag([image], DEFECTIVE if session.project.state.images[image].tag == GOOD else GOOD)
    return session


def test_only_tags_that_a_person_gave_and_that_lie_back_are_asked_again(session: Session) -> None:
    project = session.project
    assert due_tags(project, share=1.0, after=0) == []  # all tags were imported
    for image in (1, 2, 3):
        session.tag([image], DEFECTIVE)
    assert set(due_tags(project, share=1.0, after=0)) == {1, 2, 3}
    assert due_tags(project, share=1.0, after=2) == [1]
    session.undo()
    assert set(due_tags(project, share=1.0, after=0)) == {1, 2}


def test_the_share_says_how_many_and_the_seed_which(tagged: Session) -> None:
    project = tagged.project
    assert due_tags(project, share=0.0, after=0) == []
    assert len(due_tags(project, share=0.05, after=0)) == 1
    assert len(due_tags(project, share=0.5, after=0)) == 3
    assert due_tags(project, share=0.5, after=0, seed=1) == due_tags(project, share=0.5, after=0, seed=1)
    assert len({tuple(due_tags(project, share=1.0, after=0, seed=seed)) for seed in range(6)}) > 1


def test_a_second_look_leaves_the_tag_and_is_asked_once(tagged: Session) -> None:
    project = tagged.project
    image = due_tags(project, share=0.3, after=0)[0]
    before = project.state.images[image].tag
    look = look_again(tagged, image, Verdict.GOOD, 2.0)
    assert project.state.images[image].tag == before
    assert project.state.images[image].looks == (look,)
    assert look.seconds == 2.0
    assert image not in due_tags(project, share=1.0, after=0)
    tagged.undo()
    assert image in due_tags(project, share=1.0, after=0)


def test_a_difference_stands_until_a_third_answer_or_another_tag(tagged: Session) -> None:
    states = tagged.project.state.images
    first = states[1].tag.verdict  # defective
    look = look_again(tagged, 1, Verdict.GOOD)
    assert stands_apart(states[1], look)
    settle(tagged, 1, look.number, "defective")
    assert not stands_apart(states[1], states[1].looks[0])
    assert states[1].tag.verdict is first
    tagged.undo()
    settle(tagged, 1, look.number, "good")
    assert states[1].tag == GOOD
    assert not stands_apart(states[1], states[1].looks[0])
    tagged.undo()
    assert states[1].tag.verdict is first
    assert stands_apart(states[1], states[1].looks[0])
    tagged.tag([1], GOOD)
    assert not stands_apart(states[1], states[1].looks[0])
    with pytest.raises(DefectStudioError, match="Nothing is contested"):
        settle(tagged, 1, look.number, "good")


def test_a_second_look_needs_a_tag_and_an_answer(session: Session) -> None:
    with pytest.raises(DefectStudioError, match="good or defective"):
        look_again(session, 1, Verdict.UNLABELLED)
    session.tag([1], GOOD)
    look = look_again(session, 1, Verdict.DEFECTIVE)
    with pytest.raises(DefectStudioError, match="first or the second"):
        settle(session, 1, look.number, "perhaps")


@pytest.fixture
def work(session: Session) -> Mentoring:
    """A queue of 18 detections in the two defective images, every verdict to be asked again."""
    boxes = [Box(4 * k, 2, 4 * k + 3, 6) for k in range(9)]
    found = [Detection(f"run/{i}-{k}", i, "run", box, 1, 0.8) for i in (5, 6) for k, box in enumerate(boxes)]
    return Mentoring(session, found, blind=1.0)


def judge_until_asked_again(work: Mentoring) -> Detection:
    while work.asked_again is None:
        work.judge("confirmed", seconds=1.0)
    return work.asked_again


def test_a_verdict_is_asked_again_only_after_some_others_and_stands_first_in_the_queue(work: Mentoring) -> None:
    again = judge_until_asked_again(work)
    assert work.decisions == 6
    assert again.id == "run/5-0"
    assert work.queue[0] == work.current == again


def test_the_second_verdict_stands_beside_the_first_and_paints_nothing(work: Mentoring) -> None:
    again = judge_until_asked_again(work)
    told: list[object] = []
    work.session.changed.connect(lambda change: told.extend(change.events))
    drawn = work.session.project.state.label_map(again.image)
    assert drawn is not None
    before = drawn.copy()
    work.judge("rejected", seconds=3.0)
    assert [type(event) for event in told] == [LookedAgain]
    assert (drawn == before).all()
    assert work.verdict(again.id).kind == "confirmed"  # type: ignore[union-attr]
    (look,) = work.session.project.state.images[again.image].looks
    assert (look.detection, look.first, look.again, look.seconds) == (again.id, "confirmed 1", "rejected", 3.0)
    assert work.decisions == 6


def test_each_verdict_is_asked_again_at_most_once_and_undo_asks_it_anew(work: Mentoring) -> None:
    again = judge_until_asked_again(work)
    work.judge("confirmed")
    assert not work.is_again(again.id)
    work.take_back()
    assert work.is_again(again.id)
    asked = []
    while work.current is not None:
        asked += [work.current.id] if work.asked_again is not None else []
        work.judge("confirmed")
    assert len(asked) == len(set(asked)) > 5


def test_a_verdict_that_was_seen_openly_is_changed_and_no_second_look(work: Mentoring) -> None:
    again = judge_until_asked_again(work)
    work.see_openly(again.id)
    assert work.asked_again is None
    work.judge_one(again.id, "rejected")
    assert work.verdict(again.id).kind == "rejected"  # type: ignore[union-attr]
    assert work.session.project.state.images[again.image].looks == ()


def test_the_next_detection_is_the_same_however_the_queue_is_opened(work: Mentoring) -> None:
    again = judge_until_asked_again(work)
    other = Mentoring(work.session, list(work.detections.values()), blind=1.0)
    assert other.asked_again == again
    assert Mentoring(work.session, list(work.detections.values())).asked_again is None


def test_changing_the_verdict_settles_its_second_look(work: Mentoring) -> None:
    again = judge_until_asked_again(work)
    work.judge("rejected")
    entry = lambda: work.session.project.state.images[again.image]  # noqa: E731
    assert stands_apart(entry(), entry().looks[0])
    with pytest.raises(DefectStudioError, match="Judge the detection anew"):
        settle(work.session, again.image, 1, "rejected")
    work.judge_one(again.id, "rejected")
    assert not stands_apart(entry(), entry().looks[0])


def test_about_one_verdict_in_twenty_is_asked_again(session: Session) -> None:
    found = [Detection(f"run/{k}", 5, "run", Box(1, 1, 5, 5), 1, 0.8) for k in range(200)]
    work, asked = Mentoring(session, found, blind=0.05, seed=3), 0
    for detection in found:
        while work.asked_again is not None:
            asked += 1
            work.judge("not sure")
        said = judged(detection, "not sure")
        session.record("not sure of detection", [DetectionJudged(5, detection.id, None, said)])
    assert 3 <= asked <= 20
