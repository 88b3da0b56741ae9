"""Configurations and run records survive the disk; damage is named, never guessed around."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.data.runs import RECORD, RunRecord, default_config, list_runs, now, read_run, write_run
from defectstudio.domain.errors import DefectStudioError


def record(run: str = "r1", created: str = "2026-01-01T00:00:00+00:00") -> RunRecord:
    config = default_config("segdec", seed=7)
    return RunRecord(id=run, name="n", created=created, status="finished", config=config, event=12, images=(1, 2))


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_run(tmp_path, record())
    assert read_run(tmp_path) == record()


def test_writing_leaves_no_other_file_behind(tmp_path: Path) -> None:
    write_run(tmp_path, record())
    write_run(tmp_path, record())
    assert [path.name for path in tmp_path.iterdir()] == [RECORD]


def test_each_network_has_its_own_defaults() -> None:
    fast, segdec = default_config("fast"), default_config("segdec")
    assert (segdec.epochs, segdec.lr, segdec.delta, segdec.w_pos, segdec.p) == (50, 0.01, 1, 3, 2)
    assert segdec.distance_weights
    assert fast.batch > 1
    assert default_config("fast", epochs=3).epochs == 3


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"lr": -1}, "lr"),
        ({"lr": float("nan")}, "lr"),
        ({"epochs": 0}, "epochs"),
        ({"colour": 3}, "colour"),
        ({"height": 128}, "height and width"),
        ({"strides": (5,)}, "strides"),
    ],
)
def test_a_wrong_setting_is_named(changes: dict[str, object], names: str) -> None:
    with pytest.raises(DefectStudioError, match=names):
        default_config("fast", **changes)


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(DefectStudioError, match="net"):
        default_config("slow")


def test_a_missing_record_names_the_run(tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match=tmp_path.name):
        read_run(tmp_path)


@given(cut=st.integers(0, 400))
def test_a_truncated_record_is_an_expected_error(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("run")
    write_run(folder, record())
    (folder / RECORD).write_bytes((folder / RECORD).read_bytes()[:cut])
    with pytest.raises(DefectStudioError, match="damaged"):
        read_run(folder)


def test_a_record_with_a_setting_of_another_version_is_not_half_read(tmp_path: Path) -> None:
    write_run(tmp_path, record())
    path = tmp_path / RECORD
    path.write_text(path.read_text().replace('"epochs"', '"rounds"'))
    with pytest.raises(DefectStudioError, match="damaged"):
        read_run(tmp_path)


def test_runs_are_listed_oldest_first_and_other_folders_are_passed_over(tmp_path: Path) -> None:
    write_run(tmp_path / "b", record("b", "2026-01-02T00:00:00+00:00"))
    write_run(tmp_path / "a", record("a", "2026-01-03T00:00:00+00:00"))
    (tmp_path / "half").mkdir()
    assert [r.id for r in list_runs(tmp_path)] == ["b", "a"]
    assert list_runs(tmp_path / "absent") == []


def test_the_moment_is_utc() -> None:
    assert now().endswith("+00:00")


def test_a_precision_may_be_written_as_a_number() -> None:
    assert default_config("fast", precision=32).precision == "32"
