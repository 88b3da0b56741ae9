"""Trains a detector under mixed supervision (Bozic et al. 2021): tags for all images, masks for some.

`fit` trains in memory (folds, studies); `learning.recording` leaves a run folder behind. All that is random depends on
the seed, the phase, the epoch and the place in it alone, so a training that goes on from a checkpoint ends the same.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.augment import paste_defect, random_exposure, random_flip, synthetic_anomaly
from defectstudio.learning.batches import Indices, balanced_epochs, batches
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import input_size, output_size, read_input, resolve
from defectstudio.learning.losses.mixed import balance, class_loss, classification_loss, mixed_loss, segmentation_loss
from defectstudio.learning.model import TrainedModel, batch_on_device, build, logits, on_device
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.optimizers import RunningMean, Schedule, make_optimizer, restore_schedule, schedule_state
from defectstudio.learning.resumption import Checkpoint, optimizer_tensors, restore_optimizer, trained_tensors
from defectstudio.learning.supervision import Supervision, classes_in_masks, has_mask, region_at, spoilt, supervise
from defectstudio.learning.threshold import find_threshold
from defectstudio.learning.together import Together
from defectstudio.learning.trainers.loop import Ended, Loop
from defectstudio.learning.watching import Watch

ORDER, CHANGES = 0, 1


@dataclass(frozen=True, slots=True)
class Step:
    """One optimiser step: positions into the snapshot's images, and where in its epoch the first of them stands."""

    indices: Indices
    phase: int
    epoch: int
    offset: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs (images, or encoder maps finest first), targets and weights (B, 1, h, w), gamma and truth (B,).

    `classes` (B, 1, h, w) uint8, where they are told apart.
    """

    inputs: list[Tensor]
    target: Tensor
    weight: Tensor
    gamma: Tensor
    defective: Tensor
    classes: Tensor | None


@dataclass(frozen=True, slots=True)
class Phase:
    """A pass of the loop: the heads on frozen features (or all of SegDecNet), or the encoder too."""

    epochs: int
    tune: bool
    text: str


@dataclass(slots=True)
class Running:
    """The phase under way: what a checkpoint is made of."""

    phase: int
    optimizer: torch.optim.Optimizer
    scheduler: Schedule | None
    mean: RunningMean | None
    epochs: int = 0


def phases(config: TrainConfig) -> list[Phase]:
    """The heads first; then the encoder too, where the resolved configuration says so."""
    heads = Phase(head_epochs(config), False, "Training")
    if config.net == "fast" and config.finetune_epochs:
        return [heads, Phase(config.finetune_epochs, True, "Fine-tuning")]
    return [heads]


class Trainer:
    """One training in progress: everything that its phases share. `watch`: images whose figures follow every epoch.

    `fabric`: of several processes that train together; each is given the same configuration and snapshot.
    """

    def __init__(
        self,
        config: TrainConfig,
        snapshot: Snapshot,
        cache: Path | None,
        *,
        watch: Watch | None = None,
        fabric: Fabric | None = None,
    ) -> None:
        check_images(snapshot)
        self.snapshot = self.members(snapshot)
        images = self.snapshot.images
        told_apart = classes_in_masks(images) if config.segment_classes is None else config.segment_classes
        self.config = resolve(config, images).model_copy(update={"segment_classes": told_apart})
        self.masked = [has_mask(image) for image in images]
        self.stop = stops_gradient(self.config, any(self.masked))
        self.fabric = fabric or make_fabric(self.config)
        self.together = Together(self.fabric)
        precision = chosen_precision(self.config.precision)
        self.store = FeatureStore(self.config, cache, precision)
        self.watch = watch
        self.defective = np.array([image.defective for image in images])
        self.phases = phases(self.config)
        self.running: Running | None = None
        self._started = time.monotonic()
        self._before = 0.0
        self._supervision: dict[int, Supervision] = {}
        self.model = TrainedModel(
            self.config,
            build(self.config, gradient_stop=self.stop),
            images=tuple(image.id for image in images),
            segmented=tuple(image.id for image, masked in zip(images, self.masked, strict=True) if masked),
            device=str(self.fabric.device),
            precision=precision,
        )

    def members(self, snapshot: Snapshot) -> Snapshot:
        """The images that something is learnt from."""
        return snapshot.tagged

    # Order and batches.

    def rng(self, *where: int) -> np.random.Generator:
        """A generator that depends on the seed and on `where` alone, not on what was drawn before."""
        return np.random.default_rng([self.config.seed, *where])

    def epochs(self, phase: int, first: int = 0) -> Iterator[list[Step]]:
        """The steps of each epoch of a phase, from epoch `first` on."""
        order = balanced_epochs(self.defective, self.phases[phase].epochs, self.rng(ORDER, phase))
        for epoch, indices in enumerate(order):
            if epoch < first:
                continue
            row, offset = [], 0
            for part in batches(indices, self.config.batch):
                row.append(Step(part, phase, epoch, offset))
                offset += part.size
            yield row

    def share(self, step: Step) -> tuple[Step, float]:
        """The part of a step that this process takes, and what its mean loss weighs."""
        part, weight = self.together.share(step.indices.size)
        return replace(step, indices=step.indices[part], offset=step.offset + part.start), weight

    def steps(self) -> int:
        """Optimiser steps in an epoch."""
        return len(batches(np.arange(2 * int(self.defective.sum())), self.config.batch))

    @property
    def balanced(self) -> bool:
        """Whether lambda moves from 1 to 0; where all masks are missing, only because it was asked for."""
        return self.config.dynamic_balance == "always" or (bool(self.config.dynamic_balance) and any(self.masked))

    def lam(self, epoch: int) -> float:
        """Lambda of eq. 2; 1/2 throughout when balancing is off or no defective image has a mask."""
        return balance(epoch, head_epochs(self.config)) if self.balanced else 0.5

    def batch(self, step: Step, *, features: bool) -> Batch:
        """Read, change and stack one batch."""
        rows = [
            self._row(int(index), self.rng(CHANGES, step.phase, step.epoch, step.offset + n), features=features)
            for n, index in enumerate(step.indices)
        ]
        device = self.fabric.device
        columns = [
            batch_on_device(torch.stack(column), device) for column in zip(*(row[0] for row in rows), strict=True)
        ]
        known, truth = (torch.tensor([row[n] for row in rows], dtype=torch.float32, device=device) for n in (1, 2))
        classes = columns.pop() if self.config.segment_classes else None
        return Batch(columns[:-2], columns[-2], columns[-1], known, truth, classes)

    def supervision(self, index: int) -> Supervision:
        """What is known of one training image, at the output stride."""
        if index not in self._supervision:
            self._supervision[index] = supervise(self.snapshot.images[index], self.config)
        return self._supervision[index]

    def _row(self, index: int, rng: np.random.Generator, *, features: bool) -> tuple[list[Tensor], bool, bool]:
        """Inputs, target and weight of one image, whether its pixels are known, whether it shows a defect."""
        image, known, defective = self.snapshot.images[index], self.supervision(index), bool(self.defective[index])
        if features:
            inputs = self.store.halves(image.sha256)
            if not defective and self.config.synthetic and rng.random() < self.config.synthetic:
                inputs, region = synthetic_anomaly([part.float() for part in inputs], output_size(self.config), rng)
                known, defective = spoilt(known, region, self.config.w_pos), True
        else:
            pixels = read_input(self.snapshot, image, self.config)
            if not defective and self.config.paste and any(self.masked) and rng.random() < self.config.paste:
                pixels, known, defective = *self._pasted(pixels, rng), True
            changed = self.config.augment and self.config.net == "fast"
            inputs = [random_exposure(pixels, rng) if changed else pixels]
        row = [*inputs, known.target, known.weight, *([known.classes] if known.classes is not None else [])]
        return (random_flip(row, rng) if self.config.augment else row), known.gamma, defective

    def _pasted(self, good: Tensor, rng: np.random.Generator) -> tuple[Tensor, Supervision]:
        """A good image with the defect of a segmented one, and what is then known of it."""
        donor = int(rng.choice(np.flatnonzero(self.masked)))
        image = self.snapshot.images[donor]
        region = region_at(image.label_map(), input_size(self.config))
        shown = paste_defect(good, read_input(self.snapshot, image, self.config), region)
        known = self.supervision(donor)
        # Around the defect the image is good, whatever the donor's map leaves unknown.
        weight = torch.where(known.weight > 0, known.weight, 1.0)
        return shown, Supervision(known.target, weight, True, known.classes)

    # Losses.

    def losses(self, net: nn.Module, batch: Batch, lam: float, *, features: bool) -> dict[str, Tensor]:
        """Eq. 1 averaged over the batch, with its two parts."""
        with self.fabric.autocast():
            found = logits(net, batch.inputs, self.config, features=features)  # type: ignore[arg-type]
        seg = segmentation_loss(found[0].float(), batch.target, batch.weight)
        cls = classification_loss(found[1].float(), batch.defective)
        parts: dict[str, Tensor] = {}
        if batch.classes is not None:
            which = class_loss(found[2].float(), batch.classes)
            parts["loss_class"] = which.mean()
            seg = seg + which
        # Without balancing both losses count in full from the start: twice the 1/2 that lambda then is.
        full = 1.0 if self.balanced else 2.0
        loss = full * mixed_loss(seg, cls, lam=lam, gamma=batch.gamma, delta=self.config.delta)
        return {"loss": loss.mean(), "loss_seg": (batch.gamma * seg).mean(), "loss_cls": cls.mean(), **parts}

    # The phases.

    def run(self, token: CancelToken, ended: Ended, start: Checkpoint | None = None) -> Job[None]:
        """All phases, timed; from `start` on where a training was interrupted."""
        self._started, self._before = time.monotonic() - token.waited, start.seconds if start else 0.0
        if self.config.net == "fast":
            yield from self.store.fill(self.snapshot, self.config, self.fabric, token, self.together)
            if self.watch is not None and not self.config.finetune_epochs:
                yield from self.store.fill(self.watch.images, self.config, self.fabric, token)
            self.model.features_seconds = time.monotonic() - token.waited - self._started
        for number in range(start.phase if start else 0, len(self.phases)):
            yield from self._phase(number, token, ended, start if start and start.phase == number else None)
        self._note_time(token)
        on_device(self.model.net, torch.device("cpu")).eval()

    def _note_time(self, token: CancelToken) -> None:
        self.model.seconds = self._before + time.monotonic() - token.waited - self._started

    def _phase(self, number: int, token: CancelToken, ended: Ended, start: Checkpoint | None) -> Job[None]:
        phase, net = self.phases[number], self.model.net
        features = isinstance(net, FastNet) and not phase.tune
        on_device(net, self.fabric.device).train()
        if isinstance(net, FastNet) and phase.tune:
            for parameter in net.tunable():
                parameter.requires_grad_(True)
        self.together.start(net)
        optimizer, scheduler = make_optimizer(self.config, net, phase.epochs * self.steps(), tune=phase.tune)
        mean = RunningMean(net, self.config.running_mean) if self.config.running_mean else None
        self.running = running = Running(number, optimizer, scheduler, mean)
        if start is not None:
            self._restore(running, start)
        wrapped = self.fabric.setup_optimizers(optimizer)
        assert isinstance(wrapped, torch.optim.Optimizer)

        def losses(step: Step, epoch: int) -> Mapping[str, Tensor]:
            lam = 0.5 if phase.tune else self.lam(epoch)
            mine, weight = self.share(step)
            found = self.losses(net, self.batch(mine, features=features), lam, features=features)
            return {name: weight * value for name, value in found.items()}

        def after(figures: dict[str, Any]) -> Job[None]:
            self.together.settle(net)
            running.epochs = figures["epoch"]
            self._note_time(token)
            yield from self._look(figures, phase, token)
            yield from ended(figures)

        loop = Loop(
            self.fabric,
            wrapped,
            epochs=phase.epochs,
            losses=losses,
            scheduler=scheduler,
            stepped=mean.follow if mean else lambda: None,
            text=phase.text,
        )
        yield from loop.run(self.epochs(number, running.epochs), token, after, first=running.epochs)
        if mean is not None:
            mean.into(net)

    def checkpoint(self) -> Checkpoint:
        """Where the training stands, after a whole epoch. Raises DefectStudioError before the first one."""
        running = self.running
        if running is None:
            raise DefectStudioError("The training has not begun.")
        tensors, groups = optimizer_tensors(running.optimizer)
        return Checkpoint(
            running.phase,
            running.epochs,
            self.config.batch,
            self.model.seconds,
            trained_tensors(self.model.net),
            running.mean.mean if running.mean else {},
            tensors,
            groups,
            schedule_state(running.scheduler),
        )

    def _restore(self, running: Running, start: Checkpoint) -> None:
        """Take up a phase where a checkpoint left it."""
        self.model.net.load_state_dict(dict(start.net), strict=False)
        restore_optimizer(running.optimizer, start)
        done = start.epochs * self.steps()
        restore_schedule(running.scheduler, start.scheduler, done)
        if running.mean is not None:
            running.mean.restore(start.mean, done)
        running.epochs = start.epochs

    def _look(self, figures: dict[str, Any], phase: Phase, token: CancelToken) -> Job[None]:
        """Add to an epoch's figures what the watched images say of it."""
        if self.watch is None:
            return
        model = copy.copy(self.model)
        model.net = copy.deepcopy(self.model.net)
        if self.running is not None and self.running.mean is not None:
            self.running.mean.into(model.net)
        yield from self.watch.look(model, figures, phase.epochs, self.store, token)


def check_images(snapshot: Snapshot) -> None:
    """Raise DefectStudioError when a class of tags is missing."""
    if not any(image.defective for image in snapshot.images):
        hint = "Tag at least one image as defective, then train again."
        raise DefectStudioError("No training image is tagged defective.", hint=hint)
    if not any(image.good for image in snapshot.images):
        hint = "Tag some images as good: an image that nobody reviewed does not count as good."
        raise DefectStudioError("No training image is tagged good.", hint=hint)


def head_epochs(config: TrainConfig) -> int:
    """Epochs of the first phase: all, or a third where fine-tuning follows and the heads only have to settle."""
    return max(1, config.epochs // 3) if config.finetune_epochs else config.epochs


def stops_gradient(config: TrainConfig, masks: bool) -> bool:
    """Whether the classification loss stops at the joints.

    With tags alone nothing else could teach the segmentation head where defects are, so `fast` lets it through then.
    """
    return config.gradient_stop == "always" or (config.gradient_stop == "with_masks" and masks)


def no_more(_figures: dict[str, Any]) -> Job[None]:
    """What follows an epoch where nothing has to."""
    yield from ()


def fit(
    config: TrainConfig,
    snapshot: Snapshot,
    token: CancelToken,
    *,
    cache: Path | None = None,
    validation: Snapshot | None = None,
    threshold: bool = True,
) -> Job[TrainedModel]:
    """Train in memory on the tagged images of the snapshot; nothing is written but cached features.

    The threshold comes as `find_threshold` says; it is not sought without `threshold`.
    Raises DefectStudioError (no good or no defective image; a loss that is no longer a number), Cancelled.
    """
    trainer = Trainer(config, snapshot, cache)
    yield from trainer.run(token, no_more)
    if threshold:
        yield from find_threshold(trainer.model, trainer.snapshot, validation, trainer.store, cache, token, fit)
    return trainer.model
