"""Writes a session bundle: a project's steps from one event to another, or all of them, and the images they touch."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from pydantic import BaseModel, ConfigDict

from defectstudio import __version__
from defectstudio.app.branch import check_whole
from defectstudio.app.session_bundle import (
    EVENTS,
    MANIFEST,
    MOST_FILE,
    NAMED,
    RUN_FILE,
    Manifest,
    PixelEntry,
    entry,
    written_bundle,
)
from defectstudio.app.session_bundle_anonymous import Anonymiser
from defectstudio.data.codec import Row, decode, encode
from defectstudio.data.journal import Gesture, Journal
from defectstudio.data.project import DATABASE, Project
from defectstudio.data.retelling import content_digest, retell, told
from defectstudio.domain.book import BookEntryChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
    Event,
    RunAdded,
    RunMarked,
    ShardWritten,
    image_of,
)
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import RunApproved
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import PanelAnswered


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take along: events `first` to `last` (None: from the beginning, to the end), or one round of refinement.

    `runs`: trained runs, rounds and waiting detections too; only of a whole session. `anonymised`: without names.
    """

    first: int | None = None
    last: int | None = None
    round: int | None = None
    anonymised: bool = False
    runs: bool = False

    @property
    def whole(self) -> bool:
        return self.first is None and self.last is None and self.round is None


class Exported(BaseModel):
    """A bundle that was written: its size in bytes, and what it holds."""

    model_config = ConfigDict(frozen=True)

    file: str
    size: int
    anonymised: bool
    first: int
    last: int
    events: int
    steps: int
    images: int
    digest: str


def export_job(folder: Path, out: Path, wanted: Wanted | None = None) -> Callable[[CancelToken], Job[Exported]]:
    """Write the bundle `out` from the project in `folder`, which is not changed.

    Raises DefectStudioError for wishes that contradict each other, events or rounds that are not there, a project that
    is not what its journal says, and a disk that is full; then nothing is left behind.
    """
    chosen = wanted or Wanted()
    if chosen.round is not None and not (chosen.first is None and chosen.last is None):
        raise DefectStudioError("A round has its own events.", hint="Say --round, or --from and --to.")
    if chosen.runs and (chosen.anonymised or not chosen.whole):
        raise DefectStudioError(
            "Runs go only with a whole session that keeps its names.", hint="Leave --runs out, or export all of it."
        )

    def job(token: CancelToken) -> Job[Exported]:
        yield from check_whole(folder, token)
        with Project.open(folder, readonly=True) as project:
            manifest = yield from _Export(project, chosen).write(out, token)
        return Exported(
            file=str(out),
            size=out.stat().st_size,
            images=len(manifest.images),
            **manifest.model_dump(include={"anonymised", "first", "last", "events", "steps", "digest"}),
        )

    return job


class _Export:
    """One export under way."""

    def __init__(self, project: Project, wanted: Wanted) -> None:
        self.project, self.wanted = project, wanted
        self.first, self.last = _range(project.journal, wanted)
        states = project.state.images
        self.images = sorted(states if wanted.whole else _touched(project, self.first, self.last))
        self.known = frozenset(self.images)
        self.shards = {states[image].info.shard for image in self.images}
        self.hashes: dict[ImageId, str] = {}
        self.anonymiser: Anonymiser | None = None

    def write(self, out: Path, token: CancelToken) -> Job[Manifest]:
        """Pixels, then steps, then what they fold to, then runs; the manifest names all of it."""
        files = _files_of(self.project) if self.wanted.runs else {}
        with written_bundle(out) as archive:
            for number, image in enumerate(self.images):
                token.check()
                yield Progress(number, len(self.images), f"Packing image {number + 1} of {len(self.images)}")
                self._pack(archive, image)
            if self.wanted.anonymised:
                names = {image: self.project.state.images[image].info.name for image in self.images}
                self.anonymiser = Anonymiser(self._began(), names, self.hashes)
            events, steps = yield from self._pack_steps(archive, token)
            digest = yield from self._digest(out.parent, token)
            for number, (name, path) in enumerate(files.items()):
                token.check()
                yield Progress(number, len(files), f"Packing {name}")
                with path.open("rb") as source, archive.open(entry(name), "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target)
            manifest = Manifest(
                program=__version__,
                anonymised=self.wanted.anonymised,
                project="" if self.wanted.anonymised else self.project.folder.resolve().name,
                first=self.first,
                last=self.last,
                events=events,
                steps=steps,
                digest=digest,
                images=tuple(self._entry(image) for image in self.images),
                files={name: path.stat().st_size for name, path in files.items()},
            )
            archive.writestr(entry(MANIFEST), manifest.model_dump_json())
        return manifest

    def _entry(self, image: ImageId) -> PixelEntry:
        info = self.project.state.images[image].info
        shard = info.shard if self.anonymiser is None else self.anonymiser.shard(info.shard)
        return PixelEntry(
            id=image,
            height=info.height,
            width=info.width,
            channels=1 if info.channels == 1 else 3,
            bits=8 if info.bits == 8 else 16,
            shard=shard,
        )

    def _pack(self, archive: ZipFile, image: ImageId) -> None:
        pixels = self.project.read(image)
        raw = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)).data.cast("B")
        self.hashes[image] = hashlib.sha256(raw).hexdigest()
        with archive.open(entry(self._entry(image).name), "w", force_zip64=True) as file:
            file.write(raw)

    def _began(self) -> float:
        return next((gesture.at for gesture, _ in self._kept()), 0.0)

    def _kept(self) -> Iterator[tuple[Gesture, list[Event]]]:
        """The steps with the events that concern the images taken along."""
        for gesture, events in told(self.project.journal, self.last):
            kept = [event for event in events if self._keeps(event)]
            if kept:
                yield gesture, kept

    def _steps(self) -> Iterator[tuple[Gesture, list[Event]]]:
        for gesture, events in self._kept():
            yield (gesture, events) if self.anonymiser is None else self.anonymiser.step(gesture, events)

    def _keeps(self, event: Event) -> bool:
        match event:
            case ShardWritten(shard):
                return shard in self.shards
            case PanelAnswered() | BookEntryChanged():
                return _images_of(event) <= self.known
            case RunAdded() | RunMarked() | RunApproved():
                return self.wanted.runs
        image = image_of(event)
        return image is None or image in self.known

    def _pack_steps(self, archive: ZipFile, token: CancelToken) -> Job[tuple[int, int]]:
        """Write the steps; returns how many events and how many steps there are."""
        events = steps = 0
        with archive.open(entry(EVENTS), "w", force_zip64=True) as file:
            for gesture, told_events in self._steps():
                token.check()
                file.write(_line("step", *gesture))
                for event in told_events:
                    row = encode(event)
                    file.write(
                        _line("event", image_of(event), row.kind, row.payload, _text(row.before), _text(row.after))
                    )
                events, steps = events + len(told_events), steps + 1
                if steps % 1000 == 0:
                    yield Progress(steps, 0, f"Packed {steps} steps")
        return events, steps

    def _digest(self, scratch: Path, token: CancelToken) -> Job[str]:
        """The digest of the state that the steps of the bundle lead to, found by taking them."""
        with tempfile.TemporaryDirectory(prefix=".session-", dir=scratch) as folder:
            database = Path(folder) / DATABASE
            yield from retell(database, self._steps(), token, local=False)
            journal = Journal(database, readonly=True)
            try:
                return content_digest(journal.load())
            finally:
                journal.close()


def _range(journal: Journal, wanted: Wanted) -> tuple[int, int]:
    """The first and the last event of the steps that are wanted; a step is never cut."""
    last = journal.last_event
    if wanted.round is not None:
        query = "SELECT MIN(seq), MAX(seq) FROM events WHERE kind = 'panel' AND json_extract(payload, '$[1]') = ?"
        first, until = journal.connection.execute(query, (wanted.round,)).fetchone()
        if first is None:
            raise DefectStudioError(f"No panel of round {wanted.round} was answered.", hint="Choose another round.")
    else:
        first, until = wanted.first or 1, last if wanted.last is None else wanted.last
    if not 1 <= first <= until <= last:
        raise DefectStudioError(
            f"There are no events {first} to {until} in this project.", hint=f"It has the events 1 to {last}."
        )
    query = "SELECT MIN(seq), MAX(seq) FROM events WHERE gesture = (SELECT gesture FROM events WHERE seq = ?)"
    ends = [journal.connection.execute(query, (seq,)).fetchone() for seq in (first, until)]
    return int(ends[0][0]), int(ends[1][1])


def _touched(project: Project, first: int, last: int) -> set[ImageId]:
    """The images that events are about, those of the book, and those that panels showed, now and when first asked."""
    db = project.journal.connection
    rows = db.execute("SELECT DISTINCT image FROM events WHERE seq BETWEEN ? AND ? AND image > 0", (first, last))
    found = {int(image) for (image,) in rows}
    query = "SELECT seq, kind, payload FROM events WHERE kind IN ('panel', 'book') AND seq <= ? ORDER BY seq DESC"
    asked: set[str] = set()
    for seq, kind, payload in db.execute(query, (last,)):
        event = decode(Row(kind, payload), None)
        assert isinstance(event, PanelAnswered | BookEntryChanged)
        panel = event.panel if isinstance(event, PanelAnswered) else None
        if seq >= first or (panel is not None and panel.id in asked):
            found |= _images_of(event)
            asked |= set() if panel is None else {panel.blind_of}
    return found


def _images_of(event: PanelAnswered | BookEntryChanged) -> set[ImageId]:
    if isinstance(event, BookEntryChanged):
        return {entry.image for entry in (event.before, event.after) if entry is not None}
    panel = event.panel
    return {candidate.patch.image for candidate in (panel.anchor, *panel.candidates)}


def _files_of(project: Project) -> dict[str, Path]:
    """The files of runs, rounds and waiting detections, by their names in a bundle."""
    runs = list(project.state.runs)
    strange = next((run for run in runs if not NAMED.fullmatch(run)), None)
    if strange is not None:
        raise DefectStudioError(f"The run {strange!r} cannot be sent under this name.", hint="Leave --runs out.")
    parts = [project.runs_folder / run for run in runs]
    parts += [path for path in sorted((project.folder / "rounds").glob("*")) if path.is_dir()]
    parts.append(project.folder / "mining")
    found = {path.relative_to(project.folder).as_posix(): path for part in parts for path in sorted(part.glob("*"))}
    kept = {name: path for name, path in found.items() if path.is_file() and RUN_FILE.fullmatch(name)}
    large = next((name for name, path in kept.items() if path.stat().st_size > MOST_FILE), None)
    if large is not None:
        raise DefectStudioError(f"{large} is too large to be sent.", hint="Leave --runs out.")
    return kept


def _line(*values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _text(code: bytes | None) -> str | None:
    return None if code is None else base64.b64encode(code).decode("ascii")
