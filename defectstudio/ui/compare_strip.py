"""The images on which runs differ, side by side in a strip: picture, tag, and each run's score with right or wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from defectstudio.app.compared import Comparison, DifferingImage
from defectstudio.domain.labels import ImageId
from defectstudio.ui.compare_words import image_said, verdict_of
from defectstudio.ui.sections.common import begin_row, muted
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import decimal, number
from defectstudio.ui.words import VERDICT_ICONS

PICTURE, LINE, PAD, ICON = 64, 18, 6, 13
SCORE = 46
NARROWEST = 118
RowRole = Qt.ItemDataRole.UserRole + 1
NO_INDEX = QModelIndex()
Thumbnail = Callable[[ImageId], QPixmap | None]
Index = QModelIndex | QPersistentModelIndex


class StripModel(QAbstractListModel):
    """The differing images of one comparison."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.images: list[DifferingImage] = []
        self.runs: list[str] = []
        self._titles: list[str] = []
        self.thumbnail: Thumbnail = lambda _image: None

    def show(self, comparison: Comparison | None, thumbnail: Thumbnail) -> None:
        """Show these; None for none."""
        self.beginResetModel()
        self.images = comparison.differing if comparison else []
        self.runs = [run.run for run in comparison.runs] if comparison else []
        self._titles = [run.title for run in comparison.runs] if comparison else []
        self.thumbnail = thumbnail
        self.endResetModel()

    def row_of(self, image: ImageId | None) -> int | None:
        """The row of an image."""
        return next((k for k, one in enumerate(self.images) if one.image == image), None)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.images)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        image = self.images[index.row()]
        if role == RowRole:
            return image
        if role == Qt.ItemDataRole.DisplayRole:
            return image.name
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return image_said(image, self.runs, self._titles)
        return None


class TileDelegate(QStyledItemDelegate):
    """One image: its picture, its tag and name, then the score of each run with a sign for right or wrong."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        image: DifferingImage = index.data(RowRole)
        return QSize(max(NARROWEST, SCORE * len(image.scores) + 2 * PAD), PICTURE + 2 * LINE + 3 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, image = index.model(), index.data(RowRole)
        assert isinstance(model, StripModel)
        area, _ = begin_row(painter, option)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRect(area.left() + PAD, area.top() + PAD, area.width() - 2 * PAD, PICTURE)
        _draw_picture(painter, room, model.thumbnail(image.image))
        line = QRect(room.left(), room.bottom() + 2, room.width(), LINE)
        icon, role = VERDICT_ICONS[verdict_of(image)]
        theme().icon(icon, role).paint(painter, line.left(), line.center().y() - ICON // 2, ICON, ICON)
        words = line.adjusted(ICON + 4, 0, 0, 0)
        painter.setPen(QColor(theme().colors.text))
        name = painter.fontMetrics().elidedText(image.name, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
        _draw_scores(painter, line.translated(0, LINE), image, model.runs)
        painter.restore()


def _draw_picture(painter: QPainter, room: QRect, thumbnail: QPixmap | None) -> None:
    painter.fillRect(room, QColor(theme().colors.canvas))
    if thumbnail is not None:
        size = thumbnail.deviceIndependentSize().toSize().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        painter.drawPixmap(place, thumbnail)


def _draw_scores(painter: QPainter, line: QRect, image: DifferingImage, runs: Sequence[str]) -> None:
    colors, wide = theme().colors, line.width() // len(runs)
    for place, (run, score) in enumerate(zip(runs, image.scores, strict=True)):
        right = run in image.right
        sign = "" if image.truth == "unlabelled" else "✓ " if right else "✗ "
        painter.setPen(QColor(colors.muted if not sign else colors.good if right else colors.defective))
        cell = QRect(line.left() + place * wide, line.top(), wide, line.height())
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, f"{sign}{decimal(score, 2)}")


class CompareStrip(QFrame):
    """Emits `image_wanted` when the user moves to an image."""

    image_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.model = StripModel(self)
        self.title = muted()
        self.list = QListView(uniformItemSizes=True)
        self.list.setModel(self.model)
        self.list.setItemDelegate(TileDelegate(self.list))
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Images on which the runs differ"))
        self.list.setFixedHeight(PICTURE + 2 * LINE + 3 * PAD + 14)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 2)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.list)
        self.list.selectionModel().currentChanged.connect(self._moved)
        theme().changed.connect(self._tint)

    def _tint(self) -> None:
        self.list.viewport().update()

    def show_comparison(self, comparison: Comparison | None, thumbnail: Thumbnail) -> None:
        """The images of a comparison, none of them chosen."""
        self.list.selectionModel().blockSignals(True)
        self.model.show(comparison, thumbnail)
        self.list.selectionModel().blockSignals(False)
        self.title.setText("" if comparison is None else self._words(comparison))
        self.list.setVisible(bool(self.model.images))

    def _words(self, comparison: Comparison) -> str:
        if not comparison.differing:
            return self.tr("The runs rank and call all images alike.")
        text = self.tr("{0} images are called differently; then those whose ranks differ most.")
        return text.format(number(comparison.contested))

    def thumbnail_ready(self, image: ImageId) -> None:
        """The picture of an image can be had now."""
        row = self.model.row_of(image)
        if row is not None:
            self.list.update(self.model.index(row))

    @property
    def current(self) -> DifferingImage | None:
        """The image on which the strip stands."""
        index = self.list.currentIndex()
        return self.model.images[index.row()] if index.isValid() else None

    def step(self, by: int) -> None:
        """Go to the next image, or the one before; from nowhere to the first."""
        index = self.list.currentIndex()
        row = index.row() + by if index.isValid() else 0
        if self.model.images:
            self.list.setCurrentIndex(self.model.index(min(max(row, 0), len(self.model.images) - 1)))

    def _moved(self, index: QModelIndex) -> None:
        if index.isValid():
            self.image_wanted.emit(self.model.images[index.row()].image)
