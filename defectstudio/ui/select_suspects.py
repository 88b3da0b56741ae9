"""The page of label errors: tags that a model contradicts which never trained on the image, worst first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from defectstudio.ui.sections.common import muted
from defectstudio.ui.select_heat import HeatThumbnails
from defectstudio.ui.select_rows import ListRow, RowsList


class SuspectsPage(QWidget):
    """Emits `image_wanted` for the image on which the list stands; is told what to show."""

    image_wanted = Signal(int)

    def __init__(self, pictures: HeatThumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = muted()
        self.list = RowsList(pictures, self.tr("Images whose tag is in doubt"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.empty = muted()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 12)
        whole.setSpacing(8)
        whole.addWidget(self.count)
        whole.addWidget(self.empty)
        whole.addWidget(self.list, 1)
        whole.addLayout(self._buttons)
        whole.addStretch(0)
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.list.clicked.connect(self._moved)
        self.list.activated.connect(self._moved)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        self._buttons.addWidget(button("select.confirm", self.tr("Label is right")))
        self._buttons.addWidget(button("tag.good"))
        self._buttons.addWidget(button("tag.defective"))
        self._buttons.addStretch(1)

    def show_rows(self, rows: Sequence[ListRow], *, empty: str) -> None:
        """The images in doubt, or what there is to say where there is none."""
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.empty.setText(empty)
        self.empty.setVisible(bool(empty))
        self.count.setText(self.tr("%Ln tag(s) in doubt, the worst first", "", len(rows)))
        self.count.setVisible(bool(rows))

    def begin(self) -> None:
        """Give the keys to the list, standing on the worst where it stands on none."""
        index = self.list.currentIndex()
        if index.isValid():
            self._moved(index)
        else:
            self.list.go_to_row(0)
        self.list.setFocus()

    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and self.isVisible():
            self.image_wanted.emit(self.list.rows_model.rows[index.row()].image)
