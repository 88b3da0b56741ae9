"""A project proved by its journal, and runs that are repeated: the same weights on the same machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from defectstudio.app import mentoring, workflows
from defectstudio.app.refinement import StartSettings, open_refinement, round_job, start_job
from defectstudio.app.replay_on import replay_on_job
from defectstudio.app.retraining import repeats
from defectstudio.app.verify import Retrained, retrain_job, spread, verify_job
from defectstudio.cli.main import run
from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.data.runs import BOXES, WEIGHTS, BoxSettings, default_config, read_run, write_run
from defectstudio.data.similarity import similarity_config
from defectstudio.data.without import steps_of_answers, touched_by
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, ImageId
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.refinement import RefineSettings
from defectstudio.sessions.session import Session
from tests.data.test_timeline import work
from tests.made_panels import answer
from tests.made_runs import make_project


def tagged(session: Session) -> list[ImageId]:
    images = session.project.present_images()
    session.tag(images[::2], GOOD)
    session.tag(images[1::2], DEFECTIVE)
    return images


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run of each network, a candidate, two rounds, and labels that changed afterwards."""
    folder = make_project(tmp_path_factory.mktemp("verify"))
    with Project.open(folder) as project:
        session = Session(project)
        images = tagged(session)
        for net, more in (("fast", {"finetune_epochs": 1}), ("segdec", {})):
            config = default_config(net, epochs=1, height=64, width=64, threshold_folds=0, threads=1, **more)
            boxes = BoxSettings(epochs=1) if net == "fast" else None
            record = finish(workflows.train_job(project, config, run_id=net, boxes=boxes)(CancelToken()))
            workflows.record_run(session, record)
        mentored(session)
        refined(session)
        session.tag(images[:2], DEFECTIVE)
    return folder


def mentored(session: Session) -> None:
    """A candidate from verdicts on three boxes, one of them changed after the training."""
    project = session.project
    mentoring.approve(session, "fast", "Eva")
    work = Mentoring(session, [Detection(f"d{n}", n, "fast", Box(4, 4, 16, 16), 1, 0.8) for n in (20, 21, 22)])
    for kind in ("confirmed", "rejected", "confirmed"):
        work.judge(kind)
    for more in ({"finetune_epochs": 1}, {"head": "boxes"}):
        job, _ = mentoring.candidate_job(project, {"epochs": 1, "batch": 4, **more})
        workflows.record_run(session, finish(job(CancelToken())))
    work.judge_one("d20", "rejected")


def refined(session: Session) -> None:
    """Two rounds of a tiny network with answers between them, and one answer after the last."""
    config = similarity_config(net="patchnet", patch=29, steps=2, batch=8, pool=64, patches=500, stride=8, threads=1)
    finish(start_job(session, StartSettings(margin=3), config)(CancelToken()))
    for number in range(2):
        work = open_refinement(session, RefineSettings(per_round=2, blind=0.0, apart=4))
        assert work is not None
        while not work.complete:
            panel = work.next_panel()
            work.answer(panel, answer(panel, [0]))
        work.close()
        if not number:
            finish(round_job(session.project)(CancelToken()))


@pytest.fixture
def trained(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def test_runs_trained_again_have_the_same_weights_bit_for_bit(trained: Path) -> None:
    with Project.open(trained, readonly=True) as project:
        found = finish(retrain_job(project)(CancelToken()))
    names = ["fast", "segdec", found[2].run, found[3].run, "round 0", "round 1"]
    assert found == [Retrained(run=name, same=True, largest=0.0, differs=[]) for name in names]


def test_another_detector_of_boxes_is_found_though_the_weights_beside_it_are_the_same(trained: Path) -> None:
    boxes = trained / "runs" / "fast" / BOXES
    whole = load_file(boxes)
    name = next(name for name, part in whole.items() if part.dtype == np.float32 and part.size)
    with safe_open(boxes, "numpy") as opened:
        known = opened.metadata()
    save_file(whole | {name: whole[name] + np.float32(0.5)}, boxes, known)
    with Project.open(trained, readonly=True) as project:
        (one,) = finish(retrain_job(project, "fast")(CancelToken()))
        assert (one.same, one.agrees, one.largest) == (False, False, pytest.approx(0.5, abs=1e-3))
        boxes.unlink()
        (one,) = finish(retrain_job(project, "fast")(CancelToken()))
    assert (one.same, one.largest) == (False, None)
    assert any("runs/fast/" in problem for problem in finish(check(trained, CancelToken())).problems)


def test_a_run_that_cannot_be_repeated_is_said_with_what_differs(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = read_run(trained / "runs" / "fast")
    config = record.config.model_copy(update={"seed": 7})
    versions = record.versions | {"torch": "1.0"}
    write_run(trained / "runs" / "fast", record.model_copy(update={"config": config, "versions": versions}))
    assert run(["replay", str(trained), "--run", "fast", "--json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["retrained"]
    assert not one["same"]
    assert not one["agrees"]
    assert one["largest"] > 0
    assert any(line.startswith("torch: ") and line.endswith("was 1.0") for line in one["differs"])
    with Project.open(trained, readonly=True) as project, pytest.raises(DefectStudioError, match="no finished run two"):
        retrain_job(project, "two")


def test_what_a_run_was_trained_from_and_is_no_longer_there_is_said(trained: Path) -> None:
    (trained / "runs" / "fast" / WEIGHTS).write_bytes(b"others")
    (trained / "rounds" / "000" / WEIGHTS).unlink()
    with Project.open(trained, readonly=True) as project:
        candidate = next(run.id for run in workflows.runs(project) if run.mentoring is not None)
        (one,) = repeats(project, candidate)
        assert one.differs[0].startswith("weights of fast: ")
        (other,) = finish(retrain_job(project, "round 1")(CancelToken()))
    assert not other.agrees
    assert other.differs == ["Round 0, with whose weights it began, is gone."]


def test_a_configuration_is_trained_without_and_with_the_answers_on_images_that_no_answer_was_about(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["replay", str(trained), "--on", "fast", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    with Project.open(trained, readonly=True) as project:
        touched = touched_by(project, steps_of_answers(project))
        splits = {image: entry.placement.split for image, entry in project.state.images.items()}
        assert found["answers"] == len(project.state.answers) == 4
        with pytest.raises(DefectStudioError, match="no good or no defective image"):
            replay_on_job(project, "fast", split="nowhere")
        with pytest.raises(DefectStudioError, match="no run other"):
            replay_on_job(project, "other")
    of_test = {image for image, split in splits.items() if split == "test"}
    assert (found["verdicts"], found["touched"], found["seeds"]) == (3, len(touched), [0])
    assert found["held_out"] == len(of_test - touched)
    assert found["left_out"] == len(of_test & touched)
    low, high = found["difference"]["low"], found["difference"]["high"]
    assert low <= found["difference"]["value"] <= high
    assert found["verdict"] == ("no clear difference" if low <= 0 <= high else "helped" if low > 0 else "harmed")
    assert run(["replay", str(trained), "--on", "fast", "--verify"]) == 2


def test_replay_says_the_states_digests_and_finds_a_changed_state(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    work(session)
    folder, last = session.project.folder, session.project.journal.last_event
    session.project.close()
    assert run(["replay", str(folder), "--verify", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["verified"]
    assert first["marks"][-1]["event"] == last
    assert len(first["marks"]) == len(spread(last))
    assert finish(verify_job(folder, [last])(CancelToken())).marks[0].digest == first["marks"][-1]["digest"]
    with Project.open(folder) as project:
        project.journal.connection.execute("UPDATE images SET status = 'done', tag = '[\"good\"]' WHERE id = 5")
    assert run(["replay", str(folder), "--verify"]) == 1
    assert "not what its journal says" in capsys.readouterr().err


def test_replay_without_a_wish_is_a_wrong_use(session: Session) -> None:
    assert run(["replay", str(session.project.folder)]) == 2
