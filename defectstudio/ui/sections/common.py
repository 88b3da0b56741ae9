"""What the sections of a panel have in common: a heading with buttons, muted words, swatches."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStyle,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.theme import Colors, theme

SWATCH = 14
ROW = 28


def begin_row(painter: QPainter, option: QStyleOptionViewItem) -> tuple[QRect, bool]:
    """Save the painter and paint the ground of a list's row; returns where the row lies, and whether it is chosen."""
    colors, area = theme().colors, option.rect.adjusted(1, 1, -1, -1)
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(colors.selection if chosen else colors.hover))
        painter.drawRoundedRect(area, 6, 6)
    return area, chosen


class Section(QWidget):
    """A heading, with room for small buttons at its right, and what stands below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QLabel(title)
        self.heading.setProperty("role", "heading")
        self._top = QHBoxLayout()
        self._top.setSpacing(2)
        self._top.addWidget(self.heading, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.column.addLayout(self._top)
        self._icons: dict[QToolButton, str] = {}
        theme().changed.connect(self._tint)

    def add_button(self, icon: str, name: str) -> QToolButton:
        """A small button beside the heading."""
        button = icon_button(icon, name)
        self._icons[button] = icon
        self._top.addWidget(button)
        return button

    def _tint(self, _colors: Colors) -> None:
        for button, icon in self._icons.items():
            button.setIcon(theme().icon(icon))


def icon_button(icon: str, name: str) -> QToolButton:
    """A flat button with an icon, its name as tooltip and for screen readers."""
    button = QToolButton(autoRaise=True)
    button.setIcon(theme().icon(icon))
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def page_bar(title: str) -> tuple[QFrame, QHBoxLayout]:
    """The bar above a page that takes the place of the image, with its title; and the row for what follows it."""
    bar, heading = QFrame(), QLabel(title)
    bar.setProperty("role", "bar")
    heading.setProperty("role", "heading")
    row = QHBoxLayout(bar)
    row.setContentsMargins(10, 4, 8, 4)
    row.setSpacing(8)
    row.addWidget(heading)
    return bar, row


def muted(text: str = "") -> QLabel:
    """A quiet line of text that wraps."""
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", "muted")
    return label


def rule() -> QFrame:
    """A thin line between sections."""
    line = QFrame()
    line.setProperty("role", "line")
    return line


def draw_swatch(painter: QPainter, place: QRectF, color: str, border: str) -> None:
    """A small square in the colour of a class."""
    painter.setPen(QPen(QColor(border), 1))
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(place, 3.5, 3.5)
