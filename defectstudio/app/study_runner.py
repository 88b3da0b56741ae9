"""Runs the jobs of a study: in local processes, or on a Dask cluster, one row on disk as each of them ends.

Only this process writes rows. Workers are spawned, not forked: torch does not survive a fork.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

from defectstudio.app.study import Record, Row, Study, StudyJob
from defectstudio.app.study_worker import Place, lost, perform, prepare
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress

POLL_S = 0.2
STOP_S = 1.6
"""How long a cancelled study waits for its workers: less than the two seconds that a user waits."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Where jobs run: `width` at a time with `threads` each; `make` starts the workers, anew after one has died."""

    width: int
    threads: int
    make: Callable[[], Executor]
    alone: bool = False


def local_pool(workers: int | None = None, threads: int | None = None) -> Pool:
    """Processes on this machine. By default half as many as cores, which share all cores among them."""
    cores = os.cpu_count() or 1
    width = workers or max(1, cores // 2)
    each = threads or max(1, cores // width)
    context = multiprocessing.get_context("spawn")

    def make() -> Executor:
        return ProcessPoolExecutor(width, mp_context=context, initializer=prepare, initargs=(each,))

    return Pool(width, each, make, alone=True)


@contextmanager
def dask_pool(address: str, threads: int | None = None) -> Iterator[Pool]:
    """The workers of a Dask scheduler (`tcp://host:8786`), one job a worker thread at a time.

    They need this package and the project's folder under the same path. Raises DefectStudioError when distributed is
    not installed, the scheduler does not answer or has no worker.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        hint = "Install it with: pip install 'defectstudio[cluster]'"
        raise DefectStudioError("A cluster needs the package distributed.", hint=hint) from error
    try:
        client = distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        hint = "Start one with `dask scheduler`, or check the address."
        raise DefectStudioError(f"No Dask scheduler answers at {address}.", hint=hint) from error
    with client:
        width = sum(client.nthreads().values())
        if not width:
            hint = f"Start some with: dask worker {address} --nthreads 1"
            raise DefectStudioError("The Dask cluster has no worker.", hint=hint)
        yield Pool(width, threads or 1, client.get_executor)


class _Runner(Generic[Row]):
    """The jobs that wait, those under way, and what is known of workers that died."""

    def __init__(self, study: Study[Row], place: Place, pool: Pool, *, retry_failed: bool) -> None:
        self.study, self.place, self.pool = study, place, pool
        self.queue = deque(study.pending(retry_failed=retry_failed))
        self.total = len(study.plan.jobs)
        self.flying: dict[Future[dict[str, Any]], StudyJob] = {}
        self.strikes: Counter[str] = Counter()
        self.failed = 0
        self.executor: Executor | None = None

    @property
    def progress(self) -> Progress:
        done = self.total - len(self.queue) - len(self.flying)
        text = ", ".join(dict.fromkeys(job.setting for job in self.flying.values()))
        return Progress(done, self.total, f"Study {self.study.plan.name}: {text}", {"failed": self.failed})

    def run(self, token: CancelToken) -> Job[None]:
        """All jobs to their ends."""
        while self.queue or self.flying:
            token.check()
            self.fill()
            ended, _ = wait_for(self.flying, timeout=POLL_S, return_when=FIRST_COMPLETED)
            for future in ended:
                self.land(future)
            yield self.progress

    def fill(self) -> None:
        """Hand out jobs while there is room; a job whose worker died goes alone, to tell it from its neighbours."""
        while self.queue:
            suspect = self.strikes[self.queue[0].id] or any(self.strikes[job.id] for job in self.flying.values())
            if len(self.flying) >= (1 if suspect else self.pool.width):
                return
            self.executor = self.executor or self.pool.make()
            try:
                future = self.executor.submit(perform, self.study.plan.function, self.queue[0], self.place)
            except BrokenExecutor:
                self.renew()
                return
            self.flying[future] = self.queue.popleft()

    def land(self, future: Future[dict[str, Any]]) -> None:
        """Write the row of a job that has ended, or give it a second chance when its worker died."""
        job = self.flying.pop(future)
        row: dict[str, Any] | None
        try:
            row = future.result()
        except (Cancelled, CancelledError):
            self.queue.appendleft(job)
            return
        except BrokenExecutor:
            self.renew()
            row = self.struck(job, "The process that did this job ended without a word, twice.")
        except Exception as error:  # noqa: BLE001  a cluster reports a lost worker by exceptions of its own
            row = self.struck(job, f"The cluster lost this job: {type(error).__name__}: {error}")
        if row is not None:
            self.write(row)

    def struck(self, job: StudyJob, error: str) -> dict[str, Any] | None:
        """None for the first time: the job goes back to the head of the queue."""
        self.strikes[job.id] += 1
        if self.strikes[job.id] > 1:
            return lost(job, error)
        self.queue.appendleft(job)
        return None

    def write(self, row: dict[str, Any]) -> None:
        record = Record[self.study.row].model_validate(row)  # type: ignore[name-defined]
        self.failed += record.status == "failed"
        self.study.write(record)

    def renew(self) -> None:
        """Give up an executor whose worker died; the next job starts another."""
        if self.executor is not None:
            self.executor.shutdown(wait=False)
            self.executor = None

    def stop(self) -> bool:
        """Ask what is under way to stop, keep what is done meanwhile; whether all of it has ended."""
        for future in self.flying:
            future.cancel()  # those that no worker has begun yet
        ended, going = wait_for(self.flying, timeout=STOP_S)
        for future in ended:
            if not future.cancelled() and future.exception() is None:
                self.write(future.result())
        self.renew()
        return not going


def run_study(
    study: Study[Row], pool: Pool, token: CancelToken, *, project: Path, cache: Path, retry_failed: bool = False
) -> Job[None]:
    """Do the jobs of a study that are not done yet. A job that fails is a row with its error; the others go on.

    Raises Cancelled when the token says so: rows that are done stay, and the same call goes on from there. Raises
    DefectStudioError when another process works on this study.
    """
    with study.locked():
        for stale in study.folder.glob(".stop-*"):
            stale.unlink(missing_ok=True)
        stop = study.folder.resolve() / f".stop-{uuid.uuid4().hex[:8]}"
        place = Place(
            project=project.resolve(), cache=cache.resolve(), stop=stop, threads=pool.threads, alone=pool.alone
        )
        runner = _Runner(study, place, pool, retry_failed=retry_failed)
        try:
            yield from runner.run(token)
        finally:
            if runner.flying:
                stop.touch()
            # Where something runs on, on a cluster, the file stays to tell it; the next start takes it away.
            if runner.stop():
                stop.unlink(missing_ok=True)
