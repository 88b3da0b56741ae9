import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import (
    DEFECTIVE,
    GOOD,
    UNLABELLED,
    ImageTag,
    Verdict,
    class_pixels,
    count_values,
    decode_runs,
    effective_map,
    encode_runs,
    is_class,
    is_segmented,
    unknown_map,
    values_at,
)

maps = arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20)), elements=st.sampled_from([0, 1, 2, 255]))


@given(maps)
def test_a_label_map_survives_its_run_length_code(label_map: np.ndarray) -> None:
    assert np.array_equal(decode_runs(encode_runs(label_map)), label_map)


@given(maps, st.data())
def test_a_damaged_code_is_refused_or_harmless_but_never_crashes(label_map: np.ndarray, data: st.DataObject) -> None:
    code = bytearray(encode_runs(label_map))
    code[data.draw(st.integers(0, len(code) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        decoded = decode_runs(bytes(code))
    except DefectStudioError as error:
        assert "check" in error.hint
    else:
        assert decoded.dtype == np.uint8


def test_a_code_that_claims_more_pixels_than_allowed_is_refused() -> None:
    with pytest.raises(DefectStudioError):
        decode_runs(encode_runs(np.zeros((100, 100), np.uint8)), most_pixels=9_999)


def test_a_long_uniform_map_takes_a_few_bytes() -> None:
    assert len(encode_runs(np.zeros((4000, 3000), np.uint8))) < 64


def test_unreviewed_is_never_good() -> None:
    assert (effective_map(UNLABELLED, None, (3, 4)) == 255).all()
    assert (effective_map(DEFECTIVE, None, (3, 4)) == 255).all()
    assert (effective_map(GOOD, None, (3, 4)) == 0).all()


@pytest.mark.parametrize(
    ("tag", "label_map", "expected"),
    [
        (GOOD, None, True),
        (UNLABELLED, np.zeros((2, 2), np.uint8), False),
        (DEFECTIVE, None, False),
        (DEFECTIVE, np.array([[0, 1]], np.uint8), True),
        (DEFECTIVE, np.array([[0, 255]], np.uint8), False),
        (DEFECTIVE, np.zeros((2, 2), np.uint8), False),
        (DEFECTIVE, unknown_map(2, 2), False),
    ],
)
def test_only_a_complete_map_with_a_defect_or_a_good_image_counts_as_segmented(
    tag: ImageTag, label_map: np.ndarray | None, expected: bool
) -> None:
    assert is_segmented(tag, label_map) is expected


def test_a_good_image_cannot_carry_defect_classes() -> None:
    with pytest.raises(DefectStudioError):
        ImageTag(Verdict.GOOD, (1,))


@given(maps)
def test_counts_and_single_values_are_read_from_the_code_without_unfolding_it(label_map: np.ndarray) -> None:
    code = encode_runs(label_map)
    assert count_values(code).tolist() == np.bincount(label_map.ravel(), minlength=256).tolist()
    rows, columns = (part.ravel() for part in np.indices(label_map.shape))
    assert np.array_equal(values_at(code, rows, columns), label_map.ravel())


def test_class_pixels_are_neither_healthy_nor_unknown() -> None:
    assert class_pixels(np.array([[0, 1, 254, 255]], np.uint8)).tolist() == [[False, True, True, False]]
    assert [is_class(value) for value in (0, 1, 254, 255)] == [False, True, True, False]
