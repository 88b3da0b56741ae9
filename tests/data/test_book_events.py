"""The defect book and second looks are kept by the journal like every other event."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from defectstudio.data.check import check
from defectstudio.data.codec import decode, encode
from defectstudio.data.project import Project
from defectstudio.data.timeline import Timeline, state_digest
from defectstudio.domain.book import BookEntry, BookEntryChanged, DefinitionChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, image_of
from defectstudio.domain.labels import Box
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.second_look import LookedAgain, SecondLook
from defectstudio.sessions.session import Session
from tests.data.older import as_version

ENTRY = BookEntry(3, "look-alike", 1, 4, Box(1, 2, 30, 41), "patch", "a scratch of the lens")
LOOK = SecondLook(2, "run/7", "confirmed 1", "rejected", 1.25)
EVENTS: tuple[Event, ...] = (
    BookEntryChanged(3, None, ENTRY),
    BookEntryChanged(3, ENTRY, replace(ENTRY, kind="exemplar", caption="")),
    DefinitionChanged(1, "", "A dent – “deep”."),
    LookedAgain(4, 2, None, LOOK),
    LookedAgain(4, 2, LOOK, replace(LOOK, third="rejected")),
)


@pytest.mark.parametrize("event", [*EVENTS, *(event.inverse() for event in EVENTS)])
def test_an_event_is_the_same_after_writing_and_reading(event: Event) -> None:
    assert decode(encode(event), image_of(event)) == event


def test_an_entry_of_an_unknown_kind_is_a_damaged_event() -> None:
    row = encode(EVENTS[0])
    values = json.loads(row.payload)
    values[2][1] = "perhaps"
    with pytest.raises(DefectStudioError, match="damaged"):
        decode(row._replace(payload=json.dumps(values)), None)


def test_book_and_looks_survive_closing_undo_and_redo_and_the_project_checks_whole(session: Session) -> None:
    folder = session.project.folder
    for number, event in enumerate(EVENTS):
        session.record(f"step {number}", [event])
    session.undo()
    session.undo()
    session.redo()
    before = state_digest(session.project.state)
    session.project.close()
    with Project.open(folder) as project:
        assert project.state.book == {3: replace(ENTRY, kind="exemplar", caption="")}
        assert project.state.definitions == {1: "A dent – “deep”."}
        assert project.state.images[4].looks == (LOOK,)
        assert state_digest(project.state) == before
    assert finish(check(folder, CancelToken())).whole


def test_a_checkpoint_holds_book_and_looks(session: Session) -> None:
    session.record("all", EVENTS)
    line = Timeline(session.project.journal, session.project.cache_folder, every=session.project.journal.last_event)
    assert finish(line.prepare(CancelToken())) == 1
    assert state_digest(line.state_at(line.last)) == state_digest(session.project.state)


def test_an_entry_that_was_changed_behind_the_journal_is_found(session: Session) -> None:
    folder = session.project.folder
    session.record("add", EVENTS[:1])
    session.project.close()
    with sqlite3.connect(folder / "project.db") as db:
        db.execute("UPDATE book SET payload = replace(payload, 'lens', 'glass')")
    db.close()
    assert finish(check(folder, CancelToken())).problems == ["The stored book are not what the events say."]


def test_a_second_look_teaches_a_training_nothing_new(session: Session) -> None:
    last = session.project.journal.last_event
    session.record("second look", [LookedAgain(4, 1, None, LOOK)])
    assert not session.project.journal.learnt_since(last)
    assert session.project.journal.last_label_event(last + 1) <= last


def test_a_project_of_the_first_version_has_an_empty_book(session: Session) -> None:
    folder = session.project.folder
    session.project.close()
    as_version(folder / "project.db", 1)
    with Project.open(folder) as project:
        assert (project.state.book, project.state.definitions) == ({}, {})
        Session(project).record("define", [DefinitionChanged(1, "", "a spot")])
    with Project.open(folder) as project:
        assert project.state.definitions == {1: "a spot"}
