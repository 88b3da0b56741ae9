"""What a robot at the window needs: waiting for facts by signals, keys, and looking for children."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from defectstudio.ui.main_window import MainWindow

PATIENCE = 90.0


async def heard(signal: SignalInstance, patience: float = PATIENCE) -> None:
    """Wait until a signal is emitted."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(*_values: Any) -> None:
        if not done.done():
            done.set_result(None)

    signal.connect(settle, Qt.ConnectionType.SingleShotConnection)
    await asyncio.wait_for(done, patience)


async def until(signal: SignalInstance, fact: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until a fact holds that changes only when the signal is emitted."""
    while not fact():
        await heard(signal, patience)


async def active(window: MainWindow) -> None:
    """Wait until the window has the keys: before that, a widget told to take them is not told that it has them."""
    window.activateWindow()
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    await until(application.focusWindowChanged, window.isActiveWindow)


async def shut(window: MainWindow) -> None:
    """Close a window, waiting for what is under way, and let go of it."""
    if not window.close():
        await heard(window.closed)
    window.deleteLater()


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A real key press and release on a widget that has the focus."""
    widget.setFocus()
    QTest.keyClick(widget, key, modifier)


def click(widget: QWidget) -> None:
    """A real click in the middle of a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
