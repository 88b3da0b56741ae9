"""Files that are whole or absent."""

import errno
import os
from pathlib import Path

import pytest

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError


def test_the_file_takes_its_place_only_when_the_block_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "figures.json"
    with written_whole(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert [p.name for p in path.parent.iterdir()] == ["figures.json"]


def test_a_failure_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text("old")

    def half_written() -> None:
        with written_whole(path) as temporary:
            temporary.write_text("ne")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_written()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["figures.json"]


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "cannot be written")])
def test_a_refusal_of_the_disk_is_one_sentence_with_a_way_out(tmp_path: Path, number: int, said: str) -> None:
    def refused() -> None:
        with written_whole(tmp_path / "figures.json"):
            raise OSError(number, os.strerror(number))

    with pytest.raises(DefectStudioError, match=said) as caught:
        refused()
    assert caught.value.hint


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits of this kind")
def test_colleagues_may_read_what_the_umask_lets_them(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    before = os.umask(0o022)
    try:
        with written_whole(path) as temporary:
            temporary.write_text("{}")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
