"""Fixtures of the window's tests: no screen, no traces in the user's folders, an event loop that runs coroutines."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from defectstudio.ui.viewer import Viewer


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, logs and demo data of the window go to the test's own folder."""
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def collect_on_the_main_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no background thread collect a window that stands in a reference cycle: its timers would fire afterwards.

    The program has `MainThreadCollector` for it, which needs an event loop that runs.
    """
    gc.disable()
    yield
    if "qapp" in request.fixturenames:
        for left in QApplication.topLevelWidgets():
            left.hide()  # the next test's window shall be the one that the pointer and the keys meet
        gc.collect()
        gc.freeze()  # what is still there stays; the next collection is quick
    gc.enable()


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    """The application with its theme."""
    from defectstudio.ui.app import make_application

    return make_application()


@pytest.fixture
def drive(app: QApplication) -> Iterator[Callable[[Coroutine[Any, Any, None]], None]]:
    """Run a coroutine in Qt's own event loop."""
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)

    def run(work: Coroutine[Any, Any, None]) -> None:
        loop.run_until_complete(asyncio.wait_for(work, 120))

    yield run
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def viewer(qtbot: QtBot, app: QApplication) -> Viewer:
    """A canvas of 400 x 300 pixels, shown."""
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made
