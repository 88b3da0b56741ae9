"""Trains the network of one round: triplets mined in each batch, and cross-entropy [SIM, section 3].

Patches are drawn through the label maps once a round and kept; answers join them (`mode`). All that is random depends
on the seed, the step and the place in it alone, so on a CPU a round repeats bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor
from torch.nn import functional

from defectstudio.data.similarity import SimilarityConfig
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import LabelledPatch
from defectstudio.learning.losses.triplet import triplet_loss
from defectstudio.learning.mining import mine
from defectstudio.learning.nets.patchnet import Net
from defectstudio.learning.patches import Drawn, Source, answered_patches, draw_patches, label_counts
from defectstudio.learning.trainers.loop import Ended, Loop

POOL, BATCHES, FLIPS = 0, 1, 2
STEPS = 50
"""Steps between two rows of the curve."""
RAREST = 1e-5
"""Share of the pixels that a label is taken to have at least: one that answers alone know of is not impossible."""


@dataclass(frozen=True, slots=True)
class Samples:
    """What a round learns from: inputs of the network (n, ...) and places in its labels (n,).

    The first `drawn` come from the label maps, the others from answers.
    """

    inputs: Tensor
    labels: Tensor
    drawn: int

    def by_label(self, answers: bool) -> list[np.ndarray]:
        """Positions of the drawn patches, or of those of answers, for each label that they have."""
        part = slice(self.drawn, None) if answers else slice(None, self.drawn)
        labels = self.labels[part].numpy()
        first = self.drawn if answers else 0
        return [first + np.flatnonzero(labels == label) for label in np.unique(labels)]


def known_labels(
    snapshot: Snapshot, refined: Sequence[LabelledPatch], before: Sequence[int] = ()
) -> tuple[tuple[int, ...], np.ndarray]:
    """The labels to tell apart, healthy first, and which share of the known pixels each has, (k,).

    Raises DefectStudioError where nothing but healthy surface is known.
    """
    pixels = label_counts(snapshot.images).sum(0)[:255]
    answered = {said.label for said in refined if said.label < 255}
    labels = tuple(sorted({0, *np.flatnonzero(pixels).tolist(), *answered, *before}))
    if len(labels) < 2:
        hint = "Draw boxes round some defects, or import them."
        raise DefectStudioError("No label map shows a defect.", hint=hint)
    share = pixels[list(labels)] / max(1, int(pixels.sum()))
    return labels, np.maximum(share, RAREST)


class SimilarityTrainer:
    """One round in progress. `labels`: what the network's logits stand for."""

    def __init__(
        self,
        config: SimilarityConfig,
        snapshot: Snapshot,
        refined: Sequence[LabelledPatch],
        *,
        labels: Sequence[int],
        source: Source,
        fabric: Fabric,
        number: int = 0,
    ) -> None:
        self.config, self.snapshot, self.source, self.fabric, self.number = config, snapshot, source, fabric, number
        self.labels = tuple(labels)
        self.answers, self.kinds = answered_patches(refined, snapshot.images)
        self.counts: dict[str, int] = dict(self.kinds)

    def rng(self, *where: int) -> np.random.Generator:
        """A generator that depends on the seed, the round and `where` alone."""
        return np.random.default_rng([self.config.seed, self.number, *where])

    # What is learnt from.

    def drawn(self) -> tuple[Drawn, int]:
        """The patches of this round, those of answers last, and how many are not of answers.

        Before the first answer the maps are all there is, whatever the mode. Raises as `draw_patches`, and where the
        answers that alone are to train know one label only.
        """
        none = Drawn(*(np.zeros(0, np.int64) for _ in Drawn.__slots__))
        answers = none if self.config.mode == "mask_update" else self.answers
        if self.config.mode == "user_refined" and len(answers):
            if np.unique(answers.label).size < 2:
                hint = 'Answer more panels, or train on "both".'
                raise DefectStudioError(
                    "All answered patches have one label: there is nothing to tell apart.", hint=hint
                )
            return answers, 0
        masks = draw_patches(self.snapshot.images, self.config.pool, self.rng(POOL))
        return masks.joined(answers), len(masks)

    def samples(self, token: CancelToken) -> Job[Samples]:
        """Read what the network sees of every patch, image by image."""
        patches, first = self.drawn()
        inputs: Tensor | None = None
        images = np.unique(patches.image)
        for done, position in enumerate(images):
            token.check()
            yield Progress(done, len(images), "Cutting patches")
            here = np.flatnonzero(patches.image == position)
            rows = self.source.gather(self.snapshot.images[position], patches.row[here], patches.column[here])
            if inputs is None:
                # Pixels have fewer digits than half precision holds; features need theirs.
                kind = torch.float16 if rows.ndim == 4 else torch.float32
                inputs = torch.empty((len(patches), *rows.shape[1:]), dtype=kind)
            inputs[torch.from_numpy(here)] = rows.to(inputs.dtype)
        assert inputs is not None
        names, tally = np.unique(patches.label[:first], return_counts=True)
        self.counts |= {f"label {name}": int(n) for name, n in zip(names, tally, strict=True)}
        places = np.searchsorted(np.array(self.labels), patches.label)
        return Samples(inputs, torch.from_numpy(places), first)

    # Steps.

    def epochs(self, samples: Samples) -> Iterator[list[np.ndarray]]:
        """Batches, in rows of `STEPS`: positions into the samples, drawn uniformly by label from both parts."""
        drawn, answers = samples.by_label(False), samples.by_label(True)
        known = len(samples.labels) - samples.drawn
        share = min(known, round(self.config.user_share * self.config.batch)) if drawn else self.config.batch
        for first in range(0, self.config.steps, STEPS):
            row = []
            for step in range(first, min(first + STEPS, self.config.steps)):
                rng = self.rng(BATCHES, step)
                parts = [_by_label(answers, share, rng), _by_label(drawn, self.config.batch - share, rng)]
                row.append(np.concatenate([[step], *parts]).astype(np.int64))
            yield row

    def batch(self, samples: Samples, places: np.ndarray) -> tuple[Tensor, Tensor]:
        """Inputs and labels of one batch on the device; patches of pixels flipped at random."""
        step, at = int(places[0]), torch.from_numpy(places[1:])
        inputs = samples.inputs[at].float()
        if inputs.ndim == 4:
            turns = torch.from_numpy(self.rng(FLIPS, step).random((2, len(at))) < 0.5)
            for axis, turned in zip((2, 3), turns, strict=True):
                inputs = torch.where(turned[:, None, None, None], inputs.flip(axis), inputs)
        return inputs.to(self.fabric.device), samples.labels[at].to(self.fabric.device)

    def losses(self, net: Net, samples: Samples, places: np.ndarray) -> Mapping[str, Tensor]:
        """Cross-entropy plus the weighted triplet loss over what is mined in the batch."""
        inputs, labels = self.batch(samples, places)
        with self.fabric.autocast():
            embeddings, logits = net(inputs)
        embeddings = embeddings.float()
        found = mine(embeddings.detach(), labels, self.config.margin, self.config.negatives)
        anchors, positives, negatives = (embeddings[n] for n in (found.anchors, found.positives, found.negatives))
        apart = triplet_loss(anchors, positives, negatives, self.config.margin)
        decided = functional.cross_entropy(logits.float(), labels)
        held = functional.cross_entropy(net.outputs.held(embeddings), labels)
        mined = torch.tensor(len(found) / len(labels))
        return {
            "loss": decided + held + self.config.triplet * apart,
            "loss_ce": decided,
            "loss_triplet": apart,
            "mined": mined,
        }

    def run(self, net: Net, samples: Samples, token: CancelToken, ended: Ended) -> Job[None]:
        """All steps; raises as the loop does."""
        net.train()
        # One kernel for all weights: one by one, they take a fifth of a step of the small head of `fast`.
        optimizer = torch.optim.AdamW(net.parameters(), lr=self.config.lr, weight_decay=1e-4, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, self.config.lr, total_steps=self.config.steps + 1)
        wrapped = self.fabric.setup_optimizers(optimizer)
        assert isinstance(wrapped, torch.optim.Optimizer)
        loop: Loop[np.ndarray] = Loop(
            self.fabric,
            wrapped,
            epochs=-(-self.config.steps // STEPS),
            losses=lambda places, _epoch: self.losses(net, samples, places),
            scheduler=schedule,
            text=f"Round {self.number}",
        )
        yield from loop.run(self.epochs(samples), token, ended)
        net.eval()


def _by_label(groups: Sequence[np.ndarray], count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` positions: a group drawn uniformly for each, then one of it."""
    if not groups or count <= 0:
        return np.zeros(0, np.int64)
    which = rng.integers(0, len(groups), count)
    sizes = np.array([len(group) for group in groups])
    place = (rng.random(count) * sizes[which]).astype(np.int64)
    return np.array([groups[g][p] for g, p in zip(which, place, strict=True)], np.int64)
