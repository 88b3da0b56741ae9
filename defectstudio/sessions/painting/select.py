"""Patches that follow what the image or the label map shows: flood, magic wand, superpixels, a box tightened.

`pixels` is a crop, (height, width) or (height, width, 3), uint8 or uint16; rows, columns and boxes count from its
first pixel. A patch is given in the crop, or, with `at` (row, column of the crop's first pixel) and `shape`
(height, width of the image), in the whole image.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import Box, LabelMap
from defectstudio.sessions.painting.patch import Mask, Patch
from defectstudio.sessions.painting.regions import connected, equal_area
from defectstudio.sessions.painting.scissors import Scissors

__all__ = ["Scissors", "flood", "superpixels", "tighten", "wand"]

Floats: TypeAlias = NDArray[np.float32]
Place: TypeAlias = tuple[int, int]

LONGEST_WALK = 192  # the random walk is solved on at most this many pixels a side, and its result scaled up


def _placed(patch: Patch, at: Place, shape: tuple[int, int] | None) -> Patch:
    placed = Patch.of(patch.mask, (patch.box.top + at[0], patch.box.left + at[1]), shape)
    if placed is None:
        raise DefectStudioError("This part lies outside the image.", hint="Click inside the image.")
    return placed


def _channels(pixels: Pixels) -> Floats:
    """(height, width, channels) float32 in 0..1 of the image's own depth."""
    scaled = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    return scaled[:, :, None] if scaled.ndim == 2 else scaled


def flood(
    label_map: LabelMap, row: int, column: int, *, at: Place = (0, 0), shape: tuple[int, int] | None = None
) -> Patch:
    """The 4-connected area of equal label round a pixel. Raises DefectStudioError outside the map."""
    return _placed(equal_area(label_map, row, column), at, shape)


def wand(
    pixels: Pixels,
    row: int,
    column: int,
    tolerance: float,
    contiguous: bool = True,
    *,
    at: Place = (0, 0),
    shape: tuple[int, int] | None = None,
) -> Patch:
    """Pixels that differ from the clicked one by at most `tolerance` (0..1 of the depth) in every channel.

    `contiguous`: only those 4-connected to it. Raises DefectStudioError outside the crop.
    """
    if not (0 <= row < pixels.shape[0] and 0 <= column < pixels.shape[1]):
        raise DefectStudioError("There is nothing under this pixel.", hint="Click inside the image.")
    most = tolerance * np.iinfo(pixels.dtype).max
    differs = np.abs(pixels.astype(np.int32) - pixels[row, column].astype(np.int32))
    like: Mask = (differs if differs.ndim == 2 else differs.max(axis=2)) <= most
    patch = connected(like, row, column) if contiguous else Patch.of(like)
    assert patch is not None  # it holds the clicked pixel
    return _placed(patch, at, shape)


def superpixels(pixels: Pixels, size: int) -> NDArray[np.int32]:
    """SLIC (Achanta et al. 2012): (height, width) int32, connected groups 1, 2, ... about `size` pixels wide.

    Contrast is stretched to the crop's own range first, so that faint defects have borders too.
    """
    from skimage.segmentation import slic

    channels = _channels(pixels)
    low, high = np.percentile(channels, (1, 99))
    stretched = np.clip((channels - low) / max(float(high - low), 1e-6), 0, 1)
    count = max(1, round(pixels.shape[0] * pixels.shape[1] / max(size, 2) ** 2))
    if count == 1:
        return np.ones(pixels.shape[:2], np.int32)
    groups = slic(stretched, count, compactness=0.2, max_num_iter=5, sigma=1, convert2lab=False, channel_axis=-1)
    return np.asarray(groups, np.int32)


def tighten(pixels: Pixels, box: Box, *, at: Place = (0, 0), shape: tuple[int, int] | None = None) -> Patch | None:
    """The defect inside a coarse box: what differs from the surface round it; None when nothing stands out.

    Pixels that clearly differ are seeds of the defect, pixels outside the box and clearly alike ones seeds of the
    surface; the rest is decided by a random walk (Grady 2006). Deterministic. The crop should reach beyond the box
    by some pixels, else the box's own rim is taken for surface.
    """
    inside = clipped(box, (pixels.shape[0], pixels.shape[1]))
    if inside is None or min(inside.shape) < 3:
        return None
    size = pixels.shape[0], pixels.shape[1]
    coarse = -(-max(size) // LONGEST_WALK)
    within = np.zeros(size, bool)
    within[inside.slices] = True
    if within.all():
        within[[0, -1]] = within[:, [0, -1]] = False
    found = _walk(_shrunk(_channels(pixels), coarse), within[coarse // 2 :: coarse, coarse // 2 :: coarse])
    if found is None:
        return None
    mask = _grown(found, coarse, size) & within
    patch = Patch.of(mask)
    return None if patch is None else _placed(patch, at, shape)


def _shrunk(channels: Floats, factor: int) -> Floats:
    """Every `factor`-th pixel of the crop, smoothed first so that noise does not stand for structure."""
    from scipy.ndimage import gaussian_filter

    smooth: Floats = gaussian_filter(channels, (0.5 * factor, 0.5 * factor, 0))
    return smooth[factor // 2 :: factor, factor // 2 :: factor]


def _grown(chance: Floats, factor: int, shape: tuple[int, int]) -> Mask:
    """Where the chance, brought back to the crop's size by straight lines between pixels, is above one half."""
    from scipy.ndimage import map_coordinates

    rows, columns = (
        np.clip((np.arange(side) - factor // 2) / factor, 0, small - 1)
        for side, small in zip(shape, chance.shape, strict=True)
    )
    grid = np.meshgrid(rows, columns, indexing="ij")
    return np.asarray(map_coordinates(chance, grid, order=1, mode="nearest") > 0.5)


def _walk(channels: Floats, within: Mask) -> Floats | None:
    """(height, width) 0..1: how likely a pixel belongs to what stands out `within` the box; None when nothing does."""
    from skimage.segmentation import random_walker

    unlike = _unlikeness(channels, ~within)
    around, inside = unlike[~within], unlike[within]
    if around.size < 8 or inside.size < 8:
        return None
    limit = max(1.5 * float(np.percentile(around, 99)), 3.0)
    strong = within & (unlike > max(limit, _otsu(inside)))
    if not strong.any():
        return None
    seeds = np.zeros(within.shape, np.int32)
    seeds[~within | (unlike < np.percentile(around, 75))] = 1
    seeds[strong] = 2
    if not (seeds == 0).any():
        return strong.astype(np.float32)
    shown = np.clip(unlike / np.median(unlike[strong]), 0, 1)
    # The chances are only compared with one half, so a solver that overshoots 0 or 1 a little does no harm.
    chances = random_walker(shown, seeds, beta=300, mode="cg_j", tol=1e-3, prob_tol=0.5, return_full_prob=True)
    return np.asarray(chances[1], np.float32)


def _unlikeness(channels: Floats, surface: Mask) -> Floats:
    """How many robust deviations each pixel lies from the surface, whose light may slant (a plane is fitted)."""
    from scipy.ndimage import gaussian_filter

    rows, columns = np.mgrid[: surface.shape[0], : surface.shape[1]].astype(np.float32)
    terms = np.stack([np.ones_like(rows), rows / surface.shape[0], columns / surface.shape[1]], axis=-1)
    plane, *_ = np.linalg.lstsq(terms[surface], channels[surface], rcond=None)
    rest = np.abs(gaussian_filter(channels - terms @ plane, (0.7, 0.7, 0)))
    scale = 1.4826 * np.median(rest[surface], axis=0) + 1e-3
    return np.asarray((rest / scale).max(axis=-1), np.float32)


def _otsu(values: Floats) -> float:
    from skimage.filters import threshold_otsu

    return float(threshold_otsu(values)) if float(np.ptp(values)) > 0 else float(values[0])  # type: ignore[no-untyped-call]
