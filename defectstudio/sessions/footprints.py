"""Which pixels an answer about a patch writes: its centre, the whole patch, or the superpixel under the centre."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from defectstudio.data.project import Project
from defectstudio.domain import refinement
from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import Box
from defectstudio.domain.refinement import WriteMode
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.select import superpixels


class Writing(Protocol):
    """What decides the pixels: the mode, the side of a patch, the width of superpixels, all in pixels."""

    @property
    def write(self) -> WriteMode: ...
    @property
    def patch(self) -> int: ...
    @property
    def superpixel(self) -> int: ...


def square(patch: refinement.Patch, side: int, shape: tuple[int, int]) -> Box:
    """The square of `side` pixels round a patch's centre, as far as it lies in an image of `shape`."""
    top, left = patch.row - side // 2, patch.column - side // 2
    box = clipped(Box(top, left, top + side, left + side), shape)
    assert box is not None  # a centre lies in its image
    return box


def footprint(project: Project, patch: refinement.Patch, writing: Writing) -> Patch:
    """The pixels that are written for one patch.

    Superpixels are those of SLIC in a square twice as wide as the patch, and never reach beyond the patch itself: so
    they take milliseconds, and depend on what the expert saw alone.
    """
    shape = project.state.images[patch.image].shape
    if writing.write == "pixel":
        return _whole(square(patch, 1, shape))
    seen = square(patch, writing.patch, shape)
    if writing.write == "patch":
        return _whole(seen)
    around = square(patch, 2 * writing.patch, shape)
    groups = superpixels(project.read(patch.image, box=around), writing.superpixel)
    mask = groups == groups[patch.row - around.top, patch.column - around.left]
    inside = np.zeros(mask.shape, np.bool_)
    inside[seen.top - around.top : seen.bottom - around.top, seen.left - around.left : seen.right - around.left] = True
    found = Patch.of(mask & inside, (around.top, around.left))
    assert found is not None  # it holds the centre
    return found


def _whole(box: Box) -> Patch:
    return Patch(box, np.ones(box.shape, np.bool_))
