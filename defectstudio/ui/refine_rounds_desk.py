"""Rounds side by side at work: label maps from the journal, heat read in the background, image by image."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from defectstudio.domain.labels import Box, ImageId, LabelMap
from defectstudio.ui.background import Background
from defectstudio.ui.display import owned
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.overlay import color_table, heat_picture, shrunk
from defectstudio.ui.picture import Picture
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_jobs import ReadHeat, RefineJobs
from defectstudio.ui.refine_rounds import Stage, stages
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import number
from defectstudio.ui.workbench import Workbench

if TYPE_CHECKING:
    from defectstudio.ui.refine_rounds_page import RoundsPage

VIEWER_PAGE = 1
LARGEST = 128
REFRESH_AFTER_MS = 250
Heat = NDArray[Any]


def small_labels(labels: LabelMap, classes: Any) -> QImage:
    """A label map as a small coloured picture in which no defect is lost."""
    while max(labels.shape) > LARGEST:
        labels = shrunk(labels)
    picture = owned(labels.copy(), QImage.Format.Format_Indexed8)
    picture.setColorTable(color_table(classes, 0.9))
    return picture


class RoundsDesk(QObject):
    """Made with the window; its page when it is first asked for."""

    changed = Signal()
    heat_changed = Signal()
    """The heat of one more round can be shown."""

    page: RoundsPage

    def __init__(self, window: ProjectWindow, jobs: RefineJobs) -> None:
        super().__init__(window)
        self._window, self._jobs = window, jobs
        self._built = False
        self._bench: Workbench | None = None
        self._background: Background | None = None
        self.heats: dict[tuple[int, ImageId], Heat] = {}
        self._readers: dict[int, ReadHeat] = {}
        self.stages: list[Stage] = []
        """The image that is shown, round by round."""
        self.place = 0
        self._image: ImageId | None = None
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_AFTER_MS)
        self._timer.timeout.connect(self._refresh)

    def _build(self) -> None:
        from defectstudio.ui.refine_rounds_page import RoundsPage

        self.page = page = RoundsPage()
        self._built = True
        self._window.centre.addWidget(page)
        self._window.centre.currentChanged.connect(self.changed)
        page.left.connect(self.hide)
        page.stage_wanted.connect(self.show_stage)
        page.difference.toggled.connect(lambda _on: self.show_stage(self.place))

    # The project.

    def open(self) -> None:
        """Follow the project that the window has opened."""
        bench = self._window.bench
        if bench is not None:
            self._bench, self._background = bench, Background(self)
            self._background.answered.connect(self._answered)
            bench.picture_ready.connect(self._picture_ready)
            bench.recorded.connect(self._timer.start)
            bench.thumbnails.ready.connect(self._thumbnail_ready)
            bench.detail_ready.connect(self._detail_ready)

    def close(self) -> None:
        """Let go of the project."""
        self._timer.stop()
        if self._background is not None:
            self._background.stop()
            self._background.deleteLater()
        self._bench = self._background = self._image = None
        self.heats, self._readers, self.stages = {}, {}, []
        if self._built:
            self.page.maps.show_picture(None)
            self.page.heat.show_picture(None)

    # In front or not.

    @property
    def shown(self) -> bool:
        """Whether the page stands where the image does."""
        return self._built and self._bench is not None and self._window.centre.currentWidget() is self.page

    def toggle(self) -> None:
        """The rounds, or the image."""
        if self.shown:
            self.hide()
            return
        if not self._built:
            self._build()
        self._window.centre.setCurrentWidget(self.page)
        self.page.slider.setFocus()
        shown = self._window.viewer.picture
        if shown is not None:
            self._picture_ready(shown)

    def hide(self) -> None:
        """Back to the image."""
        if self.shown:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)
            self._window.viewer.setFocus()

    # One image, round by round.

    def _picture_ready(self, picture: Picture) -> None:
        if self.shown:
            newest = self.place >= len(self.stages) - 1
            self._image = picture.image
            self.page.heat.show_picture(picture)
            self.page.linked.show_picture(picture)
            self.page.maps.fit()
            self._read(newest)

    def _detail_ready(self, detail: Any) -> None:
        if self.shown:
            self.page.linked.show_detail(detail)

    def _refresh(self) -> None:
        if self.shown and self._image is not None:
            self._read(self.place >= len(self.stages) - 1)

    def _read(self, newest: bool) -> None:
        bench, image = self._bench, self._image
        if bench is None or image is None:
            return
        rounds = self._jobs.rounds
        for record in rounds:
            if record.round not in self._readers:
                self._readers[record.round] = self._jobs.heat_of(record)
        self.stages = stages(bench.project, image, rounds)
        self.page.show_count(len(self.stages))
        for record in rounds:
            key = (record.round, image)
            if key not in self.heats and self._background is not None:
                self._background.ask(key, partial(self._readers[record.round], image))
        self._draw_tiles()
        self.show_stage(len(self.stages) - 1 if newest else self.place)

    def _heat(self, stage: Stage) -> Heat | None:
        """The heat of a stage; what there is now was seen by the newest round."""
        if self._image is None or not self._jobs.rounds:
            return None
        number = self._jobs.rounds[-1].round if stage.number is None else stage.number
        return self.heats.get((number, self._image))

    def _answered(self, key: tuple[int, ImageId], heat: Heat | None, error: Exception | None) -> None:
        if heat is None:
            if error is not None:
                self._window.show_error(error)
            return
        self.heats[key] = heat
        self.heat_changed.emit()
        if self.shown and key[1] == self._image:
            self._draw_tiles()
            self.show_stage(self.place)

    def _thumbnail_ready(self, image: ImageId) -> None:
        if self.shown and image == self._image:
            self._draw_tiles()

    def _draw_tiles(self) -> None:
        bench, image = self._bench, self._image
        if bench is None or image is None:
            return
        picture = bench.thumbnails.get(image)
        for tile, stage in zip(self.page.tiles, self.stages, strict=False):
            heat = self._heat(stage)
            drawn = small_labels(stage.labels, bench.project.state.classes)
            tile.show_round(self._word(stage), picture, drawn, None if heat is None else heat_picture(heat))

    def _word(self, stage: Stage) -> str:
        return self.tr("now") if stage.number is None else self.tr("round {0}").format(stage.number)

    def show_stage(self, place: int) -> None:
        """Show one round in the viewers."""
        bench = self._bench
        if bench is None or not self.stages:
            return
        self.place = place = min(max(place, 0), len(self.stages) - 1)
        stage, page = self.stages[place], self.page
        page.maps.show_labels(stage.labels, bench.project.state.classes)
        page.heat.show_heat(self._heat(stage))
        page.maps.show_selection(self._difference(stage))
        page.show_place(place, self._word(stage), self._said(place))

    def _difference(self, stage: Stage) -> MaskPicture | None:
        """Where the label map differs from that of the round before."""
        if stage.changed is None or not self.page.difference.isChecked() or not stage.changed.any():
            return None
        return MaskPicture(Box(0, 0, *stage.changed.shape), stage.changed, theme().colors.accent)

    def _said(self, place: int) -> str:
        stage = self.stages[place]
        if place == 0:
            return self.tr("the labels that the first round learned from")
        before = self.stages[place - 1].labels
        gained, lost = stage.gained(before), stage.lost(before)
        if stage.changed is None or not stage.changed.any():
            return self.tr("no pixel of this image changed since {0}").format(self._word(self.stages[place - 1]))
        text = self.tr("since {0}: {1} pixels became defective, {2} are defective no more")
        return text.format(self._word(self.stages[place - 1]), number(gained), number(lost))
