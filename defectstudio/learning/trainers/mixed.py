"""Trains a detector under mixed supervision (Bozic et al. 2021): tags for all images, masks for some.

`fit` trains in memory (folds, studies); `train` also leaves a run folder behind, whole even when it is stopped.
"""

from __future__ import annotations

import importlib.metadata
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from defectstudio.data.runs import CURVE, WEIGHTS, RunRecord, TrainConfig, now, write_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.metrics import average_precision, best_f1
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.augment import random_exposure, random_flip
from defectstudio.learning.batches import Indices, balanced_epochs, batches
from defectstudio.learning.checkpoints import save_weights
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import read_input, resolve
from defectstudio.learning.losses.mixed import balance, classification_loss, mixed_loss, segmentation_loss
from defectstudio.learning.model import TrainedModel, batch_on_device, build, logits, on_device
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.predict import score
from defectstudio.learning.supervision import Supervision, has_mask, supervise
from defectstudio.learning.trainers.loop import Loop

PACKAGES = ("defectstudio", "torch", "lightning-fabric", "numpy", "scipy", "h5py", "safetensors")
Epoch = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs (images, or encoder maps finest first), targets and weights (B, 1, h, w), gamma and truth (B,)."""

    inputs: list[Tensor]
    target: Tensor
    weight: Tensor
    gamma: Tensor
    defective: Tensor


class Trainer:
    """One training in progress: everything that its phases share."""

    def __init__(self, config: TrainConfig, snapshot: Snapshot, cache: Path | None) -> None:
        check_images(snapshot)
        self.snapshot = snapshot.tagged
        images = self.snapshot.images
        self.config = resolve(config, images)
        self.masked = [has_mask(image) for image in images]
        self.stop = stops_gradient(self.config, any(self.masked))
        self.fabric = make_fabric(self.config)
        precision = chosen_precision(self.config.precision)
        self.store = FeatureStore(self.config, cache, precision)
        self.rng = np.random.default_rng(self.config.seed)
        self.supervision: dict[int, Supervision] = {}
        self.model = TrainedModel(
            self.config,
            build(self.config, gradient_stop=self.stop),
            images=tuple(image.id for image in images),
            segmented=tuple(image.id for image, masked in zip(images, self.masked, strict=True) if masked),
            device=str(self.fabric.device),
            precision=precision,
        )

    @property
    def defective(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([image.defective for image in self.snapshot.images])

    def epochs(self, count: int) -> Iterator[list[Indices]]:
        """The batches of each epoch, as positions into the snapshot's images."""
        for epoch in balanced_epochs(self.defective, count, self.rng):
            yield batches(epoch, self.config.batch)

    def lam(self, epoch: int) -> float:
        """Lambda of eq. 2; 1/2 throughout when balancing is off or no defective image has a mask."""
        return balance(epoch, head_epochs(self.config)) if self.config.dynamic_balance and any(self.masked) else 0.5

    def batch(self, indices: Indices, *, features: bool) -> Batch:
        """Read, flip and stack one batch."""
        rows = [self._row(int(index), features=features) for index in indices]
        device = self.fabric.device
        columns = [
            batch_on_device(torch.stack(column), device) for column in zip(*(row[0] for row in rows), strict=True)
        ]
        known = torch.tensor([row[1] for row in rows], dtype=torch.float32, device=device)
        truth = torch.from_numpy(self.defective[indices]).float().to(device)
        return Batch(columns[:-2], columns[-2], columns[-1], known, truth)

    def _row(self, index: int, *, features: bool) -> tuple[list[Tensor], bool]:
        image = self.snapshot.images[index]
        if image.id not in self.supervision:
            self.supervision[image.id] = supervise(image, self.config)
        known = self.supervision[image.id]
        inputs = self.store.get(image.sha256) if features else [read_input(self.snapshot, image, self.config)]
        if self.config.augment and not features:
            inputs = [random_exposure(inputs[0], self.rng)] if self.config.net == "fast" else inputs
        row = [*inputs, known.target, known.weight]
        return (random_flip(row, self.rng) if self.config.augment else row), known.gamma

    def losses(self, net: nn.Module, batch: Batch, lam: float, *, features: bool) -> dict[str, Tensor]:
        """Eq. 1 averaged over the batch, with its two parts."""
        with self.fabric.autocast():
            seg_logits, cls_logits = logits(net, batch.inputs, self.config, features=features)  # type: ignore[arg-type]
        seg = segmentation_loss(seg_logits.float(), batch.target, batch.weight)
        cls = classification_loss(cls_logits.float(), batch.defective)
        # Without balancing both losses count in full from the start: twice the 1/2 that lambda then is.
        full = 1.0 if self.config.dynamic_balance and any(self.masked) else 2.0
        loss = full * mixed_loss(seg, cls, lam=lam, gamma=batch.gamma, delta=self.config.delta)
        return {"loss": loss.mean(), "loss_seg": (batch.gamma * seg).mean(), "loss_cls": cls.mean()}

    def phase(self, token: CancelToken, ended: Callable[[Epoch], None], *, tune: bool) -> Job[None]:
        """One pass of the loop: the heads on frozen features, or the whole network on images."""
        config, net = self.config, self.model.net
        features = isinstance(net, FastNet) and not tune
        count = (config.finetune_epochs or 0) if tune else head_epochs(config)
        module = net.heads if isinstance(net, FastNet) and features else net
        on_device(net, self.fabric.device).train()
        if isinstance(net, FastNet) and tune:
            for parameter in net.tunable():
                parameter.requires_grad_(True)
        optimizer, scheduler = make_optimizer(config, net, count, self.steps(), tune=tune)
        _, optimizer = self.fabric.setup(module, optimizer)

        def losses(indices: Indices, epoch: int) -> Mapping[str, Tensor]:
            lam = 0.5 if tune else self.lam(epoch)
            return self.losses(net, self.batch(indices, features=features), lam, features=features)

        text = "Fine-tuning" if tune else "Training"
        loop = Loop(self.fabric, optimizer, epochs=count, losses=losses, scheduler=scheduler, text=text)
        yield from loop.run(self.epochs(count), token, ended)

    def steps(self) -> int:
        """Optimiser steps in an epoch."""
        return len(batches(np.arange(2 * int(self.defective.sum())), self.config.batch))

    def run(self, token: CancelToken, ended: Callable[[Epoch], None]) -> Job[None]:
        """All phases, timed."""
        started = time.monotonic()
        if self.config.net == "fast":
            yield from self.store.fill(self.snapshot, self.config, self.fabric, token)
            self.model.features_seconds = time.monotonic() - started
        begun = time.monotonic()

        def note(epoch: Epoch) -> None:
            self.model.curve.append(dict(epoch))
            self.model.seconds = time.monotonic() - begun
            ended(epoch)

        yield from self.phase(token, note, tune=False)
        if self.config.net == "fast" and self.config.finetune_epochs:
            yield from self.phase(token, note, tune=True)
        self.model.seconds = time.monotonic() - begun


def check_images(snapshot: Snapshot) -> None:
    """Raise DefectStudioError unless there is a good and a defective image to learn from."""
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


def make_optimizer(
    config: TrainConfig, net: nn.Module, epochs: int, steps: int, *, tune: bool
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler | None]:
    """`segdec`: plain SGD, as in the paper. `fast`: AdamW, one cycle up to `lr` (the trunk: `finetune_lr`)."""
    if not isinstance(net, FastNet):
        return torch.optim.SGD(net.parameters(), config.lr), None
    groups = [{"params": list(net.heads.parameters())}]
    peaks = [config.finetune_lr if tune else config.lr]
    if tune:
        groups.append({"params": net.tunable()})
        peaks.append(config.finetune_lr)
    optimizer = torch.optim.AdamW(groups, lr=peaks[0], weight_decay=1e-4)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, peaks, total_steps=epochs * steps + 1)


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

    The threshold is that of the best F1 on `validation`, else on the training images; not sought without `threshold`.
    Raises DefectStudioError (no good or no defective image; a loss that is no longer a number), Cancelled.
    """
    trainer = Trainer(config, snapshot, cache)
    yield from trainer.run(token, lambda epoch: None)
    if threshold:
        yield from find_threshold(trainer, validation, token)
    return trainer.model


def find_threshold(trainer: Trainer, validation: Snapshot | None, token: CancelToken) -> Job[None]:
    """Set the threshold to the best F1 on `validation`, where that holds defects, else on the training images."""
    held_out = validation.tagged if validation is not None else None
    usable = held_out is not None and any(image.defective for image in held_out.images)
    source: Literal["validation", "training"] = "validation" if usable else "training"
    images = held_out if held_out is not None and usable else trainer.snapshot
    scored = yield from score(trainer.model, images, token, store=trainer.store)
    truth = [image.defective for image in images.images]
    f1, at = best_f1(truth, [row.score for row in scored])
    model = trainer.model
    model.threshold, model.threshold_from = at, source
    model.metrics = {"f1": f1, "ap": average_precision(truth, [row.score for row in scored])}


def train(
    config: TrainConfig,
    snapshot: Snapshot,
    folder: Path,
    *,
    cache: Path | None = None,
    validation: Snapshot | None = None,
    name: str = "",
) -> Callable[[CancelToken], Job[RunRecord]]:
    """A job that trains and leaves a run folder: weights, curve and record. The folder's name is the run's id.

    When it is cancelled, the weights so far are kept with status "stopped" and Cancelled goes on to the caller.
    """

    def job(token: CancelToken) -> Job[RunRecord]:
        trainer = Trainer(config, snapshot, cache)
        folder.mkdir(parents=True, exist_ok=True)
        created = now()

        def write(status: Literal["finished", "stopped"]) -> RunRecord:
            save_weights(folder / WEIGHTS, trainer.model.net, trainer.config)
            record = describe(trainer.model, snapshot, folder.name, name, created, status)
            write_run(folder, record)
            return record

        try:
            with (folder / CURVE).open("w", encoding="utf-8") as curve:

                def note(epoch: Epoch) -> None:
                    curve.write(json.dumps(dict(epoch)) + "\n")
                    curve.flush()

                yield from trainer.run(token, note)
            yield from find_threshold(trainer, validation, token)
        except Cancelled:
            write("stopped")
            raise
        return write("finished")

    return job


def describe(
    model: TrainedModel,
    snapshot: Snapshot,
    run: str,
    name: str,
    created: str,
    status: Literal["finished", "stopped"],
) -> RunRecord:
    """The record of a run."""
    return RunRecord(
        id=run,
        name=name,
        created=created,
        status=status,
        config=model.config,
        event=snapshot.event,
        classes=tuple(c.name for c in snapshot.classes),
        images=model.images,
        segmented=model.segmented,
        versions={package: importlib.metadata.version(package) for package in PACKAGES},
        device=model.device,
        precision=model.precision,
        seconds=round(model.seconds, 3),
        features_seconds=round(model.features_seconds, 3),
        threshold=model.threshold,
        threshold_from=model.threshold_from,
        metrics=model.metrics,
    )
