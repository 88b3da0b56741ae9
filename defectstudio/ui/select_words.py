"""Words of the Select workspace: strategies, and what the ranking says of an image, in the user's language."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from defectstudio.domain.state import ImageState
from defectstudio.ui.translations import decimal
from defectstudio.ui.words import split_word, verdict_word


def strategy_word(strategy: str) -> str:
    """The name of a strategy as the list of them has it."""
    translate = QCoreApplication.translate
    return {
        "ours": translate("Select", "Unsure and unlike"),
        "least-confidence": translate("Select", "Doubted most"),
        "entropy": translate("Select", "Unsure (entropy)"),
        "margin": translate("Select", "Unsure (margin)"),
        "average-margin": translate("Select", "Unsure of its class"),
        "random": translate("Select", "At random"),
    }.get(strategy, strategy)


def strategy_help(strategy: str) -> str:
    """What a strategy does, in a sentence."""
    translate = QCoreApplication.translate
    return {
        "ours": translate("Select", "Images of which the model is unsure, and unlike those that have a mask."),
        "least-confidence": translate("Select", "Images tagged defective in which the model sees least of a defect."),
        "entropy": translate("Select", "Images on which the model is undecided between good and defective."),
        "margin": translate("Select", "Images on which good and defective are nearly level."),
        "average-margin": translate("Select", "Images whose defect class the model cannot tell."),
        "random": translate("Select", "Any order: what every other strategy must beat."),
    }.get(strategy, "")


def image_said(entry: ImageState, score: float | None) -> str:
    """An image in a few words: name, tag, split, group, score."""
    parts = [entry.info.name, verdict_word(entry.tag.verdict), split_word(entry.placement.split)]
    if entry.placement.group:
        parts.append(entry.placement.group)
    if score is not None:
        parts.append(QCoreApplication.translate("Select", "score {0}").format(decimal(score, 2)))
    return ", ".join(parts)


_REASONS: tuple[Any, ...] = (
    QT_TRANSLATE_NOOP("Reasons", "drawn at random"),
    QT_TRANSLATE_NOOP("Reasons", "not scored yet"),
    QT_TRANSLATE_NOOP("Reasons", "unlike anything segmented so far"),
    QT_TRANSLATE_NOOP("Reasons", "pinned"),
    QT_TRANSLATE_NOOP("Reasons", "skipped for now"),
    QT_TRANSLATE_NOOP("Reasons", "skipped for ever"),
    QT_TRANSLATE_NOOP("Reasons", "tagged good, and its whole label map is healthy"),
    QT_TRANSLATE_NOOP("Reasons", "tagged defective, and its whole label map is healthy"),
)
_WITH_PARTS: tuple[Any, ...] = (
    QT_TRANSLATE_NOOP("Reasons", "the model is unsure: {0}"),
    QT_TRANSLATE_NOOP("Reasons", "tagged defective, yet the model gives {0}"),
    QT_TRANSLATE_NOOP("Reasons", "the model is sure of the tag ({0}), not of where the defect is"),
    QT_TRANSLATE_NOOP("Reasons", "class {0} has no mask yet"),
    QT_TRANSLATE_NOOP("Reasons", "class {0} has only {1} mask"),
    QT_TRANSLATE_NOOP("Reasons", "class {0} has only {1} masks"),
    QT_TRANSLATE_NOOP("Reasons", "tagged good, yet a model that never saw it gives {0}"),
    QT_TRANSLATE_NOOP("Reasons", "tagged defective, yet a model that never saw it gives {0}"),
    QT_TRANSLATE_NOOP("Reasons", "tagged good, yet {0} of {1} other images of its group are tagged defective"),
    QT_TRANSLATE_NOOP("Reasons", "tagged defective, yet {0} of {1} other images of its group are tagged good"),
    QT_TRANSLATE_NOOP("Reasons", "pinned: {0}"),
    QT_TRANSLATE_NOOP("Reasons", "skipped for now: {0}"),
    QT_TRANSLATE_NOOP("Reasons", "skipped for ever: {0}"),
)
_PATTERNS = [(re.compile(re.sub(r"\\\{\d\\\}", "(.+)", re.escape(text))), str(text)) for text in _WITH_PARTS]
_FIGURE = re.compile(r"\d\.\d+")


def reason_said(reason: str) -> str:
    """A reason of the ranking in the user's language; one that is not known stays as it is."""
    if reason in _REASONS:
        return QCoreApplication.translate("Reasons", reason)
    for pattern, text in _PATTERNS:
        found = pattern.fullmatch(reason)
        if found is not None:
            parts = [decimal(float(p), 2) if _FIGURE.fullmatch(p) else p for p in found.groups()]
            return QCoreApplication.translate("Reasons", text).format(*parts)
    return reason
