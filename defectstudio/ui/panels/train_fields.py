"""One control for each field of a training configuration, made from the field's type and range.

Every control has `chosen` (the value), `choose(value)` and the signal `altered`. None stands for "automatic".
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator, QValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from defectstudio.ui.panels.train_words import automatic, value_word
from defectstudio.ui.ticks import short

LARGEST, SMALLEST = 2**31 - 1, 1e-9
DECIMALS = 9


class Control(Protocol):
    """What the settings need of a control, which is a widget."""

    altered: Any

    @property
    def chosen(self) -> Any: ...
    def choose(self, value: Any) -> None: ...
    def setEnabled(self, arg__1: bool, /) -> None: ...
    def blockSignals(self, b: bool, /) -> bool: ...


class Choice(QComboBox):
    """One of several values."""

    altered = Signal()

    def __init__(self, name: str, values: Sequence[Any]) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self._values = list(values)
        for value in self._values:
            self.addItem(value_word(name, value))
        self.currentIndexChanged.connect(self.altered)

    @property
    def chosen(self) -> Any:
        return self._values[self.currentIndex()]

    def choose(self, value: Any) -> None:
        self.setCurrentIndex(self._values.index(value))


class Switch(QCheckBox):
    """Yes or no."""

    altered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.toggled.connect(self.altered)

    @property
    def chosen(self) -> bool:
        return self.isChecked()

    def choose(self, value: bool) -> None:
        self.setChecked(value)


class Whole(QSpinBox):
    """A whole number; where it may be left out, the step below the least one says "automatic"."""

    altered = Signal()

    def __init__(self, low: int, high: int, *, optional: bool) -> None:
        super().__init__(minimum=low - optional, maximum=high)
        self._least = low
        if optional:
            self.setSpecialValueText(automatic())
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.valueChanged.connect(self.altered)

    def stepBy(self, steps: int) -> None:
        """From "automatic" the first step up leads to a size that is worth trying, not to the least one."""
        if self.value() < self._least and steps > 0 and self._least >= 64:
            self.setValue(256)
        else:
            super().stepBy(steps)

    @property
    def chosen(self) -> int | None:
        return self.value() if self.value() >= self._least else None

    def choose(self, value: int | None) -> None:
        self.setValue(self._least - 1 if value is None else value)


class Number(QDoubleSpinBox):
    """A number that may be very small: shown in few digits, a step multiplies or divides by about 1.5."""

    altered = Signal()

    def __init__(self, low: float, high: float) -> None:
        super().__init__(minimum=low, maximum=high, decimals=DECIMALS)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.valueChanged.connect(self.altered)

    def textFromValue(self, value: float) -> str:
        return short(value)

    def valueFromText(self, text: str) -> float:
        return float(text.replace(",", "."))

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        try:
            inside = self.minimum() <= float(text.replace(",", ".")) <= self.maximum()
        except ValueError:
            typed = not text.strip("0123456789.,eE-+")
            return (QValidator.State.Intermediate if typed else QValidator.State.Invalid), text, place
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate), text, place

    def stepBy(self, steps: int) -> None:
        value = self.value()
        self.setValue(float(f"{value * 1.5**steps:.2g}") if value else 0.1 * max(steps, 0))

    @property
    def chosen(self) -> float:
        return self.value()

    def choose(self, value: float) -> None:
        self.setValue(value)


class Several(QWidget):
    """Any of several values, by check boxes; none of them is "automatic"."""

    altered = Signal()

    def __init__(self, values: Iterable[Any]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.boxes = {value: QCheckBox(str(value)) for value in values}
        for box in self.boxes.values():
            row.addWidget(box)
            box.toggled.connect(self.altered)
        row.addStretch(1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    @property
    def chosen(self) -> tuple[Any, ...] | None:
        return tuple(value for value, box in self.boxes.items() if box.isChecked()) or None

    def choose(self, value: tuple[Any, ...] | None) -> None:
        for each, box in self.boxes.items():
            box.setChecked(each in (value or ()))


class Numbers(QLineEdit):
    """Whole numbers with commas between them; nothing is "automatic"."""

    altered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(automatic())
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"\s*(\d{1,3}(\s*,\s*\d{1,3})*\s*,?\s*)?")))
        self.textChanged.connect(self.altered)

    @property
    def chosen(self) -> tuple[int, ...] | None:
        return tuple(int(part) for part in self.text().split(",") if part.strip()) or None

    def choose(self, value: tuple[int, ...] | None) -> None:
        self.setText(", ".join(map(str, value or ())))


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """Least and largest value of a number, None where it has no bound; an open end is a hair's breadth further in."""
    low: float | None = None
    high: float | None = None
    for rule in field.metadata:
        low = rule.ge if hasattr(rule, "ge") else rule.gt + SMALLEST if hasattr(rule, "gt") else low
        high = rule.le if hasattr(rule, "le") else rule.lt - SMALLEST if hasattr(rule, "lt") else high
    return low, high


def control_for(name: str, field: FieldInfo) -> Control:
    """The control of a field. Raises TypeError for a type that no control is made for."""
    kinds = list(get_args(field.annotation)) if is_union(field.annotation) else [field.annotation]
    optional = type(None) in kinds
    kind = next(one for one in kinds if one is not type(None))
    low, high = bounds(field)
    if get_origin(kind) is Literal:
        return Choice(name, [*([None] if optional else []), *get_args(kind)])
    if get_origin(kind) is tuple:
        return Several(values) if (values := get_args(get_args(kind)[0])) else Numbers()
    if kind is bool:
        return Switch()
    if kind is int:
        return Whole(int(low or 0), int(high or LARGEST), optional=optional)
    if kind is float:
        return Number(low or 0.0, high or 1e9)
    raise TypeError(f"There is no control for {name}: {field.annotation}")


def is_union(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType}
