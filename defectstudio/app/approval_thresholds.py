"""Where heat maps are cut and from which confidence on a detection counts, class by class: fitted on held-out images.

First the cut with the best AP of boxes, then, at these cuts, the confidence with the best F1, both at an overlap of one
half, on the first of these that shows enough defects with complete labels: validation images; others that trained
neither the run nor what it came from; the training images, each as a fold model sees it that did not learn from it. The
split test is never used: its figures would flatter from then on. A class of which there is too little keeps the
threshold and the cut of the run's base, else 0.5 and the cut of the run itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from defectstudio.app.approvals import finished_run
from defectstudio.app.found_boxes import boxes_in, found_job, middle_of, scored_job, true_boxes, whole_cuts
from defectstudio.data.predictions import Scored
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.splits import make_folds
from defectstudio.domain.detection import FoundBox, fitted_thresholds
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Head
from defectstudio.domain.progress import CancelToken, Job, Progress

Source = Literal["validation", "held-out", "folds", "base", ""]
OTHERWISE = 0.5
LEAST = 5
"""Defective images, and boxes of a class, below which a threshold would be fitted to chance."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Thresholds and cuts by class, ready for `approve`. `source`: what they were fitted on, `images` how many.

    `boxes`: true boxes of each class there; a class without one was not fitted. `cuts`: empty where none was fitted.
    `on`: the images themselves. `box_thresholds`: those of the detector of boxes, empty where the run has none.
    """

    thresholds: Mapping[int, float]
    source: Source = ""
    images: int = 0
    boxes: Mapping[int, int] = field(default_factory=dict)
    cuts: Mapping[int, float] = field(default_factory=dict)
    on: frozenset[ImageId] = frozenset()
    box_thresholds: Mapping[int, float] = field(default_factory=dict)

    def of_head(self, head: Head) -> Mapping[int, float]:
        """The thresholds of one head."""
        return self.thresholds if head == "cells" else self.box_thresholds


@dataclass(slots=True)
class Seen:
    """Images, what a run says of each, and, where it has a detector of boxes, what that finds."""

    images: list[SnapshotImage] = field(default_factory=list)
    scored: list[Scored] = field(default_factory=list)
    boxes: dict[ImageId, Sequence[FoundBox]] = field(default_factory=dict)


def thresholds_job(project: Project, run: str) -> Callable[[CancelToken], Job[Fitted]]:
    """A job that fits cuts and thresholds of a finished run. Raises DefectStudioError when the run is not finished."""
    record = finished_run(project, run)
    whole, runs, cache = project.snapshot(), project.runs_folder, project.cache_folder
    otherwise = _otherwise(project, record)
    source, images = _held_out(whole, record, runs)

    def job(token: CancelToken) -> Job[Fitted]:
        if source:
            yield Progress(0, len(images.images), "Fitting thresholds")
            seen = Seen(list(images.images), (yield from scored_job(runs / record.id, images, cache, token)))
            if record.boxes is not None:
                seen.boxes.update((yield from found_job(runs / record.id, record, "boxes", images, 0.5, cache, token)))
            return _fitted(source, seen, record, otherwise, token)
        seen = yield from _out_of_fold(whole, record, cache, token)
        return _fitted("folds", seen, record, otherwise, token) if seen.images else otherwise

    return job


def _otherwise(project: Project, record: RunRecord) -> Fitted:
    """What holds where nothing can be fitted: what the base was approved with."""
    thresholds = dict.fromkeys(sorted(project.state.classes), OTHERWISE)
    known = project.state.approvals.get(record.mentoring.base) if record.mentoring is not None else None
    boxes = dict(thresholds) if record.boxes is not None else {}
    if known is None:
        return Fitted(thresholds, box_thresholds=boxes)
    thresholds |= {index: value for index, value in known.thresholds if index in thresholds}
    boxes |= {index: value for index, value in known.box_thresholds if index in boxes}
    return Fitted(thresholds, "base", cuts=dict(known.cuts), box_thresholds=boxes)


def _fitted(
    source: Source,
    seen: Seen,
    record: RunRecord,
    otherwise: Fitted,
    token: CancelToken,
) -> Fitted:
    from defectstudio.learning.boxes import fitted_cuts

    images = seen.images
    best = fitted_cuts(images, seen.scored, least=LEAST)
    cuts = whole_cuts(record, otherwise.thresholds, {**otherwise.cuts, **best})
    boxes = true_boxes(images, boxes_in(images, seen.scored, cuts or middle_of(record), token))
    shown = [true.class_index for image in boxes for true in image.truth]
    return Fitted(
        {**otherwise.thresholds, **fitted_thresholds(boxes, least=LEAST)},
        source,
        len(boxes),
        {index: shown.count(index) for index in sorted(set(shown))},
        cuts,
        frozenset(image.id for image in images),
        {**otherwise.box_thresholds, **_box_thresholds(seen)},
    )


def _box_thresholds(seen: Seen) -> dict[int, float]:
    """Of the detector of boxes; empty where the run has none."""
    return fitted_thresholds(true_boxes(seen.images, seen.boxes), least=LEAST) if seen.boxes else {}


def _held_out(whole: Snapshot, record: RunRecord, runs: Path) -> tuple[Source, Snapshot]:
    """Images with complete labels that trained nothing of the run, and what to call them; "" where none serve."""
    trained = _trained(record, runs)
    free = whole.where(lambda i: (i.good or i.segmented) and i.id not in trained and i.split != "test")
    choices: tuple[tuple[Source, Snapshot], ...] = (("validation", free.split("val")), ("held-out", free))
    for source, images in choices:
        if sum(image.defective for image in images.images) >= LEAST:
            return source, images
    return "", whole.where(lambda image: False)


def _trained(record: RunRecord, runs: Path) -> set[ImageId]:
    """The images that a run and all that it came from learnt from."""
    trained, seen = set(record.images), {record.id}
    while record.mentoring is not None and record.mentoring.base not in seen:
        seen.add(record.mentoring.base)
        try:
            record = read_run(runs / record.mentoring.base)
        except DefectStudioError:
            break  # removed from disk: what is known of it is in the originals that it handed on
        trained |= set(record.images)
    return trained


def _out_of_fold(whole: Snapshot, record: RunRecord, cache: Path, token: CancelToken) -> Job[Seen]:
    """What fold models say of the images that trained a run; empty where the run's settings ask for no folds.

    Candidates have none: what verdicts taught them cannot be left out of a fold of the originals.
    """
    from defectstudio.learning.folds import group_of
    from defectstudio.learning.threshold import usable_folds

    used = set(record.images)
    training = whole.where(lambda image: image.id in used).tagged
    drawn = sum(image.defective and image.segmented for image in training.images)
    folds = usable_folds(record.config, training) if record.mentoring is None and drawn >= LEAST else 0
    if not folds:
        return Seen()
    labels = ["defective" if image.defective else "good" for image in training.images]
    dealt = make_folds([group_of(i) for i in training.images], labels, folds, record.config.seed)
    fold_of = {image.id: int(fold) for image, fold in zip(training.images, dealt, strict=True)}
    seen = Seen()
    for fold in range(folds):
        part = training.where(lambda image, k=fold: fold_of[image.id] == k)  # type: ignore[misc]
        others = training.where(lambda image, k=fold: fold_of[image.id] != k)  # type: ignore[misc]
        complete = part.where(lambda image: image.good or image.segmented)
        yield from _fold(seen, others.with_maps_of(record.segmented), complete, record, cache, token)
    return seen


def _fold(
    seen: Seen, others: Snapshot, part: Snapshot, record: RunRecord, cache: Path, token: CancelToken
) -> Job[None]:
    """Add what a model that learnt from the others says of the images of one fold."""
    from defectstudio.learning.box_model import find_boxes
    from defectstudio.learning.features import store_of
    from defectstudio.learning.predict import score
    from defectstudio.learning.trainers.boxes import fit_boxes
    from defectstudio.learning.trainers.mixed import fit

    config = record.config.model_copy(update={"threshold_folds": 0})
    model = yield from fit(config, others, token, cache=cache, threshold=False)
    seen.images += part.images
    seen.scored += yield from score(model, part, token, cache=cache)
    if record.boxes is not None:
        store = store_of(model, cache)
        boxes = yield from fit_boxes(model.config, record.boxes, others, store, token)
        seen.boxes.update((yield from find_boxes(boxes, part, store, token)))
