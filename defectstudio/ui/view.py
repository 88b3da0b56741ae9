"""Where an image lies in a viewer: pure arithmetic of zoom and pan, no Qt.

Points are (x, y). An image pixel at (column, row) covers the unit square from (column, row); `scale` is screen pixels
per image pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from defectstudio.domain.labels import Box

SMALLEST_SCALE = 1 / 256
LARGEST_SCALE = 64.0
MARGIN = 0.98


@dataclass(frozen=True, slots=True)
class View:
    """Screen = scale * image + (left, top), in logical pixels of the widget."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """The image point under a screen point."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """The screen point of an image point."""
        return x * self.scale + self.left, y * self.scale + self.top

    def panned(self, dx: float, dy: float) -> View:
        """Moved by so many screen pixels."""
        return View(self.scale, self.left + dx, self.top + dy)

    def zoomed(self, factor: float, x: float, y: float) -> View:
        """Scaled by `factor` (within limits) about a screen point, under which the image point stays."""
        scale = min(max(self.scale * factor, SMALLEST_SCALE), LARGEST_SCALE)
        ix, iy = self.to_image(x, y)
        return View(scale, x - ix * scale, y - iy * scale)

    def visible(self, width: float, height: float, shape: tuple[int, int]) -> Box | None:
        """The image pixels at least partly inside a widget of this size; None when there are none."""
        x0, y0 = self.to_image(0, 0)
        x1, y1 = self.to_image(width, height)
        top, bottom = max(0, math.floor(y0)), min(shape[0], math.ceil(y1))
        left, right = max(0, math.floor(x0)), min(shape[1], math.ceil(x1))
        return Box(top, left, bottom, right) if top < bottom and left < right else None

    def kept_in_sight(self, width: float, height: float, shape: tuple[int, int]) -> View:
        """The nearest view in which the centre of the widget lies on the image."""
        high, wide = shape[0] * self.scale, shape[1] * self.scale
        left = min(max(self.left, width / 2 - wide), width / 2)
        top = min(max(self.top, height / 2 - high), height / 2)
        return View(self.scale, left, top)


def fitted(width: float, height: float, shape: tuple[int, int]) -> View:
    """The view that shows a whole image of (height, width) pixels, centred, with a narrow margin."""
    scale = MARGIN * min(width / shape[1], height / shape[0])
    scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    return View(scale, (width - shape[1] * scale) / 2, (height - shape[0] * scale) / 2)


def centred(width: float, height: float, x: float, y: float, scale: float) -> View:
    """The view at a scale (within limits) with an image point in the middle of a widget."""
    scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    return View(scale, width / 2 - x * scale, height / 2 - y * scale)
