"""Coroutines on Qt's loop survive nested loops, which dialogs and menus run."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from defectstudio.ui.event_loop import make_event_loop


def nested(milliseconds: int) -> None:
    """What a dialog does: run events until it closes."""
    inner = QEventLoop()
    QTimer.singleShot(milliseconds, inner.quit)
    inner.exec()


def run(qapp: QApplication, work: Coroutine[Any, Any, list[str]]) -> list[str]:
    loop = make_event_loop(qapp)
    asyncio.set_event_loop(loop)
    found: list[list[str]] = []

    async def whole() -> None:
        try:
            found.append(await asyncio.wait_for(work, 10))
        finally:
            loop.stop()

    # Were a callback lost, nothing would stop the loop.
    QTimer.singleShot(15_000, loop.stop)
    try:
        task = loop.create_task(whole())
        loop.run_forever()
        assert task.done()
        task.result()
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return found[0]


def test_a_step_that_runs_a_nested_loop_runs_once_and_loses_no_other(qapp: QApplication) -> None:
    said: list[str] = []

    async def other(name: str, steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        said.append(name)

    async def main() -> list[str]:
        tasks = [asyncio.create_task(other(f"other {k}", 30 + k)) for k in range(20)]
        for _ in range(10):
            await asyncio.sleep(0)
            nested(5)
            said.append("dialog")
        await asyncio.gather(*tasks)
        return said

    assert run(qapp, main()).count("dialog") == 10
    assert len(said) == 30


def test_a_cancelled_handle_does_not_run(qapp: QApplication) -> None:
    said: list[str] = []

    async def main() -> list[str]:
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, said.append, "too late").cancel()
        loop.call_later(0.01, said.append, "in time")
        await asyncio.sleep(0.05)
        return said

    assert run(qapp, main()) == ["in time"]
