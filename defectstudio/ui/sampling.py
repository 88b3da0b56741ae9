"""Label values at the pixels of the screen: for lines that stay as thin as a screen pixel at any zoom.

The cost follows the repainted part of the screen, never the size of the image.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter

from defectstudio.domain.labels import HEALTHY, UNKNOWN
from defectstudio.ui.display import owned
from defectstudio.ui.view import View

HATCH_STEP = 8
OUTSIDE = HEALTHY


def device_rect(dirty: QRect, ratio: float, margin: int) -> QRect:
    """The device pixels of a rectangle of the widget, with a margin of device pixels."""
    left, top = math.floor(dirty.left() * ratio) - margin, math.floor(dirty.top() * ratio) - margin
    right = math.ceil((dirty.right() + 1) * ratio) + margin
    bottom = math.ceil((dirty.bottom() + 1) * ratio) + margin
    return QRect(left, top, right - left, bottom - top)


def _axis(first: int, count: int, ratio: float, offset: float, cell: float, start: float) -> NDArray[np.intp]:
    """The index of the cell, which may lie outside, under the centre of each device pixel along one axis."""
    at = (np.arange(first, first + count) + 0.5) / ratio
    return np.asarray(np.floor((at - offset - start) / cell), np.intp)


def sample(
    values: NDArray[np.uint8], view: View, rect: QRect, ratio: float, cell: float = 1.0, at: tuple[int, int] = (0, 0)
) -> NDArray[np.uint8]:
    """The values under a rectangle of device pixels, (height, width); `OUTSIDE` beyond the array.

    Each value covers `cell` x `cell` image pixels, the first of them at `at` (row, column).
    """
    size = cell * view.scale
    rows = _axis(rect.top(), rect.height(), ratio, view.top, size, at[0] * view.scale)
    columns = _axis(rect.left(), rect.width(), ratio, view.left, size, at[1] * view.scale)
    height, width = values.shape
    inside_rows, inside_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    found = np.full((rect.height(), rect.width()), OUTSIDE, np.uint8)
    if inside_rows.any() and inside_columns.any():
        r, c = rows[inside_rows], columns[inside_columns]
        part = values[r[0] : r[-1] + 1, c[0] : c[-1] + 1]
        top, left = int(np.argmax(inside_rows)), int(np.argmax(inside_columns))
        found[top : top + len(r), left : left + len(c)] = part[r - r[0]][:, c - c[0]]
    return found


def borders(values: NDArray[np.uint8], width: int) -> NDArray[np.bool_]:
    """Where a value differs from one at most `width` pixels away along a row or column."""
    edge = np.zeros(values.shape, bool)
    for step in range(1, width + 1):
        across, down = values[:, step:] != values[:, :-step], values[step:] != values[:-step]
        edge[:, step:] |= across
        edge[:, :-step] |= across
        edge[step:] |= down
        edge[:-step] |= down
    return edge


def hatch(
    values: NDArray[np.uint8], view: View, rect: QRect, ratio: float, cell: float, step: int
) -> NDArray[np.uint8]:
    """UNKNOWN where diagonal lines cross what is unknown, else 0, for a rectangle of device pixels.

    The lines are fixed to the widget, so that parts painted one by one fit together. Only values on lines are looked
    at: one in `step`.
    """
    high, wide, size = rect.height(), rect.width(), cell * view.scale
    lines = -(-wide // step)
    rows = _axis(rect.top(), high, ratio, view.top, size, 0.0)
    columns = _axis(rect.left(), (lines + 1) * step, ratio, view.left, size, 0.0)
    inside_rows, inside_columns = (rows >= 0) & (rows < values.shape[0]), (columns >= 0) & (columns < values.shape[1])
    columns[~inside_columns] = 0
    rows[~inside_rows] = 0
    # Where the lines cross each row: (height, lines), the last of them perhaps beyond the rectangle.
    across = (-(np.arange(high) + rect.top() + rect.left()) % step)[:, None] + step * np.arange(lines)
    found = (values[rows[:, None], columns[across]] == UNKNOWN) & inside_rows[:, None] & inside_columns[across]
    marks = np.zeros((high, (lines + 1) * step), np.uint8)
    marks[np.arange(high)[:, None], across] = found * np.uint8(UNKNOWN)
    return marks[:, :wide]


def draw_marks(painter: QPainter, marks: NDArray[np.uint8], table: list[int], rect: QRect, ratio: float) -> None:
    """Paint an array of table indices pixel by pixel at a rectangle of device pixels."""
    picture: QImage = owned(np.ascontiguousarray(marks), QImage.Format.Format_Indexed8)
    picture.setColorTable(table)
    picture.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(rect.left() / ratio, rect.top() / ratio), picture)
