"""Looking through a source folder without ever leaving it or changing it.

Symbolic links that lead out of the folder are not followed; paths that files inside it name (tables, lists, split
files) are refused when they are absolute or climb out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from defectstudio.data.exchange.plan import Finding
from defectstudio.data.pixels import is_image
from defectstudio.domain.errors import DefectStudioError

_SHOWN = 3


@dataclass(slots=True)
class Source:
    """The files under one folder, in natural order, and what was found while looking."""

    root: Path
    files: list[Path]
    findings: list[Finding] = field(default_factory=list)
    used: set[Path] = field(default_factory=set)

    @classmethod
    def open(cls, folder: Path) -> Source:
        """Every file below `folder`. Raises DefectStudioError when it is no folder or may not be read."""
        if not folder.is_dir():
            raise DefectStudioError(f"{folder} is not a folder.", hint="Name the folder that holds the images.")
        source = cls(folder, [])
        outside: list[Path] = []
        for directory, names, files in os.walk(folder, onerror=_refuse):
            here = Path(directory)
            outside += [here / name for name in names if (here / name).is_symlink()]
            for path in (here / name for name in files):
                (outside if path.is_symlink() and not _is_inside(path, folder) else source.files).append(path)
        source.files.sort(key=lambda path: natural_key(path.relative_to(folder).as_posix()))
        if outside:
            source.note("warning", "Links are not followed; copy what they point to", sorted(outside), kind="outside")
        return source

    @property
    def images(self) -> list[Path]:
        return [path for path in self.files if is_image(path)]

    def text_of(self, path: Path) -> str:
        """The path as messages show it: relative to the source, forward slashes."""
        return path.relative_to(self.root).as_posix()

    def name_of(self, path: Path) -> str:
        """The path within the source without extension: an image's name."""
        return self.text_of(path.with_suffix(""))

    def use(self, *paths: Path) -> None:
        """These files were understood; what is left at the end is listed as ignored."""
        self.used.update(paths)

    def note(self, severity: str, text: str, paths: Iterable[Path] = (), *, kind: str) -> None:
        """Add a finding; with paths, its text is "<text> (count): first, second, third ..."."""
        named = tuple(self.text_of(path) for path in paths)
        shown = ", ".join(named[:_SHOWN]) + (" ..." if len(named) > _SHOWN else "")
        full = f"{text} ({len(named)}): {shown}." if named else text
        self.findings.append(Finding(severity, full, named, kind))

    def finish(self) -> list[Finding]:
        """All findings, with one that lists every file no part of the import uses."""
        left = [path for path in self.files if path not in self.used]
        if left:
            self.note("note", "Files ignored", left, kind="ignored")
        return self.findings


def inside(root: Path, text: str) -> Path:
    """The path that a file of the source names, under `root`.

    Raises DefectStudioError when the path is empty, absolute, climbs with `..`, or leads out through a link.
    """
    parts = PurePosixPath(text.strip().replace("\\", "/"))
    absolute = parts.is_absolute() or PureWindowsPath(text.strip()).drive or "\0" in text
    path = root / parts
    if not parts.parts or absolute or ".." in parts.parts or not _is_inside(path, root):
        raise DefectStudioError(
            f"The path {text!r} leads out of the folder {root}.", hint="List files by their path inside the folder."
        )
    return path


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key in which Part2 comes before Part10."""
    return tuple((0, int(run), "") if run.isdecimal() else (1, 0, run) for run in re.split(r"(\d+)", text) if run)


def _is_inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def _refuse(error: OSError) -> None:
    raise DefectStudioError(
        f"{error.filename} may not be read.", hint="Ask for read permission, or choose another folder."
    ) from error
