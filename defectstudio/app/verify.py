"""Proves that a project is what its journal says: every state rebuilt from the events, its digests said; runs repeated.

`verify_job` checks the whole folder and gives the digest of the state at marks along the way, by which two copies, or
two versions of the program, are compared. `retrain_job` trains recorded runs again and compares the weights.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from defectstudio.app.retraining import Recorded, Repeat, repeats
from defectstudio.data.check import CheckReport, check
from defectstudio.data.journal import Journal
from defectstudio.data.pixels import sha256_of
from defectstudio.data.project import DATABASE, Project
from defectstudio.data.runs import BOXES, WEIGHTS
from defectstudio.data.timeline import Timeline, state_digest
from defectstudio.domain.progress import CancelToken, Job

MARKS = 10
TOLERANCE = 1e-3
"""By how much a weight may differ where versions or devices differ, before a repeated run counts as another one."""


class Mark(BaseModel):
    """The state after an event, as a digest."""

    model_config = ConfigDict(frozen=True)

    event: int
    digest: str


class Verified(BaseModel):
    """What `verify_job` found; `problems` empty means that everything is as the journal says."""

    model_config = ConfigDict(frozen=True)

    events: int
    images: int
    shards: int
    runs: int
    marks: list[Mark]
    problems: list[str]
    notes: list[str]

    @property
    def whole(self) -> bool:
        return not self.problems


class Retrained(BaseModel):
    """One run, trained again on the labels that it saw.

    `same`: the weights are the recorded ones, bit for bit. `largest`: the largest difference of a weight, None where
    the two cannot be compared. `differs`: what is not as it was then, as "torch: 2.13.0, was 2.12.1".
    """

    model_config = ConfigDict(frozen=True)

    run: str
    same: bool
    largest: float | None
    differs: list[str]

    @property
    def agrees(self) -> bool:
        """Bit for bit; or close enough where packages or devices differ."""
        return self.same or (bool(self.differs) and self.largest is not None and self.largest <= TOLERANCE)


def verify_job(folder: Path, marks: Sequence[int] | None = None) -> Callable[[CancelToken], Job[Verified]]:
    """Check the project in `folder` as it lies on disk; `marks`: events whose states are wanted, ten evenly spread."""

    def job(token: CancelToken) -> Job[Verified]:
        report = yield from check(folder, token)
        journal = Journal(folder / DATABASE, readonly=True)
        try:
            line = Timeline(journal, folder / "cache")
            found = []
            if report.whole:  # of a damaged journal no state can be trusted
                yield from line.prepare(token)
                for event in spread(line.last) if marks is None else marks:
                    token.check()
                    found.append(Mark(event=event, digest=state_digest(line.state_at(event))))
        finally:
            journal.close()
        return _verified(report, found)

    return job


def spread(last: int, count: int = MARKS) -> list[int]:
    """Up to `count` events, evenly spread over a journal; the last is among them."""
    return sorted({int(event) for event in np.linspace(0, last, count + 1)[1:].round()} - {0})


def _verified(report: CheckReport, marks: list[Mark]) -> Verified:
    return Verified(
        events=report.events,
        images=report.images,
        shards=report.shards,
        runs=report.runs,
        marks=marks,
        problems=report.problems,
        notes=report.notes,
    )


def retrain_job(project: Project, run: str | None = None) -> Callable[[CancelToken], Job[list[Retrained]]]:
    """Train a run or round ("round 2"), or every finished one, again, in a folder that goes away.

    The project is not changed. Raises DefectStudioError for a run that is unknown or not finished.
    """
    prepared = repeats(project, run)

    def job(token: CancelToken) -> Job[list[Retrained]]:
        found = []
        for repeat in prepared:
            if repeat.problem:
                found.append(Retrained(run=repeat.name, same=False, largest=None, differs=[repeat.problem]))
                continue
            with tempfile.TemporaryDirectory() as scratch:
                again = yield from repeat.again(Path(scratch), token)
                found.append(_compare(repeat, again, Path(scratch) / repeat.folder.name))
        return found

    return job


def _compare(repeat: Repeat, now: Recorded, new: Path) -> Retrained:
    files = [name for name in (WEIGHTS, BOXES) if (repeat.folder / name).is_file() or (new / name).is_file()]
    apart = [_apart(repeat.folder / name, new / name) for name in files]
    return Retrained(
        run=repeat.name,
        same=apart == [0.0] * len(apart),
        largest=None if None in apart else max(one for one in apart if one is not None),
        differs=[*repeat.differs, *differences(repeat.record, now)],
    )


def _apart(old: Path, new: Path) -> float | None:
    """How far two files of weights are apart; 0 only where they are equal byte for byte."""
    if not (old.is_file() and new.is_file()):
        return None
    if sha256_of(old) == sha256_of(new):
        return 0.0
    largest = largest_difference(old, new)
    return largest if largest is None else max(largest, sys.float_info.min)


def differences(then: Recorded, now: Recorded) -> list[str]:
    """What is not as it was when a run was trained: packages, device, precision, settings."""
    was = {**then.versions, "device": then.device, "precision": then.precision}
    there = {**now.versions, "device": now.device, "precision": now.precision}
    lines = [
        f"{name}: {there.get(name, 'none')}, was {value}" for name, value in was.items() if there.get(name) != value
    ]
    old, new = then.config.model_dump(), now.config.model_dump()
    return lines + [
        f"setting {name}: {new[name]}, was {value}" for name, value in old.items() if new.get(name) != value
    ]


def largest_difference(one: Path, other: Path) -> float | None:
    """The largest absolute difference between two files of weights, None where their tensors are not the same ones."""
    from safetensors.numpy import load_file

    first, second = load_file(one), load_file(other)
    if {name: part.shape for name, part in first.items()} != {name: part.shape for name, part in second.items()}:
        return None
    return max((float(np.abs(first[name] - second[name]).max()) for name in first if first[name].size), default=0.0)
