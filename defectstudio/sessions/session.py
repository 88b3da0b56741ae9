"""A session records what a person does to one project, and takes it back.

Undo appends the inverse events as a gesture of its own and never erases, so the history shows the mistake too.
Which gestures can be undone follows from the journal, so it survives closing the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psygnal import Signal

from defectstudio.data.journal import Gesture
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, Painted, Placed, Placement, ShardWritten, Tagged, image_of
from defectstudio.domain.labels import Box, ImageId, ImageTag, LabelMap, Origin, encode_runs, unknown_map
from defectstudio.sessions.steps import Steps


@dataclass(frozen=True, slots=True)
class Change:
    """What a gesture touched: its name, the images it was about, and its events."""

    name: str
    images: frozenset[ImageId]
    events: tuple[Event, ...]


class Session:
    """The work on one open project; emits `changed` after each gesture is on disk. Lives on the main thread."""

    changed = Signal(Change)

    def __init__(self, project: Project) -> None:
        self.project = project
        self._steps = Steps(project.journal)
        self._held: set[ImageId] = set()

    @property
    def undo_name(self) -> str | None:
        """What `undo` would take back, None when there is nothing."""
        last = self._steps.next_undo
        return None if last is None else last.name.removeprefix("redo ")

    @property
    def redo_name(self) -> str | None:
        """What `redo` would bring back, None when there is nothing."""
        last = self._steps.next_redo
        return None if last is None else last.name.removeprefix("undo ")

    @property
    def steps(self) -> tuple[int, ...]:
        """The numbers of the gestures that `undo` would take back one after the other, the next one last.

        Reads the whole journal, which a window must not wait for: there, ask for `last_step` or `steps_since`.
        """
        return self._steps.since(0)

    @property
    def last_step(self) -> int | None:
        """The number of the gesture that `undo` would take back, None when there is nothing."""
        last = self._steps.next_undo
        return None if last is None else last.id

    def steps_since(self, gesture: int) -> tuple[int, ...]:
        """Those of the `steps` whose number is that of a gesture or higher."""
        return self._steps.since(gesture)

    def undo_back_to(self, gesture: int) -> int:
        """Take back every step after a gesture, one by one, each a gesture of its own; returns how many.

        Raises DefectStudioError, and changes nothing, when the gesture is not among the `steps`.
        """
        steps = self.steps_since(gesture)
        if gesture not in steps:
            raise DefectStudioError("This step has been taken back itself.", hint="Choose a step that still counts.")
        count = len(steps) - 1
        for _ in range(count):
            self.undo()
        return count

    def record(self, name: str, events: Sequence[Event]) -> None:
        """Write one gesture to disk and tell the views; an empty one is no gesture.

        Raises DefectStudioError, and changes nothing, when it cannot be written.
        """
        if events:
            self._commit(name, events, reverts=None)

    def undo(self) -> bool:
        """Take the last gesture back; False when there is none."""
        last = self._steps.next_undo
        if last is None:
            return False
        self._revert(last, f"undo {self.undo_name}")
        return True

    def redo(self) -> bool:
        """Bring the last undone gesture back; False when there is none."""
        last = self._steps.next_redo
        if last is None:
            return False
        self._revert(last, f"redo {self.redo_name}")
        return True

    def _revert(self, gesture: Gesture, name: str) -> None:
        events = self.project.journal.events_of_gesture(gesture.id)
        inverse = [event.inverse() for event in reversed(events) if not isinstance(event, ShardWritten)]
        self._commit(name, inverse, reverts=gesture.id)

    def hold(self, image: ImageId) -> None:
        """Keep the label map of an image for a live stroke, which changes it in memory before it is on disk.

        Until `release`, no gesture can be about that image. Raises DefectStudioError when it is held already, or
        when nothing can be written.
        """
        if self.project.readonly:
            raise DefectStudioError("This project is open for reading only.", hint="Close it elsewhere and reopen.")
        if image in self._held:
            raise DefectStudioError("A stroke is being drawn on this image.", hint="Finish the stroke first.")
        self._held.add(image)

    def release(self, image: ImageId) -> None:
        """The live stroke on an image has ended; its label map in memory is what is on disk again."""
        self._held.discard(image)

    def _commit(self, name: str, events: Sequence[Event], *, reverts: int | None) -> None:
        if any(image_of(event) in self._held for event in events):
            raise DefectStudioError("A stroke is being drawn on this image.", hint="Finish the stroke first.")
        number = self.project.commit(name, events, reverts=reverts)
        self._steps.remember(Gesture(number, name, "", 0.0, reverts))
        images = frozenset(image for event in events if (image := image_of(event)) is not None)
        self.changed.emit(Change(name, images, tuple(events)))

    def tag(self, images: Sequence[ImageId], tag: ImageTag, *, origin: Origin = Origin.DRAWN) -> None:
        """Tag images as one gesture; those that have the tag already are left alone."""
        states = self.project.state.images
        events = [Tagged(image, states[image].tag, tag, origin) for image in images if states[image].tag != tag]
        self.record(f"tag {tag.verdict}", events)

    def place(self, images: Sequence[ImageId], split: str) -> None:
        """Put images into a split as one gesture, with everything of their groups, which are never cut."""
        states = self.project.state.images
        groups = {states[image].placement.group for image in images} - {""}
        whole = [i for i in self.project.present_images() if i in set(images) or states[i].placement.group in groups]
        events = [
            Placed(i, before, Placement(split, before.group))
            for i in whole
            if (before := states[i].placement).split != split
        ]
        self.record(f"move to split {split or 'none'}", events)

    def paint(self, image: ImageId, box: Box, after: LabelMap, *, name: str, origin: Origin = Origin.DRAWN) -> None:
        """Replace the label map inside `box` by `after`, (height, width) of the box, as one gesture."""
        drawn = self.project.state.label_map(image)
        before = unknown_map(*box.shape) if drawn is None else drawn[box.slices]
        if (before != after).any():
            self.record(name, [Painted(image, box, encode_runs(before), encode_runs(after), origin)])
