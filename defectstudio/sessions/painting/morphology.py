"""Patches grown, shrunk, smoothed and filled, with round structuring elements."""

from __future__ import annotations

import numpy as np

from defectstudio.sessions.painting.patch import Patch


def grow(patch: Patch, pixels: float, shape: tuple[int, int]) -> Patch | None:
    """The patch and all pixels of the image within `pixels` of it."""
    from scipy.ndimage import distance_transform_edt

    mask, at = patch.padded(int(np.ceil(pixels)), shape)
    return Patch.of(distance_transform_edt(~mask) <= pixels, at)


def shrink(patch: Patch, pixels: float) -> Patch | None:
    """The pixels of the patch farther than `pixels` from its outside; None when none is left.

    The border of the image counts as outside too, so that a defect cut by it shrinks on all sides.
    """
    from scipy.ndimage import distance_transform_edt

    return Patch.of(distance_transform_edt(np.pad(patch.mask, 1))[1:-1, 1:-1] > pixels, (patch.box.top, patch.box.left))


def smooth(patch: Patch, radius: float, shape: tuple[int, int]) -> Patch | None:
    """The patch with a rounder outline: what a Gaussian of sigma = radius / 2 leaves above one half.

    At the image's border the patch is continued by its mirror image, so that it is not worn away there.
    """
    from scipy.ndimage import gaussian_filter

    mask, at = patch.padded(int(np.ceil(2 * radius)), shape)
    return Patch.of(gaussian_filter(mask.astype(np.float32), radius / 2, mode="reflect") > 0.5, at)


def without_holes(patch: Patch) -> Patch | None:
    """The patch and the pixels that it encloses (4-connected to nothing outside it)."""
    from scipy.ndimage import binary_fill_holes

    return Patch.of(binary_fill_holes(patch.mask), (patch.box.top, patch.box.left))
