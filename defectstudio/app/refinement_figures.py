"""Figures of a round on patches of images that it has not seen [SIM, section 4]: F1, recall, precision.

128 patches an image, half of them with defective centres, so that the rare defect counts; the paper samples "uniformly
via the label map". A patch is called defective when its P(defect) is at least one half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from defectstudio.domain.labels import UNKNOWN, ImageId, LabelMap, class_pixels, is_class
from defectstudio.domain.refinement import LabelledPatch, Patch

PATCHES = 128
CALLED = 0.5


class PatchFigures(BaseModel):
    """F1, recall and precision, 0..1, over `patches` patches, of which `defective` show a defect."""

    f1: float
    recall: float
    precision: float
    patches: int
    defective: int


def sample_patches(images: Sequence[ImageId], labels: Callable[[ImageId], LabelMap], seed: int) -> list[LabelledPatch]:
    """128 patches of each image with the labels of their centres."""
    found = []
    for image in images:
        label_map = labels(image)
        places = sample_centres(label_map, PATCHES, np.random.default_rng([seed, image]))
        found += [LabelledPatch(Patch(image, *at), int(label_map[at]), "observed") for at in places]
    return found


def patch_figures(p_defect: NDArray[np.floating], said: Sequence[LabelledPatch]) -> PatchFigures | None:
    """Figures of P(defect), (n,), of so many labelled patches; None where none of them shows a defect."""
    truth = np.array([is_class(patch.label) for patch in said], np.bool_)
    called = p_defect >= CALLED
    if not truth.any():
        return None
    hits = int((called & truth).sum())
    return PatchFigures(
        f1=2 * hits / int(called.sum() + truth.sum()),
        recall=hits / int(truth.sum()),
        precision=hits / max(int(called.sum()), 1),
        patches=len(said),
        defective=int(truth.sum()),
    )


def sample_centres(label_map: LabelMap, count: int, rng: np.random.Generator) -> Sequence[tuple[int, int]]:
    """(row, column) of `count` pixels: half defective and half healthy, all of one kind where the other is missing."""
    defective = np.flatnonzero(class_pixels(label_map).ravel())
    healthy = np.flatnonzero(~class_pixels(label_map).ravel() & (label_map.ravel() != UNKNOWN))
    kinds = [kind for kind in (defective, healthy) if kind.size]
    drawn = [rng.choice(kind, count // len(kinds)) for kind in kinds]
    flat = np.concatenate(drawn) if drawn else np.zeros(0, np.intp)
    return [divmod(int(at), label_map.shape[1]) for at in flat]
