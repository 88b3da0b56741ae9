"""Published split files: read when they are plain lists, refused when they could do anything else."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from defectstudio.data.exchange import registry
from defectstudio.data.exchange.official import MAX_BYTES, read_split_file
from defectstudio.domain.errors import DefectStudioError

KSDD2 = [[(10000, True), (10001, False), (10002, True), (10003, True)], [(20000, True)]]
KSDD = [[[("kos02", True)], [("kos01", False)]], [[("kos01", True)], [("kos02", True)]]]


class Touch:
    """Unpickling this would run a command."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch '{self.path}'",)


def write(path: Path, content: Any, protocol: int = 4) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content, protocol))
    return path


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_pickles_of_every_protocol_are_read(tmp_path: Path, protocol: int) -> None:
    parts = read_split_file(write(tmp_path / "split_2.pyb", KSDD2, protocol))
    assert parts == [[[(str(stem), flag) for stem, flag in part]] for part in KSDD2]


def test_json_of_the_same_lists_is_read_alike(tmp_path: Path) -> None:
    (tmp_path / "split_2.json").write_text(json.dumps(KSDD))
    assert read_split_file(tmp_path / "split_2.json") == KSDD


def test_a_pickle_that_would_run_a_command_is_refused_and_nothing_runs(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with pytest.raises(DefectStudioError, match="more than plain lists"):
        read_split_file(write(tmp_path / "split_1.pyb", [[(Touch(trace), True)], []]))
    assert not trace.exists()


@pytest.mark.parametrize(
    "content",
    [
        {"train": []},
        [[], [], []],
        [[(1, 2, 3)], []],
        [[("a", "yes")], []],
        [[(None, True)], []],
        [[[[("a", True)]]], []],
        [1, 2],
        "text",
        7,
    ],
)
def test_other_shapes_are_refused_with_a_way_out(tmp_path: Path, content: Any) -> None:
    with pytest.raises(DefectStudioError, match="no split file") as caught:
        read_split_file(write(tmp_path / "split_1.pyb", content))
    assert caught.value.hint


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x80\x04",
        b"not a pickle",
        b"\x80\x04]r\xff\xff\xff\x7f.",
        b"\x80\x02X\xff\xff\xff\x7fabc.",
        b"\x80\x04\x8e\x00\x00\x00\x00\x00\x00\x00\x7f.",
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x80\x04Pname\n.",
    ],
)
def test_damaged_and_hostile_pickles_are_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "split_1.pyb").write_bytes(raw)
    with pytest.raises(DefectStudioError, match="no split file"):
        read_split_file(tmp_path / "split_1.pyb")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "split_1.pyb").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DefectStudioError, match="larger than"):
        read_split_file(tmp_path / "split_1.pyb")


@pytest.mark.parametrize("where", ["", "splits/", "../", "../official_split_pickles/"])
def test_split_files_are_found_in_and_beside_the_folder(make, where: str) -> None:
    folder = make.layout("kolektorsdd2")
    write(folder / where / "split_2.pyb", KSDD2)
    plan = registry.read(folder)
    assert plan.segmented == {
        "split_2": {
            "train": frozenset({"train/10000", "train/10002", "train/10003"}),
            "test": frozenset({"test/20000"}),
        }
    }
    assert not [one for one in plan.findings if one.kind == "ignored"]


def test_kolektorsdd_folds_come_from_the_split_file(make) -> None:
    folder = make.layout("kolektorsdd")
    write(folder / "split_1_0.pyb", KSDD)
    plan = registry.read(folder)
    assert {item.group: item.split for item in plan.items} == {"kos01": "fold0", "kos02": "fold1"}
    assert plan.segmented["split_1_0"] == {
        "fold0": frozenset({"kos02/Part0", "kos02/Part1", "kos02/Part2"}),
        "fold1": frozenset(),
    }


def test_dagm_split_files_go_by_class(make) -> None:
    folder = make.layout("dagm2007")
    content = [[[["0002.PNG", True]], [["0002.PNG", False]]], [[["0001.PNG", True]], []]]
    (folder / "split_1.json").write_text(json.dumps(content))
    assert registry.read(folder).segmented["split_1"] == {
        "train": frozenset({"Class1/Train/0002"}),
        "test": frozenset({"Class1/Test/0001"}),
    }


def test_a_bad_split_file_is_a_warning_and_the_images_still_come_in(make) -> None:
    folder = make.layout("kolektorsdd2")
    write(folder / "split_1.pyb", [Touch(folder / "trace"), []])
    plan = registry.read(folder)
    assert len(plan.items) == 8
    assert plan.segmented == {}
    assert [one.severity for one in plan.findings if one.kind == "split file"] == ["warning"]


def test_a_split_file_of_another_set_is_not_used(make) -> None:
    folder = make.layout("kolektorsdd2")
    write(folder / "split_1.pyb", KSDD)
    assert registry.read(folder).segmented == {}
