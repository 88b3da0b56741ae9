"""Rounds from start to dense maps, with a network that learns one number: what is asked of it, what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.refinement import (
    StartSettings,
    contested,
    heat,
    newest_finished,
    open_refinement,
    refinable,
    round_job,
    rounds,
    start_job,
)
from defectstudio.app.refinement_dense import (
    DenseSettings,
    accept_dense,
    dense_job,
    dense_map,
    iou_precision_recall,
    pixel_counts,
    threshold_from,
)
from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.data.similarity import read_round, round_folder, similarity_config, write_round
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNKNOWN, Box
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import LabelledPatch, Patch
from defectstudio.sessions.refinement import RefineSettings
from defectstudio.sessions.session import Session
from tests.made_panels import answer
from tests.made_rounds import brightness_network  # noqa: F401  a fixture

pytestmark = pytest.mark.usefixtures("brightness_network")
ROUGH = StartSettings(kind="roi", margin=6)
SETTINGS = RefineSettings(write="pixel", per_round=3, blind=0.0, apart=2)


def begun(session: Session) -> Session:
    """The project of six images, whose one mask was made a coarse box, with a first round trained."""
    finish(start_job(session, ROUGH)(CancelToken()))
    return session


def test_a_start_writes_the_maps_and_trains_a_first_round_on_the_training_images(session: Session) -> None:
    begun(session)
    record = newest_finished(session.project)
    assert record is not None
    assert (record.round, record.start, record.before, record.answers) == (0, "roi", None, 0)
    assert session.undo_name == "start refining from 1 boxes, margin 6 px"
    used = {image.id for image in refinable(session.project.snapshot()).images}
    assert used == {1, 2, 3, 5}  # 4 and 6 are of the test split
    assert record.event == session.project.journal.last_event


def test_the_next_round_begins_with_the_one_before_and_learns_from_the_answers(session: Session) -> None:
    begun(session)
    work = open_refinement(session, SETTINGS)
    assert work is not None
    panel = work.next_panel()
    work.answer(panel, answer(panel, range(len(panel.positives))))
    work.close()
    finish(round_job(session.project, similarity_config(patch=48))(CancelToken()))
    after = newest_finished(session.project)
    assert after is not None
    assert (after.round, after.before, after.config.patch) == (1, 0, 48)
    assert after.answers == 1 + len(panel.candidates)
    again = open_refinement(session, SETTINGS)
    assert again is not None
    assert (again.round, again.refinements, again.settings.patch) == (1, 0, 48)
    again.close()
    finish(round_job(session.project)(CancelToken()))
    assert rounds(session.project)[2].config.patch == 48  # nothing was said: as before


def test_an_unfinished_round_is_replaced_and_a_finished_one_never(session: Session) -> None:
    begun(session)
    folder = round_folder(session.project.folder, 1)
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(b"half")
    first = read_round(round_folder(session.project.folder, 0))
    write_round(folder, first.model_copy(update={"round": 1, "status": "running"}))
    assert [record.status for record in rounds(session.project)] == ["finished", "running"]
    finish(round_job(session.project)(CancelToken()))
    assert [record.status for record in rounds(session.project)] == ["finished", "finished"]
    assert rounds(session.project)[0] == first


def test_a_project_that_cannot_be_refined_says_why(session: Session) -> None:
    assert open_refinement(session) is None
    with pytest.raises(DefectStudioError, match="no round"):
        heat(session.project, 3, 1)
    begun(session)
    with pytest.raises(DefectStudioError, match="no image 99"):
        heat(session.project, 0, 99)
    folder = session.project.folder
    session.project.close()
    with Project.open(folder, readonly=True) as readonly, pytest.raises(DefectStudioError, match="reading only"):
        round_job(readonly)


def test_the_heat_of_an_image_can_be_asked_for_from_another_thread(session: Session) -> None:
    from concurrent.futures import ThreadPoolExecutor

    begun(session)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(heat, session.project, 0, 5).result()
    assert found.shape == (12, 10)
    assert found[3, 3] > 0.9
    assert found[10, 8] < 0.2


def test_a_heat_map_is_computed_once_and_anew_when_its_cache_is_damaged(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(session)
    first = heat(session.project, 0, 5)
    (kept,) = (session.project.cache_folder / "heat").rglob("*.npz")
    with monkeypatch.context() as patched:
        patched.setattr("tests.made_rounds._heat", None)
        assert (heat(session.project, 0, 5) == first).all()
    kept.write_bytes(kept.read_bytes()[:50])
    assert (heat(session.project, 0, 5) == first).all()


def test_dense_maps_are_proposed_inside_boxes_and_written_as_one_gesture(session: Session) -> None:
    truth = {5: session.project.state.maps[5].copy()}
    begun(session)
    project = session.project
    rough = {5: project.state.maps[5].copy()}
    dense = finish(dense_job(project, 0)(CancelToken()))
    assert set(dense.maps) == {5}
    assert (project.state.maps[5] == rough[5]).all()
    assert not (dense.maps[5].astype(bool) & ~rough[5].astype(bool)).any()
    before, after = (iou_precision_recall(pixel_counts(maps, truth.__getitem__)) for maps in (rough, dense.maps))
    assert before[0] == pytest.approx(100 / 22**2)
    assert after[0] > 0.5
    assert after[2] > 0.95
    tight = finish(dense_job(project, 0, DenseSettings(grow=0))(CancelToken()))
    assert iou_precision_recall(pixel_counts(tight.maps, truth.__getitem__))[0] > 0.6
    assert accept_dense(session, dense) == 1
    assert (project.state.maps[5] == dense.maps[5]).all()
    assert session.undo_name == "accept the dense maps of round 0"
    session.undo()
    assert (project.state.maps[5] == rough[5]).all()
    assert finish(check(project.folder, CancelToken())).whole


def test_a_dense_proposal_from_older_labels_is_refused(session: Session) -> None:
    begun(session)
    dense = finish(dense_job(session.project, 0)(CancelToken()))
    session.paint(5, Box(0, 0, 2, 2), np.ones((2, 2), np.uint8), name="stroke")
    with pytest.raises(DefectStudioError, match="changed meanwhile"):
        accept_dense(session, dense)


def test_the_centre_of_a_patch_that_was_spoken_of_stays_what_was_said(session: Session) -> None:
    begun(session)
    work = open_refinement(session, SETTINGS)
    assert work is not None
    while not work.complete:
        panel = work.next_panel()
        work.answer(panel, answer(panel, range(len(panel.candidates)), label=1))  # everything is a defect
    work.close()
    asked = {c.patch for e in work.answers for c in (e.panel.anchor, *e.panel.candidates) if c.patch.image == 5}
    assert asked
    dense = finish(dense_job(session.project, 0, DenseSettings(threshold=1.0, keep_boxes=False))(CancelToken()))
    assert {(int(r), int(c)) for r, c in np.argwhere(dense.maps[5])} == {(p.row, p.column) for p in asked}
    assert contested(session.project)  # good images were called defective, too


def test_a_dense_map_takes_classes_from_boxes_and_keeps_what_nobody_knows() -> None:
    start = np.zeros((8, 12), np.uint8)
    start[0:4, 0:4], start[4:8, 0:4] = 1, 2
    start[:, 10:] = UNKNOWN
    p = np.zeros((8, 12), np.float32)
    p[1:3, 1:3], p[5, 2], p[2, 6], p[6, 11] = 0.9, 0.3, 0.8, 0.8
    inside = dense_map(p, start, start, 0.5, DenseSettings(), (1, 2))
    assert (inside[:, 10:] == UNKNOWN).all()
    assert {(int(r), int(c)) for r, c in np.argwhere(inside[:, :10] == 1)} == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert [(int(r), int(c)) for r, c in np.argwhere(inside == 2)] == [(5, 2)]  # the likeliest of a box without any
    everywhere = dense_map(p, start, start, 0.5, DenseSettings(scope="everywhere", keep_boxes=False), (1, 2))
    assert everywhere[2, 6] == UNKNOWN  # a defect, but nobody said of which class
    assert not (everywhere == 2).any()
    alone = dense_map(p, np.where(start == 2, 0, start), start, 0.5, DenseSettings(scope="everywhere"), (1,))
    assert (alone[2, 6], alone[6, 11]) == (1, 1)


def test_the_threshold_is_the_lowest_that_agrees_nearly_best_with_what_was_said() -> None:
    heat_of = {1: np.linspace(0, 1, 50, dtype=np.float32)[None]}
    said = [LabelledPatch(Patch(1, 0, column), int(column >= 35), "observed") for column in range(50)]
    found = threshold_from(said, heat_of, 1)
    # F2 of 15 defects with one healthy patch too many is 0.987, with two 0.974; of 40 defects with four 0.980.
    assert 33 / 49 < found < 34 / 49
    many = [LabelledPatch(Patch(1, 0, column), int(column >= 10), "observed") for column in range(50)]
    assert 5 / 49 < threshold_from(many, heat_of, 1) < 6 / 49
    # F1 of 40 defects with one healthy patch too many is 0.988, with two 0.976.
    assert 8 / 49 < threshold_from(many, heat_of, 1, beta=1) < 9 / 49
    assert threshold_from(said[:10], heat_of, 1) == 0.5


def test_figures_of_pixels_leave_out_what_is_not_known() -> None:
    truth = np.array([[1, 1, 0, 0, UNKNOWN]], np.uint8)
    found = np.array([[1, 0, 1, 0, 1]], np.uint8)
    assert pixel_counts({1: found}, lambda image: truth) == (1, 1, 1)
    assert iou_precision_recall((1, 1, 1)) == pytest.approx((1 / 3, 0.5, 0.5))
    with pytest.raises(DefectStudioError, match="No true defect"):
        iou_precision_recall((0, 3, 0))


def test_a_training_that_is_stopped_leaves_no_finished_round(session: Session, tmp_path: Path) -> None:
    from defectstudio.domain.errors import Cancelled

    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        finish(start_job(session, ROUGH)(token))
    assert newest_finished(session.project) is None
    assert session.project.state.starts  # the maps are there, and can be trained on
