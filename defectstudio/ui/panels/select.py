"""The Select panel: the queue of images to segment next, label errors, and what more masks are worth."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QToolButton, QVBoxLayout, QWidget

from defectstudio.acquisition.scores import STRATEGIES
from defectstudio.ui.select_budget import BudgetPage
from defectstudio.ui.select_heat import HeatThumbnails
from defectstudio.ui.select_queue import QueuePage
from defectstudio.ui.select_suspects import SuspectsPage


class SelectPanel(QWidget):
    """Three pages; what they wish for is carried out by the select desk."""

    seen = Signal()
    """The panel, or another page of it, has come to the front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = HeatThumbnails(self)
        self.queue = QueuePage(self.pictures, STRATEGIES)
        self.suspects = SuspectsPage(self.pictures)
        self.budget = BudgetPage()
        self.pages = QTabWidget(documentMode=True)
        self.pages.addTab(self.queue, self.tr("Queue"))
        self.pages.addTab(self.suspects, self.tr("Label errors"))
        self.pages.addTab(self.budget, self.tr("Budget"))
        self.pages.tabBar().setAccessibleName(self.tr("Pages of the Select panel"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.pages.currentChanged.connect(self.seen)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        self.queue.arrange(button)
        self.suspects.arrange(button)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit()

    def show_page(self, page: QWidget) -> None:
        """Bring one of the pages to the front."""
        self.pages.setCurrentWidget(page)

    def shows(self, page: QWidget) -> bool:
        """Whether somebody looks at this page."""
        return self.isVisible() and self.pages.currentWidget() is page
