"""Similarity refinement in words: patches, the panel that is asked, its answer, and what the answer says of labels.

Clarkson, Edwards, Xie 2022 [SIM]: an expert sees an anchor and candidates and ticks those that show the same thing. A
ticked patch takes the anchor's label; an unticked patch that had the anchor's label is flipped. Departure: with several
defect classes "flipped" is healthy for a defect, and unknown for a healthy patch, since nobody said which defect it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, UNKNOWN, ImageId, is_class

SayKind: TypeAlias = Literal["refined", "observed"]
WriteMode: TypeAlias = Literal["pixel", "patch", "superpixel"]
StartKind: TypeAlias = Literal["roi", "model", "noise", "labels", "dense", "restored"]


@dataclass(frozen=True, slots=True)
class Patch:
    """A square of an image round its centre pixel (`row`, `column`), in image coordinates."""

    image: ImageId
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patch as a panel shows it.

    `label`: of the centre pixel when the panel was made; `p_defect` 0..1; `distance`: Euclidean, to the anchor, in the
    space of embeddings (0 for the anchor).
    """

    patch: Patch
    label: int
    p_defect: float
    distance: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: which candidates show what the anchor shows?

    Up to five `positives` (the anchor's label, farthest first) and five `negatives` (another label, nearest first).
    `blind_of`: the panel of which this is shown again to see whether the answer is the same, "" for a new one.
    """

    id: str
    round: int
    anchor: Candidate
    positives: tuple[Candidate, ...]
    negatives: tuple[Candidate, ...]
    blind_of: str = ""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Positives, then negatives: the order of `Answer.ticked` and of the keys."""
        return self.positives + self.negatives


@dataclass(frozen=True, slots=True)
class Answer:
    """What the expert said of a panel, one entry a candidate.

    `shifts`: the new centre (row, column) of a ticked patch in its image, None where it stays. `anchor_label`: the
    anchor's label as the expert sees it. `none`: said with one key that no candidate is alike. `seconds` it took.
    """

    ticked: tuple[bool, ...]
    anchor_label: int
    shifts: tuple[tuple[int, int] | None, ...]
    none: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class LabelledPatch:
    """What an answer said of a patch: its label was changed or its centre moved ("refined"), or confirmed."""

    patch: Patch
    label: int
    kind: SayKind


@dataclass(frozen=True, slots=True)
class PanelAnswered:
    """A panel was answered (`present`), or its answer taken back. The labels it changed are `Painted` beside it.

    `write`: what an answer writes of each patch; `expert`: who answered where it was no person, "" a person.
    """

    panel: Panel
    answer: Answer
    write: WriteMode = "pixel"
    expert: str = ""
    present: bool = True

    def inverse(self) -> PanelAnswered:
        return replace(self, present=not self.present)


@dataclass(frozen=True, slots=True)
class MapsStarted:
    """Label maps were made by a machine to start from (`present`), or taken back; the maps are `Painted` beside it.

    `id` is unique; `kind` how they were made, `detail` from what (a run, a seed, a round, a threshold) in words.
    """

    id: str
    kind: StartKind
    detail: str
    present: bool = True

    def inverse(self) -> MapsStarted:
        return replace(self, present=not self.present)


RefinementEvent: TypeAlias = PanelAnswered | MapsStarted


def check_answer(panel: Panel, answer: Answer) -> None:
    """Raise DefectStudioError unless `answer` fits `panel`."""
    count = len(panel.candidates)
    if len(answer.ticked) != count or len(answer.shifts) != count:
        raise DefectStudioError(f"This panel has {count} candidates.", hint="Answer each of them.")
    if answer.none and any(answer.ticked):
        raise DefectStudioError("None is alike and some are: these contradict each other.", hint="Say one of the two.")
    if any(shift and not ticked for shift, ticked in zip(answer.shifts, answer.ticked, strict=True)):
        raise DefectStudioError("Only a ticked patch can be moved.", hint="Tick it first.")


def flipped(label: int, classes: Sequence[int]) -> int:
    """What a patch is that is not `label`: healthy for a defect; for healthy the only class there is, else unknown."""
    if is_class(label):
        return HEALTHY
    return classes[0] if label == HEALTHY and len(classes) == 1 else UNKNOWN


def consequences(panel: Panel, answer: Answer, *, classes: Sequence[int] = (1,)) -> list[LabelledPatch]:
    """What an answer says of the anchor and of each candidate [SIM], the anchor first.

    `classes`: the indices of the project's defect classes; with one alone, a flipped patch takes the other label.
    A patch that is flipped to unknown is "refined" too. Raises DefectStudioError when the answer does not fit.
    """
    check_answer(panel, answer)
    kept: SayKind = "observed" if answer.anchor_label == panel.anchor.label else "refined"
    said = [LabelledPatch(panel.anchor.patch, answer.anchor_label, kept)]
    for candidate, ticked, shift in zip(panel.candidates, answer.ticked, answer.shifts, strict=True):
        said.append(_said(candidate, ticked, shift, answer.anchor_label, classes))
    return said


def _said(
    candidate: Candidate, ticked: bool, shift: tuple[int, int] | None, label: int, classes: Sequence[int]
) -> LabelledPatch:
    patch = candidate.patch
    if ticked:
        centre = patch if shift is None else Patch(patch.image, *shift)
        kind: SayKind = "observed" if centre == patch and candidate.label == label else "refined"
        return LabelledPatch(centre, label, kind)
    if candidate.label == label:
        return LabelledPatch(patch, flipped(label, classes), "refined")
    return LabelledPatch(patch, candidate.label, "observed")
