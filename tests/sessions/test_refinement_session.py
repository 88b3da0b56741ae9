"""Refinement without a screen: panels, answers as one gesture each, counters, blind panels, replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from defectstudio.data.check import check
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Painted
from defectstudio.domain.labels import GOOD, Box, Origin, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import Answer, Panel
from defectstudio.sessions.answers import contested, label_at, said_patches
from defectstudio.sessions.refinement import Refinement, RefineSettings
from defectstudio.sessions.session import Session
from tests.made_index import made_index
from tests.made_panels import answer

SETTINGS = RefineSettings(write="pixel", per_round=6, blind=0.0, patch=32, apart=4, candidates=3)


@pytest.fixture
def boxed(session: Session) -> Session:
    """The project with a coarse box on both defective images, whose true defect is rows 10 to 19, columns 8 to 17."""
    rough = np.zeros((48, 40), np.uint8)
    rough[4:28, 2:26] = 1
    for image in (5, 6):
        session.paint(image, Box(0, 0, 48, 40), rough, name="box")
    return session


def refinement(session: Session, **changes: object) -> Refinement:
    settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
    return Refinement(session, made_index(session.project), round=0, settings=settings, seed=3)


@pytest.fixture
def refine(boxed: Session) -> Iterator[Refinement]:
    opened = refinement(boxed)
    yield opened
    opened.close()


def tick_all(panel: Panel) -> Answer:
    return answer(panel, range(len(panel.candidates)))


def test_a_panel_shows_positives_of_the_anchors_label_and_negatives_of_another(refine: Refinement) -> None:
    panel = refine.next_panel()
    label = panel.anchor.label
    assert {c.label for c in panel.positives} == {label}
    assert label not in {c.label for c in panel.negatives}
    assert len({c.patch for c in (panel.anchor, *panel.candidates)}) == 1 + len(panel.candidates)
    assert all(label_at(refine.session.project.state, c.patch) == c.label for c in panel.candidates)
    far = [c.distance for c in panel.positives]
    near = [c.distance for c in panel.negatives]
    assert far == sorted(far, reverse=True)
    assert near == sorted(near)
    assert refine.next_panel() is panel


def test_an_answer_is_one_gesture_that_writes_the_labels_with_their_origin(refine: Refinement) -> None:
    panel, project = refine.next_panel(), refine.session.project
    steps = len(refine.session.steps)
    refine.answer(panel, tick_all(panel))
    assert len(refine.session.steps) == steps + 1
    events = project.journal.events_of_gesture(refine.session.steps[-1])
    painted = [event for event in events if isinstance(event, Painted)]
    assert painted
    assert {event.origin for event in painted} == {Origin.REFINED}
    good = {i for i, entry in project.state.images.items() if entry.tag.verdict is Verdict.GOOD}
    written = [c for c in panel.candidates if c.patch.image not in good]
    assert {label_at(project.state, c.patch) for c in written} == {panel.anchor.label}
    assert refine.refinements == 1
    assert refine.flips == len(panel.negatives)


def test_the_next_panel_asks_about_no_patch_near_those_answered(refine: Refinement) -> None:
    asked: set[tuple[int, int, int]] = set()
    for _ in range(6):
        panel = refine.next_panel()
        places = {(c.patch.image, c.patch.row, c.patch.column) for c in (panel.anchor, *panel.candidates)}
        assert not places & asked
        asked |= places
        refine.answer(panel, answer(panel, range(len(panel.positives))))
    assert refine.complete


def test_a_prepared_panel_is_shown_only_while_its_labels_are_those_of_the_maps(refine: Refinement) -> None:
    first = refine.next_panel()
    refine.prepare()
    prepared = refine._ready
    assert prepared is not None
    refine.answer(first, answer(first, range(len(first.positives))))  # changes no label
    assert refine.next_panel() is prepared
    refine.prepare()
    stale = refine._ready
    assert stale is not None
    states = refine.session.project.state.images
    shows = (stale.anchor, *stale.candidates)
    candidate = next(c for c in shows if states[c.patch.image].tag.verdict is Verdict.DEFECTIVE)
    row, column = candidate.patch.row, candidate.patch.column
    other = np.full((1, 1), 1 - candidate.label, np.uint8)
    refine.session.paint(candidate.patch.image, Box(row, column, row + 1, column + 1), other, name="stroke")
    refine.answer(prepared, answer(prepared, range(len(prepared.positives))))
    shown = refine.next_panel()
    assert shown is not stale
    assert all(label_at(refine.session.project.state, c.patch) == c.label for c in shown.candidates)


def test_taking_back_restores_labels_and_shows_the_same_panel_again(refine: Refinement) -> None:
    project = refine.session.project
    before = {image: project.state.maps[image].copy() for image in (5, 6)}
    panel = refine.next_panel()
    refine.answer(panel, tick_all(panel))
    assert refine.take_back() == panel
    assert refine.next_panel() == panel
    assert refine.refinements == 0
    assert all((project.state.maps[image] == before[image]).all() for image in before)
    with pytest.raises(DefectStudioError, match="not an answer"):
        refine.take_back()


def test_undo_and_redo_of_the_session_keep_panels_and_counters_in_step(refine: Refinement) -> None:
    first = refine.next_panel()
    refine.answer(first, tick_all(first))
    second = refine.next_panel()
    refine.session.undo()
    assert refine.next_panel() == first
    refine.session.redo()
    assert refine.next_panel() == second
    assert refine.refinements == 1


def test_a_panel_cannot_be_answered_twice(refine: Refinement) -> None:
    panel = refine.next_panel()
    refine.answer(panel, answer(panel))
    with pytest.raises(DefectStudioError, match="answered already"):
        refine.answer(panel, answer(panel))


def test_the_same_answers_ask_the_same_panels_after_reopening(boxed: Session) -> None:
    first = refinement(boxed)
    for _ in range(3):
        panel = first.next_panel()
        first.prepare()
        first.answer(panel, answer(panel, [0]))
    shown = first.next_panel()
    first.close()
    again = refinement(Session(boxed.project))
    assert again.refinements == 3
    assert again.next_panel() == shown
    again.close()


def test_a_good_image_stays_good_and_the_doubt_is_listed(refine: Refinement) -> None:
    project = refine.session.project
    panel = refine.next_panel()
    images = {c.patch.image for c in panel.candidates}
    good = {i for i in images if project.state.images[i].tag == GOOD}
    assert good
    refine.answer(panel, tick_all(panel) if panel.anchor.label else answer(panel))
    assert all(project.state.images[i].tag == GOOD for i in good)
    doubted = contested(project.state)
    assert {found.patch.image for found in doubted} == good
    assert all((found.labels[:2], found.panels[:2]) == ((0, 1), ("", panel.id)) for found in doubted)
    assert not {found.patch for found in doubted} & {found.patch for found in said_patches(project.state)}


def test_blind_panels_write_nothing_and_tell_how_far_the_expert_agrees_with_himself(boxed: Session) -> None:
    opened = refinement(boxed, blind=1.0, per_round=30)
    assert opened.agreement is None
    blind: list[Panel] = []
    while len(blind) < 2:
        panel = opened.next_panel()
        labels = {i: boxed.project.state.maps[i].copy() for i in (5, 6)}
        ticks = range(len(panel.positives))
        # The second panel that is shown again is answered differently in its first candidate.
        opened.answer(panel, answer(panel, ticks[1:] if len(blind) == 1 and panel.blind_of else ticks))
        if panel.blind_of:
            blind.append(panel)
            assert all((boxed.project.state.maps[i] == labels[i]).all() for i in labels)
    assert opened.refinements > 6
    judged = [1 + len(panel.candidates) for panel in blind]
    assert opened.agreement == pytest.approx(1 - 1 / sum(judged))
    assert blind[1].positives[0].patch in {found.patch for found in contested(boxed.project.state)}
    assert blind[0].blind_of != blind[1].blind_of
    opened.close()


def test_what_was_said_no_longer_trains_when_somebody_drew_over_it(refine: Refinement) -> None:
    project = refine.session.project
    good = {i for i, entry in project.state.images.items() if entry.tag == GOOD}
    for _ in range(3):
        panel = refine.next_panel()
        refine.answer(panel, tick_all(panel))
    said = [found for found in said_patches(project.state) if found.patch.image not in good]
    gone = said[0].patch
    other = np.full((1, 1), 1 - said[0].label, np.uint8)
    refine.session.paint(gone.image, Box(gone.row, gone.column, gone.row + 1, gone.column + 1), other, name="stroke")
    assert gone not in {found.patch for found in said_patches(project.state)}
    assert said[1] in said_patches(project.state)


@pytest.mark.parametrize(("write", "least", "most"), [("pixel", 1, 1), ("patch", 200, 400), ("superpixel", 2, 300)])
def test_writing_covers_the_pixel_the_patch_or_the_superpixel(
    boxed: Session, write: str, least: int, most: int
) -> None:
    opened = refinement(boxed, write=write, patch=20, apart=1)
    panel = opened.next_panel()
    defective = [c for c in panel.candidates if c.patch.image in (5, 6)]
    before = {image: boxed.project.state.maps[image].copy() for image in (5, 6)}
    opened.answer(panel, answer(panel) if panel.anchor.label else tick_all(panel))
    changed = sum(int((boxed.project.state.maps[image] != before[image]).sum()) for image in before)
    flipped = [c for c in defective if label_at(boxed.project.state, c.patch) != c.label]
    assert flipped
    assert least * (1 if write == "pixel" else 0.5) <= changed <= most * len(flipped)
    opened.close()
    assert finish(check(boxed.project.folder, CancelToken())).whole


def test_an_index_with_nothing_left_says_so(boxed: Session) -> None:
    opened = refinement(boxed, apart=60, per_round=99)
    with pytest.raises(DefectStudioError, match="has been asked"):
        for _ in range(99):
            panel = opened.next_panel()
            opened.answer(panel, answer(panel))
    opened.close()


def test_random_panels_ask_uniformly_and_never_about_what_was_asked(boxed: Session) -> None:
    opened = refinement(boxed, choose="random", anchor="random", apart=1, per_round=40)
    asked: list[tuple[int, int, int]] = []
    for _ in range(25):
        panel = opened.next_panel()
        asked += [(c.patch.image, c.patch.row, c.patch.column) for c in (panel.anchor, *panel.candidates)]
        assert len({c.label for c in (panel.anchor, *panel.positives)}) == 1
        opened.answer(panel, answer(panel, range(len(panel.positives))))
    assert len(set(asked)) == len(asked)
    images = np.bincount([image for image, _, _ in asked], minlength=7)
    assert images.min(initial=99, where=[False] + [True] * 6) >= 10
    opened.close()
