"""Studies in processes of their own and on a cluster: workers that die, do not listen, or are told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from defectstudio.app.study import Study
from defectstudio.app.study_runner import dask_pool, local_pool, run_study
from defectstudio.app.study_worker import Place, perform
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from tests.app.study_jobs import Numbers, begun, plan

ROOT = Path(__file__).parents[2]


def start(folder: Path, *rows: dict[str, object]) -> Study[Numbers]:
    return Study.start(folder / "study", plan(*rows), Numbers)


def test_workers_share_the_cores_and_one_that_dies_harms_no_neighbour(tmp_path: Path) -> None:
    study = start(tmp_path, {"n": 1, "dies": True}, *({"n": n, "batches": 5} for n in range(2, 6)))
    finish(run_study(study, local_pool(2, 1), CancelToken(), project=tmp_path, cache=tmp_path))
    dead, *others = (study.records()[job.id] for job in study.plan.jobs)
    assert dead.status == "failed"
    assert "memory" in dead.hint
    assert [record.status for record in others] == ["done"] * 4
    assert {record.figures.threads for record in others} == {"1"}  # type: ignore[union-attr]
    assert begun(tmp_path).count(1) == 2  # it had its second chance


def test_a_study_is_cancelled_within_two_seconds_even_where_a_job_does_not_listen(tmp_path: Path) -> None:
    study = start(tmp_path, {"n": 1, "deaf": True}, {"n": 2, "batches": 100_000})
    token = CancelToken()
    job = run_study(study, local_pool(2, 1), token, project=tmp_path, cache=tmp_path)
    while len(begun(tmp_path)) < 2:
        next(job)
    token.cancel()
    asked = time.monotonic()
    with pytest.raises(Cancelled):
        next(job)
    assert time.monotonic() - asked < 10  # two seconds for the job, the rest for a busy machine
    assert len(study.pending()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from defectstudio.app.study import Study
from defectstudio.app.study_runner import local_pool, run_study
from defectstudio.domain.progress import CancelToken, finish
from tests.app.study_jobs import Numbers, begun, plan
if __name__ == "__main__":
    here = Path({str(tmp_path)!r})
    study = Study.start(here / "study", plan({{"n": 1, "deaf": True}}), Numbers)
    job = run_study(study, local_pool(1, 1), CancelToken(), project=here, cache=here)
    while not begun(here):
        next(job)
    import multiprocessing
    print(multiprocessing.active_children()[0].pid, flush=True)
    finish(job)
"""
    path = tmp_path / "main.py"
    path.write_text(script)
    process = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 10
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.is_file() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_job_that_was_told_to_stop_before_it_began_does_nothing(tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    stop.touch()
    job = plan({"n": 1, "batches": 100_000}).jobs[0]
    place = Place(project=tmp_path, cache=tmp_path, stop=stop)
    with pytest.raises(Cancelled):
        perform(f"{Numbers.__module__}:square", job, place)


def test_the_same_jobs_run_on_a_dask_cluster(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    study = start(tmp_path, {"n": 2}, {"n": 3, "fails": True}, {"n": 4})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cluster's own making
        cluster = distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            protocol="tcp",
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path),
        )
        with cluster, dask_pool(cluster.scheduler_address) as pool:
            assert (pool.width, pool.threads) == (2, 1)
            finish(run_study(study, pool, CancelToken(), project=tmp_path, cache=tmp_path))
    records = [study.records()[job.id] for job in study.plan.jobs]
    assert [record.status for record in records] == ["done", "failed", "done"]
    assert [record.figures.value for record in records if record.figures] == [4, 16]


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra 'cluster'")

    def silent(*_: object, **__: object) -> None:
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", silent)
    with pytest.raises(DefectStudioError, match="tcp://nobody:8786"), dask_pool("tcp://nobody:8786"):
        pass


def test_without_the_extra_a_scheduler_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DefectStudioError, match="distributed") as caught, dask_pool("tcp://nobody:8786"):
        pass
    assert "cluster" in caught.value.hint
