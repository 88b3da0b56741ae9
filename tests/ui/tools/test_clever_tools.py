"""Wand, scissors, superpixels, box to defect, the model's region: the answers come from the background."""

from __future__ import annotations

import numpy as np
import pytest

from defectstudio.domain.events import Painted
from defectstudio.domain.labels import UNKNOWN, Origin
from defectstudio.ui.tools.proposal import heat_region
from tests.ui.tools.conftest import ALT, BLOB, Hand


def overlap(hand: Hand) -> float:
    """How well what is painted agrees with the bright rectangle: intersection over union."""
    truth = np.zeros(hand.easel.shape, bool)
    truth[BLOB] = True
    drawn = hand.map == hand.easel.value
    return float((truth & drawn).sum() / (truth | drawn).sum())


def test_the_wand_takes_the_bright_area_and_paints_it_when_the_button_is_let_go(hand: Hand) -> None:
    hand.take("wand", tolerance=0.15)
    hand.press(75, 40)
    hand.settled()
    assert hand.steps == []
    assert hand.toolbox.tool.pending
    hand.release(75, 40)
    assert overlap(hand) == 1
    assert hand.steps == ["paint scratch"]


def test_a_click_with_the_wand_is_not_lost_when_the_answer_comes_after_it(hand: Hand) -> None:
    hand.take("wand", tolerance=0.15)
    hand.click(75, 40)
    hand.settled()
    assert overlap(hand) == 1


def test_dragging_the_wand_changes_the_tolerance_and_what_is_proposed(hand: Hand) -> None:
    hand.take("wand", tolerance=0.1)
    hand.press(75, 40)
    hand.move(115, 40)
    wider = hand.easel.options.tolerance
    assert wider > 0.2
    hand.wheel(115, 40, 5)
    assert hand.easel.options.tolerance > wider
    hand.settled()
    hand.move(1000, 40)
    hand.settled()
    hand.release(1000, 40)
    hand.settled()
    assert overlap(hand) < 0.5


def test_escape_drops_what_the_wand_proposes_and_a_late_answer(hand: Hand) -> None:
    hand.take("wand", tolerance=0.15)
    hand.press(75, 40)
    hand.desk.cancel()
    hand.release(75, 40)
    hand.qtbot.wait(150)
    assert hand.steps == []
    assert not hand.easel.busy


def test_scissors_follow_the_edges_between_the_clicks(hand: Hand) -> None:
    hand.take("scissors")
    for corner in ((60, 30), (90, 30), (90, 50), (60, 50)):
        hand.click(*corner)
        hand.settled()
    hand.desk.finish_shape()
    hand.settled()
    assert overlap(hand) > 0.85
    assert hand.steps == ["paint scratch"]
    assert not hand.toolbox.tool.pending


def test_scissors_leave_nothing_behind_when_the_image_is_left(hand: Hand) -> None:
    hand.take("scissors")
    for corner in ((60, 30), (90, 30), (90, 50)):
        hand.click(*corner)
        hand.settled()
    hand.choose(2)
    first = hand.bench.project.state.label_map(1)
    assert first is not None
    assert first[32, 86] == 1
    assert not hand.toolbox.tool.pending


def test_superpixels_are_painted_whole_and_erased_with_alt(hand: Hand) -> None:
    hand.take("superpixels", tile=10)
    hand.move(75, 40)
    hand.settled()
    hand.click(75, 40)
    drawn = hand.map == 1
    assert 30 < drawn.sum() < 400
    assert drawn[40, 75]
    rows, columns = np.nonzero(drawn)
    hand.drag((65, 40), (75, 40), (85, 40))
    assert (hand.map == 1).sum() > drawn.sum()
    hand.click(float(columns[0]) + 0.5, float(rows[0]) + 0.5, ALT)
    assert hand.map[rows[0], columns[0]] == UNKNOWN
    assert hand.steps == ["paint scratch", "paint scratch", "erase"]


def test_a_click_before_the_superpixels_are_there_is_not_lost(hand: Hand) -> None:
    hand.take("superpixels", tile=12)
    hand.click(75, 40)
    hand.settled()
    assert hand.map[40, 75] == 1


def test_a_coarse_box_shrinks_to_the_defect_inside(hand: Hand) -> None:
    hand.take("tighten")
    hand.drag((50, 22), (99, 58))
    hand.settled()
    assert overlap(hand) > 0.8
    assert hand.steps == ["paint scratch"]


def heat_of_blob() -> np.ndarray:
    """A heat map at an eighth of the size, hot over the bright rectangle."""
    heat = np.zeros((12, 15), np.float16)
    heat[4:6, 8:11] = 0.9
    heat[0, 0] = 0.9
    return heat


def test_a_click_accepts_the_region_of_the_model_with_its_origin(hand: Hand) -> None:
    hand.viewer.show_heat(heat_of_blob())
    hand.take("model")
    hand.click(75, 38)
    hand.settled()
    assert hand.map[38, 75] == 1
    assert hand.map[3, 3] == UNKNOWN
    painted = [
        event
        for gesture in hand.bench.project.journal.gestures()
        for event in hand.bench.project.journal.events_of_gesture(gesture.id)
        if isinstance(event, Painted)
    ]
    assert painted[-1].origin is Origin.ACCEPTED


def test_the_region_under_the_cursor_is_shown_before_it_is_accepted(hand: Hand) -> None:
    hand.viewer.show_heat(heat_of_blob())
    hand.take("model")
    hand.move(75, 38)
    hand.settled()
    spot = hand.at(75, 38).toPoint()
    proposed = hand.viewer.grab().toImage().pixelColor(spot)
    hand.move(20, 80)
    hand.settled()
    assert hand.viewer.grab().toImage().pixelColor(spot) != proposed
    assert hand.steps == []


def test_without_a_heat_map_the_tool_says_so(hand: Hand) -> None:
    hand.take("model")
    hand.click(75, 38)
    assert "no heat map" in str(hand.failures.pop())


def test_a_cold_spot_is_no_region(hand: Hand) -> None:
    hand.viewer.show_heat(heat_of_blob())
    hand.take("model")
    hand.click(20, 80)
    hand.settled()
    assert "no defect here" in str(hand.failures.pop())
    assert hand.steps == []


@pytest.mark.parametrize("shape", [(90, 120), (91, 117), (1000, 1300)])
def test_the_region_is_where_the_enlarged_heat_map_is_hot(shape: tuple[int, int]) -> None:
    from scipy import ndimage

    from defectstudio.data.predictions import enlarged

    rng = np.random.default_rng(5)
    heat = ndimage.gaussian_filter(rng.random((12, 15)), 1.5)
    heat = ((heat - heat.min()) / np.ptp(heat)).astype(np.float16)
    whole = enlarged(heat, shape) >= 0.6
    row, column = (int(v) for v in np.argwhere(whole)[len(np.argwhere(whole)) // 2])
    patch = heat_region(heat, (row, column), 0.6, shape)
    assert patch is not None
    inside = whole[patch.box.slices][patch.mask]
    assert inside.mean() > 0.99
    named, _ = ndimage.label(whole, np.ones((3, 3)))
    component = named == named[row, column]
    covered = np.zeros(shape, bool)
    covered[patch.box.slices] = patch.mask
    assert (covered & component).sum() / component.sum() > 0.98
