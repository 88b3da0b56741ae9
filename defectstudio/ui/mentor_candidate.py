"""Before and after: what a candidate gains on new images and keeps on old ones, then its approval or rejection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.compare_view import Figures
from defectstudio.ui.mentor_crops import Crops
from defectstudio.ui.mentor_rows import DetectionRow, DetectionsList, TileDelegate
from defectstudio.ui.mentor_words import change, figure
from defectstudio.ui.sections.common import Section, muted
from defectstudio.ui.select_job_bar import JobBar

TILE = 84


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure before and after, on old and on new images; None where there is none."""

    title: str
    old: tuple[float | None, float | None]
    new: tuple[float | None, float | None]
    digits: int = 3


class Strip(Section):
    """Detections in one line, with their number in the heading; hidden behind a word where there are none."""

    opened = Signal(str)

    def __init__(self, crops: Crops, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._name = name
        self.none = muted()
        self.list = DetectionsList(crops, name)
        self.list.as_tiles(strip=True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tiles = TileDelegate(crops, self.list, side=TILE)
        self.list.setItemDelegate(self.tiles)
        self.list.setFixedHeight(TILE + 36 + 2 * self.fontMetrics().lineSpacing())
        self.column.addWidget(self.none)
        self.column.addWidget(self.list)
        self.list.activated.connect(self._open)

    def show_rows(self, rows: Sequence[DetectionRow], none: str) -> None:
        """Show these, or say that there is none."""
        self.heading.setText(f"{self._name}: {len(rows)}")
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.none.setText(none)
        self.none.setVisible(not rows)

    def _open(self) -> None:
        if self.list.current is not None:
            self.opened.emit(self.list.current.id)


class CandidatePage(QWidget):
    """Emits what was decided, with who decides and why."""

    decided = Signal(str, str, str)
    """("approved" or "rejected", who, reason)"""
    map_wanted = Signal()
    opened = Signal(str)
    """The detection that shall be looked at closely."""
    queue_wanted = Signal()
    """The detections that nobody judged shall wait for a verdict."""

    def __init__(self, crops: Crops, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(wordWrap=True)
        self.title.setProperty("role", "heading")
        self.job = JobBar(self.tr("Progress of the comparison"), self.tr("Stop comparing"))
        self.verdict = muted()
        self.figures = Figures(self.tr("Figures before and after"))
        self.contradicted = Strip(crops, self.tr("Verdicts that the candidate contradicts"))
        self.unjudged = Strip(crops, self.tr("New detections that nobody judged"))
        self.enqueue = QPushButton(self.tr("Judge them next"))
        self.map_section = Section(self.tr("Features of defect areas, before and after"))
        self.map_job = JobBar(self.tr("Progress of the map"), self.tr("Stop laying out the map"))
        self.lay_out_map = QPushButton(self.tr("Lay out the map (t-SNE)"))
        self.map_room = QVBoxLayout()
        self.who, self.reason = QLineEdit(), QLineEdit()
        self.approve = QPushButton(self.tr("Approve the candidate"))
        self.approve.setProperty("primary", True)
        self.reject = QPushButton(self.tr("Reject it"))
        self._body = QWidget()
        self._lay_out()
        self._connect()
        self.show_nothing(self.tr("No candidate was trained yet."))

    def _lay_out(self) -> None:
        self.unjudged.column.addWidget(self.enqueue, 0, Qt.AlignmentFlag.AlignLeft)
        self.map_section.column.addWidget(self.map_job)
        self.map_section.column.addWidget(self.lay_out_map, 0, Qt.AlignmentFlag.AlignLeft)
        self.map_section.column.addLayout(self.map_room)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        for part in (self.figures, self.contradicted, self.unjudged, self.map_section):
            body.addWidget(part)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        for widget in (self.title, self.verdict, self.job, self._body):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(self._make_decision())

    def _make_decision(self) -> QFrame:
        self.decision = QFrame()
        self.decision.setProperty("role", "bar")
        for line, name in ((self.who, self.tr("Who decides")), (self.reason, self.tr("Why"))):
            line.setPlaceholderText(name)
            line.setAccessibleName(name)
        row = QHBoxLayout(self.decision)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.who, 2)
        row.addWidget(self.reason, 3)
        row.addWidget(self.reject)
        row.addWidget(self.approve)
        return self.decision

    def _connect(self) -> None:
        self.approve.clicked.connect(lambda: self._decide("approved"))
        self.reject.clicked.connect(lambda: self._decide("rejected"))
        self.lay_out_map.clicked.connect(self.map_wanted)
        self.enqueue.clicked.connect(self.queue_wanted)
        for line in (self.who, self.reason):
            line.textChanged.connect(self._look)
        for strip in (self.contradicted, self.unjudged):
            strip.opened.connect(self.opened)

    def set_touch(self, touch: bool) -> None:
        """Fields and buttons for gloves."""
        for control in (self.who, self.reason, self.approve, self.reject, self.lay_out_map, self.enqueue):
            control.setMinimumHeight(64 if touch else 0)

    def _decide(self, kind: str) -> None:
        self.decided.emit(kind, self.who.text().strip(), self.reason.text().strip())

    def _look(self) -> None:
        """A decision needs a name and a reason."""
        said = bool(self.who.text().strip() and self.reason.text().strip())
        for button in (self.approve, self.reject):
            button.setEnabled(said)
            button.setToolTip("" if said else self.tr("Write who decides and why first."))

    def show_nothing(self, why: str) -> None:
        """No candidate: say what to do."""
        self.title.setText(why)
        self.verdict.hide()
        self._body.hide()
        self.decision.hide()
        self.job.show_ended()

    def show_begun(self, title: str) -> None:
        """The comparison is being made; the decision need not wait for it."""
        self.title.setText(title)
        self.verdict.hide()
        self._body.hide()
        self.decision.show()
        self.job.show_begun(self.tr("Comparing…"))
        self._look()

    def show_figures(self, rows: Sequence[FigureRow], said: str) -> None:
        """The table, and in a sentence what it means."""
        heads = [self.tr("old, before"), self.tr("old, after"), "±", self.tr("new, before"), self.tr("new, after"), "±"]
        cells = [
            (
                row.title,
                [
                    text
                    for before, after in (row.old, row.new)
                    for text in (
                        figure(before, row.digits),
                        figure(after, row.digits),
                        change(before, after, row.digits),
                    )
                ],
            )
            for row in rows
        ]
        self.figures.fill([head.replace(", ", "\n") for head in heads], cells)
        self.verdict.setText(said)
        self.verdict.setVisible(bool(said))
        self._body.show()
        self.job.show_ended()

    def forget_decision(self) -> None:
        """The reason of one candidate is none for the next."""
        self.reason.clear()
