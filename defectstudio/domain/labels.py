"""The label model shared by all four methods.

A *label map* is uint8, as large as its image: 0 known healthy, 1..254 a defect class, 255 unknown.
Beside it stands the *image tag*. Unreviewed is never good: an image nobody looked at is all unknown.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.errors import DefectStudioError

HEALTHY = 0
UNKNOWN = 255
MAX_CLASSES = 254

LabelMap: TypeAlias = NDArray[np.uint8]
ImageId: TypeAlias = int


class Verdict(StrEnum):
    """What is known of an image as a whole."""

    UNLABELLED = "unlabelled"
    GOOD = "good"
    DEFECTIVE = "defective"


class Origin(StrEnum):
    """Where an edit came from."""

    DRAWN = "drawn"
    IMPORTED = "imported"
    MENTORED = "mentored"
    REFINED = "refined"
    ACCEPTED = "accepted"


class Status(StrEnum):
    """How far the work on an image has come; says nothing about what it shows."""

    TODO = "to do"
    IN_WORK = "in work"
    DONE = "done"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about an image, or about one pixel of it: `at` (row, column). `number` counts per image."""

    number: int
    text: str
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ImageTag:
    """The verdict on an image and, where known, which defect classes it shows (indices 1..254, sorted)."""

    verdict: Verdict = Verdict.UNLABELLED
    classes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.classes and self.verdict is not Verdict.DEFECTIVE:
            raise DefectStudioError("Only an image tagged defective can carry defect classes.")


UNLABELLED = ImageTag()
GOOD = ImageTag(Verdict.GOOD)
DEFECTIVE = ImageTag(Verdict.DEFECTIVE)


@dataclass(frozen=True, slots=True)
class DefectClass:
    """A kind of defect: its value in label maps (1..254), name and display colour (#rrggbb)."""

    index: int
    name: str
    color: str


# Okabe & Ito's palette (without black and grey), which people with any colour vision can tell apart.
CLASS_COLORS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")


def class_color(index: int) -> str:
    """The default colour of class `index` (1-based); repeats after seven classes."""
    return CLASS_COLORS[(index - 1) % len(CLASS_COLORS)]


@dataclass(frozen=True, slots=True)
class Box:
    """Half-open pixel box: rows top..bottom-1, columns left..right-1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.top, self.right - self.left


def is_class(value: int) -> bool:
    """Whether a label value stands for a defect class (1..254), neither healthy nor unknown."""
    return HEALTHY < value < UNKNOWN


def class_pixels(label_map: LabelMap) -> NDArray[np.bool_]:
    """Where a label map shows a defect, whatever its class."""
    # 0 wraps round to 255 and 255 becomes 254, so that one comparison tells classes from the rest.
    return (label_map - np.uint8(1)) < MAX_CLASSES


def unknown_map(height: int, width: int) -> LabelMap:
    """A label map of which nobody has said anything yet."""
    return np.full((height, width), UNKNOWN, np.uint8)


def effective_map(tag: ImageTag, label_map: LabelMap | None, shape: tuple[int, int]) -> LabelMap:
    """What is known of each pixel, (height, width) uint8: a good image is healthy everywhere, drawn or not."""
    if tag.verdict is Verdict.GOOD:
        return np.zeros(shape, np.uint8)
    return unknown_map(*shape) if label_map is None else label_map


def is_segmented(tag: ImageTag, label_map: LabelMap | None) -> bool:
    """Eq. 3's gamma: 1 for a good image or a map with no unknown pixel and some defect, else 0.

    A defective image whose map is healthy everywhere contradicts itself; it counts as not segmented.
    """
    if tag.verdict is Verdict.GOOD:
        return True
    if label_map is None or tag.verdict is Verdict.UNLABELLED:
        return False
    return not bool((label_map == UNKNOWN).any()) and bool(label_map.any())


def find_runs(values: LabelMap) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Lengths and values of the runs of a 2-D uint8 array, row-major."""
    flat = np.ascontiguousarray(values, np.uint8).ravel()
    if flat.size == 0:
        return np.zeros(0, np.int64), flat
    changes = flat[1:] != flat[:-1]
    # Most pixels equal the one before, so eight are passed over at a time: half the time of looking at each.
    even = changes.size // 8 * 8
    eights = np.flatnonzero(changes[:even].view(np.uint64) != 0)
    which, place = np.nonzero(changes[:even].reshape(-1, 8)[eights])
    starts = np.concatenate(([0], eights[which] * 8 + place + 1, np.flatnonzero(changes[even:]) + even + 1))
    return np.diff(np.append(starts, flat.size)), flat[starts]


def pack_runs(shape: tuple[int, int], lengths: NDArray[np.int64], values: NDArray[np.uint8]) -> bytes:
    """Runs, as `find_runs` gives them, as the compressed code that the journal stores."""
    head = np.array([*shape, values.size], "<u4").tobytes()
    return zlib.compress(head + lengths.astype("<u4").tobytes() + values.tobytes(), 6)


def encode_runs(values: LabelMap) -> bytes:
    """Run-length code of a 2-D uint8 array (row-major), compressed: what the journal stores."""
    return pack_runs(values.shape, *find_runs(values))


def decode_runs(code: bytes, *, most_pixels: int = 400_000_000) -> LabelMap:
    """The array that `encode_runs` was given. Raises DefectStudioError on damaged or oversized codes."""
    (height, width), lengths, values = unpack_runs(code, most_pixels=most_pixels)
    return np.repeat(values, lengths).reshape(height, width)


def unpack_runs(
    code: bytes, *, most_pixels: int = 400_000_000
) -> tuple[tuple[int, int], NDArray[np.uint32], NDArray[np.uint8]]:
    """Shape, lengths and values of the runs of a code: enough to count with. Raises as `decode_runs` does."""
    damaged = DefectStudioError("A stored label map is damaged.", hint="Run `defectstudio check` on the project.")
    try:
        raw = zlib.decompressobj().decompress(code, 12 + 5 * most_pixels)
        height, width, runs = (int(n) for n in np.frombuffer(raw, "<u4", 3))
    except (zlib.error, ValueError) as error:
        raise damaged from error
    if height * width > most_pixels or len(raw) != 12 + 5 * runs:
        raise damaged
    lengths = np.frombuffer(raw, "<u4", runs, 12)
    values = np.frombuffer(raw, np.uint8, runs, 12 + 4 * runs)
    if int(lengths.sum(dtype=np.int64)) != height * width:
        raise damaged
    return (height, width), lengths, values


def count_values(code: bytes) -> NDArray[np.int64]:
    """(256,) int64: how many pixels of a coded label map have each value."""
    _, lengths, values = unpack_runs(code)
    return np.bincount(values, weights=lengths, minlength=256).astype(np.int64)


def values_at(code: bytes, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The values of some pixels of a coded label map, (n,) uint8, without unfolding the rest of it."""
    (_, width), lengths, values = unpack_runs(code)
    ends = np.cumsum(lengths, dtype=np.int64)
    return values[np.searchsorted(ends, rows * width + columns, "right")]
