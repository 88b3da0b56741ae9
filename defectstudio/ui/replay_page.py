"""The page of a replay where the image stands otherwise: the journal's timeline, what was seen, what was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.playback import Part
from defectstudio.ui.mentor_view import DetectionView
from defectstudio.ui.one_line import OneLine
from defectstudio.ui.refine_grid import PanelGrid
from defectstudio.ui.replay_timeline import Timeline
from defectstudio.ui.replay_view import PastViewer
from defectstudio.ui.replay_words import part_said
from defectstudio.ui.sections.common import icon_button, muted, page_bar
from defectstudio.ui.select_job_bar import JobBar
from defectstudio.ui.theme import theme

SPEEDS = (1.0, 4.0, 16.0, 0.0)
"""Times the speed of the day; 0: as fast as it goes."""
FACTS_WIDTH = 220


class Facts(QWidget):
    """Headings with lines below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 10, 8)
        self._column.setSpacing(3)
        self._column.addStretch(1)
        self._pairs: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: Sequence[tuple[str, Sequence[str]]]) -> None:
        """These sections; those without lines are left out."""
        shown = [(heading, lines) for heading, lines in facts if lines]
        while len(self._pairs) < len(shown):
            self._add()
        for place, (heading, text) in enumerate(self._pairs):
            there = place < len(shown)
            heading.setVisible(there)
            text.setVisible(there)
            if there:
                heading.setText(shown[place][0])
                text.setText("\n".join(shown[place][1]))
                text.setAccessibleName(f"{shown[place][0]}: {', '.join(shown[place][1])}")

    def _add(self) -> None:
        heading, text = QLabel(), muted()
        heading.setProperty("role", "heading")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setContentsMargins(0, 0, 0, 8)
        self._column.insertWidget(self._column.count() - 1, heading)
        self._column.insertWidget(self._column.count() - 1, text)
        self._pairs.append((heading, text))


class ReplayPage(QWidget):
    """Emits what the user wants; is told what to show."""

    left = Signal()
    """Esc: back to the image."""
    part_wanted = Signal(int)
    """The place of a part in the list, 0 the first."""

    def __init__(self, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        """`button(key, text)` makes the button of a command."""
        super().__init__(parent)
        self.parts = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon, minimumContentsLength=24
        )
        self.parts.setAccessibleName(self.tr("Which part of the journal"))
        self.parts.setToolTip(self.parts.accessibleName())
        self.speed = QComboBox()
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("How fast it plays, by the clock of the day; long pauses are cut short"))
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} ×" if speed else self.tr("As fast as it goes"), speed)
        self.speed.setCurrentIndex(1)
        self.mark = QCheckBox(self.tr("Mark changes"))
        self.mark.setToolTip(self.tr("Outline the pixels whose label the step changed"))
        self.mark.setChecked(True)
        self.timeline = Timeline()
        self.said = OneLine("heading")
        self.job = JobBar(self.tr("Progress of reading the journal"), self.tr("Stop reading"))
        self.grid = PanelGrid()
        self.viewer = PastViewer()
        self.viewer.setAccessibleName(self.tr("The image with its labels as they were"))
        self.zoomed = DetectionView(self.tr("The detection that was judged, zoomed"), whole=False)
        self.facts = Facts()
        self._still(self.grid)
        self._lay_out(button)
        self.parts.activated.connect(lambda row: self.part_wanted.emit(self.parts.itemData(row)))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.claim_room(False)

    def claim_room(self, wanted: bool) -> None:
        """Whether the window must be as wide as this page needs: not while the docks stand beside another page."""
        policy = QSizePolicy.Policy.Preferred if wanted else QSizePolicy.Policy.Ignored
        self.setSizePolicy(policy, policy)

    @staticmethod
    def _still(grid: PanelGrid) -> None:
        """An answer of the past can be looked at, not changed."""
        grid.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for widget in (*grid.every(), grid.label):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _lay_out(self, button: Callable[..., QToolButton]) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar(button))
        whole.addWidget(self.timeline)
        line = QHBoxLayout()
        line.setContentsMargins(12, 4, 12, 4)
        line.addWidget(self.said, 1)
        whole.addLayout(line)
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self.job)
        whole.addLayout(below)
        whole.addWidget(self._body(), 1)

    def _bar(self, button: Callable[..., QToolButton]) -> QFrame:
        bar, row = page_bar(self.tr("Replay"))
        row.addWidget(self.parts, 1)
        for key in ("replay.first", "replay.previous_mark", "replay.back"):
            row.addWidget(button(key))
        row.addWidget(button("replay.play"))
        for key in ("replay.forward", "replay.next_mark", "replay.last"):
            row.addWidget(button(key))
        row.addWidget(self.speed)
        row.addWidget(self.mark)
        self.close_button = icon_button("close", self.tr("Back to the image (Esc)"))
        self.close_button.clicked.connect(self.left)
        theme().changed.connect(self._tint)
        row.addWidget(self.close_button)
        return bar

    def _body(self) -> QSplitter:
        images = QSplitter(Qt.Orientation.Horizontal)
        images.addWidget(self.zoomed)
        images.addWidget(self.viewer)
        images.setSizes([420, 420])
        pictures = QSplitter(Qt.Orientation.Vertical)
        pictures.addWidget(self.grid)
        pictures.addWidget(images)
        pictures.setStretchFactor(0, 3)
        pictures.setStretchFactor(1, 2)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.facts)
        area.setMinimumWidth(FACTS_WIDTH)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(pictures)
        body.addWidget(area)
        body.setStretchFactor(0, 1)
        body.setSizes([900, FACTS_WIDTH])
        for split in (images, pictures, body):
            split.setChildrenCollapsible(False)
            split.setHandleWidth(2)
        self.grid.hide()
        self.zoomed.hide()
        return body

    def _tint(self) -> None:
        self.close_button.setIcon(theme().icon("close"))

    # What is shown.

    def show_parts(self, parts: Sequence[Part], chosen: int) -> None:
        """The list of parts."""
        self.parts.clear()
        for number, part in enumerate(parts):
            if number and part.kind != parts[number - 1].kind:
                self.parts.insertSeparator(self.parts.count())
            self.parts.addItem(part_said(part), number)
        self.choose_part(chosen)

    def choose_part(self, number: int) -> None:
        """Stand on a part in the list."""
        self.parts.setCurrentIndex(max(0, self.parts.findData(number)))

    def say(self, text: str) -> None:
        """What the step was; cut at its end where there is no room."""
        self.said.setText(text)

    def step_speed(self, by: int) -> None:
        """Faster or slower."""
        self.speed.setCurrentIndex(min(max(self.speed.currentIndex() + by, 0), self.speed.count() - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
