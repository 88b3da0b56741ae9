"""Rounds of the open project: starting maps, training in the background, what is read of a finished round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from defectstudio.data.project import Project
from defectstudio.data.similarity import PatchIndex, RoundRecord, read_index, round_folder, similarity_config
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.loading import load_library
from defectstudio.sessions.answers import Contested
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.refine_choices import RefineChoices, apply_choices
from defectstudio.ui.refine_words import phase_said

if TYPE_CHECKING:
    from defectstudio.app.refinement_dense import DenseMaps
    from defectstudio.app.refinement_maps import StartingMaps
    from defectstudio.sessions.refinement import Refinement

ReadHeat = Callable[[ImageId], NDArray[Any]]
T = TypeVar("T")


def apart(make: Callable[[CancelToken], Job[T]]) -> Callable[[CancelToken], Job[T]]:
    """The same work; the library that the window would feel is loaded in the work's thread."""

    def job(token: CancelToken) -> Job[T]:
        yield Progress(0, 0, "Starting")
        load_library()
        return (yield from make(token))

    return job


def index_heat(index: PatchIndex, image: ImageId, shape: tuple[int, int], stride: int) -> NDArray[np.float32] | None:
    """P(defect) of an image by the patches of a round, (ceil(h / stride), ceil(w / stride)); None where any is missing.

    An index of many images keeps a part of the patches only.
    """
    of_image = np.flatnonzero(index.image == image)
    heat = np.full((-(-shape[0] // stride), -(-shape[1] // stride)), np.nan, np.float32)
    heat[index.row[of_image] // stride, index.column[of_image] // stride] = index.p_defect[of_image]
    return None if np.isnan(heat).any() else heat


def heat_reader(project: Project, record: RoundRecord) -> ReadHeat:
    """The heat of a round: from its patches where they cover the image, else from its network, for any thread."""
    index: list[PatchIndex] = []
    shapes = {image: entry.shape for image, entry in project.state.images.items()}

    def read(image: ImageId) -> NDArray[Any]:
        from defectstudio.app.refinement import heat

        if not index:
            index.append(read_index(round_folder(project.folder, record.round)))
        known = index_heat(index[0], image, shapes[image], record.config.stride)
        return heat(project, record.round, image) if known is None else known

    return read


class RefineJobs(QObject):
    """One training of a round at a time."""

    changed = Signal()
    """A training begins, was asked to stop, or is over."""
    progressed = Signal(list)
    round_ready = Signal(object)
    """The `RoundRecord` of a round that is trained."""

    dense_taken = Signal(int, float)
    """So many label maps are dense now, and the threshold of P(defect) that was used."""

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dense = False
        """Whether a dense map is made; `training` holds then too."""
        self._job: RunningJob[Any] | None = None
        self.rounds: list[RoundRecord] = []
        """The finished rounds, oldest first."""
        self.stopping = False
        window.stop_wanted.connect(self.stop)

    def open(self) -> None:
        """Read which rounds the project has."""
        from defectstudio.app.refinement import rounds

        bench = self._window.bench
        found: Sequence[RoundRecord] = rounds(bench.project) if bench is not None else []
        self.rounds = [record for record in found if record.status == "finished"]
        self.changed.emit()

    def close(self) -> None:
        """Let go of the project."""
        self.rounds = []
        self.changed.emit()

    @property
    def training(self) -> bool:
        """Whether a round is trained."""
        return self._job is not None

    @property
    def newest(self) -> RoundRecord | None:
        """The newest finished round."""
        return self.rounds[-1] if self.rounds else None

    def open_refinement(self, choices: RefineChoices) -> Refinement | None:
        """The refinement of the newest finished round; None where there is none."""
        from defectstudio.app.refinement import open_refinement

        bench = self._window.bench
        if bench is None or not self.rounds:
            return None
        found = open_refinement(bench.session)
        if found is not None:
            apply_choices(found, choices)
            if not self._window.settings.second_looks:
                found.settings = replace(found.settings, blind=0.0)
        return found

    def heat_of(self, record: RoundRecord) -> ReadHeat:
        """Reads P(defect) of an image in a round, (h, w) in 0..1; to be called from any thread."""
        bench = self._window.bench
        if bench is None:
            raise DefectStudioError(self.tr("No project is open."), hint=self.tr("Open one first."))
        return heat_reader(bench.project, record)

    def contested(self) -> list[Contested]:
        """Patches of which different things were said; none before the first round."""
        from defectstudio.app.refinement import contested

        bench = self._window.bench
        return contested(bench.project) if bench is not None and self.rounds else []

    def runs(self) -> list[tuple[str, str]]:
        """The runs whose segmentation a refinement could begin with, the newest first: id and name."""
        from defectstudio.app.workflows import runs

        bench = self._window.bench
        if bench is None:
            return []
        marks = bench.project.state.marks
        done = [record.id for record in runs(bench.project) if record.status == "finished"]
        return [(run, marks[run].name or run if run in marks else run) for run in reversed(done)]

    def start(self, choices: RefineChoices) -> None:
        """Make starting maps, then train a round from them with fresh weights. Raises DefectStudioError."""
        from defectstudio.app.refinement import StartSettings, maps_job

        project = self._open_project()
        settings = StartSettings(kind=choices.kind, run=choices.run or None, margin=choices.margin)
        job = self._run(maps_job(project, settings))
        self._window.tasks.start(self._begin(job, choices))

    def train(self, choices: RefineChoices) -> None:
        """Train the next round on all that was said. Raises DefectStudioError."""
        from defectstudio.app.refinement import round_job

        project, newest = self._open_project(), self.newest
        config = None if newest is None else newest.config.model_copy(update={"mode": choices.mode})
        job = self._run(apart(round_job(project, config)))
        self._window.tasks.start(self._wait(job))

    @property
    def can_restore(self) -> bool:
        """Whether starting maps were made that could be painted again."""
        bench = self._window.bench
        return bench is not None and not bench.readonly and not self.training and bool(bench.project.state.starts)

    def restore(self) -> None:
        """Paint the newest starting maps again, as one gesture. Raises DefectStudioError."""
        from defectstudio.app.refinement import newest_start, restore_start

        bench = self._window.bench
        start = None if bench is None else newest_start(bench.project)
        if bench is None or start is None:
            raise DefectStudioError(self.tr("No starting maps were made."), hint=self.tr("Begin a refinement."))
        changed = restore_start(bench.session, start.id)
        self._window.statusBar().showMessage(self.tr("%Ln image(s) as they were at the start", "", changed), 5000)

    def take_dense(self, choices: RefineChoices) -> None:
        """Let the heat map of the newest round become the label maps, as one gesture. Raises DefectStudioError."""
        from defectstudio.app.refinement_dense import DenseSettings, dense_job

        project, newest = self._open_project(), self.newest
        if newest is not None:
            make = dense_job(project, newest.round, DenseSettings(scope=choices.scope))
            self.dense = True
            self._window.tasks.start(self._take(self._run(apart(make))))

    async def _take(self, making: RunningJob[DenseMaps]) -> None:
        from defectstudio.app.refinement_dense import accept_dense

        with self._ending():
            found = await making.result()
            bench = self._window.bench
            if bench is None or self.stopping:
                raise Cancelled
            changed = accept_dense(bench.session, found)
            self._over()
            self.dense_taken.emit(changed, found.threshold)

    def _open_project(self) -> Project:
        bench = self._window.bench
        if bench is None or self._window.putting_down:
            raise DefectStudioError(self.tr("No project is open."), hint=self.tr("Open one first."))
        if self.training or self._window.training:
            raise DefectStudioError(self.tr("A training is running."), hint=self.tr("Stop it first."))
        return bench.project

    def _run(self, make: Callable[[CancelToken], Job[T]]) -> RunningJob[T]:
        self.stopping = False
        self._job = job = RunningJob(make, self)
        job.progressed.connect(self._tell)
        self.changed.emit()
        return job

    def _tell(self, news: list[Progress]) -> None:
        self.progressed.emit([replace(one, text=phase_said(one.text)) for one in news])

    async def _begin(self, making: RunningJob[StartingMaps], choices: RefineChoices) -> None:
        from defectstudio.app.refinement import record_start, round_job

        with self._ending():
            maps = await making.result()
            bench = self._window.bench
            if bench is None or self.stopping:
                raise Cancelled
            record_start(bench.session, maps)
            config = similarity_config(net=choices.net, patch=choices.patch, steps=choices.steps, mode=choices.mode)
            job = self._run(apart(round_job(bench.project, config, anew=True)))
            await self._finish(job)

    async def _wait(self, job: RunningJob[RoundRecord]) -> None:
        with self._ending():
            await self._finish(job)

    async def _finish(self, job: RunningJob[RoundRecord]) -> None:
        record = await job.result()
        self._over()
        if record.status == "finished":
            self.round_ready.emit(record)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """However it ends, nothing is under way afterwards."""
        try:
            yield
        except Cancelled:
            self._window.statusBar().showMessage(self.tr("Stopped. The rounds before are as they were."), 5000)
        finally:
            self._over()

    def _over(self) -> None:
        self._job, self.dense = None, False
        if self._window.bench is not None:
            self.open()

    def stop(self) -> None:
        """Ask the training to stop."""
        if self._job is not None:
            self._job.cancel()
            self.stopping = True
            self.changed.emit()
