"""The deployed run looks through new images: which detections shall an operator judge?

The job writes pixels and looks; `record_mined` then makes images and queue part of the project, on the thread of the
session. Detections of a part that was photographed again, at the same place and looking the same, count once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.app.found_boxes import cut_of
from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.images import PixelStore
from defectstudio.data.importing import Batch
from defectstudio.data.mining import Mined as Found
from defectstudio.data.mining import looked_by, read_queue, write_queue
from defectstudio.data.pixels import is_image
from defectstudio.data.predictions import Scored
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord, now, read_run
from defectstudio.data.settings import first_wrong
from defectstudio.data.snapshot import Pixels, Snapshot, SnapshotImage
from defectstudio.domain.detection import FoundBox, overlap_of
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ImageAdded, Placed, Placement
from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import UNLABELLED, Box, ImageId, Verdict
from defectstudio.domain.mentoring import Approval, Detection, Head
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.session import Session

NEW_SPLIT = "new"
THUMBNAIL = 16
ALIKE = 0.97
"""Correlation from which on two small pictures are the same."""
SHIFT_HOURS = 8


class MiningSettings(BaseModel):
    """What makes an image one of interest, and how many detections may join the queue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: Head = "cells"
    """What looks: the segmentation, or the run's detector of boxes."""
    interest: Literal["detection", "near", "both"] = "detection"
    """"detection": from the class's threshold on; "near": within `near` of it, on either side."""
    near: float = Field(0.2, gt=0, le=1)
    budget: int | None = Field(None, ge=1)
    """Most detections that join the queue in an hour or shift; the surest, or those nearest to the threshold."""
    per: Literal["hour", "shift"] = "hour"
    split: str = NEW_SPLIT
    """The split that new images join."""
    once: bool = True
    """Leave out detections of a part that was photographed again."""


@dataclass(slots=True)
class MinedImages:
    """What a look has brought, ready for `record_mined`. `problems`: (file name, what is wrong with it)."""

    run: str
    head: Head = "cells"
    images: int = 0
    looked: list[ImageId] = field(default_factory=list)
    detections: list[Found] = field(default_factory=list)
    repeated: int = 0
    left_out: int = 0
    """Detections beyond the budget."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    plan: ImportPlan | None = None
    batch: Batch | None = None


def plan_of(paths: Sequence[Path], root: Path, split: str) -> ImportPlan:
    """New images of which nobody has said anything."""
    items = [
        ImportItem(path, path.relative_to(root).with_suffix("").as_posix(), Verdict.UNLABELLED, split=split)
        for path in paths
    ]
    return ImportPlan("folder", root, items, ())


def mine_job(
    project: Project,
    run: RunRecord,
    approval: Approval,
    source: Path | str | Sequence[Path],
    settings: MiningSettings,
) -> Callable[[CancelToken], Job[MinedImages]]:
    """Look through the images of a folder (a path), of some files, or of a split (a name) with a run.

    Images of the split that the run has looked at before are left out, and files that are in the project already.
    Raises DefectStudioError when there is nothing to look at, or the project is open for reading only.
    """
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing.")
    snapshot, queue = project.snapshot(), read_queue(project.folder)
    looked = set(queue.looked.get(looked_by(run.id, settings.head), []))
    plan = _plan(project, source, settings)
    split = source if isinstance(source, str) else settings.split
    waiting = snapshot.where(lambda image: image.split == split and image.id not in looked)
    writing = import_job(project, plan) if plan is not None and plan.items else None
    if writing is None and not waiting.images:
        raise DefectStudioError("There is no new image to look at.", hint="Choose a folder with new images.")
    folder, cache = project.runs_folder / run.id, project.cache_folder
    store, room = project.pixels, _room(queue.detections, settings)

    def job(token: CancelToken) -> Job[MinedImages]:
        mined = MinedImages(run.id, settings.head, plan=plan)
        images = waiting
        if writing is not None:
            mined.batch = yield from writing(token)
            mined.images = mined.batch.images
            mined.problems = [(", ".join(f.paths), f.text) for f in mined.batch.findings if f.severity == "error"]
            images = _joined(waiting, mined.batch, store, settings.split)
        try:
            yield from _look(mined, folder, images, approval, settings, room, cache, token)
        except BaseException:
            if mined.batch is not None:
                mined.batch.discard()
            raise
        return mined

    return job


def _plan(project: Project, source: Path | str | Sequence[Path], settings: MiningSettings) -> ImportPlan | None:
    if isinstance(source, str):
        return None
    if isinstance(source, Path):
        if not source.is_dir():
            raise DefectStudioError(f"{source} is not a folder.", hint="Choose the folder that the line writes into.")
        root, paths = source, sorted(path for path in source.rglob("*") if is_image(path))
    else:
        paths = list(source)
        root = Path(paths[0]).parent if paths else project.folder
        root = next((p for p in [root, *root.parents] if all(path.is_relative_to(p) for path in paths)), root)
    known = {entry.info.source for entry in project.state.images.values() if entry.present}
    return plan_of([path for path in paths if str(path) not in known], root, settings.split)


def _room(known: Sequence[Found], settings: MiningSettings) -> int | None:
    """How many detections may still join the queue, None any number."""
    if settings.budget is None:
        return None
    since = datetime.now(UTC) - timedelta(hours=1 if settings.per == "hour" else SHIFT_HOURS)
    recent = sum(bool(found.at) and datetime.fromisoformat(found.at) >= since for found in known)
    return max(0, settings.budget - recent)


def _joined(waiting: Snapshot, batch: Batch, store: PixelStore, split: str) -> Snapshot:
    """The images that wait and those of an import that is not recorded yet."""
    infos = {event.image: event.info for event in batch.events if isinstance(event, ImageAdded)}
    splits = {event.image: event.after.split for event in batch.events if isinstance(event, Placed)}
    new = tuple(
        SnapshotImage.of(image, info, Placement(splits.get(image, split)), UNLABELLED, None, segmented=False)
        for image, info in infos.items()
    )
    known = waiting.read

    def read(image: SnapshotImage) -> Pixels:
        return store.read(infos[image.id].shard, image.id) if image.id in infos else known(image)

    return replace(waiting, images=(*waiting.images, *new), read=read)


def _look(
    mined: MinedImages,
    folder: Path,
    images: Snapshot,
    approval: Approval,
    settings: MiningSettings,
    room: int | None,
    cache: Path,
    token: CancelToken,
) -> Job[None]:
    find = yield from (_boxes if settings.head == "boxes" else _regions)(
        folder, images, approval, settings, cache, token
    )
    at, shown = now(), Repeats()
    for done, image in enumerate(images.images):
        token.check()
        if done % 50 == 0:
            yield Progress(done, len(images.images), "Looking for detections")
        mined.looked.append(image.id)
        wanted = [
            (one, cells)
            for one, cells in find(image)
            if of_interest(one.confidence, approval.threshold(one.class_index), settings)
        ]
        if not wanted:
            continue
        found = [Found.of(_detection(mined.run, image.id, one), cells, at) for one, cells in wanted]
        fresh = shown.fresh(found, images.read(image)) if settings.once else found
        mined.repeated += len(found) - len(fresh)
        mined.detections += fresh
    _within(mined, approval, settings, room)


Finder = Callable[[SnapshotImage], list[tuple[FoundBox, NDArray[np.bool_] | None]]]
"""What was found in an image: a box, and its cells; None where it stands for all that it covers."""


def _regions(
    folder: Path, images: Snapshot, approval: Approval, settings: MiningSettings, cache: Path, token: CancelToken
) -> Job[Finder]:
    """Regions of heat maps."""
    from defectstudio.learning.boxes import regions_of
    from defectstudio.learning.looking import look

    cut = cut_of(read_run(folder), approval)
    scored = yield from look(folder, images, token, cache=cache)
    rows = {row.id: row for row in scored}

    def find(image: SnapshotImage) -> list[tuple[FoundBox, NDArray[np.bool_] | None]]:
        row = rows[image.id]
        if not promising(row, approval, settings):
            return []
        return [(r.found, r.cells) for r in regions_of(row, (image.height, image.width), cut=cut)]

    return find


def _boxes(
    folder: Path, images: Snapshot, approval: Approval, settings: MiningSettings, cache: Path, token: CancelToken
) -> Job[Finder]:
    """What the detector of boxes of the run finds."""
    from defectstudio.learning.box_model import boxes_of_run

    found = yield from boxes_of_run(folder, images, cache, token)
    return lambda image: [(one, None) for one in found[image.id]]


def promising(row: Scored, approval: Approval, settings: MiningSettings) -> bool:
    """Whether an image can hold a detection of interest at all: none is surer than its hottest cell and its score.

    Saves cutting the heat maps of the many images that show nothing into regions.
    """
    from defectstudio.learning.boxes import confidence

    lowest = min((value for index, value in approval.thresholds if index), default=0.5)
    surest = confidence(row.score, float(row.heat.max(initial=0)))
    return surest >= lowest - (settings.near if settings.interest != "detection" else 0)


def of_interest(confidence: float, threshold: float, settings: MiningSettings) -> bool:
    """Whether a detection shall be judged."""
    near = abs(confidence - threshold) <= settings.near
    return {"detection": confidence >= threshold, "near": near, "both": confidence >= threshold or near}[
        settings.interest
    ]


def _within(mined: MinedImages, approval: Approval, settings: MiningSettings, room: int | None) -> None:
    """Order the detections, the most urgent first, and leave out what is beyond the budget."""

    def urgent(found: Found) -> float:
        if settings.interest == "near":
            return abs(found.confidence - approval.threshold(found.class_index))
        return -found.confidence

    mined.detections.sort(key=urgent)
    if room is not None:
        mined.left_out = max(0, len(mined.detections) - room)
        mined.detections = mined.detections[:room]


def _detection(run: str, image: ImageId, found: Any) -> Detection:
    box = found.box
    name = f"{run}/{image}/{box.top}-{box.left}-{box.bottom}-{box.right}/{found.class_index}"
    return Detection(name, image, run, box, found.class_index, found.confidence)


class Repeats:
    """Finds detections that were seen before: at the same place, of the same class, and looking the same."""

    def __init__(self) -> None:
        self._found: list[Found] = []
        self._looks: list[NDArray[np.float32]] = []

    def fresh(self, found: list[Found], pixels: Pixels) -> list[Found]:
        """Those of an image's detections that were not seen in an image before it."""
        looks = [thumbnail(_with_surroundings(pixels, one.detection.box)) for one in found]
        new = [not self._seen(one, look) for one, look in zip(found, looks, strict=True)]
        for one, look, is_new in zip(found, looks, new, strict=True):
            if is_new:
                self._found.append(one)
                self._looks.append(look)
        return [one for one, is_new in zip(found, new, strict=True) if is_new]

    def _seen(self, one: Found, look: NDArray[np.float32]) -> bool:
        same = [k for k, known in enumerate(self._found) if known.class_index == one.class_index]
        if not same:
            return False
        overlaps = overlap_of([one.detection.box], [self._found[k].detection.box for k in same])[0]
        alike = np.stack([self._looks[k] for k in same]) @ look
        return bool(((overlaps >= 0.5) & (alike >= ALIKE)).any())


def _with_surroundings(pixels: Pixels, box: Box) -> Pixels:
    """A detection with as much around it as it is large."""
    high, wide = (max(side, THUMBNAIL) // 2 for side in box.shape)
    grown = clipped(Box(box.top - high, box.left - wide, box.bottom + high, box.right + wide), pixels.shape[:2])
    return pixels if grown is None else pixels[grown.slices]


def thumbnail(pixels: Pixels) -> NDArray[np.float32]:
    """A picture as a vector of mean 0 and length 1, so that a product of two is their correlation."""
    grey = pixels.astype(np.float32) if pixels.ndim == 2 else pixels.astype(np.float32).mean(2)
    rows, columns = (np.minimum(np.arange(THUMBNAIL) * side // THUMBNAIL, side - 1) for side in grey.shape)
    small = np.add.reduceat(np.add.reduceat(grey, rows, 0), columns, 1).ravel()
    small = small - small.mean()
    return np.asarray(small / max(float(np.linalg.norm(small)), 1e-9), np.float32)


def record_mined(session: Session, mined: MinedImages) -> None:
    """Make the new images and detections part of the project: one gesture for the images, then the queue."""
    if mined.batch is not None and mined.plan is not None:
        record_import(session, mined.plan, mined.batch)
    folder = session.project.folder
    queue = read_queue(folder)
    known = {found.id for found in queue.detections}
    queue.detections += [found for found in mined.detections if found.id not in known]
    by = looked_by(mined.run, mined.head)
    queue.looked[by] = sorted({*queue.looked.get(by, []), *mined.looked})
    write_queue(folder, queue)


def as_settings(settings: MiningSettings | Mapping[str, Any]) -> MiningSettings:
    """Settings from their values. Raises DefectStudioError naming one that is wrong."""
    if isinstance(settings, MiningSettings):
        return settings
    try:
        return MiningSettings.model_validate(dict(settings))
    except ValidationError as error:
        raise DefectStudioError(first_wrong(error), hint="Check the settings of the look.") from error
