"""A study: many independent jobs whose rows make one table. Training grids, ablations and simulations are studies.

On disk a study is one folder: `plan.json` says which jobs there are, `rows/<job>.json` is written whole when a job has
ended. A job's name is a hash of all that decides its result, so what is done is never done again: not after a stop,
and not when seeds or settings are added to the plan.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

import filelock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.data.snapshot import Snapshot
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

PLAN = "plan.json"
ROWS = "rows"


class Figures(BaseModel):
    """What one job found out: the numbers become columns of the table, everything else stays in its row.

    `summed` names the numbers that add up over the parts (folds) of a repeat; the others are averaged.
    """

    summed: ClassVar[frozenset[str]] = frozenset()


Row = TypeVar("Row", bound=Figures)


class StudyJob(BaseModel):
    """One job. Jobs of one `setting` make one line of the table: averaged over `part`s, then over `repeat`s."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    setting: str
    repeat: int = 0
    part: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)


class StudyPlan(BaseModel):
    """The jobs of a study, the function that does them (`module:function`), and the labels they stand on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    function: str
    labels: str = ""
    jobs: tuple[StudyJob, ...]


class Record(BaseModel, Generic[Row]):
    """How one job ended. `seconds` is wall time; `finished` is UTC, ISO 8601."""

    job: StudyJob
    status: Literal["done", "failed"]
    figures: Row | None = None
    error: str = ""
    hint: str = ""
    seconds: float = 0.0
    finished: str = ""
    host: str = ""
    threads: int = 0
    versions: dict[str, str] = Field(default_factory=dict)


def digest(*values: Any) -> str:
    """Twelve hexadecimal digits that name JSON values."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def labels_digest(snapshot: Snapshot) -> str:
    """Names what a study learns from: images, splits, groups, tags and label maps. Runs do not change it."""
    whole = hashlib.sha256()
    for image in snapshot.images:
        tag = (image.tag.verdict.value, sorted(image.tag.classes))
        whole.update(repr((image.id, image.sha256, image.split, image.group, tag)).encode())
        whole.update(image.label_code or b"-")
    return whole.hexdigest()[:12]


def make_job(function: str, labels: str, setting: str, repeat: int, part: str, arguments: dict[str, Any]) -> StudyJob:
    """A job, named by everything that decides its result."""
    name = digest(function, labels, repeat, part, arguments)
    return StudyJob(id=name, setting=setting, repeat=repeat, part=part, arguments=arguments)


def make_plan(name: str, function: str, labels: str, jobs: Sequence[StudyJob]) -> StudyPlan:
    """The plan of a study; without a name it is called by a hash of its jobs.

    Raises DefectStudioError when there is no job, two are the same, or the name cannot be a folder's.
    """
    if not jobs:
        raise DefectStudioError("This study has no job.", hint="Name at least one setting and one seed.")
    if len({job.id for job in jobs}) < len(jobs):
        raise DefectStudioError("Two jobs of this study are the same.", hint="Name each setting and each seed once.")
    if name and not re.fullmatch(r"[\w][\w.-]*", name):
        raise DefectStudioError(f"{name!r} cannot name a study.", hint="Use letters, digits, dots, hyphens.")
    called = name or f"study-{digest([job.id for job in jobs])[:8]}"
    return StudyPlan(name=called, function=function, labels=labels, jobs=tuple(jobs))


class Study(Generic[Row]):
    """A plan in its folder, with the rows that are there already. `row` is the type of a job's figures."""

    def __init__(self, folder: Path, plan: StudyPlan, row: type[Row]) -> None:
        self.folder, self.plan, self.row = folder, plan, row

    @classmethod
    def start(cls, folder: Path, plan: StudyPlan, row: type[Row]) -> Study[Row]:
        """Write the plan into its folder, beside the rows that an earlier start left there.

        Raises DefectStudioError when another process works on the study.
        """
        study = cls(folder, plan, row)
        with study.locked(), written_whole(folder / PLAN) as temporary:
            temporary.write_text(plan.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return study

    @classmethod
    def open(cls, folder: Path, row: type[Row]) -> Study[Row]:
        """A study that was started before. Raises DefectStudioError when the folder holds none."""
        try:
            return cls(folder, StudyPlan.model_validate_json((folder / PLAN).read_bytes()), row)
        except FileNotFoundError as error:
            hint = "`defectstudio study PROJECT` starts one."
            raise DefectStudioError(f"There is no study in {folder}.", hint=hint) from error
        except ValidationError as error:
            hint = "Start the study again with the same settings: rows that are done are kept."
            raise DefectStudioError(f"The plan of the study {folder.name} is damaged.", hint=hint) from error

    def records(self) -> dict[str, Record[Row]]:
        """The rows of this plan's jobs, by job; a row that cannot be read counts as not done."""
        found = ((job, self._record(job)) for job in self.plan.jobs)
        return {job.id: record for job, record in found if record is not None}

    def _record(self, job: StudyJob) -> Record[Row] | None:
        try:
            text = self._path(job).read_bytes()
            # The label of a setting decides nothing: it may have changed since.
            return Record[self.row].model_validate_json(text).model_copy(update={"job": job})  # type: ignore[name-defined]
        except (FileNotFoundError, ValidationError):
            return None

    def pending(self, *, retry_failed: bool = False) -> list[StudyJob]:
        """The jobs that are still to do, in the plan's order."""
        records = self.records()
        closed = {"done"} if retry_failed else {"done", "failed"}
        return [job for job in self.plan.jobs if job.id not in records or records[job.id].status not in closed]

    def write(self, record: Record[Row]) -> None:
        """Put a row into its place in one step."""
        with written_whole(self._path(record.job)) as temporary:
            temporary.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from working on this study. Raises DefectStudioError when one does already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(self.folder / "study.lock", timeout=0):
                yield
        except filelock.Timeout as error:
            hint = "Wait for it, stop it, or give this study another --name."
            raise DefectStudioError(f"The study {self.plan.name} is running already.", hint=hint) from error

    def _path(self, job: StudyJob) -> Path:
        return self.folder / ROWS / f"{job.id}.json"


def list_studies(folder: Path) -> list[Path]:
    """The folders of a project's studies, the one started last at the end."""
    plans = list(folder.glob(f"*/{PLAN}")) if folder.is_dir() else []
    return [path.parent for path in sorted(plans, key=lambda path: (path.stat().st_mtime, path.parent.name))]
