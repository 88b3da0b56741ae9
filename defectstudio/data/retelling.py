"""A journal written anew from gestures that were recorded before: for a branch of a project, for a session sent on.

Every gesture keeps its number, author and time, so that of a history that is told to some event the chain of digests
is, up to there, the one that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from defectstudio.data.codec import Row, decode
from defectstudio.data.journal import Gesture, Journal
from defectstudio.data.timeline import state_digest
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.state import LabelState

AT_ONCE = 500
"""Gestures a transaction: nothing of a journal that is not told to its end is kept anyway."""

Step = tuple[Gesture, Sequence[Event]]


def told(journal: Journal, until: int | None = None) -> Iterator[tuple[Gesture, list[Event]]]:
    """The gestures of a journal with their events, oldest first, up to an event (None: all)."""
    rows = journal.connection.execute(
        "SELECT g.id, g.name, g.author, g.at, g.reverts, e.image, e.kind, e.payload, e.before, e.after"
        " FROM events e JOIN gestures g ON g.id = e.gesture WHERE e.seq <= ? ORDER BY e.seq",
        (journal.last_event if until is None else until,),
    )
    for _, part in groupby(rows, key=lambda row: row[0]):
        events = list(part)
        yield Gesture(*events[0][:5]), [decode(Row(*row[6:]), row[5]) for row in events]


def whole_gesture(journal: Journal, event: int) -> int:
    """The last event, at most `event`, that ends a gesture: 0 before the first one.

    Raises DefectStudioError for an event that is yet to come.
    """
    last = journal.last_event
    if not 0 <= event <= last:
        raise DefectStudioError(f"This project has no event {event}.", hint=f"The last one is {last}.")
    (ends,) = journal.connection.execute(
        "SELECT COALESCE(MAX(last), 0) FROM (SELECT MAX(seq) AS last FROM events GROUP BY gesture) WHERE last <= ?",
        (event,),
    ).fetchone()
    return int(ends)


class _Retold(Journal):
    """A new journal; `tell` records a gesture as it was recorded once."""

    def __init__(self, path: Path, *, local: bool) -> None:
        super().__init__(path, create=True, local=local)
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._said = Gesture(0, "", "", 0.0, None)

    def _add_gesture(self, name: str, reverts: int | None) -> Gesture:
        self._db.execute("INSERT INTO gestures VALUES (?, ?, ?, ?, ?)", self._said)
        return self._said

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        yield  # `turn` begins and ends them

    def turn(self) -> None:
        """End one transaction and begin the next."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def tell(self, state: LabelState, gesture: Gesture, events: Sequence[Event]) -> None:
        self._said = gesture
        self.commit(state, gesture.name, events, reverts=gesture.reverts)

    def end(self) -> None:
        self._db.execute("COMMIT")


def retell(database: Path, steps: Iterable[Step], token: CancelToken, *, local: bool = True) -> Job[int]:
    """Write a new `project.db` from gestures, without their pixels; returns how many events it has.

    Gestures without events are left out. What is there when this is cancelled or breaks off is for the caller to
    remove. Raises DefectStudioError where the events do not fit together or the disk is full.
    """
    journal = _Retold(database, local=local)
    try:
        state = journal.load()
        for number, (gesture, events) in enumerate(steps):
            token.check()
            if number % AT_ONCE == 0:
                journal.turn()
                yield Progress(number, 0, f"Told {number} steps")
            if events:
                _tell(journal, state, gesture, events)
        journal.turn()
        journal.end()
        return journal.last_event
    finally:
        journal.close()


def _tell(journal: _Retold, state: LabelState, gesture: Gesture, events: Sequence[Event]) -> None:
    try:
        journal.tell(state, gesture, events)
    except (KeyError, ValueError, IndexError, TypeError, OverflowError) as error:
        raise DefectStudioError(
            f"The events of step {gesture.id} do not fit those before it.", hint="Ask for the session once more."
        ) from error


def content_digest(state: LabelState) -> str:
    """The digest of a state but for the files that hold its pixels: the same wherever a session is taken to."""
    images = {image: replace(entry, info=replace(entry.info, shard="")) for image, entry in state.images.items()}
    return state_digest(replace(state, images=images, shards={}))
