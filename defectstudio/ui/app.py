"""Starts the window: application, event loop, and the net under it that catches what nobody expected."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

from defectstudio.ui.collector import MainThreadCollector
from defectstudio.ui.event_loop import make_event_loop
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.settings import Settings
from defectstudio.ui.theme import ICONS, theme
from defectstudio.ui.translations import Language

LOG_BYTES = 1_000_000
# A background thread that runs Python keeps the interpreter this long before the window's thread may have it. Python's
# own 5 ms are longer than a whole brush event.
LONGEST_TURN_S = 0.0001


def make_application() -> QApplication:
    """The QApplication, new or the one that is there already, with name, theme and language of the settings."""
    settings = Settings()
    if settings.scale != 100 and QApplication.instance() is None:
        # Qt reads it once, when the application is made; a factor set from outside counts more than the setting.
        os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale / 100))
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise RuntimeError("A Qt application without a screen is running already.")
    app.setApplicationName("DefectStudio")
    app.setApplicationDisplayName("DefectStudio")
    app.setQuitOnLastWindowClosed(False)  # the window itself says when it has closed, and it may have to wait
    app.setWindowIcon(QIcon(str(ICONS / "app.svg")))
    theme().prefer(settings.theme)
    speak(settings)
    return app


def speak(settings: Settings) -> None:
    """Use the language of the settings for every window that is made from now on."""
    app = QApplication.instance()
    if app is not None:
        (app.findChild(Language) or Language(app)).use(settings.language)


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


def run_window(project: Path | None = None, *, ready: Callable[[MainWindow], None] | None = None) -> int:
    """Show the window, on a project when one is given, until it is closed; returns the exit code.

    `ready` is called with each shown window (tests drive it from there); a change of language makes a second one.
    """
    app = make_application()
    loop = make_event_loop(app)
    asyncio.set_event_loop(loop)
    collector = MainThreadCollector(app)
    turn = sys.getswitchinterval()
    sys.setswitchinterval(LONGEST_TURN_S)
    try:
        with log_to_file():
            again = show_until_closed(loop, collector, project, ready)
            while again is not None:
                speak(Settings())
                again = show_until_closed(loop, collector, again.project, ready)
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    finally:
        sys.setswitchinterval(turn)
        collector.stop()
        loop.close()
        asyncio.set_event_loop(None)
    return 0


@dataclass(frozen=True)
class Again:
    """The window shall come again, on this project."""

    project: Path | None


def show_until_closed(
    loop: QEventLoop, collector: MainThreadCollector, project: Path | None, ready: Callable[[MainWindow], None] | None
) -> Again | None:
    """One window from its making to its end; says whether it wants to be made anew."""
    window = MainWindow()
    wishes: list[Again] = []

    def come_again() -> None:
        wishes.append(Again(window.bench.project.folder if window.bench is not None else None))
        window.close()

    with unexpected_errors_to(window.show_error, loop):
        window.restart_wanted.connect(come_again)
        window.closed.connect(loop.stop)
        window.project_closed.connect(collector.sweep)
        window.show()
        QTimer.singleShot(0, window, lambda: begin(window, project, ready))
        loop.run_forever()
    window.deleteLater()
    return wishes[-1] if wishes else None


def begin(window: MainWindow, project: Path | None, ready: Callable[[MainWindow], None] | None) -> None:
    """The first thing in the running loop: open the project."""
    if project is not None:
        try:
            window.open_folder(project)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            window.show_error(error)
    if ready is not None:
        ready(window)
