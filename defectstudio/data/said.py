"""What was said beside labels, as rows of `project.db`: notes, queue, panels, verdicts, second looks, the book."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TypeAlias

from defectstudio.data.codec import Row, decode, encode, read_queue_mark
from defectstudio.domain.book import BookEntryChanged, BookEvent, DefinitionChanged
from defectstudio.domain.events import LabelConfirmed, NoteChanged, QueueMarked
from defectstudio.domain.labels import Note
from defectstudio.domain.mentoring import DetectionJudged, RunApproved
from defectstudio.domain.refinement import MapsStarted, PanelAnswered, RefinementEvent
from defectstudio.domain.second_look import LookedAgain
from defectstudio.domain.state import LabelState, apply

Said: TypeAlias = (
    NoteChanged
    | QueueMarked
    | LabelConfirmed
    | RefinementEvent
    | DetectionJudged
    | RunApproved
    | LookedAgain
    | BookEvent
)


def load_said(db: sqlite3.Connection, state: LabelState) -> None:
    """Put what was said into a state that holds the images already."""
    for image, *note in db.execute("SELECT * FROM notes ORDER BY image, number"):
        entry = state.images[image]
        state.images[image] = replace(entry, notes=(*entry.notes, _note(*note)))
    for image, *mark in db.execute("SELECT * FROM queue_marks"):
        state.images[image] = replace(state.images[image], mark=read_queue_mark(*mark))
    for image, tag in db.execute("SELECT * FROM confirmed"):
        state.images[image] = replace(state.images[image], confirmed=tag)
    for kind, table in (("panel", "answers"), ("start", "starts")):
        for (payload,) in db.execute(f"SELECT payload FROM {table} ORDER BY rowid"):
            apply(state, decode(Row(kind, payload), None))
    for image, payload in db.execute("SELECT image, payload FROM judged ORDER BY image, id"):
        apply(state, decode(Row("judged", payload), image))
    for image, payload in db.execute("SELECT image, payload FROM looks ORDER BY image, number"):
        apply(state, decode(Row("looked", payload), image))
    for (payload,) in db.execute("SELECT payload FROM book ORDER BY number"):
        apply(state, decode(Row("book", payload), None))
    state.definitions = dict(db.execute("SELECT * FROM definitions ORDER BY class"))
    for (payload,) in db.execute("SELECT payload FROM approvals ORDER BY rowid"):
        apply(state, decode(Row("run approved", payload), None))


def store_said(db: sqlite3.Connection, event: Said) -> None:
    """Write what an event says into its table."""
    match event:
        case NoteChanged(image, number, _, note):
            db.execute("DELETE FROM notes WHERE image = ? AND number = ?", (image, number))
            if note is not None:
                place = note.at or (None, None)
                db.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", (image, number, note.text, *place))
        case QueueMarked(image, _, mark):
            db.execute("DELETE FROM queue_marks WHERE image = ?", (image,))
            if mark is not None:
                db.execute("INSERT INTO queue_marks VALUES (?, ?, ?, ?)", (image, mark.kind, mark.reason, mark.place))
        case LabelConfirmed(image, _, tag):
            db.execute("DELETE FROM confirmed WHERE image = ?", (image,))
            if tag:
                db.execute("INSERT INTO confirmed VALUES (?, ?)", (image, tag))
        case PanelAnswered(panel):
            _store(db, "answers", panel.id, event)
        case MapsStarted(start):
            _store(db, "starts", start, event)
        case LookedAgain() | BookEntryChanged() | DefinitionChanged():
            _store_book(db, event)
        case _:
            _store_verdict(db, event)


def _store_verdict(db: sqlite3.Connection, event: DetectionJudged | RunApproved) -> None:
    match event:
        case DetectionJudged(image, identity, _, judgement):
            db.execute("DELETE FROM judged WHERE image = ? AND id = ?", (image, identity))
            if judgement is not None:
                db.execute("INSERT INTO judged VALUES (?, ?, ?)", (image, identity, encode(event).payload))
        case RunApproved(run, _, approval):
            db.execute("DELETE FROM approvals WHERE run = ?", (run,))
            if approval is not None:
                db.execute("INSERT INTO approvals VALUES (?, ?)", (run, encode(event).payload))


def _store_book(db: sqlite3.Connection, event: LookedAgain | BookEvent) -> None:
    match event:
        case LookedAgain(image, number, _, look):
            db.execute("DELETE FROM looks WHERE image = ? AND number = ?", (image, number))
            if look is not None:
                db.execute("INSERT INTO looks VALUES (?, ?, ?)", (image, number, encode(event).payload))
        case BookEntryChanged(number, _, entry):
            db.execute("DELETE FROM book WHERE number = ?", (number,))
            if entry is not None:
                db.execute("INSERT INTO book VALUES (?, ?)", (number, encode(event).payload))
        case DefinitionChanged(index, _, text):
            db.execute("DELETE FROM definitions WHERE class = ?", (index,))
            if text:
                db.execute("INSERT INTO definitions VALUES (?, ?)", (index, text))


def _store(db: sqlite3.Connection, table: str, key: str, event: PanelAnswered | MapsStarted) -> None:
    db.execute(f"DELETE FROM {table} WHERE id = ?", (key,))
    if event.present:
        db.execute(f"INSERT INTO {table} VALUES (?, ?)", (key, encode(event).payload))


def _note(number: int, text: str, row: int | None, column: int | None) -> Note:
    return Note(number, text, None if row is None or column is None else (row, column))
