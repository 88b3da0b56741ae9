"""Which images to segment next: out-of-fold P(defect), looks, a strategy, and what a person said of the queue.

Scoring (`queue_job`) trains K models and takes minutes; ordering (`requeue`) reads what it left and takes milliseconds,
so strategy, batch and marks can be changed at will. The pool is the training images tagged defective that have no
complete mask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from defectstudio.acquisition.scores import STRATEGIES
from defectstudio.app.selection_budget import budget, budget_job
from defectstudio.app.selection_labels import suspects
from defectstudio.app.selection_map import map_job
from defectstudio.app.selection_models import (
    Budget,
    BudgetLine,
    BudgetPoint,
    DataMap,
    Queue,
    QueueItem,
    SelectSettings,
    Suspect,
)
from defectstudio.app.selection_order import ordered, standing
from defectstudio.app.selection_store import Scoring, ScoringFacts, read_scoring, write_scoring
from defectstudio.app.workflows import training_images
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig, now
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job

__all__ = [
    "Budget",
    "BudgetLine",
    "BudgetPoint",
    "DataMap",
    "Queue",
    "QueueItem",
    "SelectSettings",
    "Suspect",
    "budget",
    "budget_job",
    "map_job",
    "queue_job",
    "requeue",
    "suspects",
]

TRAIN_SPLITS = ("train",)


def queue_job(
    project: Project, config: TrainConfig, settings: SelectSettings, *, splits: Sequence[str] = TRAIN_SPLITS
) -> Callable[[CancelToken], Job[Queue]]:
    """Score the training images of a project by K fold models and order the pool; run in any thread.

    Leaves the scores and embeddings in `cache/selection/`, whence `requeue` takes them. Raises DefectStudioError when
    the strategy is unknown, the pool is empty, or a fold would lack good or defective images.
    """
    check_strategy(settings.strategy)
    training = training_images(project.snapshot(), splits)
    if not any(image.defective and not image.segmented for image in training.images):
        raise DefectStudioError(
            "No image waits for a mask: every defective training image has one.", hint="Tag more images first."
        )
    here, cache = standing(project, splits), project.cache_folder

    def job(token: CancelToken) -> Job[Queue]:
        scoring = yield from score_job(training, config, settings.folds, tuple(splits), cache, token)
        write_scoring(cache, scoring)
        return ordered(here, scoring, cache, settings, stale=False)

    return job


def requeue(project: Project, settings: SelectSettings) -> Queue | None:
    """The queue by the newest scoring, with the labels and marks as they are now; None where nothing was scored.

    Fast, and without torch. Raises DefectStudioError for an unknown strategy.
    """
    check_strategy(settings.strategy)
    scoring = read_scoring(project.cache_folder)
    if scoring is None or scoring.facts.event > project.journal.last_event:
        return None
    here = standing(project, scoring.facts.splits)
    stale = project.journal.learnt_since(scoring.facts.event)
    return ordered(here, scoring, project.cache_folder, settings, stale=stale)


def check_strategy(strategy: str) -> None:
    """Raise DefectStudioError for a strategy that does not exist."""
    if strategy not in STRATEGIES:
        raise DefectStudioError(f"There is no strategy {strategy}.", hint=f"Choose from {', '.join(STRATEGIES)}.")


def score_job(
    training: Snapshot,
    config: TrainConfig,
    folds: int,
    splits: tuple[str, ...],
    cache: Path,
    token: CancelToken,
) -> Job[Scoring]:
    """Out-of-fold scores and the looks of the training images."""
    from defectstudio.learning.embeddings import compute_embeddings, resolved_for_embeddings
    from defectstudio.learning.folds import score_folds
    from defectstudio.learning.inputs import resolve
    from defectstudio.learning.supervision import classes_in_masks
    from defectstudio.learning.trainers.mixed import fit

    images = training.images
    told_apart = classes_in_masks(images) if config.segment_classes is None else config.segment_classes
    # One size and one list of classes for all folds: their scores must be comparable.
    same = resolve(config, images).model_copy(update={"segment_classes": told_apart})
    scores = yield from score_folds(training, images, same, folds, cache, token, fit)
    key, _ = yield from compute_embeddings(training, resolved_for_embeddings(same, images), cache, token)
    facts = ScoringFacts(
        event=training.event,
        computed=now(),
        config=same,
        folds=folds,
        splits=splits,
        embeddings=key,
        classes=scores.classes,
        segmented=tuple(image.id for image in images if image.defective and image.segmented),
    )
    defective = np.array([image.defective for image in images])
    p_classes = np.zeros((len(images), 0)) if scores.p_classes is None else scores.p_classes
    return Scoring(facts, scores.ids, scores.fold, defective, scores.p_defect, p_classes)
