"""int8 is calibrated on what it may see, checked on what it may not, and refused when it costs too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.engines.base import Answer, EngineName, Floats, Kind, ModelSource, Precision
from defectstudio.learning.engines.choose import open_engine
from defectstudio.learning.export import calibration, check_int8, first_convolutions, write_int8
from tests.learning.conftest import detector
from tests.learning.generated import spots

pytestmark = pytest.mark.xdist_group("engines")


class Listed:
    """A stand-in engine that gives its scores in order."""

    name: EngineName = "openvino"
    precision: Precision = "int8"

    def __init__(self, scores: Sequence[float]) -> None:
        self.scores = iter(scores)

    def run(self, batch: Floats) -> Answer:
        return np.zeros((1, 1, 8, 8), np.float32), np.array([next(self.scores)], np.float32)


def test_a_quantised_network_answers_nearly_as_the_exact_one(
    source: ModelSource, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert source.onnx is not None
    images, path = spots(6, 6, masks=0), tmp_path / "int8.xml"
    finish(write_int8(source.onnx, path, images, detector(), CancelToken()))
    assert capfd.readouterr().out == ""  # stdout belongs to the command
    noise = np.random.default_rng(1).random((2, 3, 64, 64), np.float32)
    exact = open_engine(Kind("openvino", "fp32"), source, threads=1).run(noise)
    rough = open_engine(Kind("openvino", "int8"), replace(source, int8=path), threads=1).run(noise)
    difference = float(np.abs(exact[0] - rough[0]).max())
    assert 0 < difference < 0.2
    assert path.with_suffix(".bin").stat().st_size < 0.6 * source.onnx.stat().st_size


def test_what_sees_the_pixels_of_fast_first_stays_exact(source: ModelSource, tmp_path: Path) -> None:
    from defectstudio.learning.engines.openvino_runtime import openvino

    assert source.onnx is not None
    network = openvino().Core().read_model(source.onnx)
    exact = first_convolutions(network, 6)
    shapes = [op.output(0).get_partial_shape() for op in network.get_ordered_ops() if op.get_friendly_name() in exact]
    assert len(exact) == len(set(exact)) == 6
    assert [int(shape[2].get_length()) for shape in shapes] == [32, 32, 32, 32, 16, 16]  # of 64: strides 2 and 4


def test_quantising_stops_at_the_next_image_when_it_is_cancelled(source: ModelSource, tmp_path: Path) -> None:
    assert source.onnx is not None
    token = CancelToken()
    job = write_int8(source.onnx, tmp_path / "int8.xml", spots(4, 4, masks=0), detector(), token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        next(job)
    assert not (tmp_path / "int8.xml").exists()


@pytest.mark.parametrize(("good", "defective", "expected"), [(40, 3, (5, 3)), (3, 40, (3, 5)), (40, 40, (4, 4))])
def test_calibration_takes_defective_images_too(good: int, defective: int, expected: tuple[int, int]) -> None:
    chosen = calibration(spots(good, defective, masks=0, side=32), most=8)
    assert (sum(image.good for image in chosen), sum(image.defective for image in chosen)) == expected
    assert len({image.id for image in chosen}) == 8


def test_int8_that_keeps_the_order_of_scores_is_accepted_with_its_figures() -> None:
    exact, rough = Listed([0.1, 0.2, 0.6, 0.9]), Listed([0.1, 0.3, 0.4, 0.9])
    check = finish(check_int8(exact, rough, spots(2, 2, masks=0), detector(), CancelToken()))
    assert (check.ap_fp32, check.ap_int8) == (1.0, 1.0)
    assert (check.images, check.defective, check.called_otherwise) == (4, 2, 1)
    assert check.largest_score_change == pytest.approx(0.2)


def test_int8_that_loses_more_than_half_a_point_is_refused() -> None:
    exact, rough = Listed([0.1, 0.2, 0.6, 0.9]), Listed([0.1, 0.7, 0.6, 0.9])
    with pytest.raises(DefectStudioError, match=r"int8 costs 16\.7 points of AP on 4 held-out images"):
        finish(check_int8(exact, rough, spots(2, 2, masks=0), detector(), CancelToken()))


def test_int8_is_not_accepted_unchecked() -> None:
    with pytest.raises(DefectStudioError, match="cannot be checked"):
        finish(check_int8(Listed([]), Listed([]), spots(5, 1, masks=0), detector(), CancelToken()))
