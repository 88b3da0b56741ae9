"""Trainings one after another at the desk: queue, failures, pause, stop, and what is left when the window closes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from defectstudio.app import workflows
from defectstudio.app.projects import summary
from defectstudio.data.project import Project
from defectstudio.data.runs import CURVE, RunRecord, TrainConfig, default_config, read_run, write_run
from defectstudio.domain.errors import Cancelled, DefectStudioError, OutOfMemory
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.session import Session
from defectstudio.ui.notices import Notices
from defectstudio.ui.panels.train import TrainPanel
from defectstudio.ui.queue_model import QUEUE, TrainRequest, read_queue, write_queue
from defectstudio.ui.run_desk import RunDesk
from defectstudio.ui.tasks import Tasks
from defectstudio.ui.train_desk import TrainDesk
from defectstudio.ui.unfinished import worth_offering
from defectstudio.ui.workbench import Workbench
from tests.ui.robot import heard, until

Drive = Callable[[Coroutine[Any, Any, None]], None]


def record(run: str, config: TrainConfig, status: str = "finished") -> RunRecord:
    return RunRecord(id=run, created="2026-03-01T10:00:00+00:00", status=status, config=config, event=1)  # type: ignore[arg-type]


class Trainings:
    """Stands in for the real trainings: what a seed asks for is done at once, or waits until it is told."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.resumed: list[tuple[str, int | None]] = []
        self.gate = threading.Event()

    def again(self, project: Project, run: str, *, batch: int | None = None) -> Callable[[CancelToken], Job[RunRecord]]:
        self.resumed.append((run, batch))
        config = read_run(project.runs_folder / run).config
        return self.job(project, config if batch is None else config.model_copy(update={"batch": batch}), run_id=run)

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
            if config.seed == 6 and config.batch > 1:
                raise OutOfMemory(f"Memory is used up with batches of {config.batch}.", smaller_batch=config.batch // 2)
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
    monkeypatch.setattr(workflows, "resume_job", made.again)
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


def test_while_a_round_of_refinement_is_trained_nothing_begins_and_what_waits_follows_it(
    at_desk: AtDesk, trainings: Trainings
) -> None:
    async def visit(room: Room) -> None:
        room.trainer.elsewhere = lambda: True
        room.panel.train_requested.emit(request(1))
        (error,) = room.wrong
        assert "A round of refinement is being trained." in str(error)
        room.add(2)
        room.trainer.toggle_queue()
        assert (trainings.begun, room.waiting, room.trainer.going) == ([], [2], True)
        room.trainer.elsewhere = lambda: False
        room.trainer.other_training_ended()
        await until(room.trainer.changed, lambda: not room.trainer.going and not room.trainer.training)
        assert trainings.begun == [2]

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


def leave_behind(project: Project, run: str, status: str, seed: int = 0, created: int = 10, **more: Any) -> RunRecord:
    """A run folder as a training leaves it that did not reach its end, or did."""
    left = record(run, default_config(seed=seed), status).model_copy(
        update={"created": f"2026-03-01T{created}:00:00+00:00", **more}
    )
    (project.runs_folder / run).mkdir(parents=True)
    write_run(project.runs_folder / run, left)
    (project.runs_folder / run / CURVE).write_text('{"epoch": 1, "loss": 2.0}\n{"epoch": 2, "loss": 1.5}\n{"epo')
    return left


def test_an_interrupted_training_is_offered_at_opening_and_goes_on_where_it_was(
    at_desk: AtDesk, trainings: Trainings, session: Session
) -> None:
    leave_behind(session.project, "one", "running", seed=100)

    async def visit(room: Room) -> None:
        assert "A training was interrupted" in room.said[0]
        assert room.trainer.can_resume
        room.notices.shown[0].way_out.click()
        assert trainings.resumed == [("one", None)]
        assert not room.trainer.can_resume
        assert [row["loss"] for row in room.panel.progress.curves.rows] == [2.0, 1.5]
        await until(room.runs.progressed, lambda: len(room.panel.progress.curves.rows) == 3)
        trainings.gate.set()
        await until(room.trainer.changed, lambda: not room.trainer.training)

    at_desk(visit)


def test_a_training_that_broke_off_says_why_and_a_newer_finished_one_silences_it(
    at_desk: AtDesk, trainings: Trainings, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_behind(session.project, "one", "failed", error="The disk is full.")

    async def visit(room: Room) -> None:
        assert "broke off" in room.said[0]
        assert "The disk is full." in room.said[0]

    at_desk(visit)


def test_a_newer_finished_training_silences_older_unfinished_ones() -> None:
    old, new = record("old", default_config(), "stopped"), record("new", default_config())
    new = new.model_copy(update={"created": "2026-04-01T10:00:00+00:00"})
    assert worth_offering([old], [old, new]) is None
    assert worth_offering([old, new.model_copy(update={"status": "running"})], [old]) is not None
    assert worth_offering([], [new]) is None


def test_discarding_asks_first_and_keeping_is_the_default(
    at_desk: AtDesk, trainings: Trainings, session: Session
) -> None:
    leave_behind(session.project, "one", "running")
    folder = session.project.runs_folder / "one"

    async def visit(room: Room) -> None:
        notice = room.notices.shown[0]
        notice.others[0].click()
        question = room.trainer.ways.question
        assert question is not None
        QTest.keyClick(question, Qt.Key.Key_Return)
        assert folder.is_dir()
        assert room.notices.shown == [notice]
        notice.others[0].click()
        question = room.trainer.ways.question
        assert question is not None
        next(b for b in question.buttons() if "Discard" in b.text()).click()
        assert not folder.exists()
        assert room.notices.shown == []
        assert not room.trainer.can_resume

    at_desk(visit)


def test_used_up_memory_offers_to_go_on_with_less(at_desk: AtDesk, trainings: Trainings, session: Session) -> None:
    async def visit(room: Room) -> None:
        room.panel.train_requested.emit(request(6))
        leave_behind(session.project, room.runs.training_run, "failed", seed=6)
        await until(room.tasks.quiet, lambda: not room.tasks.busy)
        notice = room.notices.shown[-1]
        assert "Memory is used up with batches of 4" in notice.text
        assert notice.way_out.text() == "Go on with batch 2"
        notice.way_out.click()
        await until(room.tasks.quiet, lambda: not room.tasks.busy)
        assert room.notices.shown[-1].way_out.text() == "Go on with batch 1"
        room.notices.shown[-1].way_out.click()
        await until(room.tasks.quiet, lambda: not room.tasks.busy)
        assert [batch for _run, batch in trainings.resumed] == [2, 1]
        assert room.panel.progress.state.text() == "Training is finished."

    at_desk(visit)


def test_memory_that_was_used_up_before_anything_was_kept_asks_for_the_same_with_less(
    at_desk: AtDesk, trainings: Trainings
) -> None:
    async def visit(room: Room) -> None:
        room.panel.train_requested.emit(request(6))
        for _ in range(2):
            await until(room.tasks.quiet, lambda: not room.tasks.busy)
            room.notices.shown[-1].way_out.click()
        await until(room.tasks.quiet, lambda: not room.tasks.busy)
        assert trainings.begun == [6, 6, 6]
        assert trainings.resumed == []

    at_desk(visit)


def test_going_on_while_another_trains_comes_right_after_it(
    at_desk: AtDesk, trainings: Trainings, session: Session
) -> None:
    leave_behind(session.project, "one", "running", seed=3)

    async def visit(room: Room) -> None:
        offer = room.notices.shown[0]
        room.panel.train_requested.emit(request(100))
        room.add(4)
        offer.way_out.click()
        assert trainings.resumed == []
        trainings.gate.set()
        await until(room.trainer.changed, lambda: trainings.begun == [100, 3, 4] and not room.trainer.training)

    at_desk(visit)
