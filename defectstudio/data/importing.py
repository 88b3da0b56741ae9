"""An import plan becomes shards on disk and events for the journal, in that order.

The job touches no database, so it can run in any thread; whoever started it commits the batch it returns. Killed
half-way, it leaves the project as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from defectstudio.data.ahead import ahead
from defectstudio.data.exchange.masks import MaskFiles
from defectstudio.data.exchange.plan import Finding, ImportItem, ImportPlan
from defectstudio.data.images import ShardWriter
from defectstudio.data.pixels import read_pixels, sha256_of
from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
    NOWHERE,
    ClassChanged,
    Event,
    ImageAdded,
    ImageInfo,
    Painted,
    Placed,
    Placement,
    SegmentedListed,
    ShardWritten,
    Tagged,
)
from defectstudio.domain.labels import (
    MAX_CLASSES,
    UNLABELLED,
    Box,
    DefectClass,
    ImageId,
    ImageTag,
    LabelMap,
    Origin,
    Verdict,
    class_color,
    encode_runs,
    unknown_map,
)
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.state import LabelState

SHARD_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """What an import must know of the project it goes into, as values."""

    images_folder: Path
    next_image: ImageId
    known: Mapping[str, str]
    """Names in use and the SHA-256 of the image that has each."""
    classes: Mapping[int, DefectClass]
    segmented: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, state: LabelState, images_folder: Path) -> ImportTarget:
        known = {entry.info.name: entry.info.sha256 for entry in state.images.values() if entry.present}
        return cls(images_folder, max(state.images, default=0) + 1, known, dict(state.classes), dict(state.segmented))


@dataclass(slots=True)
class Batch:
    """The events of one import, ready to be committed, and what a person should know of it."""

    events: list[Event] = field(default_factory=list)
    images: int = 0
    skipped: int = 0
    findings: list[Finding] = field(default_factory=list)
    shards: list[Path] = field(default_factory=list)

    def discard(self) -> None:
        """Take the new files away again, when the batch is not committed after all."""
        for shard in self.shards:
            shard.unlink(missing_ok=True)


def write_batch(plan: ImportPlan, target: ImportTarget, token: CancelToken) -> Job[Batch]:
    """Decode every image of a plan into new shards. Returns the batch; on cancel or error nothing is left behind.

    An image whose name and bytes are in the project already is skipped; one that cannot be read is left out and
    reported. Raises DefectStudioError when the disk fails or no image could be read.
    """
    batch = Batch()
    writer = _Writer(plan, target, batch)
    try:
        with closing(ahead(plan.items, writer.decoded)) as files:
            for done, (item, decoded) in enumerate(files):
                token.check()
                yield Progress(done, len(plan.items), f"Importing {item.name}")
                writer.add(item, decoded)
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    yield Progress(len(plan.items), len(plan.items), f"Imported {batch.images} images")
    return batch


@dataclass(frozen=True, slots=True, eq=False)
class _Decoded:
    """The hash of an image file, its pixels (None: they are in the project already) and what its masks draw."""

    sha256: str
    pixels: Pixels | None = None
    drawn: LabelMap | None = None


class _Writer:
    """The state of one running import."""

    def __init__(self, plan: ImportPlan, target: ImportTarget, batch: Batch) -> None:
        self._plan, self._target, self._batch = plan, target, batch
        self._names = dict(target.known)
        self._image = target.next_image
        self._shard: ShardWriter | None = None
        self._numbers = _free_numbers(target.images_folder)
        new_classes, self._lookup = match_classes(plan.classes, target.classes)
        self._head: list[Event] = [ClassChanged(c.index, None, c) for c in new_classes]
        self._head += [
            SegmentedListed(f"{plan.source.name}/{file}/{fold}", None, tuple(sorted(names)))
            for file, folds in plan.segmented.items()
            for fold, names in folds.items()
            if f"{plan.source.name}/{file}/{fold}" not in target.segmented
        ]
        self._events: list[Event] = []

    def decoded(self, item: ImportItem) -> _Decoded | str:
        """What is in the files of an item, or why they cannot be read; from any thread."""
        try:
            sha256 = sha256_of(item.path)
            if self._target.known.get(item.name) == sha256:
                return _Decoded(sha256)
            pixels = read_pixels(item.path)
            return _Decoded(sha256, pixels, drawn_map(item, pixels.shape[:2]))
        except DefectStudioError as error:
            return str(error)
        except OSError as error:
            return f"{item.path.name} could not be read: {error.strerror or error}."

    def add(self, item: ImportItem, decoded: _Decoded | str) -> None:
        if isinstance(decoded, str):
            self._batch.findings.append(Finding("error", decoded, (item.name,)))
            return
        sha256, pixels, drawn = decoded.sha256, decoded.pixels, decoded.drawn
        if pixels is None or self._names.get(item.name) == sha256:
            self._batch.skipped += 1
            return
        shard = self._room()
        shard.add(self._image, pixels, source=str(item.path), sha256=sha256)
        name = self._free_name(item.name)
        height, width = pixels.shape[:2]
        channels = 1 if pixels.ndim == 2 else 3
        bits = 8 * pixels.dtype.itemsize
        info = ImageInfo(name, str(item.path), sha256, height, width, channels, bits, shard.path.name)
        self._events += self._events_of(item, info, drawn)
        self._names[name] = sha256
        self._image += 1
        self._batch.images += 1

    def _events_of(self, item: ImportItem, info: ImageInfo, drawn: LabelMap | None) -> Iterator[Event]:
        image, shape = self._image, (info.height, info.width)
        yield ImageAdded(image, info)
        place = Placement(item.split, item.group)
        if place != NOWHERE:
            yield Placed(image, NOWHERE, place)
        if item.verdict is not Verdict.UNLABELLED:
            shown = sorted(self._lookup[1 + self._plan.classes.index(name)] for name in item.classes)
            yield Tagged(image, UNLABELLED, ImageTag(item.verdict, tuple(int(i) for i in shown)), Origin.IMPORTED)
        if drawn is not None and item.verdict is not Verdict.GOOD:
            before = encode_runs(unknown_map(*shape))
            yield Painted(image, Box(0, 0, *shape), before, encode_runs(self._lookup[drawn]), Origin.IMPORTED)

    def _free_name(self, name: str) -> str:
        if name not in self._names:
            return name
        candidates = (f"{self._plan.source.name}/{name}" + (f" ({n})" if n else "") for n in range(1_000_000))
        return next(candidate for candidate in candidates if candidate not in self._names)

    def _room(self) -> ShardWriter:
        if self._shard is not None and self._shard.size >= SHARD_BYTES:
            self._close_shard()
        if self._shard is None:
            self._shard = ShardWriter(self._target.images_folder / f"{next(self._numbers):04d}.h5")
        return self._shard

    def _close_shard(self) -> None:
        if self._shard is None:
            return
        shard, self._shard = self._shard, None
        try:
            digest = shard.finish()
        except BaseException:
            shard.discard()
            raise
        self._batch.shards.append(shard.path)
        self._head.append(ShardWritten(shard.path.name, digest, shard.path.stat().st_size))

    def finish(self) -> None:
        self._close_shard()
        if self._batch.images + self._batch.skipped == 0:
            reasons = "; ".join(finding.text for finding in self._batch.findings[:3])
            raise DefectStudioError(f"No image could be imported from {self._plan.source}. {reasons}".strip())
        self._batch.events = self._head + self._events if self._batch.images else []

    def abandon(self) -> None:
        if self._shard is not None:
            self._shard.discard()
        self._batch.discard()


def drawn_map(item: ImportItem, shape: tuple[int, int]) -> LabelMap | None:
    """What the masks of an image draw, (height, width) of `shape`; None where nothing is drawn.

    A defective image whose masks are empty keeps them: the two contradict each other, which somebody has to see.
    Raises DefectStudioError when a mask cannot be read or has another size.
    """
    if item.read_map is None:
        return None
    drawn = item.read_map(shape)
    if drawn is None and item.verdict is Verdict.DEFECTIVE and isinstance(item.read_map, MaskFiles):
        return item.read_map.empty(shape)
    return drawn


def _free_numbers(folder: Path) -> Iterator[int]:
    used = [int(path.stem) for path in folder.glob("*.h5") if path.stem.isdecimal()]
    return iter(range(max(used, default=0) + 1, 1_000_000))


def match_classes(
    names: tuple[str, ...], existing: Mapping[int, DefectClass]
) -> tuple[list[DefectClass], np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    """New classes that the project lacks, and a (256,) table from the plan's label values to the project's.

    Raises DefectStudioError when more than 254 classes would be needed.
    """
    by_name = {known.name: known.index for known in existing.values()}
    lookup = np.arange(256, dtype=np.uint8)
    new: list[DefectClass] = []
    for value, name in enumerate(names, start=1):
        if name not in by_name:
            index = max([0, *existing, *(c.index for c in new)]) + 1
            if index > MAX_CLASSES:
                raise DefectStudioError(f"A project holds at most {MAX_CLASSES} classes.", hint="Merge some first.")
            by_name[name] = index
            new.append(DefectClass(index, name, class_color(index)))
        lookup[value] = by_name[name]
    return new, lookup
