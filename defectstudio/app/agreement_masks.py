"""Masks of several people in one project: how each left the label map of an image that others drew in too.

People share one label map there, so a version is the map after somebody's last stroke that still counts, with what was
there before. Two versions that differ are contested until somebody confirms the image's label after both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from defectstudio.data.journal import Journal
from defectstudio.data.project import DATABASE
from defectstudio.data.timeline import map_at
from defectstudio.domain.labels import ImageId, LabelMap, Origin, Verdict
from defectstudio.domain.progress import CancelToken
from defectstudio.domain.state import ImageState


@dataclass(frozen=True, slots=True)
class MaskPair:
    """How two people left one image: their names in the order of the alphabet, their maps (height, width), not to be
    written to. `at`: of the later version, Unix seconds; `settled`: somebody confirmed the label after both.
    """

    image: ImageId
    people: tuple[str, str]
    maps: tuple[LabelMap, LabelMap]
    at: float
    settled: bool

    @property
    def by(self) -> str:
        return " and ".join(self.people)


@dataclass(frozen=True, slots=True)
class _Drawn:
    seq: int
    gesture: int
    author: str
    at: float


def mask_pairs(folder: Path, entries: dict[ImageId, ImageState], token: CancelToken) -> Iterator[MaskPair]:
    """Every two people who drew in one image, image by image; those tagged good have no mask.

    Opens the journal of the project in `folder` for itself, so it may run in any thread.
    """
    journal = Journal(folder / DATABASE, readonly=True)
    try:
        drawn, confirmed = _standing(journal, "painted"), _standing(journal, "confirmed")
        for image, steps in sorted(drawn.items()):
            token.check()
            entry = entries.get(image)
            if entry is not None and entry.present and entry.tag.verdict is not Verdict.GOOD:
                thirds = {one.gesture for one in confirmed[image]}
                last = max((one.seq for one in confirmed[image]), default=0)
                own = {one.author: one for one in steps if one.gesture not in thirds}
                yield from _pairs(journal, image, entry.shape, own, last)
    finally:
        journal.close()


def _pairs(
    journal: Journal, image: ImageId, shape: tuple[int, int], own: dict[str, _Drawn], confirmed: int
) -> Iterator[MaskPair]:
    """`own`: the last stroke of each person; `confirmed`: the event that confirmed the label last, 0 none."""
    maps = {name: map_at(journal, image, shape, one.seq) for name, one in own.items()} if len(own) > 1 else {}
    for one, other in combinations(sorted(maps), 2):
        first, second = maps[one], maps[other]
        if first is not None and second is not None:
            later = max(own[one], own[other], key=lambda drawn: drawn.seq)
            yield MaskPair(image, (one, other), (first, second), later.at, settled=confirmed > later.seq)


def _standing(journal: Journal, kind: str) -> defaultdict[ImageId, list[_Drawn]]:
    """The events of a kind that somebody meant and nobody took back, by image; masks: those that were drawn by hand.

    A step that was brought back by redo is that of the person who took it first.
    """
    rows = journal.connection.execute(
        "SELECT image, seq, gesture, author, at, reverts FROM events JOIN gestures ON gestures.id = gesture"
        " WHERE kind = ? AND (kind != 'painted' OR json_extract(payload, '$[4]') = ?) ORDER BY seq",
        (kind, Origin.DRAWN.value),
    )
    found: defaultdict[ImageId, list[_Drawn]] = defaultdict(list)
    gone: dict[tuple[ImageId, int], list[_Drawn]] = {}
    for image, seq, gesture, author, at, reverts in rows:
        if reverts is None:
            found[image].append(_Drawn(seq, gesture, author, at))
        elif taken := [one for one in found[image] if one.gesture == reverts]:
            found[image] = [one for one in found[image] if one.gesture != reverts]
            gone[image, gesture] = taken
        elif (image, reverts) in gone:
            found[image] += [_Drawn(seq, gesture, one.author, one.at) for one in gone[image, reverts]]
    return found


def version_of(project_folder: Path, entry: ImageState, image: ImageId, person: str) -> LabelMap | None:
    """How somebody left an image, None where nothing of theirs counts any more."""
    pairs = mask_pairs(project_folder, {image: entry}, CancelToken())
    return next((pair.maps[pair.people.index(person)] for pair in pairs if person in pair.people), None)
