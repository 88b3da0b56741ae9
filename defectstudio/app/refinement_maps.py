"""Label maps to start refining from: boxes round what is drawn, a run's segmentation, noise, or the labels as they are.

Clarkson, Edwards, Xie 2022 [SIM], section 4. Noise is drawn for small squares, not for single pixels: a patch is
labelled by its centre, so this is the same to the method, and its maps take little room in the journal.
Images tagged good are healthy everywhere and stay as they are; tags never change.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD, run_folder
from defectstudio.data.past import event_after_start, snapshot_at
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, Painted
from defectstudio.domain.geometry import changed_box, clipped
from defectstudio.domain.labels import HEALTHY, UNKNOWN, Box, LabelMap, Origin, Verdict, encode_runs
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import MapsStarted
from defectstudio.sessions.painting.regions import find_regions
from defectstudio.sessions.session import Session

MOST_REGIONS = 100_000

MadeKind: TypeAlias = Literal["roi", "model", "noise", "labels"]


class StartSettings(BaseModel):
    """How starting maps are made.

    `roi`: `margin` pixels are added to each side of a box; a share `missing` of the boxes is left out, drawn by `seed`
    (for studies). `model`: `run`, the newest finished one when None. `noise`: squares of `cell` pixels, by `seed`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: MadeKind = "roi"
    margin: int = Field(default=0, ge=0, le=10_000)
    missing: float = Field(default=0.0, ge=0, lt=1)
    run: str | None = None
    cell: int = Field(default=8, ge=1, le=1024)
    seed: int = Field(default=0, ge=0)


@dataclass(frozen=True, slots=True)
class StartingMaps:
    """Made maps that are not in the journal yet: what they start from, the labels they stand on, the changes."""

    kind: MadeKind
    detail: str
    event: int
    changes: tuple[Painted, ...]

    @property
    def images(self) -> int:
        return len({change.image for change in self.changes})


Make = Callable[[SnapshotImage], LabelMap | None]


def maps_job(project: Project, settings: StartSettings) -> Callable[[CancelToken], Job[StartingMaps]]:
    """Make starting maps, in any thread; hand them to `record_start` on the thread of the session.

    Raises DefectStudioError when no image has a box, or the run has no predictions.
    """
    snapshot = project.snapshot()
    make, detail = _maker(project, snapshot, settings)
    origin = Origin.ACCEPTED if settings.kind == "model" else Origin.REFINED

    def job(token: CancelToken) -> Job[StartingMaps]:
        changes = []
        images = [image for image in snapshot.images if image.tag.verdict is not Verdict.GOOD]
        for done, image in enumerate(images):
            token.check()
            yield Progress(done, len(images), f"Starting map of {image.name}")
            wanted = make(image)
            change = None if wanted is None else painted_as(image, wanted, origin)
            changes += [] if change is None else [change]
        return StartingMaps(settings.kind, detail, snapshot.event, tuple(changes))

    return job


def record_start(session: Session, maps: StartingMaps, *, start: str = "") -> str:
    """Write starting maps as one gesture, which can be undone; returns the start's id, a new one unless it is given.

    Raises DefectStudioError when the labels have changed since the maps were made.
    """
    check_unchanged(session.project, maps.event)
    start = start or uuid.uuid4().hex[:12]
    said = MapsStarted(start, maps.kind, maps.detail)
    session.record(f"start refining from {maps.detail}", [said, *maps.changes])
    return start


def restore_start(session: Session, start: str) -> int:
    """Paint the label maps as they were after a start, as one gesture; returns how many images changed.

    Raises DefectStudioError for a start that the project does not hold.
    """
    project = session.project
    known = project.state.starts.get(start)
    if known is None:
        raise DefectStudioError("This start is not in the project.", hint="If it was undone, redo brings it back.")
    then = {image.id: image for image in snapshot_at(project, event_after_start(project, start)).images}
    changes: list[Event] = []
    for image in project.snapshot().images:
        if image.id in then and image.tag.verdict is not Verdict.GOOD:
            change = painted_as(image, then[image.id].label_map(), Origin.REFINED)
            changes += [] if change is None else [change]
    said = MapsStarted(uuid.uuid4().hex[:12], "restored", known.detail)
    session.record(f"restore the maps of {known.detail}", [said, *changes] if changes else [])
    return len(changes)


def newest_start(project: Project) -> MapsStarted | None:
    """The newest start that made maps, None where refining has not begun."""
    starts = [start for start in project.state.starts.values() if start.kind not in {"restored", "dense"}]
    return starts[-1] if starts else None


def painted_as(image: SnapshotImage, wanted: LabelMap, origin: Origin) -> Painted | None:
    """The event that turns the label map of an image into `wanted`, (height, width) uint8; None when it is that."""
    now = image.label_map()
    box = changed_box(now, wanted)
    if box is None:
        return None
    return Painted(image.id, box, encode_runs(now[box.slices]), encode_runs(wanted[box.slices]), origin)


def check_unchanged(project: Project, event: int) -> None:
    """Raise DefectStudioError when labels changed after `event`: what was computed would overwrite them unseen."""
    if project.journal.learnt_since(event):
        raise DefectStudioError("The labels have changed meanwhile.", hint="Do it once more on the labels as they are.")


def _maker(project: Project, snapshot: Snapshot, settings: StartSettings) -> tuple[Make, str]:
    match settings.kind:
        case "roi":
            return _boxes(snapshot, settings)
        case "model":
            return _segmented_by(project, snapshot, settings)
        case "noise":
            classes = _classes(snapshot)
            return (lambda image: noise_map(image, classes, settings.cell, settings.seed)), f"noise {settings.seed}"
        case "labels":
            return (lambda image: None), "labels as they are"


def _classes(snapshot: Snapshot) -> list[int]:
    return [known.index for known in snapshot.classes] or [1]


def _boxes(snapshot: Snapshot, settings: StartSettings) -> tuple[Make, str]:
    drawn = [image for image in snapshot.images if image.label_code is not None and not image.good]
    count = sum(len(find_regions(image.label_map(), most=MOST_REGIONS)) for image in drawn)
    if not count:
        raise DefectStudioError("No image has a box.", hint="Import or draw boxes round some defects first.")

    def make(image: SnapshotImage) -> LabelMap | None:
        return boxes_map(image, settings.margin, missing=settings.missing, seed=settings.seed)

    left_out = f", {settings.missing:.0%} left out" if settings.missing else ""
    return make, f"{count} boxes, margin {settings.margin} px{left_out}"


def boxes_map(image: SnapshotImage, margin: int, *, missing: float = 0.0, seed: int = 0) -> LabelMap | None:
    """The box round each drawn region, grown by `margin` pixels, as that region's class; healthy elsewhere.

    Smaller boxes lie on top of larger ones. None where nothing is drawn. `missing`: the chance of a box to be left out.
    """
    drawn = image.label_map()
    regions = find_regions(drawn, most=MOST_REGIONS)
    if not regions:
        return None
    kept = np.random.default_rng([seed, image.id]).random(len(regions)) >= missing
    boxed = np.full(drawn.shape, HEALTHY, np.uint8)
    for region, keep in zip(regions, kept.tolist(), strict=True):
        if keep:
            boxed[grown(region.box, margin, drawn.shape).slices] = region.index
    return boxed


def grown(box: Box, margin: int, shape: Sequence[int]) -> Box:
    """A box with `margin` more pixels on each side, as far as the image reaches."""
    wide = Box(box.top - margin, box.left - margin, box.bottom + margin, box.right + margin)
    found = clipped(wide, (shape[0], shape[1]))
    assert found is not None  # it holds the box
    return found


def noise_map(image: SnapshotImage, classes: Sequence[int], cell: int, seed: int) -> LabelMap:
    """Uniform random labels, healthy among them, the same within squares of `cell` pixels; (height, width) uint8."""
    rng = np.random.default_rng([seed, image.id])
    squares = rng.choice(np.array([HEALTHY, *classes], np.uint8), (-(-image.height // cell), -(-image.width // cell)))
    whole = squares.repeat(cell, axis=0).repeat(cell, axis=1)
    return cast(LabelMap, np.ascontiguousarray(whole[: image.height, : image.width]))


def _segmented_by(project: Project, snapshot: Snapshot, settings: StartSettings) -> tuple[Make, str]:
    folder = run_folder(project, settings.run)
    threshold = read_run(folder).metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD)
    predictions = Predictions(folder / PREDICTIONS)
    known = _classes(snapshot)

    def make(image: SnapshotImage) -> LabelMap | None:
        if image.id not in predictions.scores:
            return None
        shape = image.height, image.width
        shown: NDArray[np.bool_] = predictions.heat_map(image.id, shape) >= threshold
        told = predictions.class_map(image.id, shape) if len(known) > 1 else None
        # A run that tells no classes apart cannot say which of several a defect is.
        one = known[0] if len(known) == 1 else UNKNOWN
        return np.where(shown, one if told is None else told, HEALTHY).astype(np.uint8)

    return make, f"the segmentation of run {folder.name}"
