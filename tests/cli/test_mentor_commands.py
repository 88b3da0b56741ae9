"""`defectstudio mentor`: what is deployed stands in the journal, and refusals say the way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from defectstudio.cli.main import EXPECTED, OK, run
from defectstudio.data.project import Project
from defectstudio.sessions.session import Session
from tests.made_runs import add_run, make_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = make_project(tmp_path)
    with Project.open(folder) as opened:
        add_run(Session(opened), "first")
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = run(["mentor", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_an_approval_is_kept_with_its_thresholds_and_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, nothing = said(capsys, "status", str(project))
    assert (code, nothing["deployed"], nothing["waiting"]) == (OK, None, 0)
    code, approval = said(
        capsys, "approve", str(project), "first", "--who", "Eva", "--reason", "best so far", "--threshold", "spot=0.7"
    )
    assert (code, approval["kind"], approval["thresholds"]["1"]) == (OK, "approved", 0.7)
    assert len(approval["weights"]) == 64
    _, facts = said(capsys, "status", str(project))
    assert (facts["deployed"], facts["approved_by"]) == ("first", "Eva")
    code, refused = said(capsys, "approve", str(project), "first", "--who", "Eva", "--reject", "--reason", "no")
    assert (code, refused["kind"]) == (OK, "rejected")
    assert said(capsys, "status", str(project))[1]["deployed"] is None


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["approve", "{p}", "second", "--who", "Eva"], "no run second"),
        (["approve", "{p}", "first", "--who", "Eva", "--threshold", "dent=0.5"], "no class dent"),
        (["approve", "{p}", "first", "--who", "Eva", "--threshold", "spot=high"], "no threshold"),
        (["approve", "{p}", "first", "--who", "Eva", "--threshold", "spot=7"], "between 0 and 1"),
        (["mine", "{p}"], "No run is approved"),
        (["train", "{p}"], "No run is approved"),
        (["train", "{p}", "--set", "dann=perhaps"], "no setting"),
        (["train", "{p}", "--set", "epochs=0"], "epochs"),
        (["compare", "{p}", "first"], "not trained from verdicts"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], wrong: str
) -> None:
    code, message = said(capsys, *(part.format(p=project) for part in arguments))
    assert code == EXPECTED
    assert wrong in message["error"]
