"""A few fixed images that are looked at while a detector trains: figures after every epoch, heat maps now and then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.metrics import average_precision
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.predict import score

MOST_IMAGES = 48
SAMPLES = 6
SAMPLED_EPOCHS = 6


@dataclass(frozen=True, slots=True)
class Watch:
    """`images` are scored; `samples` of them shown with their heat maps; `measured`: whether their AP means anything.

    AP is that of held-out images alone: what a network says of images it learns from measures nothing.
    """

    images: Snapshot
    samples: tuple[int, ...]
    measured: bool

    @classmethod
    def choose(cls, training: Snapshot, validation: Snapshot | None, seed: int) -> Watch:
        """Up to 48 validation images, defective and good alike, six of them as samples; else six training images."""
        held_out = validation.tagged if validation is not None else None
        measured = held_out is not None and len({image.defective for image in held_out.images}) == 2
        source = held_out if held_out is not None and measured else training.tagged
        rng = np.random.default_rng([seed, MOST_IMAGES])
        images = _balanced(source.images, MOST_IMAGES if measured else SAMPLES, rng)
        samples = _balanced(images, SAMPLES, rng)
        return cls(replace(source, images=tuple(images)), tuple(image.id for image in samples), measured)

    def look(
        self, model: TrainedModel, figures: dict[str, Any], epochs: int, store: FeatureStore, token: CancelToken
    ) -> Job[None]:
        """Add "ap" and, about six times in a phase and at its end, "samples" (a tuple of `Scored`) to the figures."""
        epoch = int(figures["epoch"])
        sampled = epoch == epochs or epoch % max(1, epochs // SAMPLED_EPOCHS) == 0
        if not sampled and not self.measured:
            return
        scored = yield from score(model, self.images, token, store=store)
        if self.measured:
            truth = [image.defective for image in self.images.images]
            figures["ap"] = average_precision(truth, [row.score for row in scored])
        if sampled:
            rows = {row.id: row for row in scored}
            figures["samples"] = tuple(rows[image] for image in self.samples)


def _balanced(images: tuple[SnapshotImage, ...], most: int, rng: np.random.Generator) -> tuple[SnapshotImage, ...]:
    """Up to `most` of the images in their order, half of them defective where there are enough of both."""
    chosen: set[int] = set()
    for defective in (True, False):
        ids = [image.id for image in images if image.defective is defective]
        share = most // 2 if defective else most - len(chosen)
        chosen.update(rng.permutation(ids)[:share].tolist())
    return tuple(image for image in images if image.id in chosen)
