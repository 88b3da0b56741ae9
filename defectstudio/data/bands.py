"""PNG images of any size a few rows at a time, reading and writing: memory holds a band, never the image.

PNG rows are coded as differences from the row above, and undoing that in Python would be slow. Each band is therefore
handed to Pillow as a small image of its own, with the row above it, already decoded, as the first row. Grey and colour
of 8 bits and grey of 16 can be read so, also with alpha (dropped); not interlaced images, palettes or 16-bit colour.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from defectstudio.data.snapshot import Pixels
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box

Bytes = NDArray[np.uint8]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
BAND = 256
PIECE = 1 << 20
# (bits, colour type of the file): colour type and number of the 8-bit samples that a pixel is made of.
KINDS = {(8, 0): (0, 1), (16, 0): (4, 2), (8, 4): (4, 2), (8, 2): (2, 3), (8, 6): (6, 4)}


class RowReader:
    """Reads boxes of one PNG from the top down: no box may begin above the rows that an earlier one let go."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path, self._file = path, file
        self.width, self.height, self.bits, self.colour, _, _, interlaced = self._header()
        self.readable = (self.bits, self.colour) in KINDS and not interlaced
        self._inflater = zlib.decompressobj()
        self._rows = self._bands() if self.readable else iter(())
        self._first, self._held = 0, np.zeros((0, 0), np.uint8)

    def read(self, box: Box) -> Pixels:
        """The pixels of a box inside the image, (h, w) or (h, w, 3); rows above it are forgotten.

        Raises DefectStudioError when the file is damaged or cut short.
        """
        if box.top < self._first:
            raise ValueError(f"row {box.top} was let go; rows are read from the top down")
        parts = [self._held[box.top - self._first :]]
        start, end = max(box.top, self._first), self._first + len(self._held)
        while end < box.bottom:
            band = next(self._rows)
            skipped = max(0, start - end)
            end += len(band)
            if skipped < len(band):
                parts.append(band[skipped:])
        kept = [part for part in parts if len(part)]
        self._first, self._held = start, kept[0] if len(kept) == 1 else np.concatenate(kept)
        return self._held[: box.bottom - start, box.left : box.right]

    def _bands(self) -> Iterator[Pixels]:
        colour, samples = KINDS[self.bits, self.colour]
        stride = self.width * samples
        above = np.zeros(0, np.uint8)
        coded = self._coded()
        for top in range(0, self.height, BAND):
            rows = min(BAND, self.height - top)
            raw = self._inflated(coded, rows * (stride + 1))
            first = b"" if not top else b"\0" + above.tobytes()
            band = _decoded(self.width, rows + bool(top), colour, first + raw, self)[bool(top) :]
            above = band[-1]
            yield self._pixels(band)

    def _pixels(self, band: Bytes) -> Pixels:
        if self.bits == 16:
            return np.ascontiguousarray(band).view(">u2")[..., 0].astype(np.uint16)
        return band if band.ndim == 2 else band[..., 0] if self.colour == 4 else np.ascontiguousarray(band[..., :3])

    def _inflated(self, coded: Iterator[bytes], wanted: int) -> bytes:
        parts, missing = [], wanted
        while missing:
            part = self._inflate(coded, missing)
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _inflate(self, coded: Iterator[bytes], most: int) -> bytes:
        """Some of the bytes that come next, at least one."""
        part = b""
        while not part:
            tail = self._inflater.unconsumed_tail or next(coded, b"")
            try:
                # Without input it still gives what it held back the last time.
                part = self._inflater.decompress(tail, most)
            except zlib.error as error:
                raise self._damaged(str(error)) from error
            if not part and not tail:
                raise self._damaged("it is cut short")
        return part

    def _coded(self) -> Iterator[bytes]:
        """The compressed bytes of the image in pieces of at most 1 MiB: a chunk may be as large as the file."""
        while True:
            length, kind = self._chunk_head()
            if kind == b"IEND":
                return
            check = zlib.crc32(kind)
            for start in range(0, length, PIECE):
                piece = self._exactly(min(PIECE, length - start))
                check = zlib.crc32(piece, check)
                if kind == b"IDAT":
                    yield piece
            if self._exactly(4) != check.to_bytes(4, "big"):
                raise self._damaged("a check sum is wrong")

    def _header(self) -> tuple[int, ...]:
        if self._exactly(8) != SIGNATURE or self._chunk_head() != (13, b"IHDR"):
            raise self._damaged("its header is missing")
        content, check = self._exactly(13), self._exactly(4)
        if zlib.crc32(b"IHDR" + content) != int.from_bytes(check, "big"):
            raise self._damaged("a check sum is wrong")
        return struct.unpack(">IIBBBBB", content)

    def _chunk_head(self) -> tuple[int, bytes]:
        length, kind = struct.unpack(">I4s", self._exactly(8))
        return length, kind

    def _exactly(self, count: int) -> bytes:
        content = self._file.read(count)
        if len(content) != count:
            raise self._damaged("it is cut short")
        return content

    def _damaged(self, why: str) -> DefectStudioError:
        hint = "Save it again as PNG, or leave it out of the folder."
        return DefectStudioError(f"{self.path} is damaged: {why}.", hint=hint)


@contextmanager
def rows_of(path: Path) -> Iterator[RowReader | None]:
    """A reader for a PNG, or None where the file is of another kind or coded in a way that only reads as a whole."""
    try:
        with path.open("rb") as file:
            png = file.read(8) == SIGNATURE
            file.seek(0)
            reader = RowReader(path, file) if png else None
            yield reader if reader is not None and reader.readable else None
    except OSError as error:
        raise DefectStudioError(f"{path} cannot be read: {error.strerror or error}.") from error


def _decoded(width: int, height: int, colour: int, rows: bytes, reader: RowReader) -> Bytes:
    """Coded rows of 8-bit samples as pixels: (height, width) or (height, width, samples)."""
    stream = io.BytesIO()
    stream.write(SIGNATURE)
    _write_chunk(stream, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    _write_chunk(stream, b"IDAT", zlib.compress(rows, 0))
    _write_chunk(stream, b"IEND", b"")
    stream.seek(0)
    try:
        with Image.open(stream, formats=["PNG"]) as image:
            return np.asarray(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise reader._damaged(str(error)) from error


def write_grey(path: Path, shape: tuple[int, int], bands: Iterable[Bytes]) -> None:
    """Write bands of rows (h, width) uint8, together of `shape`, as one 8-bit grey PNG; whole or not at all."""
    with written_whole(path, durable=False) as temporary, temporary.open("wb") as file:
        file.write(SIGNATURE)
        _write_chunk(file, b"IHDR", struct.pack(">IIBBBBB", shape[1], shape[0], 8, 0, 0, 0, 0))
        packer = zlib.compressobj(3)
        for band in bands:
            # Every row begins with its filter, here none.
            _write_chunk(file, b"IDAT", packer.compress(np.pad(band, [(0, 0), (1, 0)]).tobytes()))
        _write_chunk(file, b"IDAT", packer.flush())
        _write_chunk(file, b"IEND", b"")


def _write_chunk(file: IO[bytes], kind: bytes, content: bytes) -> None:
    file.write(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content)))
