"""A candidate beside the run that it came from: figures on old and new images, and what it says of the verdicts."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from defectstudio.app.approval_thresholds import Source, thresholds_job
from defectstudio.app.found_boxes import Found, cut_of, found_job, middle_of, true_boxes
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord, read_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.detection import DetectionFigures, FoundBox, detection_figures, overlap_of
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Approval, Detection, Head, Judgement
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
    out of training. `fitted_on`: what the candidate's own thresholds and cuts were fitted on, "" or "base" where it
    has none and both runs are held to those of the deployed one; `reused`: images that set them are measured too, as
    no others are left.
    """

    old: Mapping[str, Pair]
    new: Mapping[str, Pair]
    contradicted: tuple[Detection, ...] = ()
    unjudged: tuple[Detection, ...] = ()
    images: Mapping[str, int] = field(default_factory=dict)
    seen: bool = False
    fitted_on: Source = ""
    reused: bool = False
    head: Head = "cells"
    """What learnt, and so whose detections are compared."""

    @property
    def own(self) -> bool:
        """Whether the candidate is held to thresholds of its own."""
        return self.fitted_on not in {"", "base"}


def compare_job(
    project: Project,
    candidate: RunRecord,
    approval: Approval | None,
    verdicts: Sequence[Judgement],
    mentored: Collection[ImageId],
) -> Callable[[CancelToken], Job[BeforeAfter]]:
    """A job that compares a candidate with its base.

    The base at the thresholds and cuts of its approval; the candidate at its own where they can be fitted, those that
    it would be approved with.
    """
    assert candidate.mentoring is not None
    head = candidate.mentoring.settings.head
    whole, runs, cache = project.snapshot(), project.runs_folder, project.cache_folder
    base = read_run(runs / candidate.mentoring.base)
    new = set(mentored)
    splits = {image.split for image in whole.images if image.id in new} - {"train", "val", "test", ""}
    old, held_out, seen = _old_and_new(whole, {*base.images, *candidate.images}, new, splits)
    of_base = dict(approval.of_head(head).thresholds) if approval is not None else {}
    fitting = thresholds_job(project, candidate.id)

    def job(token: CancelToken) -> Job[BeforeAfter]:
        looked = whole.where(lambda i: i.id in new)
        wanted = {image.id for part in (old, held_out, looked) for image in part.images}
        images = whole.where(lambda image: image.id in wanted)
        fitted = yield from fitting(token)
        thresholds = (of_base, dict(fitted.of_head(head)))
        found = []
        for number, (record, cut) in enumerate(
            ((base, cut_of(base, approval)), (candidate, fitted.cuts or middle_of(candidate)))
        ):
            yield Progress(number, 2, "Comparing with the deployed run")
            found.append((yield from found_job(runs / record.id, record, head, images, cut, cache, token)))
        (of_old, old_reused), (of_new, new_reused) = (without(part, fitted.on) for part in (old, held_out))
        return BeforeAfter(
            _pairs(of_old, found, thresholds),
            _pairs(of_new, found, thresholds),
            tuple(_contradicted(verdicts, found[1], thresholds[1])),
            tuple(_unjudged(candidate.id, looked, verdicts, found[1], thresholds[1])),
            {"old": len(of_old.images), "new": len(of_new.images)},
            seen,
            fitted.source,
            old_reused or new_reused,
            head,
        )

    return job


def without(images: Snapshot, fitted: Collection[ImageId]) -> tuple[Snapshot, bool]:
    """The images that set no threshold; all, and that they did, where no defective one would be left."""
    rest = images.where(lambda image: image.id not in fitted)
    if len(rest.images) == len(images.images) or any(image.defective for image in rest.images):
        return rest, False
    return images, True


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


def _pairs(images: Snapshot, found: Sequence[Found], thresholds: Sequence[Mapping[int, float]]) -> dict[str, Pair]:
    before, after = (
        _values(detection_figures(true_boxes(images.images, one), of))
        for one, of in zip(found, thresholds, strict=True)
    )
    return {name: Pair(before[name], after[name]) for name in before}


def _values(figures: DetectionFigures) -> dict[str, float | None]:
    values = {
        "map": figures.map,
        "precision": figures.precision,
        "recall": figures.recall,
        "fp_per_100": figures.fp_per_100_good,
    }
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def _contradicted(verdicts: Sequence[Judgement], found: Found, thresholds: Mapping[int, float]) -> list[Detection]:
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
    found: Found,
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
