"""Patches of which different things were said: a list that leads to each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from defectstudio.domain.labels import DefectClass, ImageId
from defectstudio.domain.state import ImageState
from defectstudio.sessions.answers import Contested
from defectstudio.ui.refine_words import label_word
from defectstudio.ui.sections.common import Section

PATCH = Qt.ItemDataRole.UserRole
MOST_ROWS = 5


class ContestedSection(Section):
    """Hidden while everybody agrees. Emits `patch_wanted`."""

    patch_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Contested patches"))
        self.list.setToolTip(self.tr("Patches of which different things were said; Enter or a click shows one"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.column.addWidget(self.list)
        self.list.itemClicked.connect(lambda item: self.patch_wanted.emit(item.data(PATCH)))
        self.list.itemActivated.connect(lambda item: self.patch_wanted.emit(item.data(PATCH)))
        self.show_contested([], {}, {})

    def show_contested(
        self,
        found: Sequence[Contested],
        images: Mapping[ImageId, ImageState],
        classes: Mapping[int, DefectClass],
    ) -> None:
        """The contested patches of a project, the newest first."""
        self.list.clear()
        for one in reversed(found):
            patch = one.patch
            words = " / ".join(dict.fromkeys(label_word(label, classes) for label in one.labels))
            item = QListWidgetItem(f"{images[patch.image].info.name} x {patch.column} y {patch.row}: {words}")
            item.setToolTip(item.text())
            item.setData(PATCH, patch)
            self.list.addItem(item)
        self.list.setFixedHeight(min(len(found), MOST_ROWS) * max(1, self.list.sizeHintForRow(0)) + 4)
        self.heading.setText(self.tr("%Ln contested patch(es)", "", len(found)))
        self.setVisible(bool(found))
