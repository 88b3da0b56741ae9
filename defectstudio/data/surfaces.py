"""Generated surfaces without defects: four textures, lighting, and harmless marks that a detector must learn to pass.

Textures are random fields with a given spectrum, made by one inverse FFT on a fixed grid that is then cropped; the
spectra are computed once. A surface is a float32 array around 0 whose own unevenness has a standard deviation near 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

Field = NDArray[np.float32]

GRID = (672, 256)
"""(height, width) of the grid on which fields are made: the largest image that can be generated."""


@lru_cache(maxsize=64)
def _spectrum(rows: float, columns: float, slope: float) -> Field:
    """Amplitudes of a field with correlation lengths `rows`, `columns` (pixels) and a power law beyond them."""
    fy = fft.fftfreq(GRID[0])[:, None] * rows
    fx = fft.rfftfreq(GRID[1])[None, :] * columns
    amplitude = (1 + (2 * np.pi) ** 2 * (fy**2 + fx**2)) ** (-slope / 2)
    amplitude[0, 0] = 0
    return np.asarray(amplitude / np.sqrt(2 * (amplitude**2).mean()), np.float32)


def noise_field(
    rng: np.random.Generator, shape: tuple[int, int], *, rows: float, columns: float, slope: float = 1.5
) -> Field:
    """A random field, (height, width) float32, mean near 0, standard deviation near 1."""
    amplitude = _spectrum(rows, columns, slope)
    waves = rng.standard_normal((*amplitude.shape, 2), np.float32).view(np.complex64)[..., 0]
    field = fft.irfft2(waves * amplitude, s=GRID, overwrite_x=True)
    field *= np.float32(np.sqrt(GRID[0] * GRID[1]))
    return np.asarray(field[: shape[0], : shape[1]], np.float32)


def _grain(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    return rng.standard_normal(shape, np.float32)


def brushed(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Metal brushed along the image: long fine streaks, slow bands across."""
    fine = noise_field(rng, shape, rows=60, columns=0.6, slope=1.6)
    broad = noise_field(rng, shape, rows=200, columns=6, slope=2)
    return np.asarray(0.85 * fine + 0.4 * broad + 0.25 * _grain(rng, shape), np.float32)


def cast(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Cast or blasted metal: grainy at two scales, with small dark pores everywhere."""
    coarse = noise_field(rng, shape, rows=5, columns=5, slope=2)
    fine = noise_field(rng, shape, rows=1.2, columns=1.2, slope=2)
    return np.asarray(0.5 * coarse + 0.75 * fine - 0.9 * np.maximum(fine - 1.6, 0), np.float32)


def woven(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Cloth: two crossing sets of threads whose spacing wanders, each thread of its own brightness."""
    y, x = np.indices(shape, dtype=np.float32)
    wander = noise_field(rng, shape, rows=40, columns=40, slope=2.5)
    pitch = np.float32(rng.uniform(5.5, 8))
    warp = np.cos(2 * np.pi / pitch * (x + 0.8 * wander))
    weft = np.cos(2 * np.pi / (pitch * 1.15) * (y - 0.8 * wander))
    over = np.where(np.cos(np.pi / pitch * x) * np.cos(np.pi / (pitch * 1.15) * y) > 0, warp, weft)
    threads = noise_field(rng, shape, rows=90, columns=2, slope=2)
    threads += noise_field(rng, shape, rows=2, columns=60, slope=2)
    return np.asarray(0.75 * over.astype(np.float32) + 0.35 * threads + 0.3 * _grain(rng, shape), np.float32)


def rolled(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Rolled sheet: lines across at the period of the roll, fading in and out, over fine streaks."""
    y = np.arange(shape[0], dtype=np.float32)[:, None]
    wander = noise_field(rng, shape, rows=50, columns=120, slope=2)
    period = np.float32(rng.uniform(18, 42))
    lines = np.maximum(np.cos(2 * np.pi / period * (y + 1.2 * wander)), 0) ** 6
    strength = np.clip(0.6 + 0.5 * noise_field(rng, shape, rows=70, columns=70, slope=2), 0, None)
    streaks = noise_field(rng, shape, rows=1, columns=30, slope=1.5)
    fine = noise_field(rng, shape, rows=2, columns=2, slope=2)
    return np.asarray(1.9 * lines * strength + 0.55 * streaks + 0.4 * fine, np.float32)


TEXTURES: dict[str, Callable[[np.random.Generator, tuple[int, int]], Field]] = {
    "brushed": brushed,
    "cast": cast,
    "woven": woven,
    "rolled": rolled,
}


def add_harmless_marks(rng: np.random.Generator, surface: Field) -> None:
    """Dust, water rings, worn patches and fibres, in place: what every part may show and nobody rejects."""
    for _ in range(int(rng.poisson(5))):
        _dust(rng, surface)
    if rng.random() < 0.35:
        _water_ring(rng, surface)
    if rng.random() < 0.5:
        _worn_patch(rng, surface)
    for _ in range(int(rng.poisson(0.6))):
        _machining_line(rng, surface)


def box_around(
    shape: tuple[int, int], centre: tuple[float, float], reach: float
) -> tuple[tuple[slice, slice], Field, Field]:
    """The slices within `reach` of a centre, cut to the image, and the rows and columns from the centre there."""
    top, left = (max(int(c - reach), 0) for c in centre)
    bottom, right = (min(int(c + reach) + 1, size) for c, size in zip(centre, shape, strict=True))
    dy = (np.arange(top, max(bottom, top + 1), dtype=np.float32) - centre[0])[:, None]
    dx = (np.arange(left, max(right, left + 1), dtype=np.float32) - centre[1])[None, :]
    return (slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))), dy, dx


def anywhere(rng: np.random.Generator, shape: tuple[int, int], margin: float) -> tuple[float, float]:
    """A random place at least `margin` (at most a third of the side) from the border."""
    y, x = (rng.uniform(m := min(margin, side / 3), side - m) for side in shape)
    return float(y), float(x)


def _dust(rng: np.random.Generator, surface: Field) -> None:
    size = rng.uniform(0.7, 1.7)
    where, dy, dx = box_around(surface.shape, anywhere(rng, surface.shape, 2), 4 * size)
    surface[where] += rng.uniform(2, 6) * rng.choice([-1, 1, 1]) * np.exp(-(dy**2 + dx**2) / (2 * size**2))


def _water_ring(rng: np.random.Generator, surface: Field) -> None:
    radius, stretch, width = rng.uniform(12, 45), rng.uniform(0.7, 1.4), rng.uniform(1.5, 4)
    where, dy, dx = box_around(surface.shape, anywhere(rng, surface.shape, 5), 1.5 * radius + 12)
    distance = np.sqrt((dy * stretch) ** 2 + dx**2) - radius
    ring = np.exp(-((distance / width) ** 2)) + 0.4 * (distance < 0)
    surface[where] += rng.uniform(0.4, 1.3) * ring.astype(np.float32)


def _worn_patch(rng: np.random.Generator, surface: Field) -> None:
    """A place where the texture itself is weaker or stronger, its mean unchanged."""
    size = rng.uniform(18, 60)
    where, dy, dx = box_around(surface.shape, anywhere(rng, surface.shape, 10), 2.5 * size)
    weight = np.exp(-((dy / size) ** 2 + (dx / (size * rng.uniform(0.5, 1.2))) ** 2))
    surface[where] *= 1 + rng.choice([-0.55, 0.5]) * weight.astype(np.float32)


def _machining_line(rng: np.random.Generator, surface: Field) -> None:
    """A straight faint line along or across the whole part: a tool mark, not a scratch."""
    along = rng.random() < 0.5
    at = int(rng.integers(3, surface.shape[1 if along else 0] - 3))
    strength = rng.uniform(0.8, 2.2) * rng.choice([-1, 1])
    line = np.array([0.4, 1, 0.4], np.float32) * np.float32(strength)
    if along:
        surface[:, at - 1 : at + 2] += line
    else:
        surface[at - 1 : at + 2] += line[:, None]


def lit(rng: np.random.Generator, surface: Field) -> NDArray[np.uint8]:
    """The surface under a lamp and before a camera: (height, width, 3) uint8.

    Brightness falls off across the part and towards the corners, gain and tint differ from part to part, and the
    sensor adds noise.
    """
    height, width = surface.shape
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    slope_y, slope_x = rng.normal(0, 0.14, 2).astype(np.float32)
    light = 1 + slope_y * y + slope_x * x - np.float32(rng.uniform(0, 0.22)) * (y**2 + x**2)
    level, contrast = rng.uniform(70, 135), rng.uniform(7, 12)
    grey = (np.float32(level) + np.float32(contrast) * surface) * light
    grey += rng.uniform(1, 2.2) * rng.standard_normal(surface.shape, np.float32)
    tint = 1 + rng.normal(0, 0.025, 3).astype(np.float32)
    return np.asarray(np.clip(grey[..., None] * tint, 0, 255), np.uint8)


def blurred(line: Field, sigma: float) -> Field:
    """A line drawn one pixel wide, made `sigma` wide, its ridge near 1."""
    wide = ndimage.gaussian_filter(line, sigma, truncate=3)
    return np.asarray(np.minimum(wide * np.float32(sigma * np.sqrt(2 * np.pi)), 1), np.float32)
