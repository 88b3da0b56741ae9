"""Published supervision splits: which images of a set may be trained with their masks.

The authors of KolektorSDD's benchmarks publish them as pickles, `[train, test]`, each a list of `(stem, segmented)`
pairs, or a list of such lists (one a fold or class). A pickle can run code when it is loaded, so only the handful of
instructions that build lists, tuples, numbers, text and truth values is accepted; JSON of the same shape is read too.
"""

from __future__ import annotations

import io
import json
import pickle
import pickletools
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.plan import Finding, ImportPlan
from defectstudio.domain.errors import DefectStudioError

MAX_BYTES = 8 * 2**20
Pairs: TypeAlias = list[tuple[str, bool]]
"""(stem, whether its mask may be used) of one fold, class or part."""

_PATTERN = re.compile(r"split[\w-]*\d\.(pyb|pkl|pickle|json)$", re.IGNORECASE)
_PLAIN_OPCODES = (
    "PROTO FRAME MARK STOP EMPTY_LIST LIST APPEND APPENDS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 MEMOIZE PUT BINPUT "
    "LONG_BINPUT GET BINGET LONG_BINGET NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 UNICODE BINUNICODE "
    "SHORT_BINUNICODE STRING BINSTRING SHORT_BINSTRING"
)


class _PlainUnpickler(pickle.Unpickler):
    """Refuses every class and function, should one slip past the list of instructions."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"it names {module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError("it names an outside object")


def read_split_file(path: Path) -> list[list[Pairs]]:
    """Train and test part of a published split, each a list of one or more lists of pairs.

    Raises DefectStudioError when the file is too large, damaged, holds anything but plain lists, or has another shape.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 2**20} MiB")
        raw = path.read_bytes()
        return _parts(json.loads(raw) if path.suffix.lower() == ".json" else _plain_pickle(raw))
    except (pickle.UnpicklingError, ValueError, EOFError, IndexError, KeyError, TypeError, OSError) as error:
        raise _refused(path, error) from error
    except (AttributeError, OverflowError, MemoryError, RecursionError) as error:
        raise _refused(path, error) from error


def split_files(folder: Path) -> list[Path]:
    """Files named like split_16.pyb or split_16.json: in the folder, in its subfolders named *split*, or beside it.

    Of a pickle and a JSON file of one name, only the first found is kept.
    """
    homes = [folder, *_split_folders(folder), folder.parent, *_split_folders(folder.parent)]
    found: dict[str, Path] = {}
    for home in homes:
        for path in sorted(_listed(home)):
            if path.is_file() and not path.is_symlink() and _PATTERN.match(path.name):
                found.setdefault(path.stem, path)
    return list(found.values())


def add_published_splits(
    plan: ImportPlan, source: Source, names_of: Callable[[int, int, str], tuple[str, Iterable[str]] | None]
) -> None:
    """Fill `plan.segmented` from the split files in or beside the source.

    `names_of(part, number, stem)` gives (split or fold, image names) for a pair, part 0 train and 1 test; None for a
    pair that says nothing. Files that fit no image of the plan are named in a finding and left alone.
    """
    known = {item.name for item in plan.items}
    for path in split_files(source.root):
        try:
            parts = read_split_file(path)
        except DefectStudioError as error:
            plan.findings.append(_finding(str(error), "warning"))
            continue
        chosen, missing = _chosen(parts, known, names_of)
        if not any(chosen.values()):
            plan.findings.append(_finding(f"{path.name} fits no image of this folder and is not used.", "note"))
            continue
        source.use(path)
        plan.segmented[path.stem] = {split: frozenset(names) for split, names in chosen.items()}
        if missing:
            plan.findings.append(_finding(f"{path.name} names {missing} images that are not here.", "note"))


def _chosen(
    parts: list[list[Pairs]],
    known: set[str],
    names_of: Callable[[int, int, str], tuple[str, Iterable[str]] | None],
) -> tuple[dict[str, set[str]], int]:
    chosen: dict[str, set[str]] = {}
    missing = 0
    for part, groups in enumerate(parts):
        for number, pairs in enumerate(groups):
            for stem, segmented in pairs:
                named = names_of(part, number, stem)
                if named is None:
                    continue
                here = known.intersection(named[1])
                missing += not here
                chosen.setdefault(named[0], set()).update(here if segmented else ())
    return chosen, missing


def _plain_pickle(raw: bytes) -> Any:
    for opcode, argument, _ in pickletools.genops(raw):
        if opcode.name not in _PLAIN_OPCODES.split():
            raise ValueError(f"it holds more than plain lists ({opcode.name})")
        # The unpickler sets room aside for the highest memo number named, however small the file is.
        if opcode.name.endswith("PUT") and int(str(argument)) > len(raw):
            raise ValueError("its memo is out of range")
    return _PlainUnpickler(io.BytesIO(raw), encoding="ascii").load()


def _parts(loaded: Any) -> list[list[Pairs]]:
    if not isinstance(loaded, list | tuple) or len(loaded) != 2:
        raise ValueError("it is not a train and a test list")
    return [[_pairs(part)] if _is_pairs(part) else [_pairs(group) for group in part] for part in loaded]


def _is_pairs(part: Any) -> bool:
    if not isinstance(part, list | tuple):
        raise ValueError("a part is not a list")
    return not part or (len(part[0]) == 2 and isinstance(part[0][1], bool | int))


def _pairs(group: Any) -> Pairs:
    if not isinstance(group, list | tuple):
        raise ValueError("a fold is not a list")
    pairs = [(pair[0], pair[1]) for pair in group if isinstance(pair, list | tuple) and len(pair) == 2]
    if len(pairs) != len(group) or not all(isinstance(stem, str | int) and flag in (0, 1) for stem, flag in pairs):
        raise ValueError("an entry is not a pair of a name and true or false")
    return [(str(stem), bool(flag)) for stem, flag in pairs]


def _split_folders(folder: Path) -> list[Path]:
    return sorted(path for path in _listed(folder) if "split" in path.name.lower() and path.is_dir())


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        # A folder beside the source that may not be listed holds nothing for us.
        return []


def _finding(text: str, severity: str) -> Finding:
    return Finding(severity, text, kind="split file")


def _refused(path: Path, error: Exception) -> DefectStudioError:
    return DefectStudioError(
        f"{path} is no split file that can be read: {error}.",
        hint="Use the published pickle or a JSON file of the same lists, or remove it.",
    )
