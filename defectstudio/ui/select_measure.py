"""How fluid the map of the data is: frames a second while it is moved by real mouse events."""

from __future__ import annotations

import math
import time

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from defectstudio.ui.app import make_application
from defectstudio.ui.select_map import SHAPES, MapCanvas

SIZE = (1000, 700)
FRAMES = 90
COLORS = 24


class _Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def measure_map(points: int, frames: int = FRAMES) -> float:
    """Frames a second over `frames` moves of the mouse with the middle button held; every move is painted.

    All points are in sight at first and most of them stay so; shapes and colours are mixed, which is the slowest case.
    """
    app = make_application()
    rng = np.random.default_rng(0)
    canvas = MapCanvas()
    canvas.resize(*SIZE)
    canvas.show_points(range(points), rng.random((points, 2), np.float32))
    palette = [QColor.fromHsvF(number / COLORS, 0.7, 0.8) for number in range(COLORS)]
    canvas.show_look(rng.integers(0, len(SHAPES), points), rng.integers(0, COLORS, points), palette)
    canvas.show()
    app.processEvents()
    paints, ground, middle = _Paints(), canvas.viewport(), QPoint(SIZE[0] // 2, SIZE[1] // 2)
    ground.installEventFilter(paints)
    QTest.mousePress(ground, Qt.MouseButton.MiddleButton, pos=middle)
    begun = time.perf_counter()
    for frame in range(frames):
        turn = frame / 12
        QTest.mouseMove(ground, middle + QPoint(round(90 * math.sin(turn)), round(60 * math.cos(turn))))
        app.processEvents()
    seconds = time.perf_counter() - begun
    QTest.mouseRelease(ground, Qt.MouseButton.MiddleButton, pos=middle)
    ground.removeEventFilter(paints)
    canvas.close()
    canvas.deleteLater()
    return paints.count / seconds
