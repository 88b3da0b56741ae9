"""How far two experts agree who answered the same things: in two copies of a session, or in one project.

Panels are the same when they show the same patches in the same order, whatever their numbers; images when their files
were. What both copies have from before they parted was said once, so it is nobody's agreement and left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from defectstudio.app.agreement import SAME_MASK, look_said, tag_said, ticks_said
from defectstudio.app.agreement_masks import mask_pairs
from defectstudio.data.codec import Row, decode
from defectstudio.data.journal import Gesture
from defectstudio.data.project import Project
from defectstudio.domain.agreement import agreement, cohens_kappa, mask_iou
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, Painted, Tagged
from defectstudio.domain.labels import Box, ImageId, ImageTag, LabelMap, Origin, Verdict, class_pixels
from defectstudio.domain.mentoring import DetectionJudged
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import Answer, Panel, PanelAnswered, Patch, consequences
from defectstudio.domain.second_look import verdict_text

PanelKey = tuple[Patch, ...]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Matched(BaseModel):
    """How far two experts agree on one kind of thing that both answered; `count`: how many.

    `share`: of equal answers, 0..1; `kappa`: Cohen's, None where not defined; `iou`: mean over masks, None without.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    count: int
    share: float | None = None
    kappa: float | None = None
    iou: float | None = None


class Apart(BaseModel):
    """One thing of which the two said different things, in words; `distance` 0..1 for the order of the list."""

    model_config = ConfigDict(frozen=True)

    kind: str
    image: ImageId
    name: str
    versions: tuple[str, str]
    distance: float
    panel: str = ""


class PairAgreement(BaseModel):
    """What two experts, called by their projects or names, both answered. `images`: that both have.

    `other_questions`: panels of the same number that showed other patches, as happens once labels differ.
    """

    model_config = ConfigDict(frozen=True)

    between: tuple[str, str]
    images: int
    rated: list[Matched]
    apart: list[Apart]
    other_questions: int = 0


@dataclass(slots=True)
class Said:
    """What one expert said last of each thing; images by their numbers in the first project."""

    panels: dict[PanelKey, tuple[Panel, Answer]] = field(default_factory=dict)
    verdicts: dict[tuple[ImageId, Box, int], str] = field(default_factory=dict)
    tags: dict[ImageId, ImageTag] = field(default_factory=dict)
    painted: set[ImageId] = field(default_factory=set)

    @property
    def numbers(self) -> dict[str, PanelKey]:
        return {panel.id: key for key, (panel, _) in self.panels.items()}


def pair_job(one: Project, other: Project) -> Callable[[CancelToken], Job[PairAgreement]]:
    """Compare two copies of a session that two experts worked on.

    Raises DefectStudioError when they have no image in common.
    """
    images = _same_images(one, other)
    common = _steps(one) & _steps(other)
    mine = said_by(one, lambda gesture: _step(gesture) not in common, {image: image for image in images.values()})
    theirs = said_by(other, lambda gesture: _step(gesture) not in common, images)
    back = {image: number for number, image in images.items()}
    drawn = sorted(mine.painted & theirs.painted)
    names = (str(one.folder), str(other.folder))

    def job(token: CancelToken) -> Job[PairAgreement]:
        yield Progress(0, 2, "Comparing answers")
        rated, apart = _compared(one, mine, theirs)
        yield Progress(1, 2, "Comparing masks")
        maps = {i: (one.state.label_map(i), other.state.label_map(back[i])) for i in drawn}
        found = _masks(one, maps, token)
        return PairAgreement(
            between=names,
            images=len(images),
            rated=rated + found[0],
            apart=sorted(apart + found[1], key=lambda thing: (-thing.distance, thing.name)),
            other_questions=_other_questions(mine, theirs),
        )

    return job


def people_job(project: Project) -> Callable[[CancelToken], Job[list[PairAgreement]]]:
    """Compare everybody with everybody who worked on one project; masks as each left them (`agreement_masks`)."""
    people = sorted({gesture.author for gesture in project.journal.gestures()})
    images = {image: image for image in project.state.images}

    def by(person: str) -> Callable[[Gesture], bool]:
        return lambda gesture: gesture.author == person

    said = {person: said_by(project, by(person), images) for person in people}
    folder, entries = project.folder, project.state.images

    def job(token: CancelToken) -> Job[list[PairAgreement]]:
        found: list[PairAgreement] = []
        drawn = list(mask_pairs(folder, entries, token))
        for one, other in combinations(people, 2):
            token.check()
            yield Progress(len(found), len(people), f"Comparing {one} and {other}")
            parts = _compared(project, said[one], said[other])
            maps = {pair.image: pair.maps for pair in drawn if pair.people == (one, other)}
            masks = _masks(project, maps, token)
            rated, apart = parts[0] + masks[0], parts[1] + masks[1]
            if rated:
                found.append(PairAgreement(between=(one, other), images=len(images), rated=rated, apart=apart))
        return found

    return job


def _step(gesture: Gesture) -> tuple[int, str, float]:
    return gesture.id, gesture.author, gesture.at


def _steps(project: Project) -> set[tuple[int, str, float]]:
    return {_step(gesture) for gesture in project.journal.gestures()}


def _same_images(one: Project, other: Project) -> dict[ImageId, ImageId]:
    """The number in the first project of each image of the second that is there too."""
    number: dict[str, ImageId] = {}
    for image, entry in one.state.images.items():
        number.setdefault(entry.info.sha256, image)
    found: dict[ImageId, ImageId] = {}
    for image, entry in other.state.images.items():
        same = one.state.images.get(image)
        if same is not None and same.info.sha256 == entry.info.sha256:
            found[image] = image
        elif entry.info.sha256 in number and number[entry.info.sha256] not in found.values():
            found[image] = number[entry.info.sha256]
    if not found:
        raise DefectStudioError(
            "The two projects have no image in common.",
            hint="Compare two copies of one session; both anonymised, or neither.",
        )
    return found


def said_by(project: Project, by: Callable[[Gesture], bool], images: Mapping[ImageId, ImageId]) -> Said:
    """What was said in the steps of a project for which `by` holds; `images`: what its images are called here."""
    gestures = {gesture.id: gesture for gesture in project.journal.gestures() if by(gesture)}
    rows = project.journal.connection.execute(
        "SELECT gesture, image, kind, payload, before, after FROM events"
        " WHERE kind IN ('panel', 'judged', 'tagged', 'painted') ORDER BY seq"
    )
    said = Said()
    for number, image, kind, *row in rows:
        gesture = gestures.get(number)
        if gesture is not None and (image is None or image in images):
            _note(said, decode(Row(kind, *row), image), gesture, images)
    return said


def _note(said: Said, event: Event, gesture: Gesture, images: Mapping[ImageId, ImageId]) -> None:
    match event:
        case PanelAnswered(panel, answer):
            _note_panel(said, panel, answer, images, present=event.present)
        case DetectionJudged(image, _, before, after):
            known = after or before
            if known is not None and known.detection.run:
                key = (images[image], known.detection.box, known.detection.class_index)
                _set(said.verdicts, key, None if after is None else verdict_text(after))
        case Tagged(image, _, after, origin) if origin is not Origin.IMPORTED:
            taken_back = gesture.reverts is not None or after.verdict is Verdict.UNLABELLED
            _set(said.tags, images[image], None if taken_back else after)
        case Painted(image) if event.origin is not Origin.IMPORTED:
            said.painted.add(images[image])


def _set(table: dict[K, V], key: K, value: V | None) -> None:
    table.pop(key, None)
    if value is not None:
        table[key] = value


def _note_panel(said: Said, panel: Panel, answer: Answer, images: Mapping[ImageId, ImageId], *, present: bool) -> None:
    patches = [candidate.patch for candidate in (panel.anchor, *panel.candidates)]
    if any(patch.image not in images for patch in patches):
        return
    key = tuple(replace(patch, image=images[patch.image]) for patch in patches)
    known = said.panels.get(key)
    if present and known is None:
        said.panels[key] = panel, answer  # shown again, the first answer counts
    elif not present and known is not None and known[0].id == panel.id:
        del said.panels[key]


def _compared(project: Project, one: Said, other: Said) -> tuple[list[Matched], list[Apart]]:
    """All but masks. `project` says how images and classes are called."""
    classes = {index: known.name for index, known in project.state.classes.items()}
    names = {image: entry.info.name for image, entry in project.state.images.items()}
    parts = [
        _panels(one, other, names, tuple(sorted(classes)) or (1,)),
        _things("verdicts", one.verdicts, other.verdicts, lambda key: key[0], lambda v: look_said(v, classes), names),
        _things("tags", one.tags, other.tags, lambda image: image, lambda tag: tag_said(tag, classes), names),
    ]
    return [found for part in parts for found in part[0]], [thing for part in parts for thing in part[1]]


def _things(
    kind: str,
    one: Mapping[K, V],
    other: Mapping[K, V],
    image_of: Callable[[K], ImageId],
    words: Callable[[V], str],
    names: Mapping[ImageId, str],
) -> tuple[list[Matched], list[Apart]]:
    """Things of which each said one thing."""
    common = [key for key in one if key in other]
    apart = []
    for key in common:
        if one[key] != other[key]:
            image, versions = image_of(key), (words(one[key]), words(other[key]))
            apart.append(Apart(kind=kind, image=image, name=names[image], versions=versions, distance=1.0))
    return _rated(kind, [(str(one[key]), str(other[key])) for key in common]), apart


def _rated(kind: str, pairs: Sequence[tuple[Hashable, Hashable]]) -> list[Matched]:
    if not pairs:
        return []
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    share, kappa = agreement(first, second), cohens_kappa(first, second)
    return [Matched(kind=kind, count=len(pairs), share=share, kappa=kappa)]


def _panels(
    one: Said, other: Said, names: Mapping[ImageId, str], classes: tuple[int, ...]
) -> tuple[list[Matched], list[Apart]]:
    """Ticks of the same panels, and the labels that any panels gave to the same patches."""
    common = [key for key in one.panels if key in other.panels]
    ticks: list[tuple[Hashable, Hashable]] = []
    apart = []
    for key in common:
        panel, mine = one.panels[key]
        theirs = other.panels[key][1]
        pairs = list(zip(mine.ticked, theirs.ticked, strict=True))
        ticks += pairs
        if differ := sum(a != b for a, b in pairs):
            image = key[0].image
            versions = ticks_said(mine.ticked), ticks_said(theirs.ticked)
            where: dict[str, Any] = {"image": image, "name": names[image], "panel": panel.id}
            apart.append(Apart(kind="panels", versions=versions, distance=differ / len(pairs), **where))
    labels = _labels(one, classes), _labels(other, classes)
    patches = [(labels[0][patch], labels[1][patch]) for patch in labels[0] if patch in labels[1]]
    return _rated("ticks of the same panels", ticks) + _rated("labels of the same patches", patches), apart


def _labels(said: Said, classes: tuple[int, ...]) -> dict[Patch, int]:
    """The label that an expert last gave each patch, which is where it was when it was shown."""
    found: dict[Patch, int] = {}
    for key, (panel, answer) in said.panels.items():
        still = replace(answer, shifts=(None,) * len(answer.shifts))
        for patch, what in zip(key, consequences(panel, still, classes=classes), strict=True):
            found[patch] = what.label
    return found


def _masks(
    project: Project, maps: Mapping[ImageId, tuple[LabelMap | None, LabelMap | None]], token: CancelToken
) -> tuple[list[Matched], list[Apart]]:
    """Overlap of the masks that both drew: of all defects, and of each class where there are several."""
    ious: dict[str, list[float]] = defaultdict(list)
    classes = project.state.classes if len(project.state.classes) > 1 else {}
    apart = []
    for image, (one, other) in maps.items():
        token.check()
        if one is None or other is None or one.shape != other.shape:
            continue
        for index, known in classes.items():
            ious[f"masks of {known.name}"] += _iou(one, other, index)
        (whole,) = _iou(one, other, None) or (1.0,)
        ious["masks"] += _iou(one, other, None)
        if whole < SAME_MASK:
            said = tuple(f"{int(class_pixels(part).sum())} pixels" for part in (one, other))
            name = project.state.images[image].info.name
            versions = (said[0], said[1])
            apart.append(Apart(kind="masks", image=image, name=name, versions=versions, distance=1 - whole))
    return [
        Matched(kind=kind, count=len(found), iou=sum(found) / len(found)) for kind, found in ious.items() if found
    ], apart


def _iou(one: LabelMap, other: LabelMap, index: int | None) -> list[float]:
    found = mask_iou(one, other, index)
    return [] if found is None else [found]


def _other_questions(one: Said, other: Said) -> int:
    """Panels of one number that showed different patches."""
    mine, theirs = one.numbers, other.numbers
    return sum(number in theirs and theirs[number] != key for number, key in mine.items())
