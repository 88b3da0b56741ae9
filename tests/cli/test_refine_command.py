"""`defectstudio refine` as its user meets it, with the stand-in network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.domain.labels import Box, Origin
from defectstudio.sessions.session import Session
from tests.made_rounds import brightness_network  # noqa: F401  a fixture
from tests.made_runs import add_run, make_project

pytestmark = pytest.mark.usefixtures("brightness_network")


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_start_train_and_accept_by_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_project(tmp_path)
    code, first = said(capsys, "refine", folder, "--start", "roi", "--margin", 2)
    assert (code, first["round"], first["start"]) == (0, 0, "roi")
    code, second = said(capsys, "refine", folder)
    assert (code, second["round"]) == (0, 1)
    code, accepted = said(capsys, "refine", folder, "--accept", "boxes")
    assert (code, accepted["round"], accepted["images"]) == (0, 1, 4)
    with Project.open(folder, readonly=True) as project:
        assert [start.kind for start in project.state.starts.values()] == ["roi", "dense"]
    assert run(["refine", str(folder)]) == 0
    assert "Round 2 is trained" in capsys.readouterr().out


def test_a_trained_run_can_be_what_refining_starts_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_project(tmp_path)
    with Project.open(folder) as project:
        session = Session(project)
        session.paint(4, Box(0, 0, 24, 24), np.zeros((24, 24), np.uint8), name="erase")
        add_run(session, "first")
    assert said(capsys, "refine", folder, "--start", "model", "--run", "first")[0] == 0
    with Project.open(folder, readonly=True) as project:
        (start,) = project.state.starts.values()
        assert start.detail == "the segmentation of run first"
        assert int(project.state.maps[2].sum()) == 81
        assert next(project.journal.painted(4)).origin is Origin.ACCEPTED


def test_a_simulation_prints_its_rounds_and_leaves_the_project_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path)
    arguments = ["refine", str(folder), "--simulate", "--rounds", "2", "--answers", "3", "--error", "0.05"]
    code, found = said(capsys, *arguments, "--start", "roi", "--margin", 4)
    assert code == 0
    assert [r["answers"] for r in found["rounds"]] == [0, 3, 6]  # type: ignore[attr-defined, index]
    assert run([*arguments, "--keep", str(tmp_path / "copy")]) == 0
    assert "The expert would have worked 0.3 minutes" in capsys.readouterr().out
    with Project.open(folder, readonly=True) as project, Project.open(tmp_path / "copy", readonly=True) as copy:
        assert (len(project.state.answers), len(copy.state.answers)) == (0, 6)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--start", "magic"], "cannot start from magic"),
        (["--accept", "somewhere"], "cannot be accepted somewhere"),
        (["--accept", "boxes"], "No round is trained"),
        (["--simulate", "--anchor", "best"], "anchor"),
        (["--set", "stride"], "has no value"),
        (["--set", "stride=5"], "stride"),
    ],
)
def test_what_makes_no_sense_is_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    folder = make_project(tmp_path)
    code, found = said(capsys, "refine", folder, *arguments)
    assert code == 1
    assert why in str(found["error"])
