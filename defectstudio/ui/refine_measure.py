"""How fast one panel follows another in the window: from the key that answers to the last patch that is painted."""

from __future__ import annotations

import asyncio
import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from defectstudio.ui.main_window import MainWindow

PATIENCE_S = 10.0
LOOK_S = 0.4
"""An expert looks at a panel for longer than this; meanwhile the next one is prepared."""


async def measure_panels(window: MainWindow, count: int) -> list[tuple[float, float]]:
    """Seconds from Enter to all pictures of the next panel, by the clock and of processor time, for so many panels.

    The page of refinement is in front. Processor time is that of all threads; it is what is left of the clock's on a
    machine that does nothing else.

    Raises TimeoutError when a picture does not come.
    """
    asking, spent = window.refine.asking, []
    for number in range(count):
        await asyncio.sleep(LOOK_S)
        tile = asking.grid.shown_tiles[number % len(asking.grid.shown_tiles)]
        QTest.keyClick(tile, Qt.Key.Key_Space)
        before, begun = asking.grid.panel, (time.perf_counter(), time.process_time())
        QTest.keyClick(tile, Qt.Key.Key_Return)
        async with asyncio.timeout(PATIENCE_S):
            while asking.grid.panel == before or any(t.crop is None for t in asking.grid.shown_tiles):
                await asyncio.sleep(0.001)
        QApplication.sendPostedEvents()
        asking.page.repaint()
        spent.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    return spent
