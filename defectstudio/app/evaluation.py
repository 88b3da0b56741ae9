"""How good is a run, split by split: figures over images, and over pixels where label maps are known.

Images that a person never tagged are left out and counted: unreviewed is not good.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, field_serializer

from defectstudio.data.predictions import Predictions
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.labels import HEALTHY, UNKNOWN, DefectClass
from defectstudio.domain.metrics import PixelTally, average_precision, image_figures
from defectstudio.domain.progress import CancelToken, Job, Progress


class ClassFigures(BaseModel):
    """Figures of one defect class: its images against the good ones, its pixels against all that are known.

    `iou` is None where the run tells no classes apart or no mask shows this one.
    """

    images: int
    ap: float | None
    iou: float | None

    @field_serializer("ap", "iou")
    def _rounded(self, value: float | None) -> float | None:
        return None if value is None else round(value, 5)


class SplitFigures(BaseModel):
    """Figures of one split. AP, AUC and pixel figures are None where they are not defined.

    `fp`, `fn`, `ca`, `macc`, `f1` hold at the run's threshold; `best_f1` over all thresholds, with its FP + FN.
    """

    split: str
    images: int
    defective: int
    unreviewed: int
    ap: float | None
    auc: float | None
    best_f1: float
    best_f1_fp: int
    best_f1_fn: int
    f1: float
    ca: float
    macc: float | None
    fp: int
    fn: int
    pixel_ap: float | None
    iou: float | None
    pixel_images: int
    classes: dict[str, ClassFigures] = Field(default_factory=dict)
    """By the name of the class, where a project has several."""

    @field_serializer("ap", "auc", "best_f1", "f1", "ca", "macc", "pixel_ap", "iou")
    def _rounded(self, value: float | None) -> float | None:
        return None if value is None else round(value, 5)


class Evaluation(BaseModel):
    """A run's figures on every split, at the thresholds the run chose for images and for pixels."""

    run: str
    threshold: float
    pixel_threshold: float
    splits: list[SplitFigures]

    def of(self, split: str) -> SplitFigures | None:
        """The figures of one split, None when it has no tagged image."""
        return next((figures for figures in self.splits if figures.split == split), None)


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value


def evaluate_job(
    run: str, threshold: float, pixel_threshold: float, snapshot: Snapshot, predictions: Predictions, token: CancelToken
) -> Job[Evaluation]:
    """Figures of a run on the images of a snapshot that it has predictions for."""
    images = [image for image in snapshot.images if image.id in predictions.scores]
    splits = sorted({image.split for image in images})
    figures = []
    tallies: dict[str, PixelTally] = {split: PixelTally() for split in splits}
    counted = dict.fromkeys(splits, 0)
    pixels = {split: ClassPixels() for split in splits}
    several = len(snapshot.classes) > 1
    for done, image in enumerate(images):
        token.check()
        if image.segmented:
            tally_pixels(tallies[image.split], image, predictions.heat_map)
            counted[image.split] += 1
            if several:
                pixels[image.split].add(image, predictions, pixel_threshold)
        if done % 20 == 0:
            yield Progress(done, len(images), f"Comparing {image.name}")
    for split in splits:
        members = [image for image in images if image.split == split]
        if any(image.good or image.defective for image in members):
            of_split = _split_figures(
                split, members, predictions.scores, threshold, tallies[split], pixel_threshold, counted[split]
            )
            if several:
                of_split.classes = _class_figures(snapshot.classes, members, predictions.scores, pixels[split])
            figures.append(of_split)
    return Evaluation(run=run, threshold=threshold, pixel_threshold=pixel_threshold, splits=figures)


class ClassPixels:
    """Counts, class by class, the known pixels that are one in truth, in the prediction, and in both."""

    def __init__(self) -> None:
        self.both, self.either = np.zeros(256, np.int64), np.zeros(256, np.int64)

    def add(self, image: SnapshotImage, predictions: Predictions, pixel_threshold: float) -> None:
        """Count one segmented image; nothing where the run tells no classes apart."""
        shape = (image.height, image.width)
        which = predictions.class_map(image.id, shape)
        if which is None:
            return
        truth = image.label_map()
        found = np.where(predictions.heat_map(image.id, shape) >= pixel_threshold, which, HEALTHY)[truth != UNKNOWN]
        truth = truth[truth != UNKNOWN]
        both = np.bincount(truth[truth == found], minlength=256)
        self.both += both
        self.either += np.bincount(truth, minlength=256) + np.bincount(found, minlength=256) - both

    def iou(self, index: int) -> float | None:
        """Intersection over union of one class, None where it never occurs."""
        return float(self.both[index] / self.either[index]) if self.either[index] else None


def _class_figures(
    classes: Sequence[DefectClass], members: list[SnapshotImage], scores: Mapping[int, float], pixels: ClassPixels
) -> dict[str, ClassFigures]:
    good = [scores[image.id] for image in members if image.good]
    figures = {}
    for known in classes:
        shown = [scores[image.id] for image in members if image.defective and known.index in image.tag.classes]
        if shown:
            truth = [True] * len(shown) + [False] * len(good)
            ap = _defined(average_precision(truth, shown + good)) if good else None
            figures[known.name] = ClassFigures(images=len(shown), ap=ap, iou=pixels.iou(known.index))
    return figures


def tally_pixels(
    tally: PixelTally, image: SnapshotImage, heat_map: Callable[[int, tuple[int, int]], NDArray[np.float32]]
) -> None:
    """Count the known pixels of one image."""
    truth = image.label_map()
    known = truth != UNKNOWN
    tally.add(known & (truth != HEALTHY), heat_map(image.id, (image.height, image.width)), known)


def _split_figures(
    split: str,
    members: list[SnapshotImage],
    scores: Mapping[int, float],
    threshold: float,
    tally: PixelTally,
    pixel_threshold: float,
    pixel_images: int,
) -> SplitFigures:
    reviewed = [image for image in members if image.good or image.defective]
    truth = [image.defective for image in reviewed]
    score = [scores[image.id] for image in reviewed]
    at, best = image_figures(truth, score, threshold), image_figures(truth, score)
    return SplitFigures(
        split=split,
        images=at.images,
        defective=at.defective,
        unreviewed=len(members) - len(reviewed),
        ap=_defined(at.ap),
        auc=_defined(at.auc),
        best_f1=at.best_f1,
        best_f1_fp=best.fp,
        best_f1_fn=best.fn,
        f1=at.f1,
        ca=at.ca,
        macc=_defined(at.macc),
        fp=at.fp,
        fn=at.fn,
        pixel_ap=_defined(tally.ap()),
        iou=_defined(tally.iou(pixel_threshold)),
        pixel_images=pixel_images,
    )


def choose_pixel_threshold(snapshot: Snapshot, predictions: Predictions) -> float:
    """The heat-map threshold with the best IoU on the maps that trained the run; 0.5 when none did."""
    tally = PixelTally()
    for image in snapshot.images:
        if image.segmented and image.defective and image.id in predictions.scores:
            tally_pixels(tally, image, predictions.heat_map)
    return tally.best_iou_threshold()
