"""The Select workspace at work: joins its panel and the map to the open project.

What it shows is read when somebody looks at it, and again a moment after the labels have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.events import LabelConfirmed, Tagged
from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.sessions.selection import Selection
from defectstudio.sessions.session import Change
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.select_map_desk import MapDesk
from defectstudio.ui.select_queue_desk import REFRESH_AFTER_MS, QueueDesk
from defectstudio.ui.select_rows import ListRow
from defectstudio.ui.select_words import reason_said
from defectstudio.ui.translations import decimal
from defectstudio.ui.words import VERDICT_ICONS, verdict_word

if TYPE_CHECKING:
    from defectstudio.app.selection_models import Budget, Suspect


def suspect_row(suspect: Suspect) -> ListRow:
    """What the list says of one image whose tag is in doubt."""
    verdict = Verdict(suspect.tag)
    icon, role = VERDICT_ICONS[verdict]
    figure = "" if suspect.p_defect is None else decimal(suspect.p_defect, 2)
    fact = verdict_word(verdict)
    return ListRow(suspect.image, suspect.name, reason_said(suspect.reason), "", figure, fact, icon, role)


class SelectDesk(QObject):
    """`queue` and `map` do their own; label errors and the budget are short enough to stand here."""

    changed = Signal()
    image_wanted = Signal(int)

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window, self._panel = window, window.select_panel
        self.queue = QueueDesk(window, self._panel)
        self.map = MapDesk(window)
        self.suspects: list[ImageId] = []
        self._outdated = {"suspects", "budget"}
        self._measuring: RunningJob[Budget | None] | None = None
        self._questions = Questions()
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_AFTER_MS)
        self._timer.timeout.connect(self._look)
        for desk in (self.queue, self.map):
            desk.changed.connect(self.changed)
            desk.image_wanted.connect(self.image_wanted)
        self.queue.scored.connect(self._scored)
        self._panel.seen.connect(self._look)
        self._panel.suspects.image_wanted.connect(self.image_wanted)
        self._panel.budget.choice_changed.connect(self._budget_choice_changed)
        window.gallery.image_chosen.connect(self._follow_image)
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self._closing)
        window.stop_wanted.connect(self._stop_measuring)

    # The project.

    def _opened(self) -> None:
        bench = self._window.bench
        if bench is None:
            return
        self._panel.pictures.open(bench.thumbnails.get)
        bench.thumbnails.ready.connect(self._panel.queue.list.picture_ready)
        bench.thumbnails.ready.connect(self._panel.suspects.list.picture_ready)
        bench.recorded.connect(self._recorded)
        self._outdated = {"suspects", "budget"}
        self.queue.open()
        self.map.open()
        self._look()

    def _closing(self) -> None:
        self._timer.stop()
        self._stop_measuring()
        self.queue.close()
        self.map.close()
        self._panel.pictures.close()
        self.suspects = []
        self._panel.suspects.show_rows([], empty="")
        self._panel.budget.show_budget(None)

    def show_heat(self) -> None:
        """The heat maps of another run are shown from now on."""
        bench = self._window.bench
        if bench is not None:
            self._panel.pictures.show_run(bench.predictions)
            for page in (self._panel.queue, self._panel.suspects):
                page.list.viewport().update()
            self.map.color()

    @property
    def scoring(self) -> bool:
        return self.queue.scoring

    def _scored(self) -> None:
        self._outdated |= {"suspects"}
        self._look()

    def _recorded(self, change: Change) -> None:
        self._outdated |= {"suspects", "budget"}
        if any(isinstance(event, Tagged | LabelConfirmed) for event in change.events):
            self._look()  # who goes through the label errors sees each step at once
        else:
            self._timer.start()

    def _look(self) -> None:
        """Bring up to date what somebody looks at."""
        panel = self._panel
        try:
            if panel.shows(panel.queue):
                self.queue.look()
            elif panel.shows(panel.suspects):
                self._show_suspects()
            elif panel.shows(panel.budget):
                self._measure()
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)
        self.changed.emit()

    # Which page is in front.

    def _show_page(self, page: QWidget) -> None:
        self._window.show_panel(self._panel)
        self._panel.show_page(page)

    def show_queue(self) -> None:
        """The queue in front, with the keys going to it."""
        self._show_page(self._panel.queue)
        if self._panel.queue.list.current is None:
            self._panel.queue.list.go_to_row(0)
        self._panel.queue.list.setFocus()

    def show_suspects(self) -> None:
        """The label errors in front, the worst of them in the viewer."""
        self._show_page(self._panel.suspects)
        self._panel.suspects.begin()

    def show_budget(self) -> None:
        """What more masks are worth."""
        self._show_page(self._panel.budget)
        self._panel.budget.figure.setFocus()

    # Label errors.

    def _show_suspects(self) -> None:
        from defectstudio.app.selection import suspects
        from defectstudio.app.selection_store import read_scoring

        bench, page = self._window.bench, self._panel.suspects
        if bench is None or "suspects" not in self._outdated:
            return
        self._outdated.discard("suspects")
        stood, going = page.list.current, self._walks_suspects
        found = suspects(bench.project)
        self.suspects = [suspect.image for suspect in found]
        scored = read_scoring(bench.project.cache_folder) is not None
        page.show_rows([suspect_row(suspect) for suspect in found], empty=self._about_none(bool(found), scored))
        if bench.current in self.suspects:
            page.list.go(bench.current)
        elif going and page.list.current is not None and page.list.current != stood:
            self.image_wanted.emit(page.list.current)

    def _about_none(self, some: bool, scored: bool) -> str:
        if some:
            return "" if scored else self.tr("Score the queue, and tags that a model contradicts are listed too.")
        if scored:
            return self.tr("No tag is in doubt.")
        return self.tr(
            "Nothing is scored yet. Score the queue first: the models asked about images they never saw "
            "then say which tags they contradict."
        )

    @property
    def _walks_suspects(self) -> bool:
        """Whether somebody goes through the label errors: the page is in front and its image in the viewer."""
        panel, bench = self._panel, self._window.bench
        return bench is not None and panel.shows(panel.suspects) and panel.suspects.list.current == bench.current

    @property
    def can_confirm(self) -> bool:
        """Whether the current image has a tag in doubt by which one could stand."""
        bench = self._window.bench
        return bench is not None and not bench.readonly and bench.current in self.suspects

    def confirm(self) -> None:
        """Stand by the tag of the current image: it is not listed again until the tag changes."""
        bench = self._window.bench
        if bench is not None and bench.current is not None and self.can_confirm:
            Selection(bench.session).confirm([bench.current])

    def tag(self, images: Sequence[ImageId], verdict: Verdict) -> bool:
        """Tag the label error that is looked at, which leads to the next one; False where none is looked at.

        Tagging it as it is tagged already is a way to stand by its tag.
        """
        bench = self._window.bench
        if bench is None or bench.entry is None or not self._walks_suspects or list(images) != [bench.current]:
            return False
        if bench.entry.tag.verdict is verdict and self.can_confirm:
            self.confirm()
        else:
            bench.tag(images, verdict)
        return True

    def _follow_image(self, image: ImageId) -> None:
        """Another image is looked at: where it is listed, the list stands on it."""
        for page in (self._panel.suspects, self._panel.queue):
            if self._panel.shows(page) and page.list.current != image:
                page.list.go(image)

    # The budget.

    def _budget_choice_changed(self) -> None:
        self._outdated.add("budget")
        self._look()

    def _stop_measuring(self) -> None:
        self._questions.ask()
        if self._measuring is not None:
            self._measuring.cancel()
            self._measuring = None

    def _measure(self) -> None:
        """Measure the runs in the background: their heat maps are read the first time."""
        from defectstudio.app.selection import budget_job

        bench = self._window.bench
        if bench is None or "budget" not in self._outdated or self._window.putting_down:
            return
        self._outdated.discard("budget")
        self._stop_measuring()
        job = RunningJob(budget_job(bench.project, *self._panel.budget.wanted), self)
        self._measuring = job
        self._panel.budget.show_begun()
        job.progressed.connect(self._panel.budget.job.show_progress)
        self._window.tasks.start(self._wait(job, self._questions.ask()))

    async def _wait(self, job: RunningJob[Budget | None], number: int) -> None:
        found: Budget | None = None
        try:
            found = await job.result()
        except Cancelled:
            return
        except DefectStudioError as error:
            self._window.show_error(error)
        if self._questions.current(number):
            self._measuring = None
            self._panel.budget.show_budget(found)
