"""The defect book in words: of each class what it is, pictures of it, and pictures of what only looks like it.

An entry names a place in an image of the project, not pixels: the book is drawn from the images whenever it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from defectstudio.domain.labels import Box, ImageId

EntryKind: TypeAlias = Literal["exemplar", "look-alike"]
EntrySource: TypeAlias = Literal["region", "place", "patch", "detection", "proposed"]


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One picture of the book: the `box` (pixels of the image) shows the class, or only looks as if it did.

    `number` counts in the project. `source`: what an expert chose it from, or "proposed" where the program did.
    """

    number: int
    kind: EntryKind
    class_index: int
    image: ImageId
    box: Box
    source: EntrySource
    caption: str = ""


@dataclass(frozen=True, slots=True)
class BookEntryChanged:
    """An entry came into the book (`before` None), was changed, or was taken out (`after` None)."""

    number: int
    before: BookEntry | None
    after: BookEntry | None

    def inverse(self) -> BookEntryChanged:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class DefinitionChanged:
    """Somebody wrote what a class is, in words; "" says nothing."""

    class_index: int
    before: str
    after: str

    def inverse(self) -> DefinitionChanged:
        return replace(self, before=self.after, after=self.before)


BookEvent: TypeAlias = BookEntryChanged | DefinitionChanged
