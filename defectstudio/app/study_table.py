"""From the rows of a study to its table: mean and deviation over repeats, one line a setting.

A repeat (seed) counts when all its parts (folds) are done; its figures are means, or sums, over them. The deviation is
the sample deviation over repeats (n - 1), and absent where there is one repeat alone.
"""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Generic

from pydantic import BaseModel

from defectstudio.app.study import Record, Row, Study
from defectstudio.data.whole import written_whole

TABLE_CSV, TABLE_MD, ROWS_CSV = "table.csv", "table.md", "rows.csv"


class Cell(BaseModel):
    """A figure over the repeats that have it: `deviation` is None where fewer than two do."""

    mean: float
    deviation: float | None
    repeats: int

    def __str__(self) -> str:
        return f"{_short(self.mean)}" + ("" if self.deviation is None else f" ± {_short(self.deviation)}")


class TableRow(BaseModel):
    """One setting: how many of its jobs are done, failed and open, and its figures over complete repeats."""

    setting: str
    jobs: int
    done: int
    failed: int
    figures: dict[str, Cell]


class StudyTable(BaseModel):
    """The table of a study; `errors` holds each way in which jobs failed, with how often."""

    name: str
    jobs: int
    done: int
    failed: int
    columns: list[str]
    rows: list[TableRow]
    errors: dict[str, int]


def _short(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.1f}"


def columns_of(row: type[Row]) -> list[str]:
    """The figures that are numbers, in the order in which the type names them."""
    numbers = (int, float, int | None, float | None)
    return [name for name, field in row.model_fields.items() if field.annotation in numbers]


class _Setting(Generic[Row]):
    """The records of one setting, by repeat and part."""

    def __init__(self, study: Study[Row], name: str, records: Mapping[str, Record[Row]]) -> None:
        self.summed = study.row.summed
        self.name = name
        self.jobs = [job for job in study.plan.jobs if job.setting == name]
        self.records = records

    def repeats(self) -> list[list[Row]]:
        """The figures of each complete repeat, one entry a part."""
        found: list[list[Row]] = []
        for repeat in dict.fromkeys(job.repeat for job in self.jobs):
            parts = [self.records.get(job.id) for job in self.jobs if job.repeat == repeat]
            figures = [part.figures for part in parts if part is not None and part.figures is not None]
            if len(figures) == len(parts):
                found.append(figures)
        return found

    def cell(self, column: str) -> Cell | None:
        """One figure over all complete repeats; None where none has it."""
        values = []
        for parts in self.repeats():
            known = [float(v) for v in (getattr(part, column) for part in parts) if v is not None]
            if len(known) == len(parts):
                values.append(sum(known) / (1 if column in self.summed else len(known)))
        if not values:
            return None
        spread = statistics.stdev(values) if len(values) > 1 else None
        return Cell(mean=statistics.fmean(values), deviation=spread, repeats=len(values))

    def row(self, columns: Sequence[str]) -> TableRow:
        states = [self.records[job.id].status for job in self.jobs if job.id in self.records]
        cells = {column: self.cell(column) for column in columns}
        return TableRow(
            setting=self.name,
            jobs=len(self.jobs),
            done=states.count("done"),
            failed=states.count("failed"),
            figures={column: cell for column, cell in cells.items() if cell is not None},
        )


def tabulate(study: Study[Row]) -> StudyTable:
    """The table of a study as far as its jobs are done."""
    records, columns = study.records(), columns_of(study.row)
    names = list(dict.fromkeys(job.setting for job in study.plan.jobs))
    rows = [_Setting(study, name, records).row(columns) for name in names]
    errors: dict[str, int] = {}
    for record in records.values():
        if record.status == "failed":
            errors[f"{record.error} {record.hint}".strip()] = errors.get(f"{record.error} {record.hint}".strip(), 0) + 1
    return StudyTable(
        name=study.plan.name,
        jobs=len(study.plan.jobs),
        done=sum(row.done for row in rows),
        failed=sum(row.failed for row in rows),
        columns=[column for column in columns if any(column in row.figures for row in rows)],
        rows=rows,
        errors=errors,
    )


def as_markdown(table: StudyTable) -> str:
    """The table as Markdown, figures as mean ± deviation over repeats."""
    heads = ["setting", *table.columns, "repeats", "done", "failed"]
    lines = [f"# {table.name}", "", _line(heads), _line(["---"] * len(heads))]
    for row in table.rows:
        cells = [str(row.figures[c]) if c in row.figures else "-" for c in table.columns]
        lines.append(_line([row.setting, *cells, _repeats(row), f"{row.done} of {row.jobs}", str(row.failed)]))
    lines += ["", *(f"- {count} failed: {error}" for error, count in table.errors.items())]
    return "\n".join(lines).rstrip() + "\n"


def _repeats(row: TableRow) -> str:
    return str(max((cell.repeats for cell in row.figures.values()), default=0))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def as_csv(table: StudyTable) -> str:
    """The table as CSV: mean and deviation of each figure in columns of their own."""
    heads = ["setting", "jobs", "done", "failed", "repeats"]
    figures = [f"{column}_{kind}" for column in table.columns for kind in ("mean", "deviation")]
    lines: list[list[Any]] = [[*heads, *figures]]
    for row in table.rows:
        cells = [row.figures.get(column) for column in table.columns]
        values = [value for cell in cells for value in ((cell.mean, cell.deviation) if cell else (None, None))]
        lines.append([row.setting, row.jobs, row.done, row.failed, _repeats(row), *values])
    return _csv(lines)


def rows_csv(study: Study[Row]) -> str:
    """The tidy table: one line a job that has ended, one column a figure."""
    columns = columns_of(study.row)
    lines: list[list[Any]] = [["setting", "repeat", "part", "status", *columns, "seconds", "error"]]
    for record in study.records().values():
        job, found = record.job, record.figures
        values = [None if found is None else getattr(found, column) for column in columns]
        lines.append([job.setting, job.repeat, job.part, record.status, *values, record.seconds, record.error])
    return _csv(lines)


def _csv(lines: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def write_tables(study: Study[Row]) -> StudyTable:
    """Write `table.csv`, `table.md` and the tidy `rows.csv` beside the rows, and return the table."""
    table = tabulate(study)
    for name, text in ((TABLE_CSV, as_csv(table)), (TABLE_MD, as_markdown(table)), (ROWS_CSV, rows_csv(study))):
        with written_whole(study.folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return table
