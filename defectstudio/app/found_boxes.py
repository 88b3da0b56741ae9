"""What a run finds in images as boxes, cut where its approval says, and what is there: both sides of every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD
from defectstudio.data.predictions import Predictions, Scored
from defectstudio.data.runs import PREDICTIONS, RunRecord
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.detection import FoundBox, ImageBoxes
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Approval, Head
from defectstudio.domain.progress import CancelToken, Job

if TYPE_CHECKING:
    from defectstudio.learning.boxes import Cut

Found = Mapping[ImageId, Sequence[FoundBox]]


def middle_of(record: RunRecord) -> float:
    """Where a run's heat maps are cut, all classes alike, where nothing was fitted."""
    return record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD)


def cut_of(record: RunRecord, approval: Approval | None) -> Cut:
    """Where the heat maps of a run are cut into detections: by class, or all alike in approvals that know no cuts."""
    return dict(approval.cuts) if approval is not None and approval.cuts else middle_of(record)


def whole_cuts(record: RunRecord, classes: Iterable[int], cuts: Mapping[int, float]) -> dict[int, float]:
    """Cuts of all classes: those that are not named lie where the run itself says; empty where none is named."""
    return {**dict.fromkeys(classes, middle_of(record)), **cuts} if cuts else {}


def scored_job(folder: Path, images: Snapshot, cache: Path, token: CancelToken) -> Job[list[Scored]]:
    """What a run says of some images, in their order: from its predictions, and by looking where there are none."""
    from defectstudio.learning.checkpoints import load_model
    from defectstudio.learning.predict import score

    stored = Predictions(folder / PREDICTIONS) if (folder / PREDICTIONS).is_file() else None
    known = set(stored.ids) if stored is not None else set()
    missing = images.where(lambda image: image.id not in known)
    rows: dict[ImageId, Scored] = {}
    if missing.images:
        scored = yield from score(load_model(folder), missing, token, cache=cache)
        rows = {row.id: row for row in scored}
    return [rows[image.id] if image.id in rows else _stored(stored, image) for image in images.images]


def _stored(predictions: Predictions | None, image: SnapshotImage) -> Scored:
    assert predictions is not None
    heat = predictions.heat(image.id)
    shape = (int(heat.shape[0]), int(heat.shape[1]))
    return Scored(image.id, predictions.scores[image.id], heat, image.split, predictions.class_map(image.id, shape))


def boxes_in(
    images: Sequence[SnapshotImage], scored: Sequence[Scored], cut: Cut, token: CancelToken
) -> dict[ImageId, list[FoundBox]]:
    """The detections of the heat maps of some images."""
    from defectstudio.learning.boxes import regions_of

    found: dict[ImageId, list[FoundBox]] = {}
    for image, row in zip(images, scored, strict=True):
        token.check()
        found[image.id] = [region.found for region in regions_of(row, (image.height, image.width), cut=cut)]
    return found


def found_job(
    folder: Path, record: RunRecord, head: Head, images: Snapshot, cut: Cut, cache: Path, token: CancelToken
) -> Job[Found]:
    """What one head of a run finds in some images. Raises DefectStudioError where the run has no such head."""
    if head == "boxes":
        from defectstudio.learning.box_model import boxes_of_run

        check_boxes(record)
        return (yield from boxes_of_run(folder, images, cache, token))
    scored = yield from scored_job(folder, images, cache, token)
    return boxes_in(images.images, scored, cut, token)


def check_boxes(record: RunRecord) -> None:
    """Raise DefectStudioError where a run has no detector of boxes."""
    if record.boxes is None:
        hint = "`defectstudio train PROJECT --detector` trains a run with one; or leave --head away."
        raise DefectStudioError(f"The run {record.id} has no detector of boxes.", hint=hint)


def true_boxes(images: Sequence[SnapshotImage], found: Found) -> list[ImageBoxes]:
    """What is there and what was found, image by image; the labels must be complete."""
    from defectstudio.learning.boxes import boxes_of

    return [ImageBoxes(() if i.good else tuple(boxes_of(i.label_map())), tuple(found[i.id]), i.good) for i in images]
