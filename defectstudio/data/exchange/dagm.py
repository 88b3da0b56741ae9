"""DAGM 2007: `ClassN/Train` and `ClassN/Test` with images, `Label/` with ellipse masks and `Labels.txt`.

The folder is one class or holds several. A line of Labels.txt is number, verdict (0 or 1), image, 0, mask (0: none).
Defects of ClassN are the class "ClassN"; an image that the list calls 0, or whose mask is empty, is good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from defectstudio.data.exchange.files import Source, inside
from defectstudio.data.exchange.masks import Doubts, item_by_mask, item_by_tag, marked, report_orphans, with_masks
from defectstudio.data.exchange.official import add_published_splits
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Verdict

_CLASS = re.compile(r"class\s*(\d+)$", re.IGNORECASE)
_SPLITS = ("train", "test")


@dataclass(slots=True)
class _Listing:
    """What one Labels.txt says, by image stem in lower case."""

    present: bool = False
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    masks: dict[str, Path] = field(default_factory=dict)


class Dagm2007:
    name = "dagm2007"
    title = "DAGM 2007"

    def detect(self, folder: Path) -> float:
        """Sure when a class folder has a split with a `Label` folder in it."""
        return 0.95 if any(_label_folder(split) for one in _classes(folder) for split in _splits(one)) else 0.0

    def read(self, folder: Path) -> ImportPlan:
        source = Source.open(folder)
        doubts = Doubts()
        classes = _classes(folder)
        names = tuple(path.name for path in classes)
        items: list[ImportItem] = []
        for index, one in enumerate(classes, start=1):
            for split in _splits(one):
                items += _read_split(source, split, one.name, index, doubts)
        doubts.report(source)
        return _with_splits(ImportPlan(self.name, folder, items, names, source.findings), source)


def _classes(folder: Path) -> list[Path]:
    """The class folders: this one, or those in it, by number."""
    if _CLASS.match(folder.name):
        return [folder]
    found = [path for path in folder.iterdir() if _CLASS.match(path.name) and path.is_dir()]
    return sorted(found, key=lambda path: _number(path.name))


def _number(name: str) -> int:
    match = _CLASS.match(name)
    return int(match.group(1)) if match else 0


def _splits(one: Path) -> list[Path]:
    return [path for path in sorted(one.iterdir(), reverse=True) if path.name.lower() in _SPLITS and path.is_dir()]


def _label_folder(split: Path) -> Path | None:
    return next((path for path in split.iterdir() if path.name.lower() == "label" and path.is_dir()), None)


def _read_split(source: Source, split: Path, name: str, index: int, doubts: Doubts) -> list[ImportItem]:
    label_folder = _label_folder(split)
    masks = {_mask_base(path): path for path in source.images if path.parent == label_folder}
    listing = _listing(source, label_folder)
    items = []
    images = [path for path in source.images if path.parent == split]
    for path in images:
        stem = path.stem.lower()
        mask = listing.masks.get(stem) or masks.get(stem)
        verdict = listing.verdicts.get(stem, Verdict.UNLABELLED)
        draft = ImportItem(path, source.name_of(path), verdict, split.name.lower(), classes=(name,))
        draft = with_masks(draft, (mask,) if mask else (), marked(index))
        known = listing.present and verdict is not Verdict.UNLABELLED
        items.append(item_by_tag(source, draft, doubts) if known else item_by_mask(source, draft, doubts))
    stems = {path.stem.lower() for path in images}
    _report_missing(source, split, listing, stems)
    report_orphans(source, [path for stem, path in masks.items() if stem not in stems])
    return [item for item in items if item is not None]


def _mask_base(path: Path) -> str:
    return path.stem.lower().removesuffix("_label")


def _listing(source: Source, label_folder: Path | None) -> _Listing:
    listing = _Listing()
    path = label_folder and next((path for path in label_folder.iterdir() if path.name.lower() == "labels.txt"), None)
    if not path or not label_folder:
        return listing
    source.use(path)
    listing.present = True
    unclear = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        cells = line.split()
        if len(cells) >= 5:
            try:
                _take(listing, cells, label_folder)
            except (DefectStudioError, KeyError):
                unclear.append(line.strip())
    if unclear:
        text = f"{source.text_of(path)}: lines are not understood or lead out of the folder ({len(unclear)})"
        source.note("warning", f"{text}: {unclear[0]!r}.", kind="outside")
    return listing


def _take(listing: _Listing, cells: list[str], label_folder: Path) -> None:
    """One line: number, verdict, image, 0, mask or 0. Raises KeyError or DefectStudioError when it is odd."""
    stem = inside(label_folder.parent, cells[2]).stem.lower()
    mask = None if cells[4] == "0" else inside(label_folder, cells[4])
    listing.verdicts[stem] = {"0": Verdict.GOOD, "1": Verdict.DEFECTIVE}[cells[1]]
    if mask is not None and mask.is_file():
        listing.masks[stem] = mask


def _report_missing(source: Source, split: Path, listing: _Listing, here: set[str]) -> None:
    missing = [stem for stem in listing.verdicts if stem not in here]
    if missing:
        text = f"{source.text_of(split)}: images are listed but not here ({len(missing)}): {', '.join(missing[:3])} ..."
        source.note("warning", text, kind="missing")


def _with_splits(plan: ImportPlan, source: Source) -> ImportPlan:
    """Published splits list, in each part, one list a class, of image file names."""
    names = {(_number(_class_folder(item).name), item.split, item.path.name.lower()): item.name for item in plan.items}

    def names_of(part: int, number: int, stem: str) -> tuple[str, Iterable[str]]:
        return _SPLITS[part], [names.get((number + 1, _SPLITS[part], stem.lower()), "")]

    add_published_splits(plan, source, names_of)
    source.finish()
    return plan


def _class_folder(item: ImportItem) -> Path:
    return item.path.parent.parent
