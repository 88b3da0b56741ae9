"""Takes out of recorded steps who worked, where, when, and on files of what name; what was said of pixels stays.

People, images, groups, shards, runs and detections get numbers; notes, reasons, definitions and captions of the defect
book, and what a start was made from are left out; names of steps are made from what they did; times keep their
intervals but begin at one fixed moment. The hash of a file becomes that of its pixels, so that copies are still
copies and the file cannot be looked up. Names of classes and the usual splits stay, for without them nobody could read
the labels; so do the pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from defectstudio.data.codec import encode
from defectstudio.data.journal import Gesture
from defectstudio.domain.book import BookEntry, BookEntryChanged, DefinitionChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
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
    RunMarked,
    SegmentedListed,
    ShardWritten,
    StatusSet,
    Tagged,
)
from defectstudio.domain.labels import ImageId, Note
from defectstudio.domain.mentoring import DetectionJudged, Judgement, RunApproved
from defectstudio.domain.refinement import MapsStarted, PanelAnswered
from defectstudio.domain.second_look import LookedAgain, SecondLook

ORIGIN = 946_684_800.0
"""The first moment of the year 2000, UTC: when every anonymised session begins."""
USUAL = {"", "train", "val", "test", "new"}
LEFT_OUT = "left out"


class Anonymiser:
    """Gives the same number to the same name throughout a session that began at the time `began`.

    `names` of the images that are in it, and `hashes` of their pixels.
    """

    def __init__(self, began: float, names: Mapping[ImageId, str], hashes: Mapping[ImageId, str]) -> None:
        self._began, self._hashes = began, hashes
        self._numbers: dict[str, dict[str, int]] = {}
        self._names = {name: f"image {image:04d}" for image, name in names.items()}

    def step(self, gesture: Gesture, events: Sequence[Event]) -> tuple[Gesture, list[Event]]:
        """A gesture and its events without what tells of people, places and times."""
        told = [self.event(event) for event in events]
        at = round(gesture.at - self._began + ORIGIN, 3)
        return Gesture(gesture.id, _name(gesture, told), self._of("person", gesture.author), at, gesture.reverts), told

    def event(self, event: Event) -> Event:
        """One event; what tells of nobody is returned as it is."""
        match event:
            case ImageAdded(image, info, _):
                return replace(event, info=self._info(image, info))
            case ShardWritten(shard):
                return replace(event, shard=self.shard(shard))
            case Placed(_, before, after):
                return replace(event, before=self._place(before), after=self._place(after))
            case SegmentedListed(key, before, after):
                key = self._of("list", key)
                return SegmentedListed(key, self._listed(before), self._listed(after))
            case PanelAnswered():
                return replace(event, expert=self._of("expert", event.expert))
            case MapsStarted():
                return replace(event, id=self._of("start", event.id), detail=LEFT_OUT)
            case DetectionJudged(_, identity, before, after):
                known = self._of("detection", identity)
                return replace(event, id=known, before=self._judgement(before), after=self._judgement(after))
            case LookedAgain(_, _, before, after):
                return replace(event, before=self._look(before), after=self._look(after))
            case _:
                return _without_words(event)

    def shard(self, name: str) -> str:
        """What a file of pixels is called."""
        return f"{self._number('shard', name):04d}.h5"

    def _info(self, image: ImageId, info: ImageInfo) -> ImageInfo:
        name, shard = f"image {image:04d}", self.shard(info.shard)
        return replace(info, name=name, source="", sha256=self._hashes[image], shard=shard)

    def _place(self, place: Placement) -> Placement:
        split = place.split if place.split in USUAL else self._of("split", place.split)
        return Placement(split, self._of("group", place.group))

    def _listed(self, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Names of images that are in the session, in the order of their new names."""
        return None if names is None else tuple(sorted(self._names[name] for name in names if name in self._names))

    def _judgement(self, said: Judgement | None) -> Judgement | None:
        if said is None:
            return None
        found = said.detection
        known = replace(found, id=self._of("detection", found.id), run=self._of("run", found.run))
        return replace(said, detection=known)

    def _look(self, look: SecondLook | None) -> SecondLook | None:
        return None if look is None else replace(look, detection=self._of("detection", look.detection))

    def _of(self, kind: str, name: str) -> str:
        return f"{kind} {self._number(kind, name)}" if name else ""

    def _number(self, kind: str, name: str) -> int:
        known = self._numbers.setdefault(kind, {})
        return known.setdefault(name, len(known) + 1)


def _name(gesture: Gesture, events: Sequence[Event]) -> str:
    """A step's name by what it did; undo and redo are known by theirs."""
    start = next((word for word in ("undo ", "redo ") if gesture.name.startswith(word)), "")
    return start + " and ".join(dict.fromkeys(encode(event).kind for event in events))


Wordy: TypeAlias = NoteChanged | QueueMarked | BookEntryChanged | DefinitionChanged | RunAdded | RunMarked | RunApproved
Plain: TypeAlias = Tagged | Painted | StatusSet | LabelConfirmed | ClassChanged


def _without_words(event: Wordy | Plain) -> Event:
    """An event that names nobody by number, without what somebody wrote."""
    match event:
        case NoteChanged(_, _, before, after):
            return replace(event, before=_note(before), after=_note(after))
        case QueueMarked(_, before, after):
            return replace(event, before=_mark(before), after=_mark(after))
        case BookEntryChanged(_, before, after):
            return replace(event, before=_entry(before), after=_entry(after))
        case DefinitionChanged(_, before, after):
            return replace(event, before=before and LEFT_OUT, after=after and LEFT_OUT)
        case RunAdded() | RunMarked() | RunApproved():
            raise DefectStudioError("Runs cannot be anonymised.", hint="Leave them out.")
        case Tagged() | Painted() | StatusSet() | LabelConfirmed() | ClassChanged():
            return event
    assert_never(event)  # a new kind of event has to be thought of here


def _note(note: Note | None) -> Note | None:
    return None if note is None else replace(note, text=LEFT_OUT)


def _entry(entry: BookEntry | None) -> BookEntry | None:
    return None if entry is None else replace(entry, caption="")


def _mark(mark: QueueMark | None) -> QueueMark | None:
    return None if mark is None else replace(mark, reason="")
