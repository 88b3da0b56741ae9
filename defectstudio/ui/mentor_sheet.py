"""The contact sheet: all waiting detections as tiles, many chosen at once, one verdict for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from defectstudio.ui.mentor_buttons import BigButton, VerdictBar
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_rows import DetectionRow, DetectionsList, TileDelegate
from defectstudio.ui.mentor_words import waiting_said
from defectstudio.ui.sections.common import muted

TILE, TILE_TOUCH = 124, 168
ORDERS = ("queue", "confidence", "class", "image")


def order_key(order: str) -> Callable[[DetectionRow], object]:
    """By what the tiles stand: the surest first, or what belongs together side by side."""
    keys: dict[str, Callable[[DetectionRow], object]] = {
        "confidence": lambda row: (-row.detection.confidence, row.detection.id),
        "class": lambda row: (row.detection.class_index, -row.detection.confidence),
        "image": lambda row: (row.image, row.detection.box.top),
    }
    return keys[order]


class Sheet(QWidget):
    """Emits `opened` for the detection that shall be looked at closely."""

    opened = Signal(str)
    chosen_changed = Signal()

    def __init__(self, crops: Crops, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[DetectionRow] = []
        self.order = QComboBox()
        for key, word in zip(
            ORDERS,
            (self.tr("As queued"), self.tr("The surest first"), self.tr("By class"), self.tr("By image")),
            strict=True,
        ):
            self.order.addItem(word, key)
        self.order.setAccessibleName(self.tr("Order of the tiles"))
        self.order.setToolTip(self.order.accessibleName())
        self.all = QPushButton(self.tr("Choose all"))
        self.count = muted()
        self.list = DetectionsList(crops, self.tr("Detections that wait for a verdict"))
        self.list.as_tiles()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tiles = TileDelegate(crops, self.list, side=TILE)
        self.list.setItemDelegate(self.tiles)
        self.empty = muted()
        self.bar = VerdictBar(button)
        self._lay_out()
        self.all.clicked.connect(self.list.selectAll)
        self.order.currentIndexChanged.connect(self._arrange)
        self.list.doubleClicked.connect(self._open)
        self.list.selectionModel().selectionChanged.connect(self._chosen_changed)
        for one in self.bar.verdicts:
            one.setVisible(self._fits(one))
        self.bar.show_classes({}, None)
        self.set_touch(False)

    @staticmethod
    def _fits(button: BigButton) -> bool:
        """What is said of one detection in its image needs that image."""
        return button.objectName().rpartition(".")[2] not in {"draw", "missed", "good"}

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.order)
        top.addWidget(self.all)
        top.addWidget(self.count, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addWidget(self.bar)

    def set_touch(self, touch: bool) -> None:
        """Tiles and buttons for gloves; a tap adds a tile to what is chosen."""
        self.bar.set_touch(touch)
        self.tiles.side = TILE_TOUCH if touch else TILE
        mode = QAbstractItemView.SelectionMode
        self.list.setSelectionMode(mode.MultiSelection if touch else mode.ExtendedSelection)
        for control in (self.order, self.all):
            control.setMinimumHeight(64 if touch else 0)
        self.list.doItemsLayout()

    def show_rows(self, rows: Sequence[DetectionRow], empty: str) -> None:
        """Show these detections, or what to do where there are none."""
        self._rows = rows
        self._arrange()
        self.empty.setText(empty)
        self.empty.setVisible(not rows)
        self.all.setEnabled(bool(rows))

    def _arrange(self) -> None:
        order = self.order.currentData()
        rows = self._rows if order == "queue" else sorted(self._rows, key=order_key(order))  # type: ignore[arg-type]
        self.list.show_rows(rows)
        self._chosen_changed()

    def _chosen_changed(self) -> None:
        said = waiting_said(len(self._rows))
        chosen = len(self.list.chosen)
        if chosen:
            said += " · " + self.tr("%Ln chosen", "", chosen)
        self.count.setText(said)
        self.chosen_changed.emit()

    def _open(self) -> None:
        if self.list.current is not None:
            self.opened.emit(self.list.current.id)
