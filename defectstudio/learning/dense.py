"""What the network of a round says of whole images: a heat map each, and the patches that are worth asking about [SIM].

Equal to what it says of every patch by itself, as no pixel outside a patch takes part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from defectstudio.data.similarity import PatchIndex
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.labels import HEALTHY, UNKNOWN
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.nets.patchnet import STRIDE, Net, PatchNet, p_defect
from defectstudio.learning.patches import LabelRuns, Numbers, PixelPatches, Source, grid

MOST_PATCHES = 32_768
"""Patches of features that are looked at in one go."""
MOST_PIXELS = 2_000_000
"""Pixels of a strip of an image that `PatchNet` looks at in one go."""


@torch.no_grad()
def look_at_patches(
    net: Net, source: Source, image: SnapshotImage, rows: Numbers, columns: Numbers
) -> tuple[Tensor, Tensor]:
    """Embeddings (n, d) and P(defect) (n,) of the patches round some pixels of an image."""
    device = next(net.parameters()).device
    inputs = source.gather(image, rows, columns)
    found = [net(part.to(device)) for part in torch.split(inputs, MOST_PATCHES if inputs.ndim == 2 else 256)]
    embeddings, logits = (torch.cat(each) for each in zip(*found, strict=True))
    return embeddings.float().cpu(), p_defect(logits.float()).cpu()


@torch.no_grad()
def look_at_image(net: Net, source: Source, image: SnapshotImage, stride: int) -> tuple[Tensor, Tensor]:
    """Embeddings (h, w, d) and P(defect) (h, w) of all cells of an image (`grid`)."""
    rows, columns = grid(image, stride)
    if isinstance(net, PatchNet):
        assert isinstance(source, PixelPatches)
        embeddings, chances = _convolved(net, source, image, stride, len(rows), len(columns))
    else:
        places = np.meshgrid(rows, columns, indexing="ij")
        embeddings, chances = look_at_patches(net, source, image, places[0].ravel(), places[1].ravel())
    return embeddings.view(len(rows), len(columns), -1), chances.view(len(rows), len(columns))


def _convolved(
    net: PatchNet, source: PixelPatches, image: SnapshotImage, stride: int, height: int, width: int
) -> tuple[Tensor, Tensor]:
    """All patches of an image by convolution, strip by strip."""
    device, every = next(net.parameters()).device, stride // STRIDE
    padded = source.padded(image, more=stride)
    wide = (width - 1) * stride + source.patch
    most = max(1, (MOST_PIXELS // wide - source.patch) // stride)
    found = []
    for first in range(0, height, most):
        count = min(most, height - first)
        top, left = first * stride + stride // 2, stride // 2
        strip = padded[:, top : top + (count - 1) * stride + source.patch, left : left + wide]
        hidden = net.hidden(strip[None].to(device, memory_format=torch.channels_last))[:, :, ::every, ::every]
        found.append(net.outputs(hidden[0].flatten(1).T))
    embeddings, logits = (torch.cat(each) for each in zip(*found, strict=True))
    return embeddings.float().cpu(), p_defect(logits.float()).cpu()


def heat_maps(
    net: Net, source: Source, images: Sequence[SnapshotImage], stride: int, token: CancelToken
) -> Job[dict[int, NDArray[np.float32]]]:
    """P(defect) of every cell of each image, (ceil(h / stride), ceil(w / stride)) float32, by image id."""
    maps: dict[int, NDArray[np.float32]] = {}
    for done, image in enumerate(images):
        token.check()
        yield Progress(done, len(images), "Looking at images")
        maps[image.id] = np.asarray(look_at_image(net, source, image, stride)[1].numpy(), np.float32)
    return maps


def shares(counts: Sequence[int], budget: int) -> list[int]:
    """`budget` divided among holders of so many each: equal shares, what one cannot use goes to the others."""
    left, given = budget, [0] * len(counts)
    order = sorted(range(len(counts)), key=lambda n: (counts[n], n))
    for place, n in enumerate(order):
        given[n] = min(counts[n], left // (len(order) - place))
        left -= given[n]
    return given


def cell_labels(image: SnapshotImage, stride: int) -> tuple[Numbers, Numbers, NDArray[np.uint8]]:
    """Row, column and label of the centre of every cell that has it inside the image, (n,) each."""
    sides = (image.height, image.width)
    rows, columns = (axis[axis < side] for axis, side in zip(grid(image, stride), sides, strict=True))
    places = np.meshgrid(rows, columns, indexing="ij")
    runs = LabelRuns.of(image)
    flat = places[0].ravel() * image.width + places[1].ravel()
    return places[0].ravel(), places[1].ravel(), runs.values[np.searchsorted(runs.starts, flat, "right") - 1]


def build_index(
    net: Net, source: Source, snapshot: Snapshot, *, stride: int, most: int, seed: Sequence[int], token: CancelToken
) -> Job[PatchIndex]:
    """Up to `most` patches to ask about: half of them of defect labels, as far as there are so many, half healthy.

    Within a kind images have equal shares. Of an image's defect patches those kept are drawn at random; of its healthy
    ones half are those of the highest P(defect), where a defect may be missing, and half are drawn. Unknown patches are
    left out: nothing can be asked of them.
    """
    labels = [cell_labels(image, stride)[2] for image in snapshot.images]
    defects = [int(((row != HEALTHY) & (row != UNKNOWN)).sum()) for row in labels]
    healthy = [int((row == HEALTHY).sum()) for row in labels]
    of_defects = min(sum(defects), max(most // 2, most - sum(healthy)))
    wanted = list(zip(shares(defects, of_defects), shares(healthy, most - of_defects), strict=True))
    parts: list[tuple[NDArray[np.generic], ...]] = []
    for done, image in enumerate(snapshot.images):
        token.check()
        yield Progress(done, len(snapshot.images), "Collecting patches")
        if not any(wanted[done]):
            continue
        rng = np.random.default_rng([*seed, image.id])
        parts.append(_patches_of(net, source, image, stride, wanted[done], rng))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return PatchIndex(*columns)


def _patches_of(
    net: Net, source: Source, image: SnapshotImage, stride: int, wanted: tuple[int, int], rng: np.random.Generator
) -> tuple[NDArray[np.generic], ...]:
    """The columns of the index for one image: `wanted` defect and healthy patches."""
    rows, columns, labels = cell_labels(image, stride)
    embeddings, chances = look_at_image(net, source, image, stride)
    at = rows // stride, columns // stride
    chance = chances.numpy()[at]
    defects = rng.permutation(np.flatnonzero((labels != HEALTHY) & (labels != UNKNOWN)))[: wanted[0]]
    healthy = rng.permutation(np.flatnonzero(labels == HEALTHY))
    ranked = healthy[np.argsort(-chance[healthy], kind="stable")]
    doubtful = ranked[: wanted[1] // 2]
    drawn = healthy[~np.isin(healthy, doubtful)][: wanted[1] - len(doubtful)]
    kept = np.sort(np.concatenate([defects, doubtful, drawn]))
    return (
        np.full(len(kept), image.id, np.int64),
        rows[kept].astype(np.int32),
        columns[kept].astype(np.int32),
        embeddings.numpy()[at[0][kept], at[1][kept]].astype(np.float32),
        chance[kept].astype(np.float32),
    )
