"""The states that a project went through: any of them, at once, by checkpoints; and the digest by which one is known.

A checkpoint is kept every so many events in `cache/timeline/`, named by its event and the journal's digest there, so
that one of another history is never taken. It has no label maps: they come from an image's own edits when asked for.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from defectstudio.data.codec import Row, decode, encode, read_tag
from defectstudio.data.journal import Journal
from defectstudio.data.whole import written_whole
from defectstudio.domain.book import BookEntryChanged, DefinitionChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
    NOWHERE,
    UNMARKED,
    ClassChanged,
    Event,
    ImageInfo,
    NoteChanged,
    Painted,
    Placement,
    QueueMarked,
    RunAdded,
    RunMarked,
    SegmentedListed,
    ShardWritten,
    image_of,
)
from defectstudio.domain.labels import (
    UNKNOWN,
    ImageId,
    ImageTag,
    LabelMap,
    Status,
    decode_runs,
    encode_runs,
    unknown_map,
)
from defectstudio.domain.mentoring import DetectionJudged, RunApproved
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.second_look import LookedAgain
from defectstudio.domain.state import ImageState, LabelState, apply

FORMAT = 2
EVERY = 5_000
EVENTS = "SELECT image, kind, payload, before, after FROM events"


class PastMaps(MutableMapping[ImageId, LabelMap]):
    """Label maps as they were after an event; each is made when it is first asked for."""

    def __init__(self, journal: Journal, state: LabelState, event: int) -> None:
        self._journal, self._state, self._event = journal, state, event
        self._made: dict[ImageId, LabelMap] = {}

    def __getitem__(self, image: ImageId) -> LabelMap:
        if image not in self._made:
            drawn = map_at(self._journal, image, self._state.images[image].shape, self._event)
            if drawn is None:
                raise KeyError(image)
            self._made[image] = drawn
        return self._made[image]

    def __setitem__(self, image: ImageId, drawn: LabelMap) -> None:
        self._made[image] = drawn

    def __delitem__(self, image: ImageId) -> None:
        del self._made[image]

    def __iter__(self) -> Iterator[ImageId]:
        query = "SELECT DISTINCT image FROM events WHERE kind = 'painted' AND seq <= ? ORDER BY image"
        return (row[0] for row in self._journal.connection.execute(query, (self._event,)).fetchall())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def map_at(
    journal: Journal,
    image: ImageId,
    shape: tuple[int, int],
    event: int,
    *,
    after: int = 0,
    known: LabelMap | None = None,
) -> LabelMap | None:
    """The label map (height, width) of an image as it was after an event; None where nothing had been drawn.

    `known`: the map as it was after the earlier event `after`, None where nothing had been drawn then. It is given back
    itself when nothing was painted since, and never changed.
    """
    rows = journal.connection.execute(
        "SELECT kind, payload, before, after FROM events"
        " WHERE image = ? AND seq > ? AND seq <= ? AND kind = 'painted' ORDER BY seq",
        (image, after, event),
    )
    drawn = known
    for row in rows:
        if drawn is known and known is not None:
            drawn = known.copy()
        painted = decode(Row(*row), image)
        assert isinstance(painted, Painted)
        if drawn is None:
            drawn = unknown_map(*shape)
        drawn[painted.box.slices] = decode_runs(painted.after)
    return drawn


class Timeline:
    """Looks up past states of one journal; belongs to the thread that opened the journal. It changes nothing of it."""

    def __init__(self, journal: Journal, cache: Path, *, every: int = EVERY) -> None:
        self.journal, self.folder, self.every = journal, cache / "timeline", every
        self._infos: dict[ImageId, ImageInfo] = {}

    @property
    def last(self) -> int:
        return self.journal.last_event

    def prepare(self, token: CancelToken) -> Job[int]:
        """Write the checkpoints that are missing; returns how many there are then.

        A cache that cannot be written is no error: states are then folded from the start.
        """
        wanted = range(self.every, self.last + 1, self.every)
        start = max((n for n in wanted if self._path(n).is_file()), default=0)
        state = self.state_at(start)
        lines = {image: _line(image, entry) for image, entry in state.images.items()}
        for number in wanted[start // self.every :]:
            token.check()
            yield Progress(number, self.last, "Reading the journal")
            touched = self._roll(state, number - self.every, number)
            lines |= {image: _line(image, state.images[image]) for image in touched}
            try:
                with written_whole(self._path(number), durable=False) as temporary:
                    temporary.write_bytes(zlib.compress(_pack(state, lines), 1))
            except (OSError, DefectStudioError):
                break
        return len(wanted)

    def state_at(self, event: int) -> LabelState:
        """The state after an event, 0 for the empty project. Raises DefectStudioError for one that is yet to come."""
        if not 0 <= event <= self.last:
            raise DefectStudioError(f"This project has no event {event}.", hint=f"The last one is {self.last}.")
        start = event // self.every * self.every
        while start and not (stored := self._read(start)):
            start -= self.every
        state = _unpack(stored, self._infos_of_all()) if start else LabelState()
        self._roll(state, start, event)
        state.maps = PastMaps(self.journal, state, event)
        return state

    def bring_on(self, state: LabelState, after: int, event: int) -> None:
        """Change a state of `state_at(after)` to that after a later event, which is quick where few lie between."""
        self._roll(state, after, event)
        state.maps = PastMaps(self.journal, state, event)

    def _infos_of_all(self) -> dict[ImageId, ImageInfo]:
        """What was recorded of images at import, which never changes: read once, and again when there are more."""
        (count,) = self.journal.connection.execute("SELECT COUNT(*) FROM images").fetchone()
        if count != len(self._infos):
            self._infos = self.journal.image_infos()
        return self._infos

    def _roll(self, state: LabelState, after: int, until: int) -> set[ImageId]:
        """Apply the events after one and up to another, but for what is painted; returns the images they were about."""
        touched = set()
        rows = self.journal.connection.execute(
            f"{EVENTS} WHERE seq > ? AND seq <= ? AND kind != 'painted' ORDER BY seq", (after, until)
        )
        for image, *row in rows:
            apply(state, decode(Row(*row), image))
            if image is not None:
                touched.add(image)
        return touched

    def _path(self, event: int) -> Path:
        found = self.journal.connection.execute("SELECT digest FROM events WHERE seq = ?", (event,)).fetchone()
        return self.folder / f"{FORMAT}-{event}-{found[0].hex() if found else ''}.z"

    def _read(self, event: int) -> bytes:
        try:
            return zlib.decompress(self._path(event).read_bytes())
        except (OSError, zlib.error):
            return b""  # a checkpoint is a convenience: without it the one before serves


def _pack(state: LabelState, lines: Mapping[ImageId, str]) -> bytes:
    """A state as JSON; `lines` says of each image what `_line` says, so that most need not be said anew."""
    rest = json.dumps([[image_of(event), *encode(event)[:2]] for event in _rest(state)], separators=(",", ":"))
    return f"[[{','.join(lines[image] for image in state.images)}],{rest}]".encode()


def _line(image: ImageId, entry: ImageState) -> str:
    at, tag = entry.placement, entry.tag
    said = [entry.status.value, entry.confirmed]
    values = [image, at.split, at.group, int(entry.present), *said, tag.verdict.value, *tag.classes]
    return json.dumps(values, separators=(",", ":"))


def _rest(state: LabelState) -> Iterator[Event]:
    """The events that lead from nothing to all of a state but images, tags and maps."""
    for image, entry in state.images.items():
        yield from _said_of(image, entry)
    for index, one in state.classes.items():
        yield ClassChanged(index, None, one)
    for shard, (digest, size) in state.shards.items():
        yield ShardWritten(shard, digest, size)
    for key, names in state.segmented.items():
        yield SegmentedListed(key, None, names)
    for runs, present in ((state.runs, True), (state.deleted_runs, False)):
        for run, weights in runs.items():
            yield RunAdded(run, weights, present)
    for run, mark in state.marks.items():
        yield RunMarked(run, UNMARKED, mark)
    for run, approval in state.approvals.items():
        yield RunApproved(run, None, approval)
    yield from state.answers.values()
    yield from state.starts.values()
    for number, placed in state.book.items():
        yield BookEntryChanged(number, None, placed)
    for index, text in state.definitions.items():
        yield DefinitionChanged(index, "", text)


def _said_of(image: ImageId, entry: ImageState) -> Iterator[Event]:
    """The events that lead to what was said of an image beside its labels."""
    for note in entry.notes:
        yield NoteChanged(image, note.number, None, note)
    if entry.mark is not None:
        yield QueueMarked(image, None, entry.mark)
    for judgement in entry.judged:
        yield DetectionJudged(image, judgement.detection.id, None, judgement)
    for look in entry.looks:
        yield LookedAgain(image, look.number, None, look)


def _unpack(packed: bytes, infos: Mapping[ImageId, ImageInfo]) -> LabelState:
    images, rest = json.loads(packed)
    state = LabelState()
    tags: dict[tuple[Any, ...], ImageTag] = {}
    places: dict[tuple[str, str], Placement] = {("", ""): NOWHERE}
    statuses = {status.value: status for status in Status}
    for image, split, group, present, status, confirmed, *tag in images:
        if (key := tuple(tag)) not in tags:
            tags[key] = read_tag(tag)
        if (at := (split, group)) not in places:
            places[at] = Placement(split, group)
        entry = ImageState(infos[image], places[at], tags[key], bool(present), statuses[status], confirmed=confirmed)
        state.images[image] = entry
    for image, kind, payload in rest:
        apply(state, decode(Row(kind, payload), image))
    return state


def state_digest(state: LabelState, maps: Iterable[ImageId] | None = None) -> str:
    """32 hexadecimal digits that stand for a whole state, label maps with it (those of `maps`, all when None).

    Two states have the same digest exactly when they hold the same; a map that is wholly unknown counts as none.
    """
    digest = hashlib.blake2b(digest_size=16)
    for image, entry in sorted(state.images.items()):
        digest.update(_digested(image, entry))
    rows = sorted(json.dumps([image_of(event), *encode(event)[:2]]) for event in _rest(state))
    digest.update("\n".join(rows).encode())
    for image in sorted(state.maps if maps is None else maps):
        drawn = state.label_map(image)
        if drawn is not None and (drawn != UNKNOWN).any():
            digest.update(f"{image}:".encode() + encode_runs(drawn))
    return digest.hexdigest()


def _digested(image: ImageId, entry: ImageState) -> bytes:
    plain = replace(entry, notes=(), mark=None, confirmed="", judged=(), looks=())
    tag = [plain.tag.verdict.value, *plain.tag.classes, entry.confirmed]
    place = [plain.placement.split, plain.placement.group]
    info = plain.info
    values = [image, info.name, info.sha256, info.height, info.width, info.channels, info.bits, info.shard, place, tag]
    return json.dumps([*values, plain.present, plain.status.value]).encode() + b"\n"
