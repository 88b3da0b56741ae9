"""The defect book of one session: entries and definitions, each change one gesture on disk when the call returns.

All methods raise DefectStudioError on what makes no sense, and then change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from defectstudio.domain.book import BookEntry, BookEntryChanged, DefinitionChanged, EntryKind, EntrySource
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event
from defectstudio.domain.geometry import clipped
from defectstudio.domain.labels import Box, ImageId
from defectstudio.sessions.book_pages import Page, page_of
from defectstudio.sessions.classes import known_class
from defectstudio.sessions.edits import checked_image
from defectstudio.sessions.session import Session

LONGEST_DEFINITION, LONGEST_CAPTION = 4000, 200
ADDED: dict[EntryKind, str] = {"exemplar": "add an exemplar to the book", "look-alike": "add a look-alike to the book"}


@dataclass(frozen=True, slots=True)
class Place:
    """What may come into the book: a box (pixels) of an image, for a class."""

    kind: EntryKind
    class_index: int
    image: ImageId
    box: Box


class DefectBook:
    """The book of the project of a session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._state = session.project.state

    def page(self, index: int) -> Page:
        """What the book says of a class. Raises DefectStudioError where there is no such class."""
        known_class(self._state, index)
        return page_of(self._state, index)

    def add(self, place: Place, *, source: EntrySource = "region", caption: str = "") -> BookEntry:
        """A new entry; returns it. Its box is cut at the edges of its image."""
        entry = self._entry(place, source, caption, max(self._state.book, default=0) + 1)
        if self._holds(entry):
            raise DefectStudioError("This place is in the book already.", hint="Choose another one.")
        self.session.record(ADDED[entry.kind], [BookEntryChanged(entry.number, None, entry)])
        return entry

    def add_all(self, places: Sequence[Place], *, source: EntrySource = "proposed") -> int:
        """Several entries as one gesture, those that are there already left out; returns how many came."""
        first = max(self._state.book, default=0) + 1
        new: dict[tuple[int, ImageId, Box], BookEntry] = {}
        for place in places:
            entry = self._entry(place, source, "", first + len(new))
            if not self._holds(entry):
                new.setdefault(_where(entry), entry)
        self.session.record(f"propose entries of the book: {len(new)}", [_added(entry) for entry in new.values()])
        return len(new)

    def remove(self, numbers: Sequence[int]) -> None:
        """Take entries out of the book."""
        gone = [self._known(number) for number in dict.fromkeys(numbers)]
        self.session.record("remove from the book", [BookEntryChanged(e.number, e, None) for e in gone])

    def turn(self, number: int) -> None:
        """An exemplar becomes a look-alike, and the other way round; a proposed entry is then a chosen one."""
        entry = self._known(number)
        kind: EntryKind = "look-alike" if entry.kind == "exemplar" else "exemplar"
        source: EntrySource = "place" if entry.source == "proposed" else entry.source
        self._change("move in the book", entry, replace(entry, kind=kind, source=source))

    def caption(self, number: int, text: str) -> None:
        """What stands below a picture; "" nothing."""
        entry = self._known(number)
        self._change("caption in the book", entry, replace(entry, caption=checked_text(text, LONGEST_CAPTION)))

    def define(self, index: int, text: str) -> None:
        """Write what a class is; "" takes the definition out."""
        name = known_class(self._state, index).name
        before, after = self._state.definitions.get(index, ""), checked_text(text, LONGEST_DEFINITION)
        if before != after:
            self.session.record(f"define {name}", [DefinitionChanged(index, before, after)])

    def _change(self, name: str, before: BookEntry, after: BookEntry) -> None:
        if before != after:
            self.session.record(name, [BookEntryChanged(before.number, before, after)])

    def _entry(self, place: Place, source: EntrySource, caption: str, number: int) -> BookEntry:
        known_class(self._state, place.class_index)
        box = clipped(place.box, checked_image(self._state, place.image).shape)
        if box is None:
            raise DefectStudioError("This place lies outside its image.", hint="Choose a place inside the image.")
        text = checked_text(caption, LONGEST_CAPTION)
        return BookEntry(number, place.kind, place.class_index, place.image, box, source, text)

    def _holds(self, entry: BookEntry) -> bool:
        return _where(entry) in {_where(known) for known in self._state.book.values()}

    def _known(self, number: int) -> BookEntry:
        if number not in self._state.book:
            raise DefectStudioError(f"There is no entry {number} in the book.", hint="It may have been taken back.")
        return self._state.book[number]


def _where(entry: BookEntry) -> tuple[int, ImageId, Box]:
    """A class shows a place once, as what it is or as what it is not."""
    return entry.class_index, entry.image, entry.box


def _added(entry: BookEntry) -> Event:
    return BookEntryChanged(entry.number, None, entry)


def checked_text(text: str, longest: int) -> str:
    """Text without blanks around it. Raises DefectStudioError when it is too long."""
    stripped = text.strip()
    if len(stripped) > longest:
        raise DefectStudioError(f"This text is longer than {longest} characters.", hint="Say it in fewer words.")
    return stripped
