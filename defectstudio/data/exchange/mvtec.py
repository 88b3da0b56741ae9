"""MVTec AD's layout: `<category>/train/good`, `test/<good or defect>` and `ground_truth/<defect>/<stem>_mask.png`.

The folder is one category or holds several; with several, classes are named `category/defect`. Any mask value above
0 is the defect. A defective image without a mask keeps its tag alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.masks import Doubts, item_by_tag, marked, report_orphans, with_masks
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.domain.labels import Verdict

_SPLITS = ("train", "test", "validation")
_GOOD = "good"
_TRUTH = "ground_truth"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file stands: category ("" where the folder is one category), split or ground_truth, kind of defect."""

    category: str
    part: str
    kind: str

    def class_name(self, several: bool) -> str:
        return f"{self.category}/{self.kind}" if several else self.kind


class MVTec:
    name = "mvtec"
    title = "MVTec AD"

    def detect(self, folder: Path) -> float:
        """Sure when a category has `train/good` or `test/good` and `ground_truth`; fairly sure without the latter."""
        for category in (folder, *(path for path in folder.iterdir() if path.is_dir())):
            inner = {path.name.lower(): path for path in category.iterdir()}
            if any((inner[split] / _GOOD).is_dir() for split in ("train", "test") if split in inner):
                return 0.9 if _TRUTH in inner else 0.6 if {"train", "test"} <= inner.keys() else 0.0
        return 0.0

    def read(self, folder: Path) -> ImportPlan:
        source = Source.open(folder)
        doubts = Doubts()
        placed = {path: place for path in source.images if (place := _place(path, folder))}
        masks = {_key(place, path): path for path, place in placed.items() if place.part == _TRUTH}
        images = {path: place for path, place in placed.items() if place.part != _TRUTH}
        several = len({place.category for place in images.values()}) > 1
        classes = {path: place.class_name(several) for path, place in images.items() if place.kind.lower() != _GOOD}
        names = tuple(sorted(set(classes.values())))
        items = []
        for path, place in images.items():
            mask = masks.pop(_key(place, path), None) if place.part != "train" else None
            draft = _draft(source, path, place.part, classes.get(path))
            labels = marked(names.index(classes[path]) + 1 if path in classes else 1)
            items.append(item_by_tag(source, with_masks(draft, (mask,) if mask else (), labels), doubts))
        doubts.report(source)
        report_orphans(source, masks.values())
        found = [item for item in items if item is not None]
        return ImportPlan(self.name, folder, found, names, source.finish())


def _place(path: Path, root: Path) -> _Place | None:
    parts = path.relative_to(root).parts
    if len(parts) not in (3, 4):
        return None
    part, kind = parts[-3].lower(), parts[-2]
    return _Place("/".join(parts[:-3]), part, kind) if part in (*_SPLITS, _TRUTH) else None


def _key(place: _Place, path: Path) -> tuple[str, str, str]:
    return place.category, place.kind.lower(), path.stem.lower().removesuffix("_mask")


def _draft(source: Source, path: Path, part: str, name: str | None) -> ImportItem:
    split = "val" if part == "validation" else part
    verdict = Verdict.GOOD if name is None else Verdict.DEFECTIVE
    return ImportItem(path, source.name_of(path), verdict, split, classes=(name,) if name else ())
