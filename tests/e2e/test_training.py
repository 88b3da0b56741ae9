"""A robot trains in the window and goes on labelling meanwhile; closes in the middle; goes on another day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from defectstudio.data.project import Project
from defectstudio.data.runs import list_runs
from defectstudio.domain.labels import UNKNOWN
from defectstudio.ui.main_window import MainWindow
from tests.e2e.test_window import at_window  # noqa: F401 - a fixture
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.robot import click, press, until

IMAGE = 6
"""Tagged defective, nothing drawn yet, and not in the split that is trained on."""


async def shown(window: MainWindow, image: int) -> None:
    assert window.bench is not None
    window.gallery.select(image)
    picture = window.bench.picture_ready
    await until(picture, lambda: window.viewer.picture is not None and window.viewer.picture.image == image)


def stroke(window: MainWindow, *points: tuple[float, float]) -> None:
    """One stroke of the brush, by real events."""
    viewer = window.viewer
    press(viewer, Qt.Key.Key_B)
    places = [QPoint(*(round(v) for v in viewer.view.to_screen(x, y))) for x, y in points]
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(viewer, place)
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=places[-1])


def test_labelling_goes_on_while_it_trains_and_a_training_that_was_closed_on_goes_on_another_day(
    session: Any,
    at_window: Callable[..., None],  # noqa: F811 - the fixture
) -> None:
    folder = session.project.folder
    session.project.close()
    epochs_before: list[int] = []

    async def label_while_it_trains(window: MainWindow) -> None:
        panel, desk = window.train_panel, window.desk
        assert desk is not None
        await shown(window, IMAGE)
        panel.epochs.setValue(3000)
        press(window.viewer, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        await until(desk.progressed, lambda: len(panel.progress.curves.rows) >= 2, 100)
        stroke(window, (12, 12), (20, 20), (28, 12))
        assert window.training
        assert window.undo_name is not None
        assert "paint" in window.undo_name
        panel.progress.pause.click()
        assert "Paused" in panel.progress.state.text()
        stroke(window, (12, 40), (28, 40))
        panel.progress.pause.click()
        trained = len(panel.progress.curves.rows)
        await until(desk.progressed, lambda: len(panel.progress.curves.rows) > trained)
        epochs_before.append(len(panel.progress.curves.rows))
        window.close()
        assert window.isVisible()
        assert "can go on" in window.statusBar().currentMessage()

    async def go_on(window: MainWindow) -> None:
        panel, desk = window.train_panel, window.desk
        assert desk is not None
        assert "stopped before its end" in window.notices.shown[0].text
        click(window.notices.shown[0].way_out)
        assert len(panel.progress.curves.rows) >= epochs_before[0]
        known = len(panel.progress.curves.rows)
        await until(desk.progressed, lambda: len(panel.progress.curves.rows) > known, 100)
        assert f"epoch {panel.progress.curves.rows[-1]['epoch']:g} of 3000" in panel.progress.state.text()
        click(panel.progress.stop)
        await until(window.tasks.quiet, lambda: not window.tasks.busy)

    at_window(folder, label_while_it_trains)
    with Project.open(folder) as closed:
        drawn = closed.state.label_map(IMAGE)
        assert drawn is not None
        assert drawn[12, 12] not in {0, UNKNOWN}
        assert (drawn[40, 14:26] == drawn[12, 12]).all()
        assert np.count_nonzero((drawn > 0) & (drawn < UNKNOWN)) > 40
        assert [record.status for record in list_runs(closed.runs_folder)] == ["stopped"]
    at_window(folder, go_on)
    with Project.open(folder) as closed:
        assert len(list_runs(closed.runs_folder)) == 1
        assert len(closed.state.runs) == 1
