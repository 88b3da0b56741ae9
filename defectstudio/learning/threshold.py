"""Where P(defect) begins to mean "defective": chosen on images that did not train the model, where there are some."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.metrics import average_precision, best_f1
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.folds import Fit, group_of, score_folds
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.predict import score

Source = Literal["validation", "folds", "training"]


def find_threshold(
    model: TrainedModel,
    training: Snapshot,
    validation: Snapshot | None,
    store: FeatureStore,
    cache: Path | None,
    token: CancelToken,
    fit: Fit,
) -> Job[None]:
    """Set the model's threshold to the best F1, and its "f1" and "ap".

    On `validation`, where that holds defects; else on the training images as fold models see them that did not learn
    from them (`threshold_folds`); else, the last resort, on the training images.
    """
    held_out = validation.tagged if validation is not None else None
    folds = usable_folds(model.config, training)
    source: Source
    if held_out is not None and any(image.defective for image in held_out.images):
        source, images = "validation", held_out
        scored = yield from score(model, images, token, store=store)
        p = [row.score for row in scored]
    elif folds:
        source, images = "folds", training
        config = model.config.model_copy(update={"threshold_folds": 0})
        found = yield from out_of_fold(images, images.images, config, folds, cache, token, fit)
        p = found.tolist()
    else:
        source, images = "training", training
        scored = yield from score(model, images, token, store=store)
        p = [row.score for row in scored]
    truth = [image.defective for image in images.images]
    f1, at = best_f1(truth, p)
    model.threshold, model.threshold_from = at, source
    model.metrics = {"f1": f1, "ap": average_precision(truth, p)}


def usable_folds(config: TrainConfig, training: Snapshot) -> int:
    """How many folds the threshold takes: what was asked for, less where a fold would lack good or defective groups."""
    wanted = config.threshold_folds
    if wanted is None:
        wanted = 2 if config.net == "fast" and not config.finetune_epochs else 0
    groups = [
        {group_of(image) for image in training.images if image.defective is defective} for defective in (True, False)
    ]
    most = min(len(found) for found in groups)
    return 0 if wanted < 2 or most < 2 else min(wanted, most)


def out_of_fold(
    snapshot: Snapshot,
    pool: Sequence[SnapshotImage],
    config: TrainConfig,
    folds: int,
    cache: Path | None,
    token: CancelToken,
    fit: Fit,
) -> Job[NDArray[np.float64]]:
    """P(defect) of each image of the pool, (len(pool),), from the model that saw neither it nor its group."""
    scores = yield from score_folds(snapshot, pool, config, folds, cache, token, fit)
    return scores.p_defect
