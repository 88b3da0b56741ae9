"""Asking panels of one round: shows the next one, hands answers to the session, follows undo and redo.

What was answered comes back as an event, like every other gesture, so undo from anywhere shows the panel again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.data.similarity import RoundRecord
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ClassChanged
from defectstudio.domain.refinement import Answer, Panel, PanelAnswered, Patch
from defectstudio.sessions.session import Change
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_clock import Clock
from defectstudio.ui.refine_counts import Counts
from defectstudio.ui.refine_jobs import ReadHeat
from defectstudio.ui.refine_layers import Layers
from defectstudio.ui.refine_page import RefinePage
from defectstudio.ui.refine_place import Place
from defectstudio.ui.refine_tile import PatchTile
from defectstudio.ui.viewer import Display

if TYPE_CHECKING:
    from defectstudio.sessions.refinement import Refinement


class Asking(QObject):
    """Lives as long as its page; works on the round that was opened last."""

    changed = Signal()
    """Counters, or what can be done, are others than before."""
    filled = Signal()
    """The round has all its answers."""
    asked = Signal()
    """Another panel is shown, or none any more."""

    def __init__(self, window: ProjectWindow, page: RefinePage) -> None:
        super().__init__(window)
        self._window, self.page, self.grid = window, page, page.grid
        self.place = Place(window, page.viewer)
        self.work: Refinement | None = None
        self._record: RoundRecord | None = None
        self._layers: Layers | None = None
        self._clock = Clock()
        self._enough = False
        self.answering = False
        """Whether an answer is just being written."""
        self.grid.stood_on.connect(self._stood_on)
        self.grid.moved.connect(self._moved)
        self.grid.changed.connect(self._answer_changed)
        window.viewer.display_changed.connect(self._show_layers)

    # One round.

    def open_round(self, record: RoundRecord, work: Refinement, heat: ReadHeat) -> None:
        """Ask the panels of this round from now on."""
        self.close_round()
        bench = self._window.bench
        if bench is None:
            return
        self.work, self._record = work, record
        self._layers = Layers(bench.project.pixels, bench.project.state, record.config.patch, heat, self)
        self._layers.ready.connect(self._dress)
        self._show_layers(self._window.viewer.display)
        self.place.open(bench, record.config.patch)

    def close_round(self) -> None:
        """Ask nothing any more."""
        if self.work is not None:
            self.work.close()
        if self._layers is not None:
            self._layers.stop()
            self._layers.deleteLater()
        self.work = self._record = self._layers = None
        self._enough = False
        self.grid.show_panel(None, 1, {}, {})

    def close(self) -> None:
        """Let go of the project."""
        self.close_round()
        self.place.close()

    # Facts.

    @property
    def full(self) -> bool:
        """Whether the round has all its answers, and nobody wants to go on with it."""
        work = self.work
        return work is not None and work.refinements >= work.per_round and not self._enough

    @property
    def asks(self) -> bool:
        """Whether a panel waits for an answer on the page."""
        bench = self._window.bench
        return self.page.isVisible() and self.page.asks and bench is not None and not bench.readonly

    @property
    def can_take_back(self) -> bool:
        """Whether there is an answer of this round to take back."""
        bench = self._window.bench
        writable = bench is not None and not bench.readonly
        return writable and self.page.isVisible() and self.work is not None and self.work.refinements > 0

    @property
    def counts(self) -> Counts | None:
        """How the round goes."""
        work = self.work
        if work is None:
            return None
        return Counts(work.round, work.refinements, work.per_round, work.seconds_per_answer, work.flips, work.agreement)

    # Asking.

    def begin(self) -> None:
        """Ask, where there is anything to ask and nothing is asked yet."""
        bench = self._window.bench
        if self.work is not None and self.grid.panel is None and not self.full and bench and not bench.readonly:
            self._ask()
        self._clock.go_on()
        if self.asks:
            self.grid.stand()
        else:
            self.page.setFocus()

    def go_on(self) -> None:
        """More answers in a round that is full."""
        self._enough = True
        self.begin()

    def rest(self) -> None:
        """The page is not looked at: time does not count."""
        self._clock.rest()

    def _ask(self) -> None:
        panel: Panel | None = None
        if self.work is not None:
            try:
                panel = self.work.next_panel()
            except DefectStudioError as nothing_left:
                self._window.statusBar().showMessage(nothing_left.message, 5000)
        self._show(panel)

    def _show(self, panel: Panel | None, answer: Answer | None = None) -> None:
        bench, record = self._window.bench, self._record
        if bench is None or record is None:
            return
        had_keys = self._has_keys
        self.grid.show_panel(panel, record.config.patch, bench.images, bench.project.state.classes)
        if answer is not None:
            self.grid.show_answer(answer)
        self._dress()
        self._clock.begin()
        self.changed.emit()
        if had_keys:
            self.grid.stand() if panel is not None else self.page.setFocus()
        if panel is not None:
            self.place.stand_on(panel_patch(panel))
            QTimer.singleShot(0, self, self._prepare)
        self.asked.emit()

    @property
    def _has_keys(self) -> bool:
        focus = self._window.focusWidget()
        return focus is not None and (focus is self.page or self.page.isAncestorOf(focus))

    def _prepare(self) -> None:
        """Choose the next panel, and read its pictures, while the expert looks at this one."""
        if self.work is not None and self.grid.panel is not None:
            try:
                coming = self.work.prepare()
            except DefectStudioError as error:
                self._window.show_error(error)
                return
            if coming is not None and self._layers is not None:
                self._layers.read_ahead(coming)

    def _show_layers(self, display: Display) -> None:
        """Label map and heat are laid over patches where they are over images."""
        self.place.viewer.set_display(labels=display.labels, outline=display.outline)
        if self._layers is not None:
            self._layers.show_labels, self._layers.show_heat = display.labels, display.heat
            self._dress()

    def _dress(self) -> None:
        if self._layers is not None:
            self._layers.dress(self.grid.every())

    # Answering.

    def submit(self) -> None:
        """Hand the answer in, once anything is ticked."""
        if self.grid.ticked:
            self._answer(self.grid.answer(self._clock.seconds))
        else:
            self._window.statusBar().showMessage(self.tr("Nothing is ticked. Where no patch is alike, press N."), 5000)

    def submit_none(self) -> None:
        """Hand in that no candidate shows what the anchor shows."""
        self._answer(self.grid.answer(self._clock.seconds, none=True))

    def _answer(self, answer: Answer) -> None:
        panel, work = self.grid.panel, self.work
        if panel is None or work is None:
            return
        self.answering = True
        try:
            work.answer(panel, answer)
        finally:
            self.answering = False
        self._next()

    def _next(self) -> None:
        """What comes after an answer: another panel, or the next round."""
        if self.full:
            had_keys = self._has_keys
            self.grid.show_panel(None, 1, {}, {})
            if had_keys:
                self.page.setFocus()  # so that the keys of the page go on to be heard
            self.filled.emit()
        else:
            self._ask()

    def take_back(self) -> None:
        """Take the last answer back; its panel comes again."""
        if self.work is not None:
            self.work.take_back()

    def recorded(self, change: Change) -> None:
        """A gesture is on disk: labels over patches may be others, or an answer was taken back."""
        if self._layers is not None and any(isinstance(event, ClassChanged) for event in change.events):
            self._layers.forget_colors()
        said = [event for event in change.events if isinstance(event, PanelAnswered)]
        if said and self.work is not None and said[-1].panel.round == self.work.round:
            self._follow_answer(said[-1])
        elif not self.answering:
            self._dress()
            for tile in self.grid.every():
                tile.update()  # label maps share their memory: nobody else tells

    def _follow_answer(self, event: PanelAnswered) -> None:
        """An answer that was taken back is shown again as it was given; one that was redone is done with."""
        shown = self.grid.panel
        if not event.present:
            self._show(event.panel, event.answer)
        elif not self.answering and shown is not None and shown.id == event.panel.id:
            QTimer.singleShot(0, self, self._next)

    # The patch in its image.

    def _stood_on(self, tile: PatchTile) -> None:
        self.place.stand_on(tile.patch)

    def _moved(self, tile: PatchTile) -> None:
        self._dress()
        self.place.stand_on(tile.patch)

    def _answer_changed(self) -> None:
        self.page.show_ticked(self.grid.ticked)

    @property
    def standing(self) -> Patch | None:
        """The patch in question."""
        tile = self.grid.standing
        return None if tile is None else tile.patch

    def put_back(self) -> None:
        """The centre of the tile in question where it was."""
        tile = self.grid.standing
        if tile is not None:
            tile.put_back()


def panel_patch(panel: Panel) -> Patch:
    """The patch that is shown in its image before anybody points at one."""
    return panel.anchor.patch
