"""A folder that the line writes into: which files are complete, and what is wrong with the rest.

A file is taken when its size and time have stood still from one look to the next and it can be decoded. One that is
half-written, locked or damaged is tried again at every look, and reported once it has failed often enough without
changing; when it changes, it starts anew. One that vanishes before it could be read is reported too. No file is ever
lost without a word, and none stops the watching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from defectstudio.data.pixels import is_image, read_pixels
from defectstudio.domain.errors import DefectStudioError

PATIENCE = 5
"""Looks at an unchanged file that cannot be read, until it is reported."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be taken, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the folder has found: complete new files, files given up, and how many are still waited for."""

    ready: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    waiting: int = 0


@dataclass(slots=True)
class _Seen:
    facts: tuple[int, int]
    failures: int = 0
    reason: str = "It is still being written."
    reported: bool = False


def decodes(path: Path) -> None:
    """Raise DefectStudioError or OSError unless the pixels of a file can be read."""
    read_pixels(path)


@dataclass(slots=True)
class FolderWatch:
    """Looks at `folder` whenever `look` is called. `taken`: files, resolved, that are not new.

    `check` raises OSError or DefectStudioError for a file that cannot be read.
    """

    folder: Path
    taken: set[Path] = field(default_factory=set)
    patience: int = PATIENCE
    check: Callable[[Path], None] = decodes
    _seen: dict[Path, _Seen] = field(default_factory=dict)

    def look(self) -> Look:
        """One look. Never raises for a file; a folder that cannot be listed is a problem, too."""
        try:
            paths = sorted(path for path in self.folder.rglob("*") if is_image(path))
        except OSError as error:
            return Look(problems=(Problem(self.folder, error.strerror or str(error)),), waiting=len(self._seen))
        problems = list(self._gone(paths))
        ready = []
        for path in paths:
            if path not in self.taken and self._is_ready(path, problems):
                ready.append(path)
                self.taken.add(path)
                self._seen.pop(path, None)
        waiting = sum(not seen.reported for seen in self._seen.values())
        return Look(tuple(ready), tuple(problems), waiting)

    def _gone(self, paths: Iterable[Path]) -> Iterable[Problem]:
        for path in set(self._seen) - set(paths):
            seen = self._seen.pop(path)
            if not seen.reported:
                yield Problem(path, "It vanished before it could be read.")

    def _is_ready(self, path: Path, problems: list[Problem]) -> bool:
        """Whether a file has stood still since the last look and can be read; else what is known of it is kept."""
        try:
            stat = path.stat()
        except OSError:
            return False  # gone between listing and looking: the next look says so
        facts = (stat.st_size, stat.st_mtime_ns)
        seen = self._seen.get(path)
        if seen is None or seen.facts != facts:
            self._seen[path] = _Seen(facts)
            return False
        try:
            self.check(path)
        except (OSError, DefectStudioError) as error:
            self._failed(path, seen, error, problems)
            return False
        return True

    def _failed(self, path: Path, seen: _Seen, error: OSError | DefectStudioError, problems: list[Problem]) -> None:
        seen.failures += 1
        seen.reason = (error.strerror or str(error)) if isinstance(error, OSError) else error.message
        if seen.failures >= self.patience and not seen.reported:
            seen.reported = True
            problems.append(Problem(path, seen.reason))
