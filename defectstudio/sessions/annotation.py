"""What an expert does to label maps, tags, classes, notes and status: each call one gesture, on disk when it returns.

All methods raise DefectStudioError on input that makes no sense, and then change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ClassChanged, Event, NoteChanged, StatusSet
from defectstudio.domain.labels import (
    HEALTHY,
    UNKNOWN,
    DefectClass,
    ImageId,
    LabelMap,
    Note,
    Origin,
    Status,
    Verdict,
    class_pixels,
    is_class,
    unknown_map,
)
from defectstudio.sessions.classes import (
    ClassAccount,
    account,
    checked_color,
    checked_name,
    deleting,
    known_class,
    merging,
    new_class,
)
from defectstudio.sessions.edits import Edit, check_value, checked_image, events_of
from defectstudio.sessions.origins import Origins
from defectstudio.sessions.painting import morphology
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.painting.regions import Region, find_regions, region_at
from defectstudio.sessions.session import Session
from defectstudio.sessions.stroke import Stroke

Transform: TypeAlias = Literal["grow", "shrink", "smooth", "fill_holes"]
TRANSFORMS: dict[Transform, str] = {
    "grow": "grow region",
    "shrink": "shrink region",
    "smooth": "smooth region",
    "fill_holes": "fill holes",
}


class Annotator:
    """The gestures of annotation on one session. Rows and columns are pixels of the image, boxes half-open."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._state = session.project.state
        self._journal = session.project.journal
        self._origins = Origins(self._journal)

    def paint(
        self,
        image: ImageId,
        patch: Patch,
        value: int,
        *,
        name: str,
        protect: bool = False,
        origin: Origin = Origin.DRAWN,
    ) -> bool:
        """Give a patch a label value; False when nothing changes. With `protect`, other classes stay.

        The first defect on a good or unlabelled image tags it defective in the same gesture; on a good image the
        rest of the map becomes healthy.
        """
        check_value(self._state, image, value)
        return self._edit(name, image, [Edit(patch, value, protect)], origin)

    def begin_stroke(
        self, image: ImageId, value: int, protect: bool = False, *, origin: Origin = Origin.DRAWN
    ) -> Stroke:
        """A live stroke that shows in memory while the mouse is down; see `Stroke`."""
        return Stroke(self.session, image, value, protect=protect, origin=origin)

    def erase_value(self, image: ImageId) -> int:
        """What the eraser leaves: healthy where the whole image is known, else unknown."""
        return HEALTHY if self.is_complete(image) else UNKNOWN

    def is_complete(self, image: ImageId) -> bool:
        """Whether no pixel of the image is unknown (a good image: always)."""
        entry = checked_image(self._state, image)
        if entry.tag.verdict is Verdict.GOOD:
            return True
        drawn = self._state.label_map(image)
        return drawn is not None and not bool((drawn == UNKNOWN).any())

    def complete(self, images: Sequence[ImageId]) -> bool:
        """The rest is healthy: every unknown pixel of these images becomes so, as one gesture.

        Good images stay as they are: they are healthy everywhere. False when nothing changes.
        """
        events: list[Event] = []
        for image in dict.fromkeys(images):
            if checked_image(self._state, image).tag.verdict is not Verdict.GOOD:
                events += self._turned(image, UNKNOWN, HEALTHY)
        self.session.record("mark the rest healthy", events)
        return bool(events)

    def partial(self, image: ImageId) -> bool:
        """The rest is unknown: every healthy pixel becomes so. False when nothing changes; a good image refuses."""
        check_value(self._state, image, UNKNOWN)
        events = self._turned(image, HEALTHY, UNKNOWN)
        self.session.record("mark the rest unknown", events)
        return bool(events)

    def finish(self, image: ImageId) -> bool:
        """The image is done, as one gesture: status done, and where defects are drawn, the rest is healthy.

        False when it was finished before. Raises DefectStudioError while nobody said whether the image is good.
        """
        entry = checked_image(self._state, image)
        if entry.tag.verdict is Verdict.UNLABELLED:
            raise DefectStudioError(
                "Nobody has said yet whether this image is good.",
                hint="Tag it good or defective, or draw a defect; then finish it.",
            )
        events: list[Event] = []
        if entry.tag.verdict is Verdict.DEFECTIVE and bool(class_pixels(self._drawn(image)).any()):
            turned = self._turned(image, UNKNOWN, HEALTHY)
            events += [event for event in turned if not isinstance(event, StatusSet)]
        if entry.status is not Status.DONE:
            events.append(StatusSet(image, entry.status, Status.DONE))
        self.session.record("finish image", events)
        return bool(events)

    def copy_from(self, source: ImageId, image: ImageId) -> bool:
        """Draw the defects of another image of the same size where this one shows none; False when nothing changes."""
        if checked_image(self._state, source).shape != checked_image(self._state, image).shape:
            raise DefectStudioError("The two images differ in size.", hint="Copy from an image of the same size.")
        drawn = self._drawn(source)
        edits = [
            Edit(patch, int(index), protect=True)
            for index in np.unique(drawn[class_pixels(drawn)])
            if (patch := Patch.of(drawn == index)) is not None
        ]
        if not edits:
            raise DefectStudioError("There are no defects to copy.", hint="Choose an image with drawn defects.")
        return self._edit("copy defects", image, edits)

    def accept(self, image: ImageId, patch: Patch, index: int, name: str) -> bool:
        """Take over a region that a model proposed as a defect of class `index`; False when nothing changes."""
        known_class(self._state, index)
        return self.paint(image, patch, index, name=name, origin=Origin.ACCEPTED)

    def regions(self, image: ImageId, *, most: int = 1000) -> list[Region]:
        """The drawn defects of an image, largest first, each with where it came from."""
        checked_image(self._state, image)
        drawn = self._state.label_map(image)
        return [] if drawn is None else self._origins.of(image, find_regions(drawn, most=most))

    def delete_region(self, image: ImageId, row: int, column: int) -> bool:
        """Erase the defect at a pixel."""
        patch, _ = self._region(image, row, column)
        return self._edit("delete region", image, [Edit(patch, self.erase_value(image))])

    def move_region(self, image: ImageId, row: int, column: int, rows: int, columns: int) -> bool:
        """Move the defect at a pixel down and right; what leaves the image is cut off. False when it stays."""
        patch, index = self._region(image, row, column)
        moved = patch.shifted(rows, columns, self._state.images[image].shape)
        if moved is None:
            raise DefectStudioError("The region would leave the image.", hint="Move it less far.")
        return self._edit("move region", image, [Edit(patch, self.erase_value(image)), Edit(moved, index)])

    def recolor_region(self, image: ImageId, row: int, column: int, index: int) -> bool:
        """Give the defect at a pixel another class; False when it has it already."""
        name = known_class(self._state, index).name
        patch, _ = self._region(image, row, column)
        return self._edit(f"change region to {name}", image, [Edit(patch, index)])

    def transform_region(self, image: ImageId, row: int, column: int, how: Transform, pixels: int) -> bool:
        """Grow, shrink or smooth the defect at a pixel by `pixels`, or fill its holes; other classes stay.

        False when nothing changes. Raises DefectStudioError when nothing would be left of it.
        """
        if pixels < 1 and how != "fill_holes":
            raise DefectStudioError("A region changes by one pixel or more.", hint="Choose a larger number.")
        patch, index = self._region(image, row, column)
        new = _transformed(patch, how, pixels, self._state.images[image].shape)
        if new is None:
            raise DefectStudioError("Nothing would be left of this region.", hint="Delete it, or choose fewer pixels.")
        lost, won = patch.minus(new), new.minus(patch)
        edits = [] if lost is None else [Edit(lost, self.erase_value(image))]
        edits += [] if won is None else [Edit(won, index, protect=True)]
        return self._edit(TRANSFORMS[how], image, edits)

    def _region(self, image: ImageId, row: int, column: int) -> tuple[Patch, int]:
        """The defect at a pixel and its class. Raises DefectStudioError when there is none."""
        drawn = self._drawn(image)
        patch = region_at(drawn, row, column)
        if patch is None or not is_class(int(drawn[row, column])):
            raise DefectStudioError("There is no defect under this pixel.", hint="Click on a drawn defect.")
        return patch, int(drawn[row, column])

    def set_status(self, images: Sequence[ImageId], status: Status) -> None:
        """Say how far the work on these images has come, as one gesture."""
        entries = {image: checked_image(self._state, image) for image in images}
        events = [StatusSet(i, e.status, status) for i, e in entries.items() if e.status is not status]
        self.session.record(f"mark {status}", events)

    def add_note(self, image: ImageId, text: str, at: tuple[int, int] | None = None) -> Note:
        """Write a note on an image, or on its pixel `at` (row, column); returns it with its number."""
        entry = checked_image(self._state, image)
        if at is not None and not (0 <= at[0] < entry.shape[0] and 0 <= at[1] < entry.shape[1]):
            raise DefectStudioError("This spot lies outside the image.", hint="Click inside the image.")
        number = max((note.number for note in entry.notes), default=0) + 1
        note = Note(number, _note_text(text), at)
        self.session.record("add note", [NoteChanged(image, number, None, note)])
        return note

    def change_note(self, image: ImageId, number: int, text: str) -> bool:
        """Rewrite a note; False when it says so already."""
        old = self._note(image, number)
        new = replace(old, text=_note_text(text))
        if new != old:
            self.session.record("change note", [NoteChanged(image, number, old, new)])
        return new != old

    def remove_note(self, image: ImageId, number: int) -> None:
        """Take a note away."""
        self.session.record("remove note", [NoteChanged(image, number, self._note(image, number), None)])

    def _note(self, image: ImageId, number: int) -> Note:
        found = [note for note in checked_image(self._state, image).notes if note.number == number]
        if not found:
            raise DefectStudioError(f"There is no note {number} on this image.", hint="It may have been removed.")
        return found[0]

    def add_class(self, name: str, color: str | None = None) -> DefectClass:
        """Add a defect class; without `color` (#rrggbb) the next of the palette."""
        new = new_class(self._state, name, color)
        self.session.record(f"add class {new.name}", [ClassChanged(new.index, None, new)])
        return new

    def rename_class(self, index: int, name: str) -> None:
        """Give a class another name; labels stay."""
        old = known_class(self._state, index)
        new = replace(old, name=checked_name(self._state, name, of=index))
        if new != old:
            self.session.record(f"rename class {old.name} to {new.name}", [ClassChanged(index, old, new)])

    def recolor_class(self, index: int, color: str) -> None:
        """Show a class in another colour (#rrggbb)."""
        old = known_class(self._state, index)
        new = replace(old, color=checked_color(color))
        if new != old:
            self.session.record(f"change colour of {old.name}", [ClassChanged(index, old, new)])

    def merge_class(self, index: int, into: int) -> None:
        """Turn every pixel and tag of one class into another, and remove the first."""
        events = merging(self._state, self._journal, index, into)
        names = self._state.classes
        self.session.record(f"merge {names[index].name} into {names[into].name}", events)

    def delete_class(self, index: int) -> None:
        """Remove a class: its pixels become unknown, and tags name it no more."""
        events = deleting(self._state, self._journal, index)
        self.session.record(f"delete class {self._state.classes[index].name}", events)

    def class_account(self, index: int) -> ClassAccount:
        """What merging or deleting a class would touch, for the question before it is done."""
        return account(self._state, self._journal, index)

    def _turned(self, image: ImageId, old: int, new: int) -> list[Event]:
        patch = Patch.of(self._drawn(image) == old)
        return [] if patch is None else events_of(self._state, image, [Edit(patch, new)], Origin.DRAWN)

    def _edit(self, name: str, image: ImageId, edits: Sequence[Edit], origin: Origin = Origin.DRAWN) -> bool:
        events = events_of(self._state, image, edits, origin)
        self.session.record(name, events)
        return bool(events)

    def _drawn(self, image: ImageId) -> LabelMap:
        """The label map of an image, all unknown when nothing is drawn; not to be written to."""
        entry = checked_image(self._state, image)
        drawn = self._state.label_map(image)
        return unknown_map(*entry.shape) if drawn is None else drawn


def _transformed(patch: Patch, how: Transform, pixels: int, shape: tuple[int, int]) -> Patch | None:
    match how:
        case "grow":
            return morphology.grow(patch, pixels, shape)
        case "shrink":
            return morphology.shrink(patch, pixels)
        case "smooth":
            return morphology.smooth(patch, pixels, shape)
        case "fill_holes":
            return morphology.without_holes(patch)


def _note_text(text: str) -> str:
    if not text.strip():
        raise DefectStudioError("A note needs some text.", hint="Type what there is to say, or cancel.")
    return text.strip()
