"""Brush and eraser by real mouse events: what is painted, when it is on disk, and what the keys change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from defectstudio.domain.labels import HEALTHY, UNKNOWN, Status, Verdict
from tests.ui.tools.conftest import ALT, Hand


def stored(hand: Hand) -> np.ndarray:
    """The map as another program would read it now."""
    from defectstudio.data.project import Project

    with Project.open(hand.bench.project.folder, readonly=True) as other:
        drawn = other.state.label_map(hand.bench.current or 0)
        return np.full(hand.easel.shape, UNKNOWN, np.uint8) if drawn is None else drawn.copy()


def test_a_stroke_shows_while_it_is_drawn_and_is_on_disk_when_the_button_is_let_go(hand: Hand) -> None:
    hand.take("brush", size=9)
    hand.press(20, 20)
    hand.move(60, 20)
    assert hand.map[20, 40] == 1
    assert stored(hand)[20, 40] == UNKNOWN
    hand.release(60, 20)
    assert (stored(hand) == hand.map).all()
    assert hand.steps == ["paint scratch"]
    assert hand.bench.entry is not None
    assert (hand.bench.entry.tag.verdict, hand.bench.entry.status) == (Verdict.DEFECTIVE, Status.IN_WORK)


def test_a_quick_hand_leaves_no_gaps_between_mouse_events(hand: Hand) -> None:
    hand.take("brush", size=5)
    hand.drag((10, 45), (110, 45))
    assert (hand.map[45, 10:111] == 1).all()
    assert (hand.map[40] == UNKNOWN).all()


def test_the_screen_shows_the_stroke_before_it_is_finished(hand: Hand) -> None:
    hand.take("brush", size=15)
    spot = hand.at(30, 70).toPoint()
    before = hand.viewer.grab().toImage().pixelColor(spot)
    hand.press(30, 70)
    hand.move(31, 70)
    hand.toolbox.hover(None)
    after = hand.viewer.grab().toImage().pixelColor(spot)
    assert after.red() - after.blue() > before.red() - before.blue() + 40
    hand.release(31, 70)


def test_alt_erases_with_the_brush_and_so_does_the_eraser(hand: Hand) -> None:
    hand.take("brush", size=21)
    hand.drag((20, 20), (100, 20))
    hand.drag((20, 20), (30, 20), held=ALT)
    assert hand.map[20, 25] == UNKNOWN
    hand.take("eraser")
    hand.drag((90, 20), (100, 20))
    assert hand.map[20, 95] == UNKNOWN
    assert hand.map[20, 60] == 1
    assert hand.steps == ["paint scratch", "erase", "erase"]


def test_the_eraser_leaves_healthy_behind_on_a_complete_image(hand: Hand) -> None:
    hand.take("brush", size=21)
    hand.drag((20, 20), (100, 20))
    hand.desk.complete()
    hand.take("eraser")
    hand.drag((90, 20), (100, 20))
    assert hand.map[20, 95] == HEALTHY


def test_escape_takes_a_stroke_back_before_anything_is_written(hand: Hand) -> None:
    hand.take("brush", size=9)
    hand.press(20, 20)
    hand.move(60, 20)
    hand.desk.cancel()
    hand.release(60, 20)
    assert hand.steps == []
    assert (hand.map == UNKNOWN).all()


def test_losing_the_focus_while_drawing_keeps_the_stroke(hand: Hand) -> None:
    hand.take("brush", size=9)
    hand.press(20, 20)
    hand.move(60, 20)
    QApplication.sendEvent(hand.viewer, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert hand.steps == ["paint scratch"]
    hand.move(60, 80)
    hand.release(60, 80)
    assert hand.steps == ["paint scratch"]
    assert (stored(hand) == hand.map).all()


def test_going_to_another_image_while_drawing_keeps_the_stroke_on_its_own_image(hand: Hand) -> None:
    hand.take("brush", size=9)
    hand.press(20, 20)
    hand.move(60, 20)
    hand.choose(2)
    hand.release(60, 20)
    assert hand.bench.project.state.label_map(2) is None
    first = hand.bench.project.state.label_map(1)
    assert first is not None
    assert first[20, 40] == 1


def test_a_defect_on_a_good_image_turns_it_defective_with_the_rest_healthy(hand: Hand) -> None:
    hand.choose(3)
    hand.take("brush", size=9)
    hand.drag((20, 20), (40, 20))
    assert hand.bench.images[3].tag.verdict is Verdict.DEFECTIVE
    assert set(np.unique(hand.map)) == {HEALTHY, 1}
    hand.bench.session.undo()
    assert hand.bench.images[3].tag.verdict is Verdict.GOOD
    assert not hand.viewer.has_labels


def test_protected_classes_are_not_painted_over(hand: Hand) -> None:
    hand.take("brush", size=21)
    hand.drag((20, 20), (60, 20))
    hand.desk.choose_number(2)
    hand.take("brush", protect=True)
    hand.drag((40, 20), (90, 20))
    assert hand.map[20, 50] == 1
    assert hand.map[20, 85] == 2


def test_unknown_can_be_painted_like_a_class(hand: Hand) -> None:
    hand.choose(4)
    hand.desk.complete()
    hand.easel.set_value(UNKNOWN)
    hand.take("brush", size=9)
    hand.drag((20, 20), (40, 20))
    assert hand.map[20, 30] == UNKNOWN
    assert hand.map[80, 80] == HEALTHY
    assert hand.steps[-1] == "paint unknown"


def test_alt_and_the_wheel_change_the_size_and_do_not_zoom(hand: Hand) -> None:
    hand.take("brush", size=10)
    scale = hand.viewer.view.scale
    hand.wheel(30, 30, 3, ALT)
    assert hand.easel.options.size > 12
    hand.wheel(30, 30, -20, ALT)
    assert hand.easel.options.size == 1
    assert hand.viewer.view.scale == scale
    hand.wheel(30, 30, 1)
    assert hand.viewer.view.scale > scale


def test_the_ring_has_the_true_size_and_two_tones(hand: Hand) -> None:
    hand.take("brush", size=40)
    hand.move(60, 45)
    shown, scale = hand.viewer.grab().toImage(), hand.viewer.view.scale
    middle = hand.at(60, 45)
    around = [shown.pixelColor(round(middle.x() + 20 * scale + d), round(middle.y())) for d in range(-4, 5)]
    lightness = [QColor(color).lightness() for color in around]
    assert max(lightness) > 120
    assert min(lightness) < 100


def test_while_the_button_is_down_no_mouse_event_is_merged(hand: Hand) -> None:
    compress = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents
    before = QCoreApplication.testAttribute(compress)
    hand.take("brush")
    hand.press(20, 20)
    assert not QCoreApplication.testAttribute(compress)
    hand.release(20, 20)
    assert QCoreApplication.testAttribute(compress) is before


def test_the_middle_button_still_pans_with_the_brush_in_hand(hand: Hand) -> None:
    hand.take("brush")
    hand.viewer.zoom_by(4)
    left = hand.viewer.view.left
    QTest.mousePress(hand.viewer, Qt.MouseButton.MiddleButton, pos=QPoint(300, 225))
    QTest.mouseMove(hand.viewer, QPoint(330, 225))
    QTest.mouseRelease(hand.viewer, Qt.MouseButton.MiddleButton)
    assert hand.viewer.view.left - left == pytest.approx(30)
    assert hand.steps == []


def test_a_project_without_classes_gets_one_with_the_first_stroke(hand: Hand) -> None:
    hand.desk.annotator.delete_class(1)
    hand.desk.annotator.delete_class(2)
    hand.take("brush", size=9)
    hand.drag((20, 20), (40, 20))
    assert [one.name for one in hand.easel.classes.values()] == ["defect"]
    assert hand.map[20, 30] == hand.easel.value
