"""How good are the boxes of a run that has a detector of them: beside those of its heat maps, split by split.

Only images with complete labels count. Precision, recall and false alarms hold at a confidence of 0.5.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pydantic import BaseModel, field_serializer

from defectstudio.app.found_boxes import cut_of, found_job, true_boxes
from defectstudio.app.workflows import run_folder
from defectstudio.data.project import Project
from defectstudio.data.runs import read_run
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.detection import ImageBoxes, detection_figures
from defectstudio.domain.mentoring import Head
from defectstudio.domain.progress import CancelToken, Job

HEADS: tuple[Head, ...] = ("boxes", "cells")


class BoxFigures(BaseModel):
    """Figures of one head on one split, at an overlap of one half; None where not defined. `ap`: by class name.

    `seen`: how many of the images trained the run.
    """

    head: Head
    split: str
    images: int
    seen: int
    map: float | None
    precision: float | None
    recall: float | None
    fp_per_100_good: float | None
    ap: dict[str, float | None]

    @field_serializer("map", "precision", "recall", "fp_per_100_good")
    def _rounded(self, value: float | None) -> float | None:
        return None if value is None else round(value, 5)


def box_evaluation_job(project: Project, run: str | None = None) -> Callable[[CancelToken], Job[list[BoxFigures]]]:
    """Figures of the boxes of a run (None: the newest finished one); none where it has no detector of boxes."""
    folder, cache = run_folder(project, run), project.cache_folder
    record, approval = read_run(folder), project.state.approvals.get(folder.name)
    images = project.snapshot().where(lambda image: image.good or image.segmented)
    names = {of.index: of.name for of in images.classes}
    splits, trained, cut = (
        sorted({image.split for image in images.images}),
        set(record.images),
        cut_of(record, approval),
    )

    def job(token: CancelToken) -> Job[list[BoxFigures]]:
        rows: list[BoxFigures] = []
        for head in HEADS if record.boxes is not None else ():
            found = yield from found_job(folder, record, head, images, cut, cache, token)
            for split in splits:
                members = [image for image in images.images if image.split == split]
                rows.append(_figures(head, split, members, true_boxes(members, found), names, trained))
        return sorted(rows, key=lambda row: row.split)

    return job


def _figures(
    head: Head,
    split: str,
    members: list[SnapshotImage],
    boxes: list[ImageBoxes],
    names: dict[int, str],
    trained: set[int],
) -> BoxFigures:
    figures = detection_figures(boxes)
    return BoxFigures(
        head=head,
        split=split,
        images=len(members),
        seen=sum(image.id in trained for image in members),
        map=_defined(figures.map),
        precision=_defined(figures.precision),
        recall=_defined(figures.recall),
        fp_per_100_good=_defined(figures.fp_per_100_good),
        ap={names.get(index, str(index)): _defined(round(value, 5)) for index, value in figures.ap.items()},
    )


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value
