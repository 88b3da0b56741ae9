"""The bar over a comparison: figures or images, which run stands left and which right, the way through the images."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton

from defectstudio.ui.compare_words import shortened


class CompareBar(QFrame):
    """Emits `sides_changed` when another run shall stand left or right."""

    sides_changed = Signal()

    def __init__(self, button: Callable[..., QToolButton]) -> None:
        """`button(key, text)` makes the button of a command."""
        super().__init__()
        self.setProperty("role", "bar")
        self.title = QLabel(self.tr("Comparison"))
        self.title.setProperty("role", "heading")
        self.left = self._chooser(self.tr("Run whose heat map stands left"))
        self.right = self._chooser(self.tr("Run whose heat map stands right"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self.title)
        row.addWidget(button("compare.figures", self.tr("Figures")))
        row.addWidget(self.left)
        row.addWidget(self.right)
        row.addStretch(1)
        for key in ("compare.previous", "compare.next", "compare.close"):
            row.addWidget(button(key))
        for one in (self.left, self.right):
            one.currentIndexChanged.connect(self._chosen)

    def _chooser(self, name: str) -> QComboBox:
        made = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon, minimumContentsLength=16
        )
        made.setAccessibleName(name)
        made.setToolTip(name)
        return made

    def offer(self, runs: Sequence[tuple[str, str]]) -> None:
        """Offer these runs (id, title), the first for the left and the last for the right. Emits nothing."""
        for one, row in ((self.left, 0), (self.right, len(runs) - 1)):
            one.blockSignals(True)
            one.clear()
            for run, title in runs:
                one.addItem(shortened(title), run)
            one.setCurrentIndex(row)
            one.blockSignals(False)

    def stand_right(self, run: str) -> None:
        """Show which run stands right. Emits nothing."""
        self.right.blockSignals(True)
        self.right.setCurrentIndex(max(self.right.findData(run), 0))
        self.right.blockSignals(False)

    def _chosen(self) -> None:
        """The two sides are never one run: the other gives way."""
        changed = self.sender()
        other = self.right if changed is self.left else self.left
        if self.left.currentData() == self.right.currentData():
            other.blockSignals(True)
            other.setCurrentIndex((other.currentIndex() + 1) % other.count())
            other.blockSignals(False)
        self.sides_changed.emit()
