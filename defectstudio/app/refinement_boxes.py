"""What a box says of the defect in it: it is there, and it reaches about as far as the box does.

Ours, not of [SIM]. A threshold that suits all images alike loses the faint defects: a crack that is half visible is cut
in half. But whoever drew a box round it saw it from end to end, so in each box the threshold falls until the defect
covers most of its longer side. Then it grows by half a cell of the heat map: cells are looked at in their centres.
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.labels import LabelMap
from defectstudio.domain.refinement import MapsStarted
from defectstudio.sessions.painting.regions import find_regions

MOST_REGIONS = 100_000
SPANNED = 0.8
"""Share of a box's longer side, its margin left out, that a defect covers at least."""
FILLED = 0.95
"""Share of its box that a region fills at least if it is one: what was outlined says more of itself than its ends."""
KEPT_PART = 0.9
"""A region in which nothing reaches the threshold keeps what reaches this part of its own highest value."""
LEAST_PART = 0.1
"""The threshold of a box never falls below this part of its highest value: a box is not filled because it is dark."""


def margin_said(start: MapsStarted | None) -> int | None:
    """By how many pixels boxes were grown at a start, from its own words; None where it drew no boxes."""
    found = re.search(r"margin (\d+) px", start.detail) if start is not None and start.kind == "roi" else None
    return None if found is None else int(found[1])


def kept_in_regions(
    p_defect: NDArray[np.float32], start: LabelMap, threshold: float, *, margin: int | None, grow: int
) -> NDArray[np.bool_]:
    """What the regions of a starting map, (height, width) uint8, keep of P(defect), bool of its shape.

    Boxes, grown by `margin` pixels when they were drawn, keep what spans them, `grow` pixels wider on each side; other
    regions, and all where `margin` is None, at least their likeliest pixels.
    """
    kept = np.zeros(start.shape, np.bool_)
    for region in find_regions(start, most=MOST_REGIONS):
        part, own = p_defect[region.box.slices], start[region.box.slices] == region.index
        if margin is not None and region.area >= FILLED * part.size:
            shown = widened(part >= min(threshold, spanning(part, margin)), grow)
        else:
            shown = part >= min(threshold, KEPT_PART * float(part[own].max()))
        kept[region.box.slices] |= shown & own
    return kept


def spanning(p_defect: NDArray[np.float32], margin: int) -> float:
    """The highest threshold at which what is shown in a box, (h, w), covers `SPANNED` of its longer side."""
    along = np.sort(p_defect.max(0 if p_defect.shape[1] >= p_defect.shape[0] else 1))[::-1]
    wanted = math.ceil(SPANNED * max(1, along.size - 2 * margin))
    return float(max(along[wanted - 1], LEAST_PART * along[0]))


def widened(shown: NDArray[np.bool_], grow: int) -> NDArray[np.bool_]:
    """What lies at most `grow` pixels, by row and by column, from a pixel that is shown."""
    if not grow:
        return shown
    from scipy.ndimage import maximum_filter

    wide: NDArray[np.bool_] = maximum_filter(shown, 2 * grow + 1, mode="constant")
    return wide
