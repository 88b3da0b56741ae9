"""`predictions.csv` of a folder: one row an image, on disk as soon as it is finished, readable again to go on."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import IO

from defectstudio.app.export import harmless
from defectstudio.data.whole import unwritable, written_whole
from defectstudio.domain.errors import DefectStudioError


@dataclass(frozen=True, slots=True)
class Row:
    """One image. `called` good or defective; `score` P(defect); `hottest` the largest value of its heat map.

    Sizes and areas are in pixels of the image; `heat` and `mask` are paths beside the table, empty where not written.
    """

    image: str
    called: str
    width: int
    height: int
    score: float
    threshold: float
    hottest: float
    regions: int
    largest_region_px: int
    engine: str
    tiles: int
    heat: str
    mask: str
    sha256: str

    def cells(self) -> dict[str, str]:
        """As text, numbers to six digits; nothing runs as a formula in a spreadsheet."""
        cells = {key: f"{v:.6g}" if isinstance(v, float) else str(v) for key, v in asdict(self).items()}
        return {key: str(harmless(value)) for key, value in cells.items()}


COLUMNS = tuple(field.name for field in fields(Row))
_KINDS = {"int": int, "float": float, "str": str}


class PredictionTable:
    """The table as a file that grows. What an earlier run finished is read when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: dict[str, Row] = {}
        self._file: IO[str] | None = None
        if path.is_file():
            self._rows = {row.image: row for row in read_table(path)}

    @property
    def rows(self) -> list[Row]:
        return list(self._rows.values())

    def holds(self, image: str, sha256: str) -> bool:
        """Whether an image is done and has not changed since."""
        row = self._rows.get(image)
        return row is not None and row.sha256 == sha256

    def add(self, row: Row) -> None:
        """Write one row through to the system; one of the same image is replaced."""
        assert self._file is not None
        replaced = row.image in self._rows
        self._rows[row.image] = row
        try:
            if replaced:
                self._reopen()
            else:
                self._file.write(_as_line(row))
                self._file.flush()
        except OSError as error:
            raise unwritable(self.path, error) from error

    def forget(self, image: str) -> None:
        """Drop the row of an image, if there is one."""
        if self._rows.pop(image, None) is not None:
            self._reopen()

    def __enter__(self) -> PredictionTable:
        self._reopen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _reopen(self) -> None:
        """Write all rows anew (a row that was cut short is gone then) and go on at the end."""
        self._close()
        with written_whole(self.path) as temporary:
            lines = [",".join(COLUMNS) + "\r\n", *(_as_line(row) for row in self._rows.values())]
            temporary.write_text("".join(lines), encoding="utf-8", newline="")
        self._file = self.path.open("a", encoding="utf-8", newline="")


def _as_line(row: Row) -> str:
    line = io.StringIO()
    csv.DictWriter(line, COLUMNS).writerow(row.cells())
    return line.getvalue()


def read_table(path: Path) -> list[Row]:
    """The whole rows of a table; a last one that was cut short is left out.

    Raises DefectStudioError when the file is no such table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ValueError("its columns are not those of predictions")
            cells = [row for row in reader if None not in row.values() and len(row["sha256"]) == 64]
        return [_as_row(row) for row in cells]
    except (OSError, ValueError) as error:
        hint = "Choose a new folder, without --resume."
        raise DefectStudioError(f"{path} cannot be read: {error}.", hint=hint) from error


def _as_row(cells: dict[str, str]) -> Row:
    values = {field.name: _KINDS[str(field.type)](cells[field.name]) for field in fields(Row)}
    for name in ("image", "heat", "mask"):
        text = values[name]
        values[name] = text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text
    return Row(**values)
