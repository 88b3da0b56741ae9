"""Labels as they would be without some steps: the rest stays, and nothing of what is left out shines through."""

from __future__ import annotations

import numpy as np

from defectstudio.app.refinement_journal import golden_journal
from defectstudio.data.without import snapshot_without, steps_of_answers, touched_by
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNKNOWN, Box
from defectstudio.domain.mentoring import Detection
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session


def test_without_the_answers_labels_are_what_they_were_before_them(session: Session) -> None:
    session.tag([6], GOOD)
    before = session.project.snapshot()
    golden_journal(session, answers=3)
    gestures = steps_of_answers(session.project)
    start = next(g.id for g in session.project.journal.gestures() if g.name.startswith("start refining"))
    assert start not in gestures  # the maps that refining began with are no answer
    without = snapshot_without(session.project, gestures | {start})
    assert without.images == before.images
    assert session.project.snapshot().images != before.images


def test_a_later_stroke_stays_and_brings_nothing_of_the_answer_back(session: Session) -> None:
    work = Mentoring(session, [Detection("d", 6, "one", Box(4, 4, 12, 12), 1, 0.9)])
    work.judge("confirmed")
    drawn = session.project.state.label_map(6)
    assert drawn is not None
    stroke = drawn[0:20, 0:20].copy()
    assert (stroke == 1).any()
    stroke[15:18, 15:18] = 0
    session.paint(6, Box(0, 0, 20, 20), stroke, name="brush")  # its box holds what the verdict painted
    session.tag([1], DEFECTIVE)
    gestures = steps_of_answers(session.project)
    assert touched_by(session.project, gestures) == {6}
    without = {image.id: image for image in snapshot_without(session.project, gestures).images}
    expected = np.full((48, 40), UNKNOWN, np.uint8)
    expected[15:18, 15:18] = 0
    assert np.array_equal(without[6].label_map(), expected)
    assert without[1].tag == DEFECTIVE


def test_an_answer_that_was_taken_back_changes_nothing(session: Session) -> None:
    before = session.project.snapshot()
    Mentoring(session, [Detection("d", 6, "one", Box(4, 4, 12, 12), 1, 0.9)]).judge("confirmed")
    session.undo()
    for gestures in (steps_of_answers(session.project), frozenset[int]()):
        without = {image.id: image for image in snapshot_without(session.project, gestures).images}
        assert all(np.array_equal(without[image.id].label_map(), image.label_map()) for image in before.images)


def test_images_that_a_step_brought_are_gone_without_it(session: Session) -> None:
    first = session.project.journal.gestures()[0].id
    assert snapshot_without(session.project, {first}).images == ()
    assert len(session.project.snapshot().images) == 6
