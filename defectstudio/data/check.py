"""Is a project whole? SQLite's own check, the chain of events, state == fold of the events, and every file's hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from defectstudio.data.codec import Row, decode
from defectstudio.data.journal import Gesture, Journal, chain
from defectstudio.data.maps import StoredMaps
from defectstudio.data.pixels import sha256_of
from defectstudio.data.runs import BOXES, WEIGHTS, weights_digest
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event
from defectstudio.domain.labels import UNKNOWN, LabelMap
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.state import LabelState, fold

MAPS_IN_MEMORY = 32 * 1024 * 1024


@dataclass(slots=True)
class CheckReport:
    """What was looked at and what is wrong; `problems` empty means whole. `notes` are harmless."""

    events: int = 0
    images: int = 0
    shards: int = 0
    runs: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.problems


def check(folder: Path, token: CancelToken) -> Job[CheckReport]:
    """Check the project in `folder`, reading everything and changing nothing."""
    report = CheckReport()
    journal = Journal(folder / "project.db", readonly=True)
    try:
        yield Progress(0, 5, "Checking the database")
        report.problems += [
            f"SQLite: {text}" for (text,) in journal.connection.execute("PRAGMA integrity_check") if text != "ok"
        ]
        yield Progress(1, 5, "Following the chain of events")
        yield from _check_chain(journal, report, token)
        state = _stored_state(journal, report)
        if state is not None:
            yield Progress(2, 5, "Folding the events")
            yield from _check_state(journal, state, report, token)
            yield from _check_files(folder, state, report, token)
    finally:
        journal.close()
    return report


def _stored_state(journal: Journal, report: CheckReport) -> LabelState | None:
    """The state as it lies on disk, None where it cannot even be read."""
    try:
        return journal.load(maps_in_memory=MAPS_IN_MEMORY)
    except (DefectStudioError, KeyError, ValueError, IndexError) as error:
        said = error.message if isinstance(error, DefectStudioError) else error
        report.problems.append(f"The stored state cannot be read: {said}")
        return None


def _check_chain(journal: Journal, report: CheckReport, token: CancelToken) -> Iterator[Progress]:
    digest, expected, gesture = b"", 1, Gesture(0, "", "", 0.0, None)
    gestures = iter(journal.connection.execute("SELECT * FROM gestures ORDER BY id"))
    for seq, number, image, kind, payload, before, after, stored in journal.connection.execute(
        "SELECT * FROM events ORDER BY seq"
    ):
        token.check()
        while gesture.id < number and (found := next(gestures, None)) is not None:
            gesture = Gesture(*found)  # both run through the journal in step, so that neither need be in memory
        said = gesture if gesture.id == number else Gesture(number, "", "", 0.0, None)
        digest = chain(digest, said, seq, image, Row(kind, payload, before, after))
        if seq != expected or digest != stored:
            report.problems.append(f"Event {seq} or the one before it was changed after it was written.")
            return
        expected += 1
        report.events += 1
        if seq % 1000 == 0:
            yield Progress(1, 5, f"Followed {seq} events")


def _stored_events(journal: Journal, where: str, *values: object) -> Iterable[Event]:
    query = f"SELECT image, kind, payload, before, after FROM events WHERE {where} ORDER BY seq"
    return (decode(Row(*row[1:]), row[0]) for row in journal.connection.execute(query, values))


def _check_state(journal: Journal, state: LabelState, report: CheckReport, token: CancelToken) -> Iterator[Progress]:
    """Fold image by image, so that memory holds one label map at a time."""
    try:
        whole = fold(_stored_events(journal, "image IS NULL"))
        for part in (
            "classes",
            "shards",
            "segmented",
            "runs",
            "deleted_runs",
            "marks",
            "answers",
            "starts",
            "approvals",
            "book",
            "definitions",
        ):
            if getattr(whole, part) != getattr(state, part):
                report.problems.append(f"The stored {part.replace('_', ' ')} are not what the events say.")
        numbers = {row[0] for row in journal.connection.execute("SELECT DISTINCT image FROM events WHERE image > 0")}
        if numbers != set(state.images):
            report.problems.append("The stored list of images is not what the events say.")
        for done, image in enumerate(sorted(numbers & set(state.images))):
            token.check()
            report.images += 1
            report.problems += _image_problems(journal, state, image)
            if isinstance(state.maps, StoredMaps):
                state.maps.trim()
            if done % 100 == 0:
                yield Progress(2, 5, f"Folded {done} of {len(numbers)} images")
    except (DefectStudioError, KeyError, ValueError, IndexError) as error:
        report.problems.append(f"The events cannot be folded: {error}")


def _image_problems(journal: Journal, state: LabelState, image: int) -> list[str]:
    folded = fold(_stored_events(journal, "image = ?", image))
    name = state.images[image].info.name
    problems = []
    if folded.images.get(image) != state.images[image]:
        problems.append(f"{name}: the stored tag or placement is not what the events say.")
    if not _same_map(folded.label_map(image), state.label_map(image)):
        problems.append(f"{name}: the stored label map is not what the events say.")
    return problems


def _same_map(one: LabelMap | None, other: LabelMap | None) -> bool:
    if one is None or other is None:
        drawn = other if one is None else one
        return drawn is None or bool((drawn == UNKNOWN).all())
    return one.shape == other.shape and bool((one == other).all())


def _check_files(folder: Path, state: LabelState, report: CheckReport, token: CancelToken) -> Iterator[Progress]:
    files = [(folder / "images" / name, digest) for name, (digest, _) in state.shards.items()]
    weights = [(folder / "runs" / run / WEIGHTS, digest) for run, digest in state.runs.items() if digest]
    for done, (path, digest) in enumerate(files + weights):
        token.check()
        yield Progress(3, 5, f"Hashing file {done + 1} of {len(files) + len(weights)}")
        of_run = path.name == WEIGHTS
        shown = path.relative_to(folder).as_posix()
        if not path.is_file():
            report.problems.append(f"{shown} is missing.")
        elif (weights_digest(path.parent) if of_run else sha256_of(path)) != digest:
            boxes = f" or {BOXES} beside it" if of_run and (path.parent / BOXES).is_file() else ""
            report.problems.append(f"{shown}{boxes} was changed or is damaged.")
    report.shards, report.runs = len(files), len(weights)
    known = {path.name for path, _ in files}
    strays = sorted(path.name for path in (folder / "images").glob("*") if path.name not in known)
    if strays:
        report.notes.append(f"images/ holds files of an import that never finished: {', '.join(strays)}.")
    yield Progress(5, 5, "Done")
