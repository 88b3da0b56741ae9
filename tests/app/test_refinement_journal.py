"""The golden journal of refinement: the same events whenever it is made, and a project that is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.refinement_journal import START, golden_journal
from defectstudio.data.check import check
from defectstudio.data.copying import copy_project
from defectstudio.data.project import Project
from defectstudio.domain.labels import Box
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session


@pytest.fixture
def copies(session: Session, tmp_path: Path) -> Iterator[list[Session]]:
    """The same project twice, every defective image masked."""
    mask = np.zeros((48, 40), np.uint8)
    mask[10:20, 8:18] = 1
    session.paint(6, Box(0, 0, 48, 40), mask, name="draw")
    for name in ("one", "two"):
        copy_project(session.project, tmp_path / name)
    projects = [Project.open(tmp_path / name) for name in ("one", "two")]
    yield [Session(project) for project in projects]
    for project in projects:
        project.close()


def test_the_golden_journal_is_the_same_whenever_it_is_made(copies: list[Session]) -> None:
    rows = []
    for session in copies:
        golden_journal(session)
        query = "SELECT seq, gesture, image, kind, payload, before, after FROM events ORDER BY seq"
        rows.append(session.project.journal.connection.execute(query).fetchall())
        assert finish(check(session.project.folder, CancelToken())).whole
    assert rows[0] == rows[1]
    state = copies[0].project.state
    assert list(state.starts) == [START]
    assert [event.panel.round for event in state.answers.values()] == [0] * 10 + [1] * 10
    assert any(event.panel.blind_of for event in state.answers.values())
    names = [gesture.name for gesture in copies[0].project.journal.gestures()]
    assert "undo answer panel 2 of round 1" in names
    assert "redo answer panel 2 of round 1" in names
