"""The Annotate panel: tools, classes, the state of the image, its regions and notes, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from defectstudio.ui.sections.classes import ClassesSection
from defectstudio.ui.sections.common import rule
from defectstudio.ui.sections.image import ImageSection
from defectstudio.ui.sections.notes import NotesSection
from defectstudio.ui.sections.regions import RegionsSection
from defectstudio.ui.sections.tools import ToolsSection

TOOL_KEYS = (
    "select",
    "brush",
    "eraser",
    "polygon",
    "box",
    "ellipse",
    "fill",
    "wand",
    "scissors",
    "superpixels",
    "tighten",
    "model",
)
REGION_KEYS = ("region.grow", "region.shrink", "region.smooth", "region.holes", "region.delete")


class AnnotatePanel(QWidget):
    """Five sections; what they wish for is carried out by the annotate desk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tools = ToolsSection()
        self.classes = ClassesSection()
        self.image = ImageSection()
        self.regions = RegionsSection()
        self.notes = NotesSection()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(10)
        for number, section in enumerate((self.tools, self.classes, self.image, self.regions, self.notes)):
            if number:
                column.addWidget(rule())
            column.addWidget(section)
        column.addStretch(1)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        self.tools.arrange([button(f"tool.{key}") for key in TOOL_KEYS])
        self.image.add_finish(button("image.finish").defaultAction())
        self.regions.arrange([button(key) for key in REGION_KEYS])
