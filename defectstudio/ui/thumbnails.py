"""Thumbnails, made in the background, kept as PNG in the project's cache, and a few thousand of them in memory.

The file is named by the image's SHA-256, so that a cache can be deleted, or shared by equal images, at any time.
"""

from __future__ import annotations

import logging
import os
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from defectstudio.domain.labels import ImageId
from defectstudio.domain.state import ImageState
from defectstudio.ui.background import Background
from defectstudio.ui.display import IDENTITY, automatic, render
from defectstudio.ui.picture import PixelSource, coarsest_level

log = logging.getLogger(__name__)

FOLDER = "thumbs"
SIDE = 128
MOST_WAITING = 60
MOST_IN_MEMORY = 1500


def thumbnail_file(folder: Path, sha256: str) -> Path:
    """Where the thumbnail of an image is kept."""
    return folder / f"{sha256[:32]}.png"


def stored_thumbnail(cache_folder: Path, sha256: str) -> QImage:
    """The thumbnail of an image of a project that is not open; null when there is none."""
    path = thumbnail_file(cache_folder / FOLDER, sha256)
    return QImage(str(path)) if sha256 and path.is_file() else QImage()


def make_thumbnail(pixels: PixelSource, image: ImageId, entry: ImageState, folder: Path, *, write: bool) -> QImage:
    """The stored thumbnail, or a new one of at most 128 pixels a side, stored when the cache may be written."""
    path = thumbnail_file(folder, entry.info.sha256)
    stored = QImage(str(path))
    if not stored.isNull():
        return stored
    shard = entry.info.shard
    coarse = pixels.read(shard, image, coarsest_level(entry.shape))
    step = max(1, max(coarse.shape[:2]) // (4 * SIDE))
    coarse = coarse[::step, ::step]
    picture = render(coarse, automatic(coarse) if entry.info.bits > 8 else IDENTITY)
    kept = Qt.AspectRatioMode.KeepAspectRatio
    small = picture.scaled(SIDE, SIDE, kept, Qt.TransformationMode.SmoothTransformation)
    if write:
        _store(small, path)
    return small


def _store(small: QImage, path: Path) -> None:
    """Write by renaming, so that a half-written file is never read; a cache that cannot be written is no error."""
    temporary = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if small.save(str(temporary), "PNG"):  # type: ignore[call-overload]
            temporary.replace(path)
    except OSError as error:
        log.warning("The thumbnail %s cannot be kept: %s", path.name, error)


class Thumbnails(QObject):
    """Thumbnails of one project: `get` gives what is there and has the rest made."""

    ready = Signal(int)
    """The image whose thumbnail can be had now."""

    def __init__(
        self,
        pixels: PixelSource,
        images: Mapping[ImageId, ImageState],
        cache_folder: Path,
        parent: QObject,
        *,
        write: bool,
    ) -> None:
        super().__init__(parent)
        self._pixels, self._images, self._write = pixels, images, write
        self._folder = cache_folder / FOLDER
        self._made: OrderedDict[ImageId, QPixmap] = OrderedDict()
        self._asked: set[ImageId] = set()
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def get(self, image: ImageId) -> QPixmap | None:
        """The thumbnail, or None while it is being made; what is asked for last is made first."""
        made = self._made.get(image)
        if made is not None:
            self._made.move_to_end(image)
        elif image not in self._asked:
            self._ask(image)
        return made

    def _ask(self, image: ImageId) -> None:
        work = partial(make_thumbnail, self._pixels, image, self._images[image], self._folder, write=self._write)
        self._asked.add(image)
        self._background.ask(image, work, first=True)
        self._asked.difference_update(self._background.keep_newest(MOST_WAITING))

    def _answered(self, image: ImageId, small: QImage | None, _error: Exception | None) -> None:
        if small is None:
            return  # the viewer says what is wrong when the image is opened; asking again would not help
        self._asked.discard(image)
        self._made[image] = QPixmap.fromImage(small)
        while len(self._made) > MOST_IN_MEMORY:
            self._made.popitem(last=False)
        self.ready.emit(image)

    def stop(self) -> None:
        """End the thread."""
        self._background.stop()
