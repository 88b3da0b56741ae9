"""The study commands on a small generated project: one table, resumed, failed jobs, errors that help."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from defectstudio.cli.main import run
from defectstudio.cli.study import joined
from defectstudio.data.synthetic import generate
from defectstudio.domain.progress import finish

TINY = ["--set", "epochs=1", "--set", "height=64", "--set", "width=64", "--workers", "1", "--threads", "1"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten defective and eighteen good generated images."""
    folder = tmp_path_factory.mktemp("study")
    source = finish(generate(folder / "parts", train=(6, 10), test=(4, 8), seed=0))
    assert run(["import", str(folder / "project"), str(source)]) == 0
    return folder / "project"


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_one_command_gives_one_table_and_goes_on_where_it_stopped(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["study", project, "--vary", "segmented=0,99", "--seeds", "0", "1", "--name", "masks", *TINY]
    code, table = answer(capsys, *command)
    assert (code, table["jobs"], table["done"], table["failed"]) == (0, 4, 2, 2)
    tags, too_many = table["rows"]  # type: ignore[misc]
    assert tags["setting"] == "segmented=0"
    assert 0 <= tags["figures"]["ap"]["mean"] <= 1
    assert tags["figures"]["ap"]["repeats"] == 2
    assert tags["figures"]["masks"]["mean"] == 0
    assert tags["figures"]["test_images"]["mean"] == 12
    assert too_many["failed"] == 2
    assert any("99 segmented images" in error for error in table["errors"])  # type: ignore[attr-defined]
    folder = Path(str(table["folder"]))
    assert folder == project / "studies" / "masks"
    assert {"plan.json", "rows", "rows.csv", "table.csv", "table.md"} <= {path.name for path in folder.iterdir()}
    rows = {path: path.stat().st_mtime_ns for path in (folder / "rows").iterdir()}
    assert answer(capsys, *command)[1] == table
    assert {path: path.stat().st_mtime_ns for path in (folder / "rows").iterdir()} == rows
    assert answer(capsys, "study", "table", project, "--name", "masks")[1] == table
    assert run(["study", "table", str(project)]) == 0
    assert "segmented=0" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_ends_a_study_in_two_seconds_with_exit_code_130(project: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(project, tmp_path / "project", ignore=shutil.ignore_patterns("cache", "studies")))
    arguments = ["study", str(project), *TINY, "--set", "epochs=10000", "--name", "long"]
    log = tmp_path / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "defectstudio", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "COLUMNS": "200"},
        )
    features = project / "cache" / "features.lock"
    deadline = time.monotonic() + 60
    while not features.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    asked = time.monotonic()
    # As a terminal does it: the signal reaches the workers too.
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130, log.read_text()
    assert time.monotonic() - asked < 15  # two seconds for the workers, the rest for a busy machine to end
    assert "1 of 1 jobs are left" in log.read_text()


def test_wrong_input_is_one_message(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, says in (
        (["--vary", "lr=-1"], "lr"),
        (["--seeds", "a"], "whole numbers"),
        (["--set", "epochs"], "no value"),
        (["--grid", tmp_path / "none.toml"], "cannot be read"),
        (["--folds", "60"], "groups"),
    ):
        code, error = answer(capsys, "study", project, *arguments)
        assert code == 1
        assert says in str(error["error"])
    assert answer(capsys, "study", tmp_path)[0] == 1
    assert answer(capsys, "study", "table", project, "--out", tmp_path)[0] == 1
    code, error = answer(capsys, "study", "ablation", project, "--supervision", "strong")
    assert (code, "strong" in str(error["error"])) == (1, True)


def test_seeds_may_be_given_one_after_another() -> None:
    assert joined(["run", "p", "--seeds", "0", "1", "2", "--json"], "--seeds") == [
        "run",
        "p",
        "--seeds",
        "0,1,2",
        "--json",
    ]
    assert joined(["run", "--seeds", "0,1", "p"], "--seeds") == ["run", "--seeds", "0,1", "p"]
    assert joined(["run", "--seeds", "a"], "--seeds") == ["run", "--seeds", "a"]
    assert joined(["run", "p"], "--seeds") == ["run", "p"]
