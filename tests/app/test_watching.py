"""A folder that the line writes into: nothing is lost, nothing is fatal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.watching import FolderWatch, Look, decodes
from tests.conftest import surface, write_image


def png(path: Path, seed: int = 0) -> bytes:
    return write_image(path, surface(seed)).read_bytes()


def names(look: Look) -> list[str]:
    return [path.name for path in look.ready]


def test_a_file_is_taken_once_when_it_has_stood_still(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    png(tmp_path / "a.png")
    assert watch.look() == Look(waiting=1)
    assert names(watch.look()) == ["a.png"]
    assert watch.look() == Look()


def test_files_that_are_known_and_other_files_are_passed_over(tmp_path: Path) -> None:
    png(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("x")
    watch = FolderWatch(tmp_path, {tmp_path / "a.png"})
    assert watch.look() == Look()


def test_a_half_written_file_is_waited_for_and_taken_when_it_is_whole(tmp_path: Path) -> None:
    whole = png(tmp_path / "source" / "a.png")
    target = tmp_path / "line" / "a.png"
    target.parent.mkdir()
    watch = FolderWatch(target.parent, patience=2)
    for size in range(40, len(whole), len(whole) // 5):
        target.write_bytes(whole[:size])
        assert watch.look() == Look(waiting=1)
    target.write_bytes(whole)
    watch.look()
    assert names(watch.look()) == ["a.png"]


def test_a_damaged_file_is_tried_again_then_reported_once_and_taken_when_it_is_mended(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(b"\x89PNG nothing")
    watch = FolderWatch(tmp_path, patience=3)
    looks = [watch.look() for _ in range(6)]
    assert [len(look.problems) for look in looks] == [0, 0, 0, 1, 0, 0]
    assert looks[3].problems[0].path == target
    assert looks[3].problems[0].reason
    png(target)
    watch.look()
    assert names(watch.look()) == ["a.png"]


def test_a_locked_file_is_tried_again_and_taken_when_it_is_free(tmp_path: Path) -> None:
    png(tmp_path / "a.png")
    locked = True

    def check(path: Path) -> None:
        if locked:
            raise PermissionError(13, "Permission denied")
        decodes(path)

    watch = FolderWatch(tmp_path, patience=3, check=check)
    looks = [watch.look() for _ in range(5)]
    (problem,) = [problem for look in looks for problem in look.problems]
    assert problem.reason == "Permission denied"
    locked = False
    assert names(watch.look()) == ["a.png"]


def test_a_file_that_vanishes_before_it_was_read_is_reported(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(b"half")
    watch = FolderWatch(tmp_path)
    watch.look()
    target.unlink()
    (problem,) = watch.look().problems
    assert problem.path == target
    assert watch.look() == Look()


def test_a_file_that_vanishes_while_it_is_looked_at_is_not_fatal(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    png(target)

    def check(path: Path) -> None:
        path.unlink()
        raise FileNotFoundError(2, "No such file")

    watch = FolderWatch(tmp_path, check=check)
    watch.look()
    assert watch.look().ready == ()
    assert [problem.path for problem in watch.look().problems] == [target]


def test_a_folder_that_is_gone_brings_nothing_and_is_not_fatal(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path / "line")
    assert watch.look().ready == ()
    np.testing.assert_equal(watch.look().waiting, 0)
    png(tmp_path / "line" / "a.png")
    watch.look()
    assert names(watch.look()) == ["a.png"]


@pytest.mark.parametrize("count", [3])
def test_one_bad_file_does_not_hold_up_the_others(tmp_path: Path, count: int) -> None:
    for number in range(count):
        png(tmp_path / f"{number}.png", number)
    (tmp_path / "bad.png").write_bytes(b"bad")
    watch = FolderWatch(tmp_path, patience=1)
    watch.look()
    look = watch.look()
    assert names(look) == [f"{number}.png" for number in range(count)]
    assert [problem.path.name for problem in look.problems] == ["bad.png"]
