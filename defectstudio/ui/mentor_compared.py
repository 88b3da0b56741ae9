"""A comparison of the candidate with the deployed run as rows and as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from defectstudio.ui.mentor_candidate import FigureRow
from defectstudio.ui.mentor_words import change, fitted_said

if TYPE_CHECKING:
    from defectstudio.app.mentoring_compare import BeforeAfter

LOSS_ALLOWED = 0.01
"""A smaller loss of mAP on old images is within what training anew changes anyway."""


def figure_rows(found: BeforeAfter) -> list[FigureRow]:
    """The figures of a `BeforeAfter`."""
    translate = QCoreApplication.translate
    titles = {
        "map": (translate("Mentor", "mAP at IoU 0.5"), 3),
        "precision": (translate("Mentor", "Precision"), 3),
        "recall": (translate("Mentor", "Recall"), 3),
        "fp_per_100": (translate("Mentor", "FP in 100 good images"), 1),
    }
    return [
        FigureRow(title, (old.before, old.after), (new.before, new.after), digits)
        for name, (title, digits) in titles.items()
        for old, new in [(found.old[name], found.new[name])]
    ]


def gain_said(found: BeforeAfter) -> str:
    """What the candidate gains on new images and loses on old ones, and at which thresholds, in sentences."""
    return f"{_gain_said(found)} {held_to_said(found)}"


def held_to_said(found: BeforeAfter) -> str:
    """At which thresholds the candidate and its base were compared."""
    translate = QCoreApplication.translate
    said = [translate("Mentor", "Only the detector of boxes has learnt.")] if found.head == "boxes" else []
    if not found.own:
        return " ".join([*said, translate("Mentor", "Both at the thresholds of the deployed run.")])
    own = translate("Mentor", "Each at its own thresholds; the candidate's: {0}.")
    said.append(own.format(fitted_said(found.fitted_on)))
    if found.reused:
        said.append(translate("Mentor", "Some of these images also set them."))
    return " ".join(said)


def _gain_said(found: BeforeAfter) -> str:
    translate = QCoreApplication.translate
    new, old = found.new["map"], found.old["map"]
    if new.before is None or new.after is None:
        return translate("Mentor", "There are too few labels on new images to measure what the candidate gains.")
    said = translate("Mentor", "mAP on new images: {0}.").format(change(new.before, new.after))
    if old.before is None or old.after is None:
        return said
    kept = old.before - old.after <= LOSS_ALLOWED
    kept_said = translate("Mentor", "What it knew of old images is kept ({0}).")
    lost_said = translate("Mentor", "It has lost on old images ({0}).")
    return f"{said} {(kept_said if kept else lost_said).format(change(old.before, old.after))}"
