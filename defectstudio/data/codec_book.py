"""Entries of the defect book and second looks as JSON lists, and back; see `data.codec`."""

from __future__ import annotations

from typing import Any, cast, get_args

from defectstudio.domain.book import BookEntry, EntryKind, EntrySource
from defectstudio.domain.labels import Box
from defectstudio.domain.second_look import SecondLook


def entry_values(entry: BookEntry | None) -> list[Any] | None:
    if entry is None:
        return None
    box = entry.box
    place = [entry.image, box.top, box.left, box.bottom, box.right]
    return [entry.number, entry.kind, entry.class_index, place, entry.source, entry.caption]


def read_entry(values: list[Any] | None) -> BookEntry | None:
    """Raises ValueError or TypeError on values that make no sense."""
    if values is None:
        return None
    number, kind, index, (image, *sides), source, caption = values
    if kind not in get_args(EntryKind) or source not in get_args(EntrySource):
        raise ValueError(kind, source)
    box = Box(*(int(side) for side in sides))
    known = cast(EntryKind, kind), cast(EntrySource, source)
    return BookEntry(int(number), known[0], int(index), int(image), box, known[1], str(caption))


def look_values(look: SecondLook | None) -> list[Any] | None:
    return None if look is None else [look.number, look.detection, look.first, look.again, look.seconds, look.third]


def read_look(values: list[Any] | None) -> SecondLook | None:
    """Raises ValueError on values that make no sense."""
    if values is None:
        return None
    number, detection, first, again, seconds, third = values
    return SecondLook(int(number), str(detection), str(first), str(again), float(seconds), str(third))
