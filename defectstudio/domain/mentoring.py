"""Mentoring in words: a detection, what an operator says of it, and the approval of a run.

Cordier, Das, Gutierrez 2021 [MENTOR]: an operator confirms or rejects the detections of a deployed model, one key each.
Departures, which the paper names as open: a detection can be given another class, a missed defect can be marked, and
"not sure" leaves what is unknown unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, Box, ImageId, is_class

VerdictKind: TypeAlias = Literal["confirmed", "rejected", "not sure", "other class", "missed"]
ApprovalKind: TypeAlias = Literal["approved", "rejected"]
Head: TypeAlias = Literal["cells", "boxes"]
"""What detections come from: the cells of the segmentation, or the detector of boxes that a run may have."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What a run found in an image: `box` in pixels of the image, `confidence` 0..1, the class it took it for.

    `id` is unique in a project. A defect that a person marked as missed is a detection too, of confidence 0 and run "".
    """

    id: str
    image: ImageId
    run: str
    box: Box
    class_index: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an operator said of a detection. `class_index`: what it shows, HEALTHY where it was rejected.

    `seconds`: how long the operator took.
    """

    detection: Detection
    kind: VerdictKind
    class_index: int
    seconds: float = 0.0

    @property
    def label(self) -> int | None:
        """The label value that the verdict gives the area of the detection, None where it says nothing."""
        if self.kind == "not sure":
            return None
        return HEALTHY if self.kind == "rejected" else self.class_index


def judged(detection: Detection, kind: VerdictKind, class_index: int | None = None, seconds: float = 0.0) -> Judgement:
    """A judgement that makes sense of `class_index`, which only "other class" and "missed" need.

    Raises DefectStudioError when they lack one, or when "other class" names the class that the detection has.
    """
    if kind == "rejected":
        return Judgement(detection, kind, HEALTHY, seconds)
    index = detection.class_index if class_index is None or kind in {"confirmed", "not sure"} else class_index
    if not is_class(index):
        raise DefectStudioError(f"{index} is no defect class.", hint="Choose one of the classes of the project.")
    if kind == "other class" and index == detection.class_index:
        kind = "confirmed"
    return Judgement(detection, kind, index, seconds)


@dataclass(frozen=True, slots=True)
class DetectionJudged:
    """An operator judged a detection (`before` None), changed the verdict, or took it back (`after` None).

    What it says of the label map is a `Painted` beside it.
    """

    image: ImageId
    id: str
    before: Judgement | None
    after: Judgement | None

    def inverse(self) -> DetectionJudged:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody put a run to work (or refused it as a candidate), and on what terms.

    `weights`: their SHA-256. `thresholds`: (class, confidence from which a detection counts) pairs, class 0 for what
    holds for the image as a whole. `when`: UTC, ISO 8601. `fitted_on`: which images the thresholds were fitted on,
    "" where somebody set them. `cuts`: (class, where heat maps are cut into detections) pairs; without any, all are cut
    where the run itself says, as approvals were before there were cuts. `box_weights` and `box_thresholds`: the same
    of the run's detector of boxes, "" and none where it has none.
    """

    kind: ApprovalKind
    weights: str
    thresholds: tuple[tuple[int, float], ...]
    who: str
    when: str
    reason: str = ""
    fitted_on: str = ""
    cuts: tuple[tuple[int, float], ...] = ()
    box_weights: str = ""
    box_thresholds: tuple[tuple[int, float], ...] = ()

    def threshold(self, class_index: int, otherwise: float = 0.5) -> float:
        """From which confidence on a detection of this class counts."""
        return dict(self.thresholds).get(class_index, otherwise)

    def of_head(self, head: Head) -> Approval:
        """The same approval with the thresholds of one head as its thresholds."""
        return self if head == "cells" else replace(self, thresholds=self.box_thresholds)


@dataclass(frozen=True, slots=True)
class RunApproved:
    """A run was approved or rejected (`after`), or that was taken back (`after` as it was before)."""

    run: str
    before: Approval | None
    after: Approval | None

    def inverse(self) -> RunApproved:
        return replace(self, before=self.after, after=self.before)
