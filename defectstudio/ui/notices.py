"""A notice says what happened and what to do about it, above the work and without stopping it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.theme import theme

Ways = Sequence[tuple[str, Callable[[], None]]]

MOST_SHOWN = 3
PASSING_MS = 6000
_ICONS = {
    "error": ("notice-error", "defective"),
    "warning": ("notice-warning", "warning"),
    "success": ("tag-good", "good"),
    "info": ("notice-info", "accent"),
}


class Notice(QFrame):
    """One message with an optional way out as a button, or with several."""

    closed = Signal()

    def __init__(
        self, level: str, text: str, hint: str, button: str, run: Callable[[], None] | None, others: Ways = ()
    ) -> None:
        super().__init__()
        self.text = f"{text} {hint}".strip()
        self.setProperty("role", "notice")
        self.setProperty("level", level)
        self.setAccessibleName(self.text)
        icon, role = _ICONS[level]
        picture = QLabel()
        picture.setPixmap(theme().icon(icon, role).pixmap(20, 20))
        words = QLabel(text if not hint else f"{text}\n{hint}", wordWrap=True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        if run is not None:
            self.way_out = QPushButton(button)
            self.way_out.clicked.connect(run)
            self.way_out.clicked.connect(self.close_notice)
            row.addWidget(self.way_out, 0, Qt.AlignmentFlag.AlignTop)
        self.others = [self._other_way(row, name, way) for name, way in others]
        close = QToolButton()
        close.setIcon(theme().icon("close", "muted"))
        close.setAccessibleName(self.tr("Close this notice"))
        close.setToolTip(close.accessibleName())
        close.clicked.connect(self.close_notice)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    @staticmethod
    def _other_way(row: QHBoxLayout, name: str, way: Callable[[], None]) -> QPushButton:
        """A further button; it asks before it does anything, so that the notice stays meanwhile."""
        button = QPushButton(name)
        button.clicked.connect(way)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def close_notice(self) -> None:
        """Take the notice away."""
        self.hide()
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        if layout is not None:
            layout.removeWidget(self)
        self.closed.emit()
        self.deleteLater()


class Notices(QWidget):
    """The newest few notices, one below the other; nothing at all when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(6)
        self.hide()

    def show_notice(
        self,
        level: str,
        text: str,
        hint: str = "",
        *,
        button: str = "",
        run: Callable[[], None] | None = None,
        others: Ways = (),
    ) -> Notice:
        """Say something; `level` is "error", "warning", "success" or "info". A success passes by itself.

        The button closes the notice; those in `others`, (name, what it does), leave it there.
        """
        for old in self.shown:
            if old.text == f"{text} {hint}".strip():
                old.close_notice()
        while len(self.shown) >= MOST_SHOWN:
            self.shown[0].close_notice()
        notice = Notice(level, text, hint, button, run, others)
        notice.closed.connect(self._notice_closed)
        self._column.addWidget(notice)
        self.show()
        if level == "success":
            passing = QTimer(notice, singleShot=True, interval=PASSING_MS)
            passing.timeout.connect(notice.close_notice)
            passing.start()
        return notice

    def _notice_closed(self) -> None:
        self.setVisible(bool(self.shown))

    def show_error(self, error: DefectStudioError) -> Notice:
        """An expected error, with its way out."""
        return self.show_notice("error", error.message, error.hint)

    @property
    def shown(self) -> list[Notice]:
        """The notices on display, oldest first."""
        items = (self._column.itemAt(k) for k in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, Notice)]
