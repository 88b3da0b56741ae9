"""The order of the queue: scores and looks as they were computed, labels and marks as they are now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.calibration import calibrate_folds
from defectstudio.acquisition.choose import Chosen, Pool, choose
from defectstudio.app.selection_models import Queue, QueueItem, SelectSettings
from defectstudio.app.selection_reasons import reason
from defectstudio.app.selection_store import Scoring
from defectstudio.data.embeddings import embeddings_path, read_embeddings
from defectstudio.data.project import Project
from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.domain.state import ImageState

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standing:
    """A project as the queue sees it: the defective images that wait for a mask, those that have one, the number of
    masks of each class, and the names of the classes.
    """

    waiting: dict[ImageId, ImageState]
    masked: dict[ImageId, ImageState]
    masks_of: Counter[int]
    names: dict[int, str]

    def classes_of(self, image: ImageId) -> list[str]:
        """The defect classes that the tag of a waiting image names."""
        return [self.names[index] for index in self.waiting[image].tag.classes if index in self.names]


def standing(project: Project, splits: Sequence[str], *, segmented: Collection[ImageId] | None = None) -> Standing:
    """Which defective images of the splits wait for a mask and which have one; all images where there are no splits.

    `segmented`: the images that have a mask, where that is not what the project says.
    """
    states = project.state.images
    present = project.present_images()
    all_of_them = {states[image].placement.split for image in present} <= {""}
    drawn = project.segmented_images() if segmented is None else segmented
    waiting: dict[ImageId, ImageState] = {}
    masked: dict[ImageId, ImageState] = {}
    for image in present:
        entry = states[image]
        if entry.tag.verdict is Verdict.DEFECTIVE and (all_of_them or entry.placement.split in splits):
            (masked if image in drawn else waiting)[image] = entry
    counts = Counter(index for entry in masked.values() for index in entry.tag.classes)
    names = {index: known.name for index, known in project.state.classes.items()}
    return Standing(waiting, masked, counts, names)


def ordered(
    here: Standing, scoring: Scoring, cache: Path, settings: SelectSettings, *, stale: bool = False, whole: bool = False
) -> Queue:
    """The next `batch` images: pinned ones, then by the strategy, then those that are skipped for now.

    `whole`: the images after these too, by score.
    """
    open_ = {i: e for i, e in here.waiting.items() if e.mark is None or e.mark.kind != "never"}
    ids = [image for image in open_ if image in scoring.at]
    p = calibrated(scoring) if settings.calibrate else scoring.p_defect
    row = {image: scoring.at[image] for image in ids}
    pool = _pool(here, ids, p[list(row.values())], scoring, cache)
    rng = np.random.default_rng(settings.seed)
    chosen = choose(
        pool,
        settings.strategy,
        settings.batch + sum(entry.mark is not None for entry in open_.values()),
        rng,
        each_class=settings.each_class,
        once=settings.once_per_group,
    )
    ranked = [ids[position] for position in chosen.order.tolist()]
    listed = _by_marks(ranked, open_)
    items = _items(here, listed if whole else listed[: settings.batch], ids, pool, chosen, settings)
    never = [image for image in here.waiting if image not in open_]
    return Queue(
        strategy=settings.strategy,
        run_event=scoring.facts.event,
        computed=scoring.facts.computed,
        stale=stale,
        items=items,
        pool=len(here.waiting),
        unscored=sum(image not in scoring.at for image in here.waiting),
        masks_since=len(here.masked.keys() - set(scoring.facts.segmented)),
        left_out=_items(here, never, [], pool, chosen, settings),
    )


def calibrated(scoring: Scoring) -> FloatArray:
    """P(defect) of all scored images on one scale, (n,)."""
    return calibrate_folds(scoring.p_defect, scoring.defective, scoring.fold)


def _by_marks(ranked: list[ImageId], entries: dict[ImageId, ImageState]) -> list[ImageId]:
    """Pinned images by their places (scored or not), the unmarked as ranked, then the skipped as ranked."""
    pins = {i: e.mark.place for i, e in entries.items() if e.mark is not None and e.mark.kind == "pinned"}
    later = {i for i, e in entries.items() if e.mark is not None and e.mark.kind == "later"}
    middle = [image for image in ranked if image not in pins and image not in later]
    return [*sorted(pins, key=lambda i: (pins[i], i)), *middle, *(image for image in ranked if image in later)]


def _pool(here: Standing, ids: list[ImageId], p: FloatArray, scoring: Scoring, cache: Path) -> Pool:
    known = read_embeddings(embeddings_path(cache, scoring.facts.embeddings))
    looks = [here.waiting[image].info.sha256 for image in ids]
    masked = [e.info.sha256 for e in here.masked.values() if e.info.sha256 in known]
    whole = all(sha in known for sha in looks) and bool(ids)
    rows = [scoring.at[image] for image in ids]
    names = [here.classes_of(image) for image in ids]
    return Pool(
        p,
        groups=[here.waiting[image].placement.group for image in ids],
        # Of several classes the one with the fewest masks counts.
        classes=[min(row, key=lambda name: _masks(here, name)) if row else "" for row in names],
        p_classes=scoring.p_classes[rows] if scoring.p_classes.shape[1] else None,
        embeddings=known.of(looks) if whole else None,
        known=known.of(masked) if masked and whole else None,
        known_groups=frozenset(e.placement.group for e in here.masked.values()) - {""},
    )


def _masks(here: Standing, name: str) -> int:
    return sum(here.masks_of[index] for index, known in here.names.items() if known == name)


def _items(
    here: Standing, images: list[ImageId], ids: list[ImageId], pool: Pool, chosen: Chosen, settings: SelectSettings
) -> list[QueueItem]:
    at = {image: position for position, image in enumerate(ids)}
    return [_item(here, image, number, at.get(image), pool, chosen, settings) for number, image in enumerate(images, 1)]


def _item(
    here: Standing,
    image: ImageId,
    number: int,
    position: int | None,
    pool: Pool,
    chosen: Chosen,
    settings: SelectSettings,
) -> QueueItem:
    entry = here.waiting[image]
    p = None if position is None else round(float(pool.p_defect[position]), 6)
    name = "" if position is None or position not in chosen.ahead else pool.classes[position]
    novelty = None if position is None or chosen.novelty is None else float(chosen.novelty[position])
    return QueueItem(
        image=image,
        name=entry.info.name,
        position=number,
        score=None if position is None else round(float(chosen.scores[position]), 6),
        p_defect=p,
        reason=reason(settings.strategy, p, entry.mark, novelty, name, _masks(here, name) if name else 0),
        group=entry.placement.group,
        classes=here.classes_of(image),
        mark=entry.mark,
    )
