"""What a person says of the queue of images to segment, and by which doubted tags one stands: each call one gesture."""

from __future__ import annotations

from collections.abc import Sequence

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, LabelConfirmed, QueueMark, QueueMarked, tag_text
from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.sessions.session import Session

LONGEST_REASON = 200


class Selection:
    """Pins, skips and confirmations on one session.

    All methods raise DefectStudioError on an image that is not there, and then change nothing; they return whether
    anything changed. Pinned images stand at places 0, 1, ... without gaps.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._project = session.project

    def pin(self, images: Sequence[ImageId]) -> bool:
        """Put images at the top of the queue, below those that are pinned already."""
        chosen = [image for image in self._known(images) if not self._is_pinned(image)]
        order = [*self.pinned(), *chosen]
        return self._record("pin {0}", chosen, self._places(order))

    def skip(self, images: Sequence[ImageId], *, forever: bool, reason: str = "") -> bool:
        """Leave images to the end of the queue, or out of it for ever. Raises DefectStudioError for a long reason."""
        text = " ".join(reason.split())
        if len(text) > LONGEST_REASON:
            raise DefectStudioError(
                f"A reason has at most {LONGEST_REASON} characters.", hint="Put what is longer into a note."
            )
        chosen = self._known(images)
        mark = QueueMark("never" if forever else "later", text)
        kept = [image for image in self.pinned() if image not in set(chosen)]
        name = "skip {0} for ever" if forever else "skip {0} for now"
        return self._record(name, chosen, self._places(kept) | dict.fromkeys(chosen, mark))

    def unmark(self, images: Sequence[ImageId]) -> bool:
        """Give images back to the ranking."""
        chosen = self._known(images)
        kept = [image for image in self.pinned() if image not in set(chosen)]
        return self._record("give {0} back to the queue", chosen, self._places(kept) | dict.fromkeys(chosen))

    def reorder(self, image: ImageId, place: int) -> bool:
        """Move an image to `place` (0 the first) among the pinned ones, pinning it; beyond the last: after it."""
        self._known([image])
        order = [other for other in self.pinned() if other != image]
        order.insert(min(max(place, 0), len(order)), image)
        return self._record("move {0} in the queue", [image], self._places(order))

    def confirm(self, images: Sequence[ImageId]) -> bool:
        """Stand by the tags that images have now. Raises DefectStudioError for an image without a tag."""
        entries = {image: self._entry(image) for image in self._known(images)}
        for entry in entries.values():
            if entry.tag.verdict is Verdict.UNLABELLED:
                raise DefectStudioError(f"{entry.info.name} has no tag to confirm.", hint="Tag it first.")
        doubted = {image: entry for image, entry in entries.items() if not entry.stands}
        events = [LabelConfirmed(image, e.confirmed, tag_text(e.tag)) for image, e in doubted.items()]
        self.session.record(f"confirm the tag of {self._said(list(doubted))}", events)
        return bool(events)

    def pinned(self) -> list[ImageId]:
        """The pinned images, the first place first."""
        found = [(mark.place, image) for image in self._project.present_images() if (mark := self._pin_of(image))]
        return [image for _, image in sorted(found)]

    def _pin_of(self, image: ImageId) -> QueueMark | None:
        mark = self._entry(image).mark
        return mark if mark is not None and mark.kind == "pinned" else None

    def _is_pinned(self, image: ImageId) -> bool:
        return self._pin_of(image) is not None

    def _places(self, order: Sequence[ImageId]) -> dict[ImageId, QueueMark | None]:
        return {image: QueueMark("pinned", place=place) for place, image in enumerate(order)}

    def _record(self, name: str, chosen: Sequence[ImageId], marks: dict[ImageId, QueueMark | None]) -> bool:
        events: list[Event] = [
            QueueMarked(image, before, after)
            for image, after in marks.items()
            if (before := self._entry(image).mark) != after
        ]
        self.session.record(name.format(self._said(chosen)), events)
        return bool(events)

    def _entry(self, image: ImageId) -> ImageState:
        return self._project.state.images[image]

    def _known(self, images: Sequence[ImageId]) -> list[ImageId]:
        chosen = list(dict.fromkeys(images))
        states = self._project.state.images
        if any(image not in states or not states[image].present for image in chosen):
            raise DefectStudioError("This image is not in the project.", hint="It may have left it by undo.")
        return chosen

    def _said(self, images: Sequence[ImageId]) -> str:
        return self._entry(images[0]).info.name if len(images) == 1 else f"{len(images)} images"
