"""An image as the viewer holds it: whole at a moderate size, and sharper parts where it is zoomed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from defectstudio.data.images import CHUNK, LARGEST_WITHOUT_PYRAMID, halve
from defectstudio.data.snapshot import Pixels
from defectstudio.domain.labels import Box, ImageId
from defectstudio.domain.state import ImageState
from defectstudio.ui.display import Mapping, automatic

SMALLEST_SIDE = 256


class PixelSource(Protocol):
    """Pixels from any thread, as `data.images.PixelStore` gives them."""

    def read(self, shard: str, image: ImageId, level: int = 0, box: Box | None = None) -> Pixels: ...


def coarsest_level(shape: tuple[int, int]) -> int:
    """The last level of the stored pyramid of an image: the first of at most 2048 pixels a side."""
    level = 0
    while max(shape) >> level > LARGEST_WITHOUT_PYRAMID:
        level += 1
    return level


@dataclass(frozen=True, slots=True)
class Picture:
    """One image: its full `shape` (height, width), and `levels[k]` at half size to the power of `first + k`."""

    image: ImageId
    shape: tuple[int, int]
    bits: int
    first: int
    levels: tuple[Pixels, ...]
    auto: Mapping

    @property
    def nbytes(self) -> int:
        return sum(level.nbytes for level in self.levels)

    def level_for(self, scale: float) -> int:
        """The coarsest level, 0 the largest, that still has a pixel for each screen pixel at this scale (0..n)."""
        level = 0
        while scale * 2 ** (level + 1) <= 1 and level < self.first + len(self.levels) - 1:
            level += 1
        return level


def load_picture(pixels: PixelSource, image: ImageId, entry: ImageState) -> Picture:
    """Read an image at the pyramid level of at most 2048 pixels a side, and halve it down for zooming out."""
    shard = entry.info.shard
    first = coarsest_level(entry.shape)
    levels = [pixels.read(shard, image, first)]
    auto = automatic(levels[0])
    while max(levels[-1].shape[:2]) > SMALLEST_SIDE and min(levels[-1].shape[:2]) >= 2:
        levels.append(halve(levels[-1]))
    return Picture(image, entry.shape, entry.info.bits, first, tuple(levels), auto)


@dataclass(frozen=True, slots=True)
class DetailWish:
    """A part of an image at a level finer than its picture; `box` in pixels of that level."""

    image: ImageId
    level: int
    box: Box

    def covers(self, other: DetailWish) -> bool:
        """Whether this part shows all of the other at the same level."""
        mine, theirs = self.box, other.box
        return (
            (self.image, self.level) == (other.image, other.level)
            and mine.top <= theirs.top
            and mine.left <= theirs.left
            and mine.bottom >= theirs.bottom
            and mine.right >= theirs.right
        )


@dataclass(frozen=True, slots=True)
class Detail:
    """The answer to a `DetailWish`."""

    wish: DetailWish
    pixels: Pixels


def wish_for(picture: Picture, level: int, visible: Box) -> DetailWish:
    """The stored chunks that hold the visible part (image pixels) at a level."""
    step, height, width = 2**level, picture.shape[0] >> level, picture.shape[1] >> level
    box = Box(
        visible.top // step // CHUNK * CHUNK,
        visible.left // step // CHUNK * CHUNK,
        min(-(-visible.bottom // step // CHUNK) * CHUNK, height),
        min(-(-visible.right // step // CHUNK) * CHUNK, width),
    )
    return DetailWish(picture.image, level, box)


def load_detail(pixels: PixelSource, entry: ImageState, wish: DetailWish) -> Detail:
    """Read a part of a large image."""
    return Detail(wish, pixels.read(entry.info.shard, wish.image, wish.level, wish.box))
