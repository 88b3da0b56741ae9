"""The replay at the window: a robot walks through the past by real keys and clicks; the present is left alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from defectstudio.app.refinement_journal import golden_journal
from defectstudio.data.project import Project
from defectstudio.data.timeline import state_digest
from defectstudio.domain.events import RunAdded
from defectstudio.domain.labels import UNLABELLED, Box
from defectstudio.domain.mentoring import Detection
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session
from defectstudio.ui.commands import ACTIONS
from defectstudio.ui.commands.table import Kind
from defectstudio.ui.main_window import MainWindow
from tests.made_runs import make_project
from tests.ui.robot import active, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FOUND = Box(4, 5, 14, 17)
PAINTED = Box(2, 2, 8, 9)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two refined rounds, a run, a verdict, a tag, an edit that was taken back."""
    folder = make_project(tmp_path_factory.mktemp("replay"))
    with Project.open(folder) as project:
        session = Session(project)
        golden_journal(session, answers=4)
        session.record("train r1", [RunAdded("r1", "00")])
        Mentoring(session, [Detection("d1", 2, "r1", FOUND, 1, 0.8)]).judge_one("d1", "confirmed", seconds=1.0)
        session.tag([1], UNLABELLED)
        session.paint(2, PAINTED, np.zeros(PAINTED.shape, np.uint8), name="paint healthy")
        session.undo()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def at_replay(folder: Path) -> MainWindow:
    """A window that shows the last step, the keys going to the timeline."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await active(window)
    press(window.gallery.list, Key.Key_J, CONTROL | SHIFT)
    desk = window.replay
    assert desk.shown, window.log_panel.toPlainText()
    await arrived(window, lambda: desk.ready and desk.step == desk.part.last)  # type: ignore[union-attr]
    return window


async def arrived(window: MainWindow, fact: Callable[[], object] = lambda: True) -> None:
    """Wait until the wanted step is in sight."""
    desk = window.replay

    def there() -> bool:
        look = desk.look
        return look is not None and look.step == desk.step and bool(fact())

    await until(desk.shown_step, there)


async def go(window: MainWindow, key: Qt.Key) -> None:
    """A key on the timeline, and what it leads to."""
    before = window.replay.step
    press(window.replay.page.timeline, key)
    await arrived(window, lambda: window.replay.step != before)


def test_the_past_is_walked_through_by_keys_and_the_present_is_left_alone(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_replay(folder)
        desk, page = window.replay, window.replay.page
        assert window.bench is not None
        present = state_digest(window.bench.project.state)
        last = desk.step
        assert "undo paint healthy" in page.said.text()
        await go(window, Key.Key_Left)
        assert "paint healthy" in page.said.text()
        assert f"taken back by step {last}" in page.said.text()
        look = desk.look
        assert look is not None
        assert look.labels is not None
        assert (look.labels[PAINTED.slices] == 0).all()
        assert page.viewer.selection is not None  # the pixels that the step changed are outlined
        await go(window, Key.Key_Left)
        assert desk.look is not None
        assert desk.look.entry is not None
        assert desk.look.entry.tag == UNLABELLED
        await go(window, Key.Key_Left)
        assert page.zoomed.isVisible()
        assert [frame.box for frame in page.viewer.frames if frame.main] == [FOUND]
        assert "Confirmed" in page.facts.findChildren(QLabel)[1].text()
        assert state_digest(window.bench.project.state) == present
        assert window.bench.project.journal.last_event == desk.playback.steps.event(last)  # type: ignore[union-attr]
        await shut(window)

    drive(work())


def test_panels_are_shown_with_the_answer_that_was_given_and_cannot_be_changed(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_replay(folder)
        desk, grid = window.replay, window.replay.page.grid
        rounds = [n for n, part in enumerate(desk.playback.parts) if part.kind == "round"]  # type: ignore[union-attr]
        assert len(rounds) == 2
        desk.page.parts.setCurrentIndex(desk.page.parts.findData(rounds[1]))
        desk.page.part_wanted.emit(rounds[1])
        await arrived(window)
        assert desk.look is not None
        answered = desk.look.answered
        assert answered is not None
        assert grid.isVisible()
        assert grid.panel == answered.panel
        assert [tile.isChecked() for tile in grid.shown_tiles] == list(answered.answer.ticked)
        QTest.mouseClick(grid.tiles[0], Qt.MouseButton.LeftButton)
        tile = grid.tiles[0].mapTo(window, grid.tiles[0].rect().center())
        QTest.mouseClick(window.childAt(tile), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        await go(window, Key.Key_Left)
        await go(window, Key.Key_Right)
        assert [tile.isChecked() for tile in grid.shown_tiles] == list(answered.answer.ticked)
        await shut(window)

    drive(work())


def test_it_plays_to_the_end_of_the_part_and_pauses_by_the_same_key(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_replay(folder)
        desk, page = window.replay, window.replay.page
        page.speed.setCurrentIndex(page.speed.count() - 1)
        seen: list[int] = []
        desk.shown_step.connect(seen.append)
        press(page.timeline, Key.Key_Space)
        assert desk.playing
        await until(desk.changed, lambda: not desk.playing)
        assert seen == list(range(desk.part.last + 1))  # type: ignore[union-attr]
        press(page.timeline, Key.Key_Space)
        await until(desk.shown_step, lambda: seen[-1] > 1 and seen[-1] != desk.part.last)  # type: ignore[union-attr]
        press(page.timeline, Key.Key_Space)
        assert not desk.playing
        await arrived(window)
        assert desk.step < desk.part.last  # type: ignore[union-attr]
        await shut(window)

    drive(work())


def test_a_click_on_the_timeline_and_the_keys_of_marks_jump(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_replay(folder)
        desk, line = window.replay, window.replay.page.timeline
        await go(window, Key.Key_Home)
        assert desk.step == 0
        assert "empty" in desk.page.said.text()
        wanted = 6
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line.x_of(wanted)), line.height() - 12))
        await arrived(window)
        assert desk.step == wanted
        await go(window, Key.Key_PageDown)
        run = next(mark.step for mark in desk.playback.marks if mark.kind == "run")  # type: ignore[union-attr]
        assert desk.step == run
        await go(window, Key.Key_PageUp)
        assert desk.step == 0
        await go(window, Key.Key_End)
        flag = QPoint(round(line.x_of(run)) + 2, 8)
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=flag)
        await arrived(window)
        assert desk.step == run
        speed = desk.page.speed.currentIndex()
        press(line, Key.Key_Plus)
        assert desk.page.speed.currentIndex() == speed + 1
        press(line, Key.Key_Minus)
        assert desk.page.speed.currentIndex() == speed
        await shut(window)

    drive(work())


def test_nothing_can_be_written_while_the_past_is_shown_and_escape_brings_everything_back(
    drive: Drive, folder: Path
) -> None:
    async def work() -> None:
        window = await at_replay(folder)
        desk, table = window.replay, window.actions_table.by_key
        size = window.size()
        changing = {info.key for info in ACTIONS if info.kind in {Kind.GESTURE, Kind.JOB}} | {"project.import"}
        assert [key for key in sorted(changing) if table[key].isEnabled()] == []
        of_now = [info.key for info in ACTIONS if info.menu.partition(".")[0] in {"image", "annotate"}]
        assert "image.next" in of_now
        assert [key for key in of_now if table[key].isEnabled()] == []
        assert all(dock.isHidden() for dock in window.docks)
        assert nameless(desk.page) == []
        assert [one for one in unreachable(window) if "replay" in one.lower()] == []
        press(desk.page.timeline, Key.Key_Escape)
        assert not desk.shown
        assert window.centre.currentWidget() is window.pane
        assert not any(dock.isHidden() for dock in window.docks)
        assert table["edit.undo"].isEnabled()
        assert table["image.next"].isEnabled()
        assert window.size() == size
        press(window.gallery.list, Key.Key_J, CONTROL | SHIFT)
        assert desk.shown
        await shut(window)  # while the journal is still read

    drive(work())


def test_an_empty_project_says_that_there_is_nothing_to_replay(drive: Drive, tmp_path: Path) -> None:
    Project.create(tmp_path / "empty").close()

    async def work() -> None:
        window = MainWindow()
        window.show()
        window.open_folder(tmp_path / "empty")
        window.actions_table.by_key["replay.show"].trigger()
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert "Nothing has been done" in window.replay.page.said.text()
        assert not window.actions_table.by_key["replay.play"].isEnabled()
        await shut(window)

    drive(work())
