"""Which images to segment next, as a list of the whole pool: `app.selection` for the command line and the demo.

`segmented` ranks as if fewer masks had been drawn, which is how the past can be replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel

from defectstudio.app.selection import check_strategy, score_job
from defectstudio.app.selection_models import QueueItem, SelectSettings
from defectstudio.app.selection_order import ordered, standing
from defectstudio.app.selection_store import write_scoring
from defectstudio.app.workflows import choose_segmented, training_images
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job


class RankedImage(BaseModel):
    """One image of the pool: `p_defect` out of fold, its `score` under the strategy, and why it is asked for."""

    position: int
    image: int
    name: str
    p_defect: float | None
    score: float | None
    reason: str


class Ranking(BaseModel):
    """The pool in the order to ask."""

    strategy: str
    folds: int
    pool: int
    images: list[RankedImage]


def rank_job(
    project: Project,
    config: TrainConfig,
    settings: SelectSettings | None = None,
    *,
    segmented: int | None = None,
    splits: Sequence[str] = ("train",),
) -> Callable[[CancelToken], Job[Ranking]]:
    """Rank the pool of a project. `segmented`: as if only so many masks had been drawn (None: those there are).

    Raises DefectStudioError when the pool is empty or a fold would lack a class.
    """
    chosen_settings = settings or SelectSettings()
    check_strategy(chosen_settings.strategy)
    training = choose_segmented(training_images(project.snapshot(), splits), segmented, config.seed)
    if not any(image.defective and not image.segmented for image in training.images):
        raise DefectStudioError(
            "No image waits for a mask: every defective training image has one.", hint="Tag more images first."
        )
    masked = {image.id for image in training.images if image.defective and image.segmented}
    here, cache = standing(project, splits, segmented=masked), project.cache_folder

    def job(token: CancelToken) -> Job[Ranking]:
        scoring = yield from score_job(training, config, chosen_settings.folds, tuple(splits), cache, token)
        if segmented is None:
            write_scoring(cache, scoring)
        queue = ordered(here, scoring, cache, chosen_settings, whole=True)
        images = [_ranked(item) for item in queue.items]
        return Ranking(strategy=queue.strategy, folds=chosen_settings.folds, pool=queue.pool, images=images)

    return job


def _ranked(item: QueueItem) -> RankedImage:
    return RankedImage.model_validate(item.model_dump(include=set(RankedImage.model_fields)))
