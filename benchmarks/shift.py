"""A stated shift of domain for benchmarks: the same surface seen by another camera, with dirt that is no defect.

`shifted(pixels, seed)` gives the same picture for the same pixels and seed. In this order: gamma, blur, vignette,
distractors (specks of dust, a film of oil, a pen mark), sensor noise. Ranges are constants below, so that a report can
name them. Labels stay: nothing moves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, special

from defectstudio.data.snapshot import Pixels

GAMMA = (1.3, 1.7)
BLUR = (0.6, 1.1)
"""Sigma in pixels."""
VIGNETTE = (0.25, 0.45)
"""Share of the light that is lost in the corners."""
NOISE = (3.0, 6.0)
"""Sigma in grey levels of 255."""
DUST, OIL, PEN = 0.35, 0.2, 0.2
"""How often an image has each kind of distractor."""


def shifted(pixels: Pixels, seed: list[int]) -> NDArray[np.uint8]:
    """(height, width) uint8 in, the same out."""
    rng = np.random.default_rng(seed)
    light = (pixels.astype(np.float32) / 255) ** rng.uniform(*GAMMA)
    light = ndimage.gaussian_filter(light, rng.uniform(*BLUR))
    light *= _vignette(light.shape, rng)
    light = _oil(light, rng) if rng.random() < OIL else light
    light = _dust(light, rng) if rng.random() < DUST else light
    light = _pen(light, rng) if rng.random() < PEN else light
    noisy = 255 * light + rng.normal(0, rng.uniform(*NOISE), light.shape)
    return noisy.round().clip(0, 255).astype(np.uint8)


def _grid(shape: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return rows, columns


def _vignette(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    rows, columns = _grid(shape)
    middle = [side * rng.uniform(0.4, 0.6) for side in shape]
    far = ((rows - middle[0]) / shape[0]) ** 2 + ((columns - middle[1]) / shape[1]) ** 2
    return np.asarray(1 - rng.uniform(*VIGNETTE) * far / 0.5, np.float32)


def _dust(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """One to four dark or bright specks with soft edges, 2 to 5 pixels in radius."""
    rows, columns = _grid(light.shape)
    for _ in range(int(rng.integers(1, 5))):
        row, column = rng.uniform(0, light.shape[0]), rng.uniform(0, light.shape[1])
        radius = rng.uniform(2, 5)
        speck = np.exp(-((((rows - row) ** 2 + (columns - column) ** 2) / radius**2) ** 2))
        light = light + rng.choice([-0.25, 0.3]) * speck
    return light


def _oil(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A darker film of irregular outline."""
    rows, columns = _grid(light.shape)
    row, column = rng.uniform(0, light.shape[0]), rng.uniform(0, light.shape[1])
    size = rng.uniform(0.08, 0.18) * max(light.shape)
    wobble = ndimage.gaussian_filter(rng.normal(0, 1, light.shape), 12).astype(np.float32) * 25
    inside = special.expit((size - 6 * wobble - np.hypot(rows - row, columns - column)) / 3)
    return np.asarray(light * (1 - rng.uniform(0.15, 0.3) * inside), np.float32)


def _pen(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A curved dark stroke, 2 to 3 pixels wide."""
    t = np.linspace(0, 1, 400)
    ends = rng.uniform(0, 1, (3, 2)) * np.array(light.shape)
    curve = np.outer((1 - t) ** 2, ends[0]) + np.outer(2 * t * (1 - t), ends[1]) + np.outer(t**2, ends[2])
    drawn = np.ones(light.shape, bool)
    at = curve.round().astype(int)
    keep = (at >= 0).all(1) & (at < np.array(light.shape)).all(1)
    drawn[at[keep, 0], at[keep, 1]] = False
    near = ndimage.distance_transform_edt(drawn)
    stroke = special.expit((rng.uniform(1.0, 1.6) - near) / 0.4)
    return np.asarray(light * (1 - rng.uniform(0.4, 0.6) * stroke), np.float32)
