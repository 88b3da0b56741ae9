"""Starts the window: application, event loop, and the net under it that catches what nobody expected."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs

# Idle threads of torch's OpenMP must sleep, not spin: on few cores they would take the window's time. It is read when
# torch is loaded, which is later and in another thread.
os.environ.setdefault("GOMP_SPINCOUNT", "0")
os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.ui.collector import MainThreadCollector
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.theme import ICONS, theme

LOG_BYTES = 1_000_000
WARM_UP_AFTER_MS = 300


def make_application() -> QApplication:
    """The QApplication, new or the one that is there already, with name and theme."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise RuntimeError("A Qt application without a screen is running already.")
    app.setApplicationName("DefectStudio")
    app.setApplicationDisplayName("DefectStudio")
    app.setQuitOnLastWindowClosed(False)  # the window itself says when it has closed, and it may have to wait
    app.setWindowIcon(QIcon(str(ICONS / "app.svg")))
    theme()
    return app


@contextmanager
def log_to_file() -> Iterator[None]:
    """Keep a log in the user's log folder while the window is up; a folder that cannot be written is no error."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    handler: logging.Handler
    try:
        folder = Path(platformdirs.user_log_dir("DefectStudio", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "window.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
        root.setLevel(before)


@contextmanager
def unexpected_errors_to(show: Callable[[BaseException], None], loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Bring errors that nobody caught to the window instead of the end of the program."""
    hooks = sys.excepthook, threading.excepthook

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            show(error)

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        show(context.get("exception") or RuntimeError(context["message"]))

    def in_thread(arguments: threading.ExceptHookArgs) -> None:
        logging.getLogger(__name__).error("A thread broke off", exc_info=arguments.exc_value)

    sys.excepthook, threading.excepthook = caught, in_thread
    loop.set_exception_handler(in_loop)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hooks


def load_plot_library(_token: CancelToken) -> Job[None]:
    """Import pyqtgraph outside the main thread, where its half second would be felt."""
    yield Progress(0, 1, "Loading")
    import pyqtgraph  # noqa: F401


async def warm_up(window: MainWindow) -> None:
    """Load what the first training needs while nobody waits for it."""
    await RunningJob(load_plot_library, window).result()
    window.train_panel.prepare_curve()


def run_window(project: Path | None = None, *, ready: Callable[[MainWindow], None] | None = None) -> int:
    """Show the window, on a project when one is given, until it is closed; returns the exit code.

    `ready` is called once with the shown window (tests drive it from there).
    """
    app = make_application()
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    collector = MainThreadCollector(app)
    try:
        with log_to_file():
            window = MainWindow()
            with unexpected_errors_to(window.show_error, loop):
                window.closed.connect(loop.stop)
                window.show()
                QTimer.singleShot(0, window, lambda: begin(window, project, ready))
                loop.run_forever()
            window.deleteLater()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    finally:
        collector.stop()
        loop.close()
        asyncio.set_event_loop(None)
    return 0


def begin(window: MainWindow, project: Path | None, ready: Callable[[MainWindow], None] | None) -> None:
    """The first thing in the running loop: open the project, then warm up."""
    if project is not None:
        try:
            window.open_folder(project)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            window.show_error(error)
    QTimer.singleShot(WARM_UP_AFTER_MS, window, lambda: window.tasks.start(warm_up(window)))
    if ready is not None:
        ready(window)
