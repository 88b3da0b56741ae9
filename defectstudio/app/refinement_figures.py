"""Figures of a round on patches of images that it has not seen [SIM, section 4]: F1, recall, precision.

128 patches an image, half of them with defective centres, so that the rare defect counts; the paper samples "uniformly
via the label map". A patch is called defective when P(defect) of its centre is at least one half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from defectstudio.app.refinement_dense import at_centre
from defectstudio.domain.labels import UNKNOWN, ImageId, LabelMap, class_pixels

PATCHES = 128
CALLED = 0.5


class PatchFigures(BaseModel):
    """F1, recall and precision, 0..1, over `patches` patches, of which `defective` show a defect."""

    f1: float
    recall: float
    precision: float
    patches: int
    defective: int


def patch_figures(
    heats: dict[ImageId, NDArray[np.float32]], labels: Callable[[ImageId], LabelMap], *, stride: int, seed: int
) -> PatchFigures | None:
    """Figures of heat maps against label maps; None where no map shows a defect."""
    hits = called = real = patches = 0
    for image, heat in heats.items():
        label_map = labels(image)
        places = sample_centres(label_map, PATCHES, np.random.default_rng([seed, image]))
        truth = np.array([class_pixels(label_map[row : row + 1, column]).all() for row, column in places], np.bool_)
        p = np.array([at_centre(heat, stride, row, column) for row, column in places])
        hits += int(((p >= CALLED) & truth).sum())
        called, real, patches = called + int((p >= CALLED).sum()), real + int(truth.sum()), patches + len(places)
    if not real:
        return None
    return PatchFigures(
        f1=2 * hits / (called + real),
        recall=hits / real,
        precision=hits / max(called, 1),
        patches=patches,
        defective=real,
    )


def sample_centres(label_map: LabelMap, count: int, rng: np.random.Generator) -> Sequence[tuple[int, int]]:
    """(row, column) of `count` pixels: half defective and half healthy, all of one kind where the other is missing."""
    defective = np.flatnonzero(class_pixels(label_map).ravel())
    healthy = np.flatnonzero(~class_pixels(label_map).ravel() & (label_map.ravel() != UNKNOWN))
    kinds = [kind for kind in (defective, healthy) if kind.size]
    drawn = [rng.choice(kind, count // len(kinds)) for kind in kinds]
    flat = np.concatenate(drawn) if drawn else np.zeros(0, np.intp)
    return [divmod(int(at), label_map.shape[1]) for at in flat]
