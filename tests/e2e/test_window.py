"""A robot at the real window: import, look, tag, train, stop, close, reopen, by real keys and clicks."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QPoint, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from defectstudio.__main__ import main
from defectstudio.data.project import Project
from defectstudio.data.synthetic import generate
from defectstudio.domain.events import Tagged
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.ui import demo
from defectstudio.ui.app import run_window
from defectstudio.ui.import_dialog import ImportDialog
from defectstudio.ui.main_window import MainWindow
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.robot import active, click, heard, press, until

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Robot = Callable[[MainWindow], Coroutine[Any, Any, None]]


@pytest.fixture
def at_window(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path | None, Robot], None]]:
    """Start the program by its own `main`, with a robot at the window; what the robot finds wrong fails the test."""
    collecting = gc.isenabled()

    def run(project: Path | None, robot: Robot) -> None:
        wrong: list[BaseException] = []

        async def guarded(window: MainWindow) -> None:
            try:
                await asyncio.wait_for(robot(window), 400)
            except BaseException as error:  # noqa: BLE001 - raised again once the window is closed
                wrong.append(error)
            window.close()

        tasks: list[asyncio.Task[None]] = []
        begin = lambda window: tasks.append(asyncio.get_running_loop().create_task(guarded(window)))  # noqa: E731
        shown: list[Path | None] = []

        def with_robot(opened: Path | None) -> int:
            shown.append(opened)
            return run_window(opened, ready=begin)

        monkeypatch.setattr("defectstudio.ui.app.run_window", with_robot)
        monkeypatch.setattr(sys, "argv", ["defectstudio", *(["app", str(project)] if project is not None else [])])
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code, shown) == (0, [project])
        if wrong:
            raise wrong[0]
        assert tasks[0].done()

    yield run
    if collecting:
        gc.enable()  # the program takes the collector into its own hands


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Eighteen generated images in KolektorSDD2's layout."""
    finish(generate(tmp_path / "images", train=(8, 4), test=(4, 2), seed=1, token=CancelToken()))
    return tmp_path / "images"


def lively_threads() -> list[str]:
    app = QApplication.instance()
    assert app is not None
    threads = [thread for thread in app.findChildren(QThread) if thread.isRunning()]
    return [*(type(thread).__name__ for thread in threads), *_python_threads()]


def _python_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if isinstance(t, threading.Thread) and t.name.startswith("Thread-")]


async def import_through_the_dialog(window: MainWindow, source: Path) -> None:
    press(window.gallery.list, Qt.Key.Key_I, CONTROL)
    dialog = window.import_dialog
    assert isinstance(dialog, ImportDialog)
    QTest.keyClicks(dialog.folder, str(source))
    click(dialog.look)
    await until(window.tasks.quiet, dialog.take_in.isEnabled)
    assert "18 images" in dialog.report.toPlainText()
    assert window.bench is not None
    click(dialog.take_in)
    await heard(dialog.imported)
    await active(window)  # a window manager would do so when the dialog closes


async def look_around(window: MainWindow) -> None:
    bench, viewer = window.bench, window.viewer
    assert bench is not None
    if viewer.picture is None:
        await heard(bench.picture_ready)
    first = bench.current
    fitted = viewer.view.scale
    QTest.mouseMove(viewer, QPoint(viewer.width() // 2, viewer.height() // 2))
    assert "value" in window.under_cursor.text()
    press(viewer, Qt.Key.Key_0, CONTROL)
    assert viewer.view.scale != fitted
    press(viewer, Qt.Key.Key_F, CONTROL)
    assert viewer.view.scale == fitted
    press(viewer, Qt.Key.Key_T)
    assert not viewer.display.labels
    press(viewer, Qt.Key.Key_T)
    press(viewer, Qt.Key.Key_D)
    assert bench.current != first
    await until(bench.picture_ready, lambda: viewer.picture is not None and viewer.picture.image == bench.current)
    press(window.gallery.list, Qt.Key.Key_A)
    assert bench.current == first


def verdict(window: MainWindow) -> Verdict:
    assert window.bench is not None
    assert window.bench.entry is not None
    return window.bench.entry.tag.verdict


def tag_by_keys(window: MainWindow) -> None:
    """Tag, take back, tag again; and letters typed into the search field are no commands."""
    window.gallery.step(-1000)
    before = verdict(window)
    press(window.viewer, Qt.Key.Key_U)
    assert verdict(window) is Verdict.UNLABELLED
    press(window.viewer, Qt.Key.Key_Z, CONTROL)
    assert verdict(window) is before
    press(window.viewer, Qt.Key.Key_Y, CONTROL)
    assert verdict(window) is Verdict.UNLABELLED
    window.gallery.search.setFocus()
    QTest.keyClicks(window.gallery.search, "gx")
    assert verdict(window) is Verdict.UNLABELLED
    window.gallery.search.clear()
    press(window.gallery.list, Qt.Key.Key_Z, CONTROL | SHIFT)
    press(window.gallery.list, Qt.Key.Key_X)
    assert verdict(window) is Verdict.DEFECTIVE


def test_import_look_tag_train_stop_close_and_reopen(
    tmp_path: Path, source: Path, at_window: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "parts"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(project), ""))
    tagged: list[int] = []

    async def first_visit(window: MainWindow) -> None:
        click(next(b for b in window.start_page.findChildren(QPushButton) if b.text().startswith("New")))
        assert window.has_project
        await import_through_the_dialog(window, source)
        await look_around(window)
        tag_by_keys(window)
        assert window.bench is not None
        tagged.append(window.bench.current or 0)
        await train_two_steps_and_stop(window)

    async def second_visit(window: MainWindow) -> None:
        bench = window.bench
        assert bench is not None
        assert len(bench.project.present_images()) == 18
        assert bench.images[tagged[0]].tag.verdict is Verdict.DEFECTIVE
        assert window.undo_name is not None
        await until(window.tasks.quiet, lambda: not window.tasks.busy)

    at_window(None, first_visit)
    with Project.open(project) as closed:
        tags = [event for g in closed.journal.gestures() for event in closed.journal.events_of_gesture(g.id)]
        assert sum(isinstance(event, Tagged) for event in tags) >= 4
    at_window(project, second_visit)
    assert lively_threads() == []


async def train_two_steps_and_stop(window: MainWindow) -> None:
    desk, panel = window.desk, window.train_panel
    assert desk is not None
    await until(window._summary_timer.timeout, lambda: panel.ready)
    panel.epochs.setValue(500)
    steps: list[str] = []
    desk.progressed.connect(lambda batch: steps.extend(step.text for step in batch if "epoch" in step.text))
    press(window.viewer, Qt.Key.Key_T, CONTROL)
    assert window.training
    await until(desk.progressed, lambda: len(steps) >= 2, 100)
    assert window.gallery.isEnabled()
    click(panel.progress.stop)
    await until(desk.ended, lambda: not desk.training)
    assert panel.start.isEnabled()
    await until(window.tasks.quiet, lambda: not window.tasks.busy)


def test_a_project_that_is_open_elsewhere_is_shown_for_reading_only(
    tmp_path: Path, session: Any, at_window: Callable[..., None]
) -> None:
    async def visit(window: MainWindow) -> None:
        assert window.has_project
        assert not window.writable
        assert "open for writing" in window.notices.shown[0].text
        assert "reading only" in window.windowTitle()
        before = verdict(window)
        press(window.gallery.list, Qt.Key.Key_X)
        assert verdict(window) is before
        assert not window.actions_table.by_key["tag.good"].isEnabled()

    at_window(session.project.folder, visit)
    session.tag([1], session.project.state.images[5].tag)


def test_a_folder_that_is_no_project_is_a_notice_and_the_window_stays(
    tmp_path: Path, at_window: Callable[..., None]
) -> None:
    async def visit(window: MainWindow) -> None:
        assert "not a DefectStudio project" in window.notices.shown[0].text
        assert window.isVisible()

    at_window(tmp_path, visit)


def test_an_unexpected_error_is_logged_and_the_window_stays(at_window: Callable[..., None]) -> None:
    async def visit(window: MainWindow) -> None:
        def broken() -> None:
            raise ZeroDivisionError("a bug in a handler")

        asyncio.get_running_loop().call_soon(broken)
        await until(window.relay.arrived, lambda: "ZeroDivisionError" in window.log_panel.toPlainText())
        assert "Traceback" in window.log_panel.toPlainText()
        assert "labels are safe" in window.notices.shown[0].text
        assert window.isVisible()

    at_window(None, visit)


def test_closing_while_a_training_runs_stops_it_first_and_keeps_the_labels(
    session: Any, at_window: Callable[..., None]
) -> None:
    folder = session.project.folder
    session.project.close()
    order: list[str] = []

    async def visit(window: MainWindow) -> None:
        assert window.desk is not None
        window.desk.ended.connect(lambda _said: order.append("ended"))
        window.closed.connect(lambda: order.append("closed"))
        window.train_panel.epochs.setValue(2000)
        press(window.viewer, Qt.Key.Key_G)
        window.trainer.train()
        assert window.training
        window.close()
        assert window.isVisible()

    at_window(folder, visit)
    assert order == ["ended", "closed"]
    with Project.open(folder) as project:
        assert project.state.images[1].tag.verdict is Verdict.GOOD


@pytest.mark.slow
def test_the_demo_leads_to_an_open_project_with_a_run(
    at_window: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "IMAGES", 80)
    monkeypatch.setattr(demo, "MASKS", 2)

    async def visit(window: MainWindow) -> None:
        click(next(b for b in window.start_page.findChildren(QPushButton) if "demo" in b.text()))
        await until(window.project_opened, lambda: window.has_project, 140)
        assert window.bench is not None
        assert len(window.bench.project.present_images()) == 80
        assert window.results.chooser.count() == 3

    at_window(None, visit)


def test_no_object_of_the_window_outlives_it(at_window: Callable[..., None], session: Any) -> None:
    gone: list[str] = []
    folder = session.project.folder
    session.project.close()

    async def visit(window: MainWindow) -> None:
        window.destroyed.connect(lambda: gone.append("window"))
        await until(window.tasks.quiet, lambda: not window.tasks.busy)

    at_window(folder, visit)
    assert gone == ["window"]
    assert lively_threads() == []
