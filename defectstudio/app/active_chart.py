"""The curves of a study of active learning as one figure, drawn once and written as SVG and as PNG."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from defectstudio.app.active_table import NAMES, ActiveCurve, ActiveTable
from defectstudio.data.whole import written_whole
from defectstudio.domain.labels import CLASS_COLORS

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 60, 190, 36, 48
INK, FAINT = "#222222", "#D8D8D8"
COLORS = ("#666666", *(color for color in CLASS_COLORS if color != "#F0E442"))
"""Random, which comes first, in grey; yellow cannot be seen on white."""
DASHES: tuple[tuple[int, ...], ...] = ((), (6, 3), (2, 3))


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined by straight lines; `dash` empty: unbroken."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float = 1.0
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a point: `anchor` is the end of them that lies there, in the middle of their height."""

    at: tuple[float, float]
    words: str
    anchor: str = "start"
    size: int = 12


Shape: TypeAlias = Line | Text
Place: TypeAlias = Callable[[float, float], tuple[float, float]]


def draw(table: ActiveTable, figure: str) -> list[Shape]:
    """One figure of all settings over the number of masks, with deviations as bars; random first."""
    curves = [c for c in table.curves if c.figure == figure and c.points]
    curves.sort(key=lambda curve: curve.setting != "random")
    if not curves:
        return [Text((WIDTH / 2, HEIGHT / 2), "Nothing is measured yet.", "middle")]
    ends = [p.mean + sign * (p.deviation or 0) for c in curves for p in c.points for sign in (-1, 1)]
    low, high, ticks = _ticks(100 * min(ends), 100 * max(ends))
    most = max(p.masks for c in curves for p in c.points) or 1

    def at(masks: float, value: float) -> tuple[float, float]:
        # The first masks matter most: the square root gives them room.
        x = LEFT + (masks / most) ** 0.5 * (WIDTH - LEFT - RIGHT)
        return x, TOP + (high - 100 * value) / (high - low) * (HEIGHT - TOP - BOTTOM)

    shapes: list[Shape] = [Text((LEFT, 18), f"{NAMES[figure]} (%), mean of {table.repeats} repeats", size=14)]
    for tick in ticks:
        y = at(0, tick / 100)[1]
        shapes += [Line(((LEFT, y), (WIDTH - RIGHT, y)), FAINT), Text((LEFT - 8, y), f"{tick:g}", "end")]
    for masks in _spaced(sorted({p.masks for c in curves for p in c.points}), lambda n: at(n, 0)[0]):
        shapes.append(Text((at(masks, 0)[0], HEIGHT - BOTTOM + 16), str(masks), "middle"))
    shapes.append(Text(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12), "segmented images", "middle"))
    for number, curve in enumerate(curves):
        shapes += _curve(curve, number, at)
    return shapes


def _curve(curve: ActiveCurve, number: int, at: Place) -> list[Shape]:
    color = COLORS[number % len(COLORS)]
    dash = DASHES[number // len(COLORS) % len(DASHES)]
    shapes: list[Shape] = [Line(tuple(at(p.masks, p.mean) for p in curve.points), color, 2.0, dash)]
    shift = (number % 5 - 2) * 2.0  # bars beside each other, not on each other
    for point in curve.points:
        spread = point.deviation or 0.0
        (x, top), (_, bottom) = at(point.masks, point.mean + spread), at(point.masks, point.mean - spread)
        shapes.append(Line(((x + shift, top), (x + shift, bottom)), color))
    y = TOP + 10 + 20 * number
    x = WIDTH - RIGHT + 18
    return [*shapes, Line(((x, y), (x + 24, y)), color, 2.0, dash), Text((x + 30, y), curve.setting)]


def _ticks(low: float, high: float) -> tuple[float, float, list[float]]:
    """An axis that holds low..high: its ends and four to nine round ticks."""
    span = max(high - low, 0.5)
    raw = span / 6
    power = 10 ** np.floor(np.log10(raw))
    step = float(power * next(factor for factor in (1, 2, 5, 10) if factor * power >= raw))
    first, last = float(np.floor(low / step)), float(np.ceil(high / step))
    ticks = [round(step * k, 6) for k in range(int(first), int(last) + 1)]
    return ticks[0], ticks[-1] if len(ticks) > 1 else ticks[0] + step, ticks


def _spaced(values: Sequence[int], place: Callable[[int], float]) -> list[int]:
    """Those of the values whose names do not run into each other; the last one always."""
    kept: list[int] = []
    for value in reversed(values):
        if not kept or place(kept[-1]) - place(value) >= 26:
            kept.append(value)
    return kept[::-1]


def as_svg(shapes: Sequence[Shape]) -> str:
    """The figure as an SVG document."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    back = '<rect width="100%" height="100%" fill="white"/>'
    return "\n".join([head, back, *(_svg(shape) for shape in shapes), "</svg>", ""])


def _svg(shape: Shape) -> str:
    if isinstance(shape, Text):
        x, y = shape.at
        style = f'font-family="sans-serif" font-size="{shape.size}" fill="{INK}" text-anchor="{shape.anchor}"'
        return f'<text x="{x:.1f}" y="{y:.1f}" dominant-baseline="central" {style}>{escape(shape.words)}</text>'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    dash = f' stroke-dasharray="{" ".join(map(str, shape.dash))}"' if shape.dash else ""
    return f'<polyline points="{points}" fill="none" stroke="{shape.color}" stroke-width="{shape.width:g}"{dash}/>'


def write_chart(folder: Path, name: str, shapes: Sequence[Shape]) -> None:
    """Write `name.svg` and `name.png`, twice as fine. Raises DefectStudioError when they cannot be written."""
    with written_whole(folder / f"{name}.svg") as temporary:
        temporary.write_text(as_svg(shapes), encoding="utf-8")
    with written_whole(folder / f"{name}.png") as temporary, temporary.open("wb") as file:
        as_picture(shapes).save(file, format="png")


def as_picture(shapes: Sequence[Shape], scale: int = 2) -> Image.Image:
    """The figure as pixels."""
    picture = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), "white")
    pen = ImageDraw.Draw(picture)
    for shape in shapes:
        if isinstance(shape, Text):
            anchor = {"start": "lm", "middle": "mm", "end": "rm"}[shape.anchor]
            font = ImageFont.load_default(shape.size * scale)
            pen.text((shape.at[0] * scale, shape.at[1] * scale), shape.words, INK, font, anchor)
        else:
            points = [(x * scale, y * scale) for x, y in shape.points]
            for piece in _dashed(points, [length * scale for length in shape.dash]):
                pen.line(piece, shape.color, max(1, round(shape.width * scale)), joint="curve")
    return picture


def _dashed(points: list[tuple[float, float]], dash: Sequence[float]) -> list[list[tuple[float, float]]]:
    """A line in the pieces that are drawn; the pattern goes on over corners."""
    if not dash:
        return [points]
    pieces: list[list[tuple[float, float]]] = []
    left, drawn, number = dash[0], True, 0
    for start, end in itertools.pairwise(points):
        length, done = math.dist(start, end), 0.0
        while done < length:
            step = min(left, length - done)
            if drawn:
                ends = (done / length, (done + step) / length)
                pieces.append([tuple(a + (b - a) * t for a, b in zip(start, end, strict=True)) for t in ends])  # type: ignore[misc]
            done, left = done + step, left - step
            if left <= 0:
                number += 1
                left, drawn = dash[number % len(dash)], not drawn
    return pieces
