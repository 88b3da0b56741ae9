"""Tiles cover every pixel, and what is found in them lands where it lies."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectstudio.data.predictions import enlarged
from defectstudio.domain.errors import Cancelled
from defectstudio.domain.labels import Box
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.engines.base import Answer, EngineName, Floats, Precision
from defectstudio.learning.tiling import HeatMap, Merge, Mosaic, lay_tiles, look_in_tiles, needs_tiles, read_padded

sides = st.integers(1, 400)


class Brightness:
    """A stand-in network: a cell is as hot as the mean of the 4 x 4 pixels under it, an image as its hottest cell."""

    name: EngineName = "torch"
    precision: Precision = "fp32"

    def run(self, batch: Floats) -> Answer:
        count, _, height, width = batch.shape
        heat = batch[:, 0].reshape(count, height // 4, 4, width // 4, 4).mean((2, 4))
        return heat[:, None], heat.max((1, 2))


def prepare(pixels: np.ndarray) -> Floats:
    return (pixels[None] / 255).astype(np.float32)


def look(image: np.ndarray, merge: Merge = "feather") -> tuple[HeatMap, float]:
    tiles = lay_tiles(image.shape, (32, 32), (8, 8))
    return finish(
        look_in_tiles(tiles, lambda box: image[box.slices], prepare, Brightness(), CancelToken(), merge=merge)
    )


@pytest.mark.parametrize(
    ("shape", "expected"), [((200, 200), False), ((201, 201), True), ((100, 401), True), ((400, 90), False)]
)
def test_tiles_are_cut_where_pixels_are_more_than_twice_as_coarse_as_in_training(
    shape: tuple[int, int], expected: bool
) -> None:
    assert needs_tiles(shape, (100, 100)) is expected


@given(sides, sides, st.integers(8, 100), st.integers(2, 12), st.sampled_from([0.0, 0.25, 0.5]))
def test_tiles_cover_every_pixel_and_stay_close_to_the_image(
    height: int, width: int, tile: int, cells: int, overlap: float
) -> None:
    tiles = lay_tiles((height, width), (tile, tile), (cells, cells), overlap)
    covered = np.zeros((height, width), bool)
    for row in tiles.rows:
        for column in tiles.columns:
            box = tiles.box(row, column)
            assert (box.bottom - box.top, box.right - box.left) == (tile, tile)
            assert box.top < height and box.left < width
            covered[box.slices] = True
    assert covered.all()


@given(sides, sides)
def test_a_mosaic_of_equal_maps_is_that_map(height: int, width: int) -> None:
    tiles = lay_tiles((height, width), (32, 32), (8, 8))
    mosaic = Mosaic(tiles)
    for row in tiles.rows:
        for column in tiles.columns:
            mosaic.add(row, column, np.full((8, 8), 0.625, np.float32))
    np.testing.assert_allclose(mosaic.result().rows(0, height), 0.625, atol=1e-6)


@pytest.mark.parametrize("merge", ["feather", "max"])
def test_a_defect_is_found_where_it_lies_in_a_large_image(merge: Merge) -> None:
    image = np.full((203, 317), 20, np.uint8)
    image[100:108, 248:256] = 255
    heat, score = look(image, merge)
    full = heat.rows(0, 203)
    assert full.shape == image.shape
    rows, columns = np.nonzero(full > 0.6)
    assert score == pytest.approx(1.0)
    assert (rows.min(), rows.max()) == pytest.approx((100, 107), abs=2)
    assert (columns.min(), columns.max()) == pytest.approx((248, 255), abs=2)


def test_an_image_narrower_than_a_tile_is_mirrored_at_its_edge() -> None:
    image = np.random.default_rng(0).integers(0, 255, (10, 90), np.uint8)
    padded = read_padded(lambda box: image[box.slices], Box(-2, 60, 30, 92), image.shape)
    assert padded.shape == (32, 32)
    np.testing.assert_array_equal(padded[2:12, :30], image[:, 60:])
    np.testing.assert_array_equal(padded[1, :30], image[0, 60:])
    np.testing.assert_array_equal(padded[12, :30], image[9, 60:])
    heat, _ = look(image)
    assert heat.rows(0, 10).shape == (10, 90)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 60), st.integers(1, 60))
def test_a_resized_image_has_the_heat_map_of_stored_predictions(h: int, w: int, height: int, width: int) -> None:
    cells = np.random.default_rng(h * w).random((h, w)).astype(np.float16)
    expected = enlarged(cells, (height, width))
    heat = HeatMap.over(cells.astype(np.float32), (height, width))
    np.testing.assert_allclose(heat.rows(0, height), expected, atol=1e-5)
    bands = np.concatenate([rows for _, rows in heat.bands(most=100)])
    np.testing.assert_allclose(bands, expected, atol=1e-5)


def test_a_cancelled_look_stops_at_the_next_batch_of_tiles() -> None:
    token, image = CancelToken(), np.zeros((300, 300), np.uint8)
    tiles = lay_tiles(image.shape, (32, 32), (8, 8))
    job = look_in_tiles(tiles, lambda box: image[box.slices], prepare, Brightness(), token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        next(job)


def test_twenty_thousand_pixels_a_side_are_read_in_boxes() -> None:
    def read(box: Box) -> np.ndarray:
        assert box.bottom - box.top <= 2000
        return np.full((box.bottom - box.top, box.right - box.left), 20, np.uint8)

    tiles = lay_tiles((20_000, 20_000), (2000, 2000), (8, 8))
    shrink = lambda pixels: prepare(pixels[:1984:62, :1984:62])  # noqa: E731
    tracemalloc.start()
    heat, score = finish(look_in_tiles(tiles, read, shrink, Brightness(), CancelToken(), batch=2))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert score == pytest.approx(20 / 255)
    assert heat.shape == (20_000, 20_000)
    assert peak < 60e6


def test_a_map_of_a_large_image_is_enlarged_a_band_at_a_time() -> None:
    heat = HeatMap(np.full((500, 500), 0.25, np.float32), (40.0, 40.0), (20_000, 20_000))
    tracemalloc.start()
    top, rows = next(heat.bands(most=1 << 20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (top, rows.shape, float(rows.mean())) == (0, (52, 20_000), 0.25)
    assert peak < 40e6
