"""`defectstudio runs`: the table, comparisons, marks, deleting and purging, as text and as one JSON object."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from defectstudio.cli.main import run
from tests.made_runs import make_project_with_runs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project_with_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run(["runs", *map(str, words), "--json"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return code, json.loads(lines[0])


def shown(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert run(["runs", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_without_a_command_the_runs_are_listed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = answer(capsys, project)
    assert code == 0
    assert [(row["id"], row["state"]) for row in found["runs"]] == [  # type: ignore[union-attr, index]
        ("good", "finished"),
        ("bad", "finished"),
        ("killed", "running"),
    ]
    assert "record" not in found["runs"][0]  # type: ignore[index]
    assert answer(capsys, "list", project) == (0, found)
    assert "not ended" in shown(capsys, project)


def test_marks_are_written_and_a_run_is_found_by_its_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "rename", project, "good", "lamp B")[1]["changed"] is True
    assert answer(capsys, "star", project, "lamp B", "bad") == (
        0,
        {"runs": ["good", "bad"], "starred": True, "changed": True},
    )
    assert answer(capsys, "star", project, "bad", "--off")[0] == 0
    assert answer(capsys, "note", project, "LAMP B", "with the new lamp")[1]["run"] == "good"
    row = answer(capsys, project)[1]["runs"][0]  # type: ignore[index]
    assert (row["name"], row["note"], row["starred"]) == ("lamp B", "with the new lamp", True)
    text = shown(capsys, project)
    assert "* lamp B" in text
    assert "with the new lamp" in text
    assert "* bad" not in text


def test_a_comparison_names_the_better_run_and_the_images(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = answer(capsys, "compare", project, "bad", "good")
    assert (code, found["split"], found["contested"]) == (0, "test", 4)
    assert found["differences"][0]["ap"]["low"] > 0  # type: ignore[index]
    text = shown(capsys, "compare", project, "bad", "good")
    for expected in ("24 images of split test", "good - bad, AP: +", "seed", "4 images are called differently"):
        assert expected in text
    everywhere = answer(capsys, "compare", project, "bad", "good", "--split", "*", "--with-trained")[1]
    assert (everywhere["images"], everywhere["trained_on"]) == (32, 0)


def test_deleted_runs_come_back_until_they_are_purged(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "delete", project, "bad", "killed") == (0, {"deleted": ["bad", "killed"]})
    assert "2 deleted" in shown(capsys, project)
    assert answer(capsys, "restore", project, "bad") == (0, {"restored": "bad"})
    code, refused = answer(capsys, "purge", project)
    assert code == 1
    assert "cannot be undone" in refused["error"]
    assert "--yes" in refused["hint"]
    assert answer(capsys, "purge", project, "--yes")[1]["purged"] == ["killed"]
    assert answer(capsys, "purge", project, "--yes") == (0, {"purged": [], "bytes": 0})
    assert [row["id"] for row in answer(capsys, project)[1]["runs"]] == ["good", "bad"]  # type: ignore[union-attr, index]
    assert run(["check", str(project)]) == 0


def test_a_purge_asks_and_no_means_no(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(capsys, "delete", project, "bad")
    asked: list[str] = []

    def refuse(question: str, **_options: object) -> bool:
        import typer

        asked.append(question)
        raise typer.Abort

    monkeypatch.setattr("typer.confirm", refuse)
    assert run(["runs", "purge", str(project)]) == 130
    assert "MB" in asked[0]
    assert (project / "runs" / "bad" / "run.json").is_file()


def test_an_unknown_run_or_project_is_one_message(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error = answer(capsys, "star", project, "none of them")
    assert code == 1
    assert "good" in error["hint"]
    code, error = answer(capsys, "compare", project, "good", "killed")
    assert "no predictions" in error["error"]
    code, error = answer(capsys, tmp_path)
    assert code == 1
    assert "not a DefectStudio project" in error["error"]


def test_a_project_without_runs_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", str(tmp_path / "empty")]) == 0
    assert "defectstudio train" in shown(capsys, tmp_path / "empty")


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs", "--help"]) == 0
    text = capsys.readouterr().out
    for name in ("compare", "star", "note", "rename", "delete", "restore", "purge"):
        assert name in text
    assert run(["runs", "compare", "--help"]) == 0
