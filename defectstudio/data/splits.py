"""Splits and folds that never cut a group: images of one part, tile or wear series stay on one side.

Groups are dealt greedily, the largest share of a rare class first, each to the part that is furthest below its share
of the group's classes; the order among equals is drawn from the seed. The image count is one more class to balance.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.errors import DefectStudioError


def make_splits(
    groups: Sequence[str], labels: Sequence[Hashable], fractions: Mapping[str, float], seed: int
) -> list[str]:
    """The split of each image, stratified by `labels` (class names, verdicts ...) as far as whole groups allow.

    `fractions` gives each split its share (positive, together 1); an empty group name stands for the image alone. The
    same seed gives the same splits. Raises DefectStudioError for other fractions or fewer groups than splits.
    """
    shares = np.array(list(fractions.values()), np.float64)
    if not shares.size or not bool((shares > 0).all()) or abs(float(shares.sum()) - 1) > 1e-6:
        raise DefectStudioError(
            f"The shares {dict(fractions)} of the splits do not add up to 1.", hint="Give each split a share above 0."
        )
    names = list(fractions)
    return [names[part] for part in _dealt(groups, labels, shares, seed, "splits")]


def make_folds(groups: Sequence[str], labels: Sequence[Hashable], k: int, seed: int) -> NDArray[np.int64]:
    """The fold of each image, 0..k-1, as `make_splits` deals them; no fold is empty.

    Raises DefectStudioError for fewer than two folds or fewer groups than folds.
    """
    if k < 2:
        raise DefectStudioError(f"{k} folds cannot be told apart.", hint="Ask for two folds or more.")
    return _dealt(groups, labels, np.full(k, 1 / k), seed, "folds")


def cut_groups(groups: Sequence[str], splits: Sequence[str]) -> list[str]:
    """Groups whose images stand in more than one split, sorted; images without a group or split do not count."""
    seen: dict[str, set[str]] = {}
    for group, split in zip(groups, splits, strict=True):
        if group and split:
            seen.setdefault(group, set()).add(split)
    return sorted(group for group, names in seen.items() if len(names) > 1)


def _dealt(
    groups: Sequence[str], labels: Sequence[Hashable], shares: NDArray[np.float64], seed: int, what: str
) -> NDArray[np.int64]:
    member, counts = _counts(groups, labels)
    if len(counts) < shares.size:
        raise DefectStudioError(
            f"There are {len(counts)} groups, too few for {shares.size} {what}, because a group is never cut.",
            hint=f"Ask for at most {len(counts)} {what}, or check the groups.",
        )
    return _fill_empty(_deal(counts, shares, np.random.default_rng(seed)), counts, shares.size)[member]


def _counts(groups: Sequence[str], labels: Sequence[Hashable]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The group number of each image, and (groups, classes + 1): each group's share of each class and of all images."""
    if len(groups) != len(labels):
        raise ValueError(f"{len(groups)} groups but {len(labels)} labels")
    numbers: dict[Hashable, int] = {}
    member = [numbers.setdefault(group or (at,), len(numbers)) for at, group in enumerate(groups)]
    classes: dict[Hashable, int] = {}
    label = [classes.setdefault(name, len(classes)) for name in labels]
    counts = np.zeros((len(numbers), len(classes) + 1))
    np.add.at(counts, (member, label), 1.0)
    counts[:, -1] = counts.sum(axis=1)
    return np.array(member, np.int64), counts / np.maximum(counts.sum(axis=0), 1)


def _deal(counts: NDArray[np.float64], shares: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """The part of each group: the one whose squared distance from its shares grows least."""
    shuffled = rng.permutation(len(counts))
    order = shuffled[np.argsort(-counts[shuffled].max(axis=1), kind="stable")]
    missing = np.repeat(shares[:, None], counts.shape[1], axis=1)
    part = np.zeros(len(counts), np.int64)
    for group in order:
        growth = (counts[group] * (counts[group] - 2 * missing)).sum(axis=1)
        best = np.flatnonzero(growth <= growth.min() + 1e-12)
        part[group] = rng.choice(best)
        missing[part[group]] -= counts[group]
    return part


def _fill_empty(part: NDArray[np.int64], counts: NDArray[np.float64], parts: int) -> NDArray[np.int64]:
    """Give each part without a group the smallest group of the part that has most groups."""
    for empty in (number for number in range(parts) if not bool((part == number).any())):
        richest = int(np.bincount(part, minlength=parts).argmax())
        candidates = np.flatnonzero(part == richest)
        part[candidates[counts[candidates, -1].argmin()]] = empty
    return part
