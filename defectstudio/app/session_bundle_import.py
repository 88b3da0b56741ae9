"""Reads a session bundle into a new project, which opens, verifies and replays like any other.

A bundle may come from anywhere: its seal is checked before a byte is decoded, sizes before memory or disk are used, and
names before they become paths. The journal is written anew, step by step, and must come to the sender's state.
"""

from __future__ import annotations

import base64
import math
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from pydantic import BaseModel, ConfigDict

from defectstudio.app.branch import check_new, move_into_place
from defectstudio.app.session_bundle import NAMED, Manifest, PixelEntry, damaged, lines_of, opened_bundle, read_whole
from defectstudio.data.check import check
from defectstudio.data.codec import Row, decode
from defectstudio.data.images import ShardWriter
from defectstudio.data.journal import Gesture, Journal
from defectstudio.data.project import DATABASE, is_local
from defectstudio.data.retelling import content_digest, retell
from defectstudio.data.snapshot import Pixels
from defectstudio.data.whole import unwritable
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, ImageAdded, ImageInfo, RunAdded, RunMarked, ShardWritten
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import RunApproved
from defectstudio.domain.progress import CancelToken, Job, Progress

Shards = Mapping[str, tuple[str, int]]
"""SHA-256 and size of each file of pixels that was written."""


class Imported(BaseModel):
    """A session that is a project now. `first`, `last`: the events of the original that were sent."""

    model_config = ConfigDict(frozen=True)

    folder: str
    anonymised: bool
    project: str
    first: int
    last: int
    events: int
    steps: int
    images: int
    digest: str


def import_job(path: Path, out: Path) -> Callable[[CancelToken], Job[Imported]]:
    """Make the project `out`, a new folder, from the bundle at `path`.

    Raises DefectStudioError, and leaves nothing behind, for a bundle that was changed, cut off, is of a newer version
    or holds what no session holds, and where the disk is or would be full.
    """

    def job(token: CancelToken) -> Job[Imported]:
        check_new(out)
        yield Progress(0, 1, "Checking the seal")
        with opened_bundle(path) as (archive, manifest):
            yield from _Import(path, archive, manifest).write(out, token)
        return Imported(
            folder=str(out),
            images=len(manifest.images),
            **manifest.model_dump(include={"anonymised", "project", "first", "last", "events", "steps", "digest"}),
        )

    return job


class _Import:
    """One import under way."""

    def __init__(self, path: Path, archive: ZipFile, manifest: Manifest) -> None:
        self.path, self.archive, self.manifest = path, archive, manifest
        self.entries = {one.id: one for one in manifest.images}

    def write(self, out: Path, token: CancelToken) -> Job[None]:
        place = out.with_name(f".{out.name}.part")
        try:
            shutil.rmtree(place, ignore_errors=True)
            for part in ("images", "runs", "cache"):
                (place / part).mkdir(parents=True)
            self._check_room(place)
            shards = yield from self._write_pixels(place / "images", token)
            yield from retell(place / DATABASE, self._steps(shards), token, local=is_local(place))
            self._write_files(place, token)
            yield from self._check(place, token)
            move_into_place(place, out)
        except OSError as error:
            raise unwritable(out, error) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _check_room(self, place: Path) -> None:
        needed = sum(one.size for one in self.manifest.images) + sum(self.manifest.files.values())
        free = shutil.disk_usage(place).free
        if needed > free:
            raise DefectStudioError(
                f"The session needs up to {needed / 1e6:.0f} MB; {free / 1e6:.0f} MB are free.",
                hint="Free some space, or choose a folder on another disk.",
            )

    def _write_pixels(self, folder: Path, token: CancelToken) -> Job[Shards]:
        infos = self._infos()
        members: dict[str, list[PixelEntry]] = defaultdict(list)
        for one in self.manifest.images:
            members[one.shard].append(one)
        written: dict[str, tuple[str, int]] = {}
        done = 0
        for shard, entries in members.items():
            writer = ShardWriter(folder / shard)
            try:
                for one in entries:
                    token.check()
                    yield Progress(done, len(self.entries), f"Unpacking image {done + 1} of {len(self.entries)}")
                    info = infos[one.id]
                    writer.add(one.id, self._pixels(one), source=info.source, sha256=info.sha256)
                    done += 1
                digest = writer.finish()
            except BaseException:
                writer.discard()
                raise
            written[shard] = digest, (folder / shard).stat().st_size
        return written

    def _pixels(self, one: PixelEntry) -> Pixels:
        raw = read_whole(self.archive, one.name, one.size, self.path)
        if len(raw) != one.size:
            raise damaged(self.path)
        shape = (one.height, one.width) if one.channels == 1 else (one.height, one.width, 3)
        depth = np.uint8 if one.bits == 8 else np.uint16
        return np.frombuffer(raw, np.dtype(depth).newbyteorder("<")).astype(depth, copy=False).reshape(shape)

    def _infos(self) -> dict[ImageId, ImageInfo]:
        """What the steps say of each image, which must be what its pixels are."""
        found: dict[ImageId, ImageInfo] = {}
        for values in lines_of(self.archive, self.path):
            if values[0] == "event" and len(values) == 6 and values[2] == "image":
                event = self._event(values)
                assert isinstance(event, ImageAdded)
                found[event.image] = event.info
        if set(found) != set(self.entries):
            raise damaged(self.path)
        return found

    def _steps(self, shards: Shards) -> Iterator[tuple[Gesture, list[Event]]]:
        """The steps of the bundle, with the files of pixels as they were written here."""
        gesture: Gesture | None = None
        events: list[Event] = []
        for values in lines_of(self.archive, self.path):
            if values[0] == "step":
                if gesture is not None:
                    yield gesture, events
                gesture, events = self._gesture(values, gesture), []
            elif gesture is None:
                raise damaged(self.path)
            else:
                event = self._event(values)
                events.append(self._here(event, shards))
        if gesture is not None:
            yield gesture, events

    def _gesture(self, values: list[object], before: Gesture | None) -> Gesture:
        match values:
            case ["step", int(number), str(name), str(author), float() | int() as at, None | int() as reverts]:
                follows = number > (0 if before is None else before.id) and (reverts is None or 0 < reverts < number)
                if follows and number < 2**62 and math.isfinite(at):
                    return Gesture(number, name, author, float(at), reverts)
        raise damaged(self.path)

    def _event(self, values: list[object]) -> Event:
        match values:
            case [
                "event",
                None | int() as image,
                str(kind),
                str(payload),
                None | str() as before,
                None | str() as after,
            ]:
                event = decode(Row(kind, payload, self._code(before), self._code(after)), image)
            case _:
                raise damaged(self.path)
        if isinstance(event, ImageAdded):
            self._check_image(event)
        if isinstance(event, RunAdded | RunMarked | RunApproved) and not NAMED.fullmatch(event.run):
            raise self._strange(event.run)
        return event

    def _check_image(self, event: ImageAdded) -> None:
        info, one = event.info, self.entries.get(event.image)
        texts = (info.name, info.source, info.sha256, info.shard)
        if one is None or not all(isinstance(text, str) for text in texts):
            raise damaged(self.path)
        if (info.height, info.width, info.channels, info.bits) != (one.height, one.width, one.channels, one.bits):
            raise damaged(self.path)
        if info.shard != one.shard:
            raise self._strange(info.shard)

    def _here(self, event: Event, shards: Shards) -> Event:
        if not isinstance(event, ShardWritten):
            return event
        if event.shard not in shards:
            raise self._strange(event.shard)
        return ShardWritten(event.shard, *shards[event.shard])

    def _code(self, text: str | None) -> bytes | None:
        try:
            return None if text is None else base64.b64decode(text, validate=True)
        except ValueError as error:
            raise damaged(self.path) from error

    def _strange(self, name: str) -> DefectStudioError:
        return DefectStudioError(
            f"{self.path.name} holds a file that no session has: {name!r}.", hint="Do not use it; nothing was written."
        )

    def _write_files(self, place: Path, token: CancelToken) -> None:
        for name, size in self.manifest.files.items():
            token.check()
            target = place / name  # checked by the manifest's reader: it leads nowhere else
            target.parent.mkdir(parents=True, exist_ok=True)
            with self.archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
            if target.stat().st_size != size:
                raise damaged(self.path)

    def _check(self, place: Path, token: CancelToken) -> Job[None]:
        """The new project must be whole, and in the state that the sender's was."""
        report = yield from check(place, token)
        if not report.whole:
            raise DefectStudioError(f"The session is not whole: {report.problems[0]}", hint="Ask for it once more.")
        journal = Journal(place / DATABASE, readonly=True)
        try:
            digest = content_digest(journal.load())
        finally:
            journal.close()
        if digest != self.manifest.digest:
            raise DefectStudioError(
                "The steps of the session lead to another state here than where it was made.",
                hint=f"It was made by version {self.manifest.program}; use that one.",
            )
