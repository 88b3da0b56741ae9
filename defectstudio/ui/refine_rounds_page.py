"""Rounds side by side: the label map left, the heat map right, a slider through the rounds, all of them in a strip."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.linked import LinkedViewers
from defectstudio.ui.sections.common import icon_button, muted, page_bar
from defectstudio.ui.theme import theme

PICTURE, CAPTION, PAD = 64, 18, 4


class RoundTile(QAbstractButton):
    """One round of the image, small: label map above, heat below; a click goes to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._pictures: tuple[QPixmap | None, QImage | None, QImage | None] = (None, None, None)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(84, 2 * PICTURE + CAPTION + 4 * PAD)

    def show_round(self, word: str, picture: QPixmap | None, labels: QImage, heat: QImage | None) -> None:
        """The image, and over it the label map and the heat of one round."""
        self.setText(word)
        self.setAccessibleName(word)
        self._pictures = (picture, labels, heat)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme().colors
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(colors.accent if lively or self.isChecked() else colors.border), 1.5))
        painter.setBrush(QColor(colors.selection if self.isChecked() else colors.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        for place, layer in enumerate(self._pictures[1:]):
            room = QRect(PAD, PAD + place * (PICTURE + PAD), self.width() - 2 * PAD, PICTURE)
            self._paint_picture(painter, room, layer)
        painter.setPen(QColor(colors.text))
        caption = QRect(0, 2 * (PICTURE + PAD) + PAD, self.width(), CAPTION)
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRect, layer: QImage | None) -> None:
        picture = self._pictures[0]
        size = picture.deviceIndependentSize().toSize() if picture is not None else room.size()
        fitted = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, fitted.width(), fitted.height())
        target.moveCenter(room.center())
        painter.fillRect(target, QColor(theme().colors.canvas))
        if picture is not None:
            painter.drawPixmap(target, picture)
        if layer is not None:
            painter.setOpacity(0.7)
            painter.drawImage(QRectF(target), layer)
            painter.setOpacity(1.0)


class RoundsPage(QWidget):
    """Emits which round is wanted; is told what to show."""

    left = Signal()
    """Esc: back to the image."""
    stage_wanted = Signal(int)
    """The place of a stage in the strip, 0 the first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.linked = LinkedViewers()
        self.maps, self.heat = self.linked.second, self.linked.first
        self.maps.setAccessibleName(self.tr("Label map of the round"))
        self.heat.setAccessibleName(self.tr("Heat map of the round"))
        self.maps.set_display(labels=True, heat=False, minimap=False)
        self.heat.set_display(labels=False, heat=True, minimap=False)
        self.maps.show()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Round"))
        self.slider.setPageStep(1)
        self.slider.setMinimumWidth(120)
        self.word = QLabel()
        self.word.setProperty("role", "heading")
        self.said = muted()
        self.difference = QCheckBox(self.tr("Mark what changed"))
        self.difference.setChecked(True)
        self.tiles: list[RoundTile] = []
        self._lay_out()
        self.slider.valueChanged.connect(self.stage_wanted)

    def _lay_out(self) -> None:
        bar, row = page_bar(self.tr("Rounds side by side"))
        self.close_button = icon_button("close", self.tr("Back to the image (Esc)"))
        self.close_button.clicked.connect(self.left)
        theme().changed.connect(self._tint)
        row.addWidget(self.slider)
        row.addWidget(self.difference)
        row.addStretch(1)
        row.addWidget(self.close_button)
        heads = QHBoxLayout()
        heads.setContentsMargins(12, 4, 12, 4)
        heads.setSpacing(10)
        heads.addWidget(self.word)
        heads.addWidget(self.said, 1)
        self._strip = QHBoxLayout()
        self._strip.setContentsMargins(10, 6, 10, 6)
        self._strip.setSpacing(6)
        self._strip.addStretch(1)
        strip = QWidget()
        strip.setLayout(self._strip)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(strip)
        area.setFixedHeight(RoundTile().sizeHint().height() + 26)
        self._area = area
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addLayout(heads)
        whole.addWidget(self.linked, 1)
        whole.addWidget(area)

    def _tint(self) -> None:
        self.close_button.setIcon(theme().icon("close"))

    def show_count(self, count: int) -> None:
        """So many stages are there: the newest is wanted."""
        while len(self.tiles) < count:
            self._make_tile()
        for place, tile in enumerate(self.tiles):
            tile.setVisible(place < count)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.blockSignals(False)

    def _make_tile(self) -> None:
        tile, place = RoundTile(), len(self.tiles)
        tile.clicked.connect(lambda: self.stage_wanted.emit(place))
        self.tiles.append(tile)
        self._strip.insertWidget(place, tile)

    def show_place(self, place: int, word: str, said: str) -> None:
        """Which stage is in the viewers, and what is said of it."""
        self.slider.blockSignals(True)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self.word.setText(word)
        self.said.setText(said)
        for number, tile in enumerate(self.tiles):
            tile.setChecked(number == place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif step is not None:
            self.slider.setValue(self.slider.value() + step)
        else:
            super().keyPressEvent(event)
