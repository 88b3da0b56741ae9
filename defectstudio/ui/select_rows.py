"""The rows of the queue and of the label errors, and how one is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from defectstudio.domain.labels import ImageId
from defectstudio.ui.select_heat import HeatThumbnails
from defectstudio.ui.standing_list import Index, RowRole, StandingList, begin_framed_row
from defectstudio.ui.theme import theme

PICTURE, PAD, ICON = 68, 7, 13


@dataclass(frozen=True, slots=True)
class ListRow:
    """What a list says of one image: `lead` before the name ("3."), a quiet `figure` after it, a reason below.

    `icon` and `role` (icon and colour of the theme) stand before `fact`, a short word of its own line.
    """

    image: ImageId
    name: str
    reason: str
    lead: str = ""
    figure: str = ""
    fact: str = ""
    icon: str = ""
    role: str = "muted"
    spoken: str = ""

    @property
    def key(self) -> ImageId:
        return self.image

    @property
    def title(self) -> str:
        return self.name

    @property
    def tip(self) -> str:
        return "\n".join(part for part in (self.name, self.reason) if part)

    @property
    def heard(self) -> str:
        parts = (self.lead, self.name, self.fact, self.reason, self.figure)
        return self.spoken or ", ".join(part for part in parts if part)


class RowsDelegate(QStyledItemDelegate):
    """Picture at the left; place, name and figure in the first line; the fact; the reason in up to two lines."""

    def __init__(self, pictures: HeatThumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: ListRow = index.data(RowRole)
        lines = 3 + bool(row.fact)
        return QSize(160, max(PICTURE, lines * option.fontMetrics.lineSpacing()) + 2 * PAD + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ListRow = index.data(RowRole)
        area = begin_framed_row(painter, option)
        picture = QRect(area.left() + PAD, area.center().y() - PICTURE // 2, PICTURE, PICTURE)
        self._pictures.draw(painter, picture, row.image)
        left = picture.right() + 10
        self._draw_words(painter, QRect(left, area.top() + PAD, area.right() - left - PAD, area.height() - PAD), row)
        painter.restore()

    @staticmethod
    def _draw_words(painter: QPainter, place: QRect, row: ListRow) -> None:
        colors, metrics = theme().colors, painter.fontMetrics()
        high, flags = metrics.lineSpacing(), Qt.AlignmentFlag.AlignVCenter
        line = QRect(place.left(), place.top(), place.width(), high)
        painter.setPen(QColor(colors.muted))
        painter.drawText(line, flags | Qt.AlignmentFlag.AlignRight, row.figure)
        name = line.adjusted(0, 0, -metrics.horizontalAdvance(row.figure) - 8 * bool(row.figure), 0)
        painter.save()
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        words, bold = f"{row.lead} {row.name}".strip(), QFontMetrics(font)
        painter.drawText(name, flags, bold.elidedText(words, Qt.TextElideMode.ElideMiddle, name.width()))
        painter.restore()
        line.translate(0, high)
        if row.fact:
            if row.icon:
                theme().icon(row.icon, row.role).paint(painter, line.left(), line.center().y() - ICON // 2, ICON, ICON)
            painter.setPen(QColor(getattr(colors, row.role)))
            fact = line.adjusted(ICON + 5 if row.icon else 0, 0, 0, 0)
            painter.drawText(fact, flags, metrics.elidedText(row.fact, Qt.TextElideMode.ElideRight, fact.width()))
            line.translate(0, high)
        painter.setPen(QColor(colors.text))
        below = QRect(line.left(), line.top(), line.width(), 2 * high)
        _draw_two_lines(painter, below, row.reason)


def _draw_two_lines(painter: QPainter, place: QRect, text: str) -> None:
    """The text in at most two lines, the second cut off where there is more."""
    metrics, width = painter.fontMetrics(), place.width()
    first, words = "", text.split(" ")
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first and words:
        first = metrics.elidedText(words.pop(0), Qt.TextElideMode.ElideRight, width)
    high = metrics.lineSpacing()
    painter.drawText(QRect(place.left(), place.top(), width, high), Qt.AlignmentFlag.AlignVCenter, first)
    rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRect(place.left(), place.top() + high, width, high), Qt.AlignmentFlag.AlignVCenter, rest)


class RowsList(StandingList[ListRow]):
    """Such rows; several can be chosen."""

    def __init__(self, pictures: HeatThumbnails, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setItemDelegate(RowsDelegate(pictures, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(3 * (PICTURE + 2 * PAD))
        pictures.ready.connect(self.picture_ready)

    def go(self, image: ImageId | None) -> None:
        """Stand on an image, where it is listed."""
        row = self.rows_model.row_of(image)
        if row is not None:
            self.go_to_row(row)

    @property
    def current(self) -> ImageId | None:
        """The image on which the list stands."""
        return None if self.standing is None else self.standing.image

    @property
    def chosen(self) -> list[ImageId]:
        """The chosen images, from top to bottom; where none is, the one on which the list stands."""
        standing = [] if self.current is None else [self.current]
        return [row.image for row in self.chosen_rows] or standing
