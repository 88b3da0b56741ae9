"""What the window shows while no project is open: how to begin, and where one left off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from defectstudio.ui.theme import theme


class StartPage(QWidget):
    """Emits what the user wants to do; shows recent projects."""

    new_requested = Signal()
    open_requested = Signal()
    import_requested = Signal()
    demo_requested = Signal()
    recent_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(560)
        title = QLabel("DefectStudio")
        title.setProperty("role", "title")
        about = QLabel(
            self.tr("Turn images of parts into a working defect detector, on this computer alone."), wordWrap=True
        )
        about.setProperty("role", "muted")
        self._buttons: list[tuple[QPushButton, str]] = []
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 28, 32, 28)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(10)
        column.addLayout(self._choices())
        column.addWidget(self._progress())
        self._recent_heading = QLabel(self.tr("Recent projects"))
        self._recent_heading.setProperty("role", "heading")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addSpacing(10)
        column.addWidget(self._recent_heading)
        column.addLayout(self._recent)
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(2)
        theme().changed.connect(self._tint)
        self._tint()
        self.show_recent([])

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        rows = (
            (self.tr("Import a folder of images…"), "import", self.import_requested, True),
            (self.tr("Open a project…"), "open", self.open_requested, False),
            (self.tr("New empty project…"), "new", self.new_requested, False),
            (self.tr("Try it with demo images"), "demo", self.demo_requested, False),
        )
        for number, (text, icon, signal, primary) in enumerate(rows):
            button = QPushButton(text)
            button.setMinimumHeight(44)
            button.setIconSize(QSize(20, 20))
            button.setProperty("primary", "true" if primary else "false")
            button.setAccessibleName(text.rstrip("…"))
            button.clicked.connect(signal)
            self._buttons.append((button, icon))
            grid.addWidget(button, number // 2, number % 2)
        return grid

    def _progress(self) -> QWidget:
        self._busy = QWidget()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress of the demo"))
        self._busy_text = QLabel(wordWrap=True)
        self._busy_text.setProperty("role", "muted")
        self.cancel = QPushButton(self.tr("Stop"))
        grid = QGridLayout(self._busy)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.addWidget(self._bar, 0, 0, 1, 2)
        grid.addWidget(self._busy_text, 1, 0)
        grid.addWidget(self.cancel, 1, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self._busy.hide()
        return self._busy

    def show_busy(self, text: str | None, done: int = 0, total: int = 0) -> None:
        """Say what is under way, None when nothing is."""
        self._busy.setVisible(text is not None)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._busy_text.setText(text or "")
        for button, _icon in self._buttons:
            button.setEnabled(text is None)

    def show_recent(self, folders: Sequence[str]) -> None:
        """Offer these project folders, the latest first."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for folder in folders:
            self._recent.addWidget(self._recent_button(folder))
        self._recent_heading.setVisible(bool(folders))

    def _recent_button(self, folder: str) -> QPushButton:
        path = Path(folder)
        room = self.fontMetrics()
        parent = room.elidedText(str(path.parent), Qt.TextElideMode.ElideMiddle, 300)
        button = QPushButton(f"{path.name}   {parent}")
        button.setProperty("link", "true")
        button.setToolTip(folder)
        button.setAccessibleName(self.tr("Open the project {0}").format(folder))
        button.clicked.connect(lambda: self.recent_chosen.emit(folder))
        return button

    def _tint(self) -> None:
        for button, icon in self._buttons:
            primary = button.property("primary") == "true"
            button.setIcon(theme().icon(icon, "accent_text" if primary else "text"))
