"""Small help for forms: labels that stand level with their fields."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLayoutItem


def _polish(item: QLayoutItem) -> None:
    """Apply the stylesheet now, so that size hints are final."""
    layout, widget = item.layout(), item.widget()
    if widget is not None:
        widget.ensurePolished()
    if layout is not None:
        for inner in (layout.itemAt(k) for k in range(layout.count())):
            if inner is not None:
                _polish(inner)


def level_labels(form: QFormLayout) -> None:
    """Centre every label on the height of its field; Qt itself puts it at the top."""
    for row in range(form.rowCount()):
        label = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        field = form.itemAt(row, QFormLayout.ItemRole.FieldRole)
        widget = label.widget() if label is not None else None
        if isinstance(widget, QLabel) and field is not None:
            _polish(field)
            widget.setMinimumHeight(field.sizeHint().height())
            widget.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
