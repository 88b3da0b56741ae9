"""What is set in the Refine panel, remembered between two starts of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox

from defectstudio.ui.panels.refine import RefinePanel

Control = QComboBox | QSpinBox | QCheckBox


def controls(panel: RefinePanel) -> dict[str, Control]:
    """What is remembered, by name. What label maps to begin with is chosen for each project."""
    form = panel.start
    return {
        "write": panel.write,
        "anchor": panel.anchor,
        "mode": panel.mode,
        "auto": panel.auto,
        "scope": panel.dense.scope,
        "margin": form.margin,
        "net": form.net,
        "patch": form.patch,
        "steps": form.steps,
    }


def set_now(panel: RefinePanel) -> dict[str, Any]:
    """The values as they are set."""
    return {name: _value(control) for name, control in controls(panel).items()}


def set_again(panel: RefinePanel, stored: Mapping[str, Any]) -> None:
    """Set what was stored; a value that cannot be set any more, or was written by nobody, leaves the control alone."""
    for name, control in controls(panel).items():
        value = stored.get(name)
        match control:
            case QComboBox() if (row := control.findData(value)) >= 0:
                control.setCurrentIndex(row)
            case QSpinBox() if type(value) is int:
                control.setValue(value)
            case QCheckBox() if type(value) is bool:
                control.setChecked(value)


def _value(control: Control) -> Any:
    match control:
        case QComboBox():
            return control.currentData()
        case QSpinBox():
            return control.value()
        case QCheckBox():
            return control.isChecked()
