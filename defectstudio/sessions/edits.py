"""From edits of a label map to the events of one gesture: the change itself, and what follows for tag and status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, Painted, StatusSet, Tagged
from defectstudio.domain.geometry import changed_box, union
from defectstudio.domain.labels import (
    DEFECTIVE,
    HEALTHY,
    UNKNOWN,
    Box,
    ImageId,
    LabelMap,
    Origin,
    Status,
    Verdict,
    encode_runs,
    is_class,
    unknown_map,
)
from defectstudio.domain.state import ImageState, LabelState
from defectstudio.sessions.painting.edit import after
from defectstudio.sessions.painting.patch import Patch

LARGE, SQUARE = 768, 256


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A patch takes a value; with `protect`, pixels of another defect class stay."""

    patch: Patch
    value: int
    protect: bool = False


def checked_image(state: LabelState, image: ImageId) -> ImageState:
    """The entry of an image. Raises DefectStudioError when the project does not hold it."""
    entry = state.images.get(image)
    if entry is None or not entry.present:
        raise DefectStudioError(f"There is no image {image} in the project.", hint="Choose an image of the gallery.")
    return entry


def check_value(state: LabelState, image: ImageId, value: int) -> None:
    """Raise DefectStudioError unless `value` can be painted on this image."""
    if value == UNKNOWN and checked_image(state, image).tag.verdict is Verdict.GOOD:
        raise DefectStudioError(
            "A good image is healthy everywhere; no part of it is unknown.", hint="Take its tag back first."
        )
    if value not in {HEALTHY, UNKNOWN} and value not in state.classes:
        raise DefectStudioError(f"There is no defect class {value}.", hint="Add a class, then choose it.")


def starts_anew(entry: ImageState, value: int) -> bool:
    """Whether painting `value` is the first defect on a good image.

    The expert had called it healthy everywhere, so that is what its map says outside the stroke, whatever was
    drawn before.
    """
    return entry.tag.verdict is Verdict.GOOD and is_class(value)


def whole(entry: ImageState) -> Box:
    return Box(0, 0, *entry.shape)


def events_of(state: LabelState, image: ImageId, edits: Sequence[Edit], origin: Origin) -> list[Event]:
    """The events of one gesture that applies `edits` in their order; none when nothing changes.

    Raises DefectStudioError when a value cannot be painted.
    """
    if not edits:
        return []
    entry = checked_image(state, image)
    anew = False
    box = edits[0].patch.box
    for edit in edits:
        check_value(state, image, edit.value)
        box = union(box, edit.patch.box)
        anew = anew or starts_anew(entry, edit.value)
    box = whole(entry) if anew else box
    drawn = state.label_map(image)
    before = unknown_map(*box.shape) if drawn is None else drawn[box.slices]
    now = np.full(box.shape, HEALTHY, np.uint8) if anew else before.copy()
    for edit in edits:
        part = now[within(edit.patch.box, box)]
        part[...] = after(part, edit.patch.mask, edit.value, protect=edit.protect)
    defect = any(is_class(edit.value) for edit in edits)
    return change_events(entry, image, box, before, now, defect=defect, origin=origin)


def within(inner: Box, outer: Box) -> tuple[slice, slice]:
    """Where one box lies in an array of another that holds it."""
    rows, columns = inner.top - outer.top, inner.left - outer.left
    return slice(rows, rows + inner.shape[0]), slice(columns, columns + inner.shape[1])


def painted(
    image: ImageId, at: tuple[int, int], before: LabelMap, now: LabelMap, changed: Box, origin: Origin
) -> list[Event]:
    """What changed inside `changed`, in the coordinates of two arrays whose first pixel lies at `at` of the image.

    One event for a compact change. A long thin one, a slanted stroke across a large image, is cut into squares and
    those without a change are left out: coding its whole box would be felt when the mouse comes up.
    """
    boxes = [changed]
    if max(changed.shape) > LARGE:
        squares = [square for square in _squares(changed) if (before[square.slices] != now[square.slices]).any()]
        if len(squares) * SQUARE**2 < changed.shape[0] * changed.shape[1] / 2:
            boxes = squares
    return [
        Painted(
            image,
            Box(at[0] + box.top, at[1] + box.left, at[0] + box.bottom, at[1] + box.right),
            encode_runs(before[box.slices]),
            encode_runs(now[box.slices]),
            origin,
        )
        for box in boxes
    ]


def _squares(box: Box) -> Iterator[Box]:
    for top in range(box.top, box.bottom, SQUARE):
        for left in range(box.left, box.right, SQUARE):
            yield Box(top, left, min(top + SQUARE, box.bottom), min(left + SQUARE, box.right))


def change_events(
    entry: ImageState,
    image: ImageId,
    box: Box,
    before: LabelMap,
    now: LabelMap,
    *,
    defect: bool,
    origin: Origin,
) -> list[Event]:
    """The events of a label map that turned from `before` to `now`, both of the shape of `box`; none when equal.

    `defect`: a class was painted, which makes an image defective that was not tagged so. An image not begun becomes
    one in work.
    """
    changed = changed_box(before, now)
    contradicted = defect and entry.tag.verdict is Verdict.GOOD
    if changed is None and not contradicted:
        return []
    events: list[Event] = []
    if changed is not None:
        events += painted(image, (box.top, box.left), before, now, changed, origin)
    if defect and entry.tag.verdict is not Verdict.DEFECTIVE:
        events.append(Tagged(image, entry.tag, DEFECTIVE, origin))
    if entry.status is Status.TODO:
        events.append(StatusSet(image, entry.status, Status.IN_WORK))
    return events
