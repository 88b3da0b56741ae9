from pathlib import Path

import numpy as np

from defectstudio.data.project import Project
from defectstudio.domain.labels import DEFECTIVE, UNLABELLED, Box
from defectstudio.sessions.session import Change, Session


def picture(session: Session) -> tuple[object, ...]:
    """All that undo must bring back."""
    state, project = session.project.state, session.project
    maps = {
        i: m.tobytes() for i in project.present_images() if (m := state.label_map(i)) is not None and (m != 255).any()
    }
    entries = {i: (state.images[i].tag, state.images[i].placement) for i in project.present_images()}
    return entries, maps, dict(state.classes), dict(state.runs)


def test_undo_takes_back_one_gesture_and_redo_brings_it_again(session: Session) -> None:
    before = picture(session)
    session.tag([1, 2], DEFECTIVE)
    after = picture(session)
    assert session.undo_name == "tag defective"
    session.undo()
    assert picture(session) == before
    assert session.redo_name == "tag defective"
    session.redo()
    assert picture(session) == after
    session.undo()
    session.tag([3], UNLABELLED)
    assert session.redo_name is None


def test_undo_never_erases_and_survives_reopening(session: Session) -> None:
    folder = session.project.folder
    session.tag([1], DEFECTIVE)
    session.undo()
    events = session.project.journal.last_event
    session.project.close()
    with Project.open(folder) as project:
        again = Session(project)
        assert project.journal.last_event == events
        assert again.redo_name == "tag defective"
        assert again.redo()
        assert project.state.images[1].tag == DEFECTIVE
        again.undo()
        assert again.undo_name == "import 6 images from source"
        assert again.undo()
        assert project.present_images() == []
        assert not again.undo()
        assert again.redo()
        assert len(project.present_images()) == 6


def test_views_hear_of_each_gesture_once_after_it_is_on_disk(session: Session) -> None:
    heard: list[Change] = []
    session.changed.connect(heard.append)
    session.tag([1], DEFECTIVE)
    session.tag([1], DEFECTIVE)
    assert [(change.name, change.images) for change in heard] == [("tag defective", frozenset({1}))]


def test_moving_an_image_to_a_split_takes_its_whole_group(session: Session) -> None:
    session.place([1], "test")
    splits = {i: session.project.state.images[i].placement.split for i in session.project.present_images()}
    assert splits[1] == splits[2] == "test"
    assert splits[3] == "train"


def test_a_stroke_on_a_huge_image_writes_only_the_tiles_it_touched(tmp_path: Path) -> None:
    from defectstudio.domain.events import ImageAdded, ImageInfo

    with Project.create(tmp_path / "project") as project:
        session = Session(project)
        session.record("add", [ImageAdded(1, ImageInfo("big", "", "", 5000, 4000, 1, 8, "none"))])
        session.paint(1, Box(1000, 1000, 1100, 1100), np.ones((100, 100), np.uint8), name="paint")
        assert [(tile.row, tile.column) for tile in project.journal.tiles(1)] == [(0, 0), (0, 1), (1, 0), (1, 1)]
        drawn = project.state.label_map(1)
        assert drawn is not None
        assert int((drawn == 1).sum()) == 10_000
