"""Thumbnails under the heat map of the run that is shown, for lists; heat maps are read in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from defectstudio.data.predictions import Predictions
from defectstudio.domain.labels import ImageId
from defectstudio.ui.background import Background
from defectstudio.ui.framed import framed
from defectstudio.ui.overlay import heat_picture

HEAT_OPACITY = 0.6
LARGEST = 96
"""Heat maps are thinned out to about so many cells a side: a row shows no more."""
MOST_KEPT = 2000

Thumbnail = Callable[[ImageId], QPixmap | None]


def small_heat(predictions: Predictions, image: ImageId) -> QImage:
    """The heat map of an image as a small coloured picture."""
    heat = predictions.heat(image)
    step = max(1, max(heat.shape) // LARGEST)
    return heat_picture(heat[::step, ::step])


class HeatThumbnails(QObject):
    """What a list draws of an image: its thumbnail, and the heat of one run over it."""

    ready = Signal(int)
    """The image whose heat can be drawn now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thumbnail: Thumbnail = lambda _image: None
        self._predictions: Predictions | None = None
        self._known: dict[ImageId, QImage] = {}
        self._asked: set[ImageId] = set()
        self._background: Background | None = None

    def open(self, thumbnail: Thumbnail) -> None:
        """Take thumbnails from here."""
        self._thumbnail = thumbnail
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def close(self) -> None:
        """End the thread and let go of the project."""
        self.show_run(None)
        self._thumbnail = lambda _image: None
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
            self._background = None

    def show_run(self, predictions: Predictions | None) -> None:
        """Draw the heat of another run, or of none, from now on."""
        self._predictions = predictions
        self._known, self._asked = {}, set()
        if self._background is not None:
            self._background.forget_all()

    def thumbnail(self, image: ImageId) -> QPixmap | None:
        return self._thumbnail(image)

    def heat(self, image: ImageId) -> QImage | None:
        """The heat of an image, None while it is being read or where there is none."""
        source = self._predictions
        if image not in self._asked and source is not None and self._background is not None and image in source.scores:
            self._asked.add(image)
            self._background.ask((id(source), image), partial(small_heat, source, image), first=True)
        return self._known.get(image)

    def _answered(self, key: tuple[int, ImageId], heat: QImage | None, _error: Exception | None) -> None:
        """A heat map that cannot be read is missing here; the viewer says why when the image is opened."""
        source, image = key
        if heat is None or source != id(self._predictions):
            return
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
            self._asked = {image}
        self._known[image] = heat
        self.ready.emit(image)

    def draw(self, painter: QPainter, place: QRect, image: ImageId) -> None:
        """Draw an image in a place, whole, with its heat over it."""
        thumbnail, heat = self.thumbnail(image), self.heat(image)
        size = QSize() if thumbnail is None else thumbnail.deviceIndependentSize().toSize()
        with framed(painter, place, size) as target:
            if thumbnail is not None:
                painter.drawPixmap(target, thumbnail)
            if thumbnail is not None and heat is not None:
                painter.setOpacity(HEAT_OPACITY)
                painter.drawImage(QRectF(target), heat)
