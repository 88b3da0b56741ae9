"""Names of steps in the user's language. The journal keeps them in English, whatever language the window speaks."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

CONTEXT = "Gestures"

_NAMES: tuple[Any, ...] = (
    QT_TRANSLATE_NOOP("Gestures", "tag good"),
    QT_TRANSLATE_NOOP("Gestures", "tag defective"),
    QT_TRANSLATE_NOOP("Gestures", "tag unlabelled"),
    QT_TRANSLATE_NOOP("Gestures", "mark the rest healthy"),
    QT_TRANSLATE_NOOP("Gestures", "mark the rest unknown"),
    QT_TRANSLATE_NOOP("Gestures", "copy defects"),
    QT_TRANSLATE_NOOP("Gestures", "delete region"),
    QT_TRANSLATE_NOOP("Gestures", "move region"),
    QT_TRANSLATE_NOOP("Gestures", "grow region"),
    QT_TRANSLATE_NOOP("Gestures", "shrink region"),
    QT_TRANSLATE_NOOP("Gestures", "smooth region"),
    QT_TRANSLATE_NOOP("Gestures", "fill holes"),
    QT_TRANSLATE_NOOP("Gestures", "mark to do"),
    QT_TRANSLATE_NOOP("Gestures", "mark in work"),
    QT_TRANSLATE_NOOP("Gestures", "mark done"),
    QT_TRANSLATE_NOOP("Gestures", "mark flagged"),
    QT_TRANSLATE_NOOP("Gestures", "add note"),
    QT_TRANSLATE_NOOP("Gestures", "change note"),
    QT_TRANSLATE_NOOP("Gestures", "remove note"),
    QT_TRANSLATE_NOOP("Gestures", "erase"),
    QT_TRANSLATE_NOOP("Gestures", "finish image"),
    QT_TRANSLATE_NOOP("Gestures", "confirm detection"),
    QT_TRANSLATE_NOOP("Gestures", "reject detection"),
    QT_TRANSLATE_NOOP("Gestures", "not sure of detection"),
    QT_TRANSLATE_NOOP("Gestures", "change class of detection"),
    QT_TRANSLATE_NOOP("Gestures", "mark missed defect"),
    QT_TRANSLATE_NOOP("Gestures", "part is good"),
    QT_TRANSLATE_NOOP("Gestures", "add an exemplar to the book"),
    QT_TRANSLATE_NOOP("Gestures", "add a look-alike to the book"),
    QT_TRANSLATE_NOOP("Gestures", "remove from the book"),
    QT_TRANSLATE_NOOP("Gestures", "move in the book"),
    QT_TRANSLATE_NOOP("Gestures", "caption in the book"),
    QT_TRANSLATE_NOOP("Gestures", "second look"),
    QT_TRANSLATE_NOOP("Gestures", "settle a second look"),
    QT_TRANSLATE_NOOP("Gestures", "healthy"),
    QT_TRANSLATE_NOOP("Gestures", "unknown"),
    QT_TRANSLATE_NOOP("Gestures", "third verdict: keep the first"),
    QT_TRANSLATE_NOOP("Gestures", "third verdict: keep the second"),
    QT_TRANSLATE_NOOP("Gestures", "third verdict: drawn anew"),
)
_WITH_PARTS: tuple[Any, ...] = (
    QT_TRANSLATE_NOOP("Gestures", "undo {0}"),
    QT_TRANSLATE_NOOP("Gestures", "redo {0}"),
    QT_TRANSLATE_NOOP("Gestures", "import {0} images from {1}"),
    QT_TRANSLATE_NOOP("Gestures", "move to split {0}"),
    QT_TRANSLATE_NOOP("Gestures", "train {0}"),
    QT_TRANSLATE_NOOP("Gestures", "change region to {0}"),
    QT_TRANSLATE_NOOP("Gestures", "add class {0}"),
    QT_TRANSLATE_NOOP("Gestures", "rename class {0} to {1}"),
    QT_TRANSLATE_NOOP("Gestures", "change colour of {0}"),
    QT_TRANSLATE_NOOP("Gestures", "merge {0} into {1}"),
    QT_TRANSLATE_NOOP("Gestures", "delete class {0}"),
    QT_TRANSLATE_NOOP("Gestures", "paint {0}"),
    QT_TRANSLATE_NOOP("Gestures", "rename run {0} to {1}"),
    QT_TRANSLATE_NOOP("Gestures", "note on run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "star run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "star {0} runs"),
    QT_TRANSLATE_NOOP("Gestures", "unstar run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "unstar {0} runs"),
    QT_TRANSLATE_NOOP("Gestures", "delete run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "delete {0} runs"),
    QT_TRANSLATE_NOOP("Gestures", "restore run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "pin {0}"),
    QT_TRANSLATE_NOOP("Gestures", "skip {0} for now"),
    QT_TRANSLATE_NOOP("Gestures", "skip {0} for ever"),
    QT_TRANSLATE_NOOP("Gestures", "give {0} back to the queue"),
    QT_TRANSLATE_NOOP("Gestures", "move {0} in the queue"),
    QT_TRANSLATE_NOOP("Gestures", "confirm the tag of {0}"),
    QT_TRANSLATE_NOOP("Gestures", "answer panel {0} of round {1}"),
    QT_TRANSLATE_NOOP("Gestures", "start refining from {0}"),
    QT_TRANSLATE_NOOP("Gestures", "restore the maps of {0}"),
    QT_TRANSLATE_NOOP("Gestures", "accept the dense maps of round {0}"),
    QT_TRANSLATE_NOOP("Gestures", "approve run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "reject run {0}"),
    QT_TRANSLATE_NOOP("Gestures", "confirm detections: {0}"),
    QT_TRANSLATE_NOOP("Gestures", "reject detections: {0}"),
    QT_TRANSLATE_NOOP("Gestures", "not sure of detections: {0}"),
    QT_TRANSLATE_NOOP("Gestures", "define {0}"),
    QT_TRANSLATE_NOOP("Gestures", "propose entries of the book: {0}"),
    QT_TRANSLATE_NOOP("Gestures", "{0} images"),
)
_PATTERNS = [(re.compile(re.sub(r"\\\{\d\\\}", "(.+)", re.escape(text))), str(text)) for text in _WITH_PARTS]


def gesture_said(name: str) -> str:
    """The name of a step as the journal has it, in the user's language; unknown names stay as they are."""
    said = QCoreApplication.translate(CONTEXT, name)
    if said != name or name in _NAMES:
        return said
    for pattern, text in _PATTERNS:
        found = pattern.fullmatch(name)
        if found is not None:
            parts = [gesture_said(part) for part in found.groups()]
            return QCoreApplication.translate(CONTEXT, text).format(*parts)
    return name
