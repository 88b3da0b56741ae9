import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.acquisition.scores import STRATEGIES, entropy, least_confidence, margin, rank, score
from defectstudio.domain.errors import DefectStudioError

probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_scores_by_hand() -> None:
    p = [0.5, 0.25, 1.0, 0.0]
    assert entropy(p) == pytest.approx([np.log(2), 0.25 * np.log(4) + 0.75 * np.log(4 / 3), 0, 0])
    assert margin(p) == pytest.approx([0, -0.5, -1, -1])
    assert least_confidence(p) == pytest.approx([0.5, 0.75, 0, 1])


@given(probabilities)
def test_entropy_and_margin_rank_alike_for_two_classes(p: list[float]) -> None:
    spread, lead = entropy(p), margin(p)
    for i in range(len(p)):
        for j in range(len(p)):
            if lead[i] > lead[j] + 1e-9:
                assert spread[i] >= spread[j] - 1e-9


@given(probabilities, st.sampled_from(STRATEGIES))
def test_every_strategy_scores_each_image_once_and_ranks_highest_first(p: list[float], strategy: str) -> None:
    scores = score(strategy, p, np.random.default_rng(0))
    order = rank(scores)
    assert sorted(order) == list(range(len(p)))
    assert all(scores[a] >= scores[b] for a, b in itertools.pairwise(order))


def test_random_depends_on_the_seed_alone() -> None:
    first = score("random", [0.1] * 9, np.random.default_rng(3))
    assert np.array_equal(first, score("random", [0.9] * 9, np.random.default_rng(3)))


def test_an_unknown_strategy_or_impossible_probability_is_an_expected_error() -> None:
    with pytest.raises(DefectStudioError, match="least-confidence"):
        score("best", [0.5], np.random.default_rng(0))
    with pytest.raises(DefectStudioError):
        entropy([1.5])
