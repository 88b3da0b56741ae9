"""What a person did, as facts that can be turned round. The journal of these is the truth of a project.

An event names the state before and after it, so `inverse` needs nothing else. A *gesture* is one step for the
user, however many events it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from defectstudio.domain.book import BookEvent
from defectstudio.domain.labels import Box, DefectClass, ImageId, ImageTag, Note, Origin, Status
from defectstudio.domain.mentoring import DetectionJudged, RunApproved
from defectstudio.domain.refinement import RefinementEvent
from defectstudio.domain.second_look import LookedAgain


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What an import recorded of one image: it never changes afterwards.

    `shard` is the HDF5 file that holds the pixels, `source` the path it was read from, `sha256` of that file.
    """

    name: str
    source: str
    sha256: str
    height: int
    width: int
    channels: int
    bits: int
    shard: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Which split an image belongs to ("" none) and which group it must never be parted from."""

    split: str = ""
    group: str = ""


NOWHERE = Placement()


@dataclass(frozen=True, slots=True)
class ShardWritten:
    """An import batch wrote a file of pixels. There is no inverse: files are written once and only read."""

    shard: str
    sha256: str
    size: int

    def inverse(self) -> ShardWritten:
        return self


@dataclass(frozen=True, slots=True)
class ImageAdded:
    """An image joined the project (`present`), or left it again by undo."""

    image: ImageId
    info: ImageInfo
    present: bool = True

    def inverse(self) -> ImageAdded:
        return replace(self, present=not self.present)


@dataclass(frozen=True, slots=True)
class Placed:
    """An image was put into a split or group."""

    image: ImageId
    before: Placement
    after: Placement

    def inverse(self) -> Placed:
        return Placed(self.image, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Somebody said what an image is as a whole."""

    image: ImageId
    before: ImageTag
    after: ImageTag
    origin: Origin

    def inverse(self) -> Tagged:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class Painted:
    """The label map changed inside `box`; `before` and `after` are run-length codes of that box alone."""

    image: ImageId
    box: Box
    before: bytes
    after: bytes
    origin: Origin

    def inverse(self) -> Painted:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class StatusSet:
    """Somebody said how far the work on an image has come."""

    image: ImageId
    before: Status
    after: Status

    def inverse(self) -> StatusSet:
        return StatusSet(self.image, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class NoteChanged:
    """A note on an image was added (`before` None), rewritten, or removed (`after` None)."""

    image: ImageId
    number: int
    before: Note | None
    after: Note | None

    def inverse(self) -> NoteChanged:
        return replace(self, before=self.after, after=self.before)


MarkKind: TypeAlias = Literal["pinned", "later", "never"]


@dataclass(frozen=True, slots=True)
class QueueMark:
    """What a person says of an image's place in the queue of images to segment.

    "pinned" stands at `place` (0 the first) before all that is ranked; "later" is skipped for now, "never" for ever,
    with a `reason` ("" none).
    """

    kind: MarkKind
    reason: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class QueueMarked:
    """An image was pinned, skipped, or given back to the ranking (`after` None)."""

    image: ImageId
    before: QueueMark | None
    after: QueueMark | None

    def inverse(self) -> QueueMarked:
        return QueueMarked(self.image, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class LabelConfirmed:
    """A person stands by a tag although the model contradicts it. `after`: that tag as `tag_text`, "" taken back.

    It holds for that tag alone: when the tag changes, the confirmation says nothing any more.
    """

    image: ImageId
    before: str
    after: str

    def inverse(self) -> LabelConfirmed:
        return LabelConfirmed(self.image, before=self.after, after=self.before)


def tag_text(tag: ImageTag) -> str:
    """A tag as text, for `LabelConfirmed`: the verdict, then the indices of its classes ("defective 1 3")."""
    return " ".join([tag.verdict.value, *map(str, tag.classes)])


@dataclass(frozen=True, slots=True)
class ClassChanged:
    """A defect class was added (`before` None), renamed or recoloured, or removed (`after` None)."""

    index: int
    before: DefectClass | None
    after: DefectClass | None

    def inverse(self) -> ClassChanged:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class SegmentedListed:
    """A published supervision split: the names of the images whose masks training may use."""

    key: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None

    def inverse(self) -> SegmentedListed:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class RunAdded:
    """A training run joined the project (`present`), or was deleted from it; its files lie in `runs/<run>/`.

    `weights` is their SHA-256, "" where a run that never came to its end is deleted. The files stay until they are
    purged, so deleting can be taken back.
    """

    run: str
    weights: str
    present: bool = True

    def inverse(self) -> RunAdded:
        return replace(self, present=not self.present)


@dataclass(frozen=True, slots=True)
class RunMark:
    """What somebody said of a run: a name of its own ("" none), a note ("" none), whether it is worth keeping."""

    name: str = ""
    note: str = ""
    starred: bool = False


UNMARKED = RunMark()


@dataclass(frozen=True, slots=True)
class RunMarked:
    """A run was named, noted or starred. A run that leaves the project keeps its mark, for the case that it returns."""

    run: str
    before: RunMark
    after: RunMark

    def inverse(self) -> RunMarked:
        return RunMarked(self.run, before=self.after, after=self.before)


ImageEvent: TypeAlias = (
    ImageAdded
    | Placed
    | Tagged
    | Painted
    | StatusSet
    | NoteChanged
    | QueueMarked
    | LabelConfirmed
    | DetectionJudged
    | LookedAgain
)
ProjectEvent: TypeAlias = (
    ShardWritten | ClassChanged | SegmentedListed | RunAdded | RunMarked | RunApproved | RefinementEvent | BookEvent
)
Event: TypeAlias = ImageEvent | ProjectEvent


def image_of(event: Event) -> ImageId | None:
    """The image an event is about, None when it is about the project."""
    return event.image if isinstance(event, ImageEvent) else None
