"""An operator who answers from the true label maps, with an error rate: for studies of mentoring without a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from defectstudio.domain.labels import ImageId, LabelMap, class_pixels
from defectstudio.domain.mentoring import Detection, VerdictKind

LEAST_SHARE = 0.1
"""So much of a box must be defect for the operator to see one in it; a thin crack fills little of its box."""
LEAST_CAUGHT = 0.3
"""Or so much of the defect pixels around must lie in it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the operator says of one detection: the kind, and the class where it is another one."""

    kind: VerdictKind
    class_index: int | None = None


class SimulatedOperator:
    """Judges detections by `truth(image)`, the true label map (height, width) of an image.

    With probability `error` the verdict is the wrong one: a defect is rejected, a false alarm confirmed. Of a detection
    the answer is always the same, whatever was asked before it.
    """

    def __init__(self, truth: Callable[[ImageId], LabelMap], error: float = 0.0, seed: int = 0) -> None:
        self.truth, self.error, self.seed = truth, error, seed

    def judge(self, detection: Detection) -> Said:
        """The verdict on one detection."""
        shown = self._shown(detection)
        box = detection.box
        place = (detection.image, box.top, box.left, box.bottom, box.right)
        if np.random.default_rng([self.seed, *place]).random() < self.error:
            return Said("confirmed") if shown is None else Said("rejected")
        if shown is None:
            return Said("rejected")
        return Said("confirmed") if shown == detection.class_index else Said("other class", shown)

    def _shown(self, detection: Detection) -> int | None:
        """The class that fills most of the box, None where there is too little of a defect."""
        truth = self.truth(detection.image)
        inside = truth[detection.box.slices]
        defects = inside[class_pixels(inside)]
        if defects.size == 0:
            return None
        caught = defects.size / int(class_pixels(truth).sum())
        if defects.size < LEAST_SHARE * inside.size and caught < LEAST_CAUGHT:
            return None
        return int(np.bincount(defects).argmax())
