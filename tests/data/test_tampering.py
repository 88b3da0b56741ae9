"""Whatever byte of events, shards or weights is changed behind the program's back, `check` finds it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.check import CheckReport, check
from defectstudio.data.project import Project
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.data.test_timeline import work
from tests.made_runs import add_run, make_project

COLUMNS = ("seq", "gesture", "image", "kind", "payload", "before", "after", "digest")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with images, work of all kinds, and a run."""
    folder = make_project(tmp_path_factory.mktemp("tamper"))
    with Project.open(folder) as project:
        session = Session(project)
        work(session)
        add_run(session, "one")
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


@pytest.mark.parametrize("pattern", ["images/*.h5", "runs/*/weights.safetensors"])
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
