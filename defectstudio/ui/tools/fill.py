"""Fill: one click gives an area of equal label the chosen class."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from defectstudio.domain.labels import LabelMap
from defectstudio.sessions.painting.patch import Patch
from defectstudio.ui.tools.base import Tool
from defectstudio.ui.viewer import Pointer


def flooded(label_map: LabelMap, row: int, column: int) -> Patch:
    """The area to fill. Imported here, in the background, because it brings a large library along."""
    from defectstudio.sessions.painting.select import flood

    return flood(label_map, row, column)


class Fill(Tool):
    """Fills what is enclosed, or recolours a whole area."""

    key = "fill"
    icon = "tool-fill"
    uses = ("protect",)
    cursor = Qt.CursorShape.PointingHandCursor

    @property
    def hint(self) -> str:
        return self.tr("Click into an area: all of it that has the same label takes the current class.")

    def press(self, at: Pointer) -> bool:
        if self.easel.holds(at.x, at.y):
            work = partial(flooded, self.easel.label_map, int(at.y), int(at.x))
            self.easel.ask(work, self.easel.paint)
        return True

    def leave(self) -> None:
        self.easel.forget()
