"""Where the regions of a label map came from: the newest edit that gave a region's first pixel its value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from defectstudio.data.journal import Journal
from defectstudio.domain.events import Painted
from defectstudio.domain.labels import ImageId, Origin, values_at
from defectstudio.sessions.painting.regions import Region

Pixel = tuple[int, int]


class Origins:
    """Looks origins up in the journal and remembers them, so that after a stroke only new edits are read."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[ImageId, tuple[int, dict[Pixel, Origin]]] = {}

    def of(self, image: ImageId, regions: Sequence[Region]) -> list[Region]:
        """The regions with their origins; one that no edit explains keeps None."""
        seen, known = self._known.get(image, (0, {}))
        seeds = {region.seed for region in regions}
        newest = self._journal.last_event
        found = _newest_origins(self._journal, image, seeds, after=seen)
        found |= {seed: known[seed] for seed in seeds - found.keys() if seed in known}
        found |= _newest_origins(self._journal, image, seeds - found.keys(), after=0)
        self._known[image] = (newest, found)
        return [replace(region, origin=found.get(region.seed)) for region in regions]


def _newest_origins(journal: Journal, image: ImageId, seeds: Iterable[Pixel], *, after: int) -> dict[Pixel, Origin]:
    left = set(seeds)
    found: dict[Pixel, Origin] = {}
    if not left:
        return found
    for event in journal.painted(image, after=after):
        for seed in _changed(event, left):
            found[seed] = event.origin
            left.remove(seed)
        if not left:
            break
    return found


def _changed(event: Painted, seeds: Iterable[Pixel]) -> list[Pixel]:
    """The pixels among `seeds` to which an edit gave another value."""
    box = event.box
    inside = [(r, c) for r, c in seeds if box.top <= r < box.bottom and box.left <= c < box.right]
    if not inside:
        return []
    rows, columns = (np.array(part, np.int64) for part in zip(*inside, strict=True))
    rows, columns = rows - box.top, columns - box.left
    changed = values_at(event.before, rows, columns) != values_at(event.after, rows, columns)
    return [seed for seed, new in zip(inside, changed, strict=True) if new]
