"""A long journal in the Replay workspace of the real window: how long it takes, and for how long the window is held.

A robot opens the page (without checkpoints in the cache, and with them), jumps by clicks on the timeline, drags along
it, plays as fast as it goes, walks by keys, and chooses other parts of the journal. Meanwhile a timer of 10 ms in the
window's thread says how late it fires (`late_...`: what a hand feels, on a machine that may do other work; with nothing
to do it is told as `late_idle_ms`), and how long the thread itself was busy between two firings (`busy_...`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import asyncio

import numpy as np
from _common import say
from smoothness import Lateness
from ui import at_window

JUMPS, MOVES, PLAY_S, WALK = 40, 120, 5.0, 60
PATIENCE_S = 600.0


def replay_in_window(folder: Path) -> dict[str, Any]:
    """Figures of the row `replay_window`: seconds and milliseconds; `late_...` and `busy_...` are the longest."""
    from PySide6.QtCore import QSettings

    shutil.rmtree(folder / "cache" / "timeline", ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        found: dict[str, Any] = at_window(folder, Robot().work)
    return found


class Held(Lateness):
    """Lateness of the timer, and processor seconds of the window's thread from one firing to the next."""

    def __init__(self, parent: Any, phase: Callable[[], str]) -> None:
        self.busy: dict[str, float] = {}
        self._spent = time.thread_time()
        super().__init__(parent, phase)

    def _tick(self) -> None:
        now = time.thread_time()
        self.busy[self._phase()] = max(self.busy.get(self._phase(), 0.0), now - self._spent)
        self._spent = now
        super()._tick()


class Robot:
    """Works at the page; `phase` tells the timer what goes on."""

    def __init__(self) -> None:
        self.phase, self.figures = "idle", {}
        self.window: Any = None

    async def work(self, window: Any) -> dict[str, Any]:
        self.window = window
        await asyncio.sleep(4)  # what the window warms up after it is shown must not be timed
        held = Held(window, lambda: self.phase)
        await asyncio.sleep(3)
        for part in (self.open_twice, self.jump, self.drag, self.play, self.walk, self.choose):
            await part()
            say(f"{part.__name__}: {self.figures}")
        window.replay.leave()
        late = held.stop()
        for phase, seconds in sorted(late.items()):
            self.figures[f"late_{phase}_ms"] = round(1000 * max(seconds))
            self.figures[f"busy_{phase}_ms"] = round(1000 * held.busy[phase])
        self.figures["late_p99_ms"] = round(1000 * float(np.percentile(np.concatenate(list(late.values())), 99)))
        return self.figures

    async def shown(self, act: Callable[[], Any]) -> float:
        """Do something and wait until the step that it leads to is on the page; seconds."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        desk = self.window.replay

        def settle(step: int) -> None:
            if step == desk.step and desk.ready and not done.done():
                done.set_result(None)

        desk.shown_step.connect(settle)
        began = time.perf_counter()
        act()
        await asyncio.wait_for(done, PATIENCE_S)
        desk.shown_step.disconnect(settle)
        return time.perf_counter() - began

    async def open_twice(self) -> None:
        desk = self.window.replay
        for name in ("open_first", "open"):
            self.phase = name
            self.figures[f"{name}_s"] = round(await self.shown(desk.toggle), 1)
            if name == "open_first":
                desk.leave()
        await asyncio.sleep(0.5)

    async def jump(self) -> None:
        """Clicks at random places of the timeline, each waited for."""
        self.phase, rng = "jump", np.random.default_rng(0)
        spent = [await self.shown(lambda x=x: self.click(x)) for x in rng.random(JUMPS).tolist()]
        p50, p95 = np.percentile(spent, [50, 95]) * 1000
        self.figures |= {"jump_p50_ms": round(float(p50)), "jump_p95_ms": round(float(p95))}

    async def drag(self) -> None:
        """From end to end along the timeline, as fast as a mouse moves."""
        self.phase = "drag"
        self.mouse("press", 0.0)
        for place in np.linspace(0, 1, MOVES).tolist():
            self.mouse("move", place)
            await asyncio.sleep(0.016)
        self.figures["drag_settled_ms"] = round(1000 * await self.shown(lambda: self.mouse("move", 0.5)))
        self.mouse("release", 0.5)

    async def play(self) -> None:
        """As fast as it goes, from the middle."""
        self.phase, desk = "play", self.window.replay
        page, steps = desk.page, []
        page.speed.setCurrentIndex(page.speed.count() - 1)
        desk.shown_step.connect(steps.append)
        desk.play()
        await asyncio.sleep(PLAY_S)
        desk.play()
        desk.shown_step.disconnect(steps.append)
        self.figures["play_steps_per_s"] = round(len(steps) / PLAY_S)

    async def walk(self) -> None:
        """Backwards by keys, each waited for."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.phase, timeline = "walk", self.window.replay.page.timeline
        timeline.setFocus()
        spent = [await self.shown(lambda: QTest.keyClick(timeline, Qt.Key.Key_Left)) for _ in range(WALK)]
        self.figures["back_p95_ms"] = round(1000 * float(np.percentile(spent, 95)))

    async def choose(self) -> None:
        """Some other parts of the list, and the whole again."""
        self.phase, page = "choose", self.window.replay.page
        parts = page.parts
        rows = [row for row in range(parts.count()) if parts.itemData(row) is not None]
        chosen = [rows[k] for k in (len(rows) // 2, -1, 0)]
        spent = [await self.shown(lambda row=row: page.part_wanted.emit(parts.itemData(row))) for row in chosen]
        self.figures["parts"] = len(rows)
        self.figures["part_max_ms"] = round(1000 * max(spent))

    def click(self, place: float) -> None:
        self.mouse("press", place)
        self.mouse("release", place)

    def mouse(self, kind: str, place: float) -> None:
        """A real mouse event on the timeline, `place` 0..1 along it."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        timeline = self.window.replay.page.timeline
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        kinds = {"press": QEvent.Type.MouseButtonPress, "move": QEvent.Type.MouseMove}
        what = kinds.get(kind, QEvent.Type.MouseButtonRelease)
        start, end = timeline.x_of(timeline.minimum()), timeline.x_of(timeline.maximum())
        at = QPointF(start + place * (end - start), timeline.height() / 2)
        button, held = (none if kind == "move" else left), (none if kind == "release" else left)
        event = QMouseEvent(what, at, timeline.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(timeline, event)
