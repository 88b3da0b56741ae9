"""Pages of the defect book: what it says of a class, and where a page goes when its class does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from defectstudio.domain.book import BookEntry, BookEntryChanged, DefinitionChanged
from defectstudio.domain.events import Event
from defectstudio.domain.state import LabelState


@dataclass(frozen=True, slots=True)
class Page:
    """What the book says of one class; entries whose image has left the project are not shown."""

    definition: str
    exemplars: tuple[BookEntry, ...]
    look_alikes: tuple[BookEntry, ...]


def page_of(state: LabelState, index: int) -> Page:
    """The page of a class, entries in the order in which they came."""
    entries = sorted((e for e in state.book.values() if e.class_index == index), key=lambda e: e.number)
    shown = [e for e in entries if e.image in state.images and state.images[e.image].present]
    exemplars = tuple(e for e in shown if e.kind == "exemplar")
    return Page(state.definitions.get(index, ""), exemplars, tuple(e for e in shown if e.kind == "look-alike"))


def book_merged(state: LabelState, index: int, into: int | None) -> Iterator[Event]:
    """The events by which the page of a class goes to another class, or goes (`into` None) with its class.

    Two definitions become one text, that of the class that stays first.
    """
    for entry in state.book.values():
        if entry.class_index == index:
            moved = None if into is None else replace(entry, class_index=into)
            yield BookEntryChanged(entry.number, entry, moved)
    text = state.definitions.get(index, "")
    if text and into is not None:
        kept = state.definitions.get(into, "")
        yield DefinitionChanged(into, kept, "\n\n".join(part for part in (kept, text) if part))
    if text:
        yield DefinitionChanged(index, text, "")
