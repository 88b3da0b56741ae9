"""Zoom and pan arithmetic, display mapping, overlays: what the viewer computes before it paints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from defectstudio.domain.labels import UNKNOWN, Box, DefectClass
from defectstudio.ui.display import IDENTITY, Mapping, automatic, owned, render
from defectstudio.ui.overlay import HeatOverlay, LabelOverlay, color_table, shrunk
from defectstudio.ui.view import LARGEST_SCALE, SMALLEST_SCALE, View, fitted

points = st.floats(-500, 2000)
scales = st.floats(0.05, 20)


@given(scales, points, points, st.floats(0.2, 5), points, points)
def test_zooming_keeps_the_image_point_under_the_cursor(
    scale: float, left: float, top: float, factor: float, x: float, y: float
) -> None:
    view = View(scale, left, top)
    before, after = view.to_image(x, y), view.zoomed(factor, x, y).to_image(x, y)
    assert after == pytest.approx(before, abs=1e-6)


@given(st.floats(1e-6, 1e6))
def test_zoom_stays_within_its_limits(factor: float) -> None:
    assert SMALLEST_SCALE <= View(1.0).zoomed(factor, 10, 10).scale <= LARGEST_SCALE


def test_fitting_shows_the_whole_image_centred() -> None:
    view = fitted(800, 600, (3000, 1000))
    assert view.visible(800, 600, (3000, 1000)) == Box(0, 0, 3000, 1000)
    assert view.to_screen(500, 1500) == pytest.approx((400, 300))


def test_nothing_is_visible_once_the_image_is_panned_away() -> None:
    assert View(1.0, 900, 0).visible(800, 600, (100, 100)) is None


def test_panning_stops_while_the_centre_still_shows_the_image() -> None:
    view = View(1.0, 5000, -5000).kept_in_sight(800, 600, (100, 200))
    x, y = view.to_image(400, 300)
    assert 0 <= x <= 200
    assert 0 <= y <= 100


def test_automatic_contrast_stretches_a_dark_16_bit_image_over_the_whole_scale() -> None:
    pixels = np.random.default_rng(0).integers(1000, 3000, (64, 64)).astype(np.uint16)
    shown = render(pixels, automatic(pixels))
    greys = [QColor(shown.pixel(x, y)).red() for x in range(64) for y in range(64)]
    assert min(greys) == 0
    assert max(greys) == 255


def test_automatic_contrast_of_a_flat_image_changes_nothing() -> None:
    assert automatic(np.full((8, 8), 7, np.uint8)) == IDENTITY


def test_levels_and_gamma_map_black_white_and_middle() -> None:
    table = Mapping(0.2, 0.6, 2.0).table(8)
    assert table[51] == 0
    assert table[153] == 255
    assert table[102] == round(255 * 0.5**0.5)


def test_colour_channels_keep_their_places() -> None:
    shown = render(np.array([[[10, 20, 30]]], np.uint8), IDENTITY)
    assert QColor(shown.pixel(0, 0)).getRgb()[:3] == (10, 20, 30)


def test_the_label_picture_shares_memory_with_the_label_map() -> None:
    labels = np.zeros((5, 7), np.uint8)
    overlay = LabelOverlay(labels, {}, 0.5)
    labels[2, 3] = 9
    assert overlay.picture(0).pixelIndex(3, 2) == 9


def test_the_label_picture_still_shares_memory_after_a_change_of_opacity() -> None:
    labels = np.zeros((5, 7), np.uint8)
    overlay = LabelOverlay(labels, {}, 0.5)
    overlay.recolor({}, 0.9)
    labels[2, 3] = 9
    assert overlay.picture(0).pixelIndex(3, 2) == 9


def test_a_one_pixel_defect_survives_every_halving() -> None:
    labels = np.full((65, 33), UNKNOWN, np.uint8)
    labels[:, :20] = 0
    labels[64, 32] = 3
    overlay = LabelOverlay(labels, {}, 0.5)
    last = overlay.picture(5)
    assert (last.height(), last.width()) == (3, 2)
    assert last.pixelIndex(1, 2) == 3


@given(st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
def test_halving_ranks_classes_over_unknown_over_healthy(height: int, width: int, random: object) -> None:
    rng = np.random.default_rng(random.randint(0, 9999))  # type: ignore[attr-defined]
    labels = rng.choice(np.array([0, 0, 1, 2, UNKNOWN], np.uint8), (height, width))
    small = shrunk(labels)
    for row in range(small.shape[0]):
        for column in range(small.shape[1]):
            block = labels[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            classes = block[(block > 0) & (block < UNKNOWN)]
            expected = classes.max() if classes.size else block.max()
            assert small[row, column] == expected


def test_touching_a_box_brings_the_smaller_pictures_up_to_date() -> None:
    labels = np.zeros((40, 40), np.uint8)
    overlay = LabelOverlay(labels, {}, 0.5)
    overlay.picture(3)
    labels[17:22, 30:33] = 4
    overlay.touch(Box(17, 30, 22, 33))
    fresh = LabelOverlay(labels.copy(), {}, 0.5)
    for level in range(4):
        assert overlay.picture(level) == fresh.picture(level)


def test_classes_have_their_colours_and_healthy_pixels_none() -> None:
    table = color_table({2: DefectClass(2, "scratch", "#112233")}, 1.0)
    assert QColor.fromRgba(table[2]).name() == "#112233"
    assert QColor.fromRgba(table[0]).alpha() == 0
    assert 0 < QColor.fromRgba(table[UNKNOWN]).alpha() < 255


def painted(overlay: HeatOverlay, view: View, box: Box) -> QImage:
    canvas = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(0)
    painter = QPainter(canvas)
    overlay.draw(painter, view, box, 1.0)
    painter.end()
    return canvas


def test_a_hot_cell_is_painted_over_the_pixels_that_it_covers() -> None:
    heat = np.zeros((8, 8), np.float16)
    heat[2, 5] = 1
    canvas = painted(HeatOverlay(heat, (64, 64)), View(), Box(0, 0, 64, 64))
    assert QColor.fromRgba(canvas.pixel(44, 20)).alpha() > 200
    assert QColor.fromRgba(canvas.pixel(20, 44)).alpha() == 0


def test_the_reading_of_heat_is_that_of_the_cell_under_the_point() -> None:
    heat = np.arange(16, dtype=np.float16).reshape(4, 4) / 16
    overlay = HeatOverlay(heat, (100, 200))
    assert overlay.at(199.9, 99.9) == 15 / 16
    assert overlay.at(0, 30) == 4 / 16


def test_an_image_of_rows_that_are_no_multiple_of_four_bytes_is_not_skewed() -> None:
    values = np.arange(15, dtype=np.uint8).reshape(3, 5)
    shown = owned(values, QImage.Format.Format_Grayscale8)
    assert [QColor(shown.pixel(x, 2)).red() for x in range(5)] == [10, 11, 12, 13, 14]
