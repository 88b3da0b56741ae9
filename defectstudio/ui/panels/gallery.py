"""The gallery: every image with thumbnail, tag, state, split and score; filters, search and order above the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.labels import ImageId, Status, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.ui.counted_box import CountedBox
from defectstudio.ui.gallery_model import ANY, Filter, GalleryModel
from defectstudio.ui.panels.gallery_rows import RowDelegate
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import number
from defectstudio.ui.words import STATUS_ICONS, VERDICT_ICONS, split_word, status_word, verdict_word


def runs_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending rows as stretches without gaps, (first, last) each: few to tell a view, however many rows there are."""
    stretches: list[tuple[int, int]] = []
    for row in rows:
        if stretches and stretches[-1][1] == row - 1:
            stretches[-1] = (stretches[-1][0], row)
        else:
            stretches.append((row, row))
    return stretches


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
        self.verdict = CountedBox(self.tr("Show images with this tag"))
        self.status = CountedBox(self.tr("Show images in this state of work"))
        self.split = CountedBox(self.tr("Show images of this split"))
        self.order = CountedBox(self.tr("Order of the images"))
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._empty.setProperty("role", "muted")
        self.way_out = QPushButton()
        self.way_out.clicked.connect(self._use_way_out)
        self._fill_choices()
        self._lay_out()
        self.search.textChanged.connect(self._filter_changed)
        for box in (self.verdict, self.status, self.split):
            box.opening.connect(self._count_choices)
        for box in (self.verdict, self.status, self.split, self.order):
            box.currentIndexChanged.connect(self._filter_changed)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.model.modelReset.connect(self._count_shown)
        theme().changed.connect(self._tint)
        self._tint()
        self._count_shown()

    def _tint(self) -> None:
        self.list.viewport().update()
        for box, icons in ((self.verdict, VERDICT_ICONS), (self.status, STATUS_ICONS)):
            for value, (icon, role) in icons.items():
                box.setItemIcon(box.findData(value.value), theme().icon(icon, role))

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

    def _fill_choices(self) -> None:
        self.verdict.addItem(self.tr("All tags"), ANY)
        for verdict in (Verdict.GOOD, Verdict.DEFECTIVE, Verdict.UNLABELLED):
            self.verdict.addItem(verdict_word(verdict), verdict.value)
        self.status.addItem(self.tr("All states"), ANY)
        for status in Status:
            self.status.addItem(status_word(status), status.value)
        self.split.addItem(self.tr("All splits"), ANY)
        self.order.addItem(self.tr("By name"), "name")
        self.order.addItem(self.tr("By score"), "score")
        self.order.addItem(self.tr("By doubt"), "doubt")
        self.order.addItem(self.tr("By state"), "status")

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setSpacing(6)
        choices.addWidget(self.verdict, 0, 0)
        choices.addWidget(self.status, 0, 1)
        choices.addWidget(self.split, 1, 0)
        choices.addWidget(self.order, 1, 1)
        for column in (0, 1):
            choices.setColumnStretch(column, 1)
        top = QVBoxLayout()
        top.setContentsMargins(8, 4, 8, 2)
        top.setSpacing(6)
        top.addWidget(self.search)
        top.addLayout(choices)
        top.addWidget(self.count)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty_state())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(top)
        whole.addLayout(self._stack, 1)

    def _empty_state(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.way_out)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addLayout(row)
        column.addStretch(2)
        return page

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
        for name in sorted(self.model.counts().splits):
            self.split.addItem(split_word(name), name)
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
            Filter(
                verdict=self.verdict.currentData(),
                status=self.status.currentData(),
                split=self.split.currentData(),
                text=self.search.text().strip(),
                order=self.order.currentData(),
            )
        )
        self.select(chosen)

    def _count_choices(self) -> None:
        """Say how many images each choice of the filters has; counted when one of them is opened."""
        counts = self.model.counts()
        for box, count in (
            (self.verdict, counts.verdicts),
            (self.status, counts.statuses),
            (self.split, counts.splits),
        ):
            box.show_counts({ANY: self.model.total, **count})

    def _count_shown(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        self.count.setText(
            self.tr("%Ln image(s)", "", total)
            if shown == total
            else self.tr("{0} of {1} images").format(number(shown), number(total))
        )
        self._empty.setText(
            self.tr("No image passes the filters.")
            if total
            else self.tr("No images yet. Import a folder with Ctrl+I, or drop one onto the window.")
        )
        self.way_out.setText(self.tr("Show all images") if total else self.tr("Import images…"))
        self._stack.setCurrentIndex(0 if shown else 1)

    def _use_way_out(self) -> None:
        if self.model.total:
            self.show_all()
        else:
            self.import_requested.emit()

    def show_all(self) -> None:
        """Clear search and filters."""
        self.search.clear()
        for box in (self.verdict, self.status, self.split):
            box.setCurrentIndex(0)

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

    def reach(self, image: ImageId) -> None:
        """Stand on an image, also where the list was filtered without it."""
        if self.model.row_of(image) is None:
            self.show_all()
        self.select(image)

    def select_images(self, images: Sequence[ImageId]) -> None:
        """Mark these images, standing on the first of them; nothing where there is none."""
        if any(self.model.row_of(image) is None for image in images):
            self.show_all()
        rows = sorted(row for image in images if (row := self.model.row_of(image)) is not None)
        if not rows:
            return
        self._go(rows[0])
        chosen = QItemSelection()
        for first, last in runs_of(rows):
            chosen.append(QItemSelectionRange(self.model.index(first), self.model.index(last)))
        self.list.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

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
