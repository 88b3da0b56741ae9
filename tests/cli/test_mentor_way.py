"""`defectstudio mentor` from an approval to the next one, on small images: mine, watch, simulate, train, compare."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from defectstudio.app.watching import FolderWatch, Look
from defectstudio.cli.main import EXPECTED, OK, run
from defectstudio.data.mining import read_queue
from defectstudio.data.project import Project
from tests.conftest import write_image
from tests.made_mentoring import NEW, OLD, make_trained, picture

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_trained(tmp_path_factory.mktemp("way"))


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "copy"))


@pytest.fixture
def deployed(folder: Path, capsys: Captured) -> Path:
    said(capsys, "approve", folder / "project", "base", "--who", "Eva", "--threshold", "spot=0.2")
    return folder


def said(capsys: Captured, *arguments: object) -> dict[str, Any]:
    """What a command that must succeed answers: one JSON object on stdout."""
    capsys.readouterr()
    code = run(["mentor", *map(str, arguments), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert (code, len(lines)) == (OK, 1), lines
    found: dict[str, Any] = json.loads(lines[0])
    return found


def refused(capsys: Captured, *arguments: object) -> str:
    """What a command that must fail says: exit code 1, one object, and no traceback."""
    capsys.readouterr()
    code = run(["mentor", *map(str, arguments), "--json"])
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert (code, len(lines)) == (EXPECTED, 1), lines
    assert "Traceback" not in shown.err
    answer = json.loads(lines[0])
    return f"{answer['error']} {answer['hint']}"


def test_from_new_images_to_an_approved_candidate_by_command(deployed: Path, capsys: Captured) -> None:
    project = deployed / "project"
    mined = said(capsys, "mine", project, deployed / "new")
    assert (mined["images"], mined["looked"], mined["problems"]) == (NEW, NEW, [])
    assert mined["detections"] == mined["waiting"] > 0
    assert "No verdict says anything" in refused(capsys, "train", project)
    counts = said(capsys, "simulate", project, deployed / "truth", "--seed", 1)
    assert counts["confirmed"] >= 2
    status = said(capsys, "status", project)
    assert (status["deployed"], status["waiting"], status["confirmed"]) == ("base", 0, counts["confirmed"])
    candidate = said(capsys, "train", project, "--set", "epochs=1", "--set", "transfer=true")
    assert (candidate["status"], candidate["mentoring"]["base"]) == ("finished", "base")
    compared = said(capsys, "compare", project, candidate["id"])
    assert compared["images"]["old"] == OLD
    assert len(compared["old"]["map"]) == len(compared["new"]["fp_per_100"]) == 2
    decided = said(capsys, "approve", project, candidate["id"], "--who", "Ida", "--reason", "fewer false alarms")
    assert (decided["fitted_on"], decided["thresholds"]["1"], decided["cuts"]) == ("base", 0.2, {})
    assert (compared["fitted_on"], compared["own_thresholds"]) == ("base", False)
    assert said(capsys, "status", project)["deployed"] == candidate["id"]
    again = said(capsys, "train", project, "--set", "epochs=1")
    assert again["mentoring"]["base"] == candidate["id"]


def test_tables_and_words_say_the_same_as_json(deployed: Path, capsys: Captured) -> None:
    project = deployed / "project"
    (deployed / "new" / "cut.png").write_bytes(b"\x89PNG half of it")
    assert run(["mentor", "mine", str(project), str(deployed / "new")]) == OK
    shown = capsys.readouterr()
    assert "Looked through" in shown.out
    assert "cut.png" in shown.err
    assert run(["mentor", "simulate", str(project), str(deployed / "truth"), "--most", "1"]) == OK
    assert "Judged" in capsys.readouterr().out
    assert run(["mentor", "approve", str(project), "base", "--who", "Eva", "--no-fit", "--cut", "spot=0.7"]) == OK
    shown = capsys.readouterr().out
    assert "Counts from" in shown
    assert "0.7000" in shown
    assert run(["mentor", "status", str(project)]) == OK
    assert "base" in capsys.readouterr().out


def test_a_budget_of_a_shift_and_what_is_near_the_threshold_are_chosen_by_option(
    deployed: Path, capsys: Captured
) -> None:
    project = deployed / "project"
    first = said(capsys, "mine", project, deployed / "new", "--budget", 1, "--per", "shift")
    assert first["detections"] == 1
    assert first["left_out"] > 0
    write_image(deployed / "more" / "part99.png", picture(99, 100))
    assert said(capsys, "mine", project, deployed / "more", "--budget", 1, "--per", "shift")["detections"] == 0
    write_image(deployed / "near" / "part97.png", picture(97, 100))
    with Project.open(project, readonly=True) as opened:
        sure = read_queue(opened.folder).detections[0].confidence
    said(capsys, "approve", project, "base", "--who", "Eva", "--threshold", f"spot={sure - 0.1:.3f}")
    narrow = said(capsys, "mine", project, deployed / "near", "--interest", "near", "--near", 0.001)
    assert narrow["detections"] == 0


def test_a_watched_folder_is_looked_through_as_files_appear_until_it_is_stopped(
    deployed: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, looks = deployed / "line", [0]
    write_image(line / "part01.png", picture(21, 110))
    known = FolderWatch.look

    def look(self: FolderWatch) -> Look:
        looks[0] += 1
        if looks[0] == 3:
            write_image(line / "part02.png", picture(23, 112))
            (line / "part03.png").write_bytes(b"\x89PNG half of it")
        found = known(self)
        if looks[0] == 10:
            # As Ctrl-C does, but without a signal to the process that runs all the tests.
            on_ctrl_c = signal.getsignal(signal.SIGINT)
            assert callable(on_ctrl_c)
            on_ctrl_c(signal.SIGINT, None)
        return found

    monkeypatch.setattr(FolderWatch, "look", look)
    command = ["mentor", "mine", str(deployed / "project"), str(line), "--watch", "0.1", "--json"]
    capsys.readouterr()
    assert run(command) == OK
    answers = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert [answer["looked"] for answer in answers] == [1, 1, 0]
    assert [name for answer in answers for name, _ in answer["problems"]] == ["part03.png"]
    with Project.open(deployed / "project", readonly=True) as project:
        assert len(project.present_images()) == OLD + 2


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["mine", "{p}", "{f}/nowhere"], "is not a folder"),
        (["mine", "{p}"], "no new image to look at"),
        (["mine", "{p}", "{f}/new", "--interest", "everything"], "interest"),
        (["mine", "{p}", "{f}/new", "--near", "2"], "near"),
        (["mine", "{p}", "{f}/new", "--per", "week"], "per"),
        (["simulate", "{p}", "{f}/new"], "not a DefectStudio project"),
        (["compare", "{p}", "base"], "not trained from verdicts"),
        (["compare", "{p}", "other"], "no run other"),
        (["approve", "{p}", "base", "--who", " "], "Somebody has to stand by"),
        (["train", "{p}", "--set", "epsilon=7"], "epsilon"),
        (["train", "{p}", "--head", "boxes"], "no detector of boxes"),
        (["mine", "{p}", "{f}/new", "--head", "boxes"], "no detector of boxes"),
        (["mine", "{p}", "{f}/new", "--head", "legs"], "head"),
    ],
)
def test_what_cannot_be_done_is_one_message_and_exit_code_1(
    deployed: Path, capsys: Captured, arguments: list[str], wrong: str
) -> None:
    assert wrong in refused(capsys, *(part.format(p=deployed / "project", f=deployed) for part in arguments))
