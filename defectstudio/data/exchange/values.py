"""What the values in a folder's masks mean, decided over all of them together.

- One value besides 0: the masks are two-valued; that value is the defect. The same where some files hold 1 and others
  255, but none both.
- Values up to 64, and perhaps 255: indices. A value is its class and 255 is unknown.
- Anything else: grey masks with smoothed edges; from 128 on is the defect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.masks import indexed, marked, stored_values

MAX_INDEX = 64
GREY_LIMIT = 128


@dataclass(slots=True)
class MaskRule:
    """The rule for one folder. `drawn` has the defect values of each image whose masks hold any."""

    indices: bool = False
    at_least: int = 1
    highest: int = 0
    drawn: dict[Path, frozenset[int]] = field(default_factory=dict)
    unreadable: set[Path] = field(default_factory=set)

    @property
    def table(self) -> bytes:
        return indexed() if self.indices else marked(at_least=self.at_least)


def mask_rule(source: Source, masks: dict[Path, tuple[Path, ...]]) -> MaskRule:
    """Read every mask once, given by image, and settle the rule; images with an unreadable mask are named."""
    rule = MaskRule()
    held: dict[Path, set[int]] = {}
    for image, paths in masks.items():
        values = [stored_values(source, path) for path in paths]
        if any(found is None for found in values):
            rule.unreadable.add(image)
        held[image] = {int(value) for found in values if found is not None for value in np.flatnonzero(found[1:]) + 1}
    _settle(rule, held)
    if rule.at_least > 1:
        source.note("note", f"Masks hold grey values; from {GREY_LIMIT} on they count as defect.", kind="masks")
    if rule.indices:
        source.note("note", f"Masks hold class numbers up to {rule.highest}; 255 is unknown.", kind="masks")
    rule.drawn = {image: marks for image, values in held.items() if (marks := _defects(rule, values))}
    return rule


def _settle(rule: MaskRule, held: dict[Path, set[int]]) -> None:
    used = set().union(*held.values())
    apart = used == {1, 255} and not any(len(values) > 1 for values in held.values())
    if len(used) <= 1 or apart:
        return
    if max(used - {255}) <= MAX_INDEX:
        rule.indices, rule.highest = True, max(used - {255})
    else:
        rule.at_least = GREY_LIMIT


def _defects(rule: MaskRule, values: set[int]) -> frozenset[int]:
    if rule.indices:
        return frozenset(values - {255})
    return frozenset(value for value in values if value >= rule.at_least)
