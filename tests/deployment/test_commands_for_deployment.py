"""Export and folder prediction as their user meets them: exit codes, one JSON object, messages with a way out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from defectstudio.app.bundles import Bundle
from defectstudio.cli.main import run
from tests.conftest import surface, write_image

pytestmark = pytest.mark.xdist_group("deployment")


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run([*map(str, arguments), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return code, json.loads(lines[0])


@pytest.fixture
def line(tmp_path: Path) -> Path:
    for number in range(3):
        write_image(tmp_path / "line" / f"part{number}.png", surface(number, 90, 60))
    return tmp_path / "line"


def test_a_bundle_predicts_a_folder_with_the_engine_that_is_fastest(
    bundle: Bundle, line: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["predict", "--folder", line, "--out", tmp_path / "out", "--bundle", bundle.folder, "--masks"]
    code, result = answer(capsys, *command)
    assert (code, result["predicted"], result["problems"]) == (0, 3, [])
    times = result["milliseconds"]
    assert set(times) >= {"onnx fp32", "openvino fp32", "openvino int8"}
    assert result["engine"] == min(times, key=times.get)
    assert len(list((tmp_path / "out" / "masks").iterdir())) == 3
    assert answer(capsys, *command, "--resume")[1]["kept"] == 3


def test_an_export_overwrites_nothing(trained_folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(capsys, "export", trained_folder, "--out", bundle.folder)
    assert code == 1
    assert "already holds something" in str(said["error"])


def test_a_bad_file_makes_exit_code_one_after_all_others_are_done(
    bundle: Bundle, line: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (line / "part0.png").write_bytes(b"broken")
    command = ["predict", "--folder", line, "--out", tmp_path / "out", "--bundle", bundle.folder, "--engine", "onnx"]
    assert run([*map(str, command)]) == 1
    shown = capsys.readouterr()
    assert "2 images predicted" in shown.out
    assert "part0.png" in shown.err
    shutil.copyfile(line / "part1.png", line / "part0.png")
    code, result = answer(capsys, *command, "--resume")
    assert (code, result["predicted"], result["kept"]) == (0, 1, 2)
    assert not (tmp_path / "out" / "problems.csv").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--folder", "line"], "--folder needs --out"),
        (["--folder", "line", "--out", "out"], "Which detector is not clear"),
        (["--folder", "line", "--out", "out", "--bundle", "nothing"], "is not an exported detector"),
        (["--folder", "line", "--out", "out", "--bundle", "bundle", "--precision", "int3"], "There is no engine"),
        (["--folder", "line", "--out", "out", "--bundle", "bundle", "--engine", "torch"], "holds no torch weights"),
        (["--folder", "nowhere", "--out", "out", "--bundle", "bundle"], "is not a folder"),
        ([], "nothing to predict"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    options: list[str],
    message: str,
    bundle: Bundle,
    line: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(line.parent)
    command = [str(bundle.folder) if option == "bundle" else option for option in options]
    code, said = answer(capsys, "predict", *command)
    assert code == 1
    assert message in f"{said['error']} {said['hint']}"
    assert not (line.parent / "out").exists()
