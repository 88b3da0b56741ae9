"""What a part of a label map becomes when a mask of it takes a value."""

from __future__ import annotations

from defectstudio.domain.labels import LabelMap, class_pixels
from defectstudio.sessions.painting.patch import Mask


def after(before: LabelMap, mask: Mask, value: int, *, protect: bool) -> LabelMap:
    """A copy of `before` (height, width) with `value` where `mask` is true.

    With `protect`, pixels of another defect class stay what they are.
    """
    if protect:
        mask = mask & ~(class_pixels(before) & (before != value))
    changed = before.copy()
    changed[mask] = value
    return changed
