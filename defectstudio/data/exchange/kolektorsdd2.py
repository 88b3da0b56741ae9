"""KolektorSDD2: `train/` and `test/` with `<id>.png` and its mask `<id>_GT.png`.

Any mask value above 0 is a defect and an empty mask means good. Published supervision splits (`split_16.pyb` ...) in
or beside the folder say which masks may be used.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.masks import DEFECT, Doubts, item_by_mask, marked, report_orphans, with_masks
from defectstudio.data.exchange.official import add_published_splits
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.pixels import is_image
from defectstudio.domain.labels import Verdict

SPLITS = ("train", "test")


def _split_of(path: Path, root: Path) -> str | None:
    split = path.parent.name.lower()
    return split if split in SPLITS and path.parent.parent == root and is_image(path) else None


def _is_mask(path: Path) -> bool:
    return path.stem.upper().endswith("_GT")


class KolektorSDD2:
    name = "kolektorsdd2"
    title = "KolektorSDD2"

    def detect(self, folder: Path) -> float:
        """Sure when `train/` or `test/` holds a `_GT` mask beside an image."""
        for split in folder.iterdir():
            if split.name.lower() in SPLITS and split.is_dir():
                stems = {path.stem for path in split.iterdir() if is_image(path)}
                if any(stem.upper().endswith("_GT") and stem[:-3] in stems for stem in stems):
                    return 0.95
        return 0.0

    def read(self, folder: Path) -> ImportPlan:
        source = Source.open(folder)
        doubts = Doubts()
        images = {path: split for path in source.images if (split := _split_of(path, folder))}
        masks = {source.name_of(path)[:-3]: path for path in images if _is_mask(path)}
        items = []
        for path, split in images.items():
            if _is_mask(path):
                continue
            mask = masks.pop(source.name_of(path), None)
            draft = ImportItem(path, source.name_of(path), Verdict.UNLABELLED, split, classes=(DEFECT,))
            items.append(item_by_mask(source, with_masks(draft, (mask,) if mask else (), marked()), doubts))
        doubts.report(source)
        report_orphans(source, masks.values())
        found = [item for item in items if item is not None]
        return self._with_splits(ImportPlan(self.name, folder, found, (DEFECT,), source.findings), source)

    def _with_splits(self, plan: ImportPlan, source: Source) -> ImportPlan:
        names = {(item.split, item.path.stem): item.name for item in plan.items}

        def names_of(part: int, _: int, stem: str) -> tuple[str, Iterable[str]]:
            split = SPLITS[part]
            return split, [names.get((split, stem), "")]

        add_published_splits(plan, source, names_of)
        source.finish()
        return plan
