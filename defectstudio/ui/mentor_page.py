"""The Mentor page where the image usually stands: detections one by one, the contact sheet, or before and after."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.mentor_candidate import CandidatePage
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_sheet import Sheet
from defectstudio.ui.mentor_stage import Stage
from defectstudio.ui.one_line import OneLine
from defectstudio.ui.sections.common import icon_button, page_bar


class MentorPage(QWidget):
    """Three pages under one bar. Emits what the user wants; is told what to show."""

    left = Signal()
    """Back to the image."""
    turned = Signal()
    """Another of the pages is in front."""

    def __init__(self, crops: Crops, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        """`button(key, text)` makes the button of a command."""
        super().__init__(parent)
        self.stage, self.sheet = Stage(crops, button), Sheet(crops, button)
        self.candidate = CandidatePage(crops)
        self.pages = QStackedWidget()
        for page in (self.stage, self.sheet, self.candidate):
            self.pages.addWidget(page)
        self.counters = OneLine("muted")
        self.close_button = icon_button("close", self.tr("Back to the image"))
        self.close_button.clicked.connect(self.left)
        self.buttons = [button("mentor.sheet"), button("mentor.candidate"), button("mentor.touch")]
        bar, row = page_bar(self.tr("Mentor"))
        row.addWidget(self.counters, 1)
        for one in (*self.buttons, self.close_button):
            row.addWidget(one)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.pages, 1)
        self.pages.currentChanged.connect(self.turned)

    def set_touch(self, touch: bool) -> None:
        """Buttons and tiles for gloves."""
        self.stage.set_touch(touch)
        self.sheet.set_touch(touch)
        self.candidate.set_touch(touch)
        for one in (*self.buttons, self.close_button):
            one.setMinimumSize(64 if touch else 0, 64 if touch else 0)

    def show_counters(self, said: str) -> None:
        """Decisions, seconds per decision, decisions until the next training."""
        self.counters.setText(said)

    def turn_to(self, page: QWidget) -> None:
        """Bring one of the pages to the front."""
        self.pages.setCurrentWidget(page)

    def shows(self, page: QWidget) -> bool:
        """Whether this page is in front."""
        return self.pages.currentWidget() is page
