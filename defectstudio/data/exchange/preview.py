"""What an import would bring in, counted and checked before anything is written.

Every image is decoded and every mask held against its image, so that what is damaged, of another size, copied,
contradictory or split across a group is known beforehand.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from pydantic import BaseModel

from defectstudio.data.exchange.duplicates import find_duplicates, pairs_across, with_joined_groups, without_copies
from defectstudio.data.exchange.plan import Finding, ImportItem, ImportPlan
from defectstudio.data.pixels import inspect, read_pixels
from defectstudio.data.splits import cut_groups
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, Job, Progress

_SHOWN = 3


class FindingRow(BaseModel):
    """A `Finding` in a form that can be written as JSON."""

    severity: str
    kind: str
    text: str
    paths: list[str]


class Preview(BaseModel):
    """Figures and findings of one plan. Names are those of the plan's items.

    `counts` is {split: {verdict: images}}, `classes` the images that show each class, `with_mask` those with a drawn
    defect, `left_out` those with an error, `duplicates` sets of byte-identical images, `duplicates_across` those of
    them that stand in different splits or groups, `cut_groups` groups that stand in several splits.
    """

    format: str
    source: str
    images: int
    counts: dict[str, dict[str, int]]
    classes: dict[str, int]
    groups: int
    with_mask: int
    left_out: list[str]
    duplicates: list[list[str]]
    duplicates_across: list[list[str]]
    cut_groups: list[str]
    segmented: dict[str, dict[str, int]]
    findings: list[FindingRow]


@dataclass(slots=True)
class _Checks:
    """What looking at the images themselves brought up."""

    errors: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    drawn: dict[str, str] = field(default_factory=dict)
    """A digest of the label map of each image with a drawn defect."""
    turned: list[str] = field(default_factory=list)
    paged: list[str] = field(default_factory=list)
    drawn_good: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def preview(plan: ImportPlan, token: CancelToken, *, decode: bool = True) -> Job[Preview]:
    """Look at every file of the plan. Without `decode` only headers are read, and damage inside goes unseen."""
    duplicates = yield from find_duplicates(plan.items, token)
    checks = _Checks()
    for done, item in enumerate(plan.items):
        token.check()
        yield Progress(done, len(plan.items), f"Looking at {item.name}")
        _check(item, checks, decode)
    yield Progress(len(plan.items), len(plan.items), "Looked at all images")
    return _summary(plan, duplicates, checks)


def drop_duplicates(plan: ImportPlan, found: Preview) -> ImportPlan:
    """The plan with one image of each set of copies: the first that is labelled, else the first."""
    return without_copies(plan, found.duplicates)


def keep_duplicates_together(plan: ImportPlan, found: Preview) -> ImportPlan:
    """The plan with the groups that share a copied image joined, each in the split of its first image."""
    return with_joined_groups(plan, found.duplicates)


def _check(item: ImportItem, checks: _Checks, decode: bool) -> None:
    try:
        info = inspect(item.path)
        if decode:
            read_pixels(item.path)
        drawn = item.read_map((info.height, info.width)) if item.read_map else None
    except DefectStudioError as error:
        checks.errors.append(Finding("error", str(error), (item.name,), "unreadable"))
        checks.left_out.append(item.name)
        return
    if info.orientation != 1:
        checks.turned.append(item.name)
    if info.pages > 1:
        checks.paged.append(item.name)
    if drawn is not None:
        checks.drawn[item.name] = hashlib.sha256(np.ascontiguousarray(drawn).tobytes()).hexdigest()
    if drawn is not None and item.verdict is Verdict.GOOD:
        checks.drawn_good.append(item.name)
    if drawn is None and item.masks and item.verdict is Verdict.DEFECTIVE:
        checks.empty.append(item.name)


def _summary(plan: ImportPlan, duplicates: list[list[ImportItem]], checks: _Checks) -> Preview:
    out = set(checks.left_out)
    items = [item for item in plan.items if item.name not in out]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        counts[item.split][item.verdict.value] += 1
    shown = Counter(name for item in items for name in item.classes)
    across = [copies for copies in duplicates if any(pairs_across(copies))]
    cut = cut_groups([item.group for item in items], [item.split for item in items])
    findings = [*plan.findings, *checks.errors, *_notes(plan, checks), *_about_copies(duplicates, across, checks)]
    if cut:
        text = f"Groups stand in several splits ({len(cut)}): {_some(cut)}. Split by group before training."
        findings.append(Finding("warning", text, tuple(cut), "cut group"))
    return Preview(
        format=plan.format,
        source=str(plan.source),
        images=len(items),
        counts={split: dict(sorted(counts[split].items())) for split in sorted(counts)},
        classes={name: shown[name] for name in plan.classes},
        groups=len({item.group or f"image {item.name}" for item in items}),
        with_mask=len(checks.drawn),
        left_out=checks.left_out,
        duplicates=[[item.name for item in copies] for copies in duplicates],
        duplicates_across=[[item.name for item in copies] for copies in across],
        cut_groups=cut,
        segmented={stem: {part: len(names) for part, names in parts.items()} for stem, parts in plan.segmented.items()},
        findings=[
            FindingRow(severity=one.severity, kind=one.kind, text=one.text, paths=list(one.paths)) for one in findings
        ],
    )


def _notes(plan: ImportPlan, checks: _Checks) -> list[Finding]:
    """One finding a kind; a contradiction that the reader has named already is not named twice."""
    named = {path.rsplit(".", 1)[0] for one in plan.findings if one.kind == "contradiction" for path in one.paths}
    return [
        Finding(severity, f"{text} ({len(names)}): {_some(names)}.", tuple(names), kind)
        for severity, kind, names, text in (
            ("warning", "orientation", checks.turned, "Images carry a turned-camera mark, which is not applied"),
            ("warning", "pages", checks.paged, "Files hold several pages, of which the first is read"),
            ("warning", "contradiction", _new(checks.drawn_good, named), "Images called good have a defect drawn"),
            ("warning", "contradiction", _new(checks.empty, named), "Images called defective have an empty mask"),
        )
        if names
    ]


def _about_copies(duplicates: list[list[ImportItem]], across: list[list[ImportItem]], checks: _Checks) -> list[Finding]:
    differing = [copies for copies in duplicates if len({_said(item, checks) for item in copies}) > 1]
    return [
        Finding(severity, f"{text} ({len(sets)}): {_some([_pair(copies) for copies in sets])}.{hint}", _all(sets), kind)
        for severity, kind, sets, text, hint in (
            ("note", "duplicate", duplicates, "Images are byte-identical", ""),
            (
                "warning",
                "duplicate across",
                across,
                "Byte-identical images stand in different splits or groups",
                " Keep them together, or drop the later copies.",
            ),
            ("warning", "contradiction", differing, "Byte-identical images differ in tag or mask", ""),
        )
        if sets
    ]


def _said(item: ImportItem, checks: _Checks) -> tuple[str, tuple[str, ...], str]:
    return item.verdict.value, item.classes, checks.drawn.get(item.name, "")


def _pair(copies: Sequence[ImportItem]) -> str:
    return " = ".join(item.name for item in copies[:_SHOWN]) + (" = ..." if len(copies) > _SHOWN else "")


def _all(sets: list[list[ImportItem]]) -> tuple[str, ...]:
    return tuple(item.name for copies in sets for item in copies)


def _new(names: list[str], named: set[str]) -> list[str]:
    return [name for name in names if name not in named]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
