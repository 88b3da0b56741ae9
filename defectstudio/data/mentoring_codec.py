"""Judgements and approvals as lists of plain values, and back. What is written here loads for ever."""

from __future__ import annotations

from typing import Any, cast, get_args

from defectstudio.domain.labels import Box
from defectstudio.domain.mentoring import Approval, ApprovalKind, Detection, Judgement, VerdictKind


def detection_values(detection: Detection) -> list[Any]:
    """A detection without its image, which stands beside it."""
    box = detection.box
    place = [box.top, box.left, box.bottom, box.right]
    return [detection.id, detection.run, place, detection.class_index, detection.confidence]


def read_detection(values: list[Any], image: int) -> Detection:
    """Raises ValueError or TypeError on values that make no sense."""
    identity, run, place, class_index, confidence = values
    box = Box(*(int(side) for side in place))
    return Detection(str(identity), image, str(run), box, int(class_index), float(confidence))


def judgement_values(judgement: Judgement | None) -> list[Any] | None:
    if judgement is None:
        return None
    return [detection_values(judgement.detection), judgement.kind, judgement.class_index, judgement.seconds]


def read_judgement(values: list[Any] | None, image: int) -> Judgement | None:
    """Raises ValueError for a kind of verdict that does not exist."""
    if values is None:
        return None
    if values[1] not in get_args(VerdictKind):
        raise ValueError(values[1])
    kind = cast(VerdictKind, values[1])
    return Judgement(read_detection(values[0], image), kind, int(values[2]), float(values[3]))


def approval_values(approval: Approval | None) -> list[Any] | None:
    if approval is None:
        return None
    a = approval
    values = [a.kind, a.weights, [list(pair) for pair in a.thresholds], a.who, a.when, a.reason]
    cuts, box_thresholds = ([list(pair) for pair in pairs] for pairs in (a.cuts, a.box_thresholds))
    later: list[Any] = [a.fitted_on, cuts, a.box_weights, box_thresholds]
    while later and not later[-1]:  # what older journals hold is shorter, and is written back as it was
        later.pop()
    return [*values, *later]


def read_approval(values: list[Any] | None) -> Approval | None:
    """Raises ValueError for a kind of approval that does not exist."""
    if values is None:
        return None
    kind, weights, pairs, who, when, reason, *later = values
    if kind not in get_args(ApprovalKind):
        raise ValueError(kind)
    missing: list[Any] = ["", [], "", []]
    fitted_on, cuts, box_weights, box_thresholds = [*later, *missing[len(later) :]]
    said = (str(who), str(when), str(reason), str(fitted_on))
    boxes = (_pairs(cuts), str(box_weights), _pairs(box_thresholds))
    return Approval(cast(ApprovalKind, kind), str(weights), _pairs(pairs), *said, *boxes)


def _pairs(values: list[Any]) -> tuple[tuple[int, float], ...]:
    return tuple((int(index), float(value)) for index, value in values)
