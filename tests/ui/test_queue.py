"""The queue of trainings: its order, its undo, its file, and its list under the keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.data.runs import BoxSettings, default_config
from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.queue_list import QueueList, request_words
from defectstudio.ui.queue_model import QUEUE, RunQueue, TrainRequest, read_queue

MODELS = ("fast", "segdec")


def request(seed: int, **changes: object) -> TrainRequest:
    return TrainRequest(default_config(MODELS[seed % 2], seed=seed, **changes), None, ("train",))


def seeds(queue: RunQueue) -> list[int]:
    return [one.config.seed for one in queue.waiting]


@pytest.fixture
def queue(tmp_path: Path, app: QApplication) -> RunQueue:
    made = RunQueue(tmp_path)
    for seed in range(3):
        made.add(request(seed))
    return made


def test_a_queue_outlives_the_window(queue: RunQueue, tmp_path: Path) -> None:
    again = RunQueue(tmp_path)
    again.load()
    assert again.waiting == queue.waiting
    assert again.waiting[1].config.net == "segdec"


def test_an_empty_queue_leaves_no_file(queue: RunQueue, tmp_path: Path) -> None:
    while queue.take():
        pass
    assert list(tmp_path.iterdir()) == []


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(10, 99)),
            st.tuples(st.just("remove"), st.integers(0, 5)),
            st.tuples(st.just("move"), st.integers(-3, 3)),
        ),
        max_size=8,
    )
)
def test_every_change_can_be_taken_back(steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    queue = RunQueue(tmp_path_factory.mktemp("queue"))
    queue.add(request(0))
    queue.add(request(1))
    passed = []
    for verb, number in steps:
        before = queue.waiting
        if verb == "add":
            queue.add(request(number))
        elif verb == "remove" and number < len(queue.waiting):
            queue.remove(number)
        elif verb == "move" and queue.waiting:
            queue.move(0, number)
        if queue.waiting != before:
            passed.append(before)
    for before in reversed(passed):
        queue.undo()
        assert queue.waiting == before


def test_a_request_that_has_begun_does_not_come_back_by_undo(queue: RunQueue) -> None:
    queue.remove(2)
    begun = queue.take()
    assert begun is not None
    assert begun.config.seed == 0
    queue.undo()
    assert seeds(queue) == [1, 2]
    while queue.can_undo:
        queue.undo()
        assert 0 not in seeds(queue)


def test_moving_stops_at_the_ends(queue: RunQueue) -> None:
    assert queue.move(0, -1) == 0
    assert queue.move(0, 9) == 2
    assert seeds(queue) == [1, 2, 0]


@pytest.mark.parametrize("text", ["", "{", '{"format": 2}', '{"waiting": [{"config": {"nets": 1}}]}'])
def test_a_damaged_file_is_laid_aside_and_named(tmp_path: Path, app: QApplication, text: str) -> None:
    (tmp_path / QUEUE).write_text(text)
    queue = RunQueue(tmp_path)
    with pytest.raises(DefectStudioError, match="lies aside"):
        queue.load()
    assert (tmp_path / f"{QUEUE}.damaged").read_text() == text
    queue.add(request(4))
    assert read_queue(tmp_path / QUEUE) == (request(4),)


def test_what_cannot_be_written_is_not_shown_as_waiting(tmp_path: Path, app: QApplication) -> None:
    (tmp_path / QUEUE).mkdir()
    queue = RunQueue(tmp_path)
    with pytest.raises(DefectStudioError, match="cannot be written"):
        queue.add(request(1))
    assert queue.waiting == ()


def test_a_request_is_told_from_another_in_one_line(app: QApplication) -> None:
    assert request_words(TrainRequest(default_config(seed=3, batch=2), 5, ("train", ""))) == (
        "Fast · 14 epochs · 5 masks · train, No split · seed 3 · batch 2"
    )
    assert "detector of boxes" in request_words(replace(request(1), boxes=BoxSettings()))
    assert "tags only" in request_words(TrainRequest(default_config(), 0, ("train",)))


@pytest.fixture
def rows(qtbot: QtBot, app: QApplication) -> QueueList:
    made = QueueList()
    qtbot.addWidget(made)
    made.show_waiting([request(seed) for seed in range(3)], can_undo=True)
    made.show_going(going=False)
    made.show()
    return made


def test_the_list_is_worked_by_keys_alone(rows: QueueList) -> None:
    wishes: list[object] = []
    rows.move_wanted.connect(lambda row, by: wishes.append((row, by)))
    rows.remove_wanted.connect(wishes.append)
    rows.undo_wanted.connect(lambda: wishes.append("undo"))
    rows.rows.setFocus()
    QTest.keyClick(rows.rows, Qt.Key.Key_Down)
    QTest.keyClick(rows.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(rows.rows, Qt.Key.Key_Delete)
    QTest.keyClick(rows.rows, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert wishes == [(1, -1), 0, "undo"]


def test_buttons_rest_where_they_would_do_nothing(rows: QueueList) -> None:
    assert not rows.earlier.isEnabled()
    assert rows.later.isEnabled()
    rows.rows.setCurrentRow(2)
    assert rows.earlier.isEnabled()
    assert not rows.later.isEnabled()
    rows.show_waiting([], can_undo=True)
    assert not rows.remove.isEnabled()
    assert rows.isVisible()
    rows.show_waiting([], can_undo=False)
    assert not rows.isVisible()
