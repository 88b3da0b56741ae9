"""KolektorSDD: one folder an item, `kosNN/PartM.jpg` with its mask `PartM_label.bmp`.

Label files hold palette indices 0, 1 and once 2, not 0 and 255: anything above 0 is a defect, an empty mask means
good. The item is the group. With a published split file in or beside the folder, an item's fold is its split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.masks import DEFECT, Doubts, item_by_mask, marked, report_orphans, with_masks
from defectstudio.data.exchange.official import add_published_splits
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.pixels import is_image
from defectstudio.domain.labels import Verdict

_ITEM = re.compile(r"kos\d+$", re.IGNORECASE)


def _is_mask(path: Path) -> bool:
    return path.stem.lower().endswith("_label")


class KolektorSDD:
    name = "kolektorsdd"
    title = "KolektorSDD"

    def detect(self, folder: Path) -> float:
        """Sure when a folder `kosNN` holds a `_label` mask."""
        items = [path for path in folder.iterdir() if _ITEM.match(path.name) and path.is_dir()]
        return 0.95 if any(_is_mask(path) and is_image(path) for item in items for path in item.iterdir()) else 0.0

    def read(self, folder: Path) -> ImportPlan:
        source = Source.open(folder)
        doubts = Doubts()
        images = [path for path in source.images if path.parent.parent == folder and _ITEM.match(path.parent.name)]
        masks = {source.name_of(path)[: -len("_label")].lower(): path for path in images if _is_mask(path)}
        items = []
        for path in (path for path in images if not _is_mask(path)):
            mask = masks.pop(source.name_of(path).lower(), None)
            draft = ImportItem(
                path, source.name_of(path), Verdict.UNLABELLED, group=path.parent.name, classes=(DEFECT,)
            )
            items.append(item_by_mask(source, with_masks(draft, (mask,) if mask else (), marked()), doubts))
        doubts.report(source)
        report_orphans(source, masks.values())
        found = [item for item in items if item is not None]
        return _with_folds(ImportPlan(self.name, folder, found, (DEFECT,), source.findings), source)


def _with_folds(plan: ImportPlan, source: Source) -> ImportPlan:
    """Published folds: test list k names the items of fold k, train list k whose masks may be used to train for it."""
    images: dict[str, list[str]] = {}
    for item in plan.items:
        images.setdefault(item.group, []).append(item.name)
    folds: dict[str, str] = {}

    def names_of(part: int, number: int, stem: str) -> tuple[str, Iterable[str]] | None:
        if part == 1:
            folds.setdefault(stem, f"fold{number}")
            return None
        return f"fold{number}", images.get(stem, ())

    add_published_splits(plan, source, names_of)
    plan.items = [replace(item, split=folds.get(item.group, "")) for item in plan.items]
    source.finish()
    return plan
