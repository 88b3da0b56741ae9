import numpy as np
import pytest

from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import (
    DEFECTIVE,
    HEALTHY,
    UNKNOWN,
    UNLABELLED,
    Box,
    ImageTag,
    Note,
    Origin,
    Status,
    Verdict,
)
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.classes import ClassAccount
from defectstudio.sessions.painting.shapes import rectangle
from defectstudio.sessions.session import Session

SHAPE = (48, 40)
GOOD_IMAGE, DRAWN, UNDRAWN = 1, 5, 6


@pytest.fixture
def annotator(session: Session) -> Annotator:
    return Annotator(session)


def box(annotator: Annotator, image: int, where: Box, value: int, origin: Origin = Origin.DRAWN) -> None:
    patch = rectangle((where.left, where.top), (where.right, where.bottom), SHAPE)
    assert patch is not None
    annotator.paint(image, patch, value, name="paint", origin=origin)


def drawn(annotator: Annotator, image: int) -> np.ndarray:
    return annotator.session.project.state.label_map(image)


def test_a_region_is_deleted_to_healthy_in_a_complete_map_and_to_unknown_elsewhere(annotator: Annotator) -> None:
    assert annotator.delete_region(DRAWN, 12, 10)
    assert (drawn(annotator, DRAWN) == HEALTHY).all()
    box(annotator, UNDRAWN, Box(0, 0, 5, 5), 1)
    annotator.delete_region(UNDRAWN, 2, 2)
    assert (drawn(annotator, UNDRAWN) == UNKNOWN).all()
    with pytest.raises(DefectStudioError, match="no defect under"):
        annotator.delete_region(UNDRAWN, 2, 2)


def test_a_region_moves_with_its_shape_and_may_not_leave_the_image(annotator: Annotator) -> None:
    assert annotator.move_region(DRAWN, 12, 10, -4, 3)
    assert [r.box for r in annotator.regions(DRAWN)] == [Box(6, 11, 16, 21)]
    assert not annotator.move_region(DRAWN, 12, 12, 0, 0)
    with pytest.raises(DefectStudioError, match="leave"):
        annotator.move_region(DRAWN, 12, 12, 100, 0)
    annotator.session.undo()
    assert [r.box for r in annotator.regions(DRAWN)] == [Box(10, 8, 20, 18)]


def test_a_region_changes_class_and_other_regions_stay(annotator: Annotator) -> None:
    pit = annotator.add_class("pit")
    box(annotator, DRAWN, Box(30, 30, 34, 34), 1)
    assert annotator.recolor_region(DRAWN, 12, 10, pit.index)
    assert {(r.index, r.area) for r in annotator.regions(DRAWN)} == {(pit.index, 100), (1, 16)}
    assert not annotator.recolor_region(DRAWN, 12, 10, pit.index)
    assert annotator.session.undo_name == "change region to pit"


def test_a_region_grows_around_other_classes_and_shrinks_to_what_is_left(annotator: Annotator) -> None:
    pit = annotator.add_class("pit")
    box(annotator, DRAWN, Box(10, 19, 20, 22), pit.index)
    annotator.transform_region(DRAWN, 12, 10, "grow", 3)
    assert (drawn(annotator, DRAWN)[10:20, 19:22] == pit.index).all()
    assert drawn(annotator, DRAWN)[8, 12] == 1
    annotator.transform_region(DRAWN, 12, 10, "shrink", 3)
    assert drawn(annotator, DRAWN)[8, 12] == HEALTHY
    with pytest.raises(DefectStudioError, match="Nothing would be left"):
        annotator.transform_region(DRAWN, 12, 12, "shrink", 30)
    with pytest.raises(DefectStudioError):
        annotator.transform_region(DRAWN, 12, 12, "grow", 0)


def test_holes_of_a_region_are_filled(annotator: Annotator) -> None:
    box(annotator, DRAWN, Box(13, 11, 16, 14), HEALTHY)
    assert annotator.transform_region(DRAWN, 11, 9, "fill_holes", 0)
    assert (drawn(annotator, DRAWN)[10:20, 8:18] == 1).all()
    assert not annotator.transform_region(DRAWN, 11, 9, "fill_holes", 0)
    assert annotator.transform_region(DRAWN, 11, 9, "smooth", 4)
    assert drawn(annotator, DRAWN)[10, 8] == HEALTHY


def test_defects_are_copied_onto_what_shows_none(annotator: Annotator) -> None:
    pit = annotator.add_class("pit")
    box(annotator, UNDRAWN, Box(12, 10, 30, 12), pit.index)
    assert annotator.copy_from(DRAWN, UNDRAWN)
    labels = drawn(annotator, UNDRAWN)
    assert (labels[12:20, 10:12] == pit.index).all()
    assert (labels == 1).sum() == 100 - 16
    assert (labels == HEALTHY).sum() == 0
    assert not annotator.copy_from(DRAWN, UNDRAWN)
    with pytest.raises(DefectStudioError, match="no defects"):
        annotator.copy_from(2, UNDRAWN)


def test_each_region_tells_where_it_came_from_through_undo_and_reopening(annotator: Annotator) -> None:
    patch = rectangle((30, 30), (34, 34), SHAPE)
    assert patch is not None
    annotator.accept(DRAWN, patch, 1, "accept spot")
    box(annotator, DRAWN, Box(40, 2, 44, 6), 1)

    def origins(of: Annotator) -> dict[tuple[int, int], Origin | None]:
        return {r.seed: r.origin for r in of.regions(DRAWN)}

    expected = {(10, 8): Origin.IMPORTED, (30, 30): Origin.ACCEPTED, (40, 2): Origin.DRAWN}
    assert origins(annotator) == expected
    box(annotator, DRAWN, Box(28, 28, 36, 36), HEALTHY)
    assert (30, 30) not in origins(annotator)
    box(annotator, DRAWN, Box(30, 30, 31, 31), 1, Origin.REFINED)
    assert origins(annotator)[30, 30] is Origin.REFINED
    annotator.session.undo()
    annotator.session.undo()
    assert origins(annotator)[40, 2] is Origin.DRAWN
    with Project.open(annotator.session.project.folder, readonly=True) as reader:
        assert origins(Annotator(Session(reader))) == origins(annotator)


def test_classes_are_added_renamed_and_recoloured_with_names_kept_apart(annotator: Annotator) -> None:
    pit = annotator.add_class("  pit ", "#aabbcc")
    assert (pit.index, pit.name, pit.color) == (2, "pit", "#AABBCC")
    annotator.rename_class(2, "deep  pit")
    annotator.recolor_class(2, "#000001")
    assert annotator.session.project.state.classes[2].name == "deep pit"
    assert annotator.session.project.state.classes[2].color == "#000001"
    for wrong in ("", "Spot", "x" * 81, "a\x00b"):
        with pytest.raises(DefectStudioError):
            annotator.add_class(wrong)
    with pytest.raises(DefectStudioError):
        annotator.recolor_class(2, "red")
    with pytest.raises(DefectStudioError):
        annotator.rename_class(7, "new")
    annotator.rename_class(2, "Deep pit")


def test_a_class_is_merged_into_another_in_all_maps_and_tags_and_comes_back_by_one_undo(annotator: Annotator) -> None:
    state = annotator.session.project.state
    pit = annotator.add_class("pit")
    box(annotator, UNDRAWN, Box(0, 0, 4, 4), pit.index)
    annotator.session.tag([UNDRAWN], ImageTag(Verdict.DEFECTIVE, (1, pit.index)))
    assert annotator.class_account(1) == ClassAccount(images=1, pixels=100, tags=2)
    before = {i: drawn(annotator, i).copy() for i in (DRAWN, UNDRAWN)}
    annotator.merge_class(1, pit.index)
    assert 1 not in state.classes
    assert state.images[DRAWN].tag.classes == state.images[UNDRAWN].tag.classes == (pit.index,)
    assert (drawn(annotator, DRAWN) == pit.index).sum() == 100
    assert annotator.session.undo_name == "merge spot into pit"
    assert finish(check(annotator.session.project.folder, CancelToken())).whole
    annotator.session.undo()
    assert state.classes[1].name == "spot"
    assert all(np.array_equal(drawn(annotator, i), labels) for i, labels in before.items())
    with pytest.raises(DefectStudioError, match="itself"):
        annotator.merge_class(1, 1)


def test_a_deleted_class_leaves_unknown_pixels_and_no_tag(annotator: Annotator) -> None:
    annotator.delete_class(1)
    state = annotator.session.project.state
    assert state.classes == {}
    assert (drawn(annotator, DRAWN) == UNKNOWN).sum() == 100
    assert state.images[DRAWN].tag == DEFECTIVE
    assert annotator.session.undo_name == "delete class spot"
    assert annotator.add_class("new").index == 1


def test_merging_works_tile_by_tile_on_images_larger_than_one(annotator: Annotator) -> None:
    from defectstudio.domain.events import ImageAdded, ImageInfo

    session = annotator.session
    session.record("add", [ImageAdded(9, ImageInfo("big", "", "", 1500, 2100, 1, 8, "none"))])
    patch = rectangle((900, 1000), (1200, 1100), (1500, 2100))
    assert patch is not None
    annotator.paint(9, patch, 1, name="paint")
    assert annotator.class_account(1).pixels == 30_000 + 100
    pit = annotator.add_class("pit")
    annotator.merge_class(1, pit.index)
    assert (drawn(annotator, 9) == pit.index).sum() == 30_000
    assert [t.unknown for t in session.project.journal.tiles(9)] == [
        int((drawn(annotator, 9)[r : r + 1024, c : c + 1024] == UNKNOWN).sum())
        for r, c in ((0, 0), (0, 1024), (1024, 0), (1024, 1024))
    ]


def test_status_and_notes_are_kept_on_disk_and_undone(annotator: Annotator) -> None:
    session = annotator.session
    annotator.set_status([1, 2], Status.FLAGGED)
    assert session.undo_name == "mark flagged"
    first = annotator.add_note(1, " look here ", at=(3, 4))
    second = annotator.add_note(1, "and at the whole")
    assert (first, second) == (Note(1, "look here", (3, 4)), Note(2, "and at the whole", None))
    assert annotator.change_note(1, 1, "look there")
    assert not annotator.change_note(1, 1, "look there")
    annotator.remove_note(1, 2)
    with Project.open(session.project.folder, readonly=True) as reader:
        entry = reader.state.images[1]
        assert entry.status is Status.FLAGGED
        assert entry.notes == (Note(1, "look there", (3, 4)),)
    session.undo()
    assert session.project.state.images[1].notes == (Note(1, "look there", (3, 4)), second)
    assert finish(check(session.project.folder, CancelToken())).whole


def test_wrong_notes_and_images_are_refused(annotator: Annotator) -> None:
    last = annotator.session.project.journal.last_event
    for attempt in (
        lambda: annotator.add_note(1, "  "),
        lambda: annotator.add_note(1, "x", at=(48, 0)),
        lambda: annotator.change_note(1, 5, "x"),
        lambda: annotator.remove_note(1, 1),
        lambda: annotator.set_status([1, 77], Status.DONE),
    ):
        with pytest.raises(DefectStudioError):
            attempt()
    assert annotator.session.project.journal.last_event == last


def test_a_status_already_set_is_no_gesture_and_a_done_image_stays_done_when_painted(annotator: Annotator) -> None:
    annotator.set_status([DRAWN], Status.DONE)
    last = annotator.session.project.journal.last_event
    annotator.set_status([DRAWN], Status.DONE)
    assert annotator.session.project.journal.last_event == last
    box(annotator, DRAWN, Box(0, 0, 3, 3), 1)
    assert annotator.session.project.state.images[DRAWN].status is Status.DONE


def test_a_snapshot_does_not_see_a_stroke_that_is_not_finished(annotator: Annotator) -> None:
    from defectstudio.domain.events import ImageAdded, ImageInfo

    session = annotator.session
    session.record("add", [ImageAdded(9, ImageInfo("big", "", "", 1500, 1100, 1, 8, "none"))])
    patch = rectangle((1000, 1000), (1050, 1100), (1500, 1100))
    assert patch is not None
    annotator.paint(9, patch, 1, name="paint")
    stroke = annotator.begin_stroke(9, HEALTHY)
    stroke.add(patch)
    image = next(i for i in session.project.snapshot().images if i.id == 9)
    assert (image.label_map() == 1).sum() == 5000
    assert image.tag == DEFECTIVE
    stroke.cancel()
    session.tag([9], UNLABELLED)
    assert 9 not in session.project.segmented_images()


def test_finishing_a_drawn_image_makes_the_rest_healthy_and_done_in_one_step(annotator: Annotator) -> None:
    state = annotator.session.project.state
    box(annotator, UNDRAWN, Box(2, 2, 6, 6), 1)
    before = (state.images[UNDRAWN], drawn(annotator, UNDRAWN).copy())
    assert annotator.finish(UNDRAWN)
    assert annotator.is_complete(UNDRAWN)
    assert state.images[UNDRAWN].status is Status.DONE
    assert int((drawn(annotator, UNDRAWN) == 1).sum()) == 16
    assert not annotator.finish(UNDRAWN)
    annotator.session.undo()
    assert state.images[UNDRAWN] == before[0]
    assert (drawn(annotator, UNDRAWN) == before[1]).all()


def test_an_image_that_nobody_judged_cannot_be_finished(annotator: Annotator) -> None:
    annotator.session.tag([UNDRAWN], UNLABELLED)
    with pytest.raises(DefectStudioError, match="Nobody has said"):
        annotator.finish(UNDRAWN)
    assert annotator.session.project.state.images[UNDRAWN].status is Status.TODO


def test_finishing_a_tagged_image_without_a_drawn_defect_leaves_its_map_alone(annotator: Annotator) -> None:
    annotator.session.tag([UNDRAWN], DEFECTIVE)
    annotator.finish(UNDRAWN)
    state = annotator.session.project.state
    assert state.label_map(UNDRAWN) is None
    assert state.images[UNDRAWN].status is Status.DONE
