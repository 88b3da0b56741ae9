"""Regions: what is drawn on the image, one row a connected region; a click finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from defectstudio.domain.labels import DefectClass, Origin
from defectstudio.ui.sections.common import SWATCH, Section, begin_row, draw_swatch, muted
from defectstudio.ui.theme import theme

if TYPE_CHECKING:
    from defectstudio.sessions.painting.regions import Region

REGION, COLOR, ABOUT = (Qt.ItemDataRole.UserRole + k for k in range(3))
HEIGHT = 38
LEAST_ROWS = 3


class RegionDelegate(QStyledItemDelegate):
    """Two lines: the class, and below it area, size and origin."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colors = theme().colors
        area, _chosen = begin_row(painter, option)
        place = QRectF(area.left() + 12, area.top() + 5, SWATCH - 3, SWATCH - 3)
        draw_swatch(painter, place, index.data(COLOR), colors.control_border)
        room = area.adjusted(33, 2, -8, -2)
        half = room.height() // 2
        lines = (
            (index.data(), colors.text, room.adjusted(0, 0, 0, -half)),
            (index.data(ABOUT), colors.muted, room.adjusted(0, half, 0, 0)),
        )
        for text, color, where in lines:
            painter.setPen(QColor(color))
            fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, fitting)
        painter.restore()


class RegionsSection(Section):
    """Emits `region_chosen` with a `Region`, or None."""

    region_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.list = QListWidget()
        self.list.setItemDelegate(RegionDelegate(self.list))
        self.list.setAccessibleName(self.tr("Regions drawn on this image"))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hint = muted(self.tr("Nothing is drawn here. Press B and paint over a defect, or drag a box with R."))
        self.column.addWidget(self.hint)
        self.column.addWidget(self.list)
        self.list.itemClicked.connect(self._chosen)
        self.list.itemActivated.connect(self._chosen)
        self.show_regions([], {})

    def arrange(self, buttons: Sequence[QToolButton]) -> None:
        """Small buttons for what can be done with the selected region."""
        for button in buttons:
            self._top.addWidget(button)

    def show_regions(self, regions: Sequence[Region], classes: Mapping[int, DefectClass], *, cut: bool = False) -> None:
        """The regions of the current image; `cut` when there are more than are listed."""
        self.list.clear()
        for region in regions:
            self.list.addItem(self._item(region, classes))
        count = f"{len(regions)}+" if cut else str(len(regions))
        self.heading.setText(self.tr("Regions ({0})").format(count) if regions else self.tr("Regions"))
        self.hint.setVisible(not regions)
        self.list.setVisible(bool(regions))
        # As high as its rows where there is room, and a few of them where there is not.
        self.list.setMinimumHeight(min(len(regions), LEAST_ROWS) * HEIGHT + 4)
        self.list.setMaximumHeight(len(regions) * HEIGHT + 4)

    def _item(self, region: Region, classes: Mapping[int, DefectClass]) -> QListWidgetItem:
        known = classes.get(region.index)
        item = QListWidgetItem(known.name if known else self.tr("class {0}").format(region.index))
        height, width = region.box.shape
        about = f"{QLocale().toString(region.area)} px · {width} × {height}"
        if region.origin is not None:
            about += f" · {self._origin(region.origin)}"
        item.setData(REGION, region)
        item.setData(COLOR, known.color if known else "#8a939e")
        item.setData(ABOUT, about)
        item.setToolTip(about)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {about}")
        return item

    def _origin(self, origin: Origin) -> str:
        words = {
            Origin.DRAWN: self.tr("drawn"),
            Origin.IMPORTED: self.tr("imported"),
            Origin.MENTORED: self.tr("mentored"),
            Origin.REFINED: self.tr("refined"),
            Origin.ACCEPTED: self.tr("accepted"),
        }
        return words[origin]

    def _chosen(self, item: QListWidgetItem) -> None:
        self.region_chosen.emit(item.data(REGION))

    def show_selected(self, row: int | None, column: int | None, index: int | None) -> None:
        """Mark the region that holds a pixel; the first of its class whose box does. Emits nothing."""
        self.list.setCurrentRow(-1)
        if row is None or column is None:
            return
        best: tuple[int, int] | None = None
        for number in range(self.list.count()):
            region: Region = self.list.item(number).data(REGION)
            box = region.box
            if region.index == index and box.top <= row < box.bottom and box.left <= column < box.right:
                best = min(best or (region.area, number), (region.area, number))
        if best is not None:
            self.list.setCurrentRow(best[1])
            self.list.scrollToItem(self.list.item(best[1]))
