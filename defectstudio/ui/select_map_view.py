"""The page of the map: how points are laid out and coloured, the points, the legend, the image under the mark."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.sections.common import icon_button, muted
from defectstudio.ui.select_job_bar import JobBar
from defectstudio.ui.select_map import MapCanvas
from defectstudio.ui.select_map_legend import MapLegend
from defectstudio.ui.select_map_look import COLORINGS, Look, coloring_word

CARD_PICTURE = 96


class MapCard(QFrame):
    """The image under the mark, in a corner of the map; the mouse goes through it."""

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self._ground = ground
        ground.installEventFilter(self)
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture, self.words = QLabel(), QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 12, 8)
        row.addWidget(self.picture)
        row.addWidget(self.words)
        self.hide()

    def say(self, words: str, picture: QPixmap | None) -> None:
        """Show an image by picture and words."""
        self.words.setText(words)
        self.picture.setVisible(picture is not None)
        if picture is not None:
            side, keep = CARD_PICTURE, Qt.AspectRatioMode.KeepAspectRatio
            self.picture.setPixmap(picture.scaled(side, side, keep, Qt.TransformationMode.SmoothTransformation))
        self.adjustSize()
        self.show()
        self._take_place()

    def _take_place(self) -> None:
        self.move(10, self._ground.height() - self.height() - 10)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._take_place()
        return False


class MapView(QWidget):
    """Emits what the user wants; is told what to show."""

    kind_changed = Signal()
    coloring_changed = Signal()
    left = Signal()
    """Esc: back to the image."""

    def __init__(self, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        """`button(key, text)` makes the button of a command."""
        super().__init__(parent)
        self.kind, self.coloring = QComboBox(), QComboBox()
        for key, word in (("pca", self.tr("Main directions (PCA)")), ("tsne", self.tr("Neighbourhoods (t-SNE)"))):
            self.kind.addItem(word, key)
        for key in COLORINGS:
            self.coloring.addItem(coloring_word(key), key)
        self.kind.setAccessibleName(self.tr("How the images are laid out"))
        self.coloring.setAccessibleName(self.tr("What the points are coloured by"))
        for box in (self.kind, self.coloring):
            box.setToolTip(box.accessibleName())
        self.fit = icon_button("fit", self.tr("Show all points (Home)"))
        self.job = JobBar(self.tr("Progress of the map"), self.tr("Stop laying out the map"))
        self.message = muted()
        self.again = QPushButton(self.tr("Lay out the map"))
        self.canvas = MapCanvas()
        self.legend = MapLegend()
        self.count = muted()
        self.card = MapCard(self.canvas)
        self._lay_out(button)
        self.fit.clicked.connect(self.canvas.fit)
        self.kind.currentIndexChanged.connect(self.kind_changed)
        self.coloring.currentIndexChanged.connect(self.coloring_changed)
        self.show_message("")

    def _lay_out(self, button: Callable[..., QToolButton]) -> None:
        bar = QFrame()
        bar.setProperty("role", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(8)
        title = QLabel(self.tr("Map of the data"))
        title.setProperty("role", "heading")
        close = icon_button("close", self.tr("Back to the image (Esc)"))
        close.clicked.connect(self.left)
        row.addWidget(title)
        row.addWidget(self.kind)
        row.addWidget(self.coloring)
        row.addWidget(self.fit)
        row.addStretch(1)
        row.addWidget(button("select.panel"))
        row.addWidget(close)
        below = QHBoxLayout()
        below.setContentsMargins(12, 4, 12, 0)
        below.addWidget(self.job, 1)
        below.addWidget(self.message, 1)
        below.addWidget(self.again)
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 0, 12, 6)
        foot.addWidget(self.legend)
        foot.addWidget(self.count)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(bar)
        whole.addLayout(below)
        whole.addWidget(self.canvas, 1)
        whole.addLayout(foot)

    def show_message(self, text: str, *, again: bool = False) -> None:
        """Say why there is nothing to see; `again` offers to try once more."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.again.setVisible(again)

    def show_look(self, look: Look) -> None:
        """Shapes and colours of the points, and what they mean."""
        self.canvas.show_look(look.shapes, look.colors, look.palette)
        self.legend.show_look(look, self.coloring.currentText())

    def show_count(self, chosen: int) -> None:
        """How many points there are, and how many a lasso has caught."""
        total = len(self.canvas.ids)
        said = self.tr("%Ln image(s)", "", total)
        if chosen:
            said += " · " + self.tr("%Ln chosen in the list", "", chosen)
        hint = self.tr("Drag a line around points to choose them; Shift and drag moves; double click opens.")
        self.count.setText(f"{said}. {hint}" if total else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
