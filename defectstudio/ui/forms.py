"""Rows of a form whose labels stand level with their fields, which QFormLayout does not do."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget


def form_grid() -> QGridLayout:
    """An empty form: labels left, fields as wide as there is room."""
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    grid.setHorizontalSpacing(12)
    grid.setColumnStretch(1, 1)
    return grid


def add_row(grid: QGridLayout, text: str, *fields: QWidget) -> QLabel:
    """One row: a label, whose mnemonic leads to the first field, and the fields, of which the first may grow.

    Returns the label, which a row that is hidden at times has to take along.
    """
    label = QLabel(text)
    label.setBuddy(fields[0])
    label.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)  # never cut off
    if not fields[0].accessibleName():
        fields[0].setAccessibleName(text.replace("&", ""))
    row = QHBoxLayout()
    row.setSpacing(8)
    for number, field in enumerate(fields):
        row.addWidget(field, 0 if number else 1)
    at = grid.rowCount()
    grid.addWidget(label, at, 0)
    grid.addLayout(row, at, 1)
    return label
