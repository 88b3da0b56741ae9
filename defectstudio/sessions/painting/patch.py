"""A patch: the pixels that an edit covers, as a box inside the image and a mask of that box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.geometry import bounding_box
from defectstudio.domain.labels import Box

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The pixels of `box` where `mask`, of the box's shape, is true. Lies inside its image and is never empty."""

    box: Box
    mask: Mask

    def __post_init__(self) -> None:
        if self.mask.shape != self.box.shape or not self.mask.any():
            raise DefectStudioError("A patch needs at least one pixel, and a mask of its box's shape.")

    @classmethod
    def of(cls, mask: Mask, at: tuple[int, int] = (0, 0), shape: tuple[int, int] | None = None) -> Patch | None:
        """The patch of a (height, width) mask whose first pixel lies at `at` (row, column) of the image.

        Cropped to the image of `shape` (height, width; default: the mask lies inside) and to its true pixels;
        None when none is left.
        """
        row, column = at
        if shape is not None:
            top, left = max(0, -row), max(0, -column)
            mask = mask[top : max(0, shape[0] - row), left : max(0, shape[1] - column)]
            row, column = row + top, column + left
        inner = bounding_box(mask) if mask.size else None
        if inner is None:
            return None
        box = Box(inner.top + row, inner.left + column, inner.bottom + row, inner.right + column)
        return cls(box, np.ascontiguousarray(mask[inner.slices], bool))

    @property
    def area(self) -> int:
        """The number of pixels covered, at least 1."""
        return int(np.count_nonzero(self.mask))

    def shifted(self, rows: int, columns: int, shape: tuple[int, int]) -> Patch | None:
        """The patch moved down and right, cropped to the image; None when it has left it."""
        return Patch.of(self.mask, (self.box.top + rows, self.box.left + columns), shape)

    def padded(self, margin: int, shape: tuple[int, int]) -> tuple[Mask, tuple[int, int]]:
        """The mask with `margin` more pixels on each side, as far as the image reaches, and where it begins."""
        top, left = min(margin, self.box.top), min(margin, self.box.left)
        bottom, right = min(margin, shape[0] - self.box.bottom), min(margin, shape[1] - self.box.right)
        return np.pad(self.mask, ((top, bottom), (left, right))), (self.box.top - top, self.box.left - left)

    def minus(self, other: Patch | None) -> Patch | None:
        """The pixels that `other` does not cover; None when it covers all."""
        if other is None:
            return self
        mask = self.mask.copy()
        top, left = max(self.box.top, other.box.top), max(self.box.left, other.box.left)
        bottom, right = min(self.box.bottom, other.box.bottom), min(self.box.right, other.box.right)
        if top < bottom and left < right:
            mine = mask[top - self.box.top : bottom - self.box.top, left - self.box.left : right - self.box.left]
            mine &= ~other.mask[
                top - other.box.top : bottom - other.box.top, left - other.box.left : right - other.box.left
            ]
        return Patch.of(mask, (self.box.top, self.box.left))
