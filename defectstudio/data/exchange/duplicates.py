"""Byte-identical images: finding them, and two ways to keep them from standing on both sides of a split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.pixels import sha256_of
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, Job, Progress


def find_duplicates(items: Sequence[ImportItem], token: CancelToken) -> Job[list[list[ImportItem]]]:
    """Sets of two or more images with the same bytes, in the order of the plan. Only files of one size are hashed."""
    by_size: dict[int, list[ImportItem]] = defaultdict(list)
    for item in items:
        by_size[_size(item)].append(item)
    suspects = [item for size, same in by_size.items() if size > 0 and len(same) > 1 for item in same]
    by_hash: dict[str, list[ImportItem]] = defaultdict(list)
    for done, item in enumerate(suspects):
        token.check()
        yield Progress(done, len(suspects), "Comparing files")
        digest = _digest(item)
        if digest:
            by_hash[digest].append(item)
    order = {item.name: at for at, item in enumerate(items)}
    same = [sorted(copies, key=lambda item: order[item.name]) for copies in by_hash.values() if len(copies) > 1]
    return sorted(same, key=lambda copies: order[copies[0].name])


def without_copies(plan: ImportPlan, duplicates: Sequence[Sequence[str]]) -> ImportPlan:
    """The plan with one image of each set of names: the first that is labelled, else the first."""
    verdicts = {item.name: item.verdict for item in plan.items}
    dropped = set()
    for names in duplicates:
        labelled = [name for name in names if verdicts.get(name) is not Verdict.UNLABELLED]
        dropped |= set(names) - {(labelled or list(names))[0]}
    return replace(plan, items=[item for item in plan.items if item.name not in dropped])


def with_joined_groups(plan: ImportPlan, duplicates: Sequence[Sequence[str]]) -> ImportPlan:
    """The plan with the groups of each set of names joined into one, all of it in the split of its first image.

    An image without a group stands for itself, and joins as such.
    """
    leader = _leaders(plan.items, duplicates)
    copied = {name for names in duplicates for name in names}
    size: dict[str, set[str]] = defaultdict(set)
    for item in plan.items:
        size[leader[_group(item)]].add(_group(item))
    first: dict[str, ImportItem] = {}
    joined = []
    for item in plan.items:
        head = leader[_group(item)]
        if len(size[head]) < 2 and item.name not in copied:
            joined.append(item)
            continue
        start = first.setdefault(head, item)
        joined.append(replace(item, group=start.group or f"copies of {start.name}", split=start.split))
    return replace(plan, items=joined)


def _leaders(items: Sequence[ImportItem], duplicates: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """For each group the first of the groups it is joined with, directly or through others."""
    groups = {item.name: _group(item) for item in items}
    parent = {group: group for group in groups.values()}

    def top(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for names in duplicates:
        tops = [top(groups[name]) for name in names if name in groups]
        for other in tops[1:]:
            parent[top(other)] = top(tops[0])
    return {group: top(group) for group in parent}


def _group(item: ImportItem) -> str:
    return f"group {item.group}" if item.group else f"image {item.name}"


def _size(item: ImportItem) -> int:
    try:
        return item.path.stat().st_size
    except OSError:
        # The preview reports the file as unreadable; it is no copy of anything.
        return 0


def _digest(item: ImportItem) -> str:
    try:
        return sha256_of(item.path)
    except OSError:
        return ""


def pairs_across(copies: Sequence[ImportItem]) -> Iterator[str]:
    """What separates the images of one set: "splits", "groups", or both."""
    if len({item.split for item in copies}) > 1:
        yield "splits"
    if len({item.group for item in copies}) > 1:
        yield "groups"
