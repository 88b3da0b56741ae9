"""What an expert does to label maps, tags, classes, notes and status: each call one gesture, on disk when it returns.

All methods raise DefectStudioError on input that makes no sense, and then change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from defectstudio.domain.events import Event
from defectstudio.domain.labels import HEALTHY, UNKNOWN, ImageId, LabelMap, Origin, Verdict, unknown_map
from defectstudio.sessions.edits import Edit, check_value, checked_image, events_of
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.session import Session
from defectstudio.sessions.stroke import Stroke


class Annotator:
    """The gestures of annotation on one session. Rows and columns are pixels of the image, boxes half-open."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._state = session.project.state

    # -- painting

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
