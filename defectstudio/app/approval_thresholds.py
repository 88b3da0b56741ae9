"""From which confidence on a detection counts, class by class: fitted on images that did not train the run.

Best F1 of boxes at an overlap of one half, on the first of these that shows enough defects with complete labels:
validation images; others that trained neither the run nor what it came from; the training images, each as a fold model
sees it that did not learn from it. The split test is never used: its figures would flatter from then on. A class of
which there is too little keeps the threshold of the run's base, else 0.5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from defectstudio.app.approvals import finished_run
from defectstudio.app.mentoring_compare import boxes_job, true_boxes
from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord, read_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.splits import make_folds
from defectstudio.domain.detection import ImageBoxes, fitted_thresholds
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress

Source = Literal["validation", "held-out", "folds", "base", ""]
OTHERWISE = 0.5
LEAST = 5
"""Defective images, and boxes of a class, below which a threshold would be fitted to chance."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Thresholds by class, ready for `approve`. `source`: what they were fitted on, `images` how many those were.

    `boxes`: true boxes of each class there; a class without one was not fitted.
    """

    thresholds: Mapping[int, float]
    source: Source = ""
    images: int = 0
    boxes: Mapping[int, int] = field(default_factory=dict)


def thresholds_job(project: Project, run: str) -> Callable[[CancelToken], Job[Fitted]]:
    """A job that fits the thresholds of a finished run. Raises DefectStudioError when the run is not finished."""
    record = finished_run(project, run)
    whole, runs, cache = project.snapshot(), project.runs_folder, project.cache_folder
    otherwise = dict.fromkeys(sorted(project.state.classes), OTHERWISE)
    known = project.state.approvals.get(record.mentoring.base) if record.mentoring is not None else None
    if known is not None:
        otherwise |= {index: value for index, value in known.thresholds if index in otherwise}
    source, images = _held_out(whole, record, runs)

    def job(token: CancelToken) -> Job[Fitted]:
        if source:
            yield Progress(0, len(images.images), "Fitting thresholds")
            found = yield from boxes_job(runs / record.id, record, images, cache, token)
            return _fitted(source, true_boxes(images, found), otherwise)
        boxes = yield from _out_of_fold(whole, record, cache, token)
        if boxes:
            return _fitted("folds", boxes, otherwise)
        return Fitted(otherwise, "base" if known is not None else "")

    return job


def _fitted(source: Source, boxes: list[ImageBoxes], otherwise: Mapping[int, float]) -> Fitted:
    shown = [true.class_index for image in boxes for true in image.truth]
    counts = {index: shown.count(index) for index in sorted(set(shown))}
    return Fitted({**otherwise, **fitted_thresholds(boxes, least=LEAST)}, source, len(boxes), counts)


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


def _out_of_fold(whole: Snapshot, record: RunRecord, cache: Path, token: CancelToken) -> Job[list[ImageBoxes]]:
    """What fold models find in the images that trained a run; empty where the run's settings ask for no folds.

    Candidates have none: what verdicts taught them cannot be left out of a fold of the originals.
    """
    from defectstudio.learning.folds import group_of
    from defectstudio.learning.threshold import usable_folds

    used = set(record.images)
    training = whole.where(lambda image: image.id in used).tagged
    drawn = sum(image.defective and image.segmented for image in training.images)
    folds = usable_folds(record.config, training) if record.mentoring is None and drawn >= LEAST else 0
    if not folds:
        return []
    labels = ["defective" if image.defective else "good" for image in training.images]
    dealt = make_folds([group_of(i) for i in training.images], labels, folds, record.config.seed)
    fold_of = {image.id: int(fold) for image, fold in zip(training.images, dealt, strict=True)}
    boxes: list[ImageBoxes] = []
    for fold in range(folds):
        part = training.where(lambda image, k=fold: fold_of[image.id] == k)  # type: ignore[misc]
        others = training.where(lambda image, k=fold: fold_of[image.id] != k)  # type: ignore[misc]
        boxes += yield from _fold(others, part, record, cache, token)
    return boxes


def _fold(
    others: Snapshot, part: Snapshot, record: RunRecord, cache: Path, token: CancelToken
) -> Job[list[ImageBoxes]]:
    """What a model that learnt from the others finds in the images of one fold whose labels are complete."""
    from defectstudio.learning.boxes import regions_of
    from defectstudio.learning.predict import score
    from defectstudio.learning.trainers.mixed import fit

    config = record.config.model_copy(update={"threshold_folds": 0})
    model = yield from fit(config, others.with_maps_of(record.segmented), token, cache=cache, threshold=False)
    complete = part.where(lambda image: image.good or image.segmented)
    scored = yield from score(model, complete, token, cache=cache)
    cut = record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD)
    found = {
        image.id: [region.found for region in regions_of(row, (image.height, image.width), cut=cut)]
        for image, row in zip(complete.images, scored, strict=True)
    }
    return true_boxes(complete, found)
