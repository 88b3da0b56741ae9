"""Images and pixels in words, for the status bar."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from defectstudio.domain.labels import HEALTHY, UNKNOWN, DefectClass
from defectstudio.domain.state import ImageState
from defectstudio.ui.translations import decimal
from defectstudio.ui.viewer import Reading
from defectstudio.ui.words import verdict_word


def _tr(text: str) -> str:
    return QCoreApplication.translate("describe", text)


def about_image(entry: ImageState, score: float | None) -> str:
    """One line: name, size, depth, split, tag, score."""
    info = entry.info
    color = _tr("grey") if info.channels == 1 else _tr("colour")
    parts = [info.name, f"{info.width} × {info.height}", _tr("{0}-bit {1}").format(info.bits, color)]
    if entry.placement.split:
        parts.append(entry.placement.split)
    parts.append(verdict_word(entry.tag.verdict))
    if score is not None:
        parts.append(_tr("score {0}").format(decimal(score, 3)))
    return "   ·   ".join(parts)


def about_reading(reading: Reading, classes: Mapping[int, DefectClass]) -> str:
    """One line: where the cursor is, the pixel's value, label and heat."""
    parts = [f"x {reading.column}, y {reading.row}"]
    if reading.value is not None:
        parts.append(_tr("value {0}").format(" ".join(str(v) for v in reading.value)))
    if reading.label is not None:
        parts.append(_label(reading.label, classes))
    if reading.heat is not None:
        parts.append(_tr("heat {0}").format(decimal(reading.heat, 2)))
    return "   ·   ".join(parts)


def _label(value: int, classes: Mapping[int, DefectClass]) -> str:
    if value == HEALTHY:
        return _tr("healthy")
    if value == UNKNOWN:
        return _tr("unknown")
    return classes[value].name if value in classes else _tr("class {0}").format(value)
