"""The buttons of verdicts: large, each with its key, larger still for gloved hands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontInfo, QIcon, QKeySequence, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.labels import DefectClass
from defectstudio.ui.sections.common import draw_swatch
from defectstudio.ui.theme import theme

MOST_CLASSES = 9
TOUCH_SIDE = 64
"""The least side of what a gloved finger shall hit, in logical pixels."""
VERDICTS = {
    "mentor.confirm": "defective",
    "mentor.reject": "good",
    "mentor.unsure": "unlabelled",
    "mentor.draw": "text",
    "mentor.missed": "text",
    "mentor.good": "good",
    "mentor.back": "text",
}
"""The commands that have a button, with the colour role of their icons, in the order in which they stand."""


def swatch_icon(color: str, side: int) -> QIcon:
    """A small square in the colour of a class."""
    ratio = 2
    drawn = QPixmap(side * ratio, side * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_swatch(painter, QRectF(1, 1, side - 2, side - 2), color, theme().colors.control_border)
    painter.end()
    return QIcon(drawn)


class BigButton(QToolButton):
    """Runs an action: its words, then its key. Takes no focus from the mouse, so the keys stay where they are."""

    def __init__(self, action: QAction, icon: str = "", role: str = "text") -> None:
        super().__init__()
        self._action, self._icon, self._role = action, icon, role
        self.key = ""
        self.setObjectName(f"big.{action.objectName()}")
        self.setProperty("big", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        theme().changed.connect(self._tint)
        self._follow()
        self._tint()

    def _follow(self) -> None:
        action = self._action
        keys = action.shortcuts()
        self.key = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        self.setText(action.text())
        self.setToolTip(action.toolTip())
        self.setAccessibleName(action.toolTip())
        self.setEnabled(action.isEnabled())

    def _tint(self) -> None:
        if self._icon:
            self.setIcon(theme().icon(self._icon, self._role))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The style's own button, but with words in two lines, which it would cut off."""
        painter, option = QStylePainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text, option.icon = "", QIcon()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        self._paint_face(painter, mode)

    def _paint_face(self, painter: QPainter, mode: QIcon.Mode) -> None:
        side, high = self.iconSize().width(), self.fontMetrics().lineSpacing()
        room = self.rect().adjusted(4, 4, -4, -4)
        lines = [self.text(), *([self.key] if self.key else [])]
        top = room.center().y() - (side + 2 + len(lines) * high) // 2
        self.icon().paint(painter, QRect(room.center().x() - side // 2, top, side, side), mode=mode)
        words = QRect(room.left(), top + side + 2, room.width(), high)
        self._paint_lines(painter, words, lines, Qt.AlignmentFlag.AlignHCenter)

    def _paint_lines(self, painter: QPainter, words: QRect, lines: Sequence[str], flag: Qt.AlignmentFlag) -> None:
        colors = theme().colors
        for number, line in enumerate(lines):
            painter.setPen(QColor(colors.text if number == 0 and self.isEnabled() else colors.muted))
            painter.setFont(self._fitting(line, words.width()))
            text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, flag | Qt.AlignmentFlag.AlignVCenter, text)
            words.translate(0, words.height())

    def _fitting(self, line: str, room: int) -> QFont:
        """The button's font, or one up to a fifth smaller when the line would lose letters."""
        font = self.font()
        wide = self.fontMetrics().horizontalAdvance(line)
        if wide > room:
            font.setPixelSize(int(QFontInfo(font).pixelSize() * max(0.8, room / wide)))
        return font


class ClassButton(BigButton):
    """ "Defect, but of this class": swatch, number and name."""

    def show_class(self, known: DefectClass, *, suggested: bool) -> None:
        """The class it stands for; `suggested` where the model took the detection for it."""
        self.setIcon(swatch_icon(known.color, 16))
        if self.property("suggested") != suggested:
            self.setProperty("suggested", suggested)
            self.style().unpolish(self)
            self.style().polish(self)

    def _paint_face(self, painter: QPainter, mode: QIcon.Mode) -> None:
        side, text = 16, f"{self.key}  {self.text()}"
        room = self.rect().adjusted(8, 2, -8, -2)
        wide = min(self.fontMetrics().horizontalAdvance(text), room.width() - side - 8)
        left = room.center().x() - (side + 8 + wide) // 2
        self.icon().paint(painter, QRect(left, room.center().y() - side // 2, side, side), mode=mode)
        words = QRect(left + side + 8, room.top(), room.right() - left - side - 8, room.height())
        self._paint_lines(painter, words, [text], Qt.AlignmentFlag.AlignLeft)


class VerdictBar(QWidget):
    """A row of verdicts and a row of classes."""

    def __init__(self, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        """`button(key)` makes the button of a command; only its action is used."""
        super().__init__(parent)
        table = {key: button(key).defaultAction() for key in VERDICTS}
        icons = {"confirm": "tag-defective", "reject": "tag-good", "unsure": "tag-unlabelled", "draw": "tool-polygon"}
        icons |= {"missed": "tool-box", "good": "complete", "back": "undo"}
        self.verdicts = [BigButton(table[key], icons[key.partition(".")[2]], role) for key, role in VERDICTS.items()]
        numbers = range(1, MOST_CLASSES + 1)
        self.classes = [ClassButton(button(f"mentor.class.{number}").defaultAction()) for number in numbers]
        self._rows = QHBoxLayout(), QHBoxLayout()
        groups: tuple[Sequence[BigButton], ...] = (self.classes, self.verdicts)
        for made, row in zip(groups, self._rows, strict=True):
            for one in made:
                row.addWidget(one, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for row in self._rows:
            column.addLayout(row)
        self.set_touch(False)

    def set_touch(self, touch: bool) -> None:
        """Targets of at least 64 pixels a side, or as small as a mouse likes them."""
        groups: tuple[Sequence[BigButton], ...] = (self.verdicts, self.classes)
        for made, side in zip(groups, (TOUCH_SIDE + 24, TOUCH_SIDE) if touch else (66, 34), strict=True):
            for one in made:
                one.setFixedHeight(side)
                one.setMinimumWidth(TOUCH_SIDE if touch else 40)
                one.setIconSize(QSize(32, 32) if touch else QSize(20, 20))
        for row in self._rows:
            row.setSpacing(10 if touch else 6)

    def show_classes(self, classes: Mapping[int, DefectClass], suggested: int | None) -> None:
        """One button a class, up to nine, the one that the model suggests marked; a single class needs none."""
        shown: Sequence[DefectClass] = [classes[index] for index in sorted(classes)][:MOST_CLASSES]
        for number, one in enumerate(self.classes):
            one.setVisible(1 < len(shown) > number)
            if number < len(shown):
                one.show_class(shown[number], suggested=shown[number].index == suggested)
