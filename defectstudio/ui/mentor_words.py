"""Words of the Mentor workspace: detections, verdicts and counters in the user's language."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from defectstudio.domain.labels import DefectClass, class_color
from defectstudio.domain.mentoring import Approval, Detection
from defectstudio.ui.translations import decimal

NO_FIGURE = "–"


def class_word(classes: Mapping[int, DefectClass], index: int) -> str:
    """The name of a defect class; one that was removed since is called by its number."""
    known = classes.get(index)
    return known.name if known is not None else QCoreApplication.translate("Mentor", "class {0}").format(index)


def class_tone(classes: Mapping[int, DefectClass], index: int) -> str:
    """The display colour of a defect class, #rrggbb."""
    known = classes.get(index)
    return known.color if known is not None else class_color(index)


def verdict_said(kind: str) -> str:
    """What was said of a detection, in a word or two."""
    translate = QCoreApplication.translate
    return {
        "confirmed": translate("Mentor", "Confirmed"),
        "rejected": translate("Mentor", "Rejected"),
        "not sure": translate("Mentor", "Not sure"),
        "other class": translate("Mentor", "Other class"),
        "missed": translate("Mentor", "Missed defect"),
    }.get(kind, kind)


VERDICT_ROLES = {
    "confirmed": ("tag-defective", "defective"),
    "rejected": ("tag-good", "good"),
    "not sure": ("tag-unlabelled", "unlabelled"),
    "other class": ("rename", "defective"),
    "missed": ("add", "defective"),
}
"""Icon and colour role of the theme of each verdict."""


def detection_said(detection: Detection, classes: Mapping[int, DefectClass]) -> str:
    """Class and confidence: "scratch 0.87"."""
    return f"{class_word(classes, detection.class_index)} {decimal(detection.confidence, 2)}"


def terms_said(approval: Approval, classes: Mapping[int, DefectClass]) -> str:
    """From which confidence on detections count, what that was fitted on, and where heat maps are cut."""
    translate = QCoreApplication.translate
    terms, cuts, boxes = (
        ", ".join(f"{class_word(classes, k)} {decimal(v, 2)}" for k, v in pairs if k in classes)
        for pairs in (approval.thresholds, approval.cuts, approval.box_thresholds)
    )
    said = [translate("Mentor", "Detections count from {0} ({1}).").format(terms, fitted_said(approval.fitted_on))]
    if cuts:
        said.append(translate("Mentor", "Heat maps are cut at {0}.").format(cuts))
    if boxes:
        said.append(translate("Mentor", "Boxes of its detector count from {0}.").format(boxes))
    return " ".join(said)


def head_choice(parent: QWidget | None = None) -> QComboBox:
    """Which of the two heads of a run does something: the cells of the heat map, or its detector of boxes."""
    translate = QCoreApplication.translate
    choice = QComboBox(parent)
    choice.addItem(translate("Mentor", "Heat map"), "cells")
    choice.addItem(translate("Mentor", "Detector of boxes"), "boxes")
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(8)
    return choice


def fitted_said(source: str) -> str:
    """What thresholds were fitted on."""
    translate = QCoreApplication.translate
    return {
        "validation": translate("Mentor", "fitted on validation images"),
        "held-out": translate("Mentor", "fitted on images that did not train it"),
        "folds": translate("Mentor", "fitted by fold models on images that they did not see"),
        "base": translate("Mentor", "as of the run that it came from"),
    }.get(source, translate("Mentor", "not fitted"))


def decisions_said(count: int, seconds: float) -> str:
    """How many decisions were made, and how long one took."""
    said = QCoreApplication.translate("Mentor", "%Ln decision(s)", "", count)
    if count and seconds > 0:
        said += " · " + QCoreApplication.translate("Mentor", "{0} s each").format(decimal(seconds, 1))
    return said


def until_training_said(count: int) -> str:
    """How many decisions are missing until a training is worth it."""
    translate = QCoreApplication.translate
    if count <= 0:
        return translate("Mentor", "enough for the next training")
    return translate("Mentor", "%Ln more until the next training", "", count)


def waiting_said(count: int) -> str:
    """How many detections wait for a verdict."""
    return QCoreApplication.translate("Mentor", "%Ln waiting", "", count)


def figure(value: float | None, digits: int = 3) -> str:
    """A figure of a table, or a dash where there is none (None or not a number)."""
    return NO_FIGURE if value is None or math.isnan(value) else decimal(value, digits)


def change(before: float | None, after: float | None, digits: int = 3) -> str:
    """The signed difference of two figures, "" where one is missing."""
    if before is None or after is None or math.isnan(before) or math.isnan(after):
        return ""
    return f"{'+' if after >= before else '−'}{decimal(abs(after - before), digits)}"


def files_said(count: int) -> str:
    """So many files."""
    return QCoreApplication.translate("Mentor", "%Ln file(s)", "", count)
