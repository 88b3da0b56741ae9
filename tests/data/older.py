"""Projects as earlier versions of the program wrote them: what each version of the schema added is taken away again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from defectstudio.data.schema import SCHEMA_VERSION

ADDED = {
    2: "ALTER TABLE images DROP COLUMN status; DROP TABLE notes; DROP INDEX events_of_gesture;",
    3: "DELETE FROM runs WHERE present = 0; ALTER TABLE runs DROP COLUMN present; DROP TABLE run_marks;",
    4: "DROP TABLE queue_marks; DROP TABLE confirmed;",
    5: "DROP TABLE answers; DROP TABLE starts;",
    6: "DROP TABLE judged; DROP TABLE approvals;",
    7: "DROP TABLE book; DROP TABLE definitions; DROP TABLE looks;",
}
"""How to take away what a version of the schema added."""


def as_version(database: Path, version: int) -> None:
    """Make a closed project's database one of an earlier schema version. A new version needs its line in `ADDED`."""
    steps = "".join(ADDED[number] for number in range(SCHEMA_VERSION, version, -1))
    with closing(sqlite3.connect(database)) as db:
        db.executescript(f"{steps} PRAGMA user_version={version};")
