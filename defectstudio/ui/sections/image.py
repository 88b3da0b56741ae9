"""Image: how far the work on it has come, how much of it is unknown, and the key that finishes it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from defectstudio.domain.labels import Status, Verdict
from defectstudio.ui.sections.common import Section, muted
from defectstudio.ui.theme import Colors, theme
from defectstudio.ui.words import STATUS_ICONS, status_word


class ImageSection(Section):
    """Emits `status_wanted`, `complete_wanted` and `partial_wanted`."""

    status_wanted = Signal(object)
    complete_wanted = Signal()
    partial_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("This image"))
        self.status = QComboBox()
        self.status.setAccessibleName(self.tr("How far the work on this image has come"))
        self.status.setToolTip(self.status.accessibleName())
        self._fill()
        self._top.addWidget(self.status)
        self.known = muted()
        self.turn = QPushButton()
        self.turn.setProperty("link", "true")
        self._complete = False
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.known, 1)
        row.addWidget(self.turn)
        self.column.addLayout(row)
        self.status.activated.connect(lambda _row: self.status_wanted.emit(Status(self.status.currentData())))
        self.turn.clicked.connect(self._turn)
        theme().changed.connect(self._tint_status)
        self.show_image(None, Verdict.UNLABELLED, None, drawn=False, writable=False)

    def _fill(self) -> None:
        for status in Status:
            self.status.addItem(theme().icon(*STATUS_ICONS[status]), status_word(status), status)

    def _tint_status(self, _colors: Colors) -> None:
        for row in range(self.status.count()):
            self.status.setItemIcon(row, theme().icon(*STATUS_ICONS[self.status.itemData(row)]))

    def _turn(self) -> None:
        wish = self.partial_wanted if self._complete else self.complete_wanted
        wish.emit()

    def add_finish(self, action: QAction) -> None:
        """The button of the command that finishes the image, with its key."""
        button = QPushButton()
        button.setProperty("primary", "true")

        def follow() -> None:
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            button.setText(f"{action.text()}   {keys}" if keys else action.text())
            button.setAccessibleName(action.text())
            button.setEnabled(action.isEnabled())

        button.clicked.connect(action.trigger)
        action.changed.connect(follow)
        follow()
        self.column.addWidget(button)

    def show_image(
        self, status: Status | None, verdict: Verdict, unknown: float | None, *, drawn: bool, writable: bool
    ) -> None:
        """The state of the current image; `unknown` 0..1 is None while it is being counted."""
        self.status.setEnabled(status is not None and writable)
        self.status.blockSignals(True)
        self.status.setCurrentIndex(self.status.findData(status or Status.TODO))
        self.status.blockSignals(False)
        self._complete = unknown == 0
        self.known.setText(self._words(status, verdict, unknown, drawn))
        self.turn.setText(self.tr("Make it unknown") if self._complete else self.tr("The rest is healthy"))
        good = verdict is Verdict.GOOD
        self.turn.setVisible(status is not None and not good and unknown is not None and (drawn or unknown < 1))
        self.turn.setEnabled(writable)

    def _words(self, status: Status | None, verdict: Verdict, unknown: float | None, drawn: bool) -> str:
        if status is None:
            return self.tr("No image is chosen.")
        if verdict is Verdict.GOOD:
            return self.tr("Tagged good: all of it is healthy.")
        if unknown is None:
            return self.tr("Looking…")
        if unknown == 0:
            return self.tr("Complete: every pixel is known.")
        if not drawn and unknown == 1:
            return self.tr("Nothing is drawn yet. G says it is good; paint to mark a defect.")
        share = f"{100 * unknown:.0f}" if 0.01 <= unknown <= 0.99 else "< 1" if unknown < 0.01 else "> 99"
        return self.tr("{0} % of the image is unknown.").format(share)
