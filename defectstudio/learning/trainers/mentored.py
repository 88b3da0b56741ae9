"""Trains a candidate from verdicts on detections (Cordier, Das, Gutierrez 2021 [MENTOR]) on the segmentation cells.

L = L_S + lambda L_W: the original images teach as they taught the deployed run, the mentored ones by what operators
said of their areas (eq. 4). Every switch can be combined with every other; `learning.areas` says what M is. Departures:
the classification head learns from mentored images too where the image as a whole is known; and distillation on
unmentored areas, which the paper names as future work, is there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from defectstudio.data.mentoring import TUNED_EPOCHS, MentorSettings
from defectstudio.data.predictions import Scored
from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.areas import Areas, areas, says_something
from defectstudio.learning.batches import balanced_epochs, batches, shuffled_passes
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.losses.masked import distillation_loss, domain_loss, masked_loss
from defectstudio.learning.losses.mixed import balance, class_loss, classification_loss, mixed_loss, segmentation_loss
from defectstudio.learning.model import TrainedModel, logits
from defectstudio.learning.nets.domain import DomainClassifier, reversal_strength
from defectstudio.learning.nets.fast import FastNet, Net
from defectstudio.learning.predict import score
from defectstudio.learning.resumption import Checkpoint
from defectstudio.learning.supervision import Supervision
from defectstudio.learning.threshold import find_threshold
from defectstudio.learning.trainers.loop import Ended
from defectstudio.learning.trainers.mixed import ORDER, Batch, Phase, Step, Trainer, fit, no_more
from defectstudio.learning.watching import Watch

DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class MentoredBatch(Batch):
    """A batch with two planes of `target` and `weight` (B, 2, h, w): what is known, and what the deployed model said.

    `mentored` and `tagged` (B,) bool: images of the new domain; images that somebody called good or defective.
    """

    mentored: Tensor
    tagged: Tensor


def candidate_config(base: TrainConfig, settings: MentorSettings, classes: Sequence[int] = ()) -> TrainConfig:
    """The configuration of a candidate: that of the deployed run, with what the settings say of its training.

    `classes`: those that the verdicts name; one that the deployed run does not tell apart is added. The input size
    stays, so that both see the same cells.
    """
    told = base.segment_classes or ()
    added = tuple(sorted(set(classes) - set(told))) if told else ()
    peak = settings.peak(tuned=bool(base.finetune_epochs))
    tuning = settings.finetune_epochs or (0 if not base.finetune_epochs else base.finetune_epochs)
    if base.finetune_epochs and not settings.transfer:
        tuning = settings.finetune_epochs or TUNED_EPOCHS
    return base.model_copy(
        update={
            "epochs": settings.epochs if base.net == "fast" else max(settings.epochs, 1),
            "batch": settings.batch,
            "lr": peak if base.net == "fast" else min(peak, base.lr),
            "seed": settings.seed,
            "finetune_epochs": tuning if base.net == "fast" else 0,
            "segment_classes": (*told, *added),
            "paste": 0.0,
            "synthetic": 0.0,
            "threshold_folds": 0,
        }
    )


class MentoredTrainer(Trainer):
    """One training from verdicts in progress, on original images and those whose ids are in `mentored`.

    `base`: the deployed model, with its network on the CPU. Raises DefectStudioError where no mentored image says
    anything, or the originals lack good or defective images.
    """

    def __init__(
        self,
        base: TrainedModel,
        settings: MentorSettings,
        snapshot: Snapshot,
        mentored: frozenset[ImageId],
        cache: Path | None,
        *,
        watch: Watch | None = None,
        fabric: Fabric | None = None,
    ) -> None:
        self.base, self.settings, self.mentored = base, settings, mentored
        classes = {index for image in snapshot.images for index in image.tag.classes}
        config = candidate_config(base.config, settings, sorted(classes))
        super().__init__(config, snapshot, cache, watch=watch, fabric=fabric)
        self.cache = cache
        self.is_new = np.array([image.id in mentored for image in self.snapshot.images])
        if not self.is_new.any():
            raise DefectStudioError("No verdict says anything yet.", hint="Judge some detections, then train.")
        self.said: dict[ImageId, Scored] = {}
        self._areas: dict[int, Areas] = {}
        self._features: Tensor | None = None
        if settings.transfer:
            transfer(base, self.model.net, self.config)
        if settings.transfer and base.config.finetune_epochs:
            self._start_from_tuned()
        if settings.dann:
            self._watch_features()

    def members(self, snapshot: Snapshot) -> Snapshot:
        """Tagged originals, and mentored images of which somebody said something."""
        new, tagged = self.mentored, snapshot.tagged
        known = {image.id for image in tagged.images if image.id not in new}
        return snapshot.where(lambda i: i.id in known or (i.id in new and says_something(i)))

    def _start_from_tuned(self) -> None:
        """A deployed encoder that was tuned: as it is, with its features cached, or tuned further."""
        if self.settings.finetune_epochs:
            self.phases = [Phase(self.settings.finetune_epochs, True, "Fine-tuning")]
            return
        assert isinstance(self.base.net, FastNet)
        self.phases = [Phase(self.config.epochs, False, "Training")]
        trunk = copy.deepcopy(self.base.net.trunk).eval().requires_grad_(False)
        self.store = FeatureStore(self.config, self.cache, self.model.precision, encoder=trunk)

    def lam(self, epoch: int) -> float:
        """Lambda of eq. 2 over the epochs of the heads; 1/2 throughout when balancing is off."""
        return balance(epoch, self.phases[0].epochs) if self.balanced else 0.5

    # Domain features.

    def _watch_features(self) -> None:
        """Put the classifier of domains beside the segmentation head and keep the features that pass there."""
        net = self.model.net
        part = net.heads if isinstance(net, FastNet) else net
        channels = 64 if isinstance(net, FastNet) else 1024
        with torch.random.fork_rng():
            torch.manual_seed(self.config.seed)
            part.add_module(DOMAIN, DomainClassifier(channels))

        def keep(_module: nn.Module, _inputs: object, found: Tensor) -> None:
            self._features = found

        part.segmentation.register_forward_hook(keep)

    def _classifier(self) -> DomainClassifier:
        net = self.model.net
        found = (net.heads if isinstance(net, FastNet) else net).get_submodule(DOMAIN)
        assert isinstance(found, DomainClassifier)
        return found

    # Order and batches.

    def _originals(self, phase: int) -> Iterator[np.ndarray]:
        """Positions of original images for each epoch: all defective ones, as many good ones."""
        at = np.flatnonzero(~self.is_new)
        for row in balanced_epochs(self.defective[at], self.phases[phase].epochs, self.rng(ORDER, phase)):
            yield at[row]

    def epochs(self, phase: int, first: int = 0) -> Iterator[list[Step]]:
        """The steps of each epoch of a phase, from epoch `first` on: 1:1, or all images alike."""
        rng = self.rng(ORDER, phase, 1)
        new = np.flatnonzero(self.is_new)
        passes = shuffled_passes(new.size, rng)
        for epoch, originals in enumerate(self._originals(phase)):
            if self.settings.balanced:
                drawn = new[[next(passes) for _ in range(originals.size)]]
                rows = self._paired(originals, drawn)
            else:
                rows = batches(rng.permutation(np.concatenate([originals, new])), self.config.batch)
            if epoch >= first:
                starts = np.cumsum([0, *(row.size for row in rows)])
                yield [Step(row, phase, epoch, int(start)) for row, start in zip(rows, starts, strict=False)]

    def _paired(self, originals: np.ndarray, new: np.ndarray) -> list[np.ndarray]:
        half = max(1, self.config.batch // 2)
        pairs = zip(batches(originals, half), batches(new, half), strict=True)
        return [np.concatenate(pair) for pair in pairs]

    def steps(self) -> int:
        """Optimiser steps in an epoch."""
        originals = 2 * int(self.defective[~self.is_new].sum())
        if self.settings.balanced:
            return len(batches(np.arange(originals), max(1, self.config.batch // 2)))
        return len(batches(np.arange(originals + int(self.is_new.sum())), self.config.batch))

    def supervision(self, index: int) -> Supervision:
        """Two planes of targets and weights: what is known, and what the deployed model says of the rest."""
        if index in self._supervision:
            return self._supervision[index]
        if not self.is_new[index]:
            known = super().supervision(index)
            said, share = torch.zeros_like(known.target), torch.zeros_like(known.weight)
        else:
            image = self.snapshot.images[index]
            scored = self.said.get(image.id)
            found = areas(image, self.config, self.settings, None if scored is None else scored.heat)
            known, said, share = found.known, found.said, found.distilled
        planes = Supervision(
            torch.cat([known.target, said]), torch.cat([known.weight, share]), known.gamma, known.classes
        )
        self._supervision[index] = planes
        return planes

    def batch(self, step: Step, *, features: bool) -> MentoredBatch:
        """Read, change and stack one batch."""
        plain = super().batch(step, features=features)
        images = [self.snapshot.images[int(index)] for index in step.indices]
        device = self.fabric.device
        return MentoredBatch(
            plain.inputs,
            plain.target,
            plain.weight,
            plain.gamma,
            plain.defective,
            plain.classes,
            torch.tensor([bool(self.is_new[int(index)]) for index in step.indices], device=device),
            torch.tensor([image.good or image.defective for image in images], device=device),
        )

    # Losses.

    def losses(self, net: nn.Module, batch: Batch, lam: float, *, features: bool) -> dict[str, Tensor]:
        """L_S + lambda L_W, with what the switches add, and its parts."""
        assert isinstance(batch, MentoredBatch)
        with self.fabric.autocast():
            found = logits(net, batch.inputs, self.config, features=features)  # type: ignore[arg-type]
        outputs = tuple(part.float() for part in found)
        full = 1.0 if self.balanced else 2.0
        original, new = ~batch.mentored, batch.mentored
        parts = {}
        if bool(original.any()):
            parts["loss_original"] = full * self._strong(outputs, batch, original, lam)
        if bool(new.any()):
            parts["loss_mentored"] = self.settings.weight * full * self._weak(outputs, batch, new, lam)
            if self.settings.distill:
                kept = distillation_loss(outputs[0][new], batch.target[new, 1:], batch.weight[new, 1:])
                parts["loss_distilled"] = self.settings.distill_weight * kept
        if self.settings.dann and self._features is not None:
            strength = reversal_strength(self._progress_of_training(), self.settings.dann_weight)
            told = self._classifier()(self._features.float(), strength)
            parts["loss_domain"] = domain_loss(told, new.float())
        return {"loss": torch.stack(list(parts.values())).sum(), **parts}

    def _strong(self, found: tuple[Tensor, ...], batch: MentoredBatch, rows: Tensor, lam: float) -> Tensor:
        """Eq. 1 of mixed supervision, averaged over the original images of a batch."""
        seg = segmentation_loss(found[0][rows], batch.target[rows, :1], batch.weight[rows, :1])
        if batch.classes is not None:
            seg = seg + class_loss(found[2][rows], batch.classes[rows])
        cls = classification_loss(found[1][rows], batch.defective[rows])
        return mixed_loss(seg, cls, lam=lam, gamma=batch.gamma[rows], delta=self.config.delta).mean()

    def _weak(self, found: tuple[Tensor, ...], batch: MentoredBatch, rows: Tensor, lam: float) -> Tensor:
        """L_W over the mentored images of a batch: eq. 4, the class of confirmed areas, and the image as a whole."""
        loss = lam * masked_loss(found[0][rows], batch.target[rows, :1], batch.weight[rows, :1])
        if batch.classes is not None:
            loss = loss + lam * class_loss(found[2][rows], batch.classes[rows]).mean()
        whole = rows & batch.tagged
        if bool(whole.any()):
            cls = classification_loss(found[1][whole], batch.defective[whole]).sum() / rows.sum()
            loss = loss + (1 - lam) * self.config.delta * cls
        return loss

    def _progress_of_training(self) -> float:
        phase = self.running
        whole = sum(part.epochs for part in self.phases)
        done = 0 if phase is None else sum(part.epochs for part in self.phases[: phase.phase]) + phase.epochs
        return min(1.0, done / max(whole, 1))

    # The phases.

    def run(self, token: CancelToken, ended: Ended, start: Checkpoint | None = None) -> Job[None]:
        """Ask the deployed model where a switch needs it; then all phases."""
        if self.settings.omnia or self.settings.distill:
            new = self.snapshot.where(lambda image: image.id in self.mentored)
            scored = yield from score(self.base, new, token, cache=self.cache)
            self.said = {row.id: row for row in scored}
        yield from super().run(token, ended, start)


def transfer(base: TrainedModel, net: Net, config: TrainConfig) -> None:
    """Give a network the weights of the deployed run; classes that are new there start anew."""
    state = dict(base.net.state_dict())
    own = net.state_dict()
    before = base.config.segment_classes or ()
    for name in [name for name in state if ".class_map." in f".{name}"]:
        old = state.pop(name)
        rows = own[name].clone()
        for place, index in enumerate(config.segment_classes or ()):
            if index in before:
                rows[place] = old[before.index(index)]
        if name in own:
            state[name] = rows
    net.load_state_dict(state, strict=False)


def fit_mentored(
    base: TrainedModel,
    settings: MentorSettings,
    snapshot: Snapshot,
    mentored: frozenset[ImageId],
    token: CancelToken,
    *,
    cache: Path | None = None,
    validation: Snapshot | None = None,
    threshold: bool = True,
) -> Job[TrainedModel]:
    """Train a candidate in memory; nothing is written but cached features. Raises as `MentoredTrainer` does."""
    trainer = MentoredTrainer(base, settings, snapshot, mentored, cache)
    yield from trainer.run(token, no_more)
    if threshold:
        whole = trainer.snapshot.tagged
        yield from find_threshold(trainer.model, whole, validation, trainer.store, cache, token, fit)
    return trainer.model
