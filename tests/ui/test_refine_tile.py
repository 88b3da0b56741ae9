"""A patch of a panel: ticked by mouse and keys, its centre moved, its words; the clock; heat from patches."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.data.similarity import PatchIndex
from defectstudio.domain.events import ImageInfo
from defectstudio.domain.labels import HEALTHY, DefectClass
from defectstudio.domain.refinement import Candidate, Panel, Patch
from defectstudio.domain.state import ImageState
from defectstudio.ui.refine_clock import Clock
from defectstudio.ui.refine_crops import crop_box
from defectstudio.ui.refine_grid import PanelGrid
from defectstudio.ui.refine_jobs import index_heat
from defectstudio.ui.refine_place import patch_box
from defectstudio.ui.refine_tile import PatchTile

Key, Button = Qt.Key, Qt.MouseButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CLASSES = {1: DefectClass(1, "scratch", "#E69F00")}
SIDE, SHAPE = 32, (128, 160)


def candidate(row: int, column: int, label: int = HEALTHY) -> Candidate:
    return Candidate(Patch(3, row, column), label, 0.25, 0.5)


@pytest.fixture
def tile(qtbot: QtBot, app: QApplication) -> PatchTile:
    """Patch 4, 48 image pixels over 96 screen pixels, its centre at row 60, column 70."""
    made = PatchTile("4")
    qtbot.addWidget(made)
    made.resize(102, 140)
    made.show()
    made.show_candidate(candidate(60, 70, 1), SIDE, SHAPE, "part03", CLASSES)
    return made


def middle(tile: PatchTile, right: int = 0, down: int = 0) -> QPoint:
    return tile.picture_place().center().toPoint() + QPoint(right, down)


def test_a_click_or_space_ticks_and_takes_the_tick_back(tile: PatchTile) -> None:
    QTest.mouseClick(tile, Button.LeftButton)
    assert tile.isChecked()
    QTest.keyClick(tile, Key.Key_Space)
    assert not tile.isChecked()


def test_a_middle_click_moves_the_centre_to_the_pixel_under_it_and_ticks(qtbot: QtBot, tile: PatchTile) -> None:
    with qtbot.waitSignal(tile.shifted):
        QTest.mouseClick(tile, Button.MiddleButton, pos=middle(tile, right=20, down=-10))
    assert (tile.centre, tile.isChecked(), tile.moved) == ((55, 80), True, True)
    assert tile.patch == Patch(3, 55, 80)


def test_dragging_with_the_middle_button_fine_tunes_and_is_one_move(qtbot: QtBot, tile: PatchTile) -> None:
    moves: list[tuple[int, int]] = []
    tile.shifted.connect(lambda: moves.append(tile.centre))
    QTest.mousePress(tile, Button.MiddleButton, pos=middle(tile))
    for step in (4, 8, 12):
        QTest.mouseMove(tile, middle(tile, right=step))
        assert tile.centre == (60, 70), "nothing is decided before the button comes up"
    QTest.mouseRelease(tile, Button.MiddleButton, pos=middle(tile, right=12))
    assert moves == [(60, 76)]


def test_shift_and_an_arrow_move_the_centre_by_one_pixel_and_never_out_of_the_image(tile: PatchTile) -> None:
    tile.show_candidate(candidate(0, 70), SIDE, SHAPE, "part03", CLASSES)
    QTest.keyClick(tile, Key.Key_Up, SHIFT)
    assert (tile.centre, tile.isChecked()) == ((0, 70), False)
    QTest.keyClick(tile, Key.Key_Left, SHIFT)
    QTest.keyClick(tile, Key.Key_Down, SHIFT)
    assert tile.centre == (1, 69)
    tile.put_back()
    assert (tile.centre, tile.moved) == ((0, 70), False)


def test_an_anchor_can_be_neither_ticked_nor_moved(qtbot: QtBot, app: QApplication) -> None:
    anchor = PatchTile("")
    qtbot.addWidget(anchor)
    anchor.resize(120, 140)
    anchor.show_candidate(candidate(60, 70), SIDE, SHAPE, "part03", CLASSES)
    QTest.mouseClick(anchor, Button.LeftButton)
    QTest.mouseClick(anchor, Button.MiddleButton, pos=middle(anchor, right=20))
    QTest.keyClick(anchor, Key.Key_Left, SHIFT)
    assert (anchor.isChecked(), anchor.centre) == (False, (60, 70))


def test_a_screen_reader_hears_key_image_label_confidence_tick_and_move(tile: PatchTile) -> None:
    assert tile.accessibleName() == "Patch 4: part03, x 70 y 60, scratch, P(defect) 0.25"
    QTest.mouseClick(tile, Button.MiddleButton, pos=middle(tile, right=20))
    assert tile.accessibleName().endswith(", ticked, centre moved")


@pytest.fixture
def grid(qtbot: QtBot, app: QApplication) -> PanelGrid:
    """A panel with three candidates of the anchor's label and two of another."""
    made = PanelGrid()
    qtbot.addWidget(made)
    made.resize(700, 340)
    made.show()
    return made


ENTRY = ImageState(ImageInfo("part03", "", "", *SHAPE, channels=1, bits=8, shard=""))


def show(grid: PanelGrid) -> Panel:
    panel = Panel(
        "0-1",
        0,
        candidate(60, 70, 1),
        tuple(candidate(10 * k, 20, 1) for k in range(1, 4)),
        tuple(candidate(10 * k, 90) for k in range(1, 3)),
    )
    grid.show_panel(panel, SIDE, {3: ENTRY}, CLASSES)
    return panel


def test_keys_keep_their_places_when_a_row_is_short(grid: PanelGrid) -> None:
    panel = show(grid)
    grid.toggle(4)
    assert grid.ticked == 0, "there is no fifth patch"
    grid.toggle(0)
    grid.toggle(6)
    answer = grid.answer(3.5)
    assert answer.ticked == (True, False, False, False, True)
    assert (len(answer.ticked), answer.none, answer.seconds) == (len(panel.candidates), False, 3.5)


def test_an_answer_holds_moved_centres_of_ticked_patches_alone(grid: PanelGrid) -> None:
    show(grid)
    for number in (1, 2):
        QTest.mouseClick(grid.tiles[number], Button.MiddleButton, pos=middle(grid.tiles[number], right=15))
    grid.toggle(2)
    answer = grid.answer(1.0)
    assert answer.ticked == (False, True, False, False, False)
    assert [shift is not None for shift in answer.shifts] == [False, True, False, False, False]
    none = grid.answer(1.0, none=True)
    assert (any(none.ticked), any(none.shifts), none.none) == (False, False, True)


def test_an_answer_that_was_given_is_shown_as_it_was(grid: PanelGrid) -> None:
    panel = show(grid)
    QTest.mouseClick(grid.tiles[1], Button.MiddleButton, pos=middle(grid.tiles[1], right=15))
    grid.next_label()
    answer = grid.answer(1.0)
    show(grid)
    assert grid.answer(1.0).ticked == (False,) * 5
    grid.show_answer(answer)
    assert grid.answer(1.0) == answer
    assert answer.anchor_label != panel.anchor.label


def test_arrows_walk_over_the_tiles_and_to_the_anchor(grid: PanelGrid, qtbot: QtBot) -> None:
    show(grid)
    grid.window().activateWindow()
    qtbot.waitUntil(grid.window().isActiveWindow)
    grid.stand()
    for key, place in ((Key.Key_Right, 1), (Key.Key_Down, 6), (Key.Key_Right, 6), (Key.Key_Left, 5)):
        QTest.keyClick(grid.focusWidget(), key)
        assert grid.tiles[place].hasFocus(), (key, place)
    QTest.keyClick(grid.focusWidget(), Key.Key_Left)
    assert grid.anchor.hasFocus()


def test_the_clock_counts_only_while_somebody_looks() -> None:
    now = [100.0]
    clock = Clock(lambda: now[0])
    clock.begin()
    now[0] = 103.0
    clock.rest()
    now[0] = 200.0
    clock.go_on()
    now[0] = 201.5
    assert clock.seconds == 4.5
    clock.begin()
    assert clock.seconds == 0.0


def test_boxes_of_patches_end_at_the_edge_of_the_image() -> None:
    assert patch_box(Patch(1, 2, 158), 8, SHAPE).slices == (slice(0, 6), slice(154, 160))
    assert crop_box(Patch(1, 60, 70), 32, SHAPE).slices == (slice(12, 109), slice(22, 119))


def test_heat_of_an_image_comes_from_its_patches_only_where_none_is_missing() -> None:
    rows, columns = np.meshgrid([4, 12], [4, 12, 20], indexing="ij")
    p_defect = np.arange(6, dtype=np.float32) / 10
    embedding = np.zeros((6, 2), np.float32)
    whole = PatchIndex(np.full(6, 2), rows.ravel(), columns.ravel(), embedding, p_defect)
    heat = index_heat(whole, 2, (15, 24), 8)
    assert heat is not None
    assert np.array_equal(heat, p_defect.reshape(2, 3))
    assert index_heat(whole, 2, (17, 24), 8) is None
    assert index_heat(whole, 1, (15, 24), 8) is None
