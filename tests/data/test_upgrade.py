"""A project written by the first version opens in this one, with nothing lost."""

import pytest

from defectstudio.data.check import check
from defectstudio.data.journal import SCHEMA_VERSION
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, Status
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.data.older import as_version


def test_a_project_of_the_first_version_is_upgraded_when_opened_for_writing(session: Session) -> None:
    folder = session.project.folder
    session.tag([1], DEFECTIVE)
    session.project.close()
    as_version(folder / "project.db", 1)
    with pytest.raises(DefectStudioError, match="upgraded"):
        Project.open(folder, readonly=True)
    with Project.open(folder) as project:
        assert project.state.images[1].tag == DEFECTIVE
        assert {entry.status for entry in project.state.images.values()} == {Status.TODO}
        assert project.journal.connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        again = Session(project)
        assert again.undo_name == "tag defective"
    assert finish(check(folder, CancelToken())).whole


def test_the_newest_gestures_come_without_reading_the_rest(session: Session) -> None:
    session.tag([1], DEFECTIVE)
    session.tag([2], DEFECTIVE)
    everything = session.project.journal.gestures()
    assert session.project.journal.gestures(2) == everything[-2:]
    assert session.project.journal.gestures(limit=99) == everything


def test_levels_of_a_missing_shard_are_an_expected_error(session: Session) -> None:
    with pytest.raises(DefectStudioError, match=r"images/0009\.h5"):
        session.project.pixels.levels("0009.h5", 1)
