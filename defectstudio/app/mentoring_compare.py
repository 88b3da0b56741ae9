"""A candidate beside the run that it came from: figures on old and new images, and what it says of the verdicts."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from defectstudio.data.predictions import Predictions, Scored
from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, RunRecord, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.detection import DetectionFigures, FoundBox, ImageBoxes, detection_figures, overlap_of
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Approval, Detection, Judgement
from defectstudio.domain.progress import CancelToken, Job, Progress

SAME_PLACE = 0.3
"""Overlap from which on a detection of the candidate is about the same place as a verdict."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure of the deployed run and of the candidate, None where not defined."""

    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """`old` and `new`: "map", "precision", "recall" (0..1) and "fp_per_100" (good images), each a `Pair`.

    New are images of the new domain that trained neither run and are labelled completely. `contradicted`: judged
    detections of which the candidate says something else than the operator; `unjudged`: what it finds in images of the
    new domain where nobody judged anything: the next queue. `seen`: the old figures flatter, as no old image was left
    out of training.
    """

    old: Mapping[str, Pair]
    new: Mapping[str, Pair]
    contradicted: tuple[Detection, ...] = ()
    unjudged: tuple[Detection, ...] = ()
    images: Mapping[str, int] = field(default_factory=dict)
    seen: bool = False


def compare_job(
    project: Project,
    candidate: RunRecord,
    approval: Approval | None,
    verdicts: Sequence[Judgement],
    mentored: Collection[ImageId],
) -> Callable[[CancelToken], Job[BeforeAfter]]:
    """A job that compares a candidate with its base, at the thresholds of the base's approval."""
    assert candidate.mentoring is not None
    whole, runs, cache = project.snapshot(), project.runs_folder, project.cache_folder
    base = read_run(runs / candidate.mentoring.base)
    new = set(mentored)
    splits = {image.split for image in whole.images if image.id in new} - {"train", "val", "test", ""}
    old, held_out, seen = _old_and_new(whole, {*base.images, *candidate.images}, new, splits)
    thresholds = dict(approval.thresholds) if approval is not None else {}

    def job(token: CancelToken) -> Job[BeforeAfter]:
        looked = whole.where(lambda i: i.id in new)
        wanted = {image.id for part in (old, held_out, looked) for image in part.images}
        images = whole.where(lambda image: image.id in wanted)
        found = []
        for number, record in enumerate((base, candidate)):
            yield Progress(number, 2, "Comparing with the deployed run")
            found.append((yield from boxes_job(runs / record.id, record, images, cache, token)))
        return BeforeAfter(
            _pairs(old, found, thresholds),
            _pairs(held_out, found, thresholds),
            tuple(_contradicted(verdicts, found[1], thresholds)),
            tuple(_unjudged(candidate.id, looked, verdicts, found[1], thresholds)),
            {"old": len(old.images), "new": len(held_out.images)},
            seen,
        )

    return job


def _old_and_new(
    whole: Snapshot, trained: Collection[ImageId], new: Collection[ImageId], splits: Collection[str]
) -> tuple[Snapshot, Snapshot, bool]:
    """Images with complete labels: old ones that trained nothing (else all old ones), and new ones that did not."""
    known = whole.where(lambda image: image.good or image.segmented)
    is_new = {image.id for image in known.images if image.id in new or image.split in splits}
    old = known.where(lambda image: image.id not in is_new and image.id not in trained)
    seen = not any(image.defective for image in old.images)
    if seen:
        old = known.where(lambda image: image.id not in is_new)
    return old, known.where(lambda image: image.id in is_new and image.id not in trained), seen


def boxes_job(
    folder: Path, record: RunRecord, images: Snapshot, cache: Path, token: CancelToken
) -> Job[dict[ImageId, list[FoundBox]]]:
    """What a run finds in some images: from its predictions, and by looking at those that have none."""
    from defectstudio.learning.boxes import regions_of
    from defectstudio.learning.checkpoints import load_model
    from defectstudio.learning.predict import score

    cut = record.metrics.get("pixel_threshold", 0.5)
    stored = Predictions(folder / PREDICTIONS) if (folder / PREDICTIONS).is_file() else None
    known = set(stored.ids) if stored is not None else set()
    missing = images.where(lambda image: image.id not in known)
    rows: dict[ImageId, Scored] = {}
    if missing.images:
        scored = yield from score(load_model(folder), missing, token, cache=cache)
        rows = {row.id: row for row in scored}
    found: dict[ImageId, list[FoundBox]] = {}
    for image in images.images:
        token.check()
        row = rows[image.id] if image.id in rows else _stored(stored, image)
        found[image.id] = [region.found for region in regions_of(row, (image.height, image.width), cut=cut)]
    return found


def _stored(predictions: Predictions | None, image: SnapshotImage) -> Scored:
    assert predictions is not None
    heat = predictions.heat(image.id)
    shape = (int(heat.shape[0]), int(heat.shape[1]))
    return Scored(image.id, predictions.scores[image.id], heat, image.split, predictions.class_map(image.id, shape))


def true_boxes(images: Snapshot, found: Mapping[ImageId, Sequence[FoundBox]]) -> list[ImageBoxes]:
    """What is there and what was found, image by image; the labels must be complete."""
    from defectstudio.learning.boxes import boxes_of

    return [
        ImageBoxes(() if i.good else tuple(boxes_of(i.label_map())), tuple(found[i.id]), i.good) for i in images.images
    ]


def _pairs(
    images: Snapshot, found: Sequence[Mapping[ImageId, Sequence[FoundBox]]], thresholds: Mapping[int, float]
) -> dict[str, Pair]:
    before, after = (_values(detection_figures(true_boxes(images, one), thresholds)) for one in found)
    return {name: Pair(before[name], after[name]) for name in before}


def _values(figures: DetectionFigures) -> dict[str, float | None]:
    values = {
        "map": figures.map,
        "precision": figures.precision,
        "recall": figures.recall,
        "fp_per_100": figures.fp_per_100_good,
    }
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def _contradicted(
    verdicts: Sequence[Judgement], found: Mapping[ImageId, Sequence[FoundBox]], thresholds: Mapping[int, float]
) -> list[Detection]:
    """A defect that the candidate does not find, or as another class; and what was rejected and it still finds."""
    out = []
    for verdict in verdicts:
        detection = verdict.detection
        if verdict.label is None or detection.image not in found:
            continue
        said = _said_at(detection, found[detection.image], thresholds)
        agrees = verdict.class_index in said if verdict.kind != "rejected" else not said
        if not agrees:
            out.append(detection)
    return out


def _said_at(detection: Detection, found: Sequence[FoundBox], thresholds: Mapping[int, float]) -> set[int]:
    counted = _counted(found, thresholds)
    overlaps = overlap_of([detection.box], [one.box for one in counted])[0] if counted else []
    return {one.class_index for one, overlap in zip(counted, overlaps, strict=True) if overlap >= SAME_PLACE}


def _counted(found: Sequence[FoundBox], thresholds: Mapping[int, float]) -> list[FoundBox]:
    return [one for one in found if one.confidence >= thresholds.get(one.class_index, 0.5)]


def _unjudged(
    run: str,
    images: Snapshot,
    verdicts: Sequence[Judgement],
    found: Mapping[ImageId, Sequence[FoundBox]],
    thresholds: Mapping[int, float],
) -> list[Detection]:
    judged: dict[ImageId, list[Detection]] = {}
    for verdict in verdicts:
        judged.setdefault(verdict.detection.image, []).append(verdict.detection)
    out = []
    for image in images.images:
        known = [detection.box for detection in judged.get(image.id, [])]
        for number, one in enumerate(_counted(found[image.id], thresholds)):
            if not known or float(overlap_of([one.box], known).max()) < SAME_PLACE:
                name = f"{run}/{image.id}/new-{number}"
                out.append(Detection(name, image.id, run, one.box, one.class_index, one.confidence))
    return sorted(out, key=lambda detection: -detection.confidence)
