"""One line for work in the background: what is being done, how far it is, and a button that stops it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from defectstudio.domain.progress import Progress
from defectstudio.ui.panels.train_progress import phase_words
from defectstudio.ui.sections.common import icon_button

STEPS = 1000


class JobBar(QWidget):
    """Hidden while nothing is under way. Emits `stop_wanted`."""

    stop_wanted = Signal()

    def __init__(self, name: str, stop: str, parent: QWidget | None = None) -> None:
        """`name`: what the bar measures; `stop`: what its button does, both for screen readers too."""
        super().__init__(parent)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(name)
        self.state = QLabel()
        self.state.setProperty("role", "muted")
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.stop = icon_button("stop", stop)
        words = QHBoxLayout()
        words.addWidget(self.state, 1)
        words.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(words)
        column.addWidget(self.bar)
        self.stop.clicked.connect(self.stop_wanted)
        self.hide()

    def show_begun(self, text: str) -> None:
        """Work begins; how long it is shows later."""
        self.state.setText(text)
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.show()

    def show_progress(self, batch: Sequence[Progress]) -> None:
        """The newest of a batch of news."""
        news = batch[-1]
        if news.text:
            words = phase_words(news.text)
            self.state.setText(self._elided(words))
            self.state.setToolTip(words)
        if news.total:
            self.bar.setRange(0, STEPS)
            self.bar.setValue(round(STEPS * news.done / news.total))

    def _elided(self, text: str) -> str:
        return self.state.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(self.state.width(), 120))

    def show_stopping(self) -> None:
        """It was asked to stop."""
        self.stop.setEnabled(False)
        self.state.setText(self.tr("Stopping…"))

    def show_ended(self) -> None:
        """Nothing is under way any more."""
        self.hide()
