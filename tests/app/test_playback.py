"""What a replay says of a journal: its steps, its parts, and what stood after each step, as the session had it then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.playback import ANSWERED, IMPORTED, JUDGED, LABELLED, RUN, TAGGED, Playback, playback_job
from defectstudio.app.playback_look import PastReader
from defectstudio.data import journal
from defectstudio.data.project import Project
from defectstudio.data.similarity import RoundRecord, similarity_config
from defectstudio.domain.errors import Cancelled
from defectstudio.domain.events import RunAdded
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED, Box, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.journals.make import HERE


def played(session: Session, rounds: list[RoundRecord] | None = None) -> Playback:
    return finish(playback_job(session.project.folder, rounds or [])(CancelToken()))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time of the next step, Unix seconds; the test moves it."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(journal.time, "time", lambda: now[0])
    yield now


def test_a_session_ends_with_a_long_pause_or_when_another_person_goes_on(
    session: Session, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_author", lambda: "ada")
    session.tag([1], DEFECTIVE)
    clock[0] += 1700
    session.tag([2], DEFECTIVE)
    clock[0] += 1900
    session.tag([3], DEFECTIVE)
    monkeypatch.setattr(journal, "_author", lambda: "bob")
    session.tag([4], DEFECTIVE)
    found = [(part.name, part.first, part.last) for part in played(session).parts if part.kind == "session"]
    assert found[:3] == [("bob", 5, 5), ("ada", 4, 4), ("ada", 2, 3)]


def test_steps_say_what_they_were_about_and_runs_and_rounds_are_marked(session: Session) -> None:
    session.tag([1], DEFECTIVE)
    session.paint(5, Box(0, 0, 4, 4), np.ones((4, 4), np.uint8), name="paint spot")
    trained_on = session.project.journal.last_event
    session.record("train r1", [RunAdded("r1", "00")])
    record = RoundRecord(round=3, created="", status="finished", config=similarity_config(), event=trained_on)
    playback = played(session, [record])
    assert playback.steps.kinds.tolist() == [IMPORTED, TAGGED, LABELLED, RUN]
    assert [(mark.kind, mark.step, mark.name) for mark in playback.marks] == [("round", 3, "3"), ("run", 4, "r1")]
    (run,) = [part for part in playback.parts if part.kind == "run"]
    assert (run.name, run.first, run.last) == ("r1", 1, 4)


def test_each_step_shows_what_the_session_had_then_in_any_order(session: Session) -> None:
    """The maps and tags are noted while the work is done, and asked for forwards, backwards and by jumps."""
    project, image = session.project, 5
    then = {}

    def note() -> None:
        drawn = project.state.label_map(image)
        then[len(project.journal.gestures())] = (
            project.state.images[image].tag,
            None if drawn is None else drawn.copy(),
        )

    rng = np.random.default_rng(0)
    for number in range(12):
        if number % 3:
            top, left = (int(n) for n in rng.integers(0, 30, 2))
            session.paint(image, Box(top, left, top + 6, left + 5), np.full((6, 5), number % 2, np.uint8), name="p")
        else:
            session.tag([image], GOOD if project.state.images[image].tag == DEFECTIVE else DEFECTIVE)
        note()
        if number % 4 == 3:
            session.undo()
            note()
    reader = PastReader(project.folder, played(session).steps)
    for step in [*then, *reversed(then), *rng.permutation(list(then)).tolist()]:
        look = reader.look(step, image)
        tag, drawn = then[step]
        assert look.entry is not None
        assert look.entry.tag == tag
        assert (look.labels is None) == (drawn is None)
        assert drawn is None or (look.labels == drawn).all()


def test_what_was_taken_back_says_by_which_step(session: Session) -> None:
    session.tag([1], UNLABELLED)
    session.undo()
    reader = PastReader(session.project.folder, played(session).steps)
    look = reader.look(2)
    assert (look.taken_back, look.image) == (3, 1)
    assert look.gesture is not None
    assert look.gesture.name == "tag unlabelled"
    assert look.counts.verdicts[Verdict.UNLABELLED] == 1
    assert reader.look(3).counts.verdicts.get(Verdict.UNLABELLED, 0) == 0


def test_before_the_first_step_there_is_nothing(session: Session) -> None:
    reader = PastReader(session.project.folder, played(session).steps)
    assert reader.look(1, 5).entry is not None
    look = reader.look(0, 5)
    assert (look.image, look.labels, look.gesture, look.counts.verdicts) == (None, None, None, {})


@pytest.fixture(params=["refined", "mentored"])
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    shutil.copy(HERE / f"{request.param}.db", tmp_path / "project" / "project.db")
    journal.Journal(tmp_path / "project" / "project.db").close()
    return tmp_path / "project"


def test_golden_journals_show_panels_and_verdicts_as_they_were_answered(golden: Path) -> None:
    with Project.open(golden, readonly=True) as project:
        playback = played(Session(project))
        reader = PastReader(golden, playback.steps)
        kinds = playback.steps.kinds
        looks = [reader.look(step) for step in range(1, len(kinds) + 1)]
    for kind, look in zip(kinds.tolist(), looks, strict=True):
        if kind == ANSWERED:
            assert look.answered is not None
            assert look.asked is not None
            shown = look.answered.panel.anchor
            assert look.image == shown.patch.image
            if look.answered.present and not look.answered.panel.blind_of:
                # The maps are those from before the answer, so they hold the labels that the panel showed.
                drawn = look.asked.label_map(shown.patch.image)
                assert drawn is None or drawn[shown.patch.row, shown.patch.column] == shown.label
        if kind == JUDGED:
            assert look.judgement is not None
            assert look.judgement.detection.image == look.image
    assert {ANSWERED, JUDGED} & set(kinds.tolist())


def test_reading_a_journal_can_be_stopped_and_writes_nothing(session: Session) -> None:
    before = session.project.journal.last_event
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        finish(playback_job(session.project.folder, [])(token))
    assert played(session).steps.event(0) == 0
    assert session.project.journal.last_event == before
