"""The question at the screen: the anchor, five patches of its label, five of another; ticks, moved centres, arrows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from defectstudio.domain.labels import HEALTHY, UNKNOWN, DefectClass
from defectstudio.domain.refinement import Answer, Candidate, Panel
from defectstudio.domain.state import ImageState
from defectstudio.ui.refine_look import label_color
from defectstudio.ui.refine_tile import PatchTile
from defectstudio.ui.refine_words import label_word
from defectstudio.ui.sections.common import draw_swatch, muted
from defectstudio.ui.theme import theme

KEYS = "1234567890"
ROW = 5
SWATCH = 14
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -ROW,
    Qt.Key.Key_Down: ROW,
}


class PanelGrid(QWidget):
    """Shows a panel and collects its answer; knows nothing of rounds."""

    stood_on = Signal(object)
    """The `PatchTile` that the keys or the mouse are on."""
    moved = Signal(object)
    """The `PatchTile` whose centre was moved."""
    changed = Signal()
    """Ticks, centres or the anchor's label are others than before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel: Panel | None = None
        self.anchor = PatchTile("")
        self.tiles = [PatchTile(key) for key in KEYS]
        self.label = QComboBox()
        self.label.setAccessibleName(self.tr("Label of the anchor"))
        self.label.setToolTip(self.tr("Label of the anchor: correct it here where it is wrong (A: the next one)"))
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.label.setMinimumContentsLength(6)
        self.alike = muted(self.tr("Same label, least alike"))
        self.other = muted(self.tr("Other label, most alike"))
        self._classes: dict[int, DefectClass] = {}
        self._stood: PatchTile | None = None
        self._lay_out()
        for tile in self.every():
            tile.stood_on.connect(partial(self._stand_on, tile))
        for tile in self.tiles:
            tile.toggled.connect(lambda _on: self.changed.emit())
            tile.shifted.connect(lambda tile=tile: self._shifted(tile))
        self.label.currentIndexChanged.connect(lambda _row: self.changed.emit())
        theme().changed.connect(self._tint)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Which of these show the same thing?"))
        title.setProperty("role", "heading")
        left = QVBoxLayout()
        left.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(QLabel(self.tr("Anchor")))
        head.addWidget(self.label, 1)
        left.addLayout(head)
        left.addWidget(self.anchor, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(title)
        for row, word in enumerate((self.alike, self.other)):
            tiles = QHBoxLayout()
            tiles.setSpacing(6)
            for tile in self.tiles[row * ROW : (row + 1) * ROW]:
                tiles.addWidget(tile, 1)
            right.addWidget(word)
            right.addLayout(tiles, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 6)
        whole.setSpacing(14)
        whole.addLayout(left, 3)
        whole.addLayout(right, 8)

    def every(self) -> Iterator[PatchTile]:
        """The anchor's tile and those of the candidates."""
        yield self.anchor
        yield from self.tiles

    # What is shown.

    def show_panel(
        self,
        panel: Panel | None,
        side: int,
        images: Mapping[int, ImageState],
        classes: Mapping[int, DefectClass],
    ) -> None:
        """Another question: nothing ticked, nothing moved; patches are `side` pixels wide. None for none."""
        self.panel, self._classes = panel, dict(classes)
        placed: list[Candidate | None] = [None] * len(self.tiles)
        if panel is not None:
            placed[: len(panel.positives)] = panel.positives
            placed[ROW : ROW + len(panel.negatives)] = panel.negatives
        self.blockSignals(True)
        self._show(self.anchor, panel.anchor if panel else None, side, images)
        for tile, candidate in zip(self.tiles, placed, strict=True):
            self._show(tile, candidate, side, images)
        self._show_labels()
        self.blockSignals(False)
        self.changed.emit()

    def _show(self, tile: PatchTile, candidate: Candidate | None, side: int, images: Mapping[int, ImageState]) -> None:
        entry = images[candidate.patch.image] if candidate is not None else None
        shape, name = (entry.shape, entry.info.name) if entry is not None else ((1, 1), "")
        tile.show_candidate(candidate, side, shape, name, self._classes)

    def _show_labels(self) -> None:
        self.label.clear()
        for label in (*sorted(self._classes), HEALTHY, UNKNOWN):
            self.label.addItem(self._swatch(label), label_word(label, self._classes), label)
        if self.panel is not None:
            self.label.setCurrentIndex(self.label.findData(self.panel.anchor.label))
        self.label.setEnabled(self.panel is not None)

    def _swatch(self, label: int) -> QIcon:
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(round(SWATCH * ratio), round(SWATCH * ratio))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = drawn.rect().toRectF()
        room.setSize(room.size() / ratio)
        draw_swatch(
            painter, room.adjusted(1, 1, -1, -1), label_color(label, self._classes), theme().colors.control_border
        )
        painter.end()
        return QIcon(drawn)

    def _tint(self) -> None:
        for row in range(self.label.count()):
            self.label.setItemIcon(row, self._swatch(self.label.itemData(row)))

    def show_answer(self, answer: Answer) -> None:
        """The answer that was given before: ticks, centres and the anchor's label as they were."""
        for tile, ticked, shift in zip(self.shown_tiles, answer.ticked, answer.shifts, strict=True):
            tile.show_answer(ticked, shift)
        self.label.setCurrentIndex(max(0, self.label.findData(answer.anchor_label)))

    # The answer.

    @property
    def shown_tiles(self) -> list[PatchTile]:
        """The tiles of the candidates in their order."""
        return [tile for tile in self.tiles if tile.candidate is not None]

    @property
    def ticked(self) -> int:
        """How many candidates are ticked."""
        return sum(tile.isChecked() for tile in self.shown_tiles)

    @property
    def anchor_label(self) -> int:
        """The label of the anchor as it is chosen now."""
        return int(self.label.currentData())

    def toggle(self, number: int) -> None:
        """Tick the candidate of key `number` (0..9 in the order of the keys), or take the tick back."""
        tile = self.tiles[number]
        if tile.candidate is not None:
            tile.setFocus(Qt.FocusReason.ShortcutFocusReason)
            tile.setChecked(not tile.isChecked())

    def next_label(self) -> None:
        """The next label for the anchor."""
        if self.label.count():
            self.label.setCurrentIndex((self.label.currentIndex() + 1) % self.label.count())

    def answer(self, seconds: float, *, none: bool = False) -> Answer:
        """What is ticked and moved; `none`: that no candidate is alike, whatever is ticked."""
        tiles = self.shown_tiles
        ticked = tuple(tile.isChecked() and not none for tile in tiles)
        shifts = tuple(tile.centre if on and tile.moved else None for tile, on in zip(tiles, ticked, strict=True))
        return Answer(ticked, self.anchor_label, shifts, none, seconds)

    def _shifted(self, tile: PatchTile) -> None:
        self.moved.emit(tile)
        self.changed.emit()

    # Keys.

    @property
    def standing(self) -> PatchTile | None:
        """The tile under the mouse or with the keys; of the two, the one that was stood on last."""
        there = [tile for tile in self.every() if tile.candidate is not None and (tile.underMouse() or tile.hasFocus())]
        return self._stood if self._stood in there else next(iter(there), None)

    def _stand_on(self, tile: PatchTile) -> None:
        self._stood = tile
        self.stood_on.emit(tile)

    def stand(self) -> None:
        """Give the keys to the first candidate."""
        first = next(iter(self.shown_tiles), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        at = next((number for number, tile in enumerate(self.tiles) if tile.hasFocus()), None)
        to = 0 if at is None else at + step
        if at is not None and step == -1 and at % ROW == 0:
            self.anchor.setFocus()
        elif 0 <= to < len(self.tiles) and self.tiles[to].candidate is not None:
            self.tiles[to].setFocus()
