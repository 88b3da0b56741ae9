"""From coarse maps to dense ones: what a round's heat maps say of the label maps, proposed, accepted as one gesture.

Clarkson, Edwards, Xie 2022 [SIM], section 3.4, shows the dense heat map of each round; ours can become the label map.
Nothing here looks at true masks: the threshold is the one that agrees best with what the expert said, recall first;
in boxes it falls as far as `refinement_boxes` says.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from defectstudio.app.refinement import SPLITS, Heat, heat_job, newest_start, refinable
from defectstudio.app.refinement_boxes import kept_in_regions, margin_said
from defectstudio.app.refinement_maps import check_unchanged, painted_as
from defectstudio.data.past import event_after_start, snapshot_at
from defectstudio.data.project import Project
from defectstudio.data.similarity import heat_at, read_round, round_folder
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Painted
from defectstudio.domain.labels import HEALTHY, UNKNOWN, ImageId, LabelMap, Origin, class_pixels, is_class
from defectstudio.domain.metrics import precision_recall
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import LabelledPatch, MapsStarted
from defectstudio.sessions.answers import said_patches
from defectstudio.sessions.session import Session

LEAST_SAID = 20
"""Patches that must have been answered before a threshold can be chosen from them."""
USUAL_THRESHOLD = 0.5
NEARLY = 0.02
"""How far below the best F a threshold may lie."""

Scope = Literal["boxes", "everywhere"]


class DenseSettings(BaseModel):
    """What a dense map may be. `scope` "boxes": defects only inside the maps that refining started from.

    `threshold`: of P(defect), None: chosen from the answers. `keep_boxes`: every region of those maps keeps something,
    as somebody said that there is a defect; a box what spans it, and `grow` pixels more on each side (None: half the
    stride of the round).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: Scope = "boxes"
    threshold: float | None = Field(default=None, ge=0, le=1)
    keep_boxes: bool = True
    grow: int | None = Field(default=None, ge=0, le=1024)


@dataclass(frozen=True, slots=True)
class DenseMaps:
    """A proposal: the label maps of a round, not in the journal yet. `threshold` is the one that was used."""

    round: int
    threshold: float
    scope: Scope
    event: int
    maps: dict[ImageId, LabelMap]
    changes: tuple[Painted, ...]


def dense_job(
    project: Project,
    number: int,
    settings: DenseSettings | None = None,
    *,
    splits: Sequence[str] = SPLITS,
    cache: Path | None = None,
) -> Callable[[CancelToken], Job[DenseMaps]]:
    """Propose dense label maps by round `number` for the images that rounds learn from, but those tagged good.

    Hand the result to `accept_dense` on the session's thread. Raises DefectStudioError for a round that is not there.
    """
    chosen = settings or DenseSettings()
    snapshot = refinable(project.snapshot(), splits).where(lambda image: not image.good)
    boxed, said = started_maps(project), said_patches(project.state)
    goods = {patch.patch.image for patch in said} - {image.id for image in snapshot.images}
    heats = heat_job(project, number, [image.id for image in snapshot.images] + sorted(goods), cache=cache)
    classes = tuple(known.index for known in snapshot.classes) or (1,)
    stride = read_round(round_folder(project.folder, number)).config.stride
    margin = margin_said(newest_start(project)) if chosen.keep_boxes else None
    chosen = chosen if chosen.grow is not None else chosen.model_copy(update={"grow": stride // 2})

    def job(token: CancelToken) -> Job[DenseMaps]:
        found = yield from heats(token)
        threshold = chosen.threshold
        if threshold is None:
            threshold = threshold_from(said, found, stride, beta=2 if margin is None else 1)
        maps, changes = {}, []
        for done, image in enumerate(snapshot.images):
            token.check()
            yield Progress(done, len(snapshot.images), f"Dense map of {image.name}")
            p_defect = heat_at(found[image.id], stride, (image.height, image.width))
            start = boxed.get(image.id, image).label_map()
            dense = dense_map(p_defect, start, image.label_map(), threshold, chosen, classes, margin=margin)
            maps[image.id] = as_said(dense, image.id, said)
            change = painted_as(image, maps[image.id], Origin.REFINED)
            changes += [] if change is None else [change]
        return DenseMaps(number, threshold, chosen.scope, snapshot.event, maps, tuple(changes))

    return job


def accept_dense(session: Session, dense: DenseMaps) -> int:
    """Write a proposal as one gesture that can be undone; returns how many images changed.

    Raises DefectStudioError when the labels have changed since it was made.
    """
    check_unchanged(session.project, dense.event)
    detail = f"round {dense.round}, threshold {dense.threshold:.3f}, {dense.scope}"
    said = MapsStarted(uuid.uuid4().hex[:12], "dense", detail)
    name = f"accept the dense maps of round {dense.round}"
    session.record(name, [said, *dense.changes] if dense.changes else [])
    return len(dense.changes)


def started_maps(project: Project) -> dict[ImageId, SnapshotImage]:
    """The images as they were when refining started: their maps hold the boxes. As they are now, where it did not."""
    start = newest_start(project)
    snapshot = project.snapshot() if start is None else snapshot_at(project, event_after_start(project, start.id))
    return {image.id: image for image in snapshot.images}


def threshold_from(said: Sequence[LabelledPatch], heats: dict[ImageId, Heat], stride: int, *, beta: int = 2) -> float:
    """The threshold of P(defect) with the best F on the patches that answers spoke of; the usual one for too few.

    F2 = 5 P R / (4 P + R): a defect that is missed weighs more than surface that is taken for one. With boxes F1 will
    do (`beta` 1): each box sees to its defect itself. The patches spoken of taught the network, which parts them better
    than others; so of all thresholds with nearly the best F the lowest is taken, half-way to the next lower score.
    """
    spoken = [patch for patch in said if patch.patch.image in heats]
    truth = np.array([is_class(patch.label) for patch in spoken], np.bool_)
    if len(spoken) < LEAST_SAID or truth.all() or not truth.any():
        return USUAL_THRESHOLD
    scores = [at_centre(heats[p.patch.image], stride, p.patch.row, p.patch.column) for p in spoken]
    curve = precision_recall(truth, scores)
    weight = beta * beta
    f = (1 + weight) * curve.precision * curve.recall / np.maximum(weight * curve.precision + curve.recall, 1e-9)
    lowest = int(np.flatnonzero(f >= f.max() - NEARLY)[-1])
    below = curve.threshold[lowest + 1] if lowest + 1 < f.size else curve.threshold[lowest]
    return float(curve.threshold[lowest] + below) / 2


def at_centre(heat: Heat, stride: int, row: int, column: int) -> float:
    """P(defect) of the cell of a heat map in which a pixel lies."""
    return float(heat[row // stride, column // stride])


def dense_map(
    p_defect: NDArray[np.float32],
    start: LabelMap,
    now: LabelMap,
    threshold: float,
    settings: DenseSettings,
    classes: Sequence[int],
    *,
    margin: int | None = None,
) -> LabelMap:
    """The label map of one image, (height, width) uint8, from P(defect) of each pixel and the map at the start.

    `margin`: of the boxes, if these are boxes.

    A pixel takes the class of its box; outside boxes the only class there is, or unknown where there are several.
    What was unknown outside boxes and is called healthy stays unknown.
    """
    boxes = class_pixels(start)
    shown = p_defect >= threshold
    if settings.keep_boxes:
        shown |= kept_in_regions(p_defect, start, threshold, margin=margin, grow=settings.grow or 0)
    if settings.scope == "boxes":
        shown &= boxes
    dense = np.where((now == UNKNOWN) & ~boxes, UNKNOWN, HEALTHY).astype(np.uint8)
    dense[shown] = classes[0] if len(classes) == 1 else UNKNOWN
    dense[shown & boxes] = start[shown & boxes]
    return dense


def as_said(dense: LabelMap, image: ImageId, said: Sequence[LabelledPatch]) -> LabelMap:
    """A dense map in which the centre of every patch that an answer spoke of is what was said."""
    for patch in said:
        if patch.patch.image == image:
            dense[patch.patch.row, patch.patch.column] = patch.label
    return dense


def pixel_counts(maps: dict[ImageId, LabelMap], truth: Callable[[ImageId], LabelMap]) -> tuple[int, int, int]:
    """True positives, false positives and false negatives over the pixels whose truth is known."""
    hits = alarms = misses = 0
    for image, found in maps.items():
        true = truth(image)
        known, real, called = true != UNKNOWN, class_pixels(true), class_pixels(found)
        hits += int((called & real).sum())
        alarms += int((called & ~real & known).sum())
        misses += int((~called & real).sum())
    return hits, alarms, misses


def iou_precision_recall(counts: tuple[int, int, int]) -> tuple[float, float, float]:
    """Intersection over union, precision and recall from counts. Raises DefectStudioError where no pixel counts."""
    hits, alarms, misses = counts
    if not hits + misses:
        raise DefectStudioError("No true defect is known to compare with.", hint="Use images with complete masks.")
    return hits / (hits + alarms + misses), hits / max(hits + alarms, 1), hits / (hits + misses)
