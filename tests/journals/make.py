"""Makes the golden journals beside it: `python -m tests.journals.make NAME`. Only for a new kind of event.

They are never made anew for another reason: that today's program reads them, and comes to the stored digests, is what
they are for. `refined.db`: two rounds of refinement; `mentored.db`: verdicts on detections; `first.db`: schema 1;
`book.db`: a defect book and second looks;
`first.session`: a session bundle of version 1 of the project of `mentored.db`, with its images.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np

from defectstudio.app.refinement_journal import golden_journal
from defectstudio.app.session_bundle_export import export_job
from defectstudio.app.verify import spread
from defectstudio.data import journal
from defectstudio.data.journal import Journal
from defectstudio.data.project import Project
from defectstudio.data.timeline import Timeline, state_digest
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.book import DefectBook, Place
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.second_look import look_again, settle
from defectstudio.sessions.session import Session
from defectstudio.sessions.simulate_operator import SimulatedOperator
from tests.data.older import as_version
from tests.made_runs import make_project

HERE = Path(__file__).resolve().parent
DIGESTS = HERE / "digests.json"
BUNDLE, BUNDLED = "first.session", "mentored"


def refined(session: Session) -> None:
    golden_journal(session)


def mentored(session: Session) -> None:
    """An operator who is wrong now and then judges boxes on every image; some verdicts are taken back."""
    project, rng, found = session.project, np.random.default_rng(0), []
    for image in project.present_images():
        top, left = (int(rng.integers(0, side - 12)) for side in project.state.images[image].shape)
        box = Box(top, left, top + 10, left + 12)
        found.append(Detection(f"d{image}", image, "deployed", box, 1, round(float(rng.uniform(0.3, 1)), 3)))
    truth = {i: project.state.label_map(i) for i in project.present_images()}
    maps = {i: np.zeros(project.state.images[i].shape, np.uint8) if t is None else t.copy() for i, t in truth.items()}
    operator, work = SimulatedOperator(lambda image: maps[image], 0.1, 0), Mentoring(session, found)
    for number, detection in enumerate(found):
        said = operator.judge(detection)
        work.judge_one(detection.id, said.kind, said.class_index, seconds=1.0)
        if number % 5 == 0:
            session.undo()
            session.redo()
    work.part_is_good(found[0].image)
    work.mark_missed(found[1].image, Box(1, 1, 9, 9), 1)


def first(session: Session) -> None:
    """What the first version could do: tags, strokes, undo."""
    images = session.project.present_images()
    session.tag(images[:3], GOOD)
    session.tag(images[2:5], DEFECTIVE)
    session.paint(images[2], Box(2, 3, 8, 9), np.ones((6, 6), np.uint8), name="brush")
    session.undo()
    session.redo()
    session.paint(images[2], Box(4, 4, 6, 6), np.zeros((2, 2), np.uint8), name="erase")


def book(session: Session) -> None:
    """Pages of the defect book, and second looks at tags and verdicts, some of them settled or taken back."""
    images, written = session.project.present_images(), DefectBook(session)
    written.define(1, "A square spot.")
    entries = [written.add(Place("exemplar", 1, images[n], Box(6, 6, 15, 15)), caption=f"spot {n}") for n in (1, 3, 5)]
    written.add(Place("look-alike", 1, images[0], Box(0, 0, 9, 9)), source="place")
    written.turn(entries[1].number)
    written.remove([entries[2].number])
    session.undo()
    session.tag(images[:4], DEFECTIVE)
    for image, verdict in zip(images[:3], (Verdict.GOOD, Verdict.DEFECTIVE, Verdict.GOOD), strict=True):
        look_again(session, image, verdict, 1.5)
    settle(session, images[0], 1, "good")
    found = [Detection(f"d{k}", images[k], "deployed", Box(2, 2, 9, 9), 1, 0.5) for k in range(8, 16)]
    work = Mentoring(session, found, blind=1.0)
    while work.current is not None:
        work.judge("rejected" if work.asked_again is not None else "confirmed", seconds=1.0)
    work.take_back()
    annotator = Annotator(session)
    annotator.merge_class(1, annotator.add_class("square").index)


KINDS: dict[str, Callable[[Session], None]] = {"refined": refined, "mentored": mentored, "first": first, "book": book}


def digests(database: Path) -> dict[str, str]:
    """The digest of the state at marks along a journal, by event."""
    opened = Journal(database, readonly=True)
    try:
        line = Timeline(opened, database.parent / "cache")
        return {str(event): state_digest(line.state_at(event)) for event in spread(line.last)}
    finally:
        opened.close()


def make(name: str, folder: Path) -> dict[str, str]:
    """Make one journal; returns its digests."""
    with (
        patch.object(journal, "_author", lambda: "golden"),
        patch.object(journal.time, "time", lambda: 1_800_000_000.0),
    ):
        project = make_project(folder)
        with Project.open(project) as opened:
            KINDS[name](Session(opened))
    if name == BUNDLED:
        finish(export_job(project, HERE / BUNDLE)(CancelToken()))
    target = HERE / f"{name}.db"
    target.unlink(missing_ok=True)
    db = sqlite3.connect(project / "project.db")
    db.execute("VACUUM INTO ?", (str(target),))
    db.close()
    found = digests(target)
    if name == "first":
        as_version(target, 1)
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):  # no path of this machine is recorded
        made = {name: make(name, Path(name)) for name in sys.argv[1:]}
    stored = json.loads(DIGESTS.read_text(encoding="utf-8")) | made
    DIGESTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
