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
from defectstudio.app.found_boxes import boxes_in, middle_of, scored_job, true_boxes, whole_cuts
from defectstudio.data.predictions import Scored
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.splits import make_folds
from defectstudio.domain.detection import fitted_thresholds
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress

Source = Literal["validation", "held-out", "folds", "base", ""]
OTHERWISE = 0.5
LEAST = 5
"""Defective images, and boxes of a class, below which a threshold would be fitted to chance."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Thresholds and cuts by class, ready for `approve`. `source`: what they were fitted on, `images` how many.

    `boxes`: true boxes of each class there; a class without one was not fitted. `cuts`: empty where none was fitted.
    `on`: the images themselves.
    """

    thresholds: Mapping[int, float]
    source: Source = ""
    images: int = 0
    boxes: Mapping[int, int] = field(default_factory=dict)
    cuts: Mapping[int, float] = field(default_factory=dict)
    on: frozenset[ImageId] = frozenset()


def thresholds_job(project: Project, run: str) -> Callable[[CancelToken], Job[Fitted]]:
    """A job that fits cuts and thresholds of a finished run. Raises DefectStudioError when the run is not finished."""
    record = finished_run(project, run)
    whole, runs, cache = project.snapshot(), project.runs_folder, project.cache_folder
    otherwise = _otherwise(project, record)
    source, images = _held_out(whole, record, runs)

    def job(token: CancelToken) -> Job[Fitted]:
        if source:
            yield Progress(0, len(images.images), "Fitting thresholds")
            scored = yield from scored_job(runs / record.id, images, cache, token)
            return _fitted(source, images.images, scored, record, otherwise, token)
        seen, scored = yield from _out_of_fold(whole, record, cache, token)
        if seen:
            return _fitted("folds", seen, scored, record, otherwise, token)
        return otherwise

    return job


def _otherwise(project: Project, record: RunRecord) -> Fitted:
    """What holds where nothing can be fitted: what the base was approved with."""
    thresholds = dict.fromkeys(sorted(project.state.classes), OTHERWISE)
    known = project.state.approvals.get(record.mentoring.base) if record.mentoring is not None else None
    if known is None:
        return Fitted(thresholds)
    thresholds |= {index: value for index, value in known.thresholds if index in thresholds}
    return Fitted(thresholds, "base", cuts=dict(known.cuts))


def _fitted(
    source: Source,
    images: Sequence[SnapshotImage],
    scored: Sequence[Scored],
    record: RunRecord,
    otherwise: Fitted,
    token: CancelToken,
) -> Fitted:
    from defectstudio.learning.boxes import fitted_cuts

    best = fitted_cuts(images, scored, least=LEAST)
    cuts = whole_cuts(record, otherwise.thresholds, {**otherwise.cuts, **best})
    boxes = true_boxes(images, boxes_in(images, scored, cuts or middle_of(record), token))
    shown = [true.class_index for image in boxes for true in image.truth]
    return Fitted(
        {**otherwise.thresholds, **fitted_thresholds(boxes, least=LEAST)},
        source,
        len(boxes),
        {index: shown.count(index) for index in sorted(set(shown))},
        cuts,
        frozenset(image.id for image in images),
    )


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


Seen = tuple[list[SnapshotImage], list[Scored]]
"""Images and what is said of each."""


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
        return [], []
    labels = ["defective" if image.defective else "good" for image in training.images]
    dealt = make_folds([group_of(i) for i in training.images], labels, folds, record.config.seed)
    fold_of = {image.id: int(fold) for image, fold in zip(training.images, dealt, strict=True)}
    images, scored = list[SnapshotImage](), list[Scored]()
    for fold in range(folds):
        part = training.where(lambda image, k=fold: fold_of[image.id] == k)  # type: ignore[misc]
        others = training.where(lambda image, k=fold: fold_of[image.id] != k)  # type: ignore[misc]
        complete = part.where(lambda image: image.good or image.segmented)
        images += complete.images
        scored += yield from _fold(others, complete, record, cache, token)
    return images, scored


def _fold(others: Snapshot, part: Snapshot, record: RunRecord, cache: Path, token: CancelToken) -> Job[list[Scored]]:
    """What a model that learnt from the others says of the images of one fold."""
    from defectstudio.learning.predict import score
    from defectstudio.learning.trainers.mixed import fit

    config = record.config.model_copy(update={"threshold_folds": 0})
    model = yield from fit(config, others.with_maps_of(record.segmented), token, cache=cache, threshold=False)
    return (yield from score(model, part, token, cache=cache))
