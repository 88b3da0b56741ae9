"""Agreement by hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.domain.agreement import agreement, cohens_kappa, mask_iou
from defectstudio.domain.errors import DefectStudioError


def test_kappa_of_cohens_own_kind_of_table() -> None:
    # 20 both yes, 5 yes/no, 10 no/yes, 15 both no: p_o = 0.7, p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    one = ["y"] * 25 + ["n"] * 25
    other = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohens_kappa(one, other) == pytest.approx(0.4)
    assert agreement(one, other) == pytest.approx(0.7)


def test_kappa_is_not_defined_where_chance_explains_everything() -> None:
    assert cohens_kappa([], []) is None
    assert cohens_kappa(["good"] * 3, ["good"] * 3) is None
    with pytest.raises(DefectStudioError, match="same things"):
        cohens_kappa(["good"], [])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_kappa_is_symmetric_and_one_only_when_all_is_equal(pairs: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    kappa = cohens_kappa(one, other)
    assert kappa == pytest.approx(cohens_kappa(other, one))
    if kappa is not None:
        assert -1 - 1e-9 <= kappa <= 1
        assert (kappa == pytest.approx(1)) == (one == other)


def test_iou_counts_what_both_know() -> None:
    one = np.array([[1, 1, 0, 255], [2, 0, 0, 0]], np.uint8)
    other = np.array([[1, 0, 1, 1], [1, 0, 0, 255]], np.uint8)
    assert mask_iou(one, other) == pytest.approx(2 / 4)
    assert mask_iou(one, other, 1) == pytest.approx(1 / 4)
    assert mask_iou(one, other, 2) == 0
    assert mask_iou(one * 0, one * 0) is None
    with pytest.raises(DefectStudioError, match="different sizes"):
        mask_iou(one, other[:1])
    with pytest.raises(DefectStudioError, match="no defect class"):
        mask_iou(one, other, 255)
