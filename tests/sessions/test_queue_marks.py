"""The queue's marks and the confirmed tags: each call one step that undo takes back, and all of it survives closing."""

from __future__ import annotations

import pytest

from defectstudio.data.check import check
from defectstudio.data.codec import Row, decode, encode
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import LabelConfirmed, QueueMark, QueueMarked
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED, ImageTag
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.selection import Selection
from defectstudio.sessions.session import Session
from tests.data.older import as_version


def marks(project: Project) -> dict[int, QueueMark]:
    return {i: entry.mark for i, entry in project.state.images.items() if entry.mark is not None}


def test_pinned_images_stand_in_the_order_in_which_they_were_pinned(session: Session) -> None:
    selection = Selection(session)
    assert selection.pin([4, 2])
    assert selection.pin([2, 5])
    assert not selection.pin([5])
    assert selection.pinned() == [4, 2, 5]
    assert session.undo_name == "pin part4"


def test_reordering_moves_one_image_and_closes_the_gaps(session: Session) -> None:
    selection = Selection(session)
    selection.pin([1, 2, 3])
    assert selection.reorder(3, 0)
    assert selection.pinned() == [3, 1, 2]
    assert selection.reorder(6, 99)
    assert [marks(session.project)[i].place for i in (3, 1, 2, 6)] == [0, 1, 2, 3]
    selection.skip([1], forever=False)
    assert selection.pinned() == [3, 2, 6]
    assert not selection.reorder(2, 1)
    assert session.undo_name == "skip part0 for now"


def test_a_skipped_image_keeps_its_reason_until_it_is_given_back(session: Session) -> None:
    selection = Selection(session)
    selection.skip([1, 2], forever=True, reason="  dust   on the lens ")
    assert marks(session.project) == dict.fromkeys((1, 2), QueueMark("never", "dust on the lens"))
    assert selection.unmark([2])
    assert not selection.unmark([2])
    assert set(marks(session.project)) == {1}
    with pytest.raises(DefectStudioError, match="200 characters"):
        selection.skip([3], forever=True, reason="x" * 201)


def test_marks_and_confirmations_survive_closing_and_the_project_checks_whole(session: Session) -> None:
    folder, selection = session.project.folder, Selection(session)
    selection.pin([3])
    selection.skip([4], forever=True, reason="blurred")
    selection.confirm([5, 1])
    seen = dict(session.project.state.images)
    session.project.close()
    with Project.open(folder) as project:
        assert project.state.images == seen
        assert project.state.images[5].stands
        again = Session(project)
        assert again.undo_name == "confirm the tag of 2 images"
        again.undo()
        assert not project.state.images[5].stands
        again.undo()
        again.undo()
        assert marks(project) == {}
    assert finish(check(folder, CancelToken())).problems == []


def test_a_changed_tag_voids_what_was_confirmed_of_it(session: Session) -> None:
    selection, images = Selection(session), session.project.state.images
    assert selection.confirm([1])
    assert not selection.confirm([1])
    session.tag([1], DEFECTIVE)
    assert not images[1].stands
    session.tag([1], GOOD)
    assert images[1].stands  # the same tag as the one that was confirmed
    selection.confirm([5])
    session.tag([5], ImageTag(DEFECTIVE.verdict))
    assert not images[5].stands  # it named a class before


def test_what_makes_no_sense_is_refused_and_changes_nothing(session: Session) -> None:
    selection, last = Selection(session), session.project.journal.last_event
    with pytest.raises(DefectStudioError, match="not in the project"):
        selection.pin([1, 99])
    session.tag([1], UNLABELLED)
    with pytest.raises(DefectStudioError, match="no tag to confirm"):
        selection.confirm([2, 1])
    assert session.project.journal.last_event == last + 1
    assert marks(session.project) == {}


def test_events_of_the_queue_are_read_back_and_turned_round() -> None:
    for event in (
        QueueMarked(3, None, QueueMark("never", "Staub", 0)),
        QueueMarked(3, QueueMark("pinned", place=2), None),
        LabelConfirmed(4, "", "defective 1 3"),
    ):
        assert decode(encode(event), event.image) == event
        assert event.inverse().inverse() == event
        assert event.inverse().before == event.after
    with pytest.raises(DefectStudioError, match="damaged"):
        decode(Row("queue", '[null,["sometimes","",0]]'), 3)


def test_marks_are_no_labels(session: Session) -> None:
    journal = session.project.journal
    last = journal.last_event
    Selection(session).pin([1])
    Selection(session).confirm([1])
    assert journal.last_label_event(journal.last_event) <= last
    assert not journal.learnt_since(last)
    session.tag([1], DEFECTIVE)
    assert journal.learnt_since(last)


def test_a_project_of_version_3_opens_with_an_empty_queue(session: Session) -> None:
    folder = session.project.folder
    session.project.close()
    as_version(folder / "project.db", 3)
    with Project.open(folder) as project:
        assert marks(project) == {}
        Selection(Session(project)).pin([2])
    assert finish(check(folder, CancelToken())).problems == []
