"""What the viewer shows beyond the image: outlines, hatching, peeking, overview map, second viewer, histogram."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.domain.labels import Box
from defectstudio.ui.histogram import counted
from defectstudio.ui.linked import LinkedViewers
from defectstudio.ui.viewer import Viewer
from defectstudio.ui.viewer_bar import ViewerBar
from tests.ui.test_viewer import grey_at, picture_of, wheel


def test_outlines_leave_the_inside_of_a_region_clear_and_are_thin_at_any_zoom(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    labels = np.zeros((30, 40), np.uint8)
    labels[5:25, 10:30] = 1
    viewer.show_labels(labels, {})
    assert grey_at(viewer, 200, 150) > 50
    viewer.set_display(outline=True)
    for zoom in (1, 2):
        viewer.zoom_by(zoom)
        shown = viewer.grab().toImage()
        colors = {x: shown.pixelColor(x, 150) for x in range(2, 398)}
        lit = [x for x, color in colors.items() if color.red() > color.blue() + 50]
        edges = [viewer.view.to_screen(10, 0)[0], viewer.view.to_screen(30, 0)[0]]
        assert 1 <= sum(abs(x - edges[0]) < 6 for x in lit) <= 4
        assert all(min(abs(x - edge) for edge in edges) < 6 for x in lit)


def test_an_outline_painted_part_by_part_is_the_same_as_one_painted_at_once(viewer: Viewer, app: QApplication) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    labels = np.full((300, 400), 255, np.uint8)
    viewer.show_labels(labels, {})
    viewer.set_display(outline=True)
    viewer.grab()
    for column in range(50, 350, 20):
        labels[100:160, column : column + 20] = 1
        viewer.labels_touched(Box(100, column, 160, column + 20))
        app.processEvents()
    parts = viewer.grab().toImage()
    viewer.update()
    assert parts == viewer.grab().toImage()


def test_what_is_unknown_is_hatched_unless_switched_off(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    labels = np.zeros((30, 40), np.uint8)
    labels[:, :20] = 255
    viewer.show_labels(labels, {})
    shown = viewer.grab().toImage()
    left, right = ([shown.pixelColor(x, 150).red() for x in part] for part in (range(50, 150), range(250, 350)))
    assert len(set(left)) > 1
    assert set(right) == {0}
    viewer.set_display(unknown=False)
    shown = viewer.grab().toImage()
    assert len({shown.pixelColor(x, 150).red() for x in range(50, 150)}) == 1


def test_a_key_held_down_hides_all_overlays_until_it_is_let_go(viewer: Viewer, qtbot: QtBot) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    viewer.show_labels(np.ones((30, 40), np.uint8), {})
    viewer.show_heat(np.ones((3, 4), np.float16))
    viewer.setFocus()
    QTest.keyPress(viewer, Qt.Key.Key_T)
    viewer.set_display(labels=False)  # what the command of the key does
    viewer.hold_to_peek()
    assert grey_at(viewer, 200, 150) > 0
    qtbot.waitUntil(lambda: viewer.display.peek, timeout=5000)
    assert grey_at(viewer, 200, 150) == 0
    QTest.keyRelease(viewer, Qt.Key.Key_T)
    assert (viewer.display.labels, viewer.display.peek) == (True, False)


def test_a_short_press_hides_the_labels_for_good(viewer: Viewer, qtbot: QtBot) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    viewer.setFocus()
    QTest.keyPress(viewer, Qt.Key.Key_T)
    viewer.set_display(labels=False)
    viewer.hold_to_peek()
    QTest.keyRelease(viewer, Qt.Key.Key_T)
    qtbot.wait(400)
    assert (viewer.display.labels, viewer.display.peek) == (False, False)


def test_the_overview_map_appears_when_zoomed_in_and_moves_the_view(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    small = viewer.minimap
    assert not small.isVisible()
    viewer.zoom_by(8)
    assert small.isVisible()
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=QPoint(small.width() // 4, small.height() // 4))
    x, y = viewer.view.to_image(viewer.width() / 2, viewer.height() / 2)
    assert (x, y) == pytest.approx((100, 75), abs=5)
    assert small.frame().center().x() == pytest.approx(small.width() / 4, abs=2)
    viewer.fit()
    assert not small.isVisible()


def test_the_wheel_alone_scrolls_where_the_user_wants_control_to_zoom(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    viewer.zoom_by(4)
    viewer.zoom_with_control = True
    before = viewer.view
    wheel(viewer, QPointF(200, 150), 1)
    assert viewer.view.scale == before.scale
    assert viewer.view.top > before.top


def test_a_double_click_fits_while_no_tool_wants_it(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    fitted = viewer.view
    viewer.zoom_by(4)
    QTest.mouseDClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert viewer.view == fitted


@pytest.fixture
def pair(qtbot: QtBot, app: QApplication) -> LinkedViewers:
    made = LinkedViewers()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    made.first.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    return made


def middle(viewer: Viewer) -> tuple[float, float]:
    return viewer.view.to_image(viewer.width() / 2, viewer.height() / 2)


def test_linked_viewers_zoom_and_pan_together_in_both_directions(pair: LinkedViewers, app: QApplication) -> None:
    pair.show_both(True)
    app.processEvents()
    pair.first.zoom_by(4, QPointF(50, 50))
    assert pair.second.view.scale == pair.first.view.scale
    assert middle(pair.second) == pytest.approx(middle(pair.first), abs=1e-6)
    pair.second.move_to(pair.second.view.panned(-40, -20))
    assert middle(pair.first) == pytest.approx(middle(pair.second), abs=1e-6)


def test_the_second_viewer_shows_the_bare_image_and_where_the_cursor_is(pair: LinkedViewers, app: QApplication) -> None:
    pair.show_both(True)
    app.processEvents()
    pair.first.show_labels(np.ones((300, 400), np.uint8), {})
    first, second = pair.first.grab().toImage(), pair.second.grab().toImage()
    at = pair.first.rect().center()
    assert first.pixelColor(at).red() > 50
    assert second.pixelColor(pair.second.rect().center()).red() == 0
    QTest.mouseMove(pair.first, at)
    marked = pair.second.grab().toImage()
    assert marked != second
    pair.show_both(False)
    assert not pair.second.isVisible()
    assert pair.second.picture is None


def test_the_histogram_follows_the_picture_and_the_levels(qtbot: QtBot, viewer: Viewer) -> None:
    bar = ViewerBar(viewer)
    qtbot.addWidget(bar)
    pixels = np.full((30, 40), 10, np.uint8)
    pixels[:, 20:] = 200
    viewer.show_picture(picture_of(pixels))
    bar.form.refresh()
    heights = counted(pixels)
    assert np.flatnonzero(heights).tolist() == [5, 100]
    before = bar.form.histogram.grab().toImage()
    bar.form.low.setValue(400)
    assert bar.form.histogram.grab().toImage() != before
