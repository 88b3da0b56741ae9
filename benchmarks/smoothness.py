"""Whether the window stays smooth while it trains, and how soon a training stops that is asked to.

    python benchmarks/smoothness.py [--platform offscreen|xcb] [--rows lateness_idle ...] [--seconds 20] [--cancels 5]

Everything happens in the real window, on generated images: one of 4096 x 3000 is open in the viewer while a real `fast`
training on parts of KolektorSDD2's size goes through all its phases (features, heads, fine-tuning, prediction). Without
a screen `--platform xcb` wants Xvfb, as in `ui.py`.

- `lateness_idle`, `lateness_training`: how much later than asked a timer of 10 ms fires in the window's thread, with
  nothing to do, and from the click on Train to the last figure that is shown of the run, strokes drawn meanwhile;
- `brush_idle`, `brush_training`: one mouse move of a brush stroke, from the event to the end of painting, moves coming
  125 times a second as from a mouse; strokes are drawn in every phase;
- `cancel`: from the wish to stop until the training has ended, asked for at random moments of each phase in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
from _common import close, say
from PIL import Image
from ui import at_window, p95, painted

TRAIN, TEST = (60, 12), (40, 10)
TICK_MS = 10
MOVES, MOVE_EVERY_S = 60, 0.008
PATIENCE_S = 600
PHASES = ("Computing features", "Training", "Fine-tuning", "Predicting")


def make_project(folder: Path) -> Path:
    """Parts of KolektorSDD2's size to train on, and one large image that no split names."""
    from defectstudio.app.projects import import_job, record_import
    from defectstudio.data.exchange import registry
    from defectstudio.data.project import Project
    from defectstudio.data.synthetic import generate
    from defectstudio.domain.progress import CancelToken, finish
    from defectstudio.sessions.session import Session

    token = CancelToken()
    finish(generate(folder / "parts", train=TRAIN, test=TEST, seed=0, token=token))
    (folder / "large").mkdir()
    rng = np.random.default_rng(0)
    pixels = 90 + 60 * np.linspace(0, 1, 4096)[None, :] + rng.normal(0, 4, (3000, 4096))
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / "large" / "large.bmp")
    with Project.create(folder / "project") as project:
        for source in ("large", "parts"):
            plan = registry.read(folder / source)
            record_import(Session(project), plan, finish(import_job(project, plan)(token)))
    return folder / "project"


class Lateness:
    """Listens to a timer of the window's thread; `found`: seconds beyond the asked interval, by what went on then."""

    def __init__(self, parent: Any, phase: Callable[[], str] = lambda: "idle") -> None:
        from PySide6.QtCore import Qt, QTimer

        self.found: dict[str, list[float]] = {}
        self._phase = phase
        self._last = time.perf_counter()
        self._timer = QTimer(parent, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.found.setdefault(self._phase(), []).append(max(0.0, now - self._last - TICK_MS / 1000))
        self._last = now

    def stop(self) -> dict[str, list[float]]:
        """No more samples; returns those there are."""
        self._timer.stop()
        return self.found


class Training:
    """The training in the window: its settings, its phase, its end."""

    def __init__(self, window: Any) -> None:
        self.window, self.panel, self.desk = window, window.train_panel, window.desk
        self.phase = ""
        self.seen: list[str] = []
        self.desk.progressed.connect(self._progressed)

    def _progressed(self, batch: list[Any]) -> None:
        self.phase = batch[-1].text.split(",")[0]
        if self.phase not in self.seen:
            self.seen.append(self.phase)

    def start(self, *, epochs: int, finetune: int, cached: bool) -> None:
        """Begin one, by the panel's own controls."""
        if not cached:
            shutil.rmtree(self.window.bench.project.cache_folder / "features", ignore_errors=True)
        self.phase, self.seen = "", []
        self.panel.epochs.setValue(epochs)
        self.panel.more.controls["finetune_epochs"].choose(finetune)
        self.panel.more.controls["threshold_folds"].choose(0)
        self.window.trainer.train()
        if not self.window.trainer.training:
            raise RuntimeError("The training did not start.")

    async def until(self, fact: Callable[[], bool]) -> None:
        """Wait for news of the training until a fact holds or it has ended."""
        begun = time.monotonic()
        while not fact():
            if not self.window.trainer.training or time.monotonic() - begun > PATIENCE_S:
                raise RuntimeError(f"The training ended in {self.phase!r}; {self.seen} were seen.")
            await asyncio.sleep(0.02)

    async def stop(self) -> float:
        """Seconds from the wish to stop to the end."""
        begun = time.perf_counter()
        self.window.trainer.stop()
        while self.window.trainer.training:
            await asyncio.sleep(0.002)
        return time.perf_counter() - begun

    async def rest(self) -> None:
        """Let everything that follows a training come to its end."""
        while self.window.tasks.busy:
            await asyncio.sleep(0.05)


def painting(viewer: Any) -> Any:
    """Tells when the viewer's next painting has ended, without an event loop within the window's own."""
    from PySide6.QtCore import QEvent, QObject

    class Painting(QObject):
        def __init__(self) -> None:
            super().__init__(viewer)
            self.waits: asyncio.Future[float] | None = None
            viewer.installEventFilter(self)

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is not QEvent.Type.Paint:
                return False
            viewer.paintEvent(event)
            if self.waits is not None and not self.waits.done():
                self.waits.set_result(time.perf_counter())
            return True

        async def painted(self) -> float:
            self.waits = asyncio.get_running_loop().create_future()
            return await asyncio.wait_for(self.waits, PATIENCE_S)

    return Painting()


async def stroke(window: Any, number: int) -> list[float]:
    """Seconds of each move of one stroke, the moves as far apart in time as those of a mouse."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    viewer = window.viewer
    viewer.setFocus()
    QTest.keyClick(viewer, Qt.Key.Key_B)
    # Never twice at the same place: a stroke that changes nothing is no stroke.
    across, down = 0.2 + 0.6 * (0.618 * number % 1), 0.2 + 0.6 * (0.755 * number % 1)
    start = QPointF(viewer.width() * across, viewer.height() * down)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

    def send(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        event = QMouseEvent(kind, at, viewer.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewer, event)

    watch = painting(viewer)
    before, spent, at = window.bench.project.journal.last_event, [], start
    send(QEvent.Type.MouseButtonPress, start, left, left)
    for step in range(MOVES):
        await asyncio.sleep(MOVE_EVERY_S)
        angle, reach = step / 9, 10 + 0.8 * step
        at = start + QPointF(reach * np.cos(angle), 0.7 * reach * np.sin(angle))
        begun = time.perf_counter()
        send(QEvent.Type.MouseMove, at, none, left)
        spent.append(await watch.painted() - begun)
    send(QEvent.Type.MouseButtonRelease, at, left, none)
    viewer.removeEventFilter(watch)
    if window.bench.project.journal.last_event == before:
        raise RuntimeError("The stroke was not recorded; the figure would mean nothing.")
    return spent


async def ready(window: Any) -> Training:
    """The large image on the screen, and everything that follows opening a project done."""
    large = next(image for image, entry in window.bench.images.items() if entry.info.width == 4096)
    window.gallery.select(large)
    await painted(window, large)
    window.show_panel(window.train_panel)
    await asyncio.sleep(4)  # what the window warms up after it is shown must not be timed
    return Training(window)


async def idle(window: Any, seconds: float) -> list[float]:
    """Lateness with nothing to do."""
    await ready(window)
    lateness = Lateness(window)
    await asyncio.sleep(seconds)
    return lateness.stop()["idle"]


async def resting(window: Any) -> list[float]:
    """Brush moves with nothing else to do."""
    await ready(window)
    spent: list[float] = []
    for number in range(5):
        spent += await stroke(window, number)
        await asyncio.sleep(1.0)
    return spent


async def training(window: Any, seconds: float) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Lateness, and brush moves, by phase: from the click on Train to the last figure that is shown of the run."""
    work = await ready(window)
    brush: dict[str, list[float]] = {}
    numbers = itertools.count()

    async def draw(phase: str, least: float) -> None:
        """Strokes and rests in turn, while the phase lasts, for at most so many seconds."""
        begun = time.monotonic()
        while work.phase == phase and window.trainer.training and time.monotonic() - begun < least:
            brush.setdefault(phase, []).extend(await stroke(window, next(numbers)))
            await asyncio.sleep(1.0)
        moves = brush.get(phase, [])
        say(f"{phase}: {len(moves)} moves" + (f", p95 {p95(moves)} ms" if moves else ""))

    lateness = Lateness(window, lambda: work.phase if window.trainer.training else "after")
    work.start(epochs=90, finetune=60, cached=False)
    for phase in PHASES[:3]:
        await work.until(lambda phase=phase: work.phase == phase)
        await draw(phase, seconds / 3)
    await work.stop()
    await work.rest()
    work.start(epochs=2, finetune=0, cached=True)
    await work.until(lambda: work.phase == PHASES[3])
    await draw(PHASES[3], seconds)
    while window.trainer.training:
        await asyncio.sleep(0.1)
    await work.rest()
    await asyncio.sleep(1.0)
    return lateness.stop(), brush


async def cancels(window: Any, count: int) -> dict[str, list[float]]:
    """Seconds to the end, by the phase in which it was asked for."""
    work, chance = await ready(window), random.Random(0)
    found: dict[str, list[float]] = {}
    for number in range(count):
        phase = PHASES[number % len(PHASES)]
        short = phase == "Predicting"
        work.start(epochs=2 if short else 12, finetune=0 if short else 60, cached=phase != PHASES[0])
        await work.until(lambda phase=phase: work.phase == phase)
        await asyncio.sleep(chance.uniform(0, 0.2 if short else 1.5))
        said = work.phase
        found.setdefault(said, []).append(await work.stop())
        say(f"stopped {said!r} in {found[said][-1]:.2f} s")
        await work.rest()
    return found


def late(found: list[float]) -> dict[str, Any]:
    return {"p95_ms": p95(found), "max_ms": round(1000 * max(found), 2), "samples": len(found)}


def measure(rows: list[str], seconds: float, count: int) -> list[dict[str, Any]]:
    """The asked rows; a fresh project and a fresh window for each part."""
    made: list[dict[str, Any]] = []
    if "lateness_idle" in rows:
        made.append({"name": "lateness_idle", **late(in_window(lambda window: idle(window, seconds)))})
    if "brush_idle" in rows:
        spent = in_window(resting)
        made.append({"name": "brush_idle", "p95_ms": p95(spent), "moves": len(spent)})
    if {"lateness_training", "brush_training"} & set(rows):
        found = in_window(lambda window: training(window, seconds))
        made += [row for row in rows_of(*found) if row["name"] in rows]
    if "cancel" in rows:
        found = in_window(lambda window: cancels(window, count))
        worst = {phase: round(max(times), 3) for phase, times in found.items()}
        every = [spent for times in found.values() for spent in times]
        median = round(statistics.median(every), 3)
        made.append({"name": "cancel", "s": max(worst.values()), "median_s": median, "times": len(every), **worst})
    return made


def rows_of(lateness: dict[str, list[float]], brush: dict[str, list[float]]) -> list[dict[str, Any]]:
    """The rows of a training from what was found in its phases."""
    phases = {phase or "Preparing": late(times) for phase, times in lateness.items()}
    strokes = {phase: p95(times) for phase, times in brush.items()}
    moves = [spent for times in brush.values() for spent in times]
    every = [one for times in lateness.values() for one in times]
    return [
        {"name": "lateness_training", **late(every), "phases": phases},
        {"name": "brush_training", "p95_ms": p95(moves), "moves": len(moves), "phases_p95_ms": strokes},
    ]


def in_window(robot: Callable[[Any], Awaitable[Any]]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder  # neither use nor change the settings of whoever runs this
        os.environ["XDG_STATE_HOME"] = folder
        return at_window(make_project(Path(folder)), robot)


ROWS = ("lateness_idle", "brush_idle", "lateness_training", "brush_training", "cancel")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", default="offscreen", choices=["offscreen", "xcb"])
    parser.add_argument("--rows", nargs="+", default=list(ROWS), choices=ROWS)
    parser.add_argument("--seconds", type=float, default=20.0, help="of lateness, idle and in training")
    parser.add_argument("--cancels", type=int, default=5)
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    rows = [
        {**row, "platform": options.platform, "load": round(os.getloadavg()[0], 2)}
        for row in measure(options.rows, options.seconds, options.cancels)
    ]
    for row in rows:
        say(str(row))
    close("smoothness", rows)


if __name__ == "__main__":
    main()
