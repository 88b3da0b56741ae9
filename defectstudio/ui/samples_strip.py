"""Small pictures of a few fixed images under the heat of the detector in training; a slider leads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from defectstudio.data.predictions import Scored
from defectstudio.domain.labels import ImageId
from defectstudio.domain.state import ImageState
from defectstudio.ui.overlay import heat_picture
from defectstudio.ui.samples_history import Sample, SampleHistory
from defectstudio.ui.sections.common import Section
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import decimal
from defectstudio.ui.words import VERDICT_ICONS, verdict_word

PICTURE, CAPTION = 92, 18
COLUMNS = 3
HEAT_OPACITY = 0.65

Thumbnail = Callable[[ImageId], QPixmap | None]


class SampleTile(QAbstractButton):
    """One image with its heat and score; a click asks for the image itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: ImageId | None = None
        self._score = 0.0
        self._heat = QImage()
        self._thumbnail: QPixmap | None = None
        self._role = "muted"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(96, PICTURE + CAPTION + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    def show_sample(self, sample: Sample, entry: ImageState, thumbnail: QPixmap | None) -> None:
        """Show what the detector sees in an image."""
        verdict = entry.tag.verdict
        self.image, self._score, self._role = sample.image, sample.score, VERDICT_ICONS[verdict][1]
        self._heat, self._thumbnail = heat_picture(sample.heat), thumbnail
        words = self.tr("{0}: {1}, score {2}")
        self.setAccessibleName(words.format(entry.info.name, verdict_word(verdict), decimal(sample.score, 3)))
        self.setToolTip(self.accessibleName())
        self.update()

    def show_thumbnail(self, thumbnail: QPixmap | None) -> None:
        """The image's own picture has arrived."""
        self._thumbnail = thumbnail
        self.update()

    def _place(self) -> QRect:
        """Where the picture lies: as large as fits, its sides in proportion."""
        room = QRect(2, 2, self.width() - 4, PICTURE)
        size = (self._thumbnail.deviceIndependentSize().toSize() if self._thumbnail else self._heat.size()).scaled(
            room.size(), Qt.AspectRatioMode.KeepAspectRatio
        )
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        return place

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors, place = QPainter(self), theme().colors, self._place()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(place, QColor(colors.canvas))
        if self._thumbnail is not None:
            painter.drawPixmap(place, self._thumbnail)
        painter.setOpacity(HEAT_OPACITY)
        painter.drawImage(QRectF(place), self._heat)
        painter.setOpacity(1.0)
        lively = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(colors.accent if lively else getattr(colors, self._role)), 2))
        painter.drawRect(place.adjusted(-1, -1, 1, 1))
        painter.setPen(QColor(colors.text))
        caption = QRect(0, PICTURE + 4, self.width(), CAPTION)
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, decimal(self._score, 3))
        painter.end()


class SamplesStrip(Section):
    """The newest epoch unless the slider was moved back; emits `image_wanted` for the image that is clicked."""

    image_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("What it sees now"))
        self._images: Mapping[ImageId, ImageState] = {}
        self._thumbnail: Thumbnail = lambda _image: None
        self._history = SampleHistory()
        self.tiles: list[SampleTile] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Epoch whose samples are shown"))
        self.slider.setToolTip(self.slider.accessibleName())
        self.epoch = QLabel()
        self.epoch.setProperty("role", "muted")
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self.epoch)
        self.column.addLayout(self._grid)
        self.column.addLayout(row)
        self.slider.valueChanged.connect(self._show_step)

    def show_source(self, images: Mapping[ImageId, ImageState], thumbnail: Thumbnail) -> None:
        """Take names, tags and pictures of images from here."""
        self._images, self._thumbnail = images, thumbnail
        self.clear()

    def clear(self) -> None:
        """Forget the samples of an earlier training."""
        self._history = SampleHistory()
        for tile in self.tiles:
            tile.hide()
        self.slider.setRange(0, 0)

    @property
    def steps(self) -> int:
        """How many epochs there are samples of."""
        return len(self._history.steps)

    def add(self, epoch: int, scored: Sequence[Scored]) -> None:
        """The samples at the end of an epoch; shown at once unless the user looks at an older one."""
        newest = self.slider.value() == self.slider.maximum()
        self._history.add(epoch, scored)
        self.slider.blockSignals(True)
        self.slider.setRange(0, self.steps - 1)
        if newest:
            self.slider.setValue(self.steps - 1)
        self.slider.blockSignals(False)
        self._show_step()

    def _show_step(self) -> None:
        if not self.steps:
            return
        epoch, samples = self._history.steps[min(self.slider.value(), self.steps - 1)]
        known = [sample for sample in samples if sample.image in self._images]
        while len(self.tiles) < len(known):
            self._make_tile()
        for number, tile in enumerate(self.tiles):
            tile.setVisible(number < len(known))
            if number < len(known):
                image = known[number].image
                tile.show_sample(known[number], self._images[image], self._thumbnail(image))
        self.epoch.setText(self.tr("epoch {0}").format(epoch))

    def _make_tile(self) -> None:
        tile, number = SampleTile(), len(self.tiles)
        tile.clicked.connect(lambda: self.image_wanted.emit(tile.image))
        self.tiles.append(tile)
        self._grid.addWidget(tile, number // COLUMNS, number % COLUMNS)

    def thumbnail_ready(self, image: ImageId) -> None:
        """The picture of an image can be had now."""
        for tile in self.tiles:
            if tile.image == image and tile.isVisibleTo(self):
                tile.show_thumbnail(self._thumbnail(image))
