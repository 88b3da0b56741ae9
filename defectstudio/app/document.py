"""A document as parts that mean the same on a page of HTML, in a PDF and to a screen reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from defectstudio.domain.display import Rgb


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows; `level` 1 is the document's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `soft`: an explanation, smaller or paler."""

    text: str
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under heads; None is shown as a dash. The first column names the row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y) in 0..1 joined by lines, for a chart whose both axes go from 0 to 1."""

    name: str
    points: tuple[tuple[float, float], ...]
    color: str = "#0072B2"


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves over one field. `alt` says in words what they show."""

    title: str
    across: str
    up: str
    curves: tuple[Curve, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image, and the one beside it, with a caption; `alt` says in words what the two show, in their order."""

    pixels: tuple[Rgb, ...]
    alt: tuple[str, ...]
    caption: str
    marked: bool = False
    """Drawn in a frame that catches the eye."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures in a grid."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts beside each other."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, one for each role, and the digest of what is signed."""

    roles: tuple[str, ...]
    digest: str


Part: TypeAlias = Heading | Paragraph | Table | Pictures | Charts | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """A titled sequence of parts; `language` is an ISO 639 code."""

    title: str
    parts: tuple[Part, ...]
    language: str = "en"


def cell(value: object) -> str:
    """A value as a reader expects it in a table: numbers with three digits, a dash for what is not there."""
    if value is None or value == "":
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
