"""What a detector in training saw in a few fixed images, epoch after epoch, kept small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.predictions import Scored
from defectstudio.domain.labels import ImageId

MOST_STEPS = 200
LONGEST_SIDE = 128


@dataclass(frozen=True, slots=True)
class Sample:
    """P(defect) of one image and its heat map (h, w) in 0..1, at most `LONGEST_SIDE` a side."""

    image: ImageId
    score: float
    heat: NDArray[np.float16]

    @classmethod
    def of(cls, scored: Scored) -> Sample:
        """Keep of a prediction what a thumbnail can show; of cells that are merged the hottest counts."""
        return cls(scored.id, scored.score, shrunk(scored.heat))


def shrunk(heat: NDArray[np.float16]) -> NDArray[np.float16]:
    """A heat map of at most `LONGEST_SIDE` a side, by the maximum over square cells."""
    step = -(-max(heat.shape) // LONGEST_SIDE)
    if step <= 1:
        return heat
    height, width = (-(-side // step) for side in heat.shape)
    padded = np.zeros((height * step, width * step), heat.dtype)
    padded[: heat.shape[0], : heat.shape[1]] = heat
    return np.asarray(padded.reshape(height, step, width, step).max(axis=(1, 3)))


class SampleHistory:
    """Samples by epoch, oldest first; where there are too many every second step goes, never the newest."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, tuple[Sample, ...]]] = []

    def add(self, epoch: int, scored: Sequence[Scored]) -> None:
        """The samples at the end of an epoch; those of the same epoch are replaced."""
        if self.steps and self.steps[-1][0] == epoch:
            self.steps.pop()
        self.steps.append((epoch, tuple(Sample.of(one) for one in scored)))
        if len(self.steps) > MOST_STEPS:
            self.steps = self.steps[1::2] if len(self.steps) % 2 == 0 else self.steps[::2]
