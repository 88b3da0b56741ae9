"""What the window shows while no project is open: how to begin, and where one left off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.panels.history import when_words
from defectstudio.ui.settings import Recent
from defectstudio.ui.theme import theme
from defectstudio.ui.thumbnails import stored_thumbnail
from defectstudio.ui.translations import number

CARD_WIDTH = 620
PICTURE = 44


class RecentButton(QPushButton):
    """One project to go on with: picture, name, where it lies, what it holds."""

    def __init__(self, project: Recent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("link", "true")
        self.setMinimumHeight(PICTURE + 14)
        path = Path(project.folder)
        self._picture = stored_thumbnail(path / "cache", project.picture)
        name, place, facts = QLabel(path.name), QLabel(), QLabel(self._facts(project))
        name.setProperty("role", "heading")
        for label in (place, facts):
            label.setProperty("role", "muted")
        room = CARD_WIDTH - 64 - PICTURE - 24 - facts.sizeHint().width() - 24
        place.setText(place.fontMetrics().elidedText(str(path.parent), Qt.TextElideMode.ElideMiddle, max(room, 120)))
        grid = QGridLayout(self)
        grid.setContentsMargins(PICTURE + 18, 6, 8, 6)
        grid.setVerticalSpacing(1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(place, 1, 0)
        grid.addWidget(facts, 0, 1, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        for label in (name, place, facts):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setToolTip(project.folder)
        self.setAccessibleName(self.tr("Open the project {0}").format(project.folder))
        self.setAccessibleDescription(facts.text().replace("\n", ", "))

    def _facts(self, project: Recent) -> str:
        if not project.opened:
            return ""
        counts = self.tr("{0} of {1} images tagged").format(number(project.tagged), number(project.images))
        return f"{when_words(project.opened)}\n{counts if project.images else self.tr('no images yet')}"

    def sizeHint(self) -> QSize:
        return QSize(240, PICTURE + 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        place = QRectF(6, (self.height() - PICTURE) / 2, PICTURE, PICTURE)
        shape = QPainterPath()
        shape.addRoundedRect(place, 5, 5)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillPath(shape, self.palette().mid())
        painter.setClipPath(shape)
        if self._picture.isNull():
            theme().icon("labels", "muted").paint(painter, place.adjusted(11, 11, -11, -11).toRect())
        else:
            painter.drawImage(place, square(self._picture))
        painter.end()


def square(image: QImage) -> QImage:
    """The middle of an image, as wide as it is high."""
    side = min(image.width(), image.height())
    return image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)


class StartPage(QWidget):
    """Emits what the user wants to do; shows recent projects."""

    new_requested = Signal()
    open_requested = Signal()
    import_requested = Signal()
    demo_requested = Signal()
    recent_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(CARD_WIDTH)
        title = QLabel("DefectStudio")
        title.setProperty("role", "title")
        about = QLabel(
            self.tr("Turn images of parts into a working defect detector, on this computer alone."), wordWrap=True
        )
        about.setProperty("role", "muted")
        self._buttons: list[tuple[QPushButton, str]] = []
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 28, 32, 28)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(10)
        column.addLayout(self._choices())
        column.addWidget(self._progress())
        self._recent_heading = QLabel(self.tr("Recent projects"))
        self._recent_heading.setProperty("role", "heading")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addSpacing(10)
        column.addWidget(self._recent_heading)
        column.addLayout(self._recent)
        drop = QLabel(self.tr("Or drop a folder of images, or a project, onto this window."))
        drop.setProperty("role", "muted")
        drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place_in_middle(card, drop)
        theme().changed.connect(self._tint)
        self._tint()
        self.show_recent([])

    def _place_in_middle(self, card: QFrame, drop: QLabel) -> None:
        """The card in the middle of the page, which scrolls when the window is too low for it."""
        page = QWidget()
        page.setObjectName("start.page")
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(drop)
        column.addStretch(2)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        rows = (
            (self.tr("Import a folder of images…"), "import", self.import_requested, True),
            (self.tr("Open a project…"), "open", self.open_requested, False),
            (self.tr("New empty project…"), "new", self.new_requested, False),
            (self.tr("Try it with demo images"), "demo", self.demo_requested, False),
        )
        for place, (text, icon, signal, primary) in enumerate(rows):
            button = QPushButton(text)
            button.setMinimumHeight(44)
            button.setIconSize(QSize(20, 20))
            button.setProperty("primary", "true" if primary else "false")
            button.setAccessibleName(text.rstrip("…"))
            button.clicked.connect(signal)
            self._buttons.append((button, icon))
            grid.addWidget(button, place // 2, place % 2)
        return grid

    def _progress(self) -> QWidget:
        self._busy = QWidget()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress of the demo"))
        self._busy_text = QLabel(wordWrap=True)
        self._busy_text.setProperty("role", "muted")
        self.cancel = QPushButton(self.tr("Stop"))
        grid = QGridLayout(self._busy)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.addWidget(self._bar, 0, 0, 1, 2)
        grid.addWidget(self._busy_text, 1, 0)
        grid.addWidget(self.cancel, 1, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self._busy.hide()
        return self._busy

    def show_busy(self, text: str | None, done: int = 0, total: int = 0) -> None:
        """Say what is under way, None when nothing is."""
        self._busy.setVisible(text is not None)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._busy_text.setText(text or "")
        for button, _icon in self._buttons:
            button.setEnabled(text is None)

    def show_recent(self, projects: Sequence[Recent]) -> None:
        """Offer these projects, the latest first."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for project in projects:
            button = RecentButton(project)
            button.clicked.connect(lambda _on=False, folder=project.folder: self.recent_chosen.emit(folder))
            self._recent.addWidget(button)
        self._recent_heading.setVisible(bool(projects))

    def _tint(self) -> None:
        for button, icon in self._buttons:
            primary = button.property("primary") == "true"
            button.setIcon(theme().icon(icon, "accent_text" if primary else "text"))
