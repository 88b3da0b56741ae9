"""Words of the Refine workspace: labels, candidates, rounds, in the user's language."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from defectstudio.domain.labels import HEALTHY, UNKNOWN, DefectClass
from defectstudio.domain.refinement import Candidate
from defectstudio.ui.translations import decimal


def label_word(label: int, classes: Mapping[int, DefectClass]) -> str:
    """The name of a label: Healthy, Unknown, or that of a class."""
    translate = QCoreApplication.translate
    if label == HEALTHY:
        return translate("Refine", "healthy")
    if label == UNKNOWN:
        return translate("Refine", "unknown")
    return classes[label].name if label in classes else translate("Refine", "class {0}").format(label)


def candidate_said(candidate: Candidate, name: str, classes: Mapping[int, DefectClass]) -> str:
    """A patch in a few words: image, place, label, how sure the model is of a defect."""
    translate = QCoreApplication.translate
    return ", ".join(
        [
            name,
            f"x {candidate.patch.column} y {candidate.patch.row}",
            label_word(candidate.label, classes),
            translate("Refine", "P(defect) {0}").format(decimal(candidate.p_defect, 2)),
        ]
    )


def phase_said(text: str) -> str:
    """What a job of refinement says it does, in the user's language; other texts stay as they are."""
    translate = QCoreApplication.translate
    known = {
        "Cutting patches": translate("Refine", "Cutting patches"),
        "Looking at patches": translate("Refine", "Looking at the patches of all images"),
    }
    for start, words in (
        ("Starting map of ", translate("Refine", "Starting map of {0}")),
        ("Dense map of ", translate("Refine", "Dense map of {0}")),
    ):
        if text.startswith(start):
            return words.format(text.removeprefix(start))
    return known.get(text, text)
