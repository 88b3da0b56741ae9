"""A document as one self-contained page of HTML: no script, nothing from elsewhere, readable in light and dark."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from html import escape

from PIL import Image

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
from defectstudio.domain.display import Rgb

_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem} h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:.6rem 0}
caption{text-align:left;font-size:.85rem;opacity:.75}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;overflow-wrap:anywhere}
th:first-child,td:first-child{text-align:left} thead th{border-bottom-width:2px} tbody th{font-weight:400}
.soft{opacity:.75} .curves{display:flex;flex-wrap:wrap;gap:1.5rem}
figure{margin:0} figcaption{font-size:.85rem;margin-top:.3rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:1rem}
.grid figure{border:1px solid var(--line);border-radius:8px;padding:.6rem;background:var(--soft)}
.pair{display:flex;gap:.4rem;align-items:flex-start} .pair img{width:50%;border-radius:4px}
.pair.wide{flex-direction:column} .pair.wide img{width:100%}
.wrong{border-color:#D55E00!important} svg text{fill:currentColor;font-size:11px}
.sign{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:2rem;margin-top:2.5rem}
.sign div{border-top:1px solid currentColor;padding-top:.3rem} code{overflow-wrap:anywhere}
@media print{body{max-width:none;margin:0} .grid figure,tr{break-inside:avoid}}
"""
SIDE, LEFT, TOP = 220, 40, 10


def as_html(document: Document) -> str:
    """The whole page."""
    return "\n".join(
        [
            f'<!doctype html><html lang="{escape(document.language)}"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(document.title)}</title><style>{_STYLE}</style>",
            *(_part(part) for part in document.parts),
            "</html>",
        ]
    )


def _part(part: Part) -> str:
    match part:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text, soft):
            return f"<p{' class=soft' if soft else ''}>{escape(text)}</p>"
        case Table():
            return _table(part)
        case Charts(charts):
            return '<div class="curves">' + "".join(map(_chart, charts)) + "</div>"
        case Pictures(pictures):
            return '<div class="grid">' + "".join(map(_picture, pictures)) + "</div>"
        case Signatures(roles, digest):
            lines = "".join(f"<div>{escape(role)}, date, name</div>" for role in roles)
            return f'<div class="sign">{lines}</div><p class="soft">What is signed: <code>{escape(digest)}</code></p>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in table.heads)
    body = "".join(
        f'<tr><th scope="row">{escape(cell(first))}</th>'
        + "".join(f"<td>{escape(cell(value))}</td>" for value in rest)
        + "</tr>"
        for first, *rest in table.rows
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _chart(chart: Chart) -> str:
    """A chart as inline SVG, 0..1 on both axes."""
    lines = "".join(_grid()) + "".join(
        f'<polyline points="{" ".join(_place(x, y) for x, y in curve.points)}" fill="none" stroke="{curve.color}" '
        'stroke-width="2"/>'
        for curve in chart.curves
    )
    names = ", ".join(curve.name for curve in chart.curves)
    return (
        f'<figure><svg role="img" aria-label="{escape(chart.alt, quote=True)}" '
        f'width="{SIDE + 60}" height="{SIDE + 40}">{lines}</svg>'
        f"<figcaption>{escape(chart.title)}: {escape(names)} ({escape(chart.across)} across, {escape(chart.up)} up)"
        "</figcaption></figure>"
    )


def _place(x: float, y: float) -> str:
    return f"{LEFT + x * SIDE:.1f},{TOP + (1 - y) * SIDE:.1f}"


def _grid() -> Iterable[str]:
    for v in (0, 0.5, 1):
        yield (
            f'<path d="M{_place(0, v)}L{_place(1, v)}M{_place(v, 0)}L{_place(v, 1)}" stroke="currentColor" '
            f'opacity=".15"/><text x="{LEFT - 6}" y="{TOP + (1 - v) * SIDE + 4}" text-anchor="end">{v:g}</text>'
            f'<text x="{LEFT + v * SIDE}" y="{TOP + SIDE + 16}" text-anchor="middle">{v:g}</text>'
        )


def _picture(picture: Picture) -> str:
    height, width = picture.pixels[0].shape[:2]
    wide = " wide" if width > 2 * height else ""
    shown = "".join(_img(rgb, alt) for rgb, alt in zip(picture.pixels, picture.alt, strict=True))
    frame = ' class="wrong"' if picture.marked else ""
    caption = f"<figcaption>{escape(picture.caption)}</figcaption>"
    return f'<figure{frame}><div class="pair{wide}">{shown}</div>{caption}</figure>'


def _img(rgb: Rgb, alt: str) -> str:
    code = base64.b64encode(as_jpeg(rgb)).decode("ascii")
    return f'<img alt="{escape(alt, quote=True)}" src="data:image/jpeg;base64,{code}">'


def as_jpeg(rgb: Rgb) -> bytes:
    """The bytes of a JPEG file."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
