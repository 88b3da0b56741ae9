"""Two viewers side by side, moved as one: the second shows the bare image next to the image with its map."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from defectstudio.ui.picture import Detail, Picture
from defectstudio.ui.viewer import Reading, Viewer


class LinkedViewers(QSplitter):
    """`first` carries tools and overlays; `second` appears left of it when wanted, and shows pixels alone."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.first, self.second = Viewer(), Viewer()
        self.second.setAccessibleName(self.tr("Second viewer: the image alone"))
        self.second.set_display(labels=False, heat=False, minimap=False)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(2)
        self.addWidget(self.second)
        self.addWidget(self.first)
        self.second.hide()
        self._following = False
        for one, other in ((self.first, self.second), (self.second, self.first)):
            one.view_changed.connect(lambda one=one, other=other: self._follow(one, other))
            one.hovered.connect(lambda reading, other=other: self._cross(reading, other))
        self.second.detail_wanted.connect(self.first.detail_wanted)
        self.first.display_changed.connect(lambda _display: self._copy_levels())

    @property
    def both(self) -> bool:
        """Whether the second viewer is shown."""
        return self.second.isVisibleTo(self)

    def show_both(self, wanted: bool) -> None:
        """Show or hide the second viewer."""
        if wanted == self.both:
            return
        self.second.setVisible(wanted)
        self.second.show_picture(self.first.picture if wanted else None)
        if wanted:
            self.setSizes([1, 1])
            self._copy_levels()
        self.first.fit()

    def show_picture(self, picture: Picture | None) -> None:
        """The first viewer shows another picture: so does the second."""
        if self.both:
            self.second.show_picture(picture)
            self._follow(self.first, self.second)

    def show_detail(self, detail: Detail) -> None:
        """A sharper part, for both."""
        self.first.show_detail(detail)
        if self.both:
            self.second.show_detail(detail)

    def _copy_levels(self) -> None:
        if self.both and self.second.display.levels != self.first.display.levels:
            self.second.set_display(levels=self.first.display.levels)

    def _follow(self, moved: Viewer, other: Viewer) -> None:
        """Bring the image point in the middle of one to the middle of the other, at the same scale."""
        if self._following or not self.both or moved.picture is None or other.picture is None:
            return
        self._following = True
        try:
            x, y = moved.view.to_image(moved.width() / 2, moved.height() / 2)
            other.look_at(x, y, moved.view.scale)
        finally:
            self._following = False

    def _cross(self, reading: Reading | None, other: Viewer) -> None:
        if self.both:
            other.show_cross(None if reading is None else (reading.column + 0.5, reading.row + 0.5))
