"""Pixels to something that a screen can show: levels, gamma, auto-contrast. Display only: no model sees any of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from defectstudio.data.snapshot import Pixels

AUTO_PERCENTILES = (0.5, 99.5)
_OPAQUE = np.uint32(0xFF000000)


@dataclass(frozen=True, slots=True)
class Mapping:
    """`low` and `high` (fractions of full scale, 0..1) become black and white; in between value ** (1 / gamma)."""

    low: float = 0.0
    high: float = 1.0
    gamma: float = 1.0

    def table(self, bits: int) -> NDArray[np.uint8]:
        """The grey value 0..255 of each pixel value, (2 ** bits,) uint8."""
        value = np.linspace(0.0, 1.0, 2**bits)
        span = max(self.high - self.low, 1e-6)
        return np.asarray(255 * np.clip((value - self.low) / span, 0, 1) ** (1 / self.gamma) + 0.5, np.uint8)


IDENTITY = Mapping()


def automatic(pixels: Pixels) -> Mapping:
    """The mapping that stretches all but the darkest and brightest half percent over the whole scale."""
    full = int(np.iinfo(pixels.dtype).max)
    step = max(1, int((pixels.size / 250_000) ** 0.5))
    # Counting is several times faster than sorting, and as exact for whole numbers.
    below = np.cumsum(np.bincount(pixels[::step, ::step].ravel(), minlength=full + 1))
    low, high = (int(np.searchsorted(below, below[-1] * share / 100, "right")) for share in AUTO_PERCENTILES)
    return Mapping(low / full, min(high, full) / full) if high > low else IDENTITY


def render(pixels: Pixels, mapping: Mapping) -> QImage:
    """An RGB32 image of (height, width) or (height, width, 3) pixels, uint8 or uint16; owns its memory."""
    table = mapping.table(8 * pixels.dtype.itemsize).astype(np.uint32)
    if pixels.ndim == 2:
        packed = (table * np.uint32(0x010101) | _OPAQUE)[pixels]
    else:
        packed = table[pixels[..., 0]] << np.uint32(16)
        packed |= table[pixels[..., 1]] << np.uint32(8)
        packed |= table[pixels[..., 2]]
        packed |= _OPAQUE
    return owned(packed, QImage.Format.Format_RGB32)


class _Held(QImage):
    """A QImage that keeps the array it draws from alive."""

    source: NDArray[Any]


def owned(array: NDArray[Any], form: QImage.Format) -> QImage:
    """A QImage on the memory of a contiguous 2-D array, no copy; the array lives as long as the image."""
    height, width = array.shape
    image = _Held(array.data, width, height, array.strides[0], form)
    image.source = array
    return image
