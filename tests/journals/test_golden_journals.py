"""Journals recorded once replay to the digests that were stored with them, whatever the program has become."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from defectstudio.data.journal import SCHEMA_VERSION, Journal
from defectstudio.data.retelling import content_digest
from defectstudio.data.timeline import state_digest
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.journals.make import BUNDLE, BUNDLED, DIGESTS, HERE, KINDS, digests, make

STORED: dict[str, dict[str, str]] = json.loads(DIGESTS.read_text(encoding="utf-8"))


@pytest.fixture(params=sorted(KINDS))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a golden journal, opened once for writing where it must be upgraded."""
    (tmp_path / "project").mkdir()
    path = Path(shutil.copy(HERE / f"{request.param}.db", tmp_path / "project" / "project.db"))
    Journal(path).close()
    return path


def kind_of(database: Path) -> str:
    with sqlite3.connect(database) as db:
        kinds = {row[0] for row in db.execute("SELECT DISTINCT kind FROM events")}
    db.close()
    return (
        "book" if "book" in kinds else "refined" if "panel" in kinds else "mentored" if "judged" in kinds else "first"
    )


def test_every_state_along_a_golden_journal_has_its_stored_digest(database: Path) -> None:
    assert digests(database) == STORED[kind_of(database)]


def test_the_stored_state_of_a_golden_journal_is_that_of_its_last_event(database: Path) -> None:
    journal = Journal(database, readonly=True)
    state = journal.load()
    assert state_digest(state) == list(STORED[kind_of(database)].values())[-1]
    journal.close()


def test_no_event_of_a_golden_journal_was_changed(database: Path) -> None:
    from defectstudio.data.check import check

    report = finish(check(database.parent, CancelToken()))
    assert report.events == int(max(STORED[kind_of(database)], key=int))
    assert [p for p in report.problems if "images/" not in p] == []  # their pixels are not kept


def test_the_first_journal_is_of_the_first_version() -> None:
    db = sqlite3.connect(HERE / "first.db")
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert SCHEMA_VERSION > 1
    db.close()


def test_a_golden_journal_goes_on_where_it_ended(database: Path) -> None:
    from defectstudio.data.project import Project

    with Project.open(database.parent) as project:
        session = Session(project)
        before = state_digest(project.state)
        assert session.undo()
        assert state_digest(project.state) != before
        assert session.redo()
        assert state_digest(project.state) == before


@pytest.mark.parametrize("name", ["refined", "mentored", "book"])
def test_made_today_the_same_answers_lead_to_the_same_states(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.journals.make.HERE", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert make(name, Path(name)) == STORED[name]


def test_a_session_bundle_of_the_first_version_becomes_a_whole_project_in_its_stored_state(tmp_path: Path) -> None:
    from defectstudio.app.session_bundle_import import import_job

    finish(import_job(HERE / BUNDLE, tmp_path / "there")(CancelToken()))
    there = tmp_path / "there" / "project.db"
    journal, golden = Journal(there), Journal(Path(shutil.copy(HERE / f"{BUNDLED}.db", tmp_path)))
    assert content_digest(journal.load()) == content_digest(golden.load())
    assert journal.gestures() == golden.gestures()
    for opened in (journal, golden):
        opened.close()
