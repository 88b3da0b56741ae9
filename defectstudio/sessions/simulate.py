"""An expert that answers panels from true label maps, with a stated error rate: for tests, studies and demonstrations.

[SIM, section 4] evaluates without a person. Each patch is perceived on its own: with probability `error` as something
else than it is. The anchor's label is corrected to what is perceived, and patches perceived alike are ticked, so the
error rate is that of the labels written. One answer follows from the seed and the panel's id alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, UNKNOWN, ImageId, LabelMap, is_class
from defectstudio.domain.refinement import Answer, Panel, Patch
from defectstudio.sessions.footprints import square

SECONDS = 3.0
"""How long an answer is taken to last: 200 of them are ten minutes."""


@dataclass(frozen=True)
class SimulatedExpert:
    """Answers from `truth(image)`, the true label map, (height, width) uint8.

    `error` 0..1; `classes` those there are; `patch` the side of what is seen, in pixels. With `shift` a patch with a
    defect anywhere in its inner half is taken for that defect, and moved to it where it is ticked.
    """

    truth: Callable[[ImageId], LabelMap]
    error: float = 0.0
    seed: int = 0
    classes: Sequence[int] = (1,)
    patch: int = 32
    shift: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.error <= 1:
            raise DefectStudioError(f"An error rate lies from 0 to 1, not {self.error:g}.", hint="5 % is 0.05.")

    @property
    def name(self) -> str:
        """Who answered, for the journal."""
        return f"simulated, error {self.error:g}, seed {self.seed}"

    def answer(self, panel: Panel) -> Answer:
        """Tick what is perceived as the anchor is."""
        rng = np.random.default_rng([self.seed, zlib.crc32(panel.id.encode())])
        anchor = self._mistaken(self._seen(panel.anchor.patch)[0], rng)
        ticked: list[bool] = []
        shifts: list[tuple[int, int] | None] = []
        for candidate in panel.candidates:
            label, centre = self._seen(candidate.patch)
            alike = self._mistaken(label, rng) == anchor
            ticked.append(alike)
            moved = alike and label == anchor and centre != (candidate.patch.row, candidate.patch.column)
            shifts.append(centre if moved else None)
        return Answer(tuple(ticked), anchor, tuple(shifts), not any(ticked), SECONDS)

    def _seen(self, patch: Patch) -> tuple[int, tuple[int, int]]:
        """The label of a patch, and the pixel that shows it best: its centre, or a defect near it."""
        truth, centre = self.truth(patch.image), (patch.row, patch.column)
        label = int(truth[centre])
        if not self.shift or is_class(label):
            return label, centre
        box = square(patch, self.patch // 2, truth.shape)
        part = truth[box.slices]
        rows, columns = np.nonzero((part != HEALTHY) & (part != UNKNOWN))
        if not rows.size:
            return label, centre
        at = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
        return int(part[rows[at], columns[at]]), (box.top + int(rows[at]), box.left + int(columns[at]))

    def _mistaken(self, label: int, rng: np.random.Generator) -> int:
        """The label as it is perceived; a number is drawn either way, so that error rates are comparable."""
        chance, others = rng.random(), [other for other in (HEALTHY, *self.classes) if other != label]
        pick = int(rng.integers(len(others)))
        return others[pick] if chance < self.error else label
