"""A branch goes on from an earlier event in a copy of its own, with the history up to there as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from defectstudio.app.branch import branch_job
from defectstudio.app.refinement_journal import golden_journal
from defectstudio.app.verify import verify_job
from defectstudio.app.workflows import record_run
from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, read_run
from defectstudio.data.timeline import Timeline, state_digest
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.made_runs import add_run


def digests(project: Project) -> list[bytes]:
    return [row[0] for row in project.journal.connection.execute("SELECT digest FROM events ORDER BY seq")]


def test_a_branch_has_the_history_up_to_its_event_and_goes_its_own_way(session: Session, tmp_path: Path) -> None:
    original = session.project
    session.tag([6], GOOD)
    golden_journal(session, answers=3)
    at = original.journal.last_event
    then = state_digest(original.state)
    session.tag([1], DEFECTIVE)
    made = finish(branch_job(original.folder, at, tmp_path / "branch")(CancelToken()))
    assert (made.event, made.digest, made.images) == (at, then, 6)
    assert finish(verify_job(tmp_path / "branch")(CancelToken())).problems == []
    with Project.open(tmp_path / "branch") as branch:
        assert digests(branch) == digests(original)[:at]
        assert branch.journal.gestures() == original.journal.gestures()[:-1]
        assert (branch.read(5) == original.read(5)).all()
        other = Session(branch)
        assert other.undo()  # the last answer, as it could be undone then
        assert other.redo()
        other.tag([2], DEFECTIVE)
    assert original.state.images[1].tag == DEFECTIVE
    assert original.state.images[2].tag == GOOD
    assert finish(verify_job(tmp_path / "branch")(CancelToken())).problems == []


def test_an_event_within_a_step_means_the_step_before(session: Session, tmp_path: Path) -> None:
    before = session.project.journal.last_event
    session.tag([1, 2, 3], DEFECTIVE)
    made = finish(branch_job(session.project.folder, before + 2, tmp_path / "branch")(CancelToken()))
    assert made.event == before
    with Project.open(tmp_path / "branch") as branch:
        assert branch.state.images[1].tag == GOOD


def test_runs_come_along_unless_they_are_others_by_now(session: Session, tmp_path: Path) -> None:
    project = session.project
    for name in ("early", "resumed"):
        add_run(session, name)
    at = project.journal.last_event
    add_run(session, "late")
    (project.runs_folder / "resumed" / WEIGHTS).write_bytes(b"trained on")
    record_run(session, read_run(project.runs_folder / "resumed"))
    made = finish(branch_job(project.folder, at, tmp_path / "branch")(CancelToken()))
    assert made.runs == 1
    with Project.open(tmp_path / "branch", readonly=True) as branch:
        assert (list(branch.state.runs), list(branch.state.deleted_runs)) == (["early"], ["resumed"])
    assert (tmp_path / "branch" / "runs" / "early" / "run.json").is_file()
    assert not (tmp_path / "branch" / "runs" / "late").exists()
    assert finish(verify_job(tmp_path / "branch")(CancelToken())).problems == []


def test_the_command_makes_a_branch_and_says_what_is_wrong(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, last = session.project.folder, session.project.journal.last_event
    digest = state_digest(Timeline(session.project.journal, tmp_path / "cache").state_at(last))
    session.project.close()
    out = tmp_path / "branch"
    assert run(["replay", str(folder), "--branch", str(last), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["digest"] == digest
    assert run(["replay", str(folder), "--branch", str(last), "--out", str(out)]) == 1
    assert run(["replay", str(folder), "--branch", "999", "--out", str(tmp_path / "other")]) == 1
    assert f"The last one is {last}." in capsys.readouterr().err
    assert run(["replay", str(folder), "--branch", str(last)]) == 2
    assert run(["replay", str(folder), "--branch", str(last), "--out", str(tmp_path / "c"), "--verify"]) == 2
    with pytest.raises(DefectStudioError, match="not an empty folder"):
        finish(branch_job(folder, last, out)(CancelToken()))
