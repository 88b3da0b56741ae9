"""What models say of images that did not train them: K folds, K models, each scoring the fold that it never saw.

Groups are never cut, so no image is scored by a model that learnt from another image of its group either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.splits import make_folds
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.predict import score


class Fit(Protocol):
    """Trains in memory without seeking a threshold; every trainer has one."""

    def __call__(
        self, config: TrainConfig, snapshot: Snapshot, token: CancelToken, *, cache: Path | None, threshold: bool
    ) -> Job[TrainedModel]: ...


@dataclass(frozen=True, slots=True)
class FoldScores:
    """Of n images: ids (n,), the fold that each was in (n,), P(defect) (n,) and, where models tell classes apart,
    P(class) (n, C) of the `classes`; all from the model that did not see the fold.
    """

    ids: NDArray[np.int64]
    fold: NDArray[np.int64]
    p_defect: NDArray[np.float64]
    classes: tuple[int, ...] = ()
    p_classes: NDArray[np.float64] | None = None


def group_of(image: SnapshotImage) -> str:
    """The group of an image; one without a group stands alone."""
    return image.group or f"image {image.id}"


def score_folds(
    snapshot: Snapshot,
    wanted: Sequence[SnapshotImage],
    config: TrainConfig,
    folds: int,
    cache: Path | None,
    token: CancelToken,
    fit: Fit,
    *,
    fold_seed: int | None = None,
) -> Job[FoldScores]:
    """Train `folds` models on the snapshot, each without one fold, and score the wanted images of that fold with it.

    The folds are dealt by `fold_seed` (None: the configuration's). Raises DefectStudioError when there are fewer
    groups than folds, or a model would be left without good or without defective images.
    """
    labels = ["defective" if image.defective else "good" for image in snapshot.images]
    dealt = make_folds(
        [group_of(i) for i in snapshot.images], labels, folds, config.seed if fold_seed is None else fold_seed
    )
    fold_of = {image.id: int(fold) for image, fold in zip(snapshot.images, dealt, strict=True)}
    found: dict[int, tuple[float, NDArray[np.float64] | None]] = {}
    for fold in range(folds):
        token.check()
        held_out = tuple(image for image in wanted if fold_of[image.id] == fold)
        if not held_out:
            continue
        others = snapshot.where(lambda image, fold=fold: fold_of[image.id] != fold)  # type: ignore[misc]
        model = yield from fit(config, others, token, cache=cache, threshold=False)
        scored = yield from score(model, replace(snapshot, images=held_out), token, cache=cache)
        found |= {row.id: (row.score, _over(row.p_classes, model, config)) for row in scored}
    return _together([image.id for image in wanted], fold_of, found, config.segment_classes or ())


def _over(p: NDArray[np.float32] | None, model: TrainedModel, config: TrainConfig) -> NDArray[np.float64] | None:
    """P(class) in the order of the configuration's classes; a class that the model does not know has 0."""
    if p is None or not config.segment_classes:
        return None
    known = dict(zip(model.config.segment_classes or (), p.tolist(), strict=True))
    return np.array([known.get(number, 0.0) for number in config.segment_classes], np.float64)


def _together(
    ids: Sequence[int],
    fold_of: dict[int, int],
    found: dict[int, tuple[float, NDArray[np.float64] | None]],
    classes: tuple[int, ...],
) -> FoldScores:
    rows = [found[image][1] for image in ids]
    known = [row for row in rows if row is not None]
    whole = bool(classes) and len(known) == len(rows) > 0
    return FoldScores(
        np.array(ids, np.int64),
        np.array([fold_of[image] for image in ids], np.int64),
        np.array([found[image][0] for image in ids], np.float64),
        classes if whole else (),
        np.stack(known) if whole else None,
    )
