"""The heat map of the newest round as label maps: where defects may lie, and the wish to take it over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from defectstudio.ui.sections.common import Section, muted


class DenseSection(Section):
    """Which pixels a dense map may call defective."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Dense map"))
        self.scope = QComboBox()
        for key, word in (
            ("boxes", self.tr("inside the regions it began with")),
            ("everywhere", self.tr("everywhere")),
        ):
            self.scope.addItem(word, key)
        self.scope.setAccessibleName(self.tr("Where a dense map may show defects"))
        self.scope.setToolTip(self.scope.accessibleName())
        self.scope.setMinimumContentsLength(8)
        self.scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.column.addWidget(
            muted(self.tr("What the newest round sees becomes the label maps, as one step that Undo takes back."))
        )
        self.column.addWidget(self.scope)

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the button of the command; `button(key, text)` makes one."""
        self.column.addWidget(button("refine.dense", self.tr("Take over")), 0, Qt.AlignmentFlag.AlignLeft)
