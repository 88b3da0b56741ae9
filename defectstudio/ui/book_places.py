"""What would come into the defect book now: the detection, patch, region or spot that somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defectstudio.domain.book import EntrySource
from defectstudio.domain.geometry import square_round
from defectstudio.domain.labels import Box, ImageId, is_class
from defectstudio.ui.viewer import Reading

if TYPE_CHECKING:
    from defectstudio.ui.main_window import MainWindow

SPOT = 48
"""Side in pixels of the place that is taken where nothing is selected: a square round the cursor."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A place in an image, and the class that it is taken for, None where nobody says."""

    image: ImageId
    box: Box
    source: EntrySource
    class_index: int | None = None


def looked_at(window: MainWindow, reading: Reading | None) -> Looked | None:
    """What is looked at, None where there is nothing; `reading`: the pixel under the cursor."""
    if window.mentor.shown:
        detection = window.mentor.judging.current
        if detection is None:
            return None
        return Looked(detection.image, detection.box, "detection", detection.class_index)
    if window.refine.shown:
        return _patch(window)
    return _in_viewer(window, reading)


def _patch(window: MainWindow) -> Looked | None:
    asking, newest, bench = window.refine.asking, window.refine.jobs.newest, window.bench
    panel = asking.grid.panel
    if panel is None or newest is None or bench is None:
        return None
    patch, label = asking.standing or panel.anchor.patch, asking.grid.anchor_label
    spot = Box(patch.row, patch.column, patch.row + 1, patch.column + 1)
    box = square_round(spot, bench.images[patch.image].shape, around=0.0, least=newest.config.patch)
    return Looked(patch.image, box, "patch", label if is_class(label) else None)


def _in_viewer(window: MainWindow, reading: Reading | None) -> Looked | None:
    bench = window.bench
    if bench is None or bench.current is None or bench.entry is None or not window.viewer.isVisible():
        return None
    chosen = window.annotate.easel.selection
    if chosen is not None and chosen.patch is not None:
        return Looked(bench.current, chosen.patch.box, "region", chosen.index)
    if reading is None:
        return None
    spot = Box(reading.row, reading.column, reading.row + 1, reading.column + 1)
    return Looked(bench.current, square_round(spot, bench.entry.shape, around=0.0, least=SPOT), "place")
