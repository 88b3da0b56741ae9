"""Session bundles: one sealed file that holds recorded steps and the images they touch, to be sent to somebody.

The file is a line that names the format, a line with the SHA-256 of everything after it, and a ZIP archive: what the
session is (`manifest.json`), its steps (`events.jsonl`), pixels as plain arrays (`images/<id>.raw`), and, where asked
for, runs and rounds. Nothing in it is executed or unpickled, and pixels need no parser. Unlike `app.bundles`, which are
detectors to run elsewhere, a session bundle is work to look at.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

VERSION = 1
MAGIC = b"DefectStudio session "
DIGITS = 64
MANIFEST, EVENTS = "manifest.json", "events.jsonl"
CHUNK = 1 << 20

MOST_ENTRIES = 1_000_000
MOST_MANIFEST = 256 << 20
MOST_LINE = 512 << 20
MOST_PIXELS = 400_000_000
"""Of one image; as for label maps."""
MOST_FILE = 8 << 30
RUN_FILE = re.compile(r"(runs/[A-Za-z0-9][\w.-]{0,99}|rounds/\d{3,6}|mining)/[A-Za-z0-9][\w-]{0,60}\.[a-z0-9]{1,12}")
NAMED = re.compile(r"[A-Za-z0-9][\w.-]{0,99}")
"""What shards and runs may be called: names that lead nowhere else."""


class PixelEntry(BaseModel):
    """One image: its number, its shape and depth, and the shard that it is to be put into."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: int = Field(ge=1, le=2**62)
    height: int = Field(ge=1, le=100_000)
    width: int = Field(ge=1, le=100_000)
    channels: Literal[1, 3]
    bits: Literal[8, 16]
    shard: str

    @model_validator(mode="after")
    def _sensible(self) -> PixelEntry:
        if self.height * self.width > MOST_PIXELS:
            raise ValueError(f"image {self.id} is too large")
        if not NAMED.fullmatch(self.shard):
            raise ValueError(f"{self.shard!r} is no name of a shard")
        return self

    @property
    def size(self) -> int:
        """Bytes of its pixels."""
        return self.height * self.width * self.channels * self.bits // 8

    @property
    def name(self) -> str:
        """Its place in the archive."""
        return f"images/{self.id}.raw"


class Manifest(BaseModel):
    """What a session bundle holds.

    `first`, `last`: the events of the original project that were asked for; `events`, `steps`: how many are in the
    bundle, with what led to them on the same images. `digest`: of the state they fold to (`data.retelling`). `files`:
    name and size of files of runs and rounds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    program: str
    anonymised: bool
    project: str = ""
    first: int = Field(ge=0)
    last: int = Field(ge=0)
    events: int = Field(ge=0)
    steps: int = Field(ge=0)
    digest: str
    images: tuple[PixelEntry, ...]
    files: dict[str, int] = Field(default_factory=dict)


@contextmanager
def written_bundle(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive to fill; at the end it is sealed and takes the place of `path`. When the block fails nothing is left.

    Raises DefectStudioError when the disk is full or the folder cannot be written.
    """
    head = b"%b%d\n" % (MAGIC, VERSION)
    with written_whole(path) as temporary, temporary.open("w+b") as file:
        file.write(head + b"0" * DIGITS + b"\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            yield archive
        file.seek(len(head) + DIGITS + 1)
        seal = _digest(file)
        file.seek(len(head))
        file.write(seal.encode())


def entry(name: str) -> zipfile.ZipInfo:
    """An entry without the time of day, so that the same session gives the same file."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


@contextmanager
def opened_bundle(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A bundle whose seal holds, and its manifest; nothing of it is decoded before that is known.

    Raises DefectStudioError for what is no bundle, one of a newer version, and one that was changed or cut off.
    """
    try:
        with path.open("rb") as file:
            _check_seal(file, path)
            with zipfile.ZipFile(file) as archive:
                yield archive, _manifest(archive, path)
    except OSError as error:
        raise DefectStudioError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> DefectStudioError:
    """The one message for whatever is wrong with the bytes of a bundle."""
    return DefectStudioError(
        f"{path.name} was changed or cut off after it was written.", hint="Ask for the session to be sent once more."
    )


def _check_seal(file: IO[bytes], path: Path) -> None:
    line = file.readline(len(MAGIC) + 12)
    found = re.fullmatch(re.escape(MAGIC) + rb"(\d{1,9})\n", line)
    if found is None or int(found[1]) < 1:
        raise DefectStudioError(f"{path.name} is no session of DefectStudio.", hint="`session export` makes one.")
    if int(found[1]) > VERSION:
        raise DefectStudioError(
            f"A newer DefectStudio wrote this session (version {int(found[1])}; this one knows {VERSION}).",
            hint="Install the newer version to read it.",
        )
    if file.read(DIGITS + 1) != _digest(file).encode() + b"\n":
        raise damaged(path)
    file.seek(0)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    names = archive.namelist()
    if len(names) > MOST_ENTRIES or len(set(names)) != len(names):
        raise damaged(path)
    try:
        manifest = Manifest.model_validate_json(read_whole(archive, MANIFEST, MOST_MANIFEST, path))
    except (ValidationError, ValueError, RecursionError) as error:
        raise damaged(path) from error
    _check_names(archive, manifest, path)
    return manifest


def _check_names(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    """Every entry is one that the manifest names, of the size that it says, and lies below the folder."""
    sizes = {one.name: one.size for one in manifest.images} | manifest.files
    strange = [name for name in manifest.files if not RUN_FILE.fullmatch(name)]
    there = {info.filename: info.file_size for info in archive.infolist()}
    strange += sorted(set(there) - set(sizes) - {MANIFEST, EVENTS})
    if strange:
        raise DefectStudioError(
            f"{path.name} holds a file that no session has: {strange[0]!r}.", hint="Do not use it; nothing was written."
        )
    if any(there.get(name) != size for name, size in sizes.items()) or EVENTS not in there:
        raise damaged(path)
    if max(manifest.files.values(), default=0) > MOST_FILE:
        raise DefectStudioError(f"{path.name} holds a file that is too large.", hint="Ask for it without its runs.")


def read_whole(archive: zipfile.ZipFile, name: str, most: int, path: Path) -> bytes:
    """An entry of at most so many bytes, whatever it says of its size."""
    try:
        with archive.open(name) as file:
            data = file.read(most + 1)
    except KeyError as error:
        raise damaged(path) from error
    if len(data) > most:
        raise damaged(path)
    return data


def lines_of(archive: zipfile.ZipFile, path: Path) -> Iterator[list[object]]:
    """The lines of the steps, each a JSON list, none longer than memory should hold."""
    with archive.open(EVENTS) as file:
        while line := file.readline(MOST_LINE):
            try:
                values = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise damaged(path) from error
            if not isinstance(values, list) or not values:
                raise damaged(path)
            yield values
