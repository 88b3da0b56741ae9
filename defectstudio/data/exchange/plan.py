"""What an importer found, before anything is written: the same for every format.

A reader turns a folder into an `ImportPlan`; `preview` prints it; `data.project` writes it. Readers never change
the source folder and never follow a path out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from defectstudio.domain.labels import LabelMap, Verdict

MaskReader: TypeAlias = Callable[[tuple[int, int]], LabelMap | None]
"""Given the image's (height, width), the label map (0 healthy, 1..C class, 255 unknown), or None when the mask is
empty or says nothing. Raises DefectStudioError naming the file when the mask cannot be read or has another size."""


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One image to import. `name` is its path within the source, with forward slashes, without extension."""

    path: Path
    name: str
    verdict: Verdict
    split: str = ""
    group: str = ""
    classes: tuple[str, ...] = ()
    masks: tuple[Path, ...] = ()
    read_map: MaskReader | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the source that a person should know; `severity` is "note", "warning" or "error".

    An item with an error is left out of the import; the rest goes in. `kind` is a short fixed word by which findings
    can be told apart ("ignored", "contradiction", "duplicate" ...).
    """

    severity: str
    text: str
    paths: tuple[str, ...] = ()
    kind: str = ""


@dataclass(slots=True)
class ImportPlan:
    """All that one source folder would bring in."""

    format: str
    source: Path
    items: list[ImportItem]
    classes: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)
    segmented: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    """Published supervision splits: {split file stem: {split or fold: names whose masks may be used}}."""


class Format(Protocol):
    """A reader: how sure it is that a folder has its layout (0..1), and what the folder holds."""

    name: str
    title: str

    def detect(self, folder: Path) -> float: ...

    def read(self, folder: Path) -> ImportPlan: ...


def paths_as_text(paths: Iterable[Path], root: Path) -> tuple[str, ...]:
    """Paths for messages: relative to the source folder, forward slashes."""
    return tuple(path.relative_to(root).as_posix() for path in paths)
