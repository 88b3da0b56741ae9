"""Which images to segment next: out-of-fold P(defect), a strategy, an order [AL, section 2].

The pool is the training images tagged defective without a complete mask. No image is scored by a model that
trained on it or on another image of its group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from defectstudio.acquisition.scores import STRATEGIES, rank, score
from defectstudio.app.workflows import choose_segmented, training_images
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job


class RankedImage(BaseModel):
    """One image of the pool: `p_defect` out of fold, its `score` under the strategy, and why it is asked for."""

    position: int
    image: int
    name: str
    p_defect: float
    score: float
    reason: str


class Ranking(BaseModel):
    """The pool in the order to ask."""

    strategy: str
    folds: int
    pool: int
    images: list[RankedImage]


def reason(strategy: str, p: float) -> str:
    """Why an image is asked for, in words; `p` is P(defect) out of fold."""
    if strategy == "random":
        return "drawn at random"
    if strategy == "least-confidence":
        return f"tagged defective, yet the model gives {p:.2f}"
    return f"the model is unsure: {p:.2f}"


def rank_job(
    project: Project,
    config: TrainConfig,
    *,
    strategy: str = "least-confidence",
    folds: int = 2,
    segmented: int | None = None,
    splits: Sequence[str] = ("train",),
) -> Callable[[CancelToken], Job[Ranking]]:
    """Rank the pool of a project. `segmented`: as if only so many masks had been drawn (None: those there are).

    Raises DefectStudioError when the pool is empty or a fold would lack a class.
    """
    snapshot = choose_segmented(training_images(project.snapshot(), splits), segmented, config.seed)
    return lambda token: rank_snapshot(snapshot, config, strategy, folds, project.cache_folder, token)


def rank_snapshot(
    snapshot: Snapshot, config: TrainConfig, strategy: str, folds: int, cache: Path | None, token: CancelToken
) -> Job[Ranking]:
    """Train `folds` models, each without one fold, and order the pool by what they say of images unseen by them."""
    if strategy not in STRATEGIES:
        raise DefectStudioError(f"There is no strategy {strategy}.", hint=f"Choose from {', '.join(STRATEGIES)}.")
    pool = [image for image in snapshot.images if image.defective and not image.segmented]
    if not pool:
        raise DefectStudioError(
            "No image waits for a mask: every defective training image has one.", hint="Tag more images first."
        )
    from defectstudio.learning.threshold import out_of_fold
    from defectstudio.learning.trainers.mixed import fit

    p_defect = yield from out_of_fold(snapshot, pool, config, folds, cache, token, fit)
    values = score(strategy, p_defect, np.random.default_rng(config.seed))
    ranked = [
        RankedImage(
            position=position,
            image=pool[i].id,
            name=pool[i].name,
            p_defect=round(float(p_defect[i]), 6),
            score=round(float(values[i]), 6),
            reason=reason(strategy, float(p_defect[i])),
        )
        for position, i in enumerate(rank(values), start=1)
    ]
    return Ranking(strategy=strategy, folds=folds, pool=len(pool), images=ranked)
