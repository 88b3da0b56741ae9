"""Rounds of refinement on disk: what was written is read again, and damage is said, never passed on."""

from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.runs import now
from defectstudio.data.similarity import (
    PATCHES,
    RECORD,
    PatchIndex,
    RoundRecord,
    list_rounds,
    read_index,
    read_round,
    round_folder,
    similarity_config,
    write_index,
    write_round,
)
from defectstudio.domain.errors import DefectStudioError


def record(number: int) -> RoundRecord:
    return RoundRecord(round=number, created=now(), status="finished", config=similarity_config(patch=40), event=7)


def index(count: int = 5) -> PatchIndex:
    rng = np.random.default_rng(count)
    places = rng.integers(0, 2**31 - 1, (3, count))
    embedding = rng.normal(size=(count, 4)).astype(np.float32)
    p_defect = rng.random(count).astype(np.float32)
    return PatchIndex(places[0], places[1].astype(np.int32), places[2].astype(np.int32), embedding, p_defect)


def test_rounds_are_listed_by_number_as_they_were_written(tmp_path: Path) -> None:
    for number in (2, 0, 1):
        write_round(round_folder(tmp_path, number), record(number))
    (tmp_path / "rounds" / "notes").mkdir()
    assert [found.round for found in list_rounds(tmp_path)] == [0, 1, 2]
    assert read_round(round_folder(tmp_path, 1)).config.patch == 40


def test_a_project_without_rounds_lists_none(tmp_path: Path) -> None:
    assert list_rounds(tmp_path) == []


def test_an_index_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = index()
    write_index(tmp_path, written)
    found = read_index(tmp_path)
    assert len(found) == 5
    for name in PatchIndex.__slots__:
        assert getattr(found, name).dtype == getattr(written, name).dtype
        np.testing.assert_array_equal(getattr(found, name), getattr(written, name))


def test_a_missing_round_and_a_missing_index_name_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match="Train a round first"):
        read_round(tmp_path)
    with pytest.raises(DefectStudioError, match="Train the round again"):
        read_index(tmp_path)


def test_damaged_files_are_said_to_be_damaged(tmp_path: Path) -> None:
    write_index(tmp_path, index(1000))
    whole = (tmp_path / PATCHES).read_bytes()
    (tmp_path / PATCHES).write_bytes(whole[:600])
    (tmp_path / RECORD).write_text('{"round": -1}')
    with pytest.raises(DefectStudioError, match="damaged"):
        read_index(tmp_path)
    with pytest.raises(DefectStudioError, match="damaged"):
        read_round(tmp_path)


@pytest.mark.parametrize("changes", [{"patch": 8}, {"stride": 5}, {"height": 128}, {"mode": "all"}, {"lr": 0.0}])
def test_settings_that_cannot_work_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(DefectStudioError, match="settings of the refinement"):
        similarity_config(**changes)
