"""Answered panels and starting maps are kept by the journal like every other event."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from defectstudio.data.check import check
from defectstudio.data.codec import decode, encode
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import MapsStarted, PanelAnswered
from defectstudio.sessions.session import Session
from tests.made_panels import answer, panel


def answered(name: str = "0-1") -> PanelAnswered:
    asked = panel(name)
    moved = replace(answer(asked, [0, 2]), shifts=((12, 9), None, None, None))
    return PanelAnswered(replace(asked, blind_of="0-0"), moved, "superpixel", "simulated")


def test_an_answered_panel_is_the_same_after_writing_and_reading() -> None:
    for event in (answered(), answered().inverse(), MapsStarted("s1", "roi", "boxes", False)):
        assert decode(encode(event), None) == event


def test_a_panel_with_an_unknown_way_of_writing_is_a_damaged_event() -> None:
    row = encode(answered())
    values = json.loads(row.payload)
    values[-3] = "whole image"
    with pytest.raises(DefectStudioError, match="damaged"):
        decode(row._replace(payload=json.dumps(values)), None)


def test_answers_survive_closing_undo_and_redo_and_the_project_checks_whole(session: Session) -> None:
    folder = session.project.folder
    session.record("start from boxes", [MapsStarted("s1", "roi", "boxes")])
    for name in ("0-1", "0-2", "0-3"):
        session.record("answer panel", [answered(name)])
    session.undo()
    session.undo()
    session.redo()
    session.project.close()
    with Project.open(folder) as project:
        assert list(project.state.answers) == ["0-1", "0-2"]
        assert project.state.answers["0-2"] == answered("0-2")
        assert project.state.starts == {"s1": MapsStarted("s1", "roi", "boxes")}
    assert finish(check(folder, CancelToken())).whole


def test_an_answer_that_was_changed_behind_the_journal_is_found(session: Session) -> None:
    folder = session.project.folder
    session.record("answer panel", [answered()])
    session.project.close()
    other = replace(answered(), write="patch")
    with sqlite3.connect(folder / "project.db") as db:
        db.execute("UPDATE answers SET payload = ?", (encode(other).payload,))
    db.close()
    assert finish(check(folder, CancelToken())).problems == ["The stored answers are not what the events say."]
