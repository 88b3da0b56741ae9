"""Patches: which centres are drawn through the label maps, and what a network sees of the patch round each [SIM].

[SIM, section 3.3]: centres are sampled uniformly by label. A label first, then an image that holds it, then a pixel of
it there: neither rare labels nor small defects are drowned. Unknown pixels are never drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, UNKNOWN, Verdict, unpack_runs
from defectstudio.domain.refinement import LabelledPatch
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import encoder_strides, input_size, with_channels
from defectstudio.learning.nets.encoder import TAPS

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Patches by the position of their image, the row and column of their centre, and the label there, (n,) each."""

    image: Numbers
    row: Numbers
    column: Numbers
    label: Numbers

    def __len__(self) -> int:
        return self.image.size

    def joined(self, other: Drawn) -> Drawn:
        """These, then the others."""
        return Drawn(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in Drawn.__slots__))


@dataclass(frozen=True, slots=True)
class LabelRuns:
    """The runs of one image's label map in row-major order: where each begins, how long it is, its label."""

    starts: Numbers
    lengths: Numbers
    values: NDArray[np.uint8]

    @classmethod
    def of(cls, image: SnapshotImage) -> LabelRuns:
        """What is known of an image: a good one is healthy everywhere, one that nobody labelled is unknown."""
        if image.tag.verdict is Verdict.GOOD or image.label_code is None:
            whole = HEALTHY if image.tag.verdict is Verdict.GOOD else UNKNOWN
            return cls(np.zeros(1, np.int64), np.array([image.height * image.width]), np.array([whole], np.uint8))
        _, lengths, values = unpack_runs(image.label_code)
        ends = np.cumsum(lengths, dtype=np.int64)
        return cls(ends - lengths, lengths.astype(np.int64), values)

    def counts(self) -> Numbers:
        """(256,): pixels of each label."""
        return np.bincount(self.values, weights=self.lengths, minlength=256).astype(np.int64)

    def draw(self, label: int, count: int, rng: np.random.Generator) -> Numbers:
        """Positions of `count` pixels of a label, each equally likely."""
        of_label = self.values == label
        ends = np.cumsum(self.lengths[of_label])
        place = rng.integers(0, ends[-1], count)
        run = np.searchsorted(ends, place, "right")
        return np.asarray(self.starts[of_label][run] + place - (ends - self.lengths[of_label])[run], np.int64)


def label_counts(images: Sequence[SnapshotImage]) -> Numbers:
    """(n, 256): pixels of each label in each image."""
    return np.array([LabelRuns.of(image).counts() for image in images]).reshape(-1, 256)


def draw_patches(images: Sequence[SnapshotImage], count: int, rng: np.random.Generator) -> Drawn:
    """`count` patches, uniform over the labels that occur, the images that hold the label, and its pixels there.

    Raises DefectStudioError where fewer than two labels occur: there is nothing to tell apart.
    """
    held = label_counts(images)
    held[:, UNKNOWN] = 0
    labels = np.flatnonzero(held.any(axis=0))
    if labels.size < 2:
        raise DefectStudioError(
            "The label maps show one label alone.", hint="Draw boxes round some defects, and tag some images as good."
        )
    wanted = rng.choice(labels, count)
    where = np.zeros(count, np.int64)
    for label in labels:
        holders = np.flatnonzero(held[:, label])
        where[wanted == label] = rng.choice(holders, int((wanted == label).sum()))
    order = np.lexsort((wanted, where))
    pixels = np.zeros(count, np.int64)
    wanted, where = wanted[order], where[order]
    for position in np.unique(where):
        runs = LabelRuns.of(images[position])
        for label in np.unique(wanted[where == position]):
            here = (where == position) & (wanted == label)
            pixels[here] = runs.draw(int(label), int(here.sum()), rng)
    widths = np.array([image.width for image in images])[where]
    return Drawn(where, pixels // widths, pixels % widths, wanted)


def answered_patches(refined: Sequence[LabelledPatch], images: Sequence[SnapshotImage]) -> tuple[Drawn, dict[str, int]]:
    """What answers said, the latest word on each patch, and how many of them refined or confirmed its label.

    Patches that are unknown now, and those of images that the snapshot leaves out, are not among them.
    """
    at = {image.id: position for position, image in enumerate(images)}
    latest = {said.patch: said for said in refined}
    kept = [said for said in latest.values() if said.label != UNKNOWN and said.patch.image in at]
    rows = sorted((at[s.patch.image], s.patch.row, s.patch.column, s.label) for s in kept)
    kinds = {kind: sum(said.kind == kind for said in kept) for kind in ("refined", "observed")}
    return Drawn(*np.array(rows, np.int64).reshape(-1, 4).T), kinds


def grid(image: SnapshotImage, stride: int) -> tuple[Numbers, Numbers]:
    """Centres (rows, columns) of the cells of an image: the first half a stride from its corner.

    The last may lie up to half a stride beyond the border, where the image is mirrored.
    """
    return tuple(stride * np.arange(-(-side // stride)) + stride // 2 for side in (image.height, image.width))  # type: ignore[return-value]


class FeaturePatches:
    """What `PatchHead` sees of a patch: encoder features at its centre, and their mean over the patch.

    Stride 4 at the centre and averaged over the patch, stride 8 at the centre, both bilinear; with `context` stride 16
    as well, which sees far beyond the patch.
    """

    def __init__(self, config: TrainConfig, store: FeatureStore, patch: int) -> None:
        self.size, self.store, self.patch = input_size(config), store, patch

    @staticmethod
    def features(config: TrainConfig) -> int:
        """How many numbers are seen of a patch."""
        return 2 * TAPS[4][1] + sum(TAPS[stride][1] for stride in sorted(encoder_strides(config))[1:])

    def gather(self, image: SnapshotImage, rows: Numbers, columns: Numbers) -> Tensor:
        """(n, width) float32."""
        finest, *coarser = self.store.get(image.sha256)
        sides = (image.height, image.width)
        cells = [even(self.patch * s / (4 * n)) for s, n in zip(self.size, sides, strict=True)]
        # Cell centres of any map lie at the same fractions of the image, whatever size it was brought to.
        y, x = (rows + 0.5) / image.height * 2 - 1, (columns + 0.5) / image.width * 2 - 1
        places = torch.from_numpy(np.stack([x, y], 1).astype(np.float32))[None, None]
        found = [
            functional.grid_sample(m[None], places, padding_mode="border", align_corners=False)[0, :, 0].T
            for m in (finest, window_mean(finest, cells[0], cells[1]), *coarser)
        ]
        return torch.cat(found, 1)


def even(size: float) -> int:
    """The nearest even number, at least 2."""
    return 2 * max(1, round(size / 2))


def window_mean(x: Tensor, height: int, width: int) -> Tensor:
    """Means of a map (c, h, w) over windows round every second cell border, (c, h/2, w/2), less at the border.

    height, width: sides of the windows in cells, even, so that the means lie where the cells of twice the stride do.
    """
    across = functional.avg_pool2d(x[None], (1, width), (1, 2), (0, width // 2 - 1), count_include_pad=False)
    return functional.avg_pool2d(across, (height, 1), (2, 1), (height // 2 - 1, 0), count_include_pad=False)[0]


class PixelPatches:
    """What `PatchNet` sees of a patch: its pixels, those beyond the border of the image mirrored."""

    def __init__(self, snapshot: Snapshot, patch: int, channels: int) -> None:
        self.snapshot, self.patch, self.channels = snapshot, patch, channels

    def padded(self, image: SnapshotImage, more: int = 0) -> Tensor:
        """The image (c, h + ..., w + ...) in [0, 1] with half a patch round it, and `more` pixels after it.

        The patch round (row, column) begins at (row, column) of it.
        """
        pixels = self.snapshot.read(image)
        values = np.ascontiguousarray(pixels, np.float32) / (65535 if pixels.dtype == np.uint16 else 255)
        before = self.patch // 2
        around = [(before, self.patch - before + more)] * 2 + [(0, 0)] * (pixels.ndim - 2)
        values = np.pad(values, around, mode="symmetric")
        tensor = torch.from_numpy(values)
        return with_channels(tensor[None] if tensor.ndim == 2 else tensor.permute(2, 0, 1), self.channels)

    def gather(self, image: SnapshotImage, rows: Numbers, columns: Numbers) -> Tensor:
        """(n, c, patch, patch) float32."""
        padded = self.padded(image, more=16)
        windows = padded.unfold(1, self.patch, 1).unfold(2, self.patch, 1)
        return windows[:, torch.from_numpy(rows), torch.from_numpy(columns)].transpose(0, 1).contiguous()


Source = FeaturePatches | PixelPatches
