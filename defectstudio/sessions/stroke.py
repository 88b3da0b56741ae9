"""A stroke while the mouse is down: it shows in the label map in memory at once and is on disk when it ends."""

from __future__ import annotations

from collections.abc import Iterator

from defectstudio.domain.geometry import union
from defectstudio.domain.labels import HEALTHY, Box, ImageId, LabelMap, Origin, class_pixels, is_class, unknown_map
from defectstudio.sessions.edits import change_events, check_value, checked_image, starts_anew, whole
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.session import Session

CELL = 256  # what a stroke is about to change is put aside in squares of this side


class Stroke:
    """One live stroke. Between its start and `commit` or `cancel` nothing else can be recorded about the image.

    `label_map` is the shared map, (height, width) uint8, that views draw from; `box` is what was touched so far.
    """

    def __init__(self, session: Session, image: ImageId, value: int, *, protect: bool, origin: Origin) -> None:
        """Prefer `Annotator.begin_stroke`. Raises DefectStudioError when the value cannot be painted there."""
        state = session.project.state
        self._entry = checked_image(state, image)
        check_value(state, image, value)
        session.hold(image)
        self._session, self._value, self._protect, self._origin = session, value, protect, origin
        self.image = image
        self.box: Box | None = None
        label_map = state.label_map(image)
        if label_map is None:
            label_map = state.maps[image] = unknown_map(*self._entry.shape)
        self.label_map: LabelMap = label_map
        self._saved: dict[tuple[int, int], LabelMap] = {}
        self._anew = starts_anew(self._entry, value)
        self._open = True

    def add(self, patch: Patch) -> Box | None:
        """Paint a patch in memory; returns the box to draw again, None when nothing changed."""
        if not self._open:
            return None
        box = patch.box
        if self._anew and self.box is None:
            box = whole(self._entry)
            self._save(box)
            self.label_map[...] = HEALTHY
        part = self.label_map[patch.box.slices]
        changed = patch.mask & (part != self._value)
        if self._protect:
            changed &= ~class_pixels(part)
        if not changed.any() and not (self._anew and self.box is None):
            return None
        self._save(patch.box)
        part[changed] = self._value
        self.box = box if self.box is None else union(self.box, box)
        return box

    def commit(self, name: str) -> bool:
        """Record the stroke as one gesture, durably; False when it changed nothing.

        Raises DefectStudioError when it cannot be written; the map in memory is then what it was before the stroke.
        """
        box = self.box
        if not self._open or box is None:
            self.cancel()
            return False
        now = self.label_map[box.slices].copy()
        self.cancel()
        before = self.label_map[box.slices]
        events = change_events(
            self._entry, self.image, box, before, now, defect=is_class(self._value), origin=self._origin
        )
        self._session.record(name, events)
        return bool(events)

    def cancel(self) -> Box | None:
        """Bring back the map as it was before the stroke; returns the box to draw again."""
        if not self._open:
            return None
        self._open = False
        for row, column in self._saved:
            cell = self._cell(row, column)
            self.label_map[cell] = self._saved[row, column]
        self._saved.clear()
        self._session.release(self.image)
        return self.box

    def _save(self, box: Box) -> None:
        for key in _cells(box):
            if key not in self._saved:
                self._saved[key] = self.label_map[self._cell(*key)].copy()

    @staticmethod
    def _cell(row: int, column: int) -> tuple[slice, slice]:
        return slice(row * CELL, (row + 1) * CELL), slice(column * CELL, (column + 1) * CELL)


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for row in range(box.top // CELL, -(-box.bottom // CELL)):
        for column in range(box.left // CELL, -(-box.right // CELL)):
            yield row, column
