"""The defect book as a printed page, a PDF or JSON: of each class its definition, exemplars, and look-alikes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from defectstudio.app.document import Document, Heading, Paragraph, Part, Picture, Pictures
from defectstudio.app.document_html import as_html
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.whole import written_whole
from defectstudio.domain.book import BookEntry, EntryKind, EntrySource
from defectstudio.domain.display import Rgb, as_rgb, framed
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.geometry import square_round
from defectstudio.domain.labels import Box, ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.state import LabelState
from defectstudio.sessions.book_pages import page_of

ENDINGS = (".html", ".pdf", ".json")
AROUND, LEAST_SIDE = 0.6, 56
"""Ground shown on each side of a box, in parts of its longer side, and the least side of a picture in pixels."""
SHOWN_AS: dict[EntrySource, str] = {
    "region": "labelled region",
    "place": "chosen place",
    "patch": "refined patch",
    "detection": "judged detection",
    "proposed": "proposed, not yet chosen by anybody",
}
FROZEN = ConfigDict(frozen=True)


class Entry(BaseModel):
    """One picture: `box` is top, left, bottom, right in pixels of the image."""

    model_config = FROZEN

    number: int
    kind: EntryKind
    image: ImageId
    name: str
    box: tuple[int, int, int, int]
    source: EntrySource
    caption: str


class ClassPage(BaseModel):
    """What the book says of one class."""

    model_config = FROZEN

    index: int
    name: str
    color: str
    definition: str
    exemplars: list[Entry]
    look_alikes: list[Entry]


class Book(BaseModel):
    """The book of a project as it stood after an event of its journal."""

    model_config = FROZEN

    project: str
    event: int
    pages: list[ClassPage]

    @property
    def entries(self) -> list[Entry]:
        return [entry for page in self.pages for entry in (*page.exemplars, *page.look_alikes)]


def read_book(project: Project) -> Book:
    """The book as it is now, a page a class."""
    state = project.state
    pages = [_page(state, index) for index in sorted(state.classes)]
    return Book(project=project.folder.name, event=project.journal.last_event, pages=pages)


def _page(state: LabelState, index: int) -> ClassPage:
    page, known = page_of(state, index), state.classes[index]
    exemplars, look_alikes = ([_entry(state, e) for e in part] for part in (page.exemplars, page.look_alikes))
    return ClassPage(
        index=index,
        name=known.name,
        color=known.color,
        definition=page.definition,
        exemplars=exemplars,
        look_alikes=look_alikes,
    )


def _entry(state: LabelState, entry: BookEntry) -> Entry:
    box = entry.box
    return Entry(
        number=entry.number,
        kind=entry.kind,
        image=entry.image,
        name=state.images[entry.image].info.name,
        box=(box.top, box.left, box.bottom, box.right),
        source=entry.source,
        caption=entry.caption,
    )


def book_job(project: Project, out: Path) -> Callable[[CancelToken], Job[Path]]:
    """Write the book to a file; returns its path.

    Raises DefectStudioError for a file that is neither .html, .pdf nor .json, or where the project has no class.
    """
    if out.suffix.lower() not in ENDINGS:
        raise DefectStudioError(
            f"A defect book is not a {out.suffix or 'file without an ending'}.",
            hint="Choose a name that ends in .html, .pdf or .json.",
        )
    book, snapshot = read_book(project), project.snapshot()
    if not book.pages:
        raise DefectStudioError("This project has no defect class.", hint="Add a class in Annotate.")

    def job(token: CancelToken) -> Job[Path]:
        if out.suffix.lower() == ".json":
            with written_whole(out) as temporary:
                temporary.write_text(json.dumps(book.model_dump(mode="json"), indent=1), encoding="utf-8")
            return out
        pictures: dict[int, Rgb] = {}
        colors = {entry.number: page.color for page in book.pages for entry in (*page.exemplars, *page.look_alikes)}
        for done, entry in enumerate(book.entries):
            token.check()
            yield Progress(done, len(book.entries), "Cutting pictures for the book")
            pictures[entry.number] = _cut(snapshot, entry, colors[entry.number])
        _write(out, book_document(book, pictures))
        return out

    return job


def _write(out: Path, document: Document) -> None:
    with written_whole(out) as temporary:
        if out.suffix.lower() == ".pdf":
            from defectstudio.app.document_pdf import write_pdf

            write_pdf(document, temporary)
        else:
            temporary.write_text(as_html(document), encoding="utf-8")


def _cut(snapshot: Snapshot, entry: Entry, color: str) -> Rgb:
    """The place of an entry with some ground, a frame round the place."""
    image = next(one for one in snapshot.images if one.id == entry.image)
    box = Box(*entry.box)
    ground = square_round(box, (image.height, image.width), around=AROUND, least=LEAST_SIDE)
    part = as_rgb(snapshot.read(image)[ground.slices])
    inner = Box(box.top - ground.top, box.left - ground.left, box.bottom - ground.top, box.right - ground.left)
    return framed(part, inner, color)


def book_document(book: Book, pictures: dict[int, Rgb]) -> Document:
    """The book in the order of reading; `pictures` by the number of their entry, (height, width, 3)."""
    parts: list[Part] = [
        Heading(f"Defect book of {book.project}", 1),
        Paragraph(f"As agreed after event {book.event} of the journal.", soft=True),
    ]
    for page in book.pages:
        parts += [Heading(page.name), Paragraph(page.definition or "Nobody has written yet what this is.")]
        parts += _shown("This is it", page.exemplars, page.name, pictures)
        parts += _shown("This is not, although it looks like it", page.look_alikes, f"not {page.name}", pictures)
    return Document(f"Defect book of {book.project}", tuple(parts))


def _shown(title: str, entries: Sequence[Entry], what: str, pictures: dict[int, Rgb]) -> list[Part]:
    if not entries:
        return [Paragraph(f"{title}: no picture yet.", soft=True)]
    return [Heading(title, 3), Pictures(tuple(_picture(entry, what, pictures[entry.number]) for entry in entries))]


def _picture(entry: Entry, what: str, pixels: Rgb) -> Picture:
    said = f"{entry.number}. {entry.caption}:" if entry.caption else f"{entry.number}."
    place = f"row {entry.box[0]}, column {entry.box[1]}"
    alt = f"{what}: {entry.caption or SHOWN_AS[entry.source]}, in {entry.name} at {place}"
    caption = f"{said} {entry.name}, {place} ({SHOWN_AS[entry.source]})"
    return Picture((pixels,), (alt,), caption, marked=entry.kind == "look-alike")
