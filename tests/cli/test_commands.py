"""The commands as their user meets them: exit codes, one JSON object, messages with a way out."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from defectstudio.cli.main import COMMANDS, run
from defectstudio.data.project import Project
from defectstudio.data.synthetic import generate
from defectstudio.domain.progress import finish

SMALL = ["--epochs", "2", "--set", "height=96", "--set", "width=64", "--set", "threads=1"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen defective and twelve good generated images in the KolektorSDD2 layout."""
    return finish(generate(tmp_path_factory.mktemp("generated") / "parts", train=(8, 12), test=(4, 4), seed=0))


@pytest.fixture(scope="module")
def trained(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects") / "parts"
    assert run(["import", str(folder), str(source)]) == 0
    assert run(["train", str(folder), "--segmented", "3", *SMALL, "--detector", "--box-set", "epochs=1"]) == 0
    return folder


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Path:
    """A copy for each test: what one of them trains is no other's newest run."""
    return Path(shutil.copytree(trained, tmp_path / "project"))


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run([*map(str, arguments), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return code, json.loads(lines[0])


def test_the_main_job_by_command_line(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, info = answer(capsys, "info", project)
    assert (code, info["images"]) == (0, 28)
    run_name = info["runs"][-1]
    evaluated = answer(capsys, "evaluate", project)[1]
    assert evaluated["run"] == run_name
    boxes = {(row["split"], row["head"]): row for row in evaluated["boxes"]}
    assert boxes.keys() == {(split, head) for split in ("train", "test") for head in ("boxes", "cells")}
    assert (boxes["test", "boxes"]["images"], boxes["test", "boxes"]["seen"]) == (8, 0)
    code, found = answer(capsys, "predict", project, "--out", tmp_path / "scores.csv")
    assert len(found["images"]) == 28
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 29
    code, ranking = answer(capsys, "rank", project, "--segmented", "3", *SMALL)
    assert (code, ranking["pool"]) == (0, 9)
    code, report = answer(capsys, "report", project, "--out", tmp_path / "page.html")
    assert Path(report["report"]).is_file()
    code, checked = answer(capsys, "check", project)
    assert (code, checked["whole"], checked["problems"]) == (0, True, [])


def test_text_output_names_what_was_found(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command, expected in (
        ("info", "28 images"),
        ("evaluate", "pixel AP"),
        ("evaluate", "Boxes at IoU 0.5"),
        ("check", "whole"),
        ("predict", "P(defect)"),
    ):
        assert run([command, str(project)]) == 0
        assert expected in capsys.readouterr().out


def test_a_preview_writes_nothing(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = answer(capsys, "import", tmp_path / "new", source, "--preview")
    assert code == 0
    assert found["counts"]["train"] == {"defective": 12, "good": 8}
    assert not (tmp_path / "new").exists()


def test_a_test_split_can_be_set_aside_at_import(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = answer(capsys, "import", tmp_path / "new", source / "train", "--format", "folder", "--test", "0.5")
    assert code == 0
    assert sum(found["preview"]["counts"]["test"].values()) == found["images"] // 2
    code, error = answer(capsys, "import", tmp_path / "other", source, "--test", "0.5")
    assert (code, "splits of its own" in error["error"]) == (1, True)


def test_published_lists_choose_the_masks_to_train_with(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = answer(capsys, "info", project)[1]["segmented_lists"]
    chosen = next(name for name in lists if "train" in name)
    code, found = answer(capsys, "train", project, "--masks-of", chosen, *SMALL)
    assert (code, found["status"]) == (0, "finished")
    code, error = answer(capsys, "train", project, "--masks-of", "nothing", *SMALL)
    assert code == 1
    assert chosen in error["hint"]


@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if name not in {"demo", "app", "new", "import", "doctor"}]
)
def test_a_folder_that_is_no_project_is_one_message_and_exit_code_1(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = ["--out", tmp_path / "out"] if command == "export" else []
    code, error = answer(capsys, command, tmp_path, *needed)
    assert code == 1
    assert "not a DefectStudio project" in error["error"]
    assert run([command, str(tmp_path), *map(str, needed)]) == 1
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_wrong_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train"]) == 2
    assert run(["nonsense"]) == 2
    assert run(["train", "x", "--segmented", "many"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_published_settings_can_be_trained_with(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "ksdd-n0" in shown
    assert "severstal" in shown
    small = ["--epochs", "1", "--set", "height=64", "--set", "width=64", "--set", "threads=1"]
    code, found = answer(capsys, "train", project, "--preset", "ksdd", "--segmented", "0", *small)
    assert code == 0
    config = json.loads((project / "runs" / str(found["run"]) / "run.json").read_text())["config"]
    assert (config["net"], config["lr"], config["delta"], config["dilation"]) == ("segdec", 0.01, 1.0, 7)
    assert (config["epochs"], config["height"]) == (1, 64)
    assert "ksdd2" in str(answer(capsys, "train", project, "--preset", "mvtec")[1]["hint"])


def test_settings_that_make_no_sense_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for setting, named in (("lr=-1", "lr"), ("colour=red", "colour"), ("epochs", "no value")):
        code, error = answer(capsys, "train", project, "--set", setting)
        assert code == 1
        assert named in error["error"]
    assert "anchors" in answer(capsys, "train", project, "--box-set", "anchors=0")[1]["error"]
    assert "as it was begun" in answer(capsys, "train", project, "--resume", "some", "--detector")[1]["error"]


def test_training_without_defective_images_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", str(tmp_path / "empty")]) == 0
    code, error = answer(capsys, "train", tmp_path / "empty")
    assert code == 1
    assert "Tag" in error["hint"]
    code, error = answer(capsys, "evaluate", tmp_path / "empty")
    assert "train" in error["hint"]
    code, error = answer(capsys, "new", tmp_path / "empty")
    assert code == 1


def test_a_project_open_elsewhere_is_not_written_to(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Project.open(project):
        code, error = answer(capsys, "train", project, *SMALL)
        assert code == 1
        assert str(os.getpid()) in error["error"]
        assert answer(capsys, "info", project)[0] == 0


def test_a_truncated_source_image_is_left_out_and_named(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from shutil import copytree

    copytree(source, tmp_path / "parts")
    victim = next(path for path in sorted((tmp_path / "parts" / "train").glob("*.png")) if "_GT" not in path.name)
    victim.write_bytes(victim.read_bytes()[:200])
    code, found = answer(capsys, "import", tmp_path / "project", tmp_path / "parts")
    assert (code, found["images"]) == (0, 27)
    assert victim.name in found["problems"][0]


def test_without_a_screen_the_window_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run(["app"]) == 1
    assert "no screen" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_while_training_leaves_a_valid_project_and_exit_code_130(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = answer(capsys, "info", project)[1]["runs"][-1]
    command = [sys.executable, "-m", "defectstudio", "train", str(project), *SMALL, "--epochs", "10000", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    curves = set((project / "runs").glob("*/curve.jsonl"))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        fresh = set((project / "runs").glob("*/curve.jsonl")) - curves
        if any(path.stat().st_size for path in fresh):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert json.loads(out)["status"] == "stopped"
    assert run(["check", str(project)]) == 0
    # Who names no run means the newest that came to its end.
    assert answer(capsys, "info", project)[1]["runs"][-1] != finished
    assert answer(capsys, "evaluate", project)[1]["run"] == finished
