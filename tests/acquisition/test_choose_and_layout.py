"""The whole choice of a queue, the map, and the tests of significance, on hand-worked and generated numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defectstudio.acquisition.choose import Pool, choose
from defectstudio.acquisition.layout import _on_grid as on_grid
from defectstudio.acquisition.layout import _pair_by_pair as pair_by_pair
from defectstudio.acquisition.layout import pca, tsne, unit_square
from defectstudio.acquisition.pick import diverse, first_of_classes, nearest_known, once_per_group
from defectstudio.acquisition.scores import STRATEGIES
from defectstudio.acquisition.significance import holm, name_of_test, paired_p
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish


def chosen(pool: Pool, strategy: str = "least-confidence", count: int = 9, **how: object) -> list[int]:
    return choose(pool, strategy, count, np.random.default_rng(0), **how).order.tolist()  # type: ignore[arg-type]


POOL = Pool(np.array([0.9, 0.1, 0.2, 0.3]), groups=["a", "b", "b", ""], classes=["x", "x", "y", ""])


def test_a_choice_is_score_then_each_part_once_then_classes() -> None:
    assert chosen(POOL, once=False) == [1, 2, 3, 0]
    assert chosen(POOL) == [1, 3, 0, 2]  # 2 shows the part of 1
    assert chosen(POOL, each_class=1) == [1, 2, 3, 0]  # the first of x, the first of y
    assert choose(POOL, "margin", 4, np.random.default_rng(0), each_class=1).ahead == {0, 2}


def test_ours_spreads_its_first_images_over_looks_and_leaves_the_rest_by_score() -> None:
    looks = np.array([[1, 0], [1, 0], [0, 1], [-1, 0]], np.float32)
    pool = Pool(POOL.p_defect, ["", "", "", ""], ["", "", "", ""], embeddings=looks, known=looks[:1])
    # 1 is doubted most but looks like what is segmented, as 0 does; ranks 3/4 and 2/4 times 1.41 and 2: 2, then 3.
    assert chosen(pool, "ours", 2) == [2, 3, 1, 0]
    assert chosen(pool, "ours", 0) == [1, 2, 3, 0]
    found = choose(pool, "ours", 2, np.random.default_rng(0))
    assert found.novelty is not None
    assert found.novelty.argmax() == 3


def test_ours_asks_for_other_parts_than_those_that_are_segmented() -> None:
    looks = np.eye(4, dtype=np.float32)
    pool = Pool(POOL.p_defect, POOL.groups, POOL.classes, embeddings=looks, known_groups=frozenset("b"))
    assert chosen(pool, "ours", 2)[:2] == [3, 0]
    everything = Pool(POOL.p_defect, ["b"] * 4, POOL.classes, embeddings=looks, known_groups=frozenset("b"))
    assert chosen(everything, "ours", 1) == [1, 2, 3, 0]


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.integers(0, 2)), max_size=12),
    st.sampled_from(STRATEGIES),
    st.integers(0, 14),
    st.integers(0, 3),
    st.booleans(),
)
def test_every_choice_orders_the_whole_pool(
    rows: list[tuple[float, int, int]], strategy: str, count: int, each: int, once: bool
) -> None:
    p = np.array([row[0] for row in rows])
    looks = np.random.default_rng(0).normal(size=(len(rows), 3)).astype(np.float32)
    names = ["", "a", "b", "c"]
    pool = Pool(p, [names[row[1]] for row in rows], [names[row[2]] for row in rows], embeddings=looks)
    assert sorted(chosen(pool, strategy, count, each_class=each, once=once)) == list(range(len(rows)))


def test_images_of_no_known_class_are_of_none() -> None:
    assert first_of_classes(np.array([3, 2, 1, 0]), ["x", "", "", "x"], 1).tolist() == [3]
    with pytest.raises(DefectStudioError, match="negative"):
        first_of_classes(np.array([0]), ["x"], -1)


def test_a_part_that_is_segmented_already_has_had_its_turn() -> None:
    assert once_per_group(np.array([0, 1, 2]), ["a", "b", ""], known=["a", ""]).tolist() == [1, 2, 0]


def test_distances_to_known_points_are_the_same_in_blocks_and_one_by_one() -> None:
    rng = np.random.default_rng(0)
    here, known = (rng.normal(size=(n, 5)).astype(np.float32) for n in (40, 300))
    plain = np.sqrt(((here[:, None] - known) ** 2).sum(-1)).min(1)
    assert nearest_known(here, known) == pytest.approx(plain, abs=1e-3)
    assert np.isinf(nearest_known(here, None)).all()
    assert diverse(np.zeros(40), here, 3, known=here).tolist() == [39, 38, 37]  # nothing is new: by score alone


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(1, 30), st.integers(0, 3), st.integers(0, 5))
def test_the_lazy_pick_is_the_greedy_one(n: int, count: int, known: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    here = rng.normal(size=(n, 3)).astype(np.float32)
    scores, there = rng.random(n), rng.normal(size=(known, 3)).astype(np.float32)
    rank = np.empty(n)
    rank[np.argsort(scores)] = np.arange(1, n + 1) / n
    greedy: list[int] = []
    for _ in range(min(count, n)):
        seen = np.concatenate([there, here[greedy]])
        gap = np.linalg.norm(here[:, None] - seen, axis=-1).min(1) if len(seen) else np.ones(n)
        greedy.append(int(np.argmax(np.where(np.isin(np.arange(n), greedy), -1, rank * gap))))
    assert diverse(scores, here, count, known=there).tolist() == greedy


def test_pca_finds_the_axes_that_spread_most() -> None:
    line = np.array([[0, 0, 1], [2, 0, 1], [4, 0.1, 1], [6, 0, 1]], np.float32)
    found = pca(line)
    assert np.abs(found[:, 0]) == pytest.approx([3, 1, 1, 3], abs=0.05)
    assert np.array_equal(found, pca(line.copy()))
    assert pca(np.ones((3, 1), np.float32)).tolist() == [[0, 0]] * 3
    square = unit_square(np.array([[0.0, 0.0], [4.0, 1.0]]))
    assert square.tolist() == [[0, 0.375], [1, 0.625]]


def test_tsne_keeps_clusters_apart_and_together() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 10)) * 8
    group = np.repeat([0, 1, 2], 30)
    xy = finish(tsne((centres[group] + rng.normal(size=(90, 10))).astype(np.float32), CancelToken(), perplexity=10))
    gap = np.linalg.norm(xy[:, None] - xy, axis=-1)
    np.fill_diagonal(gap, np.inf)
    nearest = np.argsort(gap, axis=1)[:, :5]
    assert (group[nearest] == group[:, None]).mean() > 0.97


def test_the_repulsion_on_the_grid_is_that_of_every_pair() -> None:
    alone = pair_by_pair(np.array([[0.0, 0.0], [1.0, 0.0]]))
    assert alone.tolist() == [[-0.25, 0], [0.25, 0]]  # each -1 x 1/4, over the two pairs' 1/2 + 1/2
    y = np.random.default_rng(0).normal(size=(200, 2)) * 10
    exact = pair_by_pair(y)
    assert np.abs(on_grid(y) - exact).max() < 0.06 * np.abs(exact).max()


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 8))
def test_small_sets_are_laid_out_too(count: int) -> None:
    vectors = np.random.default_rng(count).normal(size=(count, 4)).astype(np.float32)
    assert np.isfinite(finish(tsne(vectors, CancelToken(), steps=20))).all()


def test_a_map_can_be_cancelled() -> None:
    token = CancelToken()
    job = tsne(np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32), token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        list(job)


def test_paired_tests_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, deviation 1, t = 2 / (1 / sqrt(3)) = 3.46 with 2 degrees of freedom: p = 0.0742.
    assert paired_p([2, 4, 6], [1, 2, 3]) == pytest.approx(0.0742, abs=1e-4)
    # Six differences of one sign: 2 of the 64 ways to give signs are as extreme.
    assert paired_p([1, 2, 3, 4, 5, 6], [0] * 6) == pytest.approx(2 / 64)
    assert paired_p([1, 2], [1, 2]) == 1
    assert math.isnan(paired_p([1], [0]))
    assert (name_of_test(5), name_of_test(6)) == ("paired t", "Wilcoxon signed-rank")


def test_holm_raises_each_p_by_how_many_tests_are_left() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    corrected = holm([0.02, math.nan])
    assert corrected[0] == 0.02
    assert math.isnan(corrected[1])
