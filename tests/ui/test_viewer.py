"""The canvas, by real mouse and keys: zoom, pan, overlays, readings, sharper parts; and the loader behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.data.images import ShardWriter
from defectstudio.domain.events import ImageInfo
from defectstudio.domain.labels import Box
from defectstudio.domain.state import ImageState
from defectstudio.sessions.session import Session
from defectstudio.ui.display import IDENTITY, Mapping, automatic
from defectstudio.ui.loader import Loader
from defectstudio.ui.picture import Detail, DetailWish, Picture, coarsest_level, load_picture, wish_for
from defectstudio.ui.viewer import Viewer
from defectstudio.ui.viewer_bar import ViewerBar


def picture_of(pixels: np.ndarray, image: int = 1) -> Picture:
    bits = 8 * pixels.dtype.itemsize
    return Picture(image, pixels.shape[:2], bits, 0, (pixels,), automatic(pixels))


def grey_at(viewer: Viewer, x: int, y: int) -> int:
    return viewer.grab().toImage().pixelColor(x, y).red()


def wheel(viewer: Viewer, at: QPointF, notches: int) -> None:
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        at,
        viewer.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewer, event)


def test_the_wheel_zooms_about_the_cursor(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    at = QPointF(150, 100)
    before, scale = viewer.view.to_image(150, 100), viewer.view.scale
    wheel(viewer, at, 3)
    assert viewer.view.scale == pytest.approx(scale * 1.25**3)
    assert viewer.view.to_image(150, 100) == pytest.approx(before)


def test_the_middle_button_pans(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    viewer.zoom_by(4)
    left, top = viewer.view.left, viewer.view.top
    QTest.mousePress(viewer, Qt.MouseButton.MiddleButton, pos=QPoint(100, 100))
    QTest.mouseMove(viewer, QPoint(130, 90))
    QTest.mouseRelease(viewer, Qt.MouseButton.MiddleButton, pos=QPoint(130, 90))
    assert (viewer.view.left - left, viewer.view.top - top) == pytest.approx((30, -10))
    QTest.mouseMove(viewer, QPoint(200, 200))
    assert viewer.view.left - left == pytest.approx(30)


def test_space_and_the_left_button_pan_until_space_is_let_go(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    viewer.zoom_by(4)
    left = viewer.view.left
    viewer.setFocus()
    QTest.keyPress(viewer, Qt.Key.Key_Space)
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(viewer, QPoint(120, 100))
    QTest.keyRelease(viewer, Qt.Key.Key_Space)
    QTest.mouseMove(viewer, QPoint(180, 100))
    assert viewer.view.left - left == pytest.approx(20)


def test_actual_size_shows_one_image_pixel_on_one_screen_pixel(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((3000, 4000), np.uint8)))
    viewer.actual_size()
    assert viewer.view.scale * viewer.devicePixelRatioF() == pytest.approx(1)


def test_a_fitted_image_stays_fitted_when_the_window_grows(viewer: Viewer, app: QApplication) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    viewer.resize(800, 600)
    app.processEvents()
    assert viewer.view.scale == pytest.approx(2 * 0.98)


def test_the_zoom_stays_on_the_next_image_of_equal_size_and_fits_one_of_another(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((300, 400), np.uint8)))
    viewer.zoom_by(5)
    view = viewer.view
    viewer.show_picture(picture_of(np.ones((300, 400), np.uint8), image=2))
    assert viewer.view == view
    viewer.show_picture(picture_of(np.ones((30, 40), np.uint8), image=3))
    assert viewer.view != view


def test_pixels_are_crisp_squares_at_high_zoom(viewer: Viewer) -> None:
    pixels = np.zeros((6, 8), np.uint8)
    pixels[:, ::2] = 200
    viewer.show_picture(picture_of(pixels))
    row = viewer.grab().toImage()
    values = {row.pixelColor(x, 150).red() for x in range(20, 380)}
    assert values == {0, 200}


def test_labels_are_painted_and_can_be_hidden(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    labels = np.zeros((30, 40), np.uint8)
    labels[:, :20] = 1
    viewer.show_labels(labels, {})
    assert grey_at(viewer, 60, 150) > 50
    viewer.set_display(labels=False)
    assert grey_at(viewer, 60, 150) == 0


def test_a_stroke_into_the_shared_map_shows_after_its_box_is_touched(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((3000, 4000), np.uint8)))
    labels = np.zeros((3000, 4000), np.uint8)
    viewer.show_labels(labels, {})
    assert grey_at(viewer, 200, 150) == 0
    labels[1400:1600, 1900:2100] = 1
    viewer.labels_touched(Box(1400, 1900, 1600, 2100))
    assert grey_at(viewer, 200, 150) > 50


def test_the_heat_map_is_laid_over_the_image_and_can_be_hidden(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    heat = np.zeros((3, 4), np.float16)
    heat[:, 3] = 1
    viewer.show_heat(heat)
    assert grey_at(viewer, 370, 150) > 100
    assert grey_at(viewer, 30, 150) == 0
    viewer.set_display(heat=False)
    assert grey_at(viewer, 370, 150) == 0


def test_another_picture_takes_labels_and_heat_away(viewer: Viewer) -> None:
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8)))
    viewer.show_labels(np.ones((30, 40), np.uint8), {})
    viewer.show_heat(np.ones((3, 4), np.float16))
    viewer.show_picture(picture_of(np.zeros((30, 40), np.uint8), image=2))
    assert grey_at(viewer, 200, 150) == 0


def test_the_reading_names_pixel_value_label_and_heat(viewer: Viewer) -> None:
    pixels = np.arange(30 * 40, dtype=np.uint16).reshape(30, 40)
    viewer.show_picture(picture_of(pixels))
    viewer.show_labels(np.full((30, 40), 3, np.uint8), {})
    viewer.show_heat(np.full((3, 4), 0.5, np.float16))
    x, y = viewer.view.to_screen(7.5, 11.5)
    seen = viewer.reading(QPointF(x, y))
    assert seen is not None
    assert (seen.row, seen.column, seen.value, seen.label, seen.heat) == (11, 7, (11 * 40 + 7,), 3, 0.5)
    assert viewer.reading(QPointF(1, 1)) is None


def test_a_dark_16_bit_image_is_stretched_until_levels_are_chosen(viewer: Viewer) -> None:
    pixels = np.linspace(0, 2000, 1200).astype(np.uint16).reshape(30, 40)
    viewer.show_picture(picture_of(pixels))
    assert grey_at(viewer, 200, 280) > 200
    viewer.set_display(levels=Mapping(0.0, 0.99))
    assert grey_at(viewer, 200, 280) < 20


def test_automatic_contrast_changes_the_display_and_never_the_pixels(viewer: Viewer) -> None:
    pixels = np.full((30, 40), 100, np.uint8)
    pixels[:, 20:] = 120
    before = pixels.copy()
    viewer.show_picture(picture_of(pixels))
    assert (grey_at(viewer, 60, 150), grey_at(viewer, 340, 150)) == (100, 120)
    viewer.set_display(levels=None)
    assert (grey_at(viewer, 60, 150), grey_at(viewer, 340, 150)) == (0, 255)
    assert (pixels == before).all()


def test_the_bar_moves_the_opacity_and_follows_it(qtbot: QtBot, viewer: Viewer) -> None:
    bar = ViewerBar(viewer)
    qtbot.addWidget(bar)
    bar.labels_opacity.setValue(20)
    assert viewer.display.labels_opacity == 0.2
    viewer.set_display(heat_opacity=0.75, heat=False)
    assert bar.heat_opacity.value() == 75
    assert not bar.heat_opacity.isEnabled()


def test_levels_set_by_sliders_never_cross(qtbot: QtBot, viewer: Viewer) -> None:
    bar = ViewerBar(viewer)
    qtbot.addWidget(bar)
    bar.form.high.setValue(300)
    bar.form.low.setValue(800)
    levels = viewer.display.levels
    assert levels is not None
    assert levels.low < levels.high
    bar.levels.menu().actions()[-1].trigger()
    assert viewer.display.levels == IDENTITY


@pytest.fixture
def large(session: Session) -> tuple[Session, int]:
    """An image of 3000 x 2500 in which every pixel says where it is, added to the project's images."""
    rows, columns = np.mgrid[0:3000, 0:2500]
    pixels = (rows + columns).astype(np.uint16)
    writer = ShardWriter(session.project.images_folder / "9999.h5")
    writer.add(99, pixels, source="", sha256="")
    writer.finish()
    info = ImageInfo("large", "", "0" * 64, 3000, 2500, 1, 16, "9999.h5")
    session.project.state.images[99] = ImageState(info)
    return session, 99


def test_a_large_image_is_loaded_at_a_coarse_level_and_asks_for_the_part_zoomed_into(
    large: tuple[Session, int], viewer: Viewer
) -> None:
    session, image = large
    entry = session.project.state.images[image]
    wishes: list[DetailWish] = []
    viewer.detail_wanted.connect(wishes.append)
    viewer.show_picture(load_picture(session.project.pixels, image, entry))
    assert viewer.picture is not None
    assert viewer.picture.first == 1
    assert wishes == []
    viewer.actual_size()
    wish = wishes[-1]
    assert (wish.image, wish.level) == (image, 0)
    assert viewer.reading(QPointF(200, 150)).value is None  # type: ignore[union-attr]
    viewer.show_detail(Detail(wish, session.project.read(image, 0, wish.box)))
    seen = viewer.reading(QPointF(200, 150))
    assert seen is not None
    assert seen.value == (seen.row + seen.column,)


def test_a_part_that_is_shown_already_is_not_asked_for_again(large: tuple[Session, int], viewer: Viewer) -> None:
    session, image = large
    viewer.show_picture(load_picture(session.project.pixels, image, session.project.state.images[image]))
    wishes: list[DetailWish] = []
    viewer.detail_wanted.connect(wishes.append)
    viewer.actual_size()
    viewer.show_detail(Detail(wishes[-1], session.project.read(image, 0, wishes[-1].box)))
    asked = len(wishes)
    viewer.move_to(viewer.view.panned(1, 1))
    assert len(wishes) == asked


def test_a_wish_covers_whole_chunks_within_the_image() -> None:
    picture = picture_of(np.zeros((3000, 2500), np.uint8))
    assert wish_for(picture, 0, Box(600, 700, 1100, 2500)).box == Box(512, 512, 1536, 2500)


@pytest.fixture
def loader(session: Session, app: QApplication) -> Iterator[Loader]:
    parent = QObject()
    made = Loader(session.project.pixels, session.project.state.images, parent)
    yield made
    made.stop()


def test_the_wanted_image_comes_and_its_neighbours_are_kept(session: Session, loader: Loader, qtbot: QtBot) -> None:
    pictures: list[Picture] = []
    loader.picture_ready.connect(pictures.append)
    loader.want(1, [2, 3])
    qtbot.waitUntil(lambda: 3 in loader._kept, timeout=10_000)
    assert [picture.image for picture in pictures] == [1]
    loader.want(2)
    assert [picture.image for picture in pictures] == [1, 2]


def test_an_image_left_behind_before_it_was_loaded_is_never_shown(
    session: Session, loader: Loader, qtbot: QtBot
) -> None:
    pictures: list[Picture] = []
    loader.picture_ready.connect(pictures.append)
    for image in (1, 2, 3, 4):
        loader.want(image)
    qtbot.waitUntil(lambda: bool(pictures), timeout=10_000)
    assert [picture.image for picture in pictures] == [4]


def test_kept_pictures_stay_within_their_bytes(session: Session, loader: Loader, qtbot: QtBot) -> None:
    loader._most_bytes = 4000
    for image in (1, 2, 3, 4, 5, 6):
        with qtbot.waitSignal(loader.picture_ready):
            loader.want(image)
    assert sum(picture.nbytes for picture in loader._kept.values()) <= 4000
    assert 6 in loader._kept


def test_an_image_that_cannot_be_read_is_an_error_with_a_way_out(
    session: Session, loader: Loader, qtbot: QtBot
) -> None:
    (session.project.images_folder / "0001.h5").unlink()
    session.project.pixels.close()
    with qtbot.waitSignal(loader.failed) as failed:
        loader.want(1)
    assert "check" in failed.args[0].hint


def test_the_hint_is_painted_where_there_is_no_image(viewer: Viewer) -> None:
    viewer.show_picture(None, "Import a folder.")
    shown = viewer.grab().toImage()
    colors = {shown.pixel(x, y) for x in range(100, 300) for y in range(130, 170)}
    assert len(colors) > 1
    assert QColor(shown.pixel(5, 5)) != QColor("black")


@pytest.mark.parametrize("shape", [(1, 1), (2048, 5), (2049, 5), (4097, 100), (4096, 3000), (20_000, 20_000)])
def test_the_coarsest_level_is_the_last_that_the_pyramid_stores(shape: tuple[int, int]) -> None:
    level, (height, width) = 0, shape
    while max(height, width) > 2048:
        level, height, width = level + 1, height // 2, width // 2
    assert coarsest_level(shape) == level


def test_automatic_levels_leave_half_a_percent_of_the_pixels_out_on_either_side() -> None:
    pixels = np.full((100, 100), 100, np.uint8)
    pixels[50:] = 150
    pixels[0, :20], pixels[-1, :20] = 0, 255
    assert automatic(pixels) == Mapping(100 / 255, 150 / 255)
    assert automatic(np.full((4, 4), 7, np.uint16)) == IDENTITY
