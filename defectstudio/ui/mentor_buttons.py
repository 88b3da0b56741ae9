"""The buttons of verdicts: large, each with its key, larger still for gloved hands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

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
        self.setObjectName(f"big.{action.objectName()}")
        self.setProperty("big", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        theme().changed.connect(self._tint)
        self._follow()
        self._tint()

    def _follow(self) -> None:
        action = self._action
        keys = action.shortcuts()
        key = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        self.setText(self.words(action.text(), key))
        self.setToolTip(action.toolTip())
        self.setAccessibleName(action.toolTip())
        self.setEnabled(action.isEnabled())
        self.setCheckable(action.isCheckable())
        self.setChecked(action.isChecked())

    def words(self, text: str, key: str) -> str:
        """What stands on the button."""
        return f"{text}\n{key}" if key else text

    def _tint(self) -> None:
        if self._icon:
            self.setIcon(theme().icon(self._icon, self._role))

    def nextCheckState(self) -> None:
        """The action says whether it is checked, not the click."""


class ClassButton(BigButton):
    """ "Defect, but of this class": number, swatch and name."""

    def words(self, text: str, key: str) -> str:
        return f"{key}  {text}".strip()

    def show_class(self, known: DefectClass, *, suggested: bool) -> None:
        """The class it stands for; `suggested` where the model took the detection for it."""
        self.setIcon(swatch_icon(known.color, 16))
        self.setProperty("suggested", suggested)
        self.style().unpolish(self)
        self.style().polish(self)


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
        for made, row in zip((self.classes, self.verdicts), self._rows, strict=True):
            row.setSpacing(6)
            for one in made:
                row.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for row in self._rows:
            column.addLayout(row)
        self.set_touch(False)

    def set_touch(self, touch: bool) -> None:
        """Targets of at least 64 pixels a side, or as small as a mouse likes them."""
        for made, side in ((self.verdicts, TOUCH_SIDE + 20 if touch else 56), (self.classes, TOUCH_SIDE if touch else 34)):
            for one in made:
                one.setFixedHeight(side)
                one.setMinimumWidth(TOUCH_SIDE if touch else 40)
                one.setIconSize(QSize(28, 28) if touch else QSize(20, 20))
        style = Qt.ToolButtonStyle
        for one in self.verdicts:
            one.setToolButtonStyle(style.ToolButtonTextUnderIcon if touch else style.ToolButtonTextBesideIcon)
        for one in self.classes:
            one.setToolButtonStyle(style.ToolButtonTextBesideIcon)
        for row in self._rows:
            row.setSpacing(10 if touch else 6)

    def show_classes(self, classes: Mapping[int, DefectClass], suggested: int | None) -> None:
        """One button a class, up to nine, the one that the model suggests marked."""
        shown: Sequence[DefectClass] = [classes[index] for index in sorted(classes)][:MOST_CLASSES]
        for number, one in enumerate(self.classes):
            one.setVisible(number < len(shown))
            if number < len(shown):
                one.show_class(shown[number], suggested=shown[number].index == suggested)
