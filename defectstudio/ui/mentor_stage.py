"""One detection at a time: zoomed with context, the whole image beside it, agreed examples below, then the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QToolButton, QVBoxLayout, QWidget

from defectstudio.domain.labels import DefectClass
from defectstudio.domain.mentoring import Detection
from defectstudio.ui.mentor_buttons import VerdictBar
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_rows import DetectionRow, DetectionsList, TileDelegate
from defectstudio.ui.mentor_view import DetectionView, Frame
from defectstudio.ui.one_line import OneLine
from defectstudio.ui.picture import Picture
from defectstudio.ui.sections.common import muted

EXAMPLE, EXAMPLE_TOUCH = 84, 104
LOW = 560
"""Below this height of the page the examples give way to the image."""


class Stage(QWidget):
    """Shows what it is given; the keys of verdicts are heard in it."""

    box_drawn = Signal(object)
    """A missed defect, as a `Box` in image pixels."""
    marking_left = Signal()
    example_chosen = Signal(object)
    """A `Detection` that stands among the examples."""

    def __init__(self, crops: Crops, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoomed = DetectionView(self.tr("The detection, zoomed"), whole=False)
        self.whole = DetectionView(self.tr("The whole image with the detection"), whole=True)
        self.views = (self.zoomed, self.whole)
        self.facts = QLabel(wordWrap=True)
        self.facts.setProperty("role", "heading")
        self.place = OneLine("muted")
        self.asked = QLabel(wordWrap=True)
        self.asked.setProperty("role", "caption")
        self.about_examples = muted()
        self.examples = DetectionsList(crops, self.tr("The nearest agreed examples of this class"))
        self.examples.as_tiles(strip=True)
        self.tiles = TileDelegate(crops, self.examples, side=EXAMPLE, named=False)
        self.examples.setItemDelegate(self.tiles)
        self.examples.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.bar = VerdictBar(button)
        self._lay_out()
        self.examples.activated.connect(self._open_example)
        for view in self.views:
            view.drawn.connect(self.box_drawn)
            view.marking_left.connect(self.marking_left)
        self.ask("")
        self.set_touch(False)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.facts)
        words.addWidget(self.place)
        images = QHBoxLayout()
        images.setSpacing(8)
        images.addWidget(self.zoomed, 3)
        images.addWidget(self.whole, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        column.addLayout(words)
        column.addWidget(self.asked)
        column.addLayout(images, 1)
        column.addWidget(self.about_examples)
        column.addWidget(self.examples)
        column.addWidget(self.bar)

    def set_touch(self, touch: bool) -> None:
        """Buttons and examples large enough for gloves."""
        self.bar.set_touch(touch)
        self.tiles.side = EXAMPLE_TOUCH if touch else EXAMPLE
        self.examples.setFixedHeight(self.tiles.side + 30 + self.fontMetrics().lineSpacing())
        self.examples.doItemsLayout()

    def show_detection(self, detection: Detection, picture: Picture, frames: Sequence[Frame]) -> None:
        """Show a detection in its image."""
        for view in self.views:
            view.show_detection(picture, frames)

    def show_words(self, facts: str, place: str) -> None:
        """What it is taken for, and where it was found."""
        self.facts.setText(facts)
        self.place.setText(place)

    def show_classes(self, classes: Mapping[int, DefectClass], suggested: int | None) -> None:
        """The buttons of classes."""
        self.bar.show_classes(classes, suggested)

    def show_examples(self, rows: Sequence[DetectionRow], said: str) -> None:
        """Agreed examples, or why there are none."""
        self.examples.show_rows(rows)
        self.about_examples.setText(said)
        self._make_room()

    def show_none(self, hint: str) -> None:
        """Nothing waits: say what to do."""
        self.zoomed.show_none(hint)
        self.whole.show_none("")
        self.show_words("", "")
        self.show_examples([], "")

    def ask(self, text: str) -> None:
        """A question that must be answered first, "" for none."""
        self.asked.setText(text)
        self.asked.setVisible(bool(text))

    def set_marking(self, marking: bool) -> None:
        """Whether dragging in an image draws a box."""
        for view in self.views:
            view.set_marking(marking)

    def _open_example(self) -> None:
        if self.examples.current is not None:
            self.example_chosen.emit(self.examples.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        roomy = self.height() >= LOW
        self.about_examples.setVisible(roomy)
        self.examples.setVisible(roomy and bool(self.examples.rows_model.rows))
