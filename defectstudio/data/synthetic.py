"""Demo data: generated parts with and without defects, in KolektorSDD2's layout and about its sizes.

Five kinds of defect, from plain to faint, lie among harmless marks (dust, water rings, worn patches, tool marks), so
that neither the brightest pixel nor the strongest edge tells a bad part from a good one. All follows from the seed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from defectstudio.data.surfaces import (
    TEXTURES,
    Field,
    add_harmless_marks,
    anywhere,
    blurred,
    box_around,
    lit,
    noise_field,
)
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress

HEIGHTS = (597, 665)
WIDTHS = (184, 241)
SEGMENTED = (0, 5, 16, 53)
"""How many masks the split files beside the images allow, besides all of them."""

Stroke = tuple[Field, Field]
"""(change of the surface, how much of each pixel the defect covers, 0..1), both (height, width)."""


def generate_image(
    rng: np.random.Generator,
    defective: bool,
    *,
    kind: str | None = None,
    texture: str | None = None,
    shape: tuple[int, int] | None = None,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], str]:
    """One part: pixels (height, width, 3) uint8, mask (height, width) uint8 with 255 on the defect, kind ("" if good).

    What is not given (kind of DEFECTS, texture of TEXTURES, shape up to 672 x 256) is drawn from `rng`.
    """
    size = shape or (int(rng.integers(HEIGHTS[0], HEIGHTS[1] + 1)), int(rng.integers(WIDTHS[0], WIDTHS[1] + 1)))
    surface = TEXTURES[texture or str(rng.choice(list(TEXTURES)))](rng, size)
    add_harmless_marks(rng, surface)
    mask = np.zeros(size, np.uint8)
    chosen = ""
    if defective:
        chosen = kind or str(rng.choice(list(DEFECTS)))
        change, cover = DEFECTS[chosen](rng, size)
        surface += change
        mask[ndimage.binary_dilation(cover > 0.35, iterations=1)] = 255
    return lit(rng, surface), mask, chosen


def generate(
    folder: Path, *, train: tuple[int, int], test: tuple[int, int], seed: int, token: CancelToken | None = None
) -> Job[Path]:
    """Write (good, defective) parts for train and test into a new `folder`, and split files for a few masks.

    The folder appears only when all is written. Raises DefectStudioError when it exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DefectStudioError(f"{folder} is not empty.", hint="Name a new folder for the demo data.")
    total = sum(train) + sum(test)
    listed: list[list[tuple[int, bool]]] = []
    with _appearing(folder) as home:
        done = 0
        for part, (split, counts) in enumerate((("train", train), ("test", test))):
            (home / split).mkdir()
            parts = _order(counts, np.random.default_rng([seed, part]))
            listed.append([(10_000 * (part + 1) + at, bad) for at, bad in enumerate(parts)])
            for stem, defective in listed[-1]:
                if token is not None:
                    token.check()
                _write_part(home / split, stem, defective, seed)
                done += 1
                yield Progress(done, total, f"generating {split} images")
        _write_splits(home, listed, seed)
    return folder


def _order(counts: tuple[int, int], rng: np.random.Generator) -> list[bool]:
    """Good and defective parts in a random order: the number of a part tells nothing."""
    flags = np.repeat([False, True], counts)
    return [bool(flag) for flag in rng.permutation(flags)]


def _write_part(folder: Path, stem: int, defective: bool, seed: int) -> None:
    pixels, mask, _ = generate_image(np.random.default_rng([seed, stem]), defective)
    Image.fromarray(pixels).save(folder / f"{stem}.png", compress_level=1)
    Image.fromarray(mask).save(folder / f"{stem}_GT.png", compress_level=1)


def _write_splits(home: Path, listed: list[list[tuple[int, bool]]], seed: int) -> None:
    """split_N.json, each `[train, test]` lists of [stem, mask may be used]; fewer masks are a part of more masks."""
    defective = np.array([stem for stem, bad in listed[0] if bad], np.int64)
    chosen = np.random.default_rng([seed, 2]).permutation(defective).tolist()
    for count in sorted({number for number in SEGMENTED if number < len(chosen)} | {len(chosen)}):
        allowed = set(chosen[:count])
        parts = [
            [[stem, not bad or stem in allowed] for stem, bad in listed[0]],
            [[stem, True] for stem, _ in listed[1]],
        ]
        (home / f"split_{count}.json").write_text(json.dumps(parts))


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A folder to write in that takes its name when all went well, and is removed when not."""
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _severity(rng: np.random.Generator, low: float, high: float) -> float:
    """Most defects are faint and few are plain: log-uniform in units of the texture's own unevenness."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _walk(
    rng: np.random.Generator, start: tuple[float, float], angle: float, length: int, bend: float
) -> NDArray[np.float64]:
    """Points half a pixel apart along a path whose direction drifts by `bend` radians a point: (length, 2)."""
    angles = angle + np.cumsum(rng.normal(0, bend, length))
    return np.asarray(start) + 0.5 * np.cumsum(np.stack([np.sin(angles), np.cos(angles)], axis=1), axis=0)


def _drawn(shape: tuple[int, int], points: NDArray[np.float64]) -> Field:
    """The points as a line one pixel wide."""
    line = np.zeros(shape, np.float32)
    at = np.rint(points).astype(np.int64)
    at = at[((at >= 0) & (at < shape)).all(axis=1)]
    line[at[:, 0], at[:, 1]] = 1
    return line


def scratch(rng: np.random.Generator, shape: tuple[int, int]) -> Stroke:
    """A bright, slightly bent line with a dark edge, at an angle to the texture."""
    angle = rng.choice([-1, 1]) * rng.uniform(0.35, 1.2)
    points = _walk(rng, anywhere(rng, shape, 40), angle, int(rng.integers(80, 420)), 0.012)
    line = blurred(_drawn(shape, points), rng.uniform(0.6, 1.3))
    strength = np.float32(_severity(rng, 1.7, 6.0))
    return strength * (line - 0.5 * np.roll(line, 2, axis=1)), line


def crack(rng: np.random.Generator, shape: tuple[int, int]) -> Stroke:
    """A dark jagged line that forks."""
    angle = rng.uniform(0, 2 * np.pi)
    trunk = _walk(rng, anywhere(rng, shape, 40), angle, int(rng.integers(90, 360)), 0.16)
    paths = [trunk]
    for _ in range(int(rng.integers(0, 4))):
        fork = trunk[int(rng.integers(len(trunk)))]
        paths.append(_walk(rng, (fork[0], fork[1]), angle + rng.choice([-0.8, 0.8]), int(rng.integers(20, 90)), 0.2))
    line = blurred(_drawn(shape, np.concatenate(paths)), rng.uniform(0.6, 1.1))
    return -np.float32(_severity(rng, 2.2, 6.8)) * line, line


def pits(rng: np.random.Generator, shape: tuple[int, int]) -> Stroke:
    """A cluster of small holes: dark, with a lit rim on one side."""
    change, cover = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    middle, spread = anywhere(rng, shape, 25), rng.uniform(5, 18)
    strength = _severity(rng, 3.0, 8.5)
    for _ in range(int(rng.integers(4, 18))):
        size = rng.uniform(0.9, 2.6)
        centre = tuple(float(np.clip(c + rng.normal(0, spread), 2, s - 3)) for c, s in zip(middle, shape, strict=True))
        where, dy, dx = box_around(shape, (centre[0], centre[1]), 4 * size)
        hole = np.exp(-(dy**2 + dx**2) / (2 * size**2))
        rim = np.exp(-((dy + size) ** 2 + (dx + size) ** 2) / (2 * size**2))
        change[where] += np.float32(strength) * (0.5 * rim - 1.1 * hole)
        cover[where] = np.maximum(cover[where], hole)
    return change, cover


def stain(rng: np.random.Generator, shape: tuple[int, int]) -> Stroke:
    """A dried blotch, little darker or brighter than the surface, its uneven rim plainer than its middle."""
    size = rng.uniform(10, 34)
    where, dy, dx = box_around(shape, anywhere(rng, shape, 20), 1.7 * size)
    ragged = noise_field(rng, shape, rows=9, columns=9, slope=2.5)[where]
    stretch = rng.uniform(0.6, 1.5)
    inside = 1 - np.sqrt((dy / stretch) ** 2 + (dx * stretch) ** 2) / size + 0.28 * ragged
    cover, change = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    cover[where] = 1 / (1 + np.exp(-14 * inside))
    change[where] = cover[where] + np.exp(-((inside / 0.1) ** 2))
    return np.float32(_severity(rng, 1.4, 4.0) * rng.choice([-1, -1, 1])) * change, cover


def dent(rng: np.random.Generator, shape: tuple[int, int]) -> Stroke:
    """A shallow hollow: bright where it faces the lamp, dark where it turns away."""
    size, tilt = rng.uniform(4, 11), rng.uniform(0, 2 * np.pi)
    where, dy, dx = box_around(shape, anywhere(rng, shape, 20), 3.2 * size)
    bowl = np.exp(-(dy**2 + dx**2) / (2 * size**2))
    slope = (np.sin(tilt) * dy + np.cos(tilt) * dx) / size * bowl
    change, cover = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    change[where] = np.float32(_severity(rng, 4.2, 10.0)) * slope
    cover[where] = np.sqrt(bowl)
    return change, cover


DEFECTS: dict[str, Callable[[np.random.Generator, tuple[int, int]], Stroke]] = {
    "scratch": scratch,
    "crack": crack,
    "pits": pits,
    "stain": stain,
    "dent": dent,
}
