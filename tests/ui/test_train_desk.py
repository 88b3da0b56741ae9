"""Trainings one after another at the desk: queue, failures, pause, stop, and what is left when the window closes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from defectstudio.app import workflows
from defectstudio.app.projects import summary
from defectstudio.data.runs import RunRecord, TrainConfig, default_config
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.session import Session
from defectstudio.ui.notices import Notices
from defectstudio.ui.panels.train import TrainPanel
from defectstudio.ui.queue_model import QUEUE, TrainRequest, read_queue, write_queue
from defectstudio.ui.run_desk import RunDesk
from defectstudio.ui.tasks import Tasks
from defectstudio.ui.train_desk import TrainDesk
from defectstudio.ui.workbench import Workbench
from tests.ui.robot import heard, until

Drive = Callable[[Coroutine[Any, Any, None]], None]


def record(run: str, config: TrainConfig, status: str = "finished") -> RunRecord:
    return RunRecord(id=run, created="2026-03-01T10:00:00+00:00", status=status, config=config, event=1)  # type: ignore[arg-type]


class Trainings:
    """Stands in for the real trainings: what a seed asks for is done at once, or waits until it is told."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.gate = threading.Event()

    def job(
        self, _project: Any, config: TrainConfig, *, run_id: str, **_more: Any
    ) -> Callable[[CancelToken], Job[RunRecord]]:
        if config.seed == 9:
            raise DefectStudioError("There are too few masks.")
        self.begun.append(config.seed)

        def job(token: CancelToken) -> Job[RunRecord]:
            yield Progress(1, 2, "Training, epoch 1 of 2", {"loss": 1.0, "epoch": 1})
            if config.seed == 7:
                raise DefectStudioError("The loss is no longer a number.")
            if config.seed == 8:
                raise ZeroDivisionError("a bug")
            try:
                while config.seed >= 100 and not self.gate.wait(0.005):
                    token.check()
            except Cancelled:
                return record(run_id, config, "stopped")
            return record(run_id, config)

        return job


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> Trainings:
    made = Trainings()
    monkeypatch.setattr(workflows, "train_job", made.job)
    monkeypatch.setattr(workflows, "record_run", lambda *_: None)
    return made


class Room:
    """A desk with its panel, on an open project."""

    def __init__(self, session: Session) -> None:
        self.parent = QObject()
        self.wrong: list[BaseException] = []
        self.panel, self.notices = TrainPanel(), Notices()
        self.tasks = Tasks(self.wrong.append, self.parent)
        self.trainer = TrainDesk(self.panel, self.notices, self.tasks, self.parent)
        self.trainer.failed.connect(self.wrong.append)
        self.bench, self.runs = Workbench(session, self.parent), RunDesk(session, self.parent)
        self.panel.show_project(summary(session.project))
        self.trainer.open(self.bench, self.runs)

    def add(self, *seeds: int) -> None:
        for seed in seeds:
            self.panel.queue_requested.emit(request(seed))

    @property
    def waiting(self) -> list[int]:
        return [one.config.seed for one in read_queue(self.bench.project.folder / QUEUE)]

    @property
    def said(self) -> list[str]:
        return [notice.text for notice in self.notices.shown]

    async def leave(self) -> None:
        self.runs.stop_all()
        await until(self.tasks.quiet, lambda: not self.tasks.busy)
        self.trainer.close()
        self.bench.close()


def request(seed: int) -> TrainRequest:
    return TrainRequest(default_config(seed=seed), None, ("train",))


@pytest.fixture
def at_desk(
    drive: Drive, app: QApplication, session: Session
) -> Iterator[Callable[[Callable[[Room], Coroutine[Any, Any, None]]], None]]:
    def run(visit: Callable[[Room], Coroutine[Any, Any, None]]) -> None:
        async def work() -> None:
            room = Room(session)
            try:
                await visit(room)
            finally:
                await room.leave()

        drive(work())

    yield run


AtDesk = Callable[[Callable[[Room], Coroutine[Any, Any, None]]], None]


def test_trainings_start_one_after_another_and_a_failed_one_does_not_stop_the_rest(
    at_desk: AtDesk, trainings: Trainings
) -> None:
    async def visit(room: Room) -> None:
        room.add(1, 7, 9, 8, 2)
        assert trainings.begun == []
        assert room.waiting == [1, 7, 9, 8, 2]
        ready: list[str] = []
        room.trainer.finished.connect(lambda record: ready.append(record.config.seed))
        room.trainer.toggle_queue()
        await until(room.trainer.changed, lambda: not room.trainer.going and not room.trainer.training)
        assert trainings.begun == [1, 7, 8, 2]
        assert ready == [1, 2]
        assert room.waiting == []
        assert "There are too few masks." in room.said
        assert "The loss is no longer a number." in room.said
        assert [type(error) for error in room.wrong] == [ZeroDivisionError]

    at_desk(visit)


def test_what_is_added_while_a_training_runs_follows_it(at_desk: AtDesk, trainings: Trainings) -> None:
    async def visit(room: Room) -> None:
        room.panel.train_requested.emit(request(100))
        room.add(2)
        assert room.trainer.going
        assert room.waiting == [2]
        trainings.gate.set()
        await until(room.trainer.changed, lambda: trainings.begun == [100, 2] and not room.trainer.training)

    at_desk(visit)


def test_stop_ends_the_training_and_lets_what_waits_wait(at_desk: AtDesk, trainings: Trainings) -> None:
    async def visit(room: Room) -> None:
        room.panel.train_requested.emit(request(100))
        room.add(2)
        room.trainer.stop()
        assert room.panel.progress.state.text() == "Stopping…"
        await until(room.trainer.changed, lambda: not room.trainer.training)
        await until(room.tasks.quiet, lambda: not room.tasks.busy)
        assert trainings.begun == [100]
        assert room.waiting == [2]
        assert "kept" in room.said[0]

    at_desk(visit)


def test_a_pause_holds_the_training_until_it_goes_on_and_stop_ends_a_paused_one(
    at_desk: AtDesk, trainings: Trainings
) -> None:
    async def visit(room: Room) -> None:
        room.panel.train_requested.emit(request(100))
        assert not room.trainer.paused
        room.panel.progress.pause.click()
        assert room.trainer.paused
        assert room.panel.progress.pause.text() == "Go on"
        room.panel.progress.pause.click()
        assert not room.trainer.paused
        room.trainer.pause()
        room.trainer.stop()
        await until(room.trainer.changed, lambda: not room.trainer.training)

    at_desk(visit)


def test_closing_the_project_starts_nothing_more_and_keeps_the_queue(at_desk: AtDesk, trainings: Trainings) -> None:
    folders: list[Path] = []

    async def visit(room: Room) -> None:
        folders.append(room.bench.project.folder)
        room.panel.train_requested.emit(request(100))
        room.add(2, 3)

    at_desk(visit)
    assert trainings.begun == [100]
    assert [one.config.seed for one in read_queue(folders[0] / QUEUE)] == [2, 3]


def test_a_queue_of_an_earlier_day_is_offered_and_not_started_by_itself(
    at_desk: AtDesk, trainings: Trainings, session: Session
) -> None:
    write_queue(session.project.folder / QUEUE, [request(2), request(3)])

    async def visit(room: Room) -> None:
        assert "2 trainings still wait" in room.said[0]
        assert trainings.begun == []
        room.notices.shown[0].way_out.click()
        await until(room.trainer.changed, lambda: trainings.begun == [2, 3] and not room.trainer.training)

    at_desk(visit)


def test_a_damaged_queue_is_said_and_the_project_is_open_all_the_same(
    at_desk: AtDesk, trainings: Trainings, session: Session
) -> None:
    (session.project.folder / QUEUE).write_text("{")

    async def visit(room: Room) -> None:
        assert "lies aside" in str(room.wrong[0])
        room.add(4)
        assert room.waiting == [4]

    at_desk(visit)


def test_two_trainings_never_run_at_once(at_desk: AtDesk, trainings: Trainings) -> None:
    async def visit(room: Room) -> None:
        room.panel.train_requested.emit(request(100))
        room.panel.train_requested.emit(request(101))
        assert trainings.begun == [100]
        assert "A training is running." in str(room.wrong[0])
        trainings.gate.set()
        await heard(room.runs.ended)

    at_desk(visit)
