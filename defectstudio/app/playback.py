"""Plays a journal back: its steps in order, the parts of it (sessions, rounds, runs), and what stood after each step.

A *step* is a gesture, counted from 1; position 0 is the empty project. Nothing here writes to the project.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.journal import Journal
from defectstudio.data.project import DATABASE
from defectstudio.data.similarity import RoundRecord
from defectstudio.data.timeline import Timeline
from defectstudio.domain.progress import CancelToken, Job, Progress

AT_ONCE = 20_000
PAUSE_S = 30 * 60.0
"""A session ends when nothing is done for so long, or when another person goes on."""

OTHER, TAGGED, LABELLED, RUN, JUDGED, ANSWERED, IMPORTED = range(7)
"""What a step was about in the main; where it was about several, the highest."""
_KIND = (
    f"CASE kind WHEN 'panel' THEN {ANSWERED} WHEN 'judged' THEN {JUDGED} WHEN 'looked' THEN {JUDGED}"
    f" WHEN 'run' THEN {RUN} WHEN 'run approved' THEN {RUN} WHEN 'painted' THEN {LABELLED} WHEN 'start' THEN {LABELLED}"
    f" WHEN 'tagged' THEN {TAGGED} WHEN 'confirmed' THEN {TAGGED} WHEN 'image' THEN {IMPORTED} ELSE {OTHER} END"
)
PartKind: TypeAlias = Literal["all", "session", "round", "verdicts", "run"]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """All steps, (n,) each: number of the gesture, its last event, what it was about, when (Unix seconds).

    `taken_back`: the step that took it back, 0 none.
    """

    gestures: NDArray[np.int64]
    events: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    at: NDArray[np.float64]
    taken_back: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.gestures)

    def event(self, step: int) -> int:
        """The last event of a step, 0 for position 0."""
        return int(self.events[step - 1]) if step else 0

    def of_event(self, event: int) -> int:
        """The step that holds an event (the last one for events to come)."""
        return min(int(np.searchsorted(self.events, event)) + 1, len(self)) if event else 0

    def of_gesture(self, gesture: int) -> int:
        """The step of a gesture."""
        return int(np.searchsorted(self.gestures, gesture)) + 1


@dataclass(frozen=True, slots=True)
class Part:
    """Steps `first` to `last` that belong together.

    `name`: who worked in a session, which round (its number as text) or run; `at`, `until`: Unix seconds.
    """

    kind: PartKind
    first: int
    last: int
    name: str
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the timeline: a trained round or run, after a step."""

    kind: Literal["round", "run"]
    step: int
    name: str


@dataclass(frozen=True, slots=True)
class Playback:
    """All that is needed to find one's way in a journal."""

    steps: Steps
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]


def playback_job(folder: Path, rounds: list[RoundRecord]) -> Callable[[CancelToken], Job[Playback]]:
    """Read the steps of the project in `folder`, and write the checkpoints that make jumps short; `rounds`: trained."""

    def job(token: CancelToken) -> Job[Playback]:
        journal = Journal(folder / DATABASE, readonly=True)
        try:
            line = Timeline(journal, folder / "cache")
            steps = yield from _steps(journal, token)
            yield from line.prepare(token)
            marks = _marks(journal, steps, rounds)
            return Playback(steps, tuple(_parts(journal, steps)), tuple(marks))
        finally:
            journal.close()

    return job


def _steps(journal: Journal, token: CancelToken) -> Job[Steps]:
    rows = journal.connection.execute(
        f"SELECT gesture, MAX(seq), MAX({_KIND}), at, COALESCE(reverts, 0)"
        " FROM events JOIN gestures ON gestures.id = gesture"
        " GROUP BY gesture ORDER BY gesture"
    )
    last = max(journal.last_event, 1)
    read: list[NDArray[np.float64]] = [np.zeros((0, 5))]
    while some := rows.fetchmany(AT_ONCE):
        token.check()
        read.append(np.array(some, np.float64))  # numbers of events are far below 2 ** 53
        yield Progress(int(some[-1][1]), last, "Reading the journal")
    table = np.concatenate(read)
    gestures, events, reverts = (table[:, column].astype(np.int64) for column in (0, 1, 4))
    return Steps(gestures, events, table[:, 2].astype(np.uint8), table[:, 3].copy(), _taken_back(gestures, reverts))


def _taken_back(gestures: NDArray[np.int64], reverts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each step the first one that took it back; `reverts`: the gesture that each takes back, 0 none."""
    found = np.zeros(len(gestures), np.int64)
    takers = np.flatnonzero(reverts)[::-1]  # the first one is written last
    found[np.searchsorted(gestures, reverts[takers])] = takers + 1
    return found


def _parts(journal: Journal, steps: Steps) -> list[Part]:
    """Everything, then sessions, rounds, verdicts and runs, each in the order in which they began."""
    if not len(steps):
        return []
    whole = _part(steps, "all", 1, len(steps), "")
    rounds = [_of_gestures(steps, "round", *row) for row in journal.connection.execute(_ROUNDS)]
    verdicts = [_of_gestures(steps, "verdicts", *row) for row in journal.connection.execute(_VERDICTS)]
    return [whole, *_sessions(journal, steps), *rounds, *verdicts, *_runs(journal, steps)]


_ROUNDS = (
    "SELECT CAST(json_extract(payload, '$[1]') AS TEXT), MIN(gesture), MAX(gesture) FROM events WHERE kind = 'panel'"
    " GROUP BY 1 ORDER BY 2"
)
_VERDICTS = (
    "SELECT run, MIN(gesture), MAX(gesture) FROM (SELECT gesture,"
    " COALESCE(json_extract(payload, '$[2][0][1]'), json_extract(payload, '$[1][0][1]')) AS run"
    " FROM events WHERE kind = 'judged') WHERE run != '' GROUP BY run ORDER BY 2"
)
_RUNS = (
    "SELECT json_extract(payload, '$[0]'), MIN(gesture) FROM events"
    " WHERE kind = 'run' AND json_extract(payload, '$[2]') GROUP BY 1 ORDER BY 2"
)
_BORDERS = (
    "SELECT id, author FROM (SELECT id, author, at, LAG(author) OVER (ORDER BY id) AS who,"
    " LAG(at) OVER (ORDER BY id) AS before FROM gestures) WHERE before IS NULL OR who != author OR at - before > ?"
    " ORDER BY id"
)


def _part(steps: Steps, kind: PartKind, first: int, last: int, name: str) -> Part:
    return Part(kind, first, last, name, float(steps.at[first - 1]), float(steps.at[last - 1]))


def _of_gestures(steps: Steps, kind: PartKind, name: str, first: int, last: int) -> Part:
    return _part(steps, kind, steps.of_gesture(first), steps.of_gesture(last), name)


def _sessions(journal: Journal, steps: Steps) -> list[Part]:
    """What one person did without a long pause; the newest first, since that is looked for most."""
    borders: list[Any] = journal.connection.execute(_BORDERS, (PAUSE_S,)).fetchall()
    begins = [steps.of_gesture(gesture) for gesture, _ in borders]
    ends = [step - 1 for step in begins[1:]] + [len(steps)]
    found = [
        _part(steps, "session", first, last, author)
        for first, last, (_, author) in zip(begins, ends, borders, strict=True)
        if first <= last
    ]
    return found[::-1]


def _runs(journal: Journal, steps: Steps) -> list[Part]:
    """A run is shown with what was done since the run before it: that is what it had learnt more."""
    before, found = 0, []
    for run, gesture in journal.connection.execute(_RUNS):
        step = steps.of_gesture(gesture)
        found.append(_part(steps, "run", before + 1, step, run))
        before = step
    return found


def _marks(journal: Journal, steps: Steps, rounds: list[RoundRecord]) -> list[Mark]:
    """Trained rounds stand after the last step that they learnt from, runs at the step that they came with."""
    trained = [Mark("round", steps.of_event(record.event), str(record.round)) for record in rounds]
    runs = [Mark("run", steps.of_gesture(gesture), run) for run, gesture in journal.connection.execute(_RUNS)]
    return sorted([*trained, *runs], key=lambda mark: mark.step)
