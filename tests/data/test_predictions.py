"""Predictions in one HDF5 file: written whole, read one map at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.predictions import Predictions, Scored, enlarged, write_predictions
from defectstudio.domain.errors import DefectStudioError


def scored(number: int) -> Scored:
    heat = np.linspace(0, 1, 6, dtype=np.float16).reshape(2, 3)
    return Scored(number, number / 10, heat, "test")


def test_scores_splits_and_maps_come_back(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.h5", [scored(7), scored(3)], stride=8, input_size=(16, 24))
    predictions = Predictions(tmp_path / "p.h5")
    assert predictions.ids == (7, 3)
    assert predictions.scores == {7: 0.7, 3: 0.3}
    assert predictions.splits == {7: "test", 3: "test"}
    assert np.array_equal(predictions.heat(3), scored(3).heat)


def test_no_images_are_no_predictions(tmp_path: Path) -> None:
    assert write_predictions(tmp_path / "p.h5", [], stride=8, input_size=(16, 24)).scores == {}


def test_a_heat_map_is_enlarged_between_cell_centres() -> None:
    full = enlarged(np.array([[0, 1]], np.float16), (2, 8))
    assert full.tolist() == [[0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]] * 2


def test_a_thinned_map_has_the_values_of_the_whole_one_at_its_places() -> None:
    heat = np.random.default_rng(0).random((5, 7)).astype(np.float16)
    assert np.array_equal(enlarged(heat, (41, 50), 4), enlarged(heat, (41, 50))[::4, ::4])


def test_an_enlarged_map_stays_between_zero_and_one_and_at_image_size(tmp_path: Path) -> None:
    predictions = write_predictions(tmp_path / "p.h5", [scored(1)], stride=8, input_size=(16, 24))
    full = predictions.heat_map(1, (37, 51))
    assert full.shape == (37, 51)
    assert full.dtype == np.float32
    assert full.min() == 0
    assert full.max() == 1


def test_an_image_without_prediction_is_an_expected_error(tmp_path: Path) -> None:
    predictions = write_predictions(tmp_path / "p.h5", [scored(1)], stride=8, input_size=(16, 24))
    with pytest.raises(DefectStudioError, match="no prediction"):
        predictions.heat_map(2, (10, 10))


def test_a_write_that_breaks_off_leaves_the_older_file_whole(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.h5", [scored(1)], stride=8, input_size=(16, 24))

    def breaking() -> Iterator[Scored]:
        yield scored(2)
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        write_predictions(tmp_path / "p.h5", breaking(), stride=8, input_size=(16, 24))
    assert Predictions(tmp_path / "p.h5").ids == (1,)
    assert [path.name for path in tmp_path.iterdir()] == ["p.h5"]


@pytest.mark.parametrize("content", [b"", b"nothing like HDF5"])
def test_a_damaged_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.h5").write_bytes(content)
    with pytest.raises(DefectStudioError, match="damaged"):
        Predictions(tmp_path / "p.h5")


def test_a_missing_file_says_to_predict_first(tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match="no predictions"):
        Predictions(tmp_path / "p.h5")
