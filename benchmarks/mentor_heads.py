"""The two heads that `mentor.py` compares, behind one face: cells of a segmentation, and boxes on a grid.

Both stand on the same encoder, whose features are computed once. A head is trained with all labels, or from verdicts,
and says what it finds, and which pixels each finding stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from _common import run

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import BoxSettings, TrainConfig, read_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.detection import FoundBox
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box, ImageId
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.box_model import BoxModel, find_boxes, load_boxes, save_boxes
from defectstudio.learning.boxes import Mask, area_pixels, fitted_cuts, regions_of
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.devices import chosen_precision
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.predict import score
from defectstudio.learning.recording import resume, train
from defectstudio.learning.trainers.boxes import fit_boxes, mentor_boxes
from defectstudio.learning.trainers.mentored import fit_mentored


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A detection and its pixels, as a box and a mask of it: once as a defect, once as healthy."""

    found: FoundBox
    defect: tuple[Box, Mask]
    healthy: tuple[Box, Mask]


Findings = dict[ImageId, list[Finding]]


class Head(Protocol):
    """A trained head."""

    def find(self, images: Snapshot) -> Findings:
        """What it finds in images, the surest first."""
        ...

    def mentored(self, settings: MentorSettings, images: Snapshot, new: frozenset[ImageId]) -> Head:
        """A candidate from originals and the images in `new`."""
        ...


def store_of(model: TrainedModel, cache: Path) -> FeatureStore:
    """Features of the encoder of a model, tuned or not."""
    assert isinstance(model.net, FastNet)
    encoder = None if model.frozen else model.net.trunk
    return FeatureStore(model.config, cache, chosen_precision(model.config.precision), encoder=encoder)


def trained(config: TrainConfig, training: Snapshot, folder: Path, cache: Path) -> TrainedModel:
    """A run with all labels: trained once, taken up where it was stopped."""
    try:
        status = read_run(folder).status
    except DefectStudioError:
        status = "none"
    if status == "none":
        run(train(config, training, folder, cache=cache)(CancelToken()), folder.name)
    elif status != "finished":
        run(resume(folder, training, cache=cache)(CancelToken()), folder.name)
    return load_model(folder)


@dataclass(slots=True)
class Cells:
    """A segmentation; `cuts` are fitted on originals with masks, which trained it."""

    model: TrainedModel
    originals: Snapshot
    cache: Path
    cuts: dict[int, float]

    @classmethod
    def of(cls, model: TrainedModel, originals: Snapshot, cache: Path) -> Cells:
        """A model with its cuts."""
        masked = originals.where(lambda image: image.defective and image.segmented)
        scored = run(score(model, masked, CancelToken(), store=store_of(model, cache)), "cuts")
        return cls(model, originals, cache, fitted_cuts(masked.images, scored))

    def find(self, images: Snapshot) -> Findings:
        """Regions of the heat maps."""
        found: Findings = {}
        store = store_of(self.model, self.cache)
        scored = run(score(self.model, images, CancelToken(), store=store), "finding")
        for image, row in zip(images.images, scored, strict=True):
            shape = (image.height, image.width)
            found[image.id] = [
                Finding(
                    region.found,
                    area_pixels(region.cells, shape, defect=True),
                    area_pixels(region.cells, shape, defect=False),
                )
                for region in regions_of(row, shape, cut=self.cuts)
            ]
        return found

    def mentored(self, settings: MentorSettings, images: Snapshot, new: frozenset[ImageId]) -> Cells:
        """A candidate with cuts of its own."""
        job = fit_mentored(self.model, settings, images, new, CancelToken(), cache=self.cache, threshold=False)
        return Cells.of(run(job, "mentoring"), self.originals, self.cache)


@dataclass(slots=True)
class Boxes:
    """A detector of boxes on the encoder of `trunk`."""

    model: BoxModel
    trunk: TrainedModel
    cache: Path

    @classmethod
    def trained(cls, settings: BoxSettings, trunk: TrainedModel, training: Snapshot, path: Path, cache: Path) -> Boxes:
        """A detector with all labels, trained once."""
        if not path.is_file():
            job = fit_boxes(trunk.config, settings, training, store_of(trunk, cache), CancelToken())
            save_boxes(path, run(job, path.stem))
        return cls(load_boxes(path), trunk, cache)

    def find(self, images: Snapshot) -> Findings:
        """Boxes, which stand for all of their pixels."""
        store = store_of(self.trunk, self.cache)
        found = run(find_boxes(self.model, images, store, CancelToken()), "finding")
        return {index: [_whole(one) for one in boxes] for index, boxes in found.items()}

    def mentored(self, settings: MentorSettings, images: Snapshot, new: frozenset[ImageId]) -> Boxes:
        """A candidate on the same encoder."""
        store = store_of(self.trunk, self.cache)
        job = mentor_boxes(self.model, settings, images, new, store, CancelToken())
        return replace(self, model=run(job, "mentoring"))


def _whole(found: FoundBox) -> Finding:
    area = (found.box, np.ones(found.box.shape, bool))
    return Finding(found, area, area)
