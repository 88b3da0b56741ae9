"""Events that add, change, merge and delete defect classes, and the account of what that does, given beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from defectstudio.data.journal import Journal
from defectstudio.data.maps import TILE
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ClassChanged, Event, Painted, Tagged
from defectstudio.domain.labels import (
    MAX_CLASSES,
    UNKNOWN,
    Box,
    DefectClass,
    Origin,
    class_color,
    count_values,
    decode_runs,
    encode_runs,
)
from defectstudio.domain.state import LabelState
from defectstudio.sessions.book_pages import book_merged
from defectstudio.sessions.painting.edit import after
from defectstudio.sessions.painting.patch import Patch

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ClassAccount:
    """What a class is used for: on how many images it is drawn, with how many pixels, and how many tags name it."""

    images: int
    pixels: int
    tags: int


def known_class(state: LabelState, index: int) -> DefectClass:
    """The class with this index. Raises DefectStudioError when there is none."""
    if index not in state.classes:
        raise DefectStudioError(f"There is no defect class {index}.", hint="Choose a class of the list.")
    return state.classes[index]


def new_class(state: LabelState, name: str, color: str | None) -> DefectClass:
    """A class with the next free index. Raises DefectStudioError on a bad name or colour, or when all are taken."""
    index = max(state.classes, default=0) + 1
    if index > MAX_CLASSES:
        free = set(range(1, MAX_CLASSES + 1)) - set(state.classes)
        if not free:
            raise DefectStudioError(f"A project has at most {MAX_CLASSES} classes.", hint="Merge two classes first.")
        index = min(free)
    return DefectClass(index, checked_name(state, name), checked_color(color or class_color(index)))


def checked_name(state: LabelState, name: str, *, of: int | None = None) -> str:
    """The name without blanks around it. Raises DefectStudioError when another class has it or it is no name."""
    text = " ".join(name.split())
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise DefectStudioError("A class needs a name of 1 to 80 characters.", hint="Type a name.")
    if any(c.name.casefold() == text.casefold() for c in state.classes.values() if c.index != of):
        raise DefectStudioError(f"There is a class {text} already.", hint="Choose another name, or merge the two.")
    return text


def checked_color(color: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise DefectStudioError(f"{color} is no colour.", hint="Write it as #rrggbb.")
    return color.upper()


def account(state: LabelState, journal: Journal, index: int) -> ClassAccount:
    """What the class is used for in the images of the project."""
    known_class(state, index)
    present = {image for image, entry in state.images.items() if entry.present}
    counts: dict[int, int] = {}
    for image, tile in journal.all_tiles(defective=True):
        if image in present and (pixels := int(count_values(tile.code)[index])):
            counts[image] = counts.get(image, 0) + pixels
    tags = sum(index in state.images[image].tag.classes for image in present)
    return ClassAccount(len(counts), sum(counts.values()), tags)


def merging(state: LabelState, journal: Journal, index: int, into: int) -> list[Event]:
    """The events by which a class becomes another: pixels, tags, its page of the book, and then the class itself.

    Raises DefectStudioError when one of them does not exist or both are the same.
    """
    old = known_class(state, index)
    known_class(state, into)
    if index == into:
        raise DefectStudioError("A class cannot be merged into itself.", hint="Choose another class.")
    pages = book_merged(state, index, into)
    return [*_repainted(journal, index, into), *_retagged(state, index, into), *pages, ClassChanged(index, old, None)]


def deleting(state: LabelState, journal: Journal, index: int) -> list[Event]:
    """The events by which a class goes: its pixels become unknown, and no tag names it any more."""
    old = known_class(state, index)
    repainted = _repainted(journal, index, UNKNOWN)
    pages = book_merged(state, index, None)
    return [*repainted, *_retagged(state, index, None), *pages, ClassChanged(index, old, None)]


def _repainted(journal: Journal, index: int, value: int) -> Iterator[Event]:
    """Tile by tile from disk, so that no more than one tile is in memory at a time."""
    for image, tile in journal.all_tiles(defective=True):
        if not count_values(tile.code)[index]:
            continue
        part = decode_runs(tile.code)
        patch = Patch.of(part == index)
        assert patch is not None  # it was counted
        before = part[patch.box.slices]
        now = after(before, patch.mask, value, protect=False)
        box = patch.box
        top, left = tile.row * TILE, tile.column * TILE
        place = Box(top + box.top, left + box.left, top + box.bottom, left + box.right)
        yield Painted(image, place, encode_runs(before), encode_runs(now), Origin.DRAWN)


def _retagged(state: LabelState, index: int, into: int | None) -> Iterator[Event]:
    for image, entry in state.images.items():
        if index in entry.tag.classes:
            kept = {c for c in entry.tag.classes if c != index} | ({into} if into is not None else set())
            yield Tagged(image, entry.tag, replace(entry.tag, classes=tuple(sorted(kept))), Origin.DRAWN)
