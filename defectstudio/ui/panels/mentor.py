"""The Mentor panel: what waits for a verdict, where new images come from, and the training on verdicts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QToolButton, QVBoxLayout, QWidget

from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_mining import MiningPage
from defectstudio.ui.mentor_queue import MentorQueue
from defectstudio.ui.mentor_training import MentorTraining


class MentorPanel(QWidget):
    """Three pages; what they wish for is carried out by the mentor desk."""

    seen = Signal()
    """The panel, or another page of it, has come to the front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.crops = Crops(self)
        self.queue = MentorQueue(self.crops)
        self.mining = MiningPage()
        self.training = MentorTraining()
        self.pages = QTabWidget(documentMode=True)
        self.pages.addTab(self.queue, self.tr("Queue"))
        self.pages.addTab(self.mining, self.tr("New images"))
        self.pages.addTab(self.training, self.tr("Training"))
        self.pages.tabBar().setAccessibleName(self.tr("Pages of the Mentor panel"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.pages.currentChanged.connect(self.seen)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        self.mining.arrange(button)
        self.training.arrange(button)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit()

    def show_page(self, page: QWidget) -> None:
        """Bring one of the pages to the front."""
        self.pages.setCurrentWidget(page)
