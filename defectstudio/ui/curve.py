"""The curves of one training as they grow: parts of the loss, AP on held-out images, learning rate; their export."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.chart import Chart, Line, Pane
from defectstudio.ui.theme import theme

EXPORT_SCALE = 2.0


class TrainingCurves(Chart):
    """One point for each epoch. Epochs are counted through: the phases of a training follow one another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        dash, dot = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
        losses = (
            Line("loss", self.tr("loss"), "#1c2127", "#e8ebee"),
            Line("loss_seg", self.tr("segmentation"), "#0072B2", "#56B4E9", dash),
            Line("loss_cls", self.tr("classification"), "#B04A00", "#E69F00", dot),
        )
        held_out = (
            Line("ap", self.tr("AP, held out"), "#12714a", "#56c892", percent=True),
            Line("pixel_ap", self.tr("pixel AP"), "#7A3E9D", "#CC9BE8", dash, percent=True),
        )
        rate = (Line("lr", self.tr("learning rate"), "#56606c", "#a4adb8"),)
        super().__init__([Pane(losses, 150), Pane(held_out, 92), Pane(rate, 74, log=True)], self.tr("epoch"), parent)
        self.rows: list[dict[str, float]] = []
        self.setAccessibleName(self.tr("Loss, AP and learning rate over epochs"))
        self.setToolTip(self.tr("Point at an epoch to read its figures, or use Left and Right."))

    def clear_points(self) -> None:
        """Begin a new run."""
        self.rows = []
        self.show_points({})
        self.read(None)

    def add(self, steps: Iterable[Mapping[str, Any]]) -> None:
        """One epoch for each of these figures that names an epoch; others are no news of the curve."""
        new = [values for values in steps if "epoch" in values]
        for values in new:
            last = self.rows[-1]["epoch"] if self.rows else 0.0
            figures = {key: float(values[key]) for key in self.keys if key in values}
            self.rows.append({"epoch": max(float(values["epoch"]), last + 1), **figures})
        if new:
            self.show_points({key: [(row["epoch"], row[key]) for row in self.rows if key in row] for key in self.keys})

    @property
    def keys(self) -> list[str]:
        """The figures that are drawn."""
        return [line.key for pane in self.panes for line in pane.lines]

    def save_csv(self, path: Path) -> None:
        """A table with one row an epoch. Raises DefectStudioError when it cannot be written."""
        names = [key for key in self.keys if any(key in row for row in self.rows)]
        with written_whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, ["epoch", *names])
            table.writeheader()
            table.writerows(self.rows)

    def save_png(self, path: Path) -> None:
        """A picture at twice the size on the screen. Raises DefectStudioError when it cannot be written."""
        picture = QPixmap((self.size() * EXPORT_SCALE).expandedTo(self.minimumSizeHint()))
        picture.setDevicePixelRatio(EXPORT_SCALE)
        picture.fill(theme().colors.surface)
        painter = QPainter(picture)
        self.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        painter.end()
        with written_whole(path) as temporary:
            if not picture.save(str(temporary), "PNG"):
                raise DefectStudioError(f"{path} cannot be written.", hint="Choose another folder.")
