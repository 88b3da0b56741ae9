"""How soon the next detection is on the screen after a verdict.

    python benchmarks/mentor_ui.py [--images 60] [--each 20] [--verdicts 100] [--pause 0.25]

In the real window without a screen, by real key presses: from the press of a verdict's key (which writes the verdict to
disk) until the next detection is painted in its image. Generated grey images of 1200 x 1600, `--each` detections in an
image; every `--each`-th step goes to another image. `--pause`: seconds between two presses, 0: as fast as it goes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from _common import close, say
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from ui import at_window, make_project, p95

from defectstudio.domain.labels import Box
from defectstudio.domain.mentoring import Detection
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session
from defectstudio.ui.main_window import MainWindow

SIDES = (1200, 1600)
KEYS = (Qt.Key.Key_Return, Qt.Key.Key_X, Qt.Key.Key_Space)


def made_up(images: list[int], each: int) -> list[Detection]:
    """So many boxes in every image, spread by a seed."""
    rng = np.random.default_rng(0)
    found = []
    for image in images:
        for number in range(each):
            top, left = (int(rng.integers(0, side - 90)) for side in SIDES)
            high, wide = (int(side) for side in rng.integers(12, 80, 2))
            confidence = float(rng.uniform(0.3, 1.0))
            found.append(
                Detection(f"{image}-{number}", image, "run", Box(top, left, top + high, left + wide), 1, confidence)
            )
    return found


class Operator:
    """Presses keys and takes the time until what follows is painted."""

    def __init__(self, window: MainWindow, options: argparse.Namespace) -> None:
        self.window, self.options = window, options
        self.seconds: list[float] = []
        self.across: list[float] = []

    async def work(self) -> None:
        """The verdicts, one after another."""
        window, options = self.window, self.options
        assert window.bench is not None
        session: Session = window.bench.session
        window.mentor.show()
        detections = made_up(window.bench.project.present_images(), options.each)
        window.mentor.judging.open(Mentoring(session, detections))
        await asyncio.sleep(2.0)
        window.activateWindow()
        window.mentor.page.stage.zoomed.setFocus()
        for number in range(options.verdicts):
            await self.press(KEYS[number % len(KEYS)])
            await asyncio.sleep(options.pause)

    async def press(self, key: Qt.Key) -> None:
        """One verdict, timed."""
        judging, view = self.window.mentor.judging, self.window.mentor.page.stage.zoomed
        before = judging.current
        assert before is not None
        began = time.perf_counter()
        QTest.keyClick(view, key)
        now = judging.current
        assert now is not None
        assert now.id != before.id
        while view.picture is None or view.picture.image != now.image or view.main != now.box:
            await asyncio.sleep(0)
        view.repaint()
        passed = time.perf_counter() - began
        self.seconds.append(passed)
        if now.image != before.image:
            self.across.append(passed)


def rows(operator: Operator, options: argparse.Namespace) -> list[dict[str, object]]:
    """All steps, and those to another image alone."""
    told = {"pause_s": options.pause, "waiting": options.images * options.each, "image": "1200 x 1600 grey"}
    return [
        {
            "name": name,
            "steps": len(seconds),
            "median_ms": round(1000 * float(np.median(seconds)), 2),
            "p95_ms": p95(seconds),
            "max_ms": round(1000 * max(seconds), 2),
            **told,
        }
        for name, seconds in (("next_detection", operator.seconds), ("next_detection_other_image", operator.across))
        if seconds
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--verdicts", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.25)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, f"{scratch}/settings")
        say("making images")
        options.project = make_project(Path(scratch), options.images, *SIDES)

        async def robot(window: MainWindow) -> Operator:
            operator = Operator(window, options)
            await operator.work()
            return operator

        close("mentor_ui", rows(at_window(options.project, robot), options))


if __name__ == "__main__":
    main()
