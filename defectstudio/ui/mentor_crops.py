"""Small pictures of detections with some ground around them, cut in the background and kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from defectstudio.domain.geometry import square_round
from defectstudio.domain.labels import Box, ImageId
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.state import ImageState
from defectstudio.ui.background import Background
from defectstudio.ui.display import IDENTITY, automatic, render
from defectstudio.ui.framed import framed
from defectstudio.ui.picture import PixelSource, coarsest_level

SIDE = 192
AROUND = 0.6
"""Ground on each side of a box, in parts of its longer side."""
LEAST_SIDE = 56
MOST_WAITING = 120
MOST_IN_MEMORY = 1500


def box_with_ground(box: Box, shape: tuple[int, int]) -> Box:
    """A square round a box with some ground, moved into the image; smaller only where the image is."""
    return square_round(box, shape, around=AROUND, least=LEAST_SIDE)


def cut_out(pixels: PixelSource, entry: ImageState, image: ImageId, box: Box, color: str) -> QImage:
    """The part of an image around a box, at most 192 pixels a side, with a frame round the box."""
    ground, level = box_with_ground(box, entry.shape), 0
    while max(ground.shape) >> (level + 1) >= SIDE and level < coarsest_level(entry.shape):
        level += 1
    stored = Box(*(side >> level for side in (ground.top, ground.left, ground.bottom, ground.right)))
    part = pixels.read(entry.info.shard, image, level, stored)
    whole = render(part, automatic(part) if entry.info.bits > 8 else IDENTITY)
    kept = Qt.AspectRatioMode.KeepAspectRatio
    small = whole.scaled(SIDE, SIDE, kept, Qt.TransformationMode.SmoothTransformation)
    scale = small.width() / ground.shape[1]
    place = QRectF((box.left - ground.left) * scale, (box.top - ground.top) * scale, *_sides(box, scale))
    painter = QPainter(small)
    for tone, width in ((QColor(0, 0, 0, 160), 5.0), (QColor(color), 3.0)):
        painter.setPen(QPen(tone, width))
        painter.drawRect(place.adjusted(-3, -3, 3, 3))
    painter.end()
    return small


def _sides(box: Box, scale: float) -> tuple[float, float]:
    return box.shape[1] * scale, box.shape[0] * scale


class Crops(QObject):
    """`get` gives what is there and has the rest cut; what is asked for last is cut first."""

    ready = Signal(str)
    """The detection whose picture can be had now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pixels: PixelSource | None = None
        self._images: Mapping[ImageId, ImageState] = {}
        self._made: OrderedDict[str, QPixmap] = OrderedDict()
        self._asked: set[str] = set()
        self._background: Background | None = None

    def open(self, pixels: PixelSource, images: Mapping[ImageId, ImageState]) -> None:
        """Cut from the images of a project."""
        self._pixels, self._images = pixels, images
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def close(self) -> None:
        """End the thread and let go of the project."""
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
        self._background, self._pixels, self._images = None, None, {}
        self._made.clear()
        self._asked.clear()

    def get(self, detection: Detection, color: str) -> QPixmap | None:
        """The picture of a detection, or None while it is being cut."""
        made = self._made.get(detection.id)
        if made is not None:
            self._made.move_to_end(detection.id)
        elif detection.id not in self._asked and self._background is not None and self._pixels is not None:
            self._asked.add(detection.id)
            entry = self._images[detection.image]
            work = partial(cut_out, self._pixels, entry, detection.image, detection.box, color)
            self._background.ask(detection.id, work, first=True)
            self._asked.difference_update(map(str, self._background.keep_newest(MOST_WAITING)))
        return made

    def _answered(self, key: str, small: QImage | None, _error: Exception | None) -> None:
        """A picture that cannot be cut stays away; the view says why when the detection is looked at."""
        if small is None:
            return
        self._asked.discard(key)
        self._made[key] = QPixmap.fromImage(small)
        while len(self._made) > MOST_IN_MEMORY:
            self._made.popitem(last=False)
        self.ready.emit(key)

    def draw(self, painter: QPainter, place: QRect, detection: Detection, color: str) -> None:
        """Draw the picture of a detection in a place, whole, with round corners."""
        picture = self.get(detection, color)
        with framed(painter, place, QSize() if picture is None else picture.size()) as target:
            if picture is not None:
                painter.drawPixmap(target, picture)
