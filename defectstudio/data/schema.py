"""The tables of `project.db`, and the steps by which a file of an older version becomes one of this."""

from __future__ import annotations

SCHEMA_VERSION = 7
APPLICATION_ID = 0x44465354  # "DFST": marks the file as ours for `file` and for `open`

SCHEMA = """
CREATE TABLE gestures(id INTEGER PRIMARY KEY, name TEXT NOT NULL, author TEXT NOT NULL, at REAL NOT NULL,
  reverts INTEGER);
CREATE TABLE events(seq INTEGER PRIMARY KEY, gesture INTEGER NOT NULL REFERENCES gestures(id), image INTEGER,
  kind TEXT NOT NULL, payload TEXT NOT NULL, before BLOB, after BLOB, digest BLOB NOT NULL);
CREATE INDEX events_of_image ON events(image);
CREATE INDEX events_of_gesture ON events(gesture, image);
CREATE TABLE images(id INTEGER PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
  height INTEGER NOT NULL, width INTEGER NOT NULL, channels INTEGER NOT NULL, bits INTEGER NOT NULL,
  shard TEXT NOT NULL, split TEXT NOT NULL, "group" TEXT NOT NULL, tag TEXT NOT NULL, present INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'to do');
CREATE TABLE notes(image INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, "row" INTEGER,
  "column" INTEGER, PRIMARY KEY(image, number)) WITHOUT ROWID;
CREATE TABLE queue_marks(image INTEGER PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL, place INTEGER NOT NULL);
CREATE TABLE confirmed(image INTEGER PRIMARY KEY, tag TEXT NOT NULL);
CREATE TABLE tiles(image INTEGER NOT NULL, "row" INTEGER NOT NULL, "column" INTEGER NOT NULL,
  unknown INTEGER NOT NULL, defect INTEGER NOT NULL, code BLOB NOT NULL, PRIMARY KEY(image, "row", "column"))
  WITHOUT ROWID;
CREATE TABLE classes("index" INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL);
CREATE TABLE shards(name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL);
CREATE TABLE segmented("key" TEXT PRIMARY KEY, names TEXT NOT NULL);
CREATE TABLE runs(id TEXT PRIMARY KEY, weights TEXT NOT NULL, present INTEGER NOT NULL DEFAULT 1);
CREATE TABLE run_marks(id TEXT PRIMARY KEY, name TEXT NOT NULL, note TEXT NOT NULL, starred INTEGER NOT NULL);
CREATE TABLE answers(id TEXT PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE starts(id TEXT PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE judged(image INTEGER NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY(image, id))
  WITHOUT ROWID;
CREATE TABLE approvals(run TEXT PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE book(number INTEGER PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE definitions(class INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE looks(image INTEGER NOT NULL, number INTEGER NOT NULL, payload TEXT NOT NULL, PRIMARY KEY(image, number))
  WITHOUT ROWID;
"""

# One step a version: UPGRADES[n] brings a file of version n to n + 1.
UPGRADES: dict[int, str] = {
    1: """
ALTER TABLE images ADD COLUMN status TEXT NOT NULL DEFAULT 'to do';
CREATE TABLE notes(image INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, "row" INTEGER,
  "column" INTEGER, PRIMARY KEY(image, number)) WITHOUT ROWID;
CREATE INDEX events_of_gesture ON events(gesture, image);
""",
    # Version 2 dropped the rows of runs whose training was undone; their events still name them.
    2: """
ALTER TABLE runs ADD COLUMN present INTEGER NOT NULL DEFAULT 1;
INSERT OR IGNORE INTO runs SELECT json_extract(payload, '$[0]'), json_extract(payload, '$[1]'), 0
  FROM events WHERE kind = 'run' ORDER BY seq DESC;
CREATE TABLE run_marks(id TEXT PRIMARY KEY, name TEXT NOT NULL, note TEXT NOT NULL, starred INTEGER NOT NULL);
""",
    3: """
CREATE TABLE queue_marks(image INTEGER PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL, place INTEGER NOT NULL);
CREATE TABLE confirmed(image INTEGER PRIMARY KEY, tag TEXT NOT NULL);
""",
    4: """
CREATE TABLE answers(id TEXT PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE starts(id TEXT PRIMARY KEY, payload TEXT NOT NULL);
""",
    5: """
CREATE TABLE judged(image INTEGER NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY(image, id))
  WITHOUT ROWID;
CREATE TABLE approvals(run TEXT PRIMARY KEY, payload TEXT NOT NULL);
""",
    6: """
CREATE TABLE book(number INTEGER PRIMARY KEY, payload TEXT NOT NULL);
CREATE TABLE definitions(class INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE looks(image INTEGER NOT NULL, number INTEGER NOT NULL, payload TEXT NOT NULL, PRIMARY KEY(image, number))
  WITHOUT ROWID;
""",
}
