"""Splits and folds: never a group in two parts, classes spread, seeded, and a way out when it cannot be done."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.data.splits import cut_groups, make_folds, make_splits
from defectstudio.domain.errors import DefectStudioError

IMAGES = st.lists(st.tuples(st.sampled_from(["", "a", "b", "c", "d", "e"]), st.sampled_from("xyz")), min_size=8)


def _groups_in_several(groups: list[str], parts: list[object]) -> list[str]:
    return [g for g in set(groups) - {""} if len({p for h, p in zip(groups, parts, strict=True) if h == g}) > 1]


@given(IMAGES, st.integers(2, 5), st.integers(0, 99))
def test_folds_never_cut_a_group_and_none_is_empty(images: list[tuple[str, str]], k: int, seed: int) -> None:
    groups, labels = [g for g, _ in images], [c for _, c in images]
    if len(set(groups) - {""}) + groups.count("") < k:
        with pytest.raises(DefectStudioError, match="too few"):
            make_folds(groups, labels, k, seed)
        return
    folds = make_folds(groups, labels, k, seed)
    assert _groups_in_several(groups, list(folds)) == []
    assert set(folds.tolist()) == set(range(k))


@given(IMAGES, st.integers(0, 99))
def test_splits_never_cut_a_group(images: list[tuple[str, str]], seed: int) -> None:
    groups, labels = [g for g, _ in images] + ["f", "g", "h"], [c for _, c in images] + ["x", "y", "z"]
    splits = make_splits(groups, labels, {"train": 0.6, "val": 0.1, "test": 0.3}, seed)
    assert _groups_in_several(groups, list(splits)) == []
    assert set(splits) == {"train", "val", "test"}


def test_the_same_seed_gives_the_same_folds_and_another_seed_others() -> None:
    groups, labels = [f"g{i // 3}" for i in range(90)], [i % 7 == 0 for i in range(90)]
    first = make_folds(groups, labels, 3, 5)
    assert np.array_equal(first, make_folds(groups, labels, 3, 5))
    assert not np.array_equal(first, make_folds(groups, labels, 3, 6))


def test_a_rare_class_is_spread_over_all_folds() -> None:
    labels = ["rare"] * 9 + ["common"] * 291
    folds = make_folds([""] * 300, labels, 3, 0)
    assert Counter(zip(labels, folds.tolist(), strict=True)) == Counter(
        {(label, fold): count for label, count in (("rare", 3), ("common", 97)) for fold in range(3)}
    )


def test_uneven_groups_still_give_balanced_halves() -> None:
    rng = np.random.default_rng(1)
    groups = [f"tile {g}" for g in range(200) for _ in range(int(rng.integers(1, 7)))]
    kinds = dict(zip(sorted(set(groups)), rng.choice(["free", "crack", "fray"], 200, p=[0.7, 0.2, 0.1]), strict=True))
    labels = [str(kinds[g]) for g in groups]
    splits = make_splits(groups, labels, {"train": 0.5, "test": 0.5}, 0)
    for kind in ("free", "crack", "fray"):
        inside = sum(s == "train" for s, k in zip(splits, labels, strict=True) if k == kind)
        assert abs(inside / labels.count(kind) - 0.5) < 0.06


def test_fewer_groups_than_folds_is_an_error_with_a_way_out() -> None:
    with pytest.raises(DefectStudioError) as caught:
        make_folds(["a", "a", "b"], [0, 1, 0], 3, 0)
    assert "at most 2 folds" in caught.value.hint


@pytest.mark.parametrize("fractions", [{}, {"train": 0.5}, {"train": 1.5, "test": -0.5}, {"train": 1.0, "test": 0.0}])
def test_fractions_that_do_not_add_up_are_refused(fractions: dict[str, float]) -> None:
    with pytest.raises(DefectStudioError, match="add up"):
        make_splits(["a", "b"], [0, 1], fractions, 0)


def test_one_fold_is_refused() -> None:
    with pytest.raises(DefectStudioError, match="told apart"):
        make_folds(["a", "b"], [0, 1], 1, 0)


def test_groups_in_two_splits_are_named() -> None:
    assert cut_groups(["a", "a", "b", "b", "", ""], ["train", "test", "train", "", "train", "test"]) == ["a"]
