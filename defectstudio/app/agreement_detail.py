"""Agreement by class and over time: the same pairs of answers as `app.agreement` compares, told apart.

By class: whether the two answers name the class (Cohen's kappa over yes and no), or how far its masks overlap. Over
time: pairs in the order in which the second answer was given, in parts of equal size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from defectstudio.app.agreement import Kind, Rated, copies, shown_twice, tags_by_author
from defectstudio.app.agreement_masks import mask_pairs
from defectstudio.app.second_looks import looks_said, panel_authors, whose
from defectstudio.data.project import Project
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.agreement import agreement, cohens_kappa, mask_iou
from defectstudio.domain.labels import ImageTag, LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, Job, Progress

PARTS = 10
"""The most points over time; each of at least `LEAST` pairs, so that one answer does not make a spike."""
LEAST = 5


class OfClass(BaseModel):
    """How far two versions agree about one class; see `Rated`."""

    model_config = ConfigDict(frozen=True)

    name: str
    rated: Rated


class Moment(BaseModel):
    """Agreement of some pairs that follow each other: `at` of the last one (Unix seconds), `share` 0..1 equal."""

    model_config = ConfigDict(frozen=True)

    at: float
    count: int
    share: float
    kappa: float | None = None


class Detail(BaseModel):
    """Agreement by class, and over time."""

    model_config = ConfigDict(frozen=True)

    classes: list[OfClass]
    moments: list[Moment]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two answers about one thing: as text, and the classes that each of them names. `at`: of the later one."""

    kind: Kind
    by: str
    texts: tuple[str, str]
    named: tuple[frozenset[int], frozenset[int]]
    at: float


def detail_job(project: Project) -> Callable[[CancelToken], Job[Detail]]:
    """Compare what was labelled more than once, class by class and over time."""
    snapshot, pairs = project.snapshot(), list(_pairs(project))
    names = {index: one.name for index, one in project.state.classes.items()}
    folder, entries = project.folder, project.state.images

    def job(token: CancelToken) -> Job[Detail]:
        yield Progress(0, 2, "Comparing copies of images")
        both = list(copies(snapshot))
        tags = [_of_copies(one, other) for one, other in both if _tagged(one) and _tagged(other)]
        found = [of for index, name in names.items() for of in _of_class(index, name, [*pairs, *tags])]
        for index, name in names.items():
            token.check()
            found += _masks(index, name, "masks of copies", [("copies", *maps) for maps in _masked(both)])
        people = [(pair.by, *pair.maps) for pair in mask_pairs(folder, entries, token)]
        found += [of for index, name in names.items() for of in _masks(index, name, "masks of two people", people)]
        yield Progress(1, 2, "Comparing panels shown twice")
        return Detail(classes=found, moments=_moments(pairs))

    return job


def _tagged(image: SnapshotImage) -> bool:
    return image.tag.verdict is not Verdict.UNLABELLED


def _of_copies(one: SnapshotImage, other: SnapshotImage) -> _Pair:
    return _Pair("tags of copies", "copies", *_tags(one.tag, other.tag), at=0.0)


def _tags(one: ImageTag, other: ImageTag) -> tuple[tuple[str, str], tuple[frozenset[int], frozenset[int]]]:
    return (str(one), str(other)), (frozenset(one.classes), frozenset(other.classes))


def _pairs(project: Project) -> Iterator[_Pair]:
    """Everything that was answered twice, with the time of the second answer."""
    db = project.journal.connection
    at_panel = dict(
        db.execute(
            "SELECT json_extract(payload, '$[0]'), MAX(at) FROM events JOIN gestures ON gestures.id = gesture"
            " WHERE kind = 'panel' GROUP BY 1"
        ).fetchall()
    )
    authors = panel_authors(project)
    for before, answered in shown_twice(project.state.answers):
        label, by = answered.panel.anchor.label, whose(authors[before.panel.id], authors[answered.panel.id])
        for one, other in zip(before.answer.ticked, answered.answer.ticked, strict=True):
            named = tuple(frozenset({label} if ticked else ()) for ticked in (one, other))
            at = float(at_panel.get(answered.panel.id, 0.0))
            yield _Pair("panel shown twice", by, (str(one), str(other)), (named[0], named[1]), at)
    yield from _people(project)
    yield from _looks(project)


def _times(project: Project, kind: str) -> dict[int, float]:
    rows = project.journal.connection.execute(
        "SELECT image, MAX(at) FROM events JOIN gestures ON gestures.id = gesture WHERE kind = ? GROUP BY image",
        (kind,),
    )
    return dict(rows.fetchall())


def _people(project: Project) -> Iterator[_Pair]:
    at = _times(project, "tagged")
    for image, said in tags_by_author(project).items():
        people = sorted(said)
        for n, one in enumerate(people):
            for other in people[n + 1 :]:
                yield _Pair("tags of two people", f"{one} and {other}", *_tags(said[one], said[other]), at=at[image])


def _looks(project: Project) -> Iterator[_Pair]:
    at = _times(project, "looked")
    for looked in looks_said(project):
        look = looked.look
        kind: Kind = "verdict asked twice" if look.detection else "tag asked twice"
        named = (_named(looked.pair[0]), _named(looked.pair[1]))
        yield _Pair(kind, looked.by, looked.pair, named, at.get(looked.image, 0.0))


def _named(answer: str) -> frozenset[int]:
    """The class that an answer of a second look names, if any."""
    index = answer.rpartition(" ")[2]
    return frozenset({int(index)} if index.isdigit() else ())


def _of_class(index: int, name: str, pairs: list[_Pair]) -> Iterator[OfClass]:
    """Whether both answers name a class, for each kind of pair in which any does."""
    found: dict[tuple[Kind, str], list[tuple[bool, bool]]] = defaultdict(list)
    for pair in pairs:
        found[pair.kind, pair.by].append((index in pair.named[0], index in pair.named[1]))
    for (kind, by), said in sorted(found.items()):
        if any(one or other for one, other in said):
            first, second = [one for one, _ in said], [other for _, other in said]
            count = sum(one or other for one, other in said)
            share, kappa = agreement(first, second), cohens_kappa(first, second)
            yield OfClass(name=name, rated=Rated(kind=kind, by=by, count=count, share=share, kappa=kappa))


def _masked(both: list[tuple[SnapshotImage, SnapshotImage]]) -> list[tuple[LabelMap, LabelMap]]:
    """The label maps of copies that both have one."""
    return [
        (a.label_map(), b.label_map()) for a, b in both if a.segmented and b.segmented and a.defective and b.defective
    ]


def _masks(index: int, name: str, kind: Kind, drawn: list[tuple[str, LabelMap, LabelMap]]) -> Iterator[OfClass]:
    """How far the masks of a class overlap, over the pairs (whose, both maps) that show it."""
    ious: dict[str, list[float]] = defaultdict(list)
    for by, one, other in drawn:
        iou = mask_iou(one, other, index)
        ious[by] += [] if iou is None else [iou]
    for by, found in sorted(ious.items()):
        if found:
            yield OfClass(name=name, rated=Rated(kind=kind, by=by, count=len(found), iou=float(np.mean(found))))


def _moments(pairs: list[_Pair]) -> list[Moment]:
    """Pairs in the order of time, in up to `PARTS` parts."""
    ordered = sorted(pairs, key=lambda pair: pair.at)
    count = min(PARTS, len(ordered) // LEAST)
    found = []
    for part in np.array_split(np.arange(len(ordered)), count) if count else []:
        some = [ordered[k] for k in part.tolist()]
        first, second = [pair.texts[0] for pair in some], [pair.texts[1] for pair in some]
        share, kappa = agreement(first, second), cohens_kappa(first, second)
        found.append(Moment(at=some[-1].at, count=len(some), share=share, kappa=kappa))
    return found
