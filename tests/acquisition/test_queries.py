"""Panels of patches: what is hardest by brute force, and what no panel may hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from defectstudio.acquisition.queries import (
    ChosenPanel,
    PatchTable,
    choose_anchor,
    choose_panel,
    entropy,
    hardest,
    overlapping,
)
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNKNOWN


def table(seed: int, count: int, *, images: int = 4, side: int = 200, dims: int = 6, scale: float = 1.0) -> PatchTable:
    rng = np.random.default_rng(seed)
    return PatchTable(
        image=rng.integers(1, images + 1, count),
        row=rng.integers(0, side, count),
        column=rng.integers(0, side, count),
        labels=rng.choice(np.array([0, 1, 2, UNKNOWN], np.uint8), count, p=[0.4, 0.3, 0.2, 0.1]),
        p_defect=rng.random(count).astype(np.float32),
        embedding=(scale * rng.normal(size=(count, dims))).astype(np.float32),
    )


def brute(embeddings: NDArray[np.float32], anchor: int, among: NDArray[np.bool_], *, farthest: bool) -> list[int]:
    gaps = [float(np.sqrt(((e.astype(float) - embeddings[anchor].astype(float)) ** 2).sum())) for e in embeddings]
    sign = -1 if farthest else 1
    return sorted(np.flatnonzero(among).tolist(), key=lambda n: (sign * gaps[n], n))


def test_hardest_in_a_plane_worked_by_hand() -> None:
    #                     anchor   positives: 1, 5, 3   negatives: 2, 4
    points = np.array([[0, 0], [1, 0], [0, 2], [3, 4], [6, 8], [0, 3]], np.float32)
    positive = np.array([False, True, False, True, False, True])
    (far, far_gaps), (near, near_gaps) = hardest(
        points, points[0], positive=positive, negative=np.array([False, False, True, False, True, False]), count=2
    )
    assert far.tolist() == [3, 5]
    assert far_gaps.tolist() == [5.0, 3.0]
    assert near.tolist() == [2, 4]
    assert near_gaps.tolist() == [2.0, 10.0]


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(2, 300),
    wanted=st.integers(1, 8),
    scale=st.sampled_from([1e-3, 1, 1e3]),
)
@settings(max_examples=40, deadline=None)
def test_hardest_equals_brute_force(seed: int, count: int, wanted: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    # Far from the origin, where a difference of squares has lost the digits that tell points apart.
    embeddings = (scale * (rng.normal(size=(count, 5)) + 50)).astype(np.float32)
    embeddings[count // 2] = embeddings[0]
    positive = rng.random(count) < 0.5
    positive[0] = False
    negative = ~positive
    negative[0] = False
    (far, _), (near, gaps) = hardest(embeddings, embeddings[0], positive=positive, negative=negative, count=wanted)
    assert far.tolist() == brute(embeddings, 0, positive, farthest=True)[:wanted]
    assert near.tolist() == brute(embeddings, 0, negative, farthest=False)[:wanted]
    assert (np.diff(gaps) >= 0).all()


def gap_in_pixels(patches: PatchTable, one: int, other: int) -> int:
    return int(max(abs(patches.row[one] - patches.row[other]), abs(patches.column[one] - patches.column[other])))


def check(patches: PatchTable, panel: ChosenPanel, used: NDArray[np.bool_], apart: int) -> None:
    positions = panel.positions()
    label = patches.labels[panel.anchor]
    assert len(set(positions)) == len(positions)
    assert label != UNKNOWN
    assert not used[positions].any()
    assert (patches.labels[panel.positives] == label).all()
    assert not np.isin(patches.labels[panel.negatives], [label, UNKNOWN]).any()
    assert (np.diff(panel.positive_distances) <= 0).all()
    assert (np.diff(panel.negative_distances) >= 0).all()
    for n, one in enumerate(positions):
        for other in positions[:n]:
            assert patches.image[one] != patches.image[other] or gap_in_pixels(patches, one, other) >= apart


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 400),
    images=st.integers(1, 6),
    apart=st.integers(1, 60),
    way=st.sampled_from(["random", "entropy", "unsure"]),
)
@settings(max_examples=60, deadline=None)
def test_no_panel_repeats_overlaps_or_asks_of_what_is_used_or_unknown(
    seed: int, count: int, images: int, apart: int, way: str
) -> None:
    patches, rng = table(seed, count, images=images), np.random.default_rng(seed)
    used = rng.random(count) < 0.3
    panel = choose_panel(patches, rng, anchor=way, used=used, apart=apart)  # type: ignore[arg-type]
    if panel is None:
        assert not ((patches.labels != UNKNOWN) & ~used).any()
    else:
        check(patches, panel, used, apart)


@given(seed=st.integers(0, 10_000), count=st.integers(30, 300))
@settings(max_examples=30, deadline=None)
def test_without_rules_a_panel_holds_the_hardest_patches(seed: int, count: int) -> None:
    patches = table(seed, count, side=10_000)
    panel = choose_panel(patches, np.random.default_rng(seed), apart=1, alike=0, per_image=5)
    assert panel is not None
    same = patches.labels == patches.labels[panel.anchor]
    others = ~same & (patches.labels != UNKNOWN)
    same[panel.anchor] = False
    assert panel.positives.tolist() == brute(patches.embedding, panel.anchor, same, farthest=True)[:5]
    assert panel.negatives.tolist() == brute(patches.embedding, panel.anchor, others, farthest=False)[:5]


def test_candidates_come_from_several_images_where_there_are_several() -> None:
    patches = table(3, 2000, images=8, side=5000)
    panel = choose_panel(patches, np.random.default_rng(0), per_image=2)
    assert panel is not None
    for kind in (panel.positives, panel.negatives):
        assert kind.size == 5
        assert np.unique(patches.image[kind], return_counts=True)[1].max() <= 2


def test_one_image_alone_still_fills_a_panel() -> None:
    patches = table(4, 2000, images=1, side=5000)
    panel = choose_panel(patches, np.random.default_rng(0))
    assert panel is not None
    assert panel.positives.size == panel.negatives.size == 5


def test_patches_that_look_the_same_are_asked_once() -> None:
    base = table(5, 8, images=8, side=5000)
    times = 50
    rng = np.random.default_rng(1)
    patches = PatchTable(
        image=rng.integers(1, 400, 8 * times),
        row=rng.integers(0, 5000, 8 * times),
        column=rng.integers(0, 5000, 8 * times),
        labels=np.tile(np.array([0, 0, 0, 0, 1, 1, 1, 1], np.uint8), times),
        p_defect=np.tile(base.p_defect, times),
        embedding=np.tile(base.embedding, (times, 1)),
    )
    panel = choose_panel(patches, rng)
    assert panel is not None
    for kind in (panel.positives, panel.negatives):
        assert len({tuple(patches.embedding[n].tolist()) for n in kind}) == kind.size == 4


def test_the_anchor_of_highest_entropy_is_the_one_nearest_to_a_half_of_all_or_of_its_label() -> None:
    patches = table(6, 200)
    free = patches.labels != UNKNOWN
    free[:50] = False
    asked, every = set(), np.flatnonzero(free)
    first = choose_anchor(patches, free, np.random.default_rng(0), "entropy")
    assert first == every[np.argmin(np.abs(patches.p_defect[every] - 0.5))]
    for seed in range(20):
        chosen = choose_anchor(patches, free, np.random.default_rng(seed), "unsure")
        assert chosen is not None
        places = np.flatnonzero(free & (patches.labels == patches.labels[chosen]))
        assert chosen == places[np.argmin(np.abs(patches.p_defect[places] - 0.5))]
        asked.add(int(patches.labels[chosen]))
    assert asked == set(np.unique(patches.labels[free]).tolist())
    np.testing.assert_allclose(entropy(np.array([0.0, 0.5, 1.0])), [0, np.log(2), 0], atol=1e-9)


def test_random_anchors_are_uniform_over_labels_not_over_patches() -> None:
    patches = table(7, 1000)
    rare = np.where(np.arange(1000) < 20, 1, 0).astype(np.uint8)
    patches = PatchTable(patches.image, patches.row, patches.column, rare, patches.p_defect, patches.embedding)
    rng = np.random.default_rng(2)
    labels = [int(rare[choose_anchor(patches, rare < 2, rng, "random") or 0]) for _ in range(300)]
    assert 110 < sum(labels) < 190


def test_overlapping_marks_centres_closer_than_asked_in_the_same_image() -> None:
    places = np.array([[1, 10, 10], [1, 10, 25], [1, 26, 10], [2, 10, 10]])
    patches = table(8, 4)
    patches = PatchTable(*places.T, patches.labels, patches.p_defect, patches.embedding)
    assert overlapping(patches, [(1, 10, 10)], 16).tolist() == [True, True, False, False]
    assert overlapping(patches, [(1, 10, 10)], 1).tolist() == [True, False, False, False]
    assert overlapping(patches, [(1, 25, 10), (2, 0, 0)], 11).tolist() == [False, False, True, True]


def test_the_same_seed_gives_the_same_panel_and_an_unknown_way_is_refused() -> None:
    patches = table(9, 500)
    one, other = (choose_panel(patches, np.random.default_rng(5)) for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.positions() == other.positions()
    with pytest.raises(DefectStudioError, match="entropy"):
        choose_panel(patches, np.random.default_rng(0), anchor="best")  # type: ignore[arg-type]
