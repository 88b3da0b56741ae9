"""The map of the data: points found by mouse, lasso and keys, colours and shapes, and its place in the window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.app.selection_models import DataMap
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.panels.gallery import runs_of
from defectstudio.ui.select_map import MapCanvas, inside, nearest_towards
from defectstudio.ui.select_map_look import COLORINGS, STEPS, Facts, look_of
from defectstudio.ui.select_measure import measure_map
from tests.made_scores import MASKED, make_waiting_project
from tests.ui.robot import heard, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
Key, Button = Qt.Key, Qt.MouseButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CROSS = np.array([[0.5, 0.5], [0.9, 0.5], [0.5, 0.9], [0.1, 0.5], [0.5, 0.1]], np.float32)
"""The middle, then right, above, left, below."""


@pytest.fixture
def canvas(qtbot: QtBot, app: QApplication) -> MapCanvas:
    """Five points as a cross, images 10 to 14."""
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    made.describe = lambda image: f"part{image}"
    made.show_points([10, 11, 12, 13, 14], CROSS)
    return made


def place(canvas: MapCanvas, row: int) -> QPoint:
    return canvas.place_of(row).toPoint()


def drag(canvas: MapCanvas, places: list[QPoint], button: Qt.MouseButton, modifier: Any = None) -> None:
    held = modifier or Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas.viewport(), button, held, places[0])
    for at in places[1:]:
        QTest.mouseMove(canvas.viewport(), at)
    QTest.mouseRelease(canvas.viewport(), button, held, places[-1])


def test_a_point_is_inside_a_line_that_goes_round_it_also_where_the_line_turns_in() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    assert inside(CROSS, square * 0.6).tolist() == [True, False, False, True, True]
    dented = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.3], [0.0, 1.0]])
    assert inside(CROSS, dented).tolist() == [False, True, False, True, True]
    assert not inside(CROSS, square[:1]).any()


def test_the_arrows_go_to_the_nearest_point_in_their_direction_or_stay() -> None:
    ways = [nearest_towards(CROSS, 0, way) for way in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))]
    assert ways == [1, 2, 3, 4]
    assert nearest_towards(CROSS, 1, (1.0, 0.0)) is None
    line = np.array([[0.0, 0.0], [0.5, 0.3], [0.6, 0.0]], np.float32)
    assert nearest_towards(line, 0, (1.0, 0.0)) == 2, "what lies aside counts double"


def test_keys_walk_over_the_map_and_a_screen_reader_hears_where(canvas: MapCanvas, qtbot: QtBot) -> None:
    press(canvas, Key.Key_Right)
    assert canvas.accessibleName() == "Map of the data: part10"
    press(canvas, Key.Key_Right)
    assert canvas.accessibleName() == "Map of the data: part11"
    press(canvas, Key.Key_Right)
    assert canvas.current == 1
    with qtbot.waitSignal(canvas.opened) as opened:
        press(canvas, Key.Key_Return)
    assert opened.args == [11]


def test_a_click_stands_on_a_point_and_a_double_click_opens_it(canvas: MapCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.current_changed) as stood:
        QTest.mouseClick(canvas.viewport(), Button.LeftButton, pos=place(canvas, 3) + QPoint(4, 3))
    assert stood.args == [13]
    with qtbot.waitSignal(canvas.opened) as opened:
        QTest.mouseDClick(canvas.viewport(), Button.LeftButton, pos=place(canvas, 2))
    assert opened.args == [12]
    QTest.mouseClick(canvas.viewport(), Button.LeftButton, pos=QPoint(3, 3))
    assert canvas.current is None


def test_a_line_drawn_round_points_catches_them(canvas: MapCanvas, qtbot: QtBot) -> None:
    left, middle = place(canvas, 3), place(canvas, 0)
    round_both = [left + QPoint(-20, -30), middle + QPoint(30, -30), middle + QPoint(30, 30), left + QPoint(-20, 30)]
    with qtbot.waitSignal(canvas.lassoed) as caught:
        drag(canvas, round_both, Button.LeftButton)
    assert caught.args == [[10, 13]]
    assert len(canvas.rings.data) == 2


def test_the_middle_button_or_shift_moves_the_map_and_the_wheel_keys_zoom(canvas: MapCanvas) -> None:
    before = place(canvas, 0)
    drag(canvas, [QPoint(200, 200), QPoint(240, 170)], Button.MiddleButton)
    assert (place(canvas, 0) - before - QPoint(40, -30)).manhattanLength() <= 2
    drag(canvas, [QPoint(200, 200), QPoint(160, 230)], Button.LeftButton, SHIFT)
    assert (place(canvas, 0) - before).manhattanLength() <= 3
    apart = place(canvas, 1).x() - before.x()
    press(canvas, Key.Key_Plus)
    assert place(canvas, 1).x() - place(canvas, 0).x() > apart * 1.2
    press(canvas, Key.Key_Home)
    assert (place(canvas, 0) - before).manhattanLength() <= 2


def test_points_are_told_apart_by_shape_and_coloured_as_asked(tmp_path: Path, app: QApplication) -> None:
    with Project.open(make_waiting_project(tmp_path)) as project:
        state = project.state
        ids = [1, 2, 6, 17]
        facts = Facts(state.images, state.classes, {1: 0.0, 2: 1.0}, project.segmented_images())
        looks = {coloring: look_of(ids, facts, coloring) for coloring in COLORINGS}
    assert {tuple(look.shapes.tolist()) for look in looks.values()} == {(0, 1, 1, 0)}
    assert looks["tag"].colors.tolist() == [0, 1, 1, 0]
    assert looks["class"].words == ["spot", "no class"]
    assert looks["class"].colors.tolist() == [1, 0, 0, 1]
    assert [looks["split"].words[k] for k in looks["split"].colors] == ["train", "train", "train", "test"]
    assert looks["score"].colors.tolist() == [0, STEPS - 1, STEPS, STEPS]
    assert [looks["segmented"].words[k] for k in looks["segmented"].colors][1:3] == ["segmented", "not segmented"]
    assert 2 in MASKED
    for look in looks.values():
        assert len(look.palette) >= len(set(look.colors.tolist()))


def test_stretches_of_rows_are_joined() -> None:
    assert runs_of([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert runs_of([]) == []


def test_every_move_of_the_mouse_paints_the_map(app: QApplication) -> None:
    assert measure_map(300, frames=8) > 2


# At the window.


def made_map(project: Project, kind: str) -> Callable[[CancelToken], Job[DataMap]]:
    """All images in one line, in the order of their numbers."""
    ids = tuple(project.present_images())

    def job(token: CancelToken) -> Job[DataMap]:
        token.check()
        yield Progress(1, 2, "Computing features")
        x = np.linspace(0, 1, len(ids), dtype=np.float32)
        return DataMap(ids, np.stack([x, np.full_like(x, 0.5)], 1), "pca" if kind == "pca" else "tsne")

    return job


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("defectstudio.app.selection.map_job", made_map)
    return make_waiting_project(tmp_path)


async def at_map(folder: Path) -> MainWindow:
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await until(window.tasks.quiet, lambda: not window.tasks.busy)
    press(window.gallery.list, Key.Key_M, CONTROL | SHIFT)
    await until(window.select.map.laid_out, lambda: window.select.map.view.canvas.ids)
    return window


def test_the_map_stands_in_the_middle_and_moves_with_the_list_of_images(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_map(folder)
        desk, canvas = window.select.map, window.select.map.view.canvas
        assert (nameless(window), unreachable(window)) == ([], [])
        window.gallery.select(5)
        assert window.bench is not None
        await until(window.bench.picture_ready, lambda: canvas.current == 4)
        assert "part05" in desk.view.card.words.text()
        press(canvas, Key.Key_Right)
        assert window.gallery.current == 6
        assert desk.shown
        canvas.lassoed.emit([2, 3, 4, 9])
        assert window.gallery.selected == [2, 3, 4, 9]
        assert "4 chosen" in desk.view.count.text()
        for row in range(desk.view.coloring.count()):
            desk.view.coloring.setCurrentIndex(row)
            assert desk.view.grab().width() > 0
        canvas.stand_on_image(7)
        press(canvas, Key.Key_Return)
        assert (desk.shown, window.gallery.current, window.centre.currentWidget() is window.pane) == (False, 7, True)
        press(window.viewer, Key.Key_M, CONTROL | SHIFT)
        assert desk.shown
        press(canvas, Key.Key_Escape)
        assert not desk.shown
        await shut(window)

    drive(work())


def test_a_map_that_cannot_be_laid_out_says_why_and_can_be_tried_again(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(folder / "cache", ignore_errors=True)

    def failing(_project: Project, _kind: str) -> Callable[[CancelToken], Job[DataMap]]:
        def job(_token: CancelToken) -> Job[DataMap]:
            yield Progress(0, 1)
            raise DefectStudioError("No room on the disk.", hint="Make some.")

        return job

    async def work() -> None:
        window = await at_map(folder)
        desk = window.select.map
        with monkeypatch.context() as patch:
            patch.setattr("defectstudio.app.selection.map_job", failing)
            desk.view.kind.setCurrentIndex(1)
            await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert desk.view.message.text() == "No room on the disk. Make some."
        desk.view.again.click()
        await heard(desk.laid_out)
        assert not desk.view.message.isVisible()
        assert not desk.view.job.isVisible()
        window.close_project()
        assert desk.view.canvas.ids == []
        await shut(window)

    drive(work())
