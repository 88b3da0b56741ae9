"""Shapes and colours of the points on the map, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from defectstudio.domain.display import heat_table
from defectstudio.domain.labels import CLASS_COLORS, DefectClass, ImageId, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.ui.words import split_word, verdict_word

VERDICTS = (Verdict.GOOD, Verdict.DEFECTIVE, Verdict.UNLABELLED)
"""In the order of the map's shapes."""
VERDICT_COLORS = ("#009E73", "#D55E00", "#8A939E")
YES_NO = ("#0072B2", "#B0B7BF")
GREY = "#8A939E"
STEPS = 24
COLORINGS = ("tag", "class", "split", "score", "segmented")


@dataclass(frozen=True, slots=True)
class Look:
    """Row of `SHAPES` and of the palette of every point; words of the palette, or the ends of a scale (`ramp`)."""

    shapes: NDArray[np.intp]
    colors: NDArray[np.intp]
    palette: list[QColor]
    words: list[str]
    ramp: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the points can be coloured by. `scores`: P(defect) of the run that is shown; `segmented`: have a mask."""

    images: Mapping[ImageId, ImageState]
    classes: Mapping[int, DefectClass]
    scores: Mapping[ImageId, float]
    segmented: AbstractSet[ImageId]


def coloring_word(coloring: str) -> str:
    """What the points are coloured by, as the list of choices has it."""
    translate = QCoreApplication.translate
    return {
        "tag": translate("Map", "Tag"),
        "class": translate("Map", "Defect class"),
        "split": translate("Map", "Split"),
        "score": translate("Map", "Score of the run"),
        "segmented": translate("Map", "Segmented or not"),
    }[coloring]


def look_of(ids: Sequence[ImageId], facts: Facts, coloring: str) -> Look:
    """How the points of these images are drawn."""
    entries = [facts.images[image] for image in ids]
    shapes = np.array([VERDICTS.index(entry.tag.verdict) for entry in entries], np.intp)
    colors, palette, words, ramp = _WAYS[coloring](ids, entries, facts)
    return Look(shapes, np.asarray(colors, np.intp), [QColor(color) for color in palette], words, ramp)


Way = tuple[list[int], list[str], list[str], bool]


def _by_tag(_ids: Sequence[ImageId], entries: list[ImageState], _facts: Facts) -> Way:
    colors = [VERDICTS.index(entry.tag.verdict) for entry in entries]
    return colors, list(VERDICT_COLORS), [verdict_word(verdict) for verdict in VERDICTS], False


def _by_class(_ids: Sequence[ImageId], entries: list[ImageState], facts: Facts) -> Way:
    """The first class of the tag; grey for images whose tag names none."""
    known = sorted(facts.classes)
    row = {index: number for number, index in enumerate(known)}
    colors = [next((row[i] for i in entry.tag.classes if i in row), len(known)) for entry in entries]
    palette = [facts.classes[index].color for index in known]
    words = [facts.classes[index].name for index in known]
    return colors, [*palette, GREY], [*words, QCoreApplication.translate("Map", "no class")], False


def _by_split(_ids: Sequence[ImageId], entries: list[ImageState], _facts: Facts) -> Way:
    names = sorted({entry.placement.split for entry in entries})
    palette = [GREY if not name else CLASS_COLORS[(4 + k) % len(CLASS_COLORS)] for k, name in enumerate(names)]
    return [names.index(entry.placement.split) for entry in entries], palette, [split_word(n) for n in names], False


def _by_score(ids: Sequence[ImageId], _entries: list[ImageState], facts: Facts) -> Way:
    """The colours of heat maps without their darkest and palest ends, which would be lost on the ground."""
    table = heat_table()[np.linspace(48, 232, STEPS).astype(np.intp)]
    palette = [QColor(*map(int, color)).name() for color in table]
    scores = [facts.scores.get(image) for image in ids]
    colors = [STEPS if s is None else min(int(s * STEPS), STEPS - 1) for s in scores]
    words = ["0", "1", QCoreApplication.translate("Map", "no score")]
    return colors, [*palette, GREY], words, True


def _by_mask(ids: Sequence[ImageId], _entries: list[ImageState], facts: Facts) -> Way:
    translate = QCoreApplication.translate
    words = [translate("Map", "segmented"), translate("Map", "not segmented")]
    return [0 if image in facts.segmented else 1 for image in ids], list(YES_NO), words, False


_WAYS: dict[str, Callable[[Sequence[ImageId], list[ImageState], Facts], Way]] = {
    "tag": _by_tag,
    "class": _by_class,
    "split": _by_split,
    "score": _by_score,
    "segmented": _by_mask,
}
