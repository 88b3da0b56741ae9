"""The Refine workspace at work: joins its panel, the page that asks, and the rounds that are trained to the project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.data.similarity import RoundRecord
from defectstudio.domain.refinement import Patch
from defectstudio.sessions.session import Change
from defectstudio.ui.commands.table import REFINE
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_choices import apply_choices
from defectstudio.ui.refine_jobs import RefineJobs
from defectstudio.ui.refine_memory import set_again, set_now
from defectstudio.ui.refine_notes import read_notes, write_notes
from defectstudio.ui.refine_rounds_desk import RoundsDesk
from defectstudio.ui.refine_state import RefineState, show_page, show_panel
from defectstudio.ui.translations import decimal

if TYPE_CHECKING:
    from defectstudio.ui.refine_asking import Asking

VIEWER_PAGE = 1
CONTESTED_AFTER_MS = 250


class RefineDesk(QObject):
    """One refinement a window; the page is made, and the newest round read, when somebody first asks for it."""

    changed = Signal()

    asking: Asking

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window, self._panel = window, window.refine_panel
        self._built = self._read = False
        self._contested_timer = QTimer(self, singleShot=True, interval=CONTESTED_AFTER_MS)
        self._contested_timer.timeout.connect(self._guarded(self._show_contested))
        self.jobs = RefineJobs(window)
        self.rounds = RoundsDesk(window, self.jobs)
        self.rounds.changed.connect(self.changed)
        self.jobs.changed.connect(self._show_state)
        self.jobs.progressed.connect(self._panel.job.show_progress)
        self.jobs.round_ready.connect(self._round_ready)
        self.jobs.dense_taken.connect(self._dense_taken)
        panel = self._panel
        set_again(panel, window.settings.refinement)
        panel.seen.connect(self._show_state)
        panel.choices_changed.connect(self._choices_changed)
        panel.job.stop_wanted.connect(self.jobs.stop)
        panel.start.start_wanted.connect(self._guarded(self._start))
        panel.contested.patch_wanted.connect(self._show_patch)
        panel.notes.settled.connect(self._guarded(self._keep_notes))
        window.project_opened.connect(self._guarded(self._opened))
        window.project_closing.connect(self._closing)

    def _guarded(self, work: Callable[..., Any]) -> Callable[..., None]:
        """The same call with errors shown instead of raised."""

        def call(*_arguments: object) -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
                self._window.show_error(error)

        return call

    # The project.

    def _opened(self) -> None:
        bench = self._window.bench
        if bench is None:
            return
        bench.recorded.connect(self._recorded)
        self._read = False
        self.rounds.open()
        self.jobs.open()
        self._panel.start.show_runs(self.jobs.runs())
        self._panel.notes.show_text(read_notes(bench.project.folder))

    def _closing(self) -> None:
        self._contested_timer.stop()
        self._panel.notes.flush()
        self._panel.notes.show_text("")
        if self._built:
            self.asking.close()
        self._read = False
        self.rounds.close()
        self.jobs.close()

    def _keep_notes(self) -> None:
        bench = self._window.bench
        if bench is not None and not bench.readonly:
            write_notes(bench.project.folder, self._panel.notes.toPlainText())

    def _recorded(self, change: Change) -> None:
        if self._built:
            self.asking.recorded(change)
            if self.asking.answering:
                return  # what follows the answer brings everything up to date
        self._show_state()

    # In front or not.

    def _build(self) -> None:
        from defectstudio.ui.refine_asking import Asking
        from defectstudio.ui.refine_page import RefinePage

        window, page = self._window, RefinePage(self._window.action_button)
        self.asking = Asking(window, page)
        self._built = True
        window.centre.addWidget(page)
        window.listen_on_page(page, REFINE, ("view.heat", "view.labels"))
        window.centre.currentChanged.connect(self._page_changed)
        page.left.connect(self.hide)
        page.job.stop_wanted.connect(self.jobs.stop)
        page.way_out.clicked.connect(self._guarded(self._way_out))
        page.second_way.clicked.connect(self._guarded(self._go_on))
        page.grid.anchor.opened.connect(self.show_place)
        self.asking.changed.connect(self._show_state)
        self.asking.filled.connect(self._round_full)
        self.jobs.progressed.connect(page.job.show_progress)

    @property
    def shown(self) -> bool:
        """Whether the page stands where the image does."""
        if not self._built or self._window.bench is None:
            return False
        return self._window.centre.currentWidget() is self.asking.page

    def show_page(self) -> None:
        """The page of refinement, or the image where the page is shown already."""
        if self.shown:
            self.hide()
            return
        if not self._built:
            self._build()
        self._window.show_panel(self._panel)
        self._window.centre.setCurrentWidget(self.asking.page)
        self._begin()

    def _begin(self) -> None:
        """Read the newest round, once, and ask."""
        if not self._read:
            self._guarded(self._open_round)()
        self._show_state()
        if not self.training:
            self.asking.begin()
        self._show_state()

    def _open_round(self) -> None:
        self.asking.close_round()
        self._read, record = True, self.jobs.newest
        work = self.jobs.open_refinement(self._panel.choices)
        if record is not None and work is not None:
            self.asking.open_round(record, work, self.jobs.heat_of(record))

    def hide(self) -> None:
        """Back to the image, from the page or from the rounds."""
        self.rounds.hide()
        if self.shown:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)
            self._window.viewer.setFocus()

    def _page_changed(self) -> None:
        if not self.shown:
            self.asking.rest()
        self.changed.emit()

    # What the table of commands asks for.

    @property
    def asks(self) -> bool:
        """Whether a panel waits for an answer on the page that is in front."""
        return self._built and not self.training and self.asking.asks

    @property
    def can_take_back(self) -> bool:
        """Whether there is an answer of this round to take back."""
        return self._built and not self.training and self.asking.can_take_back

    def tick(self, number: int) -> None:
        """Tick a candidate, or take the tick back."""
        self.asking.grid.toggle(number)

    def enlarge(self) -> None:
        """The tile in question over the whole page, until the key comes up."""
        self.asking.page.enlarge()

    def show_place(self) -> None:
        """Leave the page for the viewer, at the patch in question."""
        patch = self.asking.standing
        if patch is not None:
            self._show_patch(patch)

    def _show_patch(self, patch: Patch) -> None:
        """Show a patch in the viewer of the window."""
        viewer = self._window.viewer
        self._window.gallery.reach(patch.image)
        self.hide()
        if viewer.picture is not None and viewer.picture.image == patch.image:
            viewer.look_at(patch.column + 0.5, patch.row + 0.5)

    @property
    def has_rounds(self) -> bool:
        """Whether there is a finished round to look at."""
        return bool(self.jobs.rounds)

    # Training.

    @property
    def training(self) -> bool:
        return self.jobs.training

    @property
    def can_train(self) -> bool:
        """Whether another round could be trained now."""
        bench = self._window.bench
        return bench is not None and not bench.readonly and self.has_rounds and not self.training

    def _start(self) -> None:
        self._remember()
        self.jobs.start(self._panel.choices)
        self._panel.anew.setChecked(False)

    def train(self) -> None:
        """Train the next round with all that was answered."""
        self.jobs.train(self._panel.choices)

    def take_dense(self) -> None:
        """Let the heat map of the newest round become the label maps."""
        self._remember()
        self.jobs.take_dense(self._panel.choices)

    def _dense_taken(self, images: int, threshold: float) -> None:
        text = self.tr("The dense map changed %Ln image(s)", "", images)
        said = self.tr("{0}, from P(defect) {1} on. Undo takes it back.").format(text, decimal(threshold, 2))
        self._window.notices.show_notice("success", said)

    def _round_full(self) -> None:
        if self._panel.auto.isChecked():
            self._guarded(self.train)()
        self._show_state()

    def _go_on(self) -> None:
        self.asking.go_on()
        self._show_state()

    def _way_out(self) -> None:
        """The first button under a message."""
        if self.asking.full:
            self.train()
        else:
            self._window.show_panel(self._panel)
            self._panel.start.kind.setFocus()

    def _round_ready(self, record: RoundRecord) -> None:
        self._read = False
        text = self.tr("Round {0} is trained.").format(record.round)
        if self.shown:
            self._window.statusBar().showMessage(text, 5000)
            self._begin()
            return
        if self._built:
            self.asking.close_round()
        answer = self.tr("Answer panels")
        self._window.notices.show_notice("success", text, button=answer, run=self.show_page)
        self._show_state()

    def _remember(self) -> None:
        self._window.settings.refinement = set_now(self._panel)

    def _choices_changed(self) -> None:
        self._remember()
        if self._built and self.asking.work is not None:
            apply_choices(self.asking.work, self._panel.choices)

    # What is said.

    def _show_state(self) -> None:
        state = self.state
        show_panel(self._panel, state)
        if self._built:
            show_page(self.asking.page, state)
        if self._panel.isVisible():
            self._contested_timer.start()
        self.changed.emit()

    def _show_contested(self) -> None:
        """A moment after the last answer: who answers shall not wait for it."""
        bench = self._window.bench
        if bench is not None:
            found = self.jobs.contested()
            self._panel.contested.show_contested(found, bench.images, bench.project.state.classes)

    @property
    def state(self) -> RefineState:
        """The facts that the workspace is drawn from."""
        bench, newest = self._window.bench, self.jobs.newest
        if bench is None:
            return RefineState()
        return RefineState(
            open=True,
            readonly=bench.readonly,
            training=self.training,
            dense=self.jobs.dense,
            stopping=self.jobs.stopping,
            newest=None if newest is None else newest.round,
            counts=self.asking.counts if self._built else None,
            full=self._built and self.asking.full,
            asking=self._built and self.asking.grid.panel is not None,
            images=sum(entry.present for entry in bench.images.values()),
        )
