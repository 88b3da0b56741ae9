"""Image files to pixels at their own depth: PNG, JPEG, BMP and TIFF, 8 or 16 bit, grey or RGB.

What is not plain grey or RGB is brought to it by fixed rules: one-bit images become 0 and 255; a palette is looked up
(grey when every entry is grey, else RGB); alpha is dropped and colours stay as stored, not blended; of several pages
the first is read; an orientation mark is ignored, because a mask drawn on the stored pixels would no longer fit.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError

MAX_SIDE = 20_000
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})
_KINDS = ("PNG", "JPEG", "BMP", "TIFF")
_WAY_OUT = "Save it again as PNG, or leave it out of the folder."
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)

# The size is checked here, before anything is decoded; Pillow's own limit warns far below it.
Image.MAX_IMAGE_PIXELS = None

# Pillow decodes 16-bit colour to its high bytes only. Telling it that the bytes are stored the other way round makes
# it hand over the low bytes instead, so two decodings give the full depth.
_LOW_BYTES = {"16B": "16L", "16L": "16B", "16N": "16B" if sys.byteorder == "little" else "16L"}
_TURN_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What the header of an image file says. `orientation` is the EXIF value (1 upright); it is not applied."""

    height: int
    width: int
    channels: int
    bits: int
    pages: int = 1
    orientation: int = 1


def is_image(path: Path) -> bool:
    """Whether the name ends like an image that can be read (upper or lower case)."""
    return path.suffix.lower() in IMAGE_SUFFIXES


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inspect(path: Path) -> ImageInfo:
    """Size, depth, pages and orientation, from the header alone. Raises DefectStudioError like `read_pixels`."""
    with _opened(path) as image:
        height, width = _stored_size(image)
        mode, depth = _mode(image, path)
        grey = mode in ("1", "L") or _raw_mode(image).startswith("LA") or (mode == "P" and _is_grey(image))
        return ImageInfo(height, width, 1 if grey else 3, depth, getattr(image, "n_frames", 1), _orientation(image))


def image_size(path: Path) -> tuple[int, int]:
    """(height, width) in pixels as stored, without decoding. Raises DefectStudioError like `read_pixels`."""
    with _opened(path) as image:
        return _stored_size(image)


def read_pixels(path: Path) -> Pixels:
    """The image, (height, width) or (height, width, 3), uint8 or uint16, by the rules above.

    Raises DefectStudioError, naming the file, when it is missing, empty, damaged, of an unsupported kind, or larger
    than 20 000 pixels on a side (checked before decoding).
    """
    with _opened(path) as image:
        mode, bits = _mode(image, path)
        if bits == 16 and mode != "L":
            return _deep_colour(path, image)
        pixels = _decoded(image)
    if mode == "P":
        return _through_palette(pixels, image)
    return _plain(pixels, mode, bits)


def read_mask(path: Path) -> NDArray[np.uint8]:
    """A mask's values as stored, (height, width) uint8: palette indices stay indices, one bit becomes 0 and 1.

    A colour mask is 0 where black and 255 elsewhere, unless its channels agree; 16-bit values above 255 are brought to
    8 bits, rounding up so that nothing marked is lost. Raises DefectStudioError like `read_pixels`.
    """
    with _opened(path) as image:
        mode, bits = _mode(image, path)
        if mode in ("P", "1"):
            stored = _decoded(image)
            return np.asarray(stored[..., 0] if stored.ndim == 3 else stored).astype(np.uint8)
        steps = {"L;2": 85, "L;4": 17}.get(_raw_mode(image), 1)
    values = read_pixels(path)
    if values.ndim == 3:
        same = bool((values == values[..., :1]).all())
        values = values[..., 0] if same else np.where(values.any(axis=2), 255, 0)
    if bits == 16 and values.max(initial=0) > 255:
        values = (values.astype(np.uint32) + 255) // 256
    return np.asarray(np.minimum(values // steps, 255), np.uint8)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """The image with its header read and its size checked; whatever goes wrong inside becomes a DefectStudioError."""
    try:
        if path.stat().st_size == 0:
            raise DefectStudioError(f"{path} is empty.", hint=_WAY_OUT)
        with path.open("rb") as file, Image.open(file, formats=_KINDS) as image:
            _check_size(path, image.size)
            yield image
    except FileNotFoundError as error:
        raise DefectStudioError(
            f"{path} does not exist.", hint="Check the path, or import the folder again."
        ) from error
    except PermissionError as error:
        raise DefectStudioError(f"{path} may not be read.", hint="Ask for read permission on it.") from error
    except UnidentifiedImageError as error:
        raise DefectStudioError(f"{path} is not a PNG, JPEG, BMP or TIFF image.", hint=_WAY_OUT) from error
    except MemoryError as error:
        raise DefectStudioError(f"There is not enough memory to read {path}.", hint="Close other programs.") from error
    except _BROKEN as error:
        raise DefectStudioError(f"{path} is damaged or cut short ({error}).", hint=_WAY_OUT) from error


def _check_size(path: Path, size: tuple[int, int]) -> None:
    if max(size) > MAX_SIDE or min(size) < 1:
        raise DefectStudioError(
            f"{path} is {size[0]} x {size[1]} pixels; at most {MAX_SIDE} x {MAX_SIDE} can be read.",
            hint="Cut it into smaller images first.",
        )


def _orientation(image: ImageFile.ImageFile) -> int:
    if image.format == "PNG" and "exif" not in image.info:
        # Asked for a mark that is not in the header, Pillow would decode the whole image to look behind it.
        return 1
    value = image.getexif().get(0x0112, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(image: ImageFile.ImageFile) -> int:
    """The orientation that Pillow will apply by itself, as it does for TIFF only; 1 otherwise."""
    return _orientation(image) if image.format == "TIFF" else 1


def _stored_size(image: ImageFile.ImageFile) -> tuple[int, int]:
    width, height = image.size
    return (width, height) if _turned(image) in (5, 6, 7, 8) else (height, width)


def _decoded(image: ImageFile.ImageFile) -> Pixels:
    """The image as Pillow decodes it, with the rows and columns as they are stored."""
    turned = _turned(image)
    image.load()
    return np.asarray(image.transpose(_TURN_BACK[turned]) if turned in _TURN_BACK else image)


def _raw_mode(image: ImageFile.ImageFile) -> str:
    """How the first tile is stored, in Pillow's words ("RGB;16B", "L;4" ...)."""
    if not image.tile:
        return ""
    args = image.tile[0].args
    raw = args[0] if isinstance(args, tuple) and args else args
    return raw if isinstance(raw, str) else ""


def _mode(image: ImageFile.ImageFile, path: Path) -> tuple[str, int]:
    """("1", "L", "P" or "RGB", bits a channel), or an error for what is neither grey nor colour."""
    raw = _raw_mode(image)
    mode = {"LA": "L", "La": "L", "PA": "P", "RGBA": "RGB", "RGBX": "RGB", "RGBa": "RGB"}.get(image.mode, image.mode)
    bits = 16 if mode.startswith("I;16") or raw.split(";")[-1] in _LOW_BYTES else 8
    mode = "L" if mode.startswith("I;16") else mode
    declared = getattr(image, "tag_v2", {}).get(258, (8,))
    if mode not in ("1", "L", "P", "RGB") or (bits == 8 and max(declared) > 8):
        kind = f"{image.mode}, {max(declared)} bit" if max(declared) > 8 else image.mode
        raise DefectStudioError(
            f"{path} holds pixels of a kind that is not supported ({kind}).",
            hint="Convert it to 8 or 16 bit, grey or RGB.",
        )
    return mode, bits


def _plain(pixels: Pixels, mode: str, bits: int) -> Pixels:
    if mode == "1":
        return np.where(pixels, np.uint8(255), np.uint8(0))
    kept = pixels[..., 0] if mode == "L" and pixels.ndim == 3 else pixels[..., :3] if pixels.ndim == 3 else pixels
    return np.ascontiguousarray(kept, np.uint16 if bits == 16 else np.uint8)


def _is_grey(image: ImageFile.ImageFile) -> bool:
    table = _palette(image)
    return bool((table == table[:, :1]).all())


def _palette(image: ImageFile.ImageFile) -> NDArray[np.uint8]:
    listed = image.getpalette("RGB") or []
    table = np.zeros((256, 3), np.uint8)
    table[: len(listed) // 3] = np.reshape(listed, (-1, 3))
    return table


def _through_palette(pixels: Pixels, image: ImageFile.ImageFile) -> Pixels:
    indices = pixels[..., 0] if pixels.ndim == 3 else pixels
    table = _palette(image)
    return table[indices, 0] if _is_grey(image) else table[indices]


def _deep_colour(path: Path, image: ImageFile.ImageFile) -> Pixels:
    """16-bit RGB, RGBA or grey with alpha, which Pillow would cut to 8 bits: (height, width[, 3]) uint16."""
    stored = _raw_mode(image)
    layout, depth = stored.split(";")
    if layout == "LA":
        # Two big-endian 16-bit values a pixel are exactly the four bytes of an RGBA pixel.
        _retile(image, "RGBA")
        raw = _decoded(image).astype(np.uint16)
        return (raw[..., 0] << 8) | raw[..., 1]
    high = _decoded(image)[..., :3].astype(np.uint16)
    with _opened(path) as again:
        _retile(again, f"{layout};{_LOW_BYTES[depth]}")
        return np.ascontiguousarray((high << 8) | _decoded(again)[..., :3])


def _retile(image: ImageFile.ImageFile, raw: str) -> None:
    """Make Pillow unpack every tile as `raw`."""

    image.tile = [
        tile._replace(args=(raw, *tile.args[1:]) if isinstance(tile.args, tuple) else raw) for tile in image.tile
    ]
