"""The gallery: every image with thumbnail, tag, split and score; filters, search and order above the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.ui.gallery_model import ANY, Filter, GalleryModel, Row
from defectstudio.ui.theme import Colors, theme

ROW_HEIGHT = 68
THUMB = 52
VERDICT_ICONS = {
    Verdict.GOOD: ("tag-good", "good"),
    Verdict.DEFECTIVE: ("tag-defective", "defective"),
    Verdict.UNLABELLED: ("tag-unlabelled", "unlabelled"),
}


class RowDelegate(QStyledItemDelegate):
    """Draws one row: thumbnail, name, tag as icon and word, split, score as number and bar."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(GalleryModel.RowRole)
        colors = theme().colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area: QRect = option.rect.adjusted(4, 2, -4, -2)
        self._paint_back(painter, area, option.state, colors)
        thumb = QRect(area.left() + 8, area.center().y() - THUMB // 2, THUMB, THUMB)
        self._paint_thumbnail(painter, thumb, row.thumbnail, colors)
        text = QRect(thumb.right() + 11, area.top() + 9, area.right() - thumb.right() - 22, area.height() - 18)
        self._paint_text(painter, text, row, colors)
        painter.restore()

    def _paint_back(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, colors: Colors) -> None:
        selected, hover = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
        if state & (selected | hover):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.selection if state & selected else colors.hover))
            painter.drawRoundedRect(area, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_thumbnail(self, painter: QPainter, place: QRect, thumb: QPixmap | None, colors: Colors) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.canvas))
        painter.drawRoundedRect(place, 5, 5)
        if thumb is None:
            return
        size = thumb.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(place.center())
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(place), 5, 5)
        painter.save()
        painter.setClipPath(shape)
        painter.drawPixmap(target, thumb)
        painter.restore()

    def _paint_text(self, painter: QPainter, place: QRect, row: Row, colors: Colors) -> None:
        metrics, line = painter.fontMetrics(), place.height() // 2
        painter.setPen(QColor(colors.text))
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, place.width())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place.adjusted(0, 0, 0, -line), left, name)
        below = place.adjusted(0, line, 0, 0)
        icon, role = VERDICT_ICONS[row.verdict]
        theme().icon(icon, role).paint(painter, below.left(), below.center().y() - 7, 15, 15)
        score_width = 0
        if row.score is not None:
            score_width = metrics.horizontalAdvance("0.00") + 48
            self._paint_score(painter, below.adjusted(below.width() - score_width, 0, 0, 0), row.score, colors)
        words = " · ".join(part for part in (self._word(row.verdict), row.split) if part)
        painter.setPen(QColor(getattr(colors, role)))
        room = below.adjusted(21, 0, -score_width - 4, 0)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, left, words)

    def _paint_score(self, painter: QPainter, place: QRect, score: float, colors: Colors) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colors.text))
        painter.drawText(place, right, f"{score:.2f}")
        bar = QRectF(place.left(), place.center().y() - 1.5, 40, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.border))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(5.0, bar.width() * score), bar.height()), 2.5, 2.5)

    def _word(self, verdict: Verdict) -> str:
        words = {
            Verdict.GOOD: self.tr("Good"),
            Verdict.DEFECTIVE: self.tr("Defective"),
            Verdict.UNLABELLED: self.tr("Unlabelled"),
        }
        return words[verdict]


class Gallery(QWidget):
    """The list and its filters. Emits what the user chose; is told what to show."""

    image_chosen = Signal(int)
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = GalleryModel(self)
        self.list = self._make_list()
        self.search = QLineEdit(placeholderText=self.tr("Search by name"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search images by name"))
        self.verdict = self._choice(self.tr("Show images with this tag"))
        self.split = self._choice(self.tr("Show images of this split"))
        self.order = self._choice(self.tr("Order of the images"))
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._empty.setProperty("role", "muted")
        self._empty.setContentsMargins(24, 24, 24, 24)
        self._fill_choices()
        self._lay_out()
        self.search.textChanged.connect(self._filter_changed)
        for box in (self.verdict, self.split, self.order):
            box.currentIndexChanged.connect(self._filter_changed)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.model.modelReset.connect(self._count_shown)
        theme().changed.connect(self._repaint)
        self._count_shown()

    def _repaint(self) -> None:
        self.list.viewport().update()

    def _make_list(self) -> QListView:
        view = QListView(uniformItemSizes=True)
        view.setMouseTracking(True)
        view.setModel(self.model)
        view.setItemDelegate(RowDelegate(view))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.setBatchSize(2000)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAccessibleName(self.tr("Images"))
        return view

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox(
            minimumContentsLength=6, sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        box.setAccessibleName(name)
        box.setToolTip(name)
        return box

    def _fill_choices(self) -> None:
        self.verdict.addItem(self.tr("All tags"), ANY)
        self.verdict.addItem(self.tr("Good"), Verdict.GOOD.value)
        self.verdict.addItem(self.tr("Defective"), Verdict.DEFECTIVE.value)
        self.verdict.addItem(self.tr("Unlabelled"), Verdict.UNLABELLED.value)
        self.split.addItem(self.tr("All splits"), ANY)
        self.order.addItem(self.tr("By name"), "name")
        self.order.addItem(self.tr("By score"), "score")
        self.order.addItem(self.tr("By doubt"), "doubt")

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(8, 4, 8, 4)
        top.setSpacing(6)
        top.addWidget(self.search)
        choices = QHBoxLayout()
        choices.setSpacing(6)
        choices.addWidget(self.verdict)
        choices.addWidget(self.split)
        top.addLayout(choices)
        last = QHBoxLayout()
        last.addWidget(self.count, 1)
        last.addWidget(self.order)
        top.addLayout(last)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(top)
        whole.addLayout(self._stack, 1)

    def show_images(self, images: Mapping[ImageId, ImageState], thumbnail: Callable[[ImageId], QPixmap | None]) -> None:
        """Show a project's images; call again when images came or went."""
        chosen = self.current
        self.model.show_images(images, thumbnail)
        self._show_splits()
        self.select(chosen)

    def _show_splits(self) -> None:
        before = self.split.currentData()
        self.split.blockSignals(True)
        self.split.clear()
        self.split.addItem(self.tr("All splits"), ANY)
        for name in self.model.splits():
            self.split.addItem(name or self.tr("No split"), name)
        at = self.split.findData(before)
        self.split.setCurrentIndex(max(at, 0))
        self.split.blockSignals(False)
        if at < 0:
            self._filter_changed()

    def show_scores(self, scores: Mapping[ImageId, float]) -> None:
        """Show the scores of the chosen run."""
        chosen = self.current
        self.model.show_scores(scores)
        self.select(chosen)

    def _filter_changed(self) -> None:
        chosen = self.current
        self.model.apply(
            replace(
                Filter(),
                verdict=self.verdict.currentData(),
                split=self.split.currentData(),
                text=self.search.text().strip(),
                order=self.order.currentData(),
            )
        )
        self.select(chosen)

    def _count_shown(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        self.count.setText(self.tr("{0} images").format(f"{total:,}") if shown == total else f"{shown:,} / {total:,}")
        self._empty.setText(
            self.tr("No image passes the filters.\nChange or clear them above.")
            if total
            else self.tr("No images yet.\nImport a folder with Ctrl+I.")
        )
        self._stack.setCurrentIndex(0 if shown else 1)

    def _current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.image_chosen.emit(self.model.image_at(index.row()))

    @property
    def current(self) -> ImageId | None:
        """The image the list stands on."""
        index = self.list.currentIndex()
        return self.model.image_at(index.row()) if index.isValid() else None

    @property
    def selected(self) -> list[ImageId]:
        """All images marked in the list, in its order."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [self.model.image_at(row) for row in rows]

    def select(self, image: ImageId | None) -> None:
        """Stand on an image, when it is shown."""
        row = self.model.row_of(image)
        if row is not None:
            self._go(row)

    def _go(self, row: int) -> None:
        index = self.model.index(row)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    def step(self, by: int) -> None:
        """Go so many rows on (or back), stopping at the ends; to the first row when on none."""
        rows, index = self.model.rowCount(), self.list.currentIndex()
        if rows:
            self._go(min(max(index.row() + by, 0), rows - 1) if index.isValid() else 0)

    def step_to_unlabelled(self, direction: int) -> bool:
        """Go to the nearest unlabelled image after (1) or before (-1) this one; False when there is none."""
        row = self.list.currentIndex().row() + direction
        while 0 <= row < self.model.rowCount():
            if self.model.verdict_at(row) is Verdict.UNLABELLED:
                self._go(row)
                return True
            row += direction
        return False

    def neighbours(self, image: ImageId) -> Sequence[ImageId]:
        """The images that are likely to be wanted next: two after, one before."""
        row = self.model.row_of(image)
        if row is None:
            return []
        rows = (row + 1, row - 1, row + 2)
        return [self.model.image_at(r) for r in rows if 0 <= r < self.model.rowCount()]
