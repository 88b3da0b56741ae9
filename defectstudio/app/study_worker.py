"""What a worker does: finds the job's function by name, runs it, and turns any failure into a row.

Loads neither torch nor the job's modules before the first job, so that the number of threads is set in time.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import platform
import signal
import threading
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from defectstudio.app.study import Figures, StudyJob
from defectstudio.data.runs import now
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, finish

PACKAGES = ("defectstudio", "torch", "numpy")
POLL_S = 0.1
GRACE_S = 1.0
"""How long a worker process may go on after it was asked to stop; then it ends in the middle of its batch."""

log = logging.getLogger(__name__)


class Place(BaseModel):
    """Where and how a job runs: nothing here changes its result.

    `stop` is a file that appears when the study is to stop; `alone`: the process belongs to this study, so it may end
    itself when a job does not listen or the study's own process is gone.
    """

    model_config = ConfigDict(frozen=True)

    project: Path
    cache: Path
    stop: Path
    threads: int = 1
    alone: bool = False


Function = Callable[[dict[str, Any], Place, CancelToken], Job[Figures]]


def find(name: str) -> Function:
    """The function called `module:function`."""
    module, _, function = name.partition(":")
    found: Function = getattr(importlib.import_module(module), function)
    return found


def prepare(threads: int) -> None:
    """Runs first in every worker process: its share of the cores, and Ctrl-C left to the study's own process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(threads)
    # Idle OpenMP threads must not spin: they would take the cores from the other workers.
    os.environ.setdefault("GOMP_SPINCOUNT", "0")


def perform(function: str, job: StudyJob, place: Place) -> dict[str, Any]:
    """Do one job and return its record as JSON values. Raises Cancelled when the study is to stop, nothing else."""
    token, done = CancelToken(), threading.Event()
    watch = threading.Thread(target=_watch, args=(place, token, done), name="stop watch", daemon=True)
    watch.start()
    try:
        return _record(function, job, place, token)
    finally:
        done.set()
        watch.join()


def _record(function: str, job: StudyJob, place: Place, token: CancelToken) -> dict[str, Any]:
    begun = time.monotonic()
    figures, error, hint = None, "", ""
    try:
        token.check()
        figures = finish(find(function)(job.arguments, place, token)).model_dump(mode="json")
    except Cancelled:
        raise
    except DefectStudioError as caught:
        error, hint = caught.message, caught.hint
    except MemoryError:
        error, hint = "The computer ran out of memory.", "Use fewer workers or a smaller batch, then --retry-failed."
    except Exception as caught:  # whatever one job runs into, the others go on
        log.exception("Job %s of setting %s broke off", job.id, job.setting)
        error = f"{type(caught).__name__}: {caught}"
    return {
        "job": job.model_dump(mode="json"),
        "status": "failed" if figures is None else "done",
        "figures": figures,
        "error": error,
        "hint": hint,
        "seconds": round(time.monotonic() - begun, 3),
        "finished": now(),
        "host": platform.node(),
        "threads": place.threads,
        "versions": {package: _version(package) for package in PACKAGES},
    }


def lost(job: StudyJob, error: str) -> dict[str, Any]:
    """The record of a job whose worker ended without a word."""
    hint = "The system ends a process when memory runs out: use fewer workers or a smaller batch, then --retry-failed."
    return {"job": job.model_dump(mode="json"), "status": "failed", "error": error, "hint": hint, "finished": now()}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _watch(place: Place, token: CancelToken, done: threading.Event) -> None:
    """Cancel the job when the stop file appears; in a process of its own, end it when that does not help."""
    parent = multiprocessing.parent_process() if place.alone else None
    while not done.wait(POLL_S):
        orphaned = parent is not None and not parent.is_alive()
        if orphaned or place.stop.exists():
            token.cancel()
            if not done.wait(GRACE_S) and place.alone:
                # Rows and caches are written whole or not at all: nothing can be left half done.
                os._exit(1)
            return
