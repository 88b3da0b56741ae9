"""The runs of a project as a table: what each was, how good, in which state; and what became of deleted ones.

A run whose folder is missing or damaged is a row like the others and says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, Field

from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, RECORD, RunRecord, read_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.runs import known_runs, mark_of

RunState: TypeAlias = Literal["finished", "stopped", "failed", "running", "missing", "damaged"]
"""As the record says it; "running" of a run that nobody works on means that it was interrupted."""

SPLITS_FIRST = ("test", "val")


class RunRow(BaseModel):
    """One run. `ap` and `pixel_ap` are as measured after the training, on `split`, None where there is no such figure.

    `seen`: whether images of that split trained the run, so that the figures flatter it. `created` is UTC, ISO 8601.
    `problem` says what is wrong with a run that failed or cannot be read.
    """

    id: str
    name: str = ""
    note: str = ""
    starred: bool = False
    state: RunState
    problem: str = ""
    created: str | None = None
    net: str | None = None
    masks: int | None = None
    images: int | None = None
    seconds: float | None = None
    split: str | None = None
    seen: bool = False
    ap: float | None = None
    pixel_ap: float | None = None
    has_predictions: bool = False
    record: RunRecord | None = Field(default=None, exclude=True)

    @property
    def title(self) -> str:
        """Its name, else its id."""
        return self.name or self.id

    @property
    def comparable(self) -> bool:
        """Whether it has come to its end and has predictions to compare."""
        return self.state == "finished" and self.has_predictions


class DeletedRun(BaseModel):
    """A run that was taken from the project while its files are still there."""

    id: str
    name: str
    bytes: int


class Purged(BaseModel):
    """What a purge removed for good."""

    runs: list[str]
    bytes: int


def run_rows(project: Project) -> list[RunRow]:
    """All runs that are not deleted, oldest first; those that cannot be read stand at the end."""
    members: dict[str, set[int]] = {}
    for image, entry in project.state.images.items():
        members.setdefault(entry.placement.split, set()).add(image)
    rows = [_row(project, run, members) for run in known_runs(project)]
    return sorted(rows, key=lambda row: (row.created is None, row.created or "", row.id))


def _row(project: Project, run: str, members: dict[str, set[int]]) -> RunRow:
    mark, folder = mark_of(project, run), project.runs_folder / run
    row = RunRow(id=run, name=mark.name, note=mark.note, starred=mark.starred, state="missing")
    if not folder.is_dir():
        return row.model_copy(update={"problem": "The folder of this run is missing."})
    try:
        record = _record(folder)
    except DefectStudioError as error:
        return row.model_copy(update={"state": "damaged", "problem": error.message})
    facts = {
        "name": mark.name or record.name,
        "state": record.status,
        "problem": record.error,
        "created": record.created,
        "net": record.config.net,
        "masks": len(record.segmented),
        "images": len(record.images),
        "seconds": record.seconds,
        "has_predictions": (folder / PREDICTIONS).is_file(),
        "record": record,
    }
    return row.model_copy(update=facts | _figures(record, members))


def _record(folder: Path) -> RunRecord:
    """The record of a run; one that has not been written anew since is not read again."""
    path = folder / RECORD
    facts = path.stat() if path.is_file() else None
    return _read(folder, None if facts is None else (facts.st_mtime_ns, facts.st_size, facts.st_ino))


@lru_cache(maxsize=500)
def _read(folder: Path, _written: tuple[int, int, int] | None) -> RunRecord:
    return read_run(folder)


def _figures(record: RunRecord, members: dict[str, set[int]]) -> dict[str, object]:
    """AP and pixel AP on the split that tells most: test, else val, else the largest; `members`: its images."""
    metrics = record.metrics
    splits = [split for split, _, name in (key.rpartition("/") for key in metrics) if name == "ap"]
    if not splits:
        return {}
    order = {split: rank for rank, split in enumerate(SPLITS_FIRST)}
    best = min(splits, key=lambda s: (order.get(s, len(order)), -metrics.get(f"{s}/images", 0.0), s))
    seen = not members.get("" if best == "all" else best, set()).isdisjoint(record.images)
    return {"split": best, "seen": seen, "ap": metrics[f"{best}/ap"], "pixel_ap": metrics.get(f"{best}/pixel_ap")}


def deleted_runs(project: Project) -> list[DeletedRun]:
    """The deleted runs that still take room on disk."""
    folders = [project.runs_folder / run for run in project.state.deleted_runs]
    return [
        DeletedRun(id=folder.name, name=mark_of(project, folder.name).name, bytes=_size(folder))
        for folder in folders
        if folder.is_dir() and folder.parent == project.runs_folder
    ]


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def purge_job(project: Project) -> Callable[[CancelToken], Job[Purged]]:
    """Remove the files of all deleted runs. This cannot be undone: ask first, saying what `deleted_runs` says.

    Raises DefectStudioError when the project is open for reading only, or a file cannot be removed.
    """
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing.")
    doomed, folder = deleted_runs(project), project.runs_folder

    def job(token: CancelToken) -> Job[Purged]:
        gone: list[DeletedRun] = []
        for run in doomed:
            token.check()
            yield Progress(len(gone), len(doomed), f"Removing {run.name or run.id}")
            _remove(folder / run.id)
            gone.append(run)
        return Purged(runs=[run.id for run in gone], bytes=sum(run.bytes for run in gone))

    return job


def _remove(folder: Path) -> None:
    """The record goes first, so that what is left of an interrupted removal is never taken for a run."""
    try:
        (folder / RECORD).unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        raise DefectStudioError(
            f"The run {folder.name} cannot be removed: {error.strerror or error}.",
            hint="Is one of its files open in another program?",
        ) from error
