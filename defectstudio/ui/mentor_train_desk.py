"""Training on verdicts at the window: begun here, followed as any training; its candidate is compared and decided on.

The candidate is the newest finished run trained on verdicts that nobody approved or rejected yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.sessions.runs import called
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.mentor_approval import Approver
from defectstudio.ui.mentor_calls import app
from defectstudio.ui.mentor_compared import figure_rows, gain_said
from defectstudio.ui.mentor_features import FeaturesDesk
from defectstudio.ui.mentor_training import MentorTraining
from defectstudio.ui.project_window import ProjectWindow

if TYPE_CHECKING:
    from defectstudio.app.mentoring_compare import BeforeAfter
    from defectstudio.ui.mentor_candidate import CandidatePage
    from defectstudio.ui.mentor_show import DetectionShow


class MentorTrainDesk(QObject):
    """Trainings of one window that learn from verdicts."""

    changed = Signal()
    begun = Signal(object, str)
    """A training, to be followed as any other, and what it is called."""
    candidate_ready = Signal()
    """A training on verdicts has come to its end."""
    compared = Signal()
    """The figures before and after are shown."""

    def __init__(self, window: ProjectWindow, panel: MentorTraining) -> None:
        super().__init__(window)
        self._window, self._panel = window, panel
        self._page: CandidatePage | None = None
        self._show: DetectionShow | None = None
        self.candidate: RunRecord | None = None
        self.features: FeaturesDesk | None = None
        self.approver: Approver | None = None
        self.found: BeforeAfter | None = None
        self._compared = ""
        """The candidate that was compared, or is being compared."""
        self._trains = ""
        self._job: RunningJob[Any] | None = None
        self._questions = Questions()
        self._asked_by_itself = False
        panel.job.stop_wanted.connect(self._stop_training)
        window.stop_wanted.connect(self.stop)

    def attach(self, page: CandidatePage, show: DetectionShow) -> None:
        """Show candidates here, from now on."""
        self._page, self._show = page, show
        self.features = FeaturesDesk(self._window, page)
        self.approver = Approver(self._window, page.job, self)
        self.approver.changed.connect(self._approving)
        self.approver.approved.connect(self.refresh)
        page.decided.connect(self._told_decided)
        page.job.stop_wanted.connect(self.stop)

    # The project.

    def open(self) -> None:
        """Follow the project that the window has opened."""
        desk = self._window.desk
        if desk is not None:
            desk.progressed.connect(self._progressed)
            desk.ended.connect(self._ended)
        self._compared, self._asked_by_itself = "", False
        self.refresh()

    def close(self) -> None:
        """Let go of the project."""
        self.stop()
        self.candidate, self._compared, self._trains = None, "", ""
        self._panel.show_base(None, 0)
        self._panel.show_candidate("")
        self._panel.show_state("")
        self._panel.job.show_ended()
        if self._page is not None:
            self._page.show_nothing(self.tr("No candidate waits for a decision."))
            self._page.contradicted.show_rows([], "")
            self._page.unjudged.show_rows([], "")
        if self.features is not None:
            self.features.close()

    def refresh(self) -> None:
        """Look which run waits for a decision."""
        bench, desk = self._window.bench, self._window.desk
        if bench is None or desk is None:
            return
        decided, runs = bench.project.state.approvals, bench.project.state.runs
        waiting = [
            record
            for record in desk.runs()
            if record.mentoring is not None and record.status == "finished" and record.id in runs
        ]
        newest = waiting[-1] if waiting else None
        self.candidate = None if newest is None or newest.id in decided else newest
        said = (
            "" if self.candidate is None else self.tr("{0} waits for a decision.").format(self._title(self.candidate))
        )
        self._panel.show_candidate(said)
        base = app().approved(bench.project)
        self._panel.show_base(base, 0 if base is None else app().usual_tuning(base))
        if self._page is not None and self.candidate is None:
            self._compared = ""
            self._page.show_nothing(self.tr("No candidate waits for a decision."))
        self.changed.emit()

    def _title(self, record: RunRecord) -> str:
        bench = self._window.bench
        return called(bench.project, record.id) if bench is not None else record.id

    # Training.

    @property
    def can_begin(self) -> bool:
        bench = self._window.bench
        free = not self._window.training and not self._window.putting_down
        said = bench is not None and any(entry.judged for entry in bench.images.values())
        return bench is not None and not bench.readonly and free and said

    def begin(self) -> None:
        """Train on the verdicts given so far. Raises DefectStudioError when something is missing for it."""
        bench, desk = self._window.bench, self._window.desk
        if bench is None or desk is None or not self.can_begin:
            return
        make, run = app().candidate_job(bench.project, self._panel.chosen_settings)
        job = desk.begin_with(run, make)
        self._trains = run
        self.begun.emit(job, self.tr("training on verdicts"))
        self._panel.job.show_begun(self.tr("Training on the verdicts…"))
        self._panel.show_state("")
        self.changed.emit()

    def _progressed(self, batch: list[Any]) -> None:
        if self._trains:
            self._panel.job.show_progress(batch)

    def _stop_training(self) -> None:
        desk = self._window.desk
        if desk is not None and self._trains:
            desk.cancel()
            self._panel.job.show_stopping()

    def _ended(self, said: str) -> None:
        """A training has ended: the one that was begun here, or another."""
        run, self._trains = self._trains, ""
        if not run:
            return
        self._panel.job.show_ended()
        self._panel.show_state(said)
        self.refresh()
        if self.candidate is not None and self.candidate.id == run:
            self.candidate_ready.emit()

    def enough_is_decided(self, enough: bool) -> None:
        """Begin by itself, where the user wants it so, once for each time that enough was decided."""
        wanted = enough and self._panel.by_itself.isChecked() and not self._asked_by_itself
        self._asked_by_itself = enough and (wanted or self._asked_by_itself)
        if wanted and self.can_begin:
            try:
                self.begin()
            except DefectStudioError as error:
                self._window.show_error(error)

    # The candidate.

    def look(self) -> None:
        """Somebody looks at the candidate: compare it, unless that was done."""
        bench, page, candidate = self._window.bench, self._page, self.candidate
        if bench is None or page is None or candidate is None or self._compared == candidate.id:
            return
        self.stop()
        base = candidate.mentoring.base if candidate.mentoring is not None else ""
        words = self.tr("Candidate {0}, trained from {1}").format(self._title(candidate), called(bench.project, base))
        page.forget_decision()
        page.show_begun(words)
        page.decision.setVisible(not bench.readonly)
        self._compared = candidate.id
        self._job = RunningJob(app().compare_candidate_job(bench.project, candidate.id), self)
        self._job.progressed.connect(page.job.show_progress)
        self._window.tasks.start(self._wait(self._job, self._questions.ask()))

    async def _wait(self, job: RunningJob[Any], number: int) -> None:
        try:
            found = await job.result()
        except Cancelled:
            if self._questions.current(number):
                self._compared = ""
            return
        finally:
            if self._questions.current(number) and self._page is not None:
                self._page.job.show_ended()
        if self._questions.current(number):
            self._job = None
            self._show_compared(found)

    def _show_compared(self, found: BeforeAfter) -> None:
        page, show = self._page, self._show
        if page is None or show is None:
            return
        page.show_figures(figure_rows(found), gain_said(found))
        none = self.tr("The candidate agrees with every verdict.")
        page.contradicted.show_rows([show.row(d) for d in found.contradicted], none)
        self.found = found
        page.enqueue.setVisible(bool(found.unjudged))
        page.unjudged.show_rows([show.row(d) for d in found.unjudged], self.tr("It finds nothing that nobody judged."))
        if self.features is not None and self.candidate is not None:
            self.features.offer(self.candidate.id)
        self.compared.emit()

    def stop(self) -> None:
        """Stop comparing."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._compared = ""

    def _told_decided(self, kind: str, who: str, reason: str) -> None:
        try:
            self.decide(kind, who, reason)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)

    def _approving(self) -> None:
        if self._page is not None and self.approver is not None:
            self._page.decision.setEnabled(not self.approver.busy)

    def decide(self, kind: str, who: str, reason: str) -> None:
        """Approve or reject the candidate, as a step that undo takes back."""
        bench, candidate = self._window.bench, self.candidate
        if bench is None or candidate is None or self.approver is None:
            return
        if kind == "approved":
            self.approver.start(candidate.id, who, reason)
            return
        app().reject_candidate(bench.session, candidate.id, who, reason)
        said = self.tr("{0} is rejected; the deployed run stays.")
        self._window.notices.show_notice("success", said.format(self._title(candidate)))
        self.refresh()
