"""Starting maps: boxes, a run's segmentation, noise; written as one gesture, restored, refused when they are stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.refinement_maps import (
    StartingMaps,
    StartSettings,
    boxes_map,
    maps_job,
    newest_start,
    noise_map,
    record_start,
    restore_start,
)
from defectstudio.data.check import check
from defectstudio.data.copying import copy_project
from defectstudio.data.project import Project
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, UNKNOWN, Box, encode_runs
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session


def made(session: Session, **settings: object) -> StartingMaps:
    return finish(maps_job(session.project, StartSettings(**settings))(CancelToken()))  # type: ignore[arg-type]


def drawn(*boxes: tuple[Box, int], shape: tuple[int, int] = (30, 40)) -> SnapshotImage:
    label_map = np.full(shape, UNKNOWN, np.uint8)
    for box, index in boxes:
        label_map[box.slices] = index
    size = (*shape, 1, 8)
    return SnapshotImage(7, "part", "0" * 64, *size, "train", "", DEFECTIVE, encode_runs(label_map))


@pytest.fixture
def project_copy(session: Session, tmp_path: Path) -> Iterator[Project]:
    copy_project(session.project, tmp_path / "copy")
    with Project.open(tmp_path / "copy") as project:
        yield project


def test_each_region_becomes_its_box_grown_by_the_margin_and_the_rest_is_healthy() -> None:
    image = drawn((Box(10, 10, 12, 20), 1), (Box(12, 12, 16, 13), 1), (Box(0, 30, 3, 34), 2))
    boxed = boxes_map(image, 2)
    expected = np.zeros((30, 40), np.uint8)
    expected[8:18, 8:22] = 1
    expected[0:5, 28:36] = 2
    assert boxed is not None
    assert (boxed == expected).all()


def test_a_smaller_box_lies_on_top_of_a_larger_one() -> None:
    outer = np.zeros((30, 40), np.uint8)
    outer[5:25, 5:35] = 1
    outer[10:20, 10:30] = 0
    outer[14:16, 18:22] = 2
    image = SnapshotImage(7, "part", "0" * 64, 30, 40, 1, 8, "train", "", DEFECTIVE, encode_runs(outer))
    boxed = boxes_map(image, 0)
    assert boxed is not None
    assert (boxed[5:25, 5:35] != 0).all()
    assert (boxed == 2).sum() == 8


def test_left_out_boxes_are_healthy_and_follow_from_the_seed() -> None:
    image = drawn(*((Box(6 * k, 2, 6 * k + 3, 6), 1) for k in range(5)))
    some = [boxes_map(image, 0, missing=0.4, seed=seed) for seed in (0, 0, 1, 2, 3)]
    counts = [int((found == 1).sum()) for found in some if found is not None]
    assert counts[0] == counts[1]
    assert len(set(counts)) > 1
    assert all(count % 12 == 0 for count in counts)


def test_noise_is_the_same_within_squares_and_shows_every_class_about_equally_often() -> None:
    image = drawn(shape=(800, 640))
    noise = noise_map(image, [1, 2], 8, seed=5)
    assert noise.shape == (800, 640)
    squares = noise.reshape(100, 8, 80, 8)
    assert (squares == squares[:, :1, :, :1]).all()
    shares = np.bincount(squares[:, 0, :, 0].ravel(), minlength=3) / 8000
    assert shares == pytest.approx([1 / 3] * 3, abs=0.03)
    assert (noise != noise_map(image, [1, 2], 8, seed=6)).any()


def test_a_start_is_one_gesture_that_can_be_undone_and_restored_later(session: Session) -> None:
    project, before = session.project, session.project.state.maps[5].copy()
    maps = made(session, kind="roi", margin=3)
    assert maps.images == 1
    assert maps.detail == "1 boxes, margin 3 px"
    start = record_start(session, maps)
    boxed = project.state.maps[5].copy()
    assert boxed.sum() == 16 * 16
    assert newest_start(project) is project.state.starts[start]
    session.paint(5, Box(0, 0, 48, 40), np.zeros((48, 40), np.uint8), name="erase")
    assert restore_start(session, start) == 1
    assert (project.state.maps[5] == boxed).all()
    assert newest_start(project) is project.state.starts[start]
    for _ in range(3):
        session.undo()
    assert (project.state.maps[5] == before).all()
    assert not project.state.starts
    assert finish(check(project.folder, CancelToken())).whole


def test_maps_that_were_made_from_older_labels_are_refused(session: Session) -> None:
    maps = made(session, kind="noise")
    session.tag([6], DEFECTIVE)
    session.paint(6, Box(0, 0, 2, 2), np.ones((2, 2), np.uint8), name="stroke")
    with pytest.raises(DefectStudioError, match="changed meanwhile"):
        record_start(session, maps)
    assert not session.project.state.starts


def test_noise_leaves_good_images_and_all_tags_alone(session: Session) -> None:
    tags = {image: entry.tag for image, entry in session.project.state.images.items()}
    record_start(session, made(session, kind="noise", cell=4))
    assert {image: entry.tag for image, entry in session.project.state.images.items()} == tags
    assert set(session.project.state.maps) == {5, 6}


def test_starting_from_the_labels_as_they_are_changes_none(session: Session) -> None:
    before = session.project.state.maps[5].copy()
    start = record_start(session, made(session, kind="labels"))
    assert (session.project.state.maps[5] == before).all()
    assert session.project.state.starts[start].kind == "labels"


def test_a_project_without_boxes_or_runs_says_what_to_do(session: Session) -> None:
    session.paint(5, Box(0, 0, 48, 40), np.zeros((48, 40), np.uint8), name="erase")
    with pytest.raises(DefectStudioError, match="has a box"):
        made(session, kind="roi")
    with pytest.raises(DefectStudioError, match="no trained run"):
        made(session, kind="model")
    with pytest.raises(DefectStudioError, match="not in the project"):
        restore_start(session, "nowhere")


def test_a_copy_of_a_project_is_whole_and_leaves_the_first_alone(session: Session, project_copy: Project) -> None:
    copied = Session(project_copy)
    record_start(copied, made(copied, kind="noise"))
    assert not session.project.state.starts
    assert (project_copy.read(5) == session.project.read(5)).all()
    assert finish(check(project_copy.folder, CancelToken())).whole
    assert finish(check(session.project.folder, CancelToken())).whole
    with pytest.raises(DefectStudioError, match="not an empty folder"):
        copy_project(session.project, project_copy.folder)
