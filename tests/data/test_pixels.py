"""Image files come in at their own depth, by stated rules, and what cannot be read is said plainly."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from defectstudio.data.pixels import image_size, inspect, is_image, read_mask, read_pixels, sha256_of
from defectstudio.domain.errors import DefectStudioError

HEIGHT, WIDTH = 19, 13
COLOUR_TYPES = {"grey": 0, "rgb": 2, "grey+alpha": 4, "rgba": 6}


def values(channels: int, dtype: type, seed: int = 0) -> np.ndarray:
    shape = (HEIGHT, WIDTH) if channels == 1 else (HEIGHT, WIDTH, channels)
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(pixels: np.ndarray, colour_type: int, *, size: tuple[int, int] | None = None) -> bytes:
    """A PNG file of 8 or 16 bit, its rows filtered in turn by none, left, up and mean, as the format defines them."""
    bits = 8 * pixels.dtype.itemsize
    width, height = size or (pixels.shape[1], pixels.shape[0])
    raw = np.frombuffer(pixels.astype(pixels.dtype.newbyteorder(">")).tobytes(), np.uint8)
    rows = raw.reshape(pixels.shape[0], -1).astype(np.int64)
    unit = rows.shape[1] // pixels.shape[1]
    packed = b""
    for y, row in enumerate(rows):
        up = rows[y - 1] if y else np.zeros_like(row)
        left = np.concatenate([np.zeros(unit, np.int64), row[:-unit]])
        guess = (np.zeros_like(row), left, up, (left + up) // 2)[y % 4]
        packed += bytes([y % 4]) + ((row - guess) % 256).astype(np.uint8).tobytes()
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(packed)) + chunk(b"IEND", b"")


def tiff(pixels: np.ndarray, *, big_endian: bool = False) -> bytes:
    """An uncompressed TIFF file of 16-bit grey or RGB, one strip."""
    mark, order = (b"MM", ">") if big_endian else (b"II", "<")
    data = pixels.astype(f"{order}u2").tobytes()
    channels = 1 if pixels.ndim == 2 else 3
    bits_at = 8 + len(data)
    bits = struct.pack(f"{order}{channels}H", *[16] * channels)
    tags = [
        (256, 4, 1, pixels.shape[1]),
        (257, 4, 1, pixels.shape[0]),
        (258, 3, channels, bits_at if channels == 3 else 16),
        (259, 3, 1, 1),
        (262, 3, 1, 2 if channels == 3 else 1),
        (273, 4, 1, 8),
        (277, 3, 1, channels),
        (278, 4, 1, pixels.shape[0]),
        (279, 4, 1, len(data)),
    ]
    entries = b""
    for tag, kind, count, value in tags:
        short = kind == 3 and count == 1
        entries += struct.pack(
            f"{order}HHI{'HH' if short else 'I'}", tag, kind, count, *([value, 0] if short else [value])
        )
    directory = struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", 0)
    return mark + struct.pack(f"{order}HI", 42, bits_at + len(bits)) + data + bits + directory


@pytest.mark.parametrize("ending", ["png", "bmp", "tif", "TIFF", "PNG"])
@pytest.mark.parametrize("channels", [1, 3])
def test_eight_bit_images_come_back_exactly(tmp_path: Path, ending: str, channels: int) -> None:
    pixels = values(channels, np.uint8)
    path = tmp_path / f"a b ü.{ending}"
    Image.fromarray(pixels).save(path)
    assert np.array_equal(read_pixels(path), pixels)
    assert image_size(path) == (HEIGHT, WIDTH)
    assert (inspect(path).channels, inspect(path).bits) == (channels, 8)


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_comes_back_close_and_in_its_own_channels(tmp_path: Path, channels: int) -> None:
    ramp = np.add.outer(np.arange(64), np.arange(48)).astype(np.uint8)
    pixels = ramp if channels == 1 else np.stack([ramp] * 3, 2)
    Image.fromarray(pixels).save(tmp_path / "a.jpeg", quality=95)
    read = read_pixels(tmp_path / "a.jpeg")
    assert read.shape == pixels.shape
    assert np.abs(read.astype(int) - pixels).max() <= 4


@pytest.mark.parametrize(("kind", "channels"), [("grey", 1), ("grey+alpha", 2), ("rgb", 3), ("rgba", 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_png_keeps_its_depth_and_drops_alpha(tmp_path: Path, kind: str, channels: int, dtype: type) -> None:
    pixels = values(channels, dtype)
    path = tmp_path / "a.png"
    path.write_bytes(png(pixels, COLOUR_TYPES[kind]))
    colour = pixels if channels == 1 else pixels[..., 0] if channels == 2 else pixels[..., :3]
    read = read_pixels(path)
    assert read.dtype == dtype
    assert np.array_equal(read, colour)
    info = inspect(path)
    assert (info.channels, info.bits) == (1 if colour.ndim == 2 else 3, 8 * pixels.dtype.itemsize)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_sixteen_bit_colour_of_any_size_is_exact(tmp_path: Path, height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 65536, (height, width, 3), dtype=np.uint16)
    (tmp_path / "a.png").write_bytes(png(pixels, 2))
    (tmp_path / "a.tif").write_bytes(tiff(pixels))
    assert np.array_equal(read_pixels(tmp_path / "a.png"), pixels)
    assert np.array_equal(read_pixels(tmp_path / "a.tif"), pixels)


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bit_tiff_is_exact_in_both_byte_orders(tmp_path: Path, channels: int, big_endian: bool) -> None:
    pixels = values(channels, np.uint16)
    (tmp_path / "a.tif").write_bytes(tiff(pixels, big_endian=big_endian))
    assert np.array_equal(read_pixels(tmp_path / "a.tif"), pixels)
    assert inspect(tmp_path / "a.tif").bits == 16


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_compressed_sixteen_bit_tiff_is_exact(tmp_path: Path, compression: str) -> None:
    pixels = values(1, np.uint16)
    Image.fromarray(pixels).save(tmp_path / "a.tif", compression=compression)
    assert np.array_equal(read_pixels(tmp_path / "a.tif"), pixels)


@pytest.mark.parametrize("ending", ["png", "bmp", "tif"])
def test_one_bit_images_become_0_and_255_and_one_bit_masks_0_and_1(tmp_path: Path, ending: str) -> None:
    bits = values(1, np.uint8) > 127
    Image.fromarray(bits).save(tmp_path / f"a.{ending}")
    assert np.array_equal(read_pixels(tmp_path / f"a.{ending}"), np.where(bits, 255, 0))
    assert np.array_equal(read_mask(tmp_path / f"a.{ending}"), bits)


@pytest.mark.parametrize("grey", [True, False])
def test_a_palette_is_looked_up_in_an_image_and_kept_in_a_mask(tmp_path: Path, grey: bool) -> None:
    indices = values(1, np.uint8) % 3
    table = np.array([[10, 10, 10], [200, 200, 200], [90, 90, 90]] if grey else [[0, 0, 0], [255, 0, 0], [0, 9, 0]])
    image = Image.frombytes("P", (WIDTH, HEIGHT), indices.tobytes())
    image.putpalette(table.ravel().tolist())
    image.save(tmp_path / "a.png")
    looked_up = table[indices] if not grey else table[indices, 0]
    assert np.array_equal(read_mask(tmp_path / "a.png"), indices)
    assert read_pixels(tmp_path / "a.png").ndim == looked_up.ndim or grey
    assert np.array_equal(np.broadcast_to(read_pixels(tmp_path / "a.png").T, looked_up.T.shape).T, looked_up)


def test_colour_masks_mark_what_is_not_black(tmp_path: Path) -> None:
    colour = np.zeros((4, 5, 3), np.uint8)
    colour[1, 2] = (200, 0, 0)
    Image.fromarray(colour).save(tmp_path / "colour.png")
    Image.fromarray(np.full((4, 5, 3), 2, np.uint8)).save(tmp_path / "grey.png")
    assert read_mask(tmp_path / "colour.png").tolist() == np.where(colour.any(2), 255, 0).tolist()
    assert set(read_mask(tmp_path / "grey.png").ravel()) == {2}


def test_sixteen_bit_masks_keep_small_numbers_and_lose_no_mark(tmp_path: Path) -> None:
    numbers = np.array([[0, 1, 7]], np.uint16)
    levels = np.array([[0, 1, 300, 65535]], np.uint16)
    (tmp_path / "numbers.png").write_bytes(png(numbers, 0))
    (tmp_path / "levels.png").write_bytes(png(levels, 0))
    assert read_mask(tmp_path / "numbers.png").tolist() == [[0, 1, 7]]
    assert read_mask(tmp_path / "levels.png").tolist() == [[0, 1, 2, 255]]


@pytest.mark.parametrize("ending", ["jpg", "png", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_orientation_mark_is_reported_and_not_applied(tmp_path: Path, ending: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = np.zeros((16, 40), np.uint8)
    pixels[:8, :8] = 250
    Image.fromarray(pixels).save(tmp_path / f"a.{ending}", exif=exif)
    read = read_pixels(tmp_path / f"a.{ending}")
    assert read.shape == image_size(tmp_path / f"a.{ending}") == (16, 40)
    assert inspect(tmp_path / f"a.{ending}").orientation == orientation
    assert np.abs(read.astype(int) - pixels).max() < 20


def test_the_first_of_several_pages_is_read_and_the_number_known(tmp_path: Path) -> None:
    pages = [Image.fromarray(np.full((5, 4), value, np.uint8)) for value in (3, 4, 5)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    assert inspect(tmp_path / "a.tif").pages == 3
    assert set(read_pixels(tmp_path / "a.tif").ravel()) == {3}


@pytest.mark.parametrize("size", [(20_001, 10), (10, 20_001), (2_000_000_000, 2_000_000_000)])
def test_images_above_the_limit_are_refused_before_decoding(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.png").write_bytes(png(np.zeros((1, 1), np.uint8), 0, size=size))
    tracemalloc.start()
    for read in (read_pixels, image_size, read_mask):
        with pytest.raises(DefectStudioError, match="at most 20000 x 20000"):
            read(tmp_path / "a.png")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_large_image_within_the_limit_is_read_without_a_warning(tmp_path: Path) -> None:
    pixels = np.zeros((12_000, 9_000), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png", compress_level=1)
    assert read_pixels(tmp_path / "a.png").shape == pixels.shape


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tif"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_file_cut_short_is_an_error_that_names_it(tmp_path: Path, ending: str, part: float) -> None:
    path = tmp_path / f"part 7.{ending}"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(DefectStudioError, match=r"part 7\.") as caught:
        read_pixels(path)
    assert caught.value.hint


@pytest.mark.filterwarnings("ignore::UserWarning")
@given(st.binary(min_size=1, max_size=200), st.sampled_from(["png", "jpg", "bmp", "tif"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_noise_after_a_real_header_never_ends_in_a_traceback(tmp_path: Path, noise: bytes, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:40] + noise)
    try:
        assert read_pixels(path).ndim in (2, 3)
    except DefectStudioError as error:
        assert error.hint


def test_empty_missing_and_foreign_files_are_errors_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("no image")
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "really.gif")
    (tmp_path / "really.gif").rename(tmp_path / "really.png")
    expected = {"empty": "is empty", "text": "is not a PNG", "really": "is not a PNG", "gone": "does not exist"}
    for stem, text in expected.items():
        with pytest.raises(DefectStudioError, match=rf"{stem}\.png {text}") as caught:
            read_pixels(tmp_path / f"{stem}.png")
        assert caught.value.hint


@pytest.mark.parametrize("mode", ["CMYK", "F", "I"])
def test_other_kinds_of_pixels_are_refused_not_converted(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (4, 4)).save(tmp_path / "a.tif")
    with pytest.raises(DefectStudioError, match="not supported"):
        read_pixels(tmp_path / "a.tif")


def test_hash_and_endings(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert is_image(Path("A.JPEG")) and not is_image(Path("a.gif"))
