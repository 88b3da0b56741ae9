"""The page of second looks: one image and nothing that says what was said of it, and two answers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from defectstudio.ui.canvas import Canvas
from defectstudio.ui.picture import Picture
from defectstudio.ui.sections.common import icon_button, muted, page_bar


class LookPage(QWidget):
    """Shows what it is given; the keys of answers are heard in its view."""

    left = Signal()

    def __init__(self, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        """`button(key, text)` makes the button of a command."""
        super().__init__(parent)
        self.view = Canvas()
        self.view.setAccessibleName(self.tr("The image that is asked again"))
        self.question = QLabel(wordWrap=True)
        self.question.setProperty("role", "heading")
        self.about = muted()
        self.buttons = [
            button("look.good", self.tr("Good")),
            button("look.defective", self.tr("Defective")),
            button("look.skip", self.tr("Later")),
        ]
        self.close_button = icon_button("close", self.tr("Back to the image"))
        self.close_button.clicked.connect(self.left)
        bar, row = page_bar(self.tr("Second look"))
        row.addStretch(1)
        row.addWidget(self.close_button)
        answers = QHBoxLayout()
        answers.setSpacing(8)
        answers.addStretch(1)
        for one in self.buttons:
            one.setMinimumSize(120, 40)
            one.setAutoRaise(False)
            answers.addWidget(one)
        answers.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        column.addWidget(self.question)
        column.addWidget(self.about)
        column.addWidget(self.view, 1)
        column.addLayout(answers)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addLayout(column, 1)

    def ask(self, left: int) -> None:
        """An image is about to be shown; so many are left, this one counted."""
        self.question.setText(self.tr("Is this part good or defective?"))
        said = self.tr("%Ln image(s) left. What was said of them before is not shown.", "", left)
        self.about.setText(said)

    def show_picture(self, picture: Picture) -> None:
        """The image in question, whole."""
        self.view.show_picture(picture)
        self.view.fit()

    def show_end(self, question: str, about: str) -> None:
        """Nothing is left to ask: say how it went."""
        self.question.setText(question)
        self.about.setText(about)
        self.view.show_picture(None, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
