import itertools

import numpy as np
import pytest

from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, HEALTHY, UNKNOWN, UNLABELLED, Box, Status
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.shapes import rectangle, segment
from defectstudio.sessions.session import Session

SHAPE = (48, 40)
GOOD_IMAGE, DRAWN, UNDRAWN = 1, 5, 6


def square(top: int, left: int, side: int = 4) -> Patch:
    patch = rectangle((left, top), (left + side, top + side), SHAPE)
    assert patch is not None
    return patch


def stored(session: Session, image: int) -> np.ndarray:
    """The label map as another process would read it from disk."""
    with Project.open(session.project.folder, readonly=True) as reader:
        label_map = reader.state.label_map(image)
        return np.full(SHAPE, UNKNOWN, np.uint8) if label_map is None else label_map.copy()


def test_a_painted_patch_is_on_disk_when_the_call_returns(session: Session) -> None:
    annotator = Annotator(session)
    assert annotator.paint(UNDRAWN, square(2, 3), 1, name="paint spot")
    on_disk = stored(session, UNDRAWN)
    assert (on_disk == 1).sum() == 16
    assert (on_disk == UNKNOWN).sum() == 48 * 40 - 16
    assert not annotator.paint(UNDRAWN, square(2, 3), 1, name="paint spot")
    assert session.undo_name == "paint spot"


def test_a_live_stroke_shows_in_memory_at_once_and_reaches_disk_as_one_gesture(session: Session) -> None:
    shown = session.project.state.label_map(DRAWN)
    before = shown.copy()
    gestures = len(session.project.journal.gestures())
    stroke = Annotator(session).begin_stroke(DRAWN, 1)
    boxes = [stroke.add(square(30, column)) for column in range(0, 20, 2)]
    assert boxes[0] == Box(30, 0, 34, 4)
    assert (shown[30:34, 0:22] == 1).all()
    assert np.array_equal(stored(session, DRAWN), before)
    assert stroke.commit("paint spot")
    assert np.array_equal(stored(session, DRAWN), shown)
    assert len(session.project.journal.gestures()) == gestures + 1
    session.undo()
    assert np.array_equal(shown, before)
    assert session.project.state.label_map(DRAWN) is shown


def test_a_cancelled_stroke_leaves_no_trace(session: Session) -> None:
    last = session.project.journal.last_event
    before = session.project.state.label_map(DRAWN).copy()
    stroke = Annotator(session).begin_stroke(DRAWN, UNKNOWN)
    stroke.add(square(8, 8))
    assert stroke.cancel() == Box(8, 8, 12, 12)
    assert np.array_equal(session.project.state.label_map(DRAWN), before)
    assert session.project.journal.last_event == last
    assert not stroke.commit("paint")
    assert stroke.add(square(0, 0)) is None


def test_while_a_stroke_lives_nothing_else_is_recorded_about_its_image(session: Session) -> None:
    annotator = Annotator(session)
    session.paint(DRAWN, Box(0, 0, 1, 1), np.ones((1, 1), np.uint8), name="dot")
    stroke = annotator.begin_stroke(DRAWN, 1)
    stroke.add(square(30, 30))
    for attempt in (session.undo, lambda: annotator.paint(DRAWN, square(0, 0), 1, name="paint")):
        with pytest.raises(DefectStudioError, match="stroke is being drawn"):
            attempt()
    with pytest.raises(DefectStudioError, match="stroke is being drawn"):
        annotator.begin_stroke(DRAWN, 1)
    session.tag([UNDRAWN], UNLABELLED)
    assert stroke.commit("paint spot")
    assert session.undo_name == "paint spot"
    assert finish(check(session.project.folder, CancelToken())).whole


def test_a_stroke_that_cannot_be_written_leaves_memory_as_disk(session: Session) -> None:
    before = session.project.state.label_map(DRAWN).copy()
    stroke = Annotator(session).begin_stroke(DRAWN, 1)
    stroke.add(square(30, 30))
    session.project.journal.connection.execute("PRAGMA query_only=ON")
    with pytest.raises(DefectStudioError):
        stroke.commit("paint")
    session.project.journal.connection.execute("PRAGMA query_only=OFF")
    assert np.array_equal(session.project.state.label_map(DRAWN), before)
    assert Annotator(session).paint(DRAWN, square(30, 30), 1, name="paint")


@pytest.mark.parametrize("live", [False, True])
def test_the_first_defect_on_a_good_image_makes_it_defective_and_the_rest_healthy(session: Session, live: bool) -> None:
    annotator = Annotator(session)
    if live:
        stroke = annotator.begin_stroke(GOOD_IMAGE, 1)
        assert stroke.add(square(5, 5)) == Box(0, 0, *SHAPE)
        assert stroke.add(square(6, 5)) == Box(6, 5, 10, 9)
        assert stroke.commit("paint spot")
    else:
        assert annotator.paint(GOOD_IMAGE, square(5, 5), 1, name="paint spot")
    assert session.project.state.images[GOOD_IMAGE].tag == DEFECTIVE
    on_disk = stored(session, GOOD_IMAGE)
    assert not (on_disk == UNKNOWN).any()
    assert (on_disk == 1).any()
    assert GOOD_IMAGE in session.project.segmented_images()
    session.undo()
    assert session.project.state.images[GOOD_IMAGE].tag == GOOD


def test_painting_tags_an_unlabelled_image_and_begins_work_on_it_but_erasing_never_tags(session: Session) -> None:
    annotator = Annotator(session)
    session.tag([UNDRAWN], UNLABELLED)
    annotator.paint(UNDRAWN, square(5, 5), HEALTHY, name="erase")
    entry = session.project.state.images[UNDRAWN]
    assert (entry.tag, entry.status) == (UNLABELLED, Status.IN_WORK)
    annotator.paint(UNDRAWN, square(5, 5), 1, name="paint spot")
    assert session.project.state.images[UNDRAWN].tag == DEFECTIVE
    annotator.paint(UNDRAWN, square(5, 5), UNKNOWN, name="erase")
    assert session.project.state.images[UNDRAWN].tag == DEFECTIVE


def test_the_eraser_leaves_healthy_where_all_is_known_and_unknown_elsewhere(session: Session) -> None:
    annotator = Annotator(session)
    assert annotator.erase_value(GOOD_IMAGE) == HEALTHY
    assert annotator.erase_value(DRAWN) == HEALTHY
    assert annotator.erase_value(UNDRAWN) == UNKNOWN


def test_the_rest_becomes_healthy_or_unknown_and_classes_stay(session: Session) -> None:
    annotator = Annotator(session)
    annotator.paint(UNDRAWN, square(2, 3), 1, name="paint spot")
    assert annotator.complete([GOOD_IMAGE, DRAWN, UNDRAWN, UNDRAWN])
    assert UNDRAWN in session.project.segmented_images()
    assert not annotator.complete([UNDRAWN])
    assert annotator.partial(UNDRAWN)
    assert UNDRAWN not in session.project.segmented_images()
    assert (stored(session, UNDRAWN) == 1).sum() == 16
    assert not annotator.partial(UNDRAWN)


def test_what_makes_no_sense_is_refused_and_changes_nothing(session: Session) -> None:
    annotator, last = Annotator(session), session.project.journal.last_event
    with pytest.raises(DefectStudioError, match="class 9"):
        annotator.paint(UNDRAWN, square(0, 0), 9, name="paint")
    with pytest.raises(DefectStudioError, match="no image 99"):
        annotator.begin_stroke(99, 1)
    with pytest.raises(DefectStudioError, match="healthy everywhere"):
        annotator.begin_stroke(GOOD_IMAGE, UNKNOWN)
    with pytest.raises(DefectStudioError, match="healthy everywhere"):
        annotator.partial(GOOD_IMAGE)
    assert session.project.journal.last_event == last
    with Project.open(session.project.folder, readonly=True) as reader, pytest.raises(DefectStudioError):
        Annotator(Session(reader)).begin_stroke(DRAWN, 1)


def test_a_stroke_of_many_segments_equals_painting_their_union(session: Session) -> None:
    annotator = Annotator(session)
    path = [(5.0, 5.0), (20.0, 9.0), (33.0, 40.0), (2.0, 44.0)]
    stroke = annotator.begin_stroke(UNDRAWN, 1)
    mask = np.zeros(SHAPE, bool)
    for start, end in itertools.pairwise(path):
        patch = segment(start, end, 2.5, SHAPE)
        assert patch is not None
        stroke.add(patch)
        mask[patch.box.slices] |= patch.mask
    assert stroke.commit("paint spot")
    assert np.array_equal(stored(session, UNDRAWN) == 1, mask)
