"""Tools: the grid of buttons, how the current tool is used, and its options."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QSlider, QSpinBox, QToolButton, QWidget

from defectstudio.ui.sections.common import Section, muted
from defectstudio.ui.tools.easel import LARGEST_BRUSH, Options

COLUMNS = 6
ICON = 22


class ToolsSection(Section):
    """Emits `option_changed` with the name of an option and its new value."""

    option_changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Tools"))
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self.hint = muted()
        self.hint.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 2)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._options = QGridLayout()
        self._options.setHorizontalSpacing(10)
        self._options.setVerticalSpacing(6)
        self._options.setColumnStretch(1, 1)
        self._rows: dict[str, list[QWidget]] = {}
        size, tolerance = self.tr("Brush size in pixels"), self.tr("How different a pixel may be")
        tile, step = self.tr("Side of an area in pixels"), self.tr("Grow and shrink by so many pixels")
        self.size_field = self._number("size", self.tr("Size"), size, 1, LARGEST_BRUSH, " px", 150)
        self.tolerance_field = self._number("tolerance", self.tr("Tolerance"), tolerance, 0, 100, " %", 50)
        self.tile_field = self._number("tile", self.tr("Area size"), tile, 4, 200, " px", 64)
        self.step_field = self._number("step", self.tr("Step"), step, 1, 50, " px", 20)
        self.contiguous = self._check("contiguous", self.tr("One connected area"))
        self.protect = self._check("protect", self.tr("Do not overwrite other classes"))
        self.column.addLayout(self._grid)
        self.column.addWidget(self.hint)
        self.column.addLayout(self._options)

    def _number(self, key: str, text: str, name: str, least: int, most: int, unit: str, sliding: int) -> QSpinBox:
        """A slider for the common range and a field for all of it."""
        label, slider, field = muted(text), QSlider(Qt.Orientation.Horizontal), QSpinBox(minimum=least, maximum=most)
        label.setWordWrap(False)
        slider.setRange(least, sliding)
        field.setSuffix(unit)
        field.lineEdit().setTextMargins(6, 0, 0, 0)
        field.setFixedWidth(self.fontMetrics().horizontalAdvance("999 px") + 48)
        for widget in (slider, field):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        slider.valueChanged.connect(field.setValue)
        field.valueChanged.connect(lambda value: self._changed(key, value, slider))
        at = self._options.rowCount()
        self._rows[key] = [label, slider, field]
        for column, part in enumerate(self._rows[key]):
            self._options.addWidget(part, at, column)
        return field

    def _changed(self, key: str, value: int, slider: QSlider) -> None:
        _quietly(slider, value)
        self.option_changed.emit(key, value / 100 if key == "tolerance" else value)

    def _check(self, key: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setAccessibleName(text)
        box.toggled.connect(lambda on: self.option_changed.emit(key, on))
        self._options.addWidget(box, self._options.rowCount(), 0, 1, 3)
        self._rows[key] = [box]
        return box

    def arrange(self, buttons: list[QToolButton]) -> None:
        """Lay out the buttons of the tools."""
        for number, button in enumerate(buttons):
            button.setIconSize(QSize(ICON, ICON))
            button.setProperty("tool", "true")
            button.setMinimumSize(ICON + 18, ICON + 14)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._grid.addWidget(button, number // COLUMNS, number % COLUMNS)

    def show_tool(self, name: str, hint: str, uses: tuple[str, ...]) -> None:
        """The tool in the hand."""
        self.heading.setText(name)
        self.hint.setText(hint)
        for key, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(key in uses)

    def show_options(self, options: Options) -> None:
        """The options as they are. Emits nothing."""
        values: dict[str, Any] = {
            "size": options.size,
            "tolerance": round(100 * options.tolerance),
            "tile": options.tile,
            "step": options.step,
        }
        for key, value in values.items():
            for widget in self._rows[key][1:]:
                _quietly(widget, value)
        for box, on in ((self.contiguous, options.contiguous), (self.protect, options.protect)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)


def _quietly(widget: Any, value: int) -> None:
    widget.blockSignals(True)
    widget.setValue(value)
    widget.blockSignals(False)
