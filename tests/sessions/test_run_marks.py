"""Runs are named, noted, starred, deleted and brought back, each as one step that is on disk and can be undone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from defectstudio.data.check import check
from defectstudio.data.codec import decode, encode
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord, default_config, write_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import RunAdded, RunMark, RunMarked
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.runs import RunKeeper, called, find_run, known_runs, mark_of
from defectstudio.sessions.session import Session
from tests.data.older import as_version


def a_run(session: Session, run: str, *, status: str = "finished", recorded: bool = True) -> None:
    """A run folder with a record, part of the project unless said otherwise."""
    folder = session.project.runs_folder / run
    folder.mkdir()
    values = {"id": run, "created": "2026-03-01T10:00:00+00:00", "status": status, "config": default_config()}
    write_run(folder, RunRecord.model_validate(values | {"event": 1}))
    if recorded:
        session.record(f"train {run}", [RunAdded(run, "")])


@pytest.fixture
def keeper(session: Session) -> RunKeeper:
    """A project with the runs one, two and three, of which the last broke off."""
    a_run(session, "one")
    a_run(session, "two")
    a_run(session, "three", status="running", recorded=False)
    return RunKeeper(session)


def test_marks_survive_closing_and_the_project_checks_whole(keeper: RunKeeper) -> None:
    folder = keeper.session.project.folder
    assert keeper.rename("one", "  best   so far ")
    assert keeper.note("one", "with the new lamp\nagain\n")
    assert keeper.star(["one", "three"])
    assert not keeper.star(["one"])
    keeper.session.project.close()
    with Project.open(folder) as project:
        assert mark_of(project, "one") == RunMark("best so far", "with the new lamp\nagain", True)
        assert mark_of(project, "three").starred
        assert mark_of(project, "two") == RunMark()
        assert Session(project).undo_name == "star 2 runs"
    report = finish(check(folder, CancelToken()))
    assert report.problems == []


def test_every_mark_is_one_step_that_undo_takes_back(keeper: RunKeeper) -> None:
    session, project = keeper.session, keeper.session.project
    keeper.rename("one", "lamp B")
    assert session.undo_name == "rename run one to lamp B"
    keeper.note("one", "brighter")
    assert session.undo_name == "note on run lamp B"
    keeper.star(["one"])
    keeper.star(["one"], False)
    assert session.undo_name == "unstar run lamp B"
    for expected in (RunMark("lamp B", "brighter", True), RunMark("lamp B", "brighter"), RunMark("lamp B"), RunMark()):
        session.undo()
        assert mark_of(project, "one") == expected
    assert project.state.marks == {}
    session.redo()
    assert called(project, "one") == "lamp B"


def test_a_deleted_run_keeps_its_files_and_comes_back_with_its_mark(keeper: RunKeeper) -> None:
    session, project = keeper.session, keeper.session.project
    keeper.star(["one"])
    keeper.delete(["one", "three"])
    assert known_runs(project) == ["two"]
    assert (project.runs_folder / "one" / "run.json").is_file()
    with pytest.raises(DefectStudioError, match="no run one"):
        keeper.star(["one"])
    folder = project.folder
    project.close()
    with Project.open(folder) as again:
        assert set(again.state.deleted_runs) == {"one", "three"}
        session = Session(again)
        session.undo()
        assert sorted(known_runs(again)) == ["one", "three", "two"]
        assert mark_of(again, "one").starred
        RunKeeper(session).delete(["one"])
        RunKeeper(session).restore("one")
        assert session.undo_name == "restore run one"
        with pytest.raises(DefectStudioError, match="no deleted run one"):
            RunKeeper(session).restore("one")


def test_a_name_belongs_to_one_run_and_finds_it(keeper: RunKeeper) -> None:
    project = keeper.session.project
    keeper.rename("one", "Lamp B")
    for taken in ("lamp b", "two"):
        with pytest.raises(DefectStudioError, match="Another run"):
            keeper.rename("three", taken)
    with pytest.raises(DefectStudioError, match="80 characters"):
        keeper.rename("three", "x" * 81)
    assert find_run(project, "lamp b") == "one"
    assert find_run(project, "two") == "two"
    with pytest.raises(DefectStudioError, match="no run four"):
        find_run(project, "four")
    keeper.rename("one", "")
    assert called(project, "one") == "one"


def test_nothing_is_marked_in_a_project_open_for_reading(keeper: RunKeeper) -> None:
    folder = keeper.session.project.folder
    keeper.session.project.close()
    with Project.open(folder, readonly=True) as project, pytest.raises(DefectStudioError, match="reading only"):
        RunKeeper(Session(project)).star(["one"])


def test_what_the_journal_says_of_a_mark_is_read_back() -> None:
    event = RunMarked("one", RunMark(), RunMark("ä", "line\nline", True))
    assert decode(encode(event), None) == event
    assert event.inverse().inverse() == event


def test_a_run_that_cannot_be_written_is_not_counted_as_deleted(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(session.project.journal, "_store", full)
    with pytest.raises(DefectStudioError, match="disk is full"):
        session.record("train x", [RunAdded("x", "0")])
    state = session.project.state
    assert (state.runs, state.deleted_runs) == ({}, {})


def test_a_project_of_version_2_learns_which_runs_were_deleted(session: Session, tmp_path: Path) -> None:
    a_run(session, "kept")
    a_run(session, "undone")
    session.undo()
    folder = session.project.folder
    session.project.close()
    as_version(folder / "project.db", 2)
    with Project.open(folder) as project:
        assert known_runs(project) == ["kept"]
        assert set(project.state.deleted_runs) == {"undone"}
        RunKeeper(Session(project)).star(["kept"])
    assert finish(check(folder, CancelToken())).problems == []
