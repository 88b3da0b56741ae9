"""Both versions of what is contested, side by side, and the third verdict that settles it as one gesture.

A third verdict keeps the first version, keeps the second, or takes what somebody has drawn since. What was said before
stays in the journal, so the figures of agreement are those of the people who disagreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from defectstudio.app.agreement import Contested, tags_by_author
from defectstudio.app.agreement_masks import version_of
from defectstudio.data.project import Project
from defectstudio.data.similarity import list_rounds
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, LabelConfirmed, Painted, Tagged, tag_text
from defectstudio.domain.labels import (
    Box,
    ImageId,
    ImageTag,
    LabelMap,
    Origin,
    Verdict,
    encode_runs,
    is_class,
    unknown_map,
)
from defectstudio.domain.mentoring import Judgement
from defectstudio.domain.refinement import PanelAnswered, consequences
from defectstudio.domain.second_look import PANEL, LookedAgain, SecondLook
from defectstudio.domain.state import LabelState
from defectstudio.sessions.answers import class_indices
from defectstudio.sessions.edits import Edit, events_of
from defectstudio.sessions.footprints import footprint
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.refinement import RefineSettings
from defectstudio.sessions.second_look import free_number, settled_events
from defectstudio.sessions.session import Session

Choice: TypeAlias = Literal["first", "second", "drawn"]
NAMES: dict[Choice, str] = {
    "first": "third verdict: keep the first",
    "second": "third verdict: keep the second",
    "drawn": "third verdict: drawn anew",
}


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two versions: what was said, of which image; its label map where there is one, not to be written to.

    `answered`: the answer, where a panel is contested. `box`: where the detection lies, where a verdict is.
    """

    said: str
    image: ImageId
    labels: LabelMap | None = None
    answered: PanelAnswered | None = None
    box: Box | None = None


def versions_of(project: Project, item: Contested) -> tuple[Version, Version]:
    """Both versions of a contested thing. Raises DefectStudioError when it is there no more."""
    state = project.state
    answers = _answers(state, item) if item.panel else (None, None)
    judgement = _judged(state, item) if item.detection else None
    found = [
        Version(
            said,
            item.images[min(place, len(item.images) - 1)],
            _labels(project, item, place),
            answers[place],
            None if judgement is None else judgement.detection.box,
        )
        for place, said in enumerate(item.versions[:2])
    ]
    return found[0], found[1]


def _labels(project: Project, item: Contested, place: int) -> LabelMap | None:
    """The label map of one version: of two people as each left it, else as it is now."""
    image = item.images[min(place, len(item.images) - 1)]
    if item.kind != "masks of two people":
        return project.state.label_map(image)
    drawn = version_of(project.folder, project.state.images[image], image, item.versions[place].rpartition(": ")[0])
    if drawn is None:
        raise DefectStudioError("This mask was taken back.", hint="Compare again.")
    return drawn


def settle(session: Session, item: Contested, choice: Choice) -> None:
    """Record the third verdict, as one gesture. Raises DefectStudioError where it makes no sense; changes nothing then.

    "drawn" takes the image as it is now, drawn or tagged anew since; of copies, the first of the two.
    """
    if item.kind == "verdict asked twice" and choice == "second":
        _judge_anew(session, item)
        return
    events = settling(session.project, item, choice)
    if not events:
        raise DefectStudioError("Nothing is contested here any more.", hint="Compare again.")
    session.record(NAMES[choice], events)


def settling(project: Project, item: Contested, choice: Choice) -> list[Event]:
    """The events of a third verdict; see `settle`."""
    state = project.state
    match item.kind:
        case "tags of copies" | "masks of copies":
            kept, other = item.images if choice != "second" else item.images[::-1]
            return _like(state, kept, other)
        case "tags of two people":
            return _stand_by(project, item, choice)
        case "masks of two people":
            return _mask_of(project, item, choice)
        case "panel shown twice":
            return _panel(project, item, choice)
        case _:
            return _look(state, item, choice)


def _like(state: LabelState, kept: ImageId, other: ImageId) -> list[Event]:
    """A copy gets the tag of the other, and its label map where that one has any."""
    events: list[Event] = []
    one, two = state.images[kept], state.images[other]
    if one.tag != two.tag:
        events.append(Tagged(other, two.tag, one.tag, Origin.DRAWN))
    drawn = state.label_map(kept)
    if drawn is not None and one.tag.verdict is not Verdict.GOOD:
        before = state.label_map(other)
        known = unknown_map(*two.shape) if before is None else before
        if drawn.shape != known.shape:
            raise DefectStudioError("The two images differ in size.", hint="Draw each of them by itself.")
        events += _repainted(other, known, drawn)
    return events


def _repainted(image: ImageId, before: LabelMap, after: LabelMap) -> list[Event]:
    rows, columns = np.nonzero(before != after)
    if not rows.size:
        return []
    box = Box(int(rows.min()), int(columns.min()), int(rows.max()) + 1, int(columns.max()) + 1)
    return [Painted(image, box, encode_runs(before[box.slices]), encode_runs(after[box.slices]), Origin.DRAWN)]


def _stand_by(project: Project, item: Contested, choice: Choice) -> list[Event]:
    """The tag of one of two people, or the tag as it is now; that somebody stands by it settles the difference."""
    (image,) = item.images
    entry = project.state.images[image]
    tag = entry.tag if choice == "drawn" else _tag_of(project, item, choice)
    events: list[Event] = [] if tag == entry.tag else [Tagged(image, entry.tag, tag, Origin.DRAWN)]
    if entry.confirmed != tag_text(tag):
        events.append(LabelConfirmed(image, entry.confirmed, tag_text(tag)))
    return events


def _mask_of(project: Project, item: Contested, choice: Choice) -> list[Event]:
    """The mask as one of two people left it, or as it is now, confirmed."""
    (image,) = item.images
    entry, now = project.state.images[image], project.state.label_map(image)
    said = tag_text(entry.tag)
    events: list[Event] = []
    if choice != "drawn" and now is not None:
        kept = _labels(project, item, 0 if choice == "first" else 1)
        assert kept is not None
        events += _repainted(image, now, kept)
    return [*events, LabelConfirmed(image, entry.confirmed, said)]


def _tag_of(project: Project, item: Contested, choice: Choice) -> ImageTag:
    who = item.versions[0 if choice == "first" else 1].partition(":")[0]
    said = tags_by_author(project).get(item.images[0], {})
    if who not in said:
        raise DefectStudioError("This tag was taken back.", hint="Compare again.")
    return said[who]


def _answers(state: LabelState, item: Contested) -> tuple[PanelAnswered, PanelAnswered]:
    again = state.answers.get(item.panel)
    first = None if again is None else state.answers.get(again.panel.blind_of)
    if again is None or first is None:
        raise DefectStudioError("This answer was taken back.", hint="Compare again.")
    return first, again


def _panel(project: Project, item: Contested, choice: Choice) -> list[Event]:
    """The first answer has written its labels already; the second writes where it says something else."""
    first, again = _answers(project.state, item)
    image = first.panel.anchor.patch.image
    entry = project.state.images[image]
    said = {"first": item.versions[0], "second": item.versions[1], "drawn": "drawn"}[choice]
    look = SecondLook(free_number(entry), f"{PANEL}{item.panel}", item.versions[0], item.versions[1], third=said)
    events: list[Event] = [LookedAgain(image, look.number, None, look)]
    return events if choice != "second" else [*events, *_written(project, first, again)]


def _written(project: Project, first: PanelAnswered, again: PanelAnswered) -> list[Event]:
    """What the second answer says of patches otherwise than the first, written as answers are written."""
    state, classes = project.state, class_indices(project.state)
    side = next((r.config.patch for r in list_rounds(project.folder) if r.round == first.panel.round), None)
    writing = RefineSettings(write=again.write) if side is None else RefineSettings(write=again.write, patch=side)
    old = consequences(first.panel, first.answer, classes=classes)
    new = consequences(again.panel, again.answer, classes=classes)
    edits: dict[ImageId, list[Edit]] = {}
    for before, after in zip(old, new, strict=True):
        image = after.patch.image
        if (before.patch, before.label) != (after.patch, after.label) and _drawable(state, image):
            edits.setdefault(image, []).append(Edit(footprint(project, after.patch, writing), after.label))
    return [event for image, some in edits.items() for event in events_of(state, image, some, Origin.REFINED)]


def _drawable(state: LabelState, image: ImageId) -> bool:
    entry = state.images[image]
    return entry.present and entry.tag.verdict is not Verdict.GOOD


def _look(state: LabelState, item: Contested, choice: Choice) -> list[Event]:
    """A second look at a tag, or at a verdict of which the first is kept."""
    (image,) = item.images
    look = next((one for one in state.images[image].looks if one.number == item.look), None)
    if look is None:
        raise DefectStudioError("This second look was taken back.", hint="Compare again.")
    if choice == "drawn":
        return [LookedAgain(image, look.number, look, replace(look, third="drawn"))]
    return settled_events(state, image, look.number, look.first if choice == "first" else look.again)


def _judged(state: LabelState, item: Contested) -> Judgement:
    said = state.images[item.images[0]].judged
    found = next((j for j in said if j.detection.id == item.detection), None)
    if found is None:
        raise DefectStudioError("This verdict was taken back.", hint="Compare again.")
    return found


def _judge_anew(session: Session, item: Contested) -> None:
    """The second verdict becomes the one that stands, with what it says of the label map."""
    state = session.project.state
    detection = _judged(state, item).detection
    look = next(one for one in state.images[item.images[0]].looks if one.number == item.look)
    kind, _, index = look.again.rpartition(" ")
    named = index.isdigit() and is_class(int(index))
    words: Sequence[str] = (kind, index) if named else (look.again, "")
    Mentoring(session, [detection]).judge_one(
        detection.id,
        words[0],  # type: ignore[arg-type]
        int(words[1]) if words[1] else None,
    )
