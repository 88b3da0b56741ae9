"""Whatever byte of events, shards or weights is changed behind the program's back, `check` finds it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.workflows import record_run
from defectstudio.data.check import CheckReport, check
from defectstudio.data.project import Project
from defectstudio.data.runs import BOXES, read_run
from defectstudio.data.timeline import Timeline, state_digest
from defectstudio.domain.mentoring import Approval, RunApproved
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.data.test_timeline import work
from tests.made_runs import add_run, make_project

APPROVAL = Approval("approved", "0" * 64, ((0, 0.5), (1, 0.25)), "Eva", "2026-03-01T10:00:00+00:00", "finds cracks")
COLUMNS = ("seq", "gesture", "image", "kind", "payload", "before", "after", "digest")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with images, work of all kinds, and a run."""
    folder = make_project(tmp_path_factory.mktemp("tamper"))
    with Project.open(folder) as project:
        session = Session(project)
        work(session)
        add_run(session, "one")
        (project.runs_folder / "one" / BOXES).write_bytes(bytes(range(200)))  # of a detector of boxes
        record_run(session, read_run(project.runs_folder / "one"))
        session.record("approve one", [RunApproved("one", None, APPROVAL)])
    assert finish(check(folder, CancelToken())).whole
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def checked(folder: Path) -> CheckReport:
    return finish(check(folder, CancelToken()))


def flipped(value: object, rng: np.random.Generator) -> object:
    """A stored value with one bit of one byte changed, of its own type."""
    if isinstance(value, int):
        return value ^ 1
    raw = bytearray(value.encode() if isinstance(value, str) else bytes(value))  # type: ignore[arg-type]
    place = int(rng.integers(len(raw)))
    raw[place] ^= 1 << int(rng.integers(5 if isinstance(value, str) else 8))
    return raw.decode("latin-1") if isinstance(value, str) else bytes(raw)


def test_a_changed_byte_of_any_event_is_found(folder: Path) -> None:
    rng, database = np.random.default_rng(0), folder / "project.db"
    rows = sqlite3.connect(database).execute("SELECT COUNT(*) FROM events").fetchone()[0]
    missed = []
    for _ in range(60):
        seq, column = int(rng.integers(1, rows + 1)), COLUMNS[int(rng.integers(1, len(COLUMNS)))]
        db = sqlite3.connect(database)
        (value,) = db.execute(f"SELECT {column} FROM events WHERE seq = ?", (seq,)).fetchone()
        if value is None:
            db.close()
            continue
        db.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (flipped(value, rng), seq))
        db.commit()
        if checked(folder).whole:
            missed.append((seq, column))
        db.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (value, seq))
        db.commit()
        db.close()
    assert missed == []
    assert checked(folder).whole


@pytest.mark.parametrize(
    "change", ["DELETE FROM events WHERE seq = {}", "UPDATE gestures SET author = 'x' WHERE id = 2"]
)
def test_a_dropped_event_and_another_author_are_found(folder: Path, change: str) -> None:
    db = sqlite3.connect(folder / "project.db")
    db.execute(change.format(9))
    db.commit()
    db.close()
    assert not checked(folder).whole


def test_a_changed_approval_is_found_in_the_journal_and_in_the_state(folder: Path) -> None:
    rng, db = np.random.default_rng(2), sqlite3.connect(folder / "project.db")
    for table, where in [("events", "kind = 'run approved'"), ("approvals", "run = 'one'")] * 15:
        read, write = f"SELECT payload FROM {table} WHERE {where}", f"UPDATE {table} SET payload = ? WHERE {where}"
        (value,) = db.execute(read).fetchone()
        changed = flipped(value, rng)
        db.execute(write, (changed,))
        db.commit()
        assert not checked(folder).whole, (table, changed)
        db.execute(write, (value,))
        db.commit()
    db.close()
    assert checked(folder).whole


def test_a_changed_checkpoint_of_the_timeline_is_left_aside(folder: Path) -> None:
    rng = np.random.default_rng(3)
    with Project.open(folder, readonly=True) as project:
        line = Timeline(project.journal, project.cache_folder, every=20)
        finish(line.prepare(CancelToken()))
        events = list(range(0, line.last + 1, 13))
        known = [state_digest(line.state_at(event)) for event in events]
        for path in line.folder.glob("*"):
            changed = bytearray(path.read_bytes())
            changed[int(rng.integers(len(changed)))] ^= 1 << int(rng.integers(8))
            path.write_bytes(bytes(changed))
        assert [state_digest(line.state_at(event)) for event in events] == known


@pytest.mark.parametrize("pattern", ["images/*.h5", "runs/*/weights.safetensors", "runs/*/boxes.safetensors"])
def test_a_changed_byte_of_a_shard_or_of_weights_is_found(folder: Path, pattern: str) -> None:
    rng, paths = np.random.default_rng(1), sorted(folder.glob(pattern))
    assert paths
    for path in paths:
        whole = path.read_bytes()
        for place in rng.integers(0, len(whole), 8).tolist():
            changed = bytearray(whole)
            changed[place] ^= 1 << int(rng.integers(8))
            path.write_bytes(bytes(changed))
            report = checked(folder)
            assert any(path.name in problem for problem in report.problems)
        path.write_bytes(whole)
    assert checked(folder).whole
