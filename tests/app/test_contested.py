"""A third verdict settles what is contested as one gesture, and undo makes it contested again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from defectstudio.app.agreement import Agreement, Contested, agreement_job
from defectstudio.app.agreement_detail import detail_job
from defectstudio.app.contested import Choice, settle, versions_of
from defectstudio.data import journal
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, ImageTag, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import Answer, Candidate, Panel, PanelAnswered, Patch
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.second_look import look_again
from defectstudio.sessions.session import Session
from tests.conftest import spot


def found(session: Session) -> Agreement:
    return finish(agreement_job(session.project)(CancelToken()))


def only(session: Session) -> Contested:
    (one,) = found(session).contested
    return one


def settled_and_back(session: Session, choice: Choice) -> None:
    """One gesture settles it; undo brings it back, redo takes it away again."""
    before, rated = session.steps, found(session).rated
    settle(session, only(session), choice)
    assert found(session).contested == []
    assert len(session.steps) == len(before) + 1
    assert [r.count for r in found(session).rated] == [r.count for r in rated]
    session.undo()
    assert len(found(session).contested) == 1
    session.redo()
    assert found(session).contested == []


@pytest.fixture
def masked_apart(session: Session) -> Session:
    """Images 1 and 2 are one file, and two different masks."""
    images = session.project.state.images
    images[2] = replace(images[2], info=replace(images[2].info, sha256=images[1].info.sha256))
    session.tag([1, 2], DEFECTIVE)
    shape = images[1].shape
    for image, last in ((1, 20), (2, 14)):
        drawn = spot(*shape)
        drawn[last:] = 0
        session.paint(image, Box(0, 0, *shape), drawn, name="mask")
    return session


@pytest.mark.parametrize(("choice", "pixels"), [("first", 100), ("second", 40)])
def test_a_copy_gets_the_mask_that_is_kept(masked_apart: Session, choice: Choice, pixels: int) -> None:
    one, other = versions_of(masked_apart.project, only(masked_apart))
    assert (one.image, other.image) == (1, 2)
    assert one.labels is not None
    assert int((one.labels == 1).sum()) == 100
    settled_and_back(masked_apart, choice)
    maps = [masked_apart.project.state.label_map(image) for image in (1, 2)]
    assert [int((drawn == 1).sum()) for drawn in maps if drawn is not None] == [pixels, pixels]


def test_a_mask_drawn_anew_goes_to_the_copy_too(masked_apart: Session) -> None:
    item = only(masked_apart)
    masked_apart.paint(1, Box(30, 30, 33, 33), np.ones((3, 3), np.uint8), name="brush")
    settle(masked_apart, item, "drawn")
    assert found(masked_apart).contested == []
    drawn = masked_apart.project.state.label_map(2)
    assert drawn is not None
    assert (drawn[30:33, 30:33] == 1).all()
    with pytest.raises(DefectStudioError, match="Nothing is contested"):
        settle(masked_apart, item, "first")


@pytest.mark.parametrize(("choice", "tag"), [("first", DEFECTIVE), ("second", GOOD), ("drawn", GOOD)])
def test_the_tag_of_one_person_is_stood_by_and_their_agreement_stays_what_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch, choice: Choice, tag: ImageTag
) -> None:
    monkeypatch.setattr(journal, "_author", lambda: "ada")
    session.tag([1, 2], DEFECTIVE)
    monkeypatch.setattr(journal, "_author", lambda: "bob")
    session.tag([1], GOOD)
    settled_and_back(session, choice)
    assert session.project.state.images[1].tag == tag
    (rated,) = found(session).rated
    assert rated.share == 0.0


def answered(session: Session) -> None:
    """Panel 1.1, shown twice; the second answer leaves out patch 5."""
    shown = tuple(Candidate(Patch(5, 3 + 4 * row, 25), 1, 0.5, 0.1) for row in range(10))
    panel = Panel("1.1", 1, replace(shown[0], patch=Patch(5, 44, 5)), shown[:5], shown[5:])
    for one, count in ((panel, 5), (replace(panel, id="1.9", blind_of="1.1"), 4)):
        ticked = tuple(n < count for n in range(10))
        answer = Answer(ticked, 1, (None,) * 10, none=False, seconds=1.0)
        session.record("answer a panel", [PanelAnswered(one, answer, "pixel")])


@pytest.mark.parametrize(("choice", "label"), [("first", None), ("second", 0)])
def test_the_second_answer_to_a_panel_writes_what_it_says_otherwise(
    session: Session, choice: Choice, label: int | None
) -> None:
    session.paint(5, Box(0, 20, 48, 30), np.ones((48, 10), np.uint8), name="start")
    answered(session)
    one, other = versions_of(session.project, only(session))
    assert one.answered is not None
    assert other.answered is not None
    assert other.answered.panel.blind_of == one.answered.panel.id
    settled_and_back(session, choice)
    drawn = session.project.state.label_map(5)
    assert drawn is not None
    assert drawn[19, 25] == (1 if label is None else label)
    assert drawn[15, 25] == 1  # what both answers say stays


def test_a_second_look_at_a_tag_is_settled(session: Session) -> None:
    session.tag([1], DEFECTIVE)
    look_again(session, 1, Verdict.GOOD)
    settle(session, only(session), "second")
    assert found(session).contested == []
    assert session.project.state.images[1].tag == GOOD


def test_the_second_verdict_on_a_detection_changes_the_labels(session: Session) -> None:
    session.tag([5], DEFECTIVE)
    box = Box(4, 4, 12, 12)
    detection = Detection("d1", 5, "r", box, 1, 0.9)
    work = Mentoring(session, [detection], blind=1.0)
    work.judge_one("d1", "confirmed", seconds=1.0)
    if work.asked_again is None:
        for number in range(30):  # another detection or two, until the first is asked again
            other = Detection(f"x{number}", 6, "r", Box(number, 0, number + 4, 4), 1, 0.5)
            work.detections[other.id] = other
            work.judge_one(other.id, "rejected", seconds=1.0)
            if work.asked_again is not None:
                break
    again = work.asked_again
    assert again is not None
    said = "rejected" if again.id == "d1" else "confirmed"
    work.judge_one(again.id, said, seconds=1.0)  # type: ignore[arg-type]
    item = only(session)
    assert item.kind == "verdict asked twice"
    settle(session, item, "second")
    assert found(session).contested == []
    drawn = session.project.state.label_map(again.image)
    assert drawn is not None
    assert (drawn[again.box.slices] == (0 if said == "rejected" else 1)).any()


def test_figures_are_told_apart_by_class_and_over_time(masked_apart: Session) -> None:
    answered(masked_apart)
    detail = finish(detail_job(masked_apart.project)(CancelToken()))
    by = {(one.name, one.rated.kind): one.rated for one in detail.classes}
    assert by["spot", "masks of copies"].iou == 0.4
    panel = by["spot", "panel shown twice"]
    assert (panel.count, panel.share) == (5, 0.9)
    assert [moment.count for moment in detail.moments] == [5, 5]
    assert [moment.share for moment in detail.moments] == [0.8, 1.0]
