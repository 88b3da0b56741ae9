"""What the answered panels of a project say, taken together: patches to train on, contradictions, self-agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.labels import HEALTHY, UNKNOWN, ImageId, Verdict
from defectstudio.domain.refinement import Answer, LabelledPatch, PanelAnswered, Patch, consequences
from defectstudio.domain.state import LabelState


@dataclass(frozen=True, slots=True)
class Contested:
    """A patch of which different things were said: `labels` and the `panels` that said them, oldest first.

    The tag of a good image is the first to speak, as the panel "".
    """

    patch: Patch
    labels: tuple[int, ...]
    panels: tuple[str, ...]


def label_at(state: LabelState, patch: Patch) -> int:
    """The label of a patch's centre pixel as it is now; of an image tagged good: healthy."""
    return int(labels_at(state, patch.image, np.array([patch.row]), np.array([patch.column]))[0])


def labels_at(
    state: LabelState, image: ImageId, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> NDArray[np.uint8]:
    """The labels of some pixels of an image, (n,) uint8; unknown where the image has left the project."""
    entry = state.images.get(image)
    if entry is None or not entry.present:
        return np.full(rows.size, UNKNOWN, np.uint8)
    if entry.tag.verdict is Verdict.GOOD:
        return np.full(rows.size, HEALTHY, np.uint8)
    drawn = state.label_map(image)
    return np.full(rows.size, UNKNOWN, np.uint8) if drawn is None else drawn[rows, columns]


def class_indices(state: LabelState) -> tuple[int, ...]:
    """The defect classes that an answer may name; class 1 where the project has none yet."""
    return tuple(sorted(state.classes)) or (1,)


def said_patches(state: LabelState) -> list[LabelledPatch]:
    """What answers said of patches and label maps still say: the user refined and observed patches of [SIM].

    The newest answer about a patch counts. Panels shown again blind test the expert and teach nothing.
    """
    classes = class_indices(state)
    said: dict[Patch, LabelledPatch] = {}
    for event in state.answers.values():
        if not event.panel.blind_of:
            said |= {found.patch: found for found in consequences(event.panel, event.answer, classes=classes)}
    return [found for found in said.values() if found.label == label_at(state, found.patch) != UNKNOWN]


def contested(state: LabelState) -> list[Contested]:
    """Patches of which answers said different things, or that an answer called defective on an image tagged good."""
    classes = class_indices(state)
    said: dict[Patch, list[tuple[int, str]]] = {}
    for event in state.answers.values():
        for found in consequences(event.panel, event.answer, classes=classes):
            said.setdefault(found.patch, _tagged_good(state, found.patch)).append((found.label, event.panel.id))
    return [
        Contested(patch, tuple(label for label, _ in words), tuple(panel for _, panel in words))
        for patch, words in said.items()
        if len({label for label, _ in words}) > 1
    ]


def _tagged_good(state: LabelState, patch: Patch) -> list[tuple[int, str]]:
    entry = state.images.get(patch.image)
    return [(HEALTHY, "")] if entry is not None and entry.tag.verdict is Verdict.GOOD else []


def self_agreement(answers: Iterable[PanelAnswered]) -> float | None:
    """The share, 0..1, of candidates and anchors of which the same was said when shown again; None where none was."""
    known = {event.panel.id: event.answer for event in answers}
    pairs = [(known[e.panel.blind_of], e.answer) for e in answers if e.panel.blind_of in known]
    same = [alike for first, again in pairs for alike in _alike(first, again)]
    return float(np.mean(same)) if same else None


def _alike(first: Answer, again: Answer) -> list[bool]:
    ticks = [one == other for one, other in zip(first.ticked, again.ticked, strict=True)]
    return [*ticks, first.anchor_label == again.anchor_label]


def flips(answers: Sequence[PanelAnswered], classes: Sequence[int]) -> int:
    """How many labels the answers changed (moved patches that took their anchor's label count too)."""
    new = [event for event in answers if not event.panel.blind_of]
    said = (found for event in new for found in consequences(event.panel, event.answer, classes=classes))
    return sum(found.kind == "refined" for found in said)
