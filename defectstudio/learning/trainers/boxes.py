"""Trains a detector of boxes on frozen features, from whole label maps or from verdicts too [MENTOR].

L = L_S + lambda L_W with anchors as areas. On mentored images the regression of boxes has no part in the loss: nobody
drew them. Switches are those of `MentorSettings`; the encoder stays that of the run, so a training takes a minute.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import BoxSettings, TrainConfig
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.anchors import fit_anchors
from defectstudio.learning.areas import says_something
from defectstudio.learning.augment import FLIPS, flip
from defectstudio.learning.batches import Indices, balanced_epochs, batches, shuffled_passes
from defectstudio.learning.box_areas import BoxAreas, box_areas
from defectstudio.learning.box_model import BoxModel, box_grid, box_output, build_boxes
from defectstudio.learning.boxes import boxes_of
from defectstudio.learning.devices import make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.losses.detection import detector_loss
from defectstudio.learning.losses.masked import distillation_loss, domain_loss
from defectstudio.learning.nets.domain import DomainClassifier, reversal_strength
from defectstudio.learning.nets.heads import WIDTH
from defectstudio.learning.optimizers import RunningMean
from defectstudio.learning.trainers.loop import Loop
from defectstudio.learning.trainers.mixed import check_images, no_more

NONE: frozenset[ImageId] = frozenset()


@dataclass(frozen=True, slots=True)
class BoxStep:
    """Images of one optimiser step, how each is mirrored, and how far the training is, 0..1."""

    indices: Indices
    turns: tuple[tuple[int, ...], ...]
    progress: float


class BoxTrainer:
    """One training of the boxes in progress, on images with whole label maps and on those in `mentored`.

    `base`: the deployed detector, where there is one; `store`: features of the encoder that both stand on.
    """

    def __init__(
        self,
        model: BoxModel,
        snapshot: Snapshot,
        store: FeatureStore,
        *,
        mentored: frozenset[ImageId] = NONE,
        mentoring: MentorSettings | None = None,
        base: BoxModel | None = None,
    ) -> None:
        self.model, self.store, self.mentored, self.base = model, store, mentored, base
        self.settings, self.mentoring = model.settings, mentoring or MentorSettings.model_validate({})
        self.snapshot = snapshot.where(lambda i: says_something(i) if i.id in mentored else known_whole(i))
        check_images(self.snapshot.where(lambda i: i.id not in mentored))
        self.is_new = np.array([image.id in mentored for image in self.snapshot.images])
        if mentored and not self.is_new.any():
            raise DefectStudioError("No verdict says anything yet.", hint="Judge some detections, then train.")
        self.defective = np.array([image.defective for image in self.snapshot.images])
        self.domain: DomainClassifier | None = None
        if mentored and self.mentoring.dann:
            with torch.random.fork_rng():
                torch.manual_seed(self.settings.seed)
                self.domain = DomainClassifier(WIDTH)
        self._areas: dict[int, BoxAreas] = {}

    def areas(self, index: int) -> BoxAreas:
        """What is known of one image."""
        if index not in self._areas:
            image, new, said = self.snapshot.images[index], bool(self.is_new[index]), None
            if new and self.base is not None and (self.mentoring.omnia or self.mentoring.distill):
                output = box_output(self.base, self.store, image.sha256)
                said = output[4 : 5 * len(self.model.anchors) : 5].sigmoid()
            self._areas[index] = box_areas(
                image,
                self.model.grid,
                self.model.anchors,
                self.model.classes,
                self.settings.w_object,
                mentored=new,
                settings=self.mentoring,
                said=said,
            )
        return self._areas[index]

    def epochs(self) -> Iterator[list[BoxStep]]:
        """The steps of each epoch: all defective originals and as many good ones; as many mentored ones, if any."""
        rng = np.random.default_rng([self.settings.seed, 0])
        old, new = np.flatnonzero(~self.is_new), np.flatnonzero(self.is_new)
        passes = shuffled_passes(new.size, rng) if new.size else iter(())
        for epoch, row in enumerate(balanced_epochs(self.defective[old], self.settings.epochs, rng)):
            steps = self._rows(old[row], new, passes, rng)
            done = [(epoch + n / len(steps)) / self.settings.epochs for n in range(len(steps))]
            yield [
                BoxStep(part, tuple(FLIPS[int(n)] for n in rng.integers(len(FLIPS), size=part.size)), progress)
                for part, progress in zip(steps, done, strict=True)
            ]

    def _rows(self, old: Indices, new: Indices, passes: Iterator[int], rng: np.random.Generator) -> list[Indices]:
        if not new.size:
            return batches(old, self.settings.batch)
        if not self.mentoring.balanced:
            return batches(rng.permutation(np.concatenate([old, new])), self.settings.batch)
        half = self.settings.batch // 2
        drawn = new[[next(passes) for _ in range(old.size)]]
        return [np.concatenate(pair) for pair in zip(batches(old, half), batches(drawn, half), strict=True)]

    def losses(self, step: BoxStep) -> Mapping[str, Tensor]:
        """L_S + lambda L_W of one batch, with what the switches add."""
        rows = [
            flip(self.store.get(self.snapshot.images[int(index)].sha256), axes)
            for index, axes in zip(step.indices, step.turns, strict=True)
        ]
        # Channels last: a step takes two thirds of the time on a CPU.
        last = torch.channels_last
        inputs = [torch.stack(column).contiguous(memory_format=last) for column in zip(*rows, strict=True)]
        features, output = self.model.net(inputs, self.model.grid)
        new = self.is_new[step.indices]
        known = [self.areas(int(index)).flipped(axes) for index, axes in zip(step.indices, step.turns, strict=True)]
        parts = {"loss_original": torch.zeros(()), "loss_mentored": torch.zeros(())}
        for said, of, is_new in zip(output, known, new, strict=True):
            loss = detector_loss(said, of.box, of.objectness, of.classes, of.known, boxes_known=not is_new)
            if is_new:
                name, weight = "loss_mentored", self.mentoring.weight / int(new.sum())
                loss = loss + self._kept(said, of)
            else:
                name, weight = "loss_original", 1 / int((~new).sum())
            parts[name] = parts[name] + weight * loss
        if self.domain is not None:
            told = self.domain(features, reversal_strength(step.progress, self.mentoring.dann_weight))
            parts["loss_domain"] = domain_loss(told, torch.from_numpy(new.astype(np.float32)))
        return {"loss": torch.stack(list(parts.values())).sum(), **parts}

    def _kept(self, said: Tensor, of: BoxAreas) -> Tensor:
        """Distillation of the objectness on unmentored areas."""
        if not self.mentoring.distill:
            return torch.zeros(())
        count = len(self.model.anchors)
        logits = said[4 : 5 * count : 5]
        return self.mentoring.distill_weight * distillation_loss(logits, of.said, of.distilled)

    def run(self, token: CancelToken) -> Job[None]:
        """All epochs; the network ends as the running mean of its weights, in evaluation mode."""
        began, net, settings = time.monotonic() - token.waited, self.model.net, self.settings
        fabric = make_fabric(self.model.config)
        yield from self.store.fill(self.snapshot, self.model.config, fabric, token)
        if self.base is not None:
            self.base.net.eval()
        parameters = [*net.parameters(), *(self.domain.parameters() if self.domain is not None else ())]
        optimizer = torch.optim.AdamW(parameters, lr=settings.lr, weight_decay=1e-2)
        first = next(iter(self.epochs()))
        total = settings.epochs * len(first) + 1
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.lr, total_steps=total)
        mean = RunningMean(net.train(), settings.running_mean)
        wrapped = fabric.setup_optimizers(optimizer)
        assert isinstance(wrapped, torch.optim.Optimizer)
        loop = Loop[BoxStep](
            fabric,
            wrapped,
            epochs=settings.epochs,
            losses=lambda step, _epoch: self.losses(step),
            scheduler=scheduler,
            stepped=mean.follow,
            text="Training boxes",
        )
        yield from loop.run(self.epochs(), token, no_more)
        mean.into(net)
        net.eval()
        self.model.seconds = time.monotonic() - token.waited - began


def known_whole(image: SnapshotImage) -> bool:
    """Whether every defect of an image is known as a box."""
    return image.good or (image.defective and image.segmented and image.label_code is not None)


def drawn_images(snapshot: Snapshot) -> list[SnapshotImage]:
    """Defective images all of whose defects are drawn."""
    return [image for image in snapshot.images if known_whole(image) and not image.good]


def check_drawn(snapshot: Snapshot) -> None:
    """Raise DefectStudioError where no defect is drawn."""
    if not any(boxes_of(image.label_map()) for image in drawn_images(snapshot)):
        hint = "Draw the defects of some images, then train again."
        raise DefectStudioError("No defect is drawn completely: there is no box to learn from.", hint=hint)


def fit_boxes(
    config: TrainConfig,
    settings: BoxSettings,
    snapshot: Snapshot,
    store: FeatureStore,
    token: CancelToken,
) -> Job[BoxModel]:
    """Train a detector of boxes on images with whole label maps; others are left out.

    `config` is resolved, that of the run whose encoder fills `store`. Raises DefectStudioError where no defect is
    drawn.
    """
    check_drawn(snapshot)
    sizes, classes = _sizes_and_classes(drawn_images(snapshot), box_grid(config))
    anchors = fit_anchors(sizes, settings.anchors)
    net = build_boxes(config, anchors, classes, settings.seed)
    trainer = BoxTrainer(BoxModel(config, settings, anchors, classes, net), snapshot, store)
    yield from trainer.run(token)
    return trainer.model


def mentor_boxes(
    base: BoxModel,
    mentoring: MentorSettings,
    snapshot: Snapshot,
    mentored: frozenset[ImageId],
    store: FeatureStore,
    token: CancelToken,
) -> Job[BoxModel]:
    """Train a candidate from the deployed detector and verdicts: originals, and the images in `mentored`.

    Anchors and classes stay: verdicts draw no boxes. Raises DefectStudioError where no verdict says anything.
    """
    trainer = mentored_trainer(base, mentoring, snapshot, mentored, store)
    yield from trainer.run(token)
    return trainer.model


def mentored_trainer(
    base: BoxModel, mentoring: MentorSettings, snapshot: Snapshot, mentored: frozenset[ImageId], store: FeatureStore
) -> BoxTrainer:
    """The trainer of `mentor_boxes`."""
    settings = base.settings.model_copy(
        update={
            "epochs": mentoring.epochs,
            "batch": mentoring.batch,
            "lr": mentoring.peak(tuned=False),
            "seed": mentoring.seed,
        }
    )
    fresh = build_boxes(base.config, base.anchors, base.classes, mentoring.seed)
    net = copy.deepcopy(base.net) if mentoring.transfer else fresh
    model = BoxModel(base.config, settings, base.anchors, base.classes, net)
    return BoxTrainer(model, snapshot, store, mentored=mentored, mentoring=mentoring, base=base)


def _sizes_and_classes(
    images: Sequence[SnapshotImage], grid: tuple[int, int]
) -> tuple[list[tuple[float, float]], tuple[int, ...]]:
    """(height, width) in cells of all true boxes, and their classes."""
    sizes, classes = [], set[Any]()
    for image in images:
        for one in boxes_of(image.label_map()):
            high, wide = one.box.shape
            sizes.append((high * grid[0] / image.height, wide * grid[1] / image.width))
            classes.add(one.class_index)
    return sizes, tuple(sorted(classes))
