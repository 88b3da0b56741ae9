"""Jobs in threads: progress, cancel, errors, late answers, and nothing left running."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.ui import kept_thread
from defectstudio.ui.background import Background
from defectstudio.ui.job_thread import Questions, RunningJob
from defectstudio.ui.tasks import Tasks
from defectstudio.ui.timing import TimeLeft, in_words
from tests.ui.robot import heard

Drive = Callable[[Coroutine[Any, Any, None]], None]


def counting(steps: int) -> Callable[[CancelToken], Job[int]]:
    def job(token: CancelToken) -> Job[int]:
        for step in range(steps):
            token.check()
            yield Progress(step + 1, steps)
        return steps

    return job


def endless(begun: threading.Event) -> Callable[[CancelToken], Job[None]]:
    def job(token: CancelToken) -> Job[None]:
        while True:
            token.check()
            begun.set()
            yield Progress(0, 0)

    return job


def test_a_job_runs_in_another_thread_and_gives_its_result_on_the_main_thread(drive: Drive) -> None:
    where: list[QThread] = []

    def job(_token: CancelToken) -> Job[str]:
        where.append(QThread.currentThread())
        yield Progress(1, 1)
        return "done"

    async def work() -> None:
        parent = QObject()
        assert await RunningJob(job, parent).result() == "done"
        assert where[0] is not QThread.currentThread()

    drive(work())


def test_no_step_of_progress_is_lost_though_it_comes_in_batches(drive: Drive) -> None:
    async def work() -> None:
        parent = QObject()
        running = RunningJob(counting(3000), parent)
        batches: list[list[Progress]] = []
        running.progressed.connect(batches.append)
        await running.result()
        assert [step.done for batch in batches for step in batch] == list(range(1, 3001))
        assert len(batches) < 100

    drive(work())


def test_a_cancelled_job_stops_and_says_so(drive: Drive) -> None:
    async def work() -> None:
        parent, begun = QObject(), threading.Event()
        running = RunningJob(endless(begun), parent)
        running.progressed.connect(lambda _batch: running.cancel())
        with pytest.raises(Cancelled):
            await running.result()
        assert not running.running

    drive(work())


def test_an_error_in_a_job_is_raised_where_the_job_is_awaited(drive: Drive) -> None:
    def job(_token: CancelToken) -> Job[None]:
        yield Progress(0, 1)
        raise DefectStudioError("The disk is full.", hint="Free some space.")

    async def work() -> None:
        parent = QObject()
        with pytest.raises(DefectStudioError, match="Free some space"):
            await RunningJob(job, parent).result()

    drive(work())


def test_a_job_that_ended_before_it_is_awaited_still_gives_its_result(drive: Drive) -> None:
    async def work() -> None:
        parent = QObject()
        running = RunningJob(counting(3), parent)
        await heard(running.ended)
        assert await running.result() == 3

    drive(work())


def test_no_thread_and_no_timer_is_left_after_a_job(drive: Drive) -> None:
    async def work() -> None:
        parent = QObject()
        running = RunningJob(counting(5), parent)
        gone = asyncio.get_running_loop().create_future()
        running.destroyed.connect(lambda: gone.set_result(True))
        await running.result()
        assert await gone
        assert parent.children() == []

    drive(work())


def test_an_answer_to_an_older_question_is_out_of_date() -> None:
    questions = Questions()
    first, second = questions.ask(), questions.ask()
    assert not questions.current(first)
    assert questions.current(second)


def test_five_thousand_signals_with_a_flag_arrive(app: QApplication) -> None:
    class Source(QObject):
        told = Signal(bool, object)

    source, heard_flags = Source(), []
    source.told.connect(lambda flag, _value: heard_flags.append(flag))
    for number in range(5000):
        source.told.emit(number % 2 == 0, {"number": number})
    assert heard_flags == [number % 2 == 0 for number in range(5000)]


@pytest.fixture
def background(app: QApplication) -> Iterator[Background]:
    made = Background()
    yield made
    made.stop()


def test_five_thousand_signals_cross_from_a_thread(qtbot: QtBot, background: Background) -> None:
    answers: list[bool] = []
    background.answered.connect(lambda _key, answer, _error: answers.append(answer))
    for number in range(5000):
        background.ask(number, lambda number=number: number % 2 == 0)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(answers) == 5000, timeout=20_000)
    assert answers == [number % 2 == 0 for number in range(5000)]


def test_the_most_wanted_question_is_answered_first_and_forgotten_ones_never(
    qtbot: QtBot, background: Background
) -> None:
    gate, answers = threading.Event(), []
    background.answered.connect(lambda key, _answer, _error: answers.append(key))
    begun = threading.Event()

    def hold() -> None:
        begun.set()
        gate.wait(10)

    background.ask("hold", hold)
    assert begun.wait(10)
    for key in ("a", "b", "c"):
        background.ask(key, lambda: None)
    background.ask("urgent", lambda: None, first=True)
    assert background.keep_newest(3) == ["c"]
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 4, timeout=10_000)
    assert answers == ["hold", "urgent", "a", "b"]


def test_an_error_in_background_work_is_an_answer_and_the_thread_goes_on(qtbot: QtBot, background: Background) -> None:
    answers = []
    background.answered.connect(lambda key, answer, error: answers.append((key, answer, error)))
    expected = DefectStudioError("There is no such image.")

    def fail() -> None:
        raise expected

    background.ask("bad", fail)
    background.ask("good", lambda: 7)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=10_000)
    assert answers == [("bad", None, expected), ("good", 7, None)]


def test_a_cancelled_task_is_no_failure_but_a_bug_is(drive: Drive) -> None:
    failures: list[BaseException] = []

    async def broken() -> None:
        raise ValueError("a bug")

    async def stopped() -> None:
        raise Cancelled

    async def work() -> None:
        parent = QObject()
        tasks = Tasks(failures.append, parent)
        tasks.start(broken())
        tasks.start(stopped())
        await heard(tasks.quiet)
        assert [type(error) for error in failures] == [ValueError]
        assert not tasks.busy

    drive(work())


def test_time_left_follows_the_pace_and_starts_anew_with_the_next_part() -> None:
    left = TimeLeft()
    assert left.seconds(Progress(0, 100), 0.0) is None
    assert left.seconds(Progress(20, 100), 10.0) == pytest.approx(40.0)
    assert left.seconds(Progress(1, 500), 11.0) is None


def test_durations_are_said_as_people_say_them() -> None:
    assert [in_words(s) for s in (0.2, 59, 200, 4900)] == ["1 s", "59 s", "3 min", "1 h 22 min"]


def test_threads_outlive_whoever_started_them_and_are_asked_to_end(qtbot: QtBot, app: QApplication) -> None:
    owner, going, ended = QObject(), threading.Event(), threading.Event()

    def work(token: CancelToken) -> Job[None]:
        try:
            while True:
                token.check()
                going.set()
                yield Progress(0, 0)
        finally:
            ended.set()

    RunningJob(work, owner)
    background, asked, gate = Background(owner), threading.Event(), threading.Event()
    background.ask("held", lambda: (asked.set(), gate.wait(20)))
    assert going.wait(20)
    assert asked.wait(20)
    there = len(kept_thread._running)
    shiboken6.delete(owner)
    assert ended.wait(20)
    gate.set()
    qtbot.waitUntil(lambda: len(kept_thread._running) == there - 2, timeout=20_000)
