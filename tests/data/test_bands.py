"""Large PNG images band by band hold the same pixels as read whole."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from defectstudio.data import bands
from defectstudio.data.bands import rows_of, write_grey
from defectstudio.data.pixels import read_pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box

KINDS = {"L": (), "I;16": (), "LA": (2,), "RGB": (3,), "RGBA": (4,)}


def smooth(kind: str, height: int = 90, width: int = 70) -> np.ndarray:
    """Slopes with some noise, so that an encoder uses every way of coding a row."""
    rng = np.random.default_rng(0)
    slope = np.add.outer(np.arange(height), 2 * np.arange(width)).astype(np.int64)
    pixels = slope.reshape(height, width, *(1 for _ in KINDS[kind])) + rng.integers(0, 3, (height, width, *KINDS[kind]))
    return (pixels * 199).astype(np.uint16) if kind == "I;16" else pixels.astype(np.uint8)


def saved(path: Path, kind: str, **options: object) -> Path:
    Image.fromarray(smooth(kind)).save(path, **options)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_overlapping_boxes_from_the_top_down_are_the_pixels_of_the_image(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bands, "BAND", 16)
    path = saved(tmp_path / "image.png", kind)
    whole = read_pixels(path)
    with rows_of(path) as reader:
        assert reader is not None
        for top in (0, 0, 20, 35, 36, 70):
            for left in (0, 40):
                box = Box(top, left, min(top + 30, 90), left + 30)
                read = reader.read(box)
                assert read.dtype == whole.dtype
                np.testing.assert_array_equal(read, whole[box.slices])


def test_what_only_reads_as_a_whole_is_left_to_others(tmp_path: Path) -> None:
    palette = tmp_path / "palette.png"
    Image.fromarray(smooth("L")).convert("P").save(palette)
    Image.fromarray(smooth("RGB")).save(tmp_path / "image.jpg")
    for path in (palette, tmp_path / "image.jpg"):
        with rows_of(path) as reader:
            assert reader is None


@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_a_damaged_png_is_an_error_that_names_the_file(harm: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "image.png", "RGB")
    content = bytearray(path.read_bytes())
    if harm == "cut":
        del content[len(content) // 2 :]
    else:
        content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with rows_of(path) as reader, pytest.raises(DefectStudioError, match=r"image\.png is damaged"):
        assert reader is not None
        reader.read(Box(0, 0, 90, 70))


def test_rows_that_were_let_go_are_not_read_again(tmp_path: Path) -> None:
    with rows_of(saved(tmp_path / "image.png", "L")) as reader:
        assert reader is not None
        reader.read(Box(50, 0, 60, 70))
        with pytest.raises(ValueError, match="top down"):
            reader.read(Box(10, 0, 20, 70))


def test_bands_are_written_as_one_image(tmp_path: Path) -> None:
    pixels = smooth("L")
    write_grey(tmp_path / "heat.png", (90, 70), (pixels[top : top + 25] for top in range(0, 90, 25)))
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "heat.png")), pixels)


def test_a_wide_image_is_written_and_read_without_holding_it(tmp_path: Path) -> None:
    shape, path = (8000, 4000), tmp_path / "large.png"
    tracemalloc.start()
    write_grey(path, shape, (np.full((100, 4000), top % 251, np.uint8) for top in range(0, 8000, 100)))
    with rows_of(path) as reader:
        assert reader is not None
        means = [float(reader.read(Box(top, 0, top + 100, 4000)).mean()) for top in range(0, 8000, 100)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert means == [top % 251 for top in range(0, 8000, 100)]
    assert peak < 8e6


@pytest.mark.real
def test_real_masks_read_band_by_band_as_whole(real_data: Path) -> None:
    paths = (
        sorted((real_data / "ksdd" / "masks").glob("*.png"))[::40]
        + sorted((real_data / "mtd" / "masks").glob("*.png"))[::200]
    )
    read = 0
    for path in paths:
        with rows_of(path) as reader:
            if reader is not None:
                whole = read_pixels(path)
                np.testing.assert_array_equal(reader.read(Box(0, 0, *whole.shape[:2])), whole)
                read += 1
    assert read >= 5
