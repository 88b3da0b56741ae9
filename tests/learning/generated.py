"""Small generated images for the tests of learning: grey noise, a bright square where there is a defect."""

from __future__ import annotations

import numpy as np

from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.labels import DEFECTIVE, GOOD, DefectClass, ImageTag, LabelMap, Verdict

CLASSES = (DefectClass(1, "spot", "#E69F00"),)
TWO_CLASSES = (*CLASSES, DefectClass(2, "hole", "#56B4E9"))


def spots_and_holes(good: int, defective: int, *, masks: int, seed: int = 0, side: int = 64) -> Snapshot:
    """As `spots`; every other defect is a dark square of class 2 instead."""
    rng = np.random.default_rng(seed)
    pixels, maps, tags = [], [], []
    for number in range(good + defective):
        image = rng.normal(100, 8, (side, side))
        index = 1 + number % 2
        drawn: LabelMap | None = None
        if number >= good:
            top, left = rng.integers(4, side - 16, 2)
            image[top : top + 10, left : left + 10] += 110 if index == 1 else -80
            if number - good < masks:
                drawn = np.zeros((side, side), np.uint8)
                drawn[top : top + 10, left : left + 10] = index
        pixels.append(image.clip(0, 255).astype(np.uint8))
        maps.append(drawn)
        tags.append(ImageTag(Verdict.DEFECTIVE, (index,)) if number >= good else GOOD)
    return Snapshot.from_arrays(pixels, maps, tags, classes=TWO_CLASSES)


def spots(good: int, defective: int, *, masks: int, seed: int = 0, side: int = 64) -> Snapshot:
    """`good` + `defective` images of side x side; the first `masks` defective ones have a label map."""
    rng = np.random.default_rng(seed)
    pixels, maps, tags = [], [], []
    for number in range(good + defective):
        image = rng.normal(100, 8, (side, side))
        drawn: LabelMap | None = None
        if number >= good:
            top, left = rng.integers(4, side - 16, 2)
            image[top : top + 10, left : left + 10] += 110
            if number - good < masks:
                drawn = np.zeros((side, side), np.uint8)
                drawn[top : top + 10, left : left + 10] = 1
        pixels.append(image.clip(0, 255).astype(np.uint8))
        maps.append(drawn)
        tags.append(DEFECTIVE if number >= good else GOOD)
    return Snapshot.from_arrays(pixels, maps, tags, classes=CLASSES)
