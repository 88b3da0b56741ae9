"""Pictures for people: display mapping, heat colours, outlines. Never what the model sees."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.labels import Box

Rgb = NDArray[np.uint8]

# Black through violet and orange to pale yellow: brightness rises evenly, so it reads without colour vision too.
_HEAT_STOPS = np.array(
    [[0, 0, 4], [66, 10, 104], [147, 38, 103], [221, 81, 58], [252, 165, 10], [252, 255, 164]], np.float64
)


def heat_table() -> Rgb:
    """(256, 3) uint8: the colour of heat 0..1 in 256 steps."""
    at = np.linspace(0, len(_HEAT_STOPS) - 1, 256)
    columns = [np.interp(at, np.arange(len(_HEAT_STOPS)), _HEAT_STOPS[:, channel]) for channel in range(3)]
    table: Rgb = np.stack(columns, axis=1).round().astype(np.uint8)
    return table


def as_rgb(pixels: NDArray[Any], low: float = 0.5, high: float = 99.5) -> Rgb:
    """(height, width, 3) uint8: an image at any depth stretched between two percentiles of its values."""
    bottom, top = np.percentile(pixels[::4, ::4], (low, high))
    scaled = (pixels.astype(np.float32) - bottom) * (255.0 / max(top - bottom, 1e-6))
    grey = np.clip(scaled, 0, 255).astype(np.uint8)
    rgb: Rgb = np.repeat(grey[:, :, None], 3, axis=2) if grey.ndim == 2 else grey
    return rgb


def with_heat(rgb: Rgb, heat: NDArray[np.floating[Any]], opacity: float = 0.7) -> Rgb:
    """The image under its heat map (height, width) in 0..1; cold places stay clear."""
    colors = heat_table()[(np.clip(heat, 0, 1) * 255).astype(np.uint8)]
    alpha = (np.clip(heat, 0, 1) * opacity)[:, :, None].astype(np.float32)
    mixed: Rgb = (rgb * (1 - alpha) + colors * alpha).astype(np.uint8)
    return mixed


def edges(mask: NDArray[np.bool_], width: int = 1) -> NDArray[np.bool_]:
    """The outline of a mask, drawn outside it, `width` pixels strong."""
    grown = mask.copy()
    for _ in range(width):
        wider = grown.copy()
        wider[1:] |= grown[:-1]
        wider[:-1] |= grown[1:]
        wider[:, 1:] |= grown[:, :-1]
        wider[:, :-1] |= grown[:, 1:]
        grown = wider
    return grown & ~mask


def with_outline(rgb: Rgb, mask: NDArray[np.bool_], color: str, width: int = 1) -> Rgb:
    """The image with the outline of a mask in a colour (#rrggbb)."""
    out = rgb.copy()
    out[edges(mask, width)] = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return out


def framed(rgb: Rgb, box: Box, color: str, *, room: int = 2) -> Rgb:
    """The image with a frame of one pixel round a box in a colour (#rrggbb), `room` pixels away from it."""
    height, width = rgb.shape[:2]
    top, left = max(box.top - room, 1), max(box.left - room, 1)
    inside = np.zeros((height, width), np.bool_)
    inside[top : min(box.bottom + room, height - 1), left : min(box.right + room, width - 1)] = True
    return with_outline(rgb, inside, color)
