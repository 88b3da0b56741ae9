"""What the events fold to. A reader who wants to know how a label can change finds one `match` here."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from defectstudio.domain.book import BookEntry, BookEntryChanged, BookEvent, DefinitionChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
    NOWHERE,
    UNMARKED,
    ClassChanged,
    Event,
    ImageAdded,
    ImageInfo,
    LabelConfirmed,
    NoteChanged,
    Painted,
    Placed,
    Placement,
    QueueMark,
    QueueMarked,
    RunAdded,
    RunMark,
    RunMarked,
    SegmentedListed,
    ShardWritten,
    StatusSet,
    Tagged,
    tag_text,
)
from defectstudio.domain.labels import (
    UNLABELLED,
    DefectClass,
    ImageId,
    ImageTag,
    LabelMap,
    Note,
    Status,
    decode_runs,
    unknown_map,
)
from defectstudio.domain.mentoring import Approval, DetectionJudged, Judgement, RunApproved
from defectstudio.domain.refinement import MapsStarted, PanelAnswered, RefinementEvent
from defectstudio.domain.second_look import LookedAgain, SecondLook

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ImageState:
    """One image: what it is, where it belongs, what was said of it. `present` is False after an undone import.

    `notes` stand in the order of their numbers. `mark`: what was said of its place in the queue of images to segment;
    `confirmed`: the tag, as text, by which a person stands although a model contradicts it, "" none. `judged`: what
    operators said of detections in it, in the order of their ids. `looks`: what was asked a second time, blind.
    """

    info: ImageInfo
    placement: Placement = NOWHERE
    tag: ImageTag = UNLABELLED
    present: bool = True
    status: Status = Status.TODO
    notes: tuple[Note, ...] = ()
    mark: QueueMark | None = None
    confirmed: str = ""
    judged: tuple[Judgement, ...] = ()
    looks: tuple[SecondLook, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        return self.info.height, self.info.width

    @property
    def stands(self) -> bool:
        """Whether a person confirmed the tag that the image has now."""
        return self.confirmed == tag_text(self.tag)


@dataclass(slots=True)
class LabelState:
    """The current state of a project. `maps` holds label maps that are not wholly unknown.

    `runs` and `deleted_runs` give the SHA-256 of each run's weights; `marks` holds what was said of runs, deleted ones
    too, where anything was said. `answers` holds the answered panels by their ids, `starts` the maps that a machine
    made to start refining from; both in the order in which they came. `approvals`: runs that were approved or rejected.
    `book` holds the entries of the defect book by number, `definitions` what a class is, in words, where that is said.
    """

    images: dict[ImageId, ImageState] = field(default_factory=dict)
    maps: MutableMapping[ImageId, LabelMap] = field(default_factory=dict)
    classes: dict[int, DefectClass] = field(default_factory=dict)
    shards: dict[str, tuple[str, int]] = field(default_factory=dict)
    segmented: dict[str, tuple[str, ...]] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    deleted_runs: dict[str, str] = field(default_factory=dict)
    marks: dict[str, RunMark] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    answers: dict[str, PanelAnswered] = field(default_factory=dict)
    starts: dict[str, MapsStarted] = field(default_factory=dict)
    book: dict[int, BookEntry] = field(default_factory=dict)
    definitions: dict[int, str] = field(default_factory=dict)

    def label_map(self, image: ImageId) -> LabelMap | None:
        """The drawn label map, (height, width) uint8, or None when nothing is drawn."""
        return self.maps.get(image)


def apply(state: LabelState, event: Event) -> None:
    """Change `state` by one event: the only function that does."""
    match event:
        case ShardWritten(shard, sha256, size):
            state.shards[shard] = (sha256, size)
        case ImageAdded(image, info, present):
            known = state.images.get(image)
            state.images[image] = ImageState(info) if known is None else replace(known, present=present)
        case Painted(image, box, _, after, _):
            label_map = state.maps.get(image)
            if label_map is None:
                label_map = unknown_map(*state.images[image].shape)
                state.maps[image] = label_map
            label_map[box.slices] = decode_runs(after)
        case ClassChanged(index, _, after):
            _put(state.classes, index, after)
        case SegmentedListed(key, _, after):
            _put(state.segmented, key, after)
        case RunAdded(run, weights, present):
            _put(state.runs, run, weights if present else None)
            _put(state.deleted_runs, run, None if present else weights)
        case RunMarked(run, _, mark):
            _put(state.marks, run, None if mark == UNMARKED else mark)
        case RunApproved(run, _, approval):
            _put(state.approvals, run, approval)
        case PanelAnswered() | MapsStarted() | BookEntryChanged() | DefinitionChanged():
            _apply_said(state, event)
        case _:
            state.images[event.image] = _changed(state.images[event.image], event)


def _apply_said(state: LabelState, event: RefinementEvent | BookEvent) -> None:
    """What was said of the project beside its labels."""
    match event:
        case PanelAnswered(panel):
            _put(state.answers, panel.id, event if event.present else None)
        case MapsStarted(start):
            _put(state.starts, start, event if event.present else None)
        case BookEntryChanged(number, _, entry):
            _put(state.book, number, entry)
        case DefinitionChanged(index, _, text):
            _put(state.definitions, index, text or None)


def _changed(
    entry: ImageState,
    event: Placed | Tagged | StatusSet | NoteChanged | QueueMarked | LabelConfirmed | DetectionJudged | LookedAgain,
) -> ImageState:
    """One image after an event about it that leaves its label map alone."""
    match event:
        case Placed(_, _, placement):
            return replace(entry, placement=placement)
        case Tagged(_, _, tag, _):
            return replace(entry, tag=tag)
        case StatusSet(_, _, status):
            return replace(entry, status=status)
        case NoteChanged(_, number, _, note):
            return _with_note(entry, number, note)
        case QueueMarked(_, _, mark):
            return replace(entry, mark=mark)
        case LabelConfirmed(_, _, confirmed):
            return replace(entry, confirmed=confirmed)
        case DetectionJudged(_, identity, _, judgement):
            said = {known.detection.id: known for known in entry.judged}
            _put(said, identity, judgement)
            return replace(entry, judged=tuple(said[key] for key in sorted(said)))
        case LookedAgain(_, number, _, look):
            looks = {known.number: known for known in entry.looks}
            _put(looks, number, look)
            return replace(entry, looks=tuple(looks[key] for key in sorted(looks)))


def _with_note(entry: ImageState, number: int, note: Note | None) -> ImageState:
    notes = {known.number: known for known in entry.notes}
    _put(notes, number, note)
    return replace(entry, notes=tuple(notes[key] for key in sorted(notes)))


def _put(table: dict[K, V], key: K, value: V | None) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def fold(events: Iterable[Event]) -> LabelState:
    """The state that a list of events leads to, from nothing."""
    state = LabelState()
    for event in events:
        apply(state, event)
    return state


def named_image(state: LabelState, name: str) -> ImageId:
    """The image with this name. Raises DefectStudioError when there is none."""
    for image, entry in state.images.items():
        if entry.present and entry.info.name == name:
            return image
    raise DefectStudioError(f"There is no image named {name}.", hint="`defectstudio info --images` lists the names.")
