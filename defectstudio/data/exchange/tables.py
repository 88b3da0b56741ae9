"""Tables beside images: every CSV with a column that names the image is merged into one record an image.

Columns that are understood (upper or lower case): stem, image, filename, file, name or path; label, verdict or tag;
class or category; split, subset or fold; group, tile, item, part or series. Where tables disagree the first one holds.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from defectstudio.data.exchange.files import Source, inside
from defectstudio.data.exchange.words import NOTHING, class_names, split_of, verdict_of
from defectstudio.data.pixels import IMAGE_SUFFIXES
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Verdict

MAX_BYTES = 64 * 2**20
_KEYS = ("stem", "image", "filename", "file", "name", "path")
_FIELDS = {
    "label": ("label", "verdict", "tag"),
    "class": ("class", "category"),
    "split": ("split", "subset", "fold"),
    "group": ("group", "tile", "item", "part", "series"),
    "duplicate_of": ("duplicate_of",),
}


@dataclass(slots=True)
class Record:
    """What the tables say of one image: the cells as written, by the names in `_FIELDS`."""

    cells: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """By the label, or by the class where there is no label: a class other than good means defective."""
        for cell in (self.cells.get("label", ""), self.cells.get("class", "")):
            verdict = verdict_of(cell)
            if verdict is not Verdict.UNLABELLED:
                return Verdict.DEFECTIVE if verdict is None else verdict
        return Verdict.UNLABELLED

    @property
    def classes(self) -> tuple[str, ...]:
        """Named classes of a defective image; a label that is no verdict word counts as a class."""
        if self.verdict is not Verdict.DEFECTIVE:
            return ()
        return class_names(self.cells.get("class", "")) or class_names(self.cells.get("label", ""))

    @property
    def split(self) -> str:
        return split_of(self.cells.get("split", ""))

    @property
    def group(self) -> str:
        cell = self.cells.get("group", "").strip()
        return "" if cell.lower() in NOTHING else cell


def read_tables(source: Source, images: Iterable[Path]) -> dict[Path, Record]:
    """One record for each image that a CSV in the source folder names; findings for what does not fit."""
    records: dict[Path, Record] = defaultdict(Record)
    index = _Index(source, images)
    for path in source.files:
        if path.suffix.lower() == ".csv" and path.parent == source.root:
            _merge(source, path, index, records)
    return dict(records)


class _Index:
    """Images by every way in which a table may name them: path or stem, with or without extension."""

    def __init__(self, source: Source, images: Iterable[Path]) -> None:
        self._root = source.root
        self._named: dict[str, set[Path]] = defaultdict(set)
        for path in images:
            for text in (source.text_of(path), source.name_of(path), path.name, path.stem):
                self._named[text].add(path)

    def find(self, key: str) -> set[Path]:
        """The images that `key` may mean. Raises DefectStudioError when it leads out of the folder."""
        inside(self._root, key)
        text = str(PurePosixPath(key.strip().replace("\\", "/")))
        found = self._named.get(text)
        if found is None and PurePosixPath(text).suffix.lower() in IMAGE_SUFFIXES:
            found = self._named.get(str(PurePosixPath(text).with_suffix("")))
        return found or set()


@dataclass(slots=True)
class _Trouble:
    """Keys of one table that could not be used, by reason."""

    missing: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)


def _merge(source: Source, path: Path, index: _Index, records: dict[Path, Record]) -> None:
    trouble = _Trouble()
    try:
        for key, cells in _rows(path):
            source.use(path)
            _merge_row(key, cells, index, records, trouble)
    except (OSError, csv.Error, UnicodeDecodeError, ValueError) as error:
        source.use(path)
        text = f"{source.text_of(path)} cannot be read as a table ({error}); it is not used."
        source.note("warning", text, kind="table")
    _report(source, path, trouble)


def _merge_row(key: str, cells: dict[str, str], index: _Index, records: dict[Path, Record], trouble: _Trouble) -> None:
    try:
        found = index.find(key)
    except DefectStudioError:
        trouble.outside.append(key)
        return
    if len(found) != 1:
        (trouble.ambiguous if found else trouble.missing).append(key)
        return
    record = records[next(iter(found))].cells
    if cells.pop("duplicate_of", "").strip():
        trouble.copies.append(key)
    for name, cell in cells.items():
        if record.setdefault(name, cell) != cell:
            trouble.conflicts.append(key)


def _report(source: Source, path: Path, trouble: _Trouble) -> None:
    table = source.text_of(path)
    for severity, kind, keys, text in (
        ("warning", "missing", trouble.missing, "images are listed but not here"),
        ("warning", "ambiguous", trouble.ambiguous, "entries could mean several images and are not used"),
        ("warning", "outside", trouble.outside, "paths lead out of the folder and are refused"),
        ("warning", "table", trouble.conflicts, "entries disagree with an earlier table, which holds"),
        ("note", "duplicate", trouble.copies, "images are named as copies of another"),
    ):
        if keys:
            shown = ", ".join(keys[:3]) + (" ..." if len(keys) > 3 else "")
            source.note(severity, f"{table}: {text} ({len(keys)}): {shown}.", kind=kind)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """(key, understood cells) of each row; nothing when no column names the image."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 2**20} MiB")
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=max(",;\t", key=first.count))
        header = [cell.strip().lower() for cell in next(reader, [])]
        key = next((header.index(name) for name in _KEYS if name in header), None)
        if key is None:
            return
        columns = _columns(header, header[key])
        for row in reader:
            if len(row) > key and row[key].strip():
                yield row[key], {name: row[at].strip() for name, at in columns.items() if at < len(row)}


def _columns(header: list[str], key: str) -> dict[str, int]:
    """Where each understood field stands; of several columns for one field the first in the list above."""
    found = {}
    for name, spellings in _FIELDS.items():
        spelling = next((word for word in spellings if word in header and word != key), None)
        if spelling is not None:
            found[name] = header.index(spelling)
    return found
