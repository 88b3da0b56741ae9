"""How quickly the window answers: brush, next image, first window, memory.

    python benchmarks/ui.py [--platform offscreen|xcb] [--rows brush setimage ...]

Every figure is taken in the real window, driven by real key and mouse events, on generated images. Without a screen
`--platform xcb` wants Xvfb: `xvfb-run -a -s "-screen 0 1600x1000x24" python benchmarks/ui.py --platform xcb`.

- `brush`: one mouse move of a brush stroke on 4096 x 3000 with the overlay on, from the event to the end of painting;
- `setimage`: the same change shown by pyqtgraph's `ImageItem.setImage`, in the same run;
- `next_2mp`, `next_20mp`: D pressed as soon as the last image is painted, until the new one is;
- `first_window`: from the start of the process until a window with a project of 500 images is painted;
- `memory_500`: growth of resident memory while stepping through 500 images of 2 megapixels.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
from _common import close, say
from PIL import Image

STROKE_MOVES = 400
STARTS = 5
CHILD = """
import sys, time
import defectstudio.ui.app as app
from PySide6.QtCore import QEvent, QObject, QTimer
from defectstudio.__main__ import main

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            QTimer.singleShot(0, self, self.tell)
        return False
    def tell(self):
        print(time.time(), "torch" in sys.modules, flush=True)
        self.window.close()

def ready(window):
    watch = window.watch = FirstPaint(window)
    watch.window, watch.seen = window, False
    window.viewer.installEventFilter(watch)
    window.viewer.update()

shown = app.run_window
app.run_window = lambda project: shown(project, ready=ready)
main()
"""


def make_project(folder: Path, count: int, height: int, width: int) -> Path:
    """A project of generated grey images: smooth shading under fine grain, so that they compress like real ones."""
    from defectstudio.app.projects import import_job, record_import
    from defectstudio.data.exchange import registry
    from defectstudio.data.project import Project
    from defectstudio.domain.progress import CancelToken, finish
    from defectstudio.sessions.session import Session

    source = folder / "images"
    source.mkdir(parents=True)
    rng = np.random.default_rng(0)
    grain = rng.normal(0, 4, (height, width)).astype(np.float32)
    shade = 90 + 60 * np.linspace(0, 1, width, dtype=np.float32)[None, :]
    for number in range(count):
        pixels = shade + np.roll(grain, 37 * number, axis=0)
        pixels[height // 3 : height // 3 + 9, : 40 + number] += 50
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(source / f"{number:04d}.bmp")
    plan = registry.read(source)
    with Project.create(folder / "project") as project:
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
    return folder / "project"


def p95(seconds: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return round(1000 * float(np.percentile(seconds, 95)), 2)


def resident_mb() -> float:
    """Resident memory of this process."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def at_window(project: Path, robot: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run the window on a project with a robot at it; returns what the robot found."""
    from defectstudio.ui.app import run_window

    found: list[Any] = []
    wrong: list[BaseException] = []

    async def guarded(window: Any) -> None:
        try:
            window.activateWindow()  # keys go to the active window alone, and without a window manager none is
            found.append(await robot(window))
        except BaseException as error:  # noqa: BLE001 - raised again once the window is closed
            wrong.append(error)
        window.close()

    def ready(window: Any) -> None:
        window.robot = asyncio.get_running_loop().create_task(guarded(window))

    run_window(project, ready=ready)
    if wrong:
        raise wrong[0]
    return found[0]


async def painted(window: Any, image: int | None = None) -> None:
    """Wait until the current image (that one, if given) is loaded, then paint it."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    while window.viewer.picture is None or (image is not None and window.viewer.picture.image != image):
        loaded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        window.bench.picture_ready.connect(
            lambda _picture, loaded=loaded: loaded.done() or loaded.set_result(None),
            Qt.ConnectionType.SingleShotConnection,
        )
        await loaded
    QApplication.processEvents()


async def brush(window: Any) -> list[float]:
    """Seconds of each mouse move of one long stroke."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    viewer = window.viewer
    await painted(window)
    await asyncio.sleep(3)  # what the window warms up after it is shown must not be timed
    viewer.setFocus()
    QTest.keyClick(viewer, Qt.Key.Key_B)
    middle = QPointF(viewer.width() / 2, viewer.height() / 2)

    def send(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        event = QMouseEvent(kind, at, viewer.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewer, event)

    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    before = window.bench.session.undo_name
    send(QEvent.Type.MouseButtonPress, middle, left, left)
    QApplication.processEvents()
    spent = []
    for step in range(STROKE_MOVES):
        angle, reach = step / 9, 20 + 0.5 * step
        at = middle + QPointF(reach * np.cos(angle), 0.7 * reach * np.sin(angle))
        begun = time.perf_counter()
        send(QEvent.Type.MouseMove, at, none, left)
        QApplication.processEvents()
        spent.append(time.perf_counter() - begun)
    send(QEvent.Type.MouseButtonRelease, at, left, none)
    if window.bench.session.undo_name == before:
        raise RuntimeError("The stroke was not recorded; the figure would mean nothing.")
    return spent


def set_image(height: int, width: int) -> list[float]:
    """Seconds of showing the same change by pyqtgraph: an image, over it the label map with a colour table."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    from defectstudio.ui.app import make_application

    make_application()
    plot = pg.GraphicsView()
    box = pg.ViewBox(lockAspect=True)
    plot.setCentralItem(box)
    picture = pg.ImageItem(np.full((height, width), 120, np.uint8), axisOrder="row-major")
    labels = np.zeros((height, width), np.uint8)
    table = np.zeros((256, 4), np.uint8)
    table[1] = (230, 159, 0, 140)
    overlay = pg.ImageItem(labels, axisOrder="row-major", lut=table, levels=(0, 255))
    box.addItem(picture)
    box.addItem(overlay)
    plot.resize(700, 600)
    plot.show()
    QApplication.processEvents()
    spent = []
    for step in range(60):
        labels[1000 + step : 1040 + step, 1000 + 10 * step : 1040 + 10 * step] = 1
        begun = time.perf_counter()
        overlay.setImage(labels, autoLevels=False)
        QApplication.processEvents()
        spent.append(time.perf_counter() - begun)
    plot.close()
    return spent


async def steps(window: Any, most: int) -> list[float]:
    """Seconds from each press of D to the painted image, pressed as fast as images come."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    await painted(window)
    await asyncio.sleep(3)  # what the window warms up after it is shown must not be timed
    window.gallery.list.setFocus()
    spent = []
    for _ in range(most):
        before = window.bench.current
        begun = time.perf_counter()
        QTest.keyClick(window.gallery.list, Qt.Key.Key_D)
        if window.bench.current == before:
            break
        await painted(window, window.bench.current)
        spent.append(time.perf_counter() - begun)
    return spent


async def growth(window: Any) -> float:
    """Megabytes gained between the tenth image and the last, at the highest."""
    await steps(window, 10)
    start = highest = resident_mb()
    while await steps_quickly(window, 25):
        highest = max(highest, resident_mb())
    return highest - start


async def steps_quickly(window: Any, most: int) -> int:
    """Step on; how many images there were."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    for done in range(most):
        before = window.bench.current
        QTest.keyClick(window.gallery.list, Qt.Key.Key_D)
        if window.bench.current == before:
            return done
        await painted(window, window.bench.current)
    return most


def first_window(project: Path) -> float:
    """Median seconds from the start of the process to a painted window.

    Modules are compiled once and kept, as in any installation; the first start, which does that, is not counted.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(project.parent / "compiled")
    found = []
    for _ in range(STARTS + 1):
        begun = time.time()
        command = [sys.executable, "-c", CHILD, "app", str(project)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        answer = done.stdout.split()
        if answer[1] != "False":
            raise RuntimeError("torch was loaded before the window was shown.")
        found.append(float(answer[0]) - begun)
    return statistics.median(found[1:])


def measure(row: str, folder: Path) -> dict[str, Any]:
    """One row of figures."""
    match row:
        case "brush":
            spent = at_window(make_project(folder, 1, 3000, 4096), brush)
            return {"p95_ms": p95(spent), "median_ms": round(1000 * statistics.median(spent), 2)}
        case "setimage":
            spent = set_image(3000, 4096)
            return {"p95_ms": p95(spent), "median_ms": round(1000 * statistics.median(spent), 2)}
        case "next_2mp":
            spent = at_window(make_project(folder, 80, 1250, 1600), lambda window: steps(window, 79))
            return {"p95_ms": p95(spent), "images": len(spent)}
        case "next_20mp":
            spent = at_window(make_project(folder, 24, 3648, 5472), lambda window: steps(window, 23))
            return {"p95_ms": p95(spent), "images": len(spent)}
        case "first_window":
            return {"s": round(first_window(make_project(folder, 500, 120, 160)), 3), "starts": STARTS}
        case _:
            return {"mb": round(at_window(make_project(folder, 500, 1250, 1600), growth), 1)}


ROWS = ("brush", "setimage", "next_2mp", "next_20mp", "first_window", "memory_500")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", default="offscreen", choices=["offscreen", "xcb"])
    parser.add_argument("--rows", nargs="+", default=list(ROWS), choices=ROWS)
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    rows = []
    # First windows come first: writing large images leaves the disk busy for a while.
    for row in sorted(options.rows, key=lambda row: row != "first_window"):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CONFIG_HOME"] = folder  # neither use nor change the settings of whoever runs this
            found = measure(row, Path(folder))
        say(f"{row}: {found}")
        rows.append({"name": row, "platform": options.platform, **found})
    close("ui", rows)


if __name__ == "__main__":
    main()
