"""Why an image is asked for, in words a person can check."""

from __future__ import annotations

from defectstudio.acquisition.scores import OURS
from defectstudio.domain.events import QueueMark

UNLIKE = 0.75
"""From which share of the pool, looking more like what is segmented, an image counts as unlike it."""
UNSURE = 0.2
"""How far from 1/2 a probability is still no opinion."""


def reason(
    strategy: str,
    p: float | None,
    mark: QueueMark | None,
    novelty: float | None,
    ahead_of_class: str,
    masks: int,
) -> str:
    """The reason for one image; `p`: P(defect) out of fold, `novelty` in 0..1, None: not known.

    `ahead_of_class`: the class for whose sake it goes ahead ("" none), which has `masks` masks.
    """
    if mark is not None:
        return _of_mark(mark)
    if ahead_of_class:
        return few_masks(ahead_of_class, masks)
    if p is None:
        return "not scored yet"
    if strategy == "random":
        return "drawn at random"
    if strategy == OURS and novelty is not None and novelty >= UNLIKE and novelty >= 2 * abs(p - 0.5):
        return "unlike anything segmented so far"
    return doubt(p)


def doubt(p: float) -> str:
    """What the model's answer to a defective image says of it."""
    if abs(p - 0.5) <= UNSURE:
        return f"the model is unsure: {p:.2f}"
    if p < 0.5:
        return f"tagged defective, yet the model gives {p:.2f}"
    return f"the model is sure of the tag ({p:.2f}), not of where the defect is"


def few_masks(name: str, masks: int) -> str:
    """How little there is of a class."""
    if masks == 0:
        return f"class {name} has no mask yet"
    return f"class {name} has only {masks} {'mask' if masks == 1 else 'masks'}"


def _of_mark(mark: QueueMark) -> str:
    said = {"pinned": "pinned", "later": "skipped for now", "never": "skipped for ever"}[mark.kind]
    return f"{said}: {mark.reason}" if mark.reason else said
