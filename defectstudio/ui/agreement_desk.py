"""The agreement of labels at work: compared in the background, both versions shown, settled by a third verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDockWidget

from defectstudio.app.agreement import Agreement, Contested, agreement_job
from defectstudio.app.agreement_detail import Detail, detail_job
from defectstudio.app.contested import Choice, Version, settle, versions_of
from defectstudio.data.project import Project
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.session import Change
from defectstudio.ui.agreement_words import version_said
from defectstudio.ui.commands.table import AGREEMENT
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.loader import Loader
from defectstudio.ui.picture import Picture
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_jobs import RefineJobs
from defectstudio.ui.refine_layers import Layers
from defectstudio.ui.replay_show import DEFAULT_SIDE, no_heat

if TYPE_CHECKING:
    from defectstudio.ui.agreement_page import AgreementPage

VIEWER_PAGE = 1
Found = tuple[Agreement, Detail]


def both_jobs(project: Project) -> Any:
    """Figures and list, then figures by class and over time; asked for on the project's thread."""
    first, second = agreement_job(project), detail_job(project)

    def job(token: CancelToken) -> Job[Found]:
        return (yield from first(token)), (yield from second(token))

    return job


class AgreementDesk(QObject):
    """Made with the window; its page when it is first asked for."""

    changed = Signal()
    compared = Signal()
    """Figures and list are on the page."""
    shown_versions = Signal()
    """Both versions of what is chosen are in sight."""

    page: AgreementPage

    def __init__(self, window: ProjectWindow, jobs: RefineJobs) -> None:
        super().__init__(window)
        self._window, self._jobs = window, jobs
        self._built = False
        self._job: RunningJob[Found] | None = None
        self._loaders: list[Loader] = []
        self._layers: Layers | None = None
        self._versions: tuple[Version, Version] | None = None
        self._questions = Questions()
        self._hidden: list[QDockWidget] = []
        self.found: Agreement | None = None
        self.drawing: Contested | None = None
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self._closing)
        window.stop_wanted.connect(self._stop_job)

    def _build(self) -> None:
        from defectstudio.ui.agreement_page import AgreementPage

        window = self._window
        self.page = page = AgreementPage(window.action_button)
        self._built = True
        window.centre.addWidget(page)
        for widget in (page.list, page.linked, page.figures):
            window.listen_on_page(widget, AGREEMENT)
        window.centre.currentChanged.connect(self._page_changed)
        page.left.connect(self.leave)
        page.chosen.connect(self._choose)

    def _opened(self) -> None:
        if self._window.bench is not None:
            self._window.bench.recorded.connect(self._recorded)

    def _closing(self) -> None:
        self.drawing = None
        self.leave()

    # In front or not.

    @property
    def shown(self) -> bool:
        """Whether the page stands where the image does."""
        return bool(self._loaders)

    def toggle(self) -> None:
        """The agreement of labels, or back to the image."""
        bench = self._window.bench
        if self.shown or bench is None:
            self.leave()
            return
        if not self._built:
            self._build()
        page = self.page
        for viewer in (page.linked.second, page.linked.first):
            loader = Loader(bench.project.pixels, bench.images, self)
            loader.picture_ready.connect(lambda picture, viewer=viewer: self._picture_ready(viewer, picture))
            loader.detail_ready.connect(viewer.show_detail)
            self._loaders.append(loader)
        self._hidden = [dock for dock in self._window.docks if not dock.isHidden()]
        for dock in self._hidden:
            dock.hide()
        page.claim_room(True)
        self._window.centre.setCurrentWidget(page)
        page.list.setFocus()
        self.compare()

    def leave(self) -> None:
        """Back to the image, everything as it was before."""
        if not self.shown:
            return
        self._stop_job()
        for loader in self._loaders:
            loader.stop()
            loader.deleteLater()
        self._loaders = []
        self._close_layers()
        self.found = self._versions = None
        page, window = self.page, self._window
        page.linked.first.show_picture(None)
        page.linked.second.show_picture(None)
        page.claim_room(False)
        if window.centre.currentWidget() is page:
            window.centre.setCurrentIndex(VIEWER_PAGE)
            window.viewer.setFocus()
        window.centre.updateGeometry()  # or the docks that come back would widen the window
        if (layout := window.layout()) is not None:
            layout.activate()
        for dock in self._hidden:
            dock.show()
        window.history_dock.raise_()
        self.changed.emit()

    def _page_changed(self) -> None:
        if self.shown and self._window.centre.currentWidget() is not self.page:
            self.leave()

    # Comparing.

    def compare(self) -> None:
        """Compare what was labelled more than once, as it is now."""
        bench = self._window.bench
        if bench is None or not self.shown:
            return
        self._stop_job()
        if self.found is None:
            self.page.show_nothing(self.tr("Comparing labels…"))
        self._job = RunningJob(both_jobs(bench.project), self)
        self._window.tasks.start(self._wait(self._job, self._questions.ask()))
        self.changed.emit()

    async def _wait(self, job: RunningJob[Found], number: int) -> None:
        try:
            found, detail = await job.result()
        except Cancelled:
            return
        except DefectStudioError as error:
            if self._questions.current(number) and self.shown:
                self.page.show_nothing(f"{error.message} {error.hint}".strip())
            return
        if self._questions.current(number) and self.shown:
            self._job, self.found = None, found
            self.page.show_found(found, detail, self.page.list.currentRow())
            self.changed.emit()
            self.compared.emit()

    def _stop_job(self) -> None:
        self._questions.ask()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _recorded(self, _change: Change) -> None:
        self.compare()

    # Both versions.

    @property
    def item(self) -> Contested | None:
        """The contested thing that is chosen."""
        row = self.page.list.currentRow() if self._built else -1
        if not self.shown or self.found is None or not 0 <= row < len(self.found.contested):
            return None
        return self.found.contested[row]

    @property
    def can_settle(self) -> bool:
        """Whether a third verdict can be given now."""
        bench = self._window.bench
        return self.item is not None and bench is not None and not bench.readonly and not self._window.training

    def _choose(self, _row: int) -> None:
        item, bench, page = self.item, self._window.bench, self.page
        if item is None or bench is None:
            return
        try:
            self._versions = one, other = versions_of(bench.project, item)
        except DefectStudioError as error:
            page.show_nothing(f"{error.message} {error.hint}".strip())
            return
        names = [item.names[0], item.names[-1]]
        said = [f"{name}: {version_said(item.kind, v.said)}" for name, v in zip(names, (one, other), strict=True)]
        page.say_versions(self.tr("1   {0}").format(said[0]), self.tr("2   {0}").format(said[1]))
        self.changed.emit()
        if one.answered is not None and other.answered is not None:
            self._show_panel(one, other)
            self.shown_versions.emit()
            return
        page.stack.setCurrentIndex(0)
        for loader, version in zip(self._loaders, (one, other), strict=True):
            loader.want(version.image)

    def _picture_ready(self, viewer: Any, picture: Picture) -> None:
        bench = self._window.bench
        if bench is None or self._versions is None:
            return
        version = self._versions[1 if viewer is self.page.linked.first else 0]
        if version.image != picture.image:
            return
        viewer.show_picture(picture)
        viewer.show_labels(version.labels, bench.project.state.classes)
        viewer.fit()
        shown = [v.picture.image for v in (self.page.linked.second, self.page.linked.first) if v.picture is not None]
        if shown == [version.image for version in self._versions]:
            self.shown_versions.emit()

    def _show_panel(self, one: Version, other: Version) -> None:
        """The panel twice, with the two answers; label maps are those of today."""
        bench, page = self._window.bench, self.page
        assert bench is not None
        assert one.answered is not None
        assert other.answered is not None
        panel, state = one.answered.panel, bench.project.state
        self._close_layers()
        record = next((r for r in self._jobs.rounds if r.round == panel.round), None)
        side = DEFAULT_SIDE if record is None else record.config.patch
        layers = self._layers = Layers(bench.project.pixels, state, side, no_heat, self)
        layers.ready.connect(self._dress)
        for grid in page.grids:
            grid.show_panel(panel, side, state.images, state.classes)
        page.show_answers((one.answered, other.answered))
        self._dress()

    def _dress(self) -> None:
        for grid in self.page.grids:
            if self._layers is not None:
                self._layers.dress(grid.every())

    def _close_layers(self) -> None:
        if self._layers is not None:
            self._layers.stop()
            self._layers.deleteLater()
        self._layers = None

    # The third verdict.

    def keep(self, choice: Choice) -> None:
        """Let one of the two versions stand, as one step that Undo takes back."""
        bench, item = self._window.bench, self.item
        if bench is not None and item is not None:
            settle(bench.session, item, choice)

    def draw(self) -> None:
        """Go to the image and draw or tag it anew; a notice asks whether that is the verdict."""
        item = self.item
        if item is None:
            return
        self.drawing = item
        self.leave()
        self._window.gallery.reach(item.images[0])
        text = self.tr("Draw or tag {0} anew, then let it be the third verdict.").format(item.names[0])
        take = self.tr("Take it as it is now")
        self._window.notices.show_notice("info", text, button=take, run=self.take_drawn)

    def take_drawn(self) -> None:
        """What was drawn or tagged since is the third verdict."""
        item, self.drawing, bench = self.drawing, None, self._window.bench
        if item is None or bench is None:
            return
        try:
            settle(bench.session, item, "drawn")
        except DefectStudioError as error:
            self._window.show_error(error)
        self.toggle()
