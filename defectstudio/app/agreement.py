"""Where labels contradict each other: copies of an image labelled twice, panels shown twice, labels of several people.

Nothing here changes a label. What is contested is listed with both versions, the widest apart first; a third verdict is
a tag, a mask or an answer like any other, and what is settled by it leaves the list by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from defectstudio.app.agreement_masks import MaskPair, mask_pairs
from defectstudio.app.second_looks import Looked, looks_said, panel_authors, whose
from defectstudio.data.codec import Row, decode
from defectstudio.data.journal import Gesture
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.agreement import agreement, cohens_kappa, mask_iou
from defectstudio.domain.events import Tagged
from defectstudio.domain.labels import ImageId, ImageTag, Origin, Verdict
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.domain.second_look import PANEL

SAME_MASK = 0.999
"""Two masks of one picture that overlap so far are one mask."""
Kind = Literal[
    "tags of copies",
    "masks of copies",
    "panel shown twice",
    "tags of two people",
    "masks of two people",
    "tag asked twice",
    "verdict asked twice",
]


class Rated(BaseModel):
    """How far two versions of the same things agree. `by`: whose or what they are; `count`: how many were rated twice.

    Of one person: "Ada with themselves"; between people: "Ada and Bob".
    `share`: of equal answers, 0..1; `kappa`: Cohen's, None where not defined; `iou`: mean over masks, None without.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    by: str
    count: int
    share: float | None = None
    kappa: float | None = None
    iou: float | None = None


class Contested(BaseModel):
    """One thing that was labelled in two ways: the images (or one of them twice), both versions in words.

    `distance` 0..1: how far apart, for the order of the list. `panel`: the id of one shown twice; `look`: the number of
    a second look at the image, 0 for none, `detection` what it looked at, "" the tag; `by`: whose the two answers are,
    "" where the versions say it or nobody asked twice.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    images: tuple[ImageId, ...]
    names: tuple[str, ...]
    versions: tuple[str, ...]
    distance: float
    panel: str = ""
    look: int = 0
    detection: str = ""
    by: str = ""


class Agreement(BaseModel):
    """All that was rated twice, and what is contested of it."""

    model_config = ConfigDict(frozen=True)

    rated: list[Rated]
    contested: list[Contested]


def agreement_job(project: Project) -> Callable[[CancelToken], Job[Agreement]]:
    """Compare what was labelled more than once, of all images of the project."""
    snapshot, raters = project.snapshot(), tags_by_author(project)
    answers, looks, folder = project.state.answers, looks_said(project), project.folder
    entries, authors = project.state.images, panel_authors(project)
    names = {image: entry.info.name for image, entry in entries.items()}
    standing = {image for image, entry in entries.items() if entry.stands}
    settled = {k.detection.removeprefix(PANEL) for entry in entries.values() for k in entry.looks if k.of_panel}
    classes = {index: one.name for index, one in project.state.classes.items()}

    def job(token: CancelToken) -> Job[Agreement]:
        yield Progress(0, 3, "Comparing copies of images")
        rated, contested = _copies(snapshot, classes, token)
        yield Progress(1, 3, "Comparing panels shown twice")
        people = _people(raters, names, classes, standing)
        panels = _panels(answers, authors, names, settled)
        drawn = rate_masks(list(mask_pairs(folder, entries, token)), names)
        for found in (panels, people, drawn, rate_looks(looks, names, classes)):
            token.check()
            rated += found[0]
            contested += found[1]
        contested.sort(key=lambda one: (-one.distance, one.names))
        return Agreement(rated=rated, contested=contested)

    return job


def copies(snapshot: Snapshot) -> Iterator[tuple[SnapshotImage, SnapshotImage]]:
    """Pairs of images made from byte-identical files, each with the first of its kind."""
    first: dict[str, SnapshotImage] = {}
    for image in snapshot.images:
        known = first.setdefault(image.sha256, image)
        if known is not image:
            yield known, image


def _copies(snapshot: Snapshot, classes: dict[int, str], token: CancelToken) -> tuple[list[Rated], list[Contested]]:
    """Copies of one picture that were tagged or masked apart from each other."""
    tags: list[tuple[ImageTag, ImageTag]] = []
    ious: list[float] = []
    contested = []
    for one, other in copies(snapshot):
        token.check()
        names, images = (one.name, other.name), (one.id, other.id)
        if Verdict.UNLABELLED not in (one.tag.verdict, other.tag.verdict):
            tags.append((one.tag, other.tag))
        if one.tag != other.tag:
            said = tuple(tag_said(tag, classes) for tag in (one.tag, other.tag))
            contested.append(Contested(kind="tags of copies", images=images, names=names, versions=said, distance=1.0))
        if one.segmented and other.segmented and one.defective and other.defective:
            iou = mask_iou(one.label_map(), other.label_map())
            ious += [] if iou is None else [iou]
            if iou is not None and iou < SAME_MASK:
                said = tuple(f"{int((i.label_map() % 255 > 0).sum())} pixels" for i in (one, other))
                contested.append(
                    Contested(kind="masks of copies", images=images, names=names, versions=said, distance=1 - iou)
                )
    rated = [_rated("tags of copies", "copies", [a for a, _ in tags], [b for _, b in tags])] if tags else []
    if ious:
        rated.append(Rated(kind="masks of copies", by="copies", count=len(ious), iou=sum(ious) / len(ious)))
    return rated, contested


def _rated(kind: Kind, by: str, one: Sequence[object], other: Sequence[object]) -> Rated:
    first, second = list(map(str, one)), list(map(str, other))
    return Rated(kind=kind, by=by, count=len(first), share=agreement(first, second), kappa=cohens_kappa(first, second))


def shown_twice(answers: dict[str, PanelAnswered]) -> Iterator[tuple[PanelAnswered, PanelAnswered]]:
    """Panels that were answered twice, the second time without saying so: first answer and second."""
    for answered in answers.values():
        before = answers.get(answered.panel.blind_of)
        if before is not None and len(before.answer.ticked) == len(answered.answer.ticked):
            yield before, answered


def _panels(
    answers: dict[str, PanelAnswered], authors: dict[str, str], names: dict[ImageId, str], settled: set[str]
) -> tuple[list[Rated], list[Contested]]:
    """Panels shown twice, by the people who answered them; `settled`: those a third answer settled."""
    said: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    contested = []
    for before, answered in shown_twice(answers):
        one, other = before.answer.ticked, answered.answer.ticked
        people = authors[before.panel.id], authors[answered.panel.id]
        said[whose(*people)] += zip(*((one, other) if people[0] <= people[1] else (other, one)), strict=True)
        apart = sum(a != b for a, b in zip(one, other, strict=True))
        if apart and answered.panel.id not in settled:
            image = answered.panel.anchor.patch.image
            contested.append(
                Contested(
                    kind="panel shown twice",
                    images=(image,),
                    names=(names.get(image, ""),),
                    versions=(ticks_said(one), ticks_said(other)),
                    distance=apart / len(one),
                    panel=answered.panel.id,
                    by=whose(*people),
                )
            )
    rated = [_rated("panel shown twice", by, *zip(*pairs, strict=True)) for by, pairs in sorted(said.items())]
    return rated, contested


def tags_by_author(project: Project) -> dict[ImageId, dict[str, ImageTag]]:
    """The last tag that each person gave each image; what was imported, or taken back, is nobody's.

    A tag that was confirmed in the same gesture settles a difference: it is no answer of its own.
    """
    people = {gesture.id: gesture for gesture in project.journal.gestures()}
    found: dict[ImageId, dict[str, ImageTag]] = defaultdict(dict)
    rows = project.journal.connection.execute(
        "SELECT gesture, image, kind, payload FROM events WHERE kind = 'tagged' ORDER BY seq"
    )
    thirds = set(project.journal.connection.execute("SELECT gesture, image FROM events WHERE kind = 'confirmed'"))
    for number, image, kind, payload in rows.fetchall():
        if (number, image) in thirds:
            continue
        gesture, event = people[number], decode(Row(kind, payload), image)
        assert isinstance(event, Tagged)
        if event.origin is Origin.DRAWN:
            _note_tag(found[image], gesture, event)
    return found


def _note_tag(said: dict[str, ImageTag], gesture: Gesture, event: Tagged) -> None:
    taken_back = gesture.reverts is not None or event.after.verdict is Verdict.UNLABELLED
    if taken_back:
        said.pop(gesture.author, None)
    else:
        said[gesture.author] = event.after


def _people(
    raters: dict[ImageId, dict[str, ImageTag]],
    names: dict[ImageId, str],
    classes: dict[int, str],
    standing: set[ImageId],
) -> tuple[list[Rated], list[Contested]]:
    """Images that several people tagged, two people at a time; of those `standing` somebody has confirmed the tag."""
    pairs: dict[tuple[str, str], list[tuple[ImageTag, ImageTag]]] = defaultdict(list)
    contested = []
    for image, said in raters.items():
        people = sorted(said)
        for n, one in enumerate(people):
            for other in people[n + 1 :]:
                tags = said[one], said[other]
                pairs[one, other].append(tags)
                if tags[0] != tags[1] and image not in standing:
                    versions = (f"{one}: {tag_said(tags[0], classes)}", f"{other}: {tag_said(tags[1], classes)}")
                    distance = 1.0 if tags[0].verdict != tags[1].verdict else 0.5
                    contested.append(
                        Contested(
                            kind="tags of two people",
                            images=(image,),
                            names=(names.get(image, ""),),
                            versions=versions,
                            distance=distance,
                        )
                    )
    rated = [
        _rated("tags of two people", f"{one} and {other}", [a for a, _ in tags], [b for _, b in tags])
        for (one, other), tags in sorted(pairs.items())
    ]
    return rated, contested


def rate_looks(
    looks: Sequence[Looked], names: dict[ImageId, str], classes: dict[int, str]
) -> tuple[list[Rated], list[Contested]]:
    """Tags and verdicts that were asked a second time, blind, by the people who gave the two answers."""
    said: dict[tuple[Kind, str], list[tuple[str, str]]] = defaultdict(list)
    contested = []
    for looked in looks:
        look = looked.look
        kind: Kind = "verdict asked twice" if look.detection else "tag asked twice"
        said[kind, looked.by].append(looked.pair)
        if looked.contested:
            contested.append(
                Contested(
                    kind=kind,
                    images=(looked.image,),
                    names=(names.get(looked.image, ""),),
                    versions=(look_said(look.first, classes), look_said(look.again, classes)),
                    distance=1.0,
                    look=look.number,
                    by=looked.by,
                    detection=look.detection,
                )
            )
    rated = [_rated(kind, by, [a for a, _ in pairs], [b for _, b in pairs]) for (kind, by), pairs in said.items()]
    return rated, contested


def rate_masks(pairs: Sequence[MaskPair], names: dict[ImageId, str]) -> tuple[list[Rated], list[Contested]]:
    """Masks of images in which several people drew, two people at a time."""
    ious: dict[str, list[float]] = defaultdict(list)
    contested = []
    for pair in pairs:
        iou = mask_iou(*pair.maps)
        if iou is None:
            continue
        ious[pair.by].append(iou)
        if iou < SAME_MASK and not pair.settled:
            versions = tuple(
                f"{name}: {int((drawn % 255 > 0).sum())} pixels"
                for name, drawn in zip(pair.people, pair.maps, strict=True)
            )
            where = {"images": (pair.image,), "names": (names.get(pair.image, ""),)}
            contested.append(Contested(kind="masks of two people", versions=versions, distance=1 - iou, **where))  # type: ignore[arg-type]
    rated = [
        Rated(kind="masks of two people", by=by, count=len(found), iou=sum(found) / len(found))
        for by, found in sorted(ious.items())
    ]
    return rated, contested


def look_said(answer: str, classes: dict[int, str]) -> str:
    """An answer of a second look in words: "other class 2" becomes "other class (pit)"."""
    kind, _, index = answer.rpartition(" ")
    return f"{kind} ({classes.get(int(index), index)})" if index.isdigit() else answer


def tag_said(tag: ImageTag, classes: dict[int, str]) -> str:
    """A tag in words: "defective (scratch)"."""
    known = ", ".join(classes.get(index, str(index)) for index in tag.classes)
    return f"{tag.verdict} ({known})" if known else str(tag.verdict)


def ticks_said(ticked: Sequence[bool]) -> str:
    """Which candidates were ticked, by their keys: "1, 3 and 0" as "1 3 0"; "none"."""
    return " ".join(str((n + 1) % 10) for n, tick in enumerate(ticked) if tick) or "none"
