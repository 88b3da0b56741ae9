"""A project is one folder: `project.db`, `images/`, `runs/`, `cache/`. One writer at a time; readers any number."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType

import filelock

from defectstudio.data.images import PixelStore
from defectstudio.data.journal import Journal
from defectstudio.data.maps import TILE, from_tiles
from defectstudio.data.snapshot import Pixels, Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event
from defectstudio.domain.labels import Box, ImageId, Verdict, encode_runs
from defectstudio.domain.state import ImageState, LabelState

DATABASE = "project.db"
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"}


class ProjectLocked(DefectStudioError):
    """Somebody else is writing to the project; it can still be opened for reading."""


class Project:
    """One open project: its state in memory, its journal, its pixels."""

    def __init__(self, folder: Path, *, readonly: bool = False, create: bool = False) -> None:
        """Open a project folder; prefer `Project.open` and `Project.create`."""
        self.folder = folder
        self.readonly = readonly
        self._lock = None if readonly else _lock(folder)
        try:
            self.journal = Journal(folder / DATABASE, create=create, readonly=readonly, local=is_local(folder))
            self.state: LabelState = self.journal.load()
        except BaseException:
            self._release()
            raise
        self.pixels = PixelStore(self.images_folder)

    @classmethod
    def create(cls, folder: Path) -> Project:
        """Make a new project in an empty or absent folder and open it for writing.

        Raises DefectStudioError when the folder holds something already or cannot be written.
        """
        if (folder / DATABASE).exists():
            raise DefectStudioError(f"{folder} is a project already.", hint="Open it, or choose another folder.")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise DefectStudioError(f"{folder} is not an empty folder.", hint="Choose a new folder for the project.")
        try:
            for part in ("images", "runs", "cache"):
                (folder / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DefectStudioError(
                f"{folder} cannot be made: {error.strerror}.", hint="Choose a folder that you may write to."
            ) from error
        return cls(folder, create=True)

    @classmethod
    def open(cls, folder: Path, *, readonly: bool = False) -> Project:
        """Open a project. Raises ProjectLocked when another program writes to it, DefectStudioError when it is none."""
        if not (folder / DATABASE).is_file():
            raise DefectStudioError(
                f"{folder} is not a DefectStudio project.", hint="`defectstudio new FOLDER` makes one."
            )
        return cls(folder, readonly=readonly)

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files and let others write."""
        self.pixels.close()
        self.journal.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            _holder_file(self.folder).unlink(missing_ok=True)
            self._lock.release()

    @property
    def images_folder(self) -> Path:
        return self.folder / "images"

    @property
    def runs_folder(self) -> Path:
        return self.folder / "runs"

    @property
    def cache_folder(self) -> Path:
        return self.folder / "cache"

    def commit(self, name: str, events: Sequence[Event], *, reverts: int | None = None) -> int:
        """Record one gesture, durably, and apply it to `state`; returns its number."""
        return self.journal.commit(self.state, name, events, reverts=reverts)

    def read(self, image: ImageId, level: int = 0, box: Box | None = None) -> Pixels:
        """Pixels of an image at its own depth; see `PixelStore.read`."""
        return self.pixels.read(self.state.images[image].info.shard, image, level, box)

    def present_images(self) -> list[ImageId]:
        """The images of the project, in the order they were imported."""
        return [image for image, entry in self.state.images.items() if entry.present]

    def segmented_images(self) -> set[ImageId]:
        """Images with a complete label map (eq. 3's gamma = 1): good ones, and fully drawn ones with a defect."""
        sums = self.journal.tile_sums()
        return {i for i in self.present_images() if self._segmented(self.state.images[i], sums.get(i, (0, 0, 0)))}

    @staticmethod
    def _segmented(entry: ImageState, sums: tuple[int, int, int]) -> bool:
        """`sums`: how many tiles are stored, how many pixels are unknown, how many defective."""
        if entry.tag.verdict is not Verdict.DEFECTIVE:
            return entry.tag.verdict is Verdict.GOOD
        tiles, unknown, defect = sums
        rows, columns = (-(-side // TILE) for side in entry.shape)
        return tiles == rows * columns and unknown == 0 and defect > 0

    def snapshot(self) -> Snapshot:
        """The labels as they are now, for a job to work on in another thread."""
        shards = {image: self.state.images[image].info.shard for image in self.present_images()}
        store = self.pixels

        def read(image: SnapshotImage) -> Pixels:
            return store.read(shards[image.id], image.id)

        sums, codes = self.journal.tile_sums(), self._codes()
        images = tuple(self._snapshot_image(i, codes.get(i), sums.get(i, (0, 0, 0))) for i in shards)
        classes = tuple(self.state.classes[index] for index in sorted(self.state.classes))
        return Snapshot(self.journal.last_event, classes, images, read)

    def _codes(self) -> dict[ImageId, bytes]:
        """The run-length code of each label map as it is on disk, which a stroke not yet finished does not change."""
        codes: dict[ImageId, bytes] = {}
        for image, pairs in groupby(self.journal.all_tiles(), key=lambda pair: pair[0]):
            tiles = [tile for _, tile in pairs]
            shape = self.state.images[image].shape
            codes[image] = tiles[0].code if max(shape) <= TILE else encode_runs(from_tiles(shape, tiles))
        return codes

    def _snapshot_image(self, image: ImageId, code: bytes | None, sums: tuple[int, int, int]) -> SnapshotImage:
        entry = self.state.images[image]
        return SnapshotImage.of(image, entry.info, entry.placement, entry.tag, code, self._segmented(entry, sums))


def is_local(folder: Path) -> bool:
    """False where the folder lies on a network share, on which SQLite's WAL and file locks cannot be trusted."""
    if sys.platform == "win32":
        import ctypes

        drive_remote = 4
        return bool(ctypes.windll.kernel32.GetDriveTypeW(str(folder.resolve().anchor)) != drive_remote)
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return True
    kinds = {line.split()[1]: line.split()[2] for line in mounts.read_text().splitlines()}
    resolved = folder.resolve()
    return (
        next((kinds[str(p)] for p in (resolved, *resolved.parents) if str(p) in kinds), "") not in NETWORK_FILE_SYSTEMS
    )


def _holder_file(folder: Path) -> Path:
    return folder / "project.lock.json"


def _lock(folder: Path) -> filelock.BaseFileLock:
    lock = filelock.FileLock(folder / "project.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise ProjectLocked(
            f"The project {folder.name} is open for writing {_holder(folder)}.",
            hint="Close it there, or open it here for reading only.",
        ) from error
    except OSError as error:
        raise DefectStudioError(
            f"{folder} cannot be written: {error.strerror}.", hint="Open it for reading only, or copy it elsewhere."
        ) from error
    holder = {"computer": socket.gethostname(), "process": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M")}
    _holder_file(folder).write_text(json.dumps(holder), encoding="utf-8")
    return lock


def _holder(folder: Path) -> str:
    try:
        holder = json.loads(_holder_file(folder).read_text(encoding="utf-8"))
        return f"on {holder['computer']} (process {holder['process']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "in another program"
