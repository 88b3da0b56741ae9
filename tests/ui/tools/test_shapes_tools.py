"""Polygon, box, ellipse, fill: shapes by clicks and drags, and what Enter, Esc and Backspace do to them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from defectstudio.domain.labels import HEALTHY, UNKNOWN
from tests.ui.tools.conftest import SHIFT, Hand


def painted(hand: Hand) -> np.ndarray:
    return np.argwhere(hand.map == hand.easel.value)


def test_clicks_and_enter_make_a_polygon(hand: Hand) -> None:
    hand.take("polygon")
    for corner in ((20, 20), (60, 20), (60, 60)):
        hand.click(*corner)
    assert hand.steps == []
    hand.desk.finish_shape()
    assert hand.map[25, 50] == 1
    assert hand.map[55, 25] == UNKNOWN
    assert hand.steps == ["paint scratch"]
    assert not hand.toolbox.tool.pending


@pytest.mark.parametrize("way", ["double click", "first corner"])
def test_a_double_click_or_the_first_corner_closes_a_polygon(hand: Hand, way: str) -> None:
    hand.take("polygon")
    for corner in ((20, 20), (60, 20)):
        hand.click(*corner)
    if way == "double click":
        hand.double_click(60, 60)
    else:
        hand.click(60, 60)
        hand.click(20.5, 20.5)
    assert hand.steps == ["paint scratch"]
    assert hand.map[25, 50] == 1


def test_backspace_takes_a_corner_back_and_escape_all(hand: Hand) -> None:
    hand.take("polygon")
    for corner in ((20, 20), (60, 20), (60, 60), (100, 80)):
        hand.click(*corner)
    hand.key(Qt.Key.Key_Backspace)
    assert len(hand.toolbox.tool.points) == 3  # type: ignore[attr-defined]
    hand.desk.cancel()
    hand.desk.finish_shape()
    assert hand.steps == []


def test_a_polygon_that_is_begun_is_kept_when_the_next_image_comes(hand: Hand) -> None:
    hand.take("polygon")
    for corner in ((20, 20), (60, 20), (60, 60)):
        hand.click(*corner)
    hand.choose(2)
    first = hand.bench.project.state.label_map(1)
    assert first is not None
    assert first[25, 50] == 1
    assert not hand.toolbox.tool.pending


def test_another_tool_commits_the_shape_that_is_begun(hand: Hand) -> None:
    hand.take("polygon")
    for corner in ((20, 20), (60, 20), (60, 60)):
        hand.click(*corner)
    hand.desk.choose_tool("brush")
    assert hand.steps == ["paint scratch"]


def test_a_drag_makes_a_box_of_exactly_those_pixels(hand: Hand) -> None:
    hand.take("box")
    hand.drag((20.2, 30.3), (40, 40), (59.8, 69.5))
    rows, columns = painted(hand).T
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (30, 69, 20, 59)
    assert len(rows) == 40 * 40


def test_shift_makes_the_box_a_square(hand: Hand) -> None:
    hand.take("box")
    hand.drag((20, 20), (60, 30), held=SHIFT)
    rows, columns = painted(hand).T
    assert np.ptp(rows) == np.ptp(columns)


def test_a_click_without_a_drag_is_no_box_and_escape_drops_one(hand: Hand) -> None:
    hand.take("box")
    hand.click(30, 30)
    hand.press(20, 20)
    hand.move(50, 50)
    hand.desk.cancel()
    hand.release(50, 50)
    assert hand.steps == []


def test_a_drag_from_outside_the_image_is_cut_at_its_edge(hand: Hand) -> None:
    hand.take("box")
    hand.drag((-8, -8), (10, 10))
    assert (hand.map[:10, :10] == 1).all()


def test_an_ellipse_fills_its_box_but_for_the_corners(hand: Hand) -> None:
    hand.take("ellipse")
    hand.drag((20, 20), (60, 60))
    assert hand.map[40, 40] == 1
    assert hand.map[21, 21] == UNKNOWN
    assert abs(len(painted(hand)) - np.pi * 400) < 40


def test_fill_paints_what_is_enclosed(hand: Hand) -> None:
    hand.choose(4)
    hand.desk.complete()
    hand.take("brush", size=3)
    hand.drag((20, 20), (60, 20), (60, 60), (20, 60), (20, 20))
    hand.desk.choose_number(2)
    hand.take("fill")
    hand.click(40, 40)
    hand.settled()
    assert hand.map[40, 40] == 2
    assert hand.map[5, 5] == HEALTHY
    assert hand.map[20, 40] == 1
    assert hand.steps[-1] == "paint dent"


def test_the_preview_of_a_shape_is_seen_before_it_is_committed(hand: Hand) -> None:
    hand.take("box")
    spot = hand.at(40, 40).toPoint()
    before = hand.viewer.grab().toImage().pixelColor(spot)
    hand.press(20, 20)
    hand.move(70, 70)
    assert hand.viewer.grab().toImage().pixelColor(spot) != before
    hand.desk.cancel()
    hand.release(70, 70)
    assert hand.viewer.grab().toImage().pixelColor(spot) == before
