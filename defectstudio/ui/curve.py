"""The loss of a training run as it comes in. Imports pyqtgraph, so import it only when a curve is to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from defectstudio.ui.theme import Colors, theme

# Name in the progress of a run -> (colour on light, colour on dark, dash).
LINES: dict[str, tuple[str, str, Qt.PenStyle]] = {
    "loss": ("#1c2127", "#e8ebee", Qt.PenStyle.SolidLine),
    "loss_seg": ("#0072B2", "#56B4E9", Qt.PenStyle.DashLine),
    "loss_cls": ("#B04A00", "#E69F00", Qt.PenStyle.DotLine),
}


class LossCurve(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Total, segmentation and classification loss over epochs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Loss over epochs"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setMenuEnabled(False)
        self.setLabel("bottom", self.tr("epoch"))
        self.addLegend(offset=(-4, 4), labelTextSize="8pt")
        self._points: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in LINES}
        words = {
            "loss": self.tr("total"),
            "loss_seg": self.tr("segmentation"),
            "loss_cls": self.tr("classification"),
        }
        self._lines = {name: self.plot(name=words[name]) for name in LINES}
        self._apply(theme().colors)
        theme().changed.connect(self._apply)

    def clear_points(self) -> None:
        """Begin a new run."""
        for name, (epochs, values) in self._points.items():
            epochs.clear()
            values.clear()
            self._lines[name].setData([], [])

    def add(self, values: Mapping[str, Any]) -> None:
        """One point for each loss that is named; `epoch` counts from 1."""
        for name, (epochs, losses) in self._points.items():
            if name in values and "epoch" in values:
                epochs.append(float(values["epoch"]))
                losses.append(float(values[name]))
                self._lines[name].setData(epochs, losses)

    @property
    def points(self) -> int:
        """How many points of the total loss are drawn."""
        return len(self._points["loss"][0])

    def _apply(self, colors: Colors) -> None:
        self.setBackground(colors.surface)
        for side in ("bottom", "left"):
            axis = self.getAxis(side)
            axis.setPen(colors.control_border)
            axis.setTextPen(colors.muted)
        for name, (light, dark, dash) in LINES.items():
            pen = pg.mkPen(dark if colors.dark else light, width=2, style=dash)
            self._lines[name].setPen(pen)
            self._lines[name].setSymbol("o")
            self._lines[name].setSymbolSize(4)
            self._lines[name].setSymbolPen(None)
            self._lines[name].setSymbolBrush(dark if colors.dark else light)
        legend = self.getPlotItem().legend
        legend.setLabelTextColor(QColor(colors.text))
        for _sample, label in legend.items:
            label.setText(label.text)
