"""A document as PDF, A4, by ReportLab; the same parts as on the page of HTML, in the order of reading."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image as Placed
from reportlab.platypus import KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from defectstudio.app.document import (
    Chart,
    Charts,
    Document,
    Heading,
    Paragraph,
    Part,
    Picture,
    Pictures,
    Signatures,
    Table,
    cell,
)
from defectstudio.app.document_html import as_jpeg

FONT, BOLD = "Vera", "VeraBd"
MARGIN = 18 * mm
PADDING = 6
WIDTH = A4[0] - 2 * (MARGIN + PADDING)
ACROSS = 3
SIDE = 50 * mm
FRAME = colors.HexColor("#D55E00")
PALE = colors.HexColor("#666666")


def write_pdf(document: Document, path: Path) -> None:
    """Write the document to a file. Raises OSError when it cannot be written."""
    rl_config.invariant = 1  # the same document gives the same bytes, so that its digest says something
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD)
    made = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=document.title,
        lang=document.language,
    )
    flow = [flowable for part in document.parts for flowable in _part(part)]
    made.build(flow, onFirstPage=_numbered, onLaterPages=_numbered)


def _numbered(canvas: Any, made: Any) -> None:
    canvas.setFont(FONT, 7)
    canvas.setFillColor(PALE)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(made.page))
    canvas.drawString(MARGIN, 10 * mm, made.title)


def _style(size: float, *, bold: bool = False, pale: bool = False, align: int = 0) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{pale}{align}",
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=size * 1.35,
        textColor=PALE if pale else colors.black,
        alignment=align,
        spaceAfter=size * 0.4,
        splitLongWords=True,
        wordWrap="CJK" if size < 8 else None,
    )


def _part(part: Part) -> Iterator[Any]:
    match part:
        case Heading(text, level):
            yield Spacer(1, 0 if level == 1 else 4 * mm)
            style = _style(16 if level == 1 else 11.5, bold=True)
            style.keepWithNext = 1
            yield Text(escape(text), style)
        case Paragraph(text, soft):
            yield Text(escape(text), _style(8.5, pale=soft))
        case Table():
            yield from _table(part)
        case Charts(charts):
            yield _in_rows([_chart(chart) for chart in charts])
        case Pictures(pictures):
            yield _in_rows([_picture(picture) for picture in pictures])
        case Signatures():
            yield KeepTogether(list(_signatures(part)))


def _table(table: Table) -> Iterator[Any]:
    if table.caption:
        yield Text(escape(table.caption), _style(8, pale=True))
    size = 7.5 if len(table.heads) <= 8 else 6.0
    head = [Text(escape(text), _style(size, bold=True, align=0 if n == 0 else 2)) for n, text in enumerate(table.heads)]
    body = [
        [Text(escape(cell(value)), _style(size, align=0 if n == 0 else 2)) for n, value in enumerate(row)]
        for row in table.rows
    ]
    grid = Grid([head, *body], colWidths=_widths(table, size), repeatRows=1)
    grid.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
        ]
    )
    yield grid
    yield Spacer(1, 2 * mm)


def _widths(table: Table, size: float) -> list[float]:
    """Room for the longest text of each column, in proportion; where that is too much, the widest columns give way."""
    columns = list(zip(table.heads, *([cell(value) for value in row] for row in table.rows), strict=True))
    wanted = [
        max(pdfmetrics.stringWidth(text, BOLD if n == 0 else FONT, size) for n, text in enumerate(column)) + size
        for column in columns
    ]
    if sum(wanted) <= WIDTH:
        return [width * WIDTH / sum(wanted) for width in wanted]
    widths, left = [0.0] * len(wanted), WIDTH
    for rank, n in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        widths[n] = min(wanted[n], left / (len(wanted) - rank))
        left -= widths[n]
    return widths


def _in_rows(cells: list[Any]) -> Any:
    """Charts or pictures, `ACROSS` in a row."""
    rows = [cells[n : n + ACROSS] for n in range(0, len(cells), ACROSS)] or [[""]]
    rows[-1] += [""] * (ACROSS - len(rows[-1]))
    grid = Grid(rows, colWidths=[WIDTH / ACROSS] * ACROSS)
    grid.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return grid


def _chart(chart: Chart) -> list[Any]:
    room, left, low = SIDE - 12 * mm, 9 * mm, 6 * mm
    drawing = Drawing(SIDE, SIDE - 4 * mm)
    for v in (0, 0.5, 1):
        x, y = left + v * room, low + v * room
        for ends in ((left, y, left + room, y), (x, low, x, low + room)):
            drawing.add(Line(*ends, strokeColor=colors.lightgrey, strokeWidth=0.5))
        drawing.add(String(left - 2, low + v * room - 2, f"{v:g}", fontName=FONT, fontSize=6, textAnchor="end"))
        drawing.add(String(left + v * room, low - 8, f"{v:g}", fontName=FONT, fontSize=6, textAnchor="middle"))
    for curve in chart.curves:
        flat = [value for x, y in curve.points for value in (left + x * room, low + y * room)]
        drawing.add(PolyLine(flat, strokeColor=colors.HexColor(curve.color), strokeWidth=1.2))
    return [
        drawing,
        Text(escape(f"{chart.title} ({chart.across} across, {chart.up} up). {chart.alt}"), _style(6.5, pale=True)),
    ]


def _picture(picture: Picture) -> list[Any]:
    height, width = picture.pixels[0].shape[:2]
    beside = width <= 2 * height
    room = (SIDE - 2) / len(picture.pixels) if beside else SIDE - 2
    shown = [Placed(io.BytesIO(as_jpeg(rgb)), width=room, height=room * height / width) for rgb in picture.pixels]
    grid = Grid([shown] if beside else [[one] for one in shown])
    style: list[Any] = [(f"{edge}PADDING", (0, 0), (-1, -1), 0.8) for edge in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    thick, color = (1.2, FRAME) if picture.marked else (0.3, PALE)
    grid.setStyle([*style, ("BOX", (0, 0), (-1, -1), thick, color)])
    return [grid, Text(escape(picture.caption), _style(6.5))]


def _signatures(part: Signatures) -> Iterator[Any]:
    yield Spacer(1, 16 * mm)
    lines = [Text(escape(f"{role}, date, name"), _style(8)) for role in part.roles]
    gap = 8 * mm
    room = (WIDTH - gap * (len(lines) - 1)) / len(lines)
    apart = [part for line in lines for part in (line, "")][:-1]
    grid = Grid([apart], colWidths=[gap if n % 2 else room for n in range(len(apart))])
    grid.setStyle([("LINEABOVE", (n, 0), (n, 0), 0.8, colors.black) for n in range(0, len(apart), 2)])
    yield grid
    yield Text(f"What is signed: {escape(part.digest)}", _style(7.5, pale=True))
