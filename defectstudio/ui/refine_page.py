"""The page of refinement where the image stands otherwise: the question, and below it the patch in its image."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.one_line import OneLine
from defectstudio.ui.refine_grid import PanelGrid
from defectstudio.ui.refine_tile import PatchTile
from defectstudio.ui.sections.common import icon_button, muted
from defectstudio.ui.select_job_bar import JobBar
from defectstudio.ui.theme import theme
from defectstudio.ui.viewer import Viewer

MARGIN = 24


class Enlarged(QWidget):
    """One tile over the whole page, while a key is held. The mouse goes through it."""

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self._ground = ground
        self.tile: PatchTile | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        ground.installEventFilter(self)
        self.hide()

    def show_tile(self, tile: PatchTile | None) -> None:
        """Cover the page with this tile, None to end it."""
        self.tile = tile
        self.setVisible(tile is not None)
        if tile is not None:
            self.setGeometry(self._ground.rect())
            self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._ground.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(theme().colors.window)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        if self.tile is not None:
            side = max(16, min(self.width(), self.height()) - 2 * MARGIN)
            place = QRectF(floor((self.width() - side) / 2), floor((self.height() - side) / 2), side, side)
            self.tile.paint_on(painter, place)
        painter.end()


class RefinePage(QWidget):
    """Emits what the user wants; is told what to show."""

    left = Signal()
    """Esc: back to the image."""
    released = Signal()
    """A key came up: what it held ends."""

    def __init__(self, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        """`button(key, text)` makes the button of a command."""
        super().__init__(parent)
        self.grid = PanelGrid()
        self.viewer = Viewer()
        self.viewer.setAccessibleName(self.tr("The patch in its image"))
        self.viewer.setMinimumHeight(120)
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.counts = OneLine("muted")
        self.job = JobBar(self.tr("Progress of the training"), self.tr("Stop the training"))
        self.hint = muted()
        self.message = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.message_title = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.message_title.setProperty("role", "heading")
        self.way_out = QPushButton()
        self.second_way = QPushButton()
        for way in (self.way_out, self.second_way):
            way.setAccessibleName(self.tr("What to do next"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._message_page())
        self.stack.addWidget(self._work_page())
        self.enlarged = Enlarged(self)
        self._lay_out(button)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _message_page(self) -> QWidget:
        page = QWidget()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.way_out)
        buttons.addWidget(self.second_way)
        buttons.addStretch(1)
        self.way_out.setProperty("primary", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(48, 24, 48, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self.message_title)
        column.addWidget(self.message)
        column.addLayout(buttons)
        column.addStretch(2)
        return page

    def _work_page(self) -> QWidget:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 0, 14, 2)
        foot.addWidget(self.hint, 1)
        column.addLayout(foot)
        split.addWidget(above)
        split.addWidget(self.viewer)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 1)
        split.setSizes([385, 175])
        return split

    def _lay_out(self, button: Callable[..., QToolButton]) -> None:
        bar = QFrame()
        bar.setProperty("role", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self.title)
        row.addWidget(self.counts, 1)
        for key, text in (
            ("refine.back", ""),
            ("refine.none", self.tr("None")),
            ("refine.submit", self.tr("Answer")),
            ("refine.place", ""),
            ("refine.rounds", ""),
        ):
            row.addWidget(button(key, text))
        self.close_button = icon_button("close", self.tr("Back to the image (Esc)"))
        self.close_button.clicked.connect(self.left)
        theme().changed.connect(self._tint)
        row.addWidget(self.close_button)
        below = QHBoxLayout()
        below.setContentsMargins(14, 4, 14, 0)
        below.addWidget(self.job, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addLayout(below)
        whole.addWidget(self.stack, 1)

    def _tint(self) -> None:
        self.close_button.setIcon(theme().icon("close"))

    # What is shown.

    def show_message(self, title: str, text: str, way_out: str = "", second: str = "") -> None:
        """No question at the moment: say why, and offer ways on."""
        self.message_title.setText(title)
        self.message.setText(text)
        for button, words in ((self.way_out, way_out), (self.second_way, second)):
            button.setText(words)
            button.setAccessibleName(words or self.tr("What to do next"))
            button.setVisible(bool(words))
        self.stack.setCurrentIndex(0)

    def show_work(self) -> None:
        """The question in front."""
        self.stack.setCurrentIndex(1)

    def show_ticked(self, count: int) -> None:
        """How many patches are ticked, and what the keys do."""
        keys = self.tr("1-0 tick · Enter answers · N none · middle button or Shift+arrows move the centre · Z enlarges")
        self.hint.setText(self.tr("%Ln ticked", "", count) + " · " + keys)

    @property
    def asks(self) -> bool:
        """Whether a question is in front."""
        return self.stack.currentIndex() == 1 and self.grid.panel is not None

    def enlarge(self) -> None:
        """Show the tile that was stood on last over the whole page, until the key comes up."""
        tile = self.grid.standing
        if tile is not None and tile.candidate is not None:
            self.enlarged.show_tile(tile)

    # Keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.enlarged.show_tile(None)
            self.released.emit()
        super().keyReleaseEvent(event)
