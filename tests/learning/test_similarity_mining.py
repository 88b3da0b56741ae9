"""Mining and the triplet loss: worked by hand, and against brute force over all triplets."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from defectstudio.learning.losses.triplet import distance, triplet_loss
from defectstudio.learning.mining import Negatives, mine


def on_a_line(*places: float) -> Tensor:
    return torch.tensor(places)[:, None]


def mined(
    embeddings: Tensor, labels: list[int], margin: float, negatives: Negatives = "semi-hard"
) -> list[tuple[int, ...]]:
    found = mine(embeddings, torch.tensor(labels), margin, negatives)
    return list(zip(found.anchors.tolist(), found.positives.tolist(), found.negatives.tolist(), strict=True))


def brute(embeddings: Tensor, labels: list[int], margin: float, negatives: Negatives) -> list[tuple[int, ...]]:
    """The rule of `mine`, anchor by anchor, from distances taken one by one."""
    points = embeddings.double()
    found = []
    for a in range(len(labels)):
        gap = [float((points[a] - point).square().sum()) for point in points]
        alike = [n for n in range(len(labels)) if labels[n] == labels[a] and n != a]
        others = [n for n in range(len(labels)) if labels[n] != labels[a]]
        if not alike or not others:
            continue
        p = max(alike, key=lambda n: (gap[n], -n))
        between = [n for n in others if gap[p] < gap[n] < gap[p] + margin]
        n = min(between if between and negatives == "semi-hard" else others, key=lambda n: (gap[n], n))
        if gap[n] < gap[p] + margin:
            found.append((a, p, n))
    return found


def test_the_negative_is_the_nearest_beyond_the_farthest_positive_where_it_is_within_the_margin() -> None:
    # From 0: positive at 2 (squared 4); negatives at 1 (hard), 2.1 (4.41), 2.2 (4.84), 9 (easy).
    line, labels = on_a_line(0, 2, 1, 2.1, 2.2, 9), [0, 0, 1, 1, 1, 1]
    assert mined(line, labels, margin=1.0)[0] == (0, 1, 3)
    assert mined(line, labels, margin=1.0, negatives="hardest")[0] == (0, 1, 2)


def test_without_a_semi_hard_negative_the_hardest_is_taken() -> None:
    assert mined(on_a_line(0, 2, 1, 9), [0, 0, 1, 1], margin=1.0)[0] == (0, 1, 2)


def test_easy_triplets_are_skipped() -> None:
    assert mined(on_a_line(0, 0.1, 9, 9.1), [0, 0, 1, 1], margin=1.0) == []


def test_an_anchor_without_a_positive_or_a_negative_is_skipped() -> None:
    assert mined(on_a_line(0, 1, 2), [0, 1, 1], margin=100.0) == [(1, 2, 0), (2, 1, 0)]
    assert mined(on_a_line(0, 1, 2), [1, 1, 1], margin=100.0) == []


def test_patches_that_look_exactly_alike_are_mined_without_harm() -> None:
    assert mined(torch.zeros(4, 3), [0, 0, 1, 1], margin=0.2) == [(0, 1, 2), (1, 0, 2), (2, 3, 0), (3, 2, 0)]


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(2, 40),
    kinds=st.integers(1, 4),
    margin=st.sampled_from([0.05, 0.5, 5.0]),
    negatives=st.sampled_from(["semi-hard", "hardest"]),
)
@settings(max_examples=60, deadline=None)
def test_mining_equals_brute_force(seed: int, count: int, kinds: int, margin: float, negatives: Negatives) -> None:
    drawn = torch.Generator().manual_seed(seed)
    embeddings = torch.randn(count, 5, generator=drawn)
    labels = torch.randint(0, kinds, (count,), generator=drawn).tolist()
    assert mined(embeddings, labels, margin, negatives) == brute(embeddings, labels, margin, negatives)


def test_the_loss_of_two_triplets_by_hand() -> None:
    anchors = torch.tensor([[0.0, 0.0], [0.0, 0.0]])
    positives = torch.tensor([[3.0, 4.0], [1.0, 0.0]])
    negatives = torch.tensor([[0.0, 4.0], [0.0, 9.0]])
    # 5 - 4 + 0.5 = 1.5, and 1 - 9 + 0.5 < 0: the mean of 1.5 and 0.
    assert float(triplet_loss(anchors, positives, negatives, 0.5)) == pytest.approx(0.75, abs=1e-5)


def test_without_triplets_the_loss_is_nothing_and_still_has_a_gradient() -> None:
    embeddings = torch.randn(3, 4, requires_grad=True)
    loss = triplet_loss(embeddings[:0], embeddings[:0], embeddings[:0], 0.2)
    loss.backward()
    assert float(loss.detach()) == 0
    assert embeddings.grad is not None
    assert not embeddings.grad.any()


def test_the_gradient_at_a_distance_of_zero_is_a_number() -> None:
    one = torch.ones(2, 3, requires_grad=True)
    distance(one, torch.ones(2, 3)).sum().backward()
    assert one.grad is not None
    assert torch.isfinite(one.grad).all()


def test_descending_the_loss_pulls_positives_nearer_than_negatives() -> None:
    points = torch.tensor([[0.0], [1.0], [0.5], [1.5]], requires_grad=True)
    labels = torch.tensor([0, 0, 1, 1])
    optimizer = torch.optim.SGD([points], 0.05)
    for _ in range(100):
        found = mine(points.detach(), labels, 0.3, "hardest")
        optimizer.zero_grad()
        triplet_loss(*(points[n] for n in (found.anchors, found.positives, found.negatives)), 0.3).backward()
        optimizer.step()
    assert list(itertools.chain(mined(points.detach(), labels.tolist(), 0.05))) == []
