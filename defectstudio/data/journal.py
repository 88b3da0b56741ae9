"""`project.db`: append-only events and, changed in the same transaction, the state that they fold to.

Every event carries a digest chained over all before it, so that a changed, dropped or reordered row is found.
A connection belongs to the thread that opened it.
"""

from __future__ import annotations

import getpass
import hashlib
import itertools
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from defectstudio.data.codec import Row, decode, encode, read_tag
from defectstudio.data.maps import TILE, StoredMaps, Tile, tile_at, tiles_in
from defectstudio.data.said import load_said, store_said
from defectstudio.data.schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION, UPGRADES
from defectstudio.domain.book import BookEntryChanged, DefinitionChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
    ClassChanged,
    Event,
    ImageInfo,
    LabelConfirmed,
    NoteChanged,
    Painted,
    Placement,
    QueueMarked,
    RunAdded,
    RunMark,
    RunMarked,
    SegmentedListed,
    ShardWritten,
    image_of,
)
from defectstudio.domain.labels import DefectClass, ImageId, Status, decode_runs
from defectstudio.domain.mentoring import DetectionJudged, RunApproved
from defectstudio.domain.refinement import MapsStarted, PanelAnswered
from defectstudio.domain.second_look import LookedAgain
from defectstudio.domain.state import ImageState, LabelState, apply

MAPS_IN_MEMORY = 512 * 1024 * 1024
ABOUT_LABELS = "image IS NOT NULL AND kind NOT IN ('queue', 'confirmed', 'judged', 'looked')"


class Gesture(NamedTuple):
    """One step of the user: number, what it is called in the history, who, when (Unix seconds), what it takes back."""

    id: int
    name: str
    author: str
    at: float
    reverts: int | None


def chain(previous: bytes, gesture: Gesture, seq: int, image: int | None, row: Row) -> bytes:
    """The 16-byte digest of an event and of all events before it."""
    digest = hashlib.blake2b(previous, digest_size=16)
    head = json.dumps([seq, image, row.kind, row.payload, *gesture], ensure_ascii=False)
    for part in (head.encode(), row.before or b"", row.after or b""):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


class Journal:
    """The database of one project, open for reading or for writing."""

    def __init__(self, path: Path, *, create: bool = False, readonly: bool = False, local: bool = True) -> None:
        """Open (or create) the database. `local` False: the folder is on a network share, where WAL is unsafe.

        Raises DefectStudioError when the file is missing, damaged, not ours, or of a newer version.
        """
        self.path = path
        self.readonly = readonly
        with _as_expected_error(path):
            mode = "ro" if readonly else "rwc" if create else "rw"
            uri = f"{path.absolute().as_uri()}?mode={mode}"
            if readonly and not os.access(path.parent, os.W_OK):
                uri += "&immutable=1"  # WAL needs to write beside the file even to read; here nobody can write
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None)
            self._prepare(create=create, local=local)

    def _prepare(self, *, create: bool, local: bool) -> None:
        if not self.readonly:
            self._db.execute(f"PRAGMA journal_mode={'WAL' if local else 'DELETE'}")
            self._db.execute("PRAGMA synchronous=FULL")
        if create:
            self._db.executescript(
                f"BEGIN;{SCHEMA}PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
            )
        if self._pragma("application_id") != APPLICATION_ID:
            raise DefectStudioError(f"{self.path} is not a DefectStudio project.")
        self._upgrade(self._pragma("user_version"))

    def _pragma(self, name: str) -> int:
        return int(self._db.execute(f"PRAGMA {name}").fetchone()[0])

    def _upgrade(self, version: int) -> None:
        if version > SCHEMA_VERSION:
            raise DefectStudioError(
                f"A newer DefectStudio wrote this project (schema {version}; this one knows {SCHEMA_VERSION}).",
                hint="Install the newer version to open it.",
            )
        for step in range(version, SCHEMA_VERSION):
            if self.readonly:
                raise DefectStudioError("This project must be upgraded first.", hint="Open it once for writing.")
            self._db.executescript(f"BEGIN;{UPGRADES[step]}PRAGMA user_version={step + 1};COMMIT;")

    def close(self) -> None:
        self._db.close()

    @property
    def last_event(self) -> int:
        """The number of the newest event, 0 when there is none."""
        return int(self._db.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])

    def last_label_event(self, until: int) -> int:
        """The number of the newest event about an image that is not newer than event `until`, 0 when there is none.

        What was said of the queue, of doubts and of detections says nothing new of an image.
        """
        query = f"SELECT COALESCE(MAX(seq), 0) FROM events WHERE {ABOUT_LABELS} AND seq <= ?"
        return int(self._db.execute(query, (until,)).fetchone()[0])

    def learnt_since(self, event: int) -> bool:
        """Whether an image came, went, moved, or was tagged or painted after `event`: what a new training would see."""
        query = f"SELECT 1 FROM events WHERE seq > ? AND {ABOUT_LABELS} AND kind NOT IN ('status', 'note') LIMIT 1"
        return self._db.execute(query, (event,)).fetchone() is not None

    def load(self, *, maps_in_memory: int = MAPS_IN_MEMORY) -> LabelState:
        """The current state; label maps come from disk when asked for, and so many bytes of them stay in memory."""
        with _as_expected_error(self.path):
            state = LabelState()
            for row in self._db.execute("SELECT * FROM images ORDER BY id"):
                state.images[row[0]] = _image_state(row)
            load_said(self._db, state)
            state.maps = StoredMaps(self._db, _Shapes(state), maps_in_memory)
            state.classes = {row[0]: DefectClass(*row) for row in self._db.execute("SELECT * FROM classes")}
            state.shards = {row[0]: (row[1], row[2]) for row in self._db.execute("SELECT * FROM shards")}
            state.segmented = {
                key: tuple(json.loads(names)) for key, names in self._db.execute("SELECT * FROM segmented")
            }
            for run, weights, present in self._db.execute("SELECT * FROM runs ORDER BY rowid"):
                (state.runs if present else state.deleted_runs)[run] = weights
            for run, name, note, starred in self._db.execute("SELECT * FROM run_marks"):
                state.marks[run] = RunMark(name, note, bool(starred))
            return state

    def commit(self, state: LabelState, name: str, events: Sequence[Event], *, reverts: int | None = None) -> int:
        """Write one gesture and what it changes, in one transaction, and apply it to `state`.

        Returns the gesture's number. When anything fails, neither disk nor `state` is changed.
        """
        if self.readonly:
            raise DefectStudioError("This project is open for reading only.", hint="Close it elsewhere and reopen.")
        applied: list[Event] = []
        before, deleted_runs = set(state.images), dict(state.deleted_runs)
        try:
            with _as_expected_error(self.path), self._transaction():
                gesture = self._add_gesture(name, reverts)
                self._add_events(gesture, events)
                for image, group in itertools.groupby(events, _painted_image):
                    for event in (part := list(group)):
                        apply(state, event)
                        applied.append(event)
                    if image is not None:
                        self._store_map(state, image, [event for event in part if isinstance(event, Painted)])
                    else:
                        for event in part:
                            self._store(state, event)
        except BaseException:
            for event in reversed(applied):
                apply(state, event.inverse())
            for image in set(state.images) - before:
                del state.images[image]
            state.deleted_runs = deleted_runs  # a run that never was is not a deleted one
            raise
        return gesture.id

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _add_gesture(self, name: str, reverts: int | None) -> Gesture:
        gesture = (name, _author(), round(time.time(), 3), reverts)
        cursor = self._db.execute("INSERT INTO gestures(name, author, at, reverts) VALUES (?, ?, ?, ?)", gesture)
        return Gesture(int(cursor.lastrowid or 0), *gesture)

    def _add_events(self, gesture: Gesture, events: Iterable[Event]) -> None:
        last = self._db.execute("SELECT seq, digest FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        seq, digest = last or (0, b"")
        for event in events:
            seq += 1
            row, image = encode(event), image_of(event)
            digest = chain(digest, gesture, seq, image, row)
            self._db.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (seq, gesture.id, image, *row, digest)
            )

    def _store_map(self, state: LabelState, image: ImageId, events: Sequence[Painted]) -> None:
        """Write the tiles of one label map that some events changed, each tile once."""
        touched = sorted({tile for event in events for tile in _tiles_of(event)})
        label_map = state.maps[image]
        rows = ((image, *tile_at(label_map, row, column)) for row, column in touched)
        self._db.executemany("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?)", rows)
        if isinstance(state.maps, StoredMaps):
            state.maps.trim()  # one gesture may touch more maps than memory holds

    def _store(self, state: LabelState, event: Event) -> None:
        """Write the rows of the state that an event changed; label maps are for `_store_map`."""
        match event:
            case NoteChanged() | QueueMarked() | LabelConfirmed() | PanelAnswered() | MapsStarted():
                store_said(self._db, event)
            case DetectionJudged() | RunApproved() | LookedAgain() | BookEntryChanged() | DefinitionChanged():
                store_said(self._db, event)
            case ShardWritten(shard):
                self._db.execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?)", (shard, *state.shards[shard]))
            case ClassChanged(index):
                self._db.execute('DELETE FROM classes WHERE "index" = ?', (index,))
                if (c := state.classes.get(index)) is not None:
                    self._db.execute("INSERT INTO classes VALUES (?, ?, ?)", (c.index, c.name, c.color))
            case SegmentedListed(key):
                self._db.execute('DELETE FROM segmented WHERE "key" = ?', (key,))
                if key in state.segmented:
                    self._db.execute("INSERT INTO segmented VALUES (?, ?)", (key, json.dumps(state.segmented[key])))
            case RunAdded(run):
                self._db.execute("DELETE FROM runs WHERE id = ?", (run,))
                self._db.execute("INSERT INTO runs VALUES (?, ?, ?)", (run, event.weights, event.present))
            case RunMarked(run):
                self._db.execute("DELETE FROM run_marks WHERE id = ?", (run,))
                if (mark := state.marks.get(run)) is not None:
                    row = (run, mark.name, mark.note, mark.starred)
                    self._db.execute("INSERT INTO run_marks VALUES (?, ?, ?, ?)", row)
            case _:
                self._store_image(event.image, state.images[event.image])

    def _store_image(self, image: ImageId, entry: ImageState) -> None:
        self._db.execute(f"INSERT OR REPLACE INTO images VALUES ({', '.join('?' * 14)})", _image_row(image, entry))

    def gestures(self, limit: int | None = None) -> list[Gesture]:
        """The newest `limit` gestures (all when None), oldest first."""
        rows = self._db.execute("SELECT * FROM gestures ORDER BY id DESC LIMIT ?", (-1 if limit is None else limit,))
        return [Gesture(*row) for row in rows][::-1]

    def gestures_before(self, gesture: int | None, limit: int) -> list[Gesture]:
        """Up to `limit` gestures before one (None: the last ones), newest first."""
        before = 2**63 - 1 if gesture is None else gesture
        rows = self._db.execute("SELECT * FROM gestures WHERE id < ? ORDER BY id DESC LIMIT ?", (before, limit))
        return [Gesture(*row) for row in rows]

    def events_of_gesture(self, gesture: int) -> list[Event]:
        """The events of one gesture, in the order they happened."""
        rows = self._db.execute(
            "SELECT image, kind, payload, before, after FROM events WHERE gesture = ? ORDER BY seq", (gesture,)
        )
        return [decode(Row(*row[1:]), row[0]) for row in rows]

    def images_of_gestures(self, after: int = 0) -> dict[int, tuple[ImageId, int]]:
        """Of each gesture with a number above `after` that is about images: the first of them, and how many."""
        rows = self._db.execute(
            "SELECT gesture, MIN(image), COUNT(DISTINCT image) FROM events"
            " WHERE gesture > ? AND image IS NOT NULL GROUP BY gesture",
            (after,),
        )
        return {gesture: (first, count) for gesture, first, count in rows}

    def painted(self, image: ImageId, *, after: int = 0) -> Iterator[Painted]:
        """The edits of one label map with event numbers above `after`, newest first."""
        rows = self._db.execute(
            "SELECT kind, payload, before, after FROM events"
            " WHERE image = ? AND seq > ? AND kind = 'painted' ORDER BY seq DESC",
            (image, after),
        )
        for row in rows:
            event = decode(Row(*row), image)
            assert isinstance(event, Painted)
            yield event

    def tiles(self, image: ImageId) -> list[Tile]:
        """The stored tiles of one label map."""
        rows = self._db.execute(
            'SELECT "row", "column", unknown, defect, code FROM tiles WHERE image = ? ORDER BY 1, 2', (image,)
        )
        return [Tile(*row) for row in rows]

    def all_tiles(self, *, defective: bool = False) -> Iterator[tuple[ImageId, Tile]]:
        """The stored tiles of all label maps, image by image; with `defective` only those that show a defect."""
        where = " WHERE defect > 0" if defective else ""
        for image, *tile in self._db.execute(f"SELECT * FROM tiles{where} ORDER BY 1, 2, 3"):
            yield image, Tile(*tile)

    def tile_sums(self) -> dict[ImageId, tuple[int, int, int]]:
        """Of each image with a label map: its stored tiles, its unknown pixels, its defective pixels, as counts."""
        query = "SELECT image, COUNT(*), SUM(unknown), SUM(defect) FROM tiles GROUP BY image"
        return {image: (tiles, unknown, defect) for image, tiles, unknown, defect in self._db.execute(query)}

    def image_infos(self) -> dict[ImageId, ImageInfo]:
        """What was recorded of every image when it was imported."""
        query = "SELECT id, name, source, sha256, height, width, channels, bits, shard FROM images"
        return {image: ImageInfo(*info) for image, *info in self._db.execute(query)}

    @property
    def connection(self) -> sqlite3.Connection:
        """For `data.check`, which reads the tables as they are."""
        return self._db


def _painted_image(event: Event) -> ImageId | None:
    """Events of one label map that follow each other are stored together."""
    return event.image if isinstance(event, Painted) else None


def _tiles_of(event: Painted) -> Iterable[tuple[int, int]]:
    """(row, column) of the tiles that an event changed."""
    large = max(event.box.shape) > TILE
    return tiles_in(event.box, decode_runs(event.before) != decode_runs(event.after) if large else None)


class _Shapes(dict[ImageId, tuple[int, int]]):
    """Image sizes, looked up in the state, so that images added later are known too."""

    def __init__(self, state: LabelState) -> None:
        super().__init__()
        self._state = state

    def __missing__(self, image: ImageId) -> tuple[int, int]:
        return self._state.images[image].shape


def _image_row(image: ImageId, entry: ImageState) -> tuple[object, ...]:
    info, tag = entry.info, entry.tag
    return (
        *(image, info.name, info.source, info.sha256, info.height, info.width, info.channels, info.bits, info.shard),
        *(entry.placement.split, entry.placement.group),
        json.dumps([tag.verdict.value, *tag.classes]),
        int(entry.present),
        entry.status.value,
    )


def _image_state(row: Sequence[object]) -> ImageState:
    info = ImageInfo(*row[1:9])  # type: ignore[arg-type]
    tag = read_tag(json.loads(str(row[11])))
    return ImageState(info, Placement(str(row[9]), str(row[10])), tag, bool(row[12]), Status(str(row[13])))


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@contextmanager
def _as_expected_error(path: Path) -> Iterator[None]:
    """SQLite's errors as one sentence and a way out."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text:
            raise DefectStudioError(
                "The disk is full; the last step was not saved.", hint="Free some space."
            ) from error
        if "readonly" in text or "unable to open" in text:
            raise DefectStudioError(f"{path} cannot be written.", hint="Check the folder's permissions.") from error
        raise DefectStudioError(f"{path} cannot be used: {text}.", hint="Is another program using it?") from error
    except sqlite3.DatabaseError as error:
        raise DefectStudioError(
            f"{path} is damaged or no project: {error}.", hint="Run `defectstudio check`; restore a backup if it fails."
        ) from error
