"""Shows what stood after a step on the page of the replay: image, labels, the question as it was asked, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from defectstudio.app.playback_look import Look
from defectstudio.domain.labels import Box, LabelMap, Verdict
from defectstudio.ui.loader import Loader
from defectstudio.ui.mentor_view import Frame
from defectstudio.ui.mentor_words import class_tone
from defectstudio.ui.picture import Detail, Picture
from defectstudio.ui.refine_jobs import ReadHeat, RefineJobs
from defectstudio.ui.refine_layers import Layers
from defectstudio.ui.replay_page import ReplayPage
from defectstudio.ui.replay_view import changed_mask
from defectstudio.ui.replay_words import answer_facts, image_facts, project_facts, step_said, verdict_facts
from defectstudio.ui.theme import theme
from defectstudio.ui.workbench import Workbench

DEFAULT_SIDE = 32
"""How wide patches are shown where the record of their round is gone."""


class PastShow(QObject):
    """One open project's past on the page; knows nothing of time."""

    settled = Signal()
    """All of the look that was shown last is on the page, its picture too."""

    def __init__(self, bench: Workbench, page: ReplayPage, jobs: RefineJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._page, self._jobs = bench, page, jobs
        self.look: Look | None = None
        self._count = 0
        self._round: int | None = None
        self._layers: Layers | None = None
        self._loader = Loader(bench.project.pixels, bench.images, self)
        self._loader.picture_ready.connect(self._picture_ready)
        self._loader.detail_ready.connect(self._detail_ready)
        self._loader.failed.connect(self._failed)
        page.viewer.detail_wanted.connect(self._loader.want_detail)
        page.mark.toggled.connect(self._mark)

    def stop(self) -> None:
        """End the threads and show nothing."""
        self._page.viewer.detail_wanted.disconnect(self._loader.want_detail)
        self._page.mark.toggled.disconnect(self._mark)
        self._loader.stop()
        self._close_layers()
        self._page.grid.show_panel(None, 1, {}, {})
        self._page.viewer.show_picture(None)
        self._page.zoomed.show_none("")
        self.look = None

    def show(self, look: Look, count: int) -> None:
        """Show what stood after a step of so many; `settled` follows."""
        self.look, self._count = look, count
        page = self._page
        page.say(step_said(look, count))
        page.facts.show_facts(self._facts(look))
        self._show_panel(look)
        page.zoomed.setVisible(look.judgement is not None)
        shown = page.viewer.picture
        if look.image is None:
            page.viewer.show_picture(None, self.tr("There is no image yet."))
            self.settled.emit()
        elif shown is not None and shown.image == look.image:
            self._show_image(shown)
            self.settled.emit()
        else:
            self._loader.want(look.image)

    def _facts(self, look: Look) -> list[tuple[str, Sequence[str]]]:
        answered, judgement = look.answered, look.judgement
        return [
            (self.tr("The answer"), [] if answered is None else answer_facts(answered, look.classes)),
            (self.tr("The verdict"), [] if judgement is None else verdict_facts(judgement, look.classes)),
            (self.tr("The image then"), image_facts(look)),
            (self.tr("The project then"), project_facts(look.counts)),
        ]

    # The image.

    def _picture_ready(self, picture: Picture) -> None:
        if self.look is not None and picture.image == self.look.image:
            self._page.viewer.show_picture(picture)
            self._show_image(picture)
            self.settled.emit()

    def _failed(self, _error: object) -> None:
        """The labels of the past can be followed without pixels."""
        self._page.viewer.show_picture(None, self.tr("This image cannot be shown."))
        self.settled.emit()

    def _detail_ready(self, detail: Detail) -> None:
        for view in (self._page.viewer, self._page.zoomed):
            view.show_detail(detail)

    def _show_image(self, picture: Picture) -> None:
        look, page = self.look, self._page
        if look is None:
            return
        page.viewer.show_labels(self._shown_map(look), look.classes)
        frames = [*frames_of(look), *self._asked_frame(look)]
        page.viewer.show_frames(frames)
        self._mark(page.mark.isChecked())
        if look.judgement is not None:
            page.zoomed.show_detection(picture, frames)

    def _asked_frame(self, look: Look) -> list[Frame]:
        """Where the anchor of a panel lies in its image."""
        if look.answered is None or look.entry is None or self._layers is None:
            return []
        patch, half = look.answered.panel.anchor.patch, self._layers.pictures.side // 2
        (row, column), (high, wide) = (patch.row, patch.column), look.entry.shape
        box = Box(max(row - half, 0), max(column - half, 0), min(row + half, high), min(column + half, wide))
        return [Frame(box, theme().colors.accent, main=True)]

    @staticmethod
    def _shown_map(look: Look) -> LabelMap | None:
        """As in the viewer of the window: a good image is healthy everywhere, so nothing is laid over it."""
        good = look.entry is not None and look.entry.tag.verdict is Verdict.GOOD
        return None if good else look.labels

    def _mark(self, wanted: bool) -> None:
        look, viewer = self.look, self._page.viewer
        if look is not None and viewer.picture is not None and viewer.picture.image == look.image:
            viewer.show_selection(changed_mask(look.before, look.labels) if wanted else None)

    # The panel.

    def _show_panel(self, look: Look) -> None:
        answered, grid = look.answered, self._page.grid
        grid.setVisible(answered is not None)
        if answered is None or look.asked is None:
            return
        layers = self._layers_of(answered.panel.round, look)
        layers.look_at(look.asked)
        grid.show_panel(answered.panel, layers.pictures.side, look.asked.images, look.classes)
        grid.show_answer(answered.answer)
        grid.label.setEnabled(False)
        layers.dress(grid.every())

    def _layers_of(self, number: int, look: Look) -> Layers:
        """Pixels and heat of a round, kept while panels of that round follow each other."""
        if self._layers is not None and number == self._round:
            return self._layers
        self._close_layers()
        record = next((record for record in self._jobs.rounds if record.round == number), None)
        side = DEFAULT_SIDE if record is None else record.config.patch
        heat: ReadHeat = no_heat if record is None else self._jobs.heat_of(record)
        assert look.asked is not None
        made = self._layers = Layers(self._bench.project.pixels, look.asked, side, heat, self)
        made.ready.connect(self._dress)
        self._round = number
        return made

    def _dress(self) -> None:
        if self._layers is not None and self.look is not None and self.look.answered is not None:
            self._layers.dress(self._page.grid.every())

    def _close_layers(self) -> None:
        if self._layers is not None:
            self._layers.stop()
            self._layers.deleteLater()
        self._layers = self._round = None


def no_heat(_image: int) -> Any:
    """For rounds whose files are gone."""
    return None


def frames_of(look: Look) -> list[Frame]:
    """The detections that were judged in the image by then, the one of the step in front."""
    if look.entry is None:
        return []
    main = None if look.judgement is None else look.judgement.detection
    others = [
        Frame(said.detection.box, class_tone(look.classes, said.class_index))
        for said in look.entry.judged
        if said.kind != "rejected" and (main is None or said.detection.id != main.id)
    ]
    return others if main is None else [*others, Frame(main.box, class_tone(look.classes, main.class_index), main=True)]
