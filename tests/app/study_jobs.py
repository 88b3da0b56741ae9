"""Jobs for the tests of studies, small enough to run by the dozen. Workers import them by name."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, ClassVar

from defectstudio.app.study import Figures, StudyPlan, make_job, make_plan
from defectstudio.app.study_worker import Place
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress


class Numbers(Figures):
    summed: ClassVar[frozenset[str]] = frozenset({"errors"})

    value: float | None
    errors: int = 0
    threads: str = ""


def note(values: dict[str, Any], place: Place) -> None:
    """Leave a mark that this job was begun."""
    marks = place.cache / "marks"
    marks.mkdir(parents=True, exist_ok=True)
    (marks / f"{values['n']}-{time.monotonic_ns()}").touch()


def begun(cache: Path) -> list[int]:
    """The jobs that were begun, one entry a time, sorted."""
    return sorted(int(path.name.split("-")[0]) for path in (cache / "marks").glob("*"))


def square(values: dict[str, Any], place: Place, token: CancelToken) -> Job[Numbers]:
    """n * n; fails, crashes or takes its time where the arguments say so."""
    note(values, place)
    yield Progress(0, 1)
    if values.get("fails"):
        raise DefectStudioError("This one cannot be done.", hint="Leave it out.")
    if values.get("bug"):
        raise ZeroDivisionError("a mistake")
    if values.get("dies") and not (place.cache / "cured").exists():
        os._exit(9)
    for _ in range(values.get("batches", 0)):
        token.check()
        time.sleep(0.01)
        yield Progress(0, 0)
    if values.get("deaf"):
        time.sleep(60)
    return Numbers(value=values["n"] ** 2, errors=values["n"], threads=os.environ.get("OMP_NUM_THREADS", ""))


SQUARE = f"{__name__}:square"


def plan(*rows: dict[str, Any], name: str = "squares", labels: str = "") -> StudyPlan:
    """A plan of squares; `setting`, `repeat` and `part` of each row default to one setting with one repeat a row."""
    jobs = []
    for position, row in enumerate(rows):
        values = {key: value for key, value in row.items() if key not in {"setting", "repeat", "part"}}
        place = (row.get("setting", "all"), row.get("repeat", position), row.get("part", ""))
        jobs.append(make_job(SQUARE, labels, *place, values))
    return make_plan(name, SQUARE, labels, jobs)
