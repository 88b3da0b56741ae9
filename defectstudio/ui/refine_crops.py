"""The pixels of patches, cut from their images in the background: an answer is shown at once, pictures as they come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from defectstudio.domain.labels import Box, ImageId
from defectstudio.domain.refinement import Patch
from defectstudio.domain.state import ImageState
from defectstudio.ui.background import Background
from defectstudio.ui.display import IDENTITY, automatic, render
from defectstudio.ui.picture import PixelSource

REACH = 1.5
"""So many patch sides around the centre are cut out: a shifted patch is in the picture still."""
MOST_KEPT = 400


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of an image, ready to be painted; its first pixel lies at `at` (row, column)."""

    picture: QImage
    at: tuple[int, int]


def crop_box(patch: Patch, side: int, shape: tuple[int, int]) -> Box:
    """The pixels around a patch that are cut out, inside the image (height, width)."""
    reach = round(REACH * side)
    return Box(
        max(0, patch.row - reach),
        max(0, patch.column - reach),
        min(shape[0], patch.row + reach + 1),
        min(shape[1], patch.column + reach + 1),
    )


def cut(pixels: PixelSource, patch: Patch, side: int, entry: ImageState) -> Crop:
    """Read a patch with what lies around it. 16-bit images are stretched, as the viewer does with them."""
    box = crop_box(patch, side, entry.shape)
    found = pixels.read(entry.info.shard, patch.image, 0, box)
    return Crop(render(found, automatic(found) if entry.info.bits > 8 else IDENTITY), (box.top, box.left))


class PatchPictures(QObject):
    """Patches of one project; those asked for last are kept."""

    ready = Signal(object)
    """The `Patch` whose picture can be had now."""

    def __init__(self, pixels: PixelSource, images: Mapping[ImageId, ImageState], side: int, parent: QObject) -> None:
        super().__init__(parent)
        self._pixels, self._images, self.side = pixels, images, side
        self._kept: OrderedDict[Patch, Crop] = OrderedDict()
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def look_at(self, images: Mapping[ImageId, ImageState]) -> None:
        """Read from these images from now on; what was read is kept."""
        self._images = images

    def get(self, patch: Patch) -> Crop | None:
        """The picture of a patch; None while it is read, announced by `ready`."""
        made = self._kept.get(patch)
        if made is not None:
            self._kept.move_to_end(patch)
            return made
        self._background.ask(patch, partial(cut, self._pixels, patch, self.side, self._images[patch.image]))
        return None

    def _answered(self, patch: Patch, crop: Crop | None, _error: Exception | None) -> None:
        if crop is None:
            return  # the viewer, which stands below, says what is wrong with the image
        self._kept[patch] = crop
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(patch)

    def stop(self) -> None:
        """End the thread."""
        self._background.stop()
