"""What a job works on: the labels as they were at one event, frozen, and a way to read pixels.

A snapshot holds values and read-only file handles only, so a trainer thread can use it while labelling goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.events import ImageInfo, Placement
from defectstudio.domain.labels import (
    DefectClass,
    ImageId,
    ImageTag,
    LabelMap,
    Verdict,
    decode_runs,
    effective_map,
    encode_runs,
    is_segmented,
)

Pixels: TypeAlias = NDArray[Any]
"""(height, width) or (height, width, 3), uint8 or uint16: the image at its own depth."""


@dataclass(frozen=True, slots=True)
class SnapshotImage:
    """One image as a job sees it. `label_code` is the run-length coded label map, None when nothing is drawn."""

    id: ImageId
    name: str
    sha256: str
    height: int
    width: int
    channels: int
    bits: int
    split: str
    group: str
    tag: ImageTag
    label_code: bytes | None = None
    segmented: bool = False

    @classmethod
    def of(
        cls, image: ImageId, info: ImageInfo, placement: Placement, tag: ImageTag, code: bytes | None, segmented: bool
    ) -> SnapshotImage:
        """An image of a project, with what is known of it."""
        return cls(
            id=image,
            name=info.name,
            sha256=info.sha256,
            height=info.height,
            width=info.width,
            channels=info.channels,
            bits=info.bits,
            split=placement.split,
            group=placement.group,
            tag=tag,
            label_code=code,
            segmented=segmented,
        )

    @property
    def defective(self) -> bool:
        return self.tag.verdict is Verdict.DEFECTIVE

    @property
    def good(self) -> bool:
        return self.tag.verdict is Verdict.GOOD

    def label_map(self) -> LabelMap:
        """What is known of each pixel, (height, width) uint8 (a good image: healthy everywhere)."""
        drawn = None if self.label_code is None else decode_runs(self.label_code)
        return effective_map(self.tag, drawn, (self.height, self.width))

    def without_map(self) -> SnapshotImage:
        """The same image with its tag alone: what weak supervision sees."""
        return replace(self, label_code=None, segmented=self.good)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The images, tags, maps and classes at event number `event`, and `read(image) -> Pixels`."""

    event: int
    classes: tuple[DefectClass, ...]
    images: tuple[SnapshotImage, ...]
    read: Callable[[SnapshotImage], Pixels]

    def where(self, keep: Callable[[SnapshotImage], bool]) -> Snapshot:
        """The same snapshot with only the images for which `keep` holds."""
        return replace(self, images=tuple(image for image in self.images if keep(image)))

    def split(self, *names: str) -> Snapshot:
        """The images of the named splits."""
        return self.where(lambda image: image.split in names)

    def with_maps_of(self, ids: Iterable[ImageId]) -> Snapshot:
        """Masks only for the named images; every other defective image keeps its tag alone."""
        kept = set(ids)
        return replace(self, images=tuple(i if i.id in kept or i.good else i.without_map() for i in self.images))

    @property
    def tagged(self) -> Snapshot:
        """The images a person (or an import) called good or defective."""
        return self.where(lambda image: image.tag.verdict is not Verdict.UNLABELLED)

    @classmethod
    def from_arrays(
        cls,
        pixels: Sequence[Pixels],
        maps: Sequence[LabelMap | None],
        tags: Sequence[ImageTag],
        *,
        splits: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        classes: Sequence[DefectClass] = (),
    ) -> Snapshot:
        """A snapshot of arrays in memory: for tests and for studies on generated data."""
        store: Mapping[ImageId, Pixels] = dict(enumerate(pixels, start=1))
        images = tuple(
            SnapshotImage(
                id=number,
                name=f"image-{number}",
                sha256=f"{number:064x}",
                height=image.shape[0],
                width=image.shape[1],
                channels=1 if image.ndim == 2 else 3,
                bits=8 * image.dtype.itemsize,
                split=splits[number - 1] if splits else "train",
                group=groups[number - 1] if groups else str(number),
                tag=tag,
                label_code=None if label_map is None else encode_runs(label_map),
                segmented=is_segmented(tag, label_map),
            )
            for number, (image, label_map, tag) in enumerate(zip(pixels, maps, tags, strict=True), start=1)
        )
        return cls(event=0, classes=tuple(classes), images=images, read=lambda image: np.asarray(store[image.id]))
