"""Magnetic tile defects: `MT_<Class>/Imgs/<stem>.jpg` with its mask `<stem>.png`.

Masks have smoothed edges: from 128 on is the defect. MT_Free holds good tiles. One tile is photographed at up to six
exposures (`exp3_num_45042`), so images of a tile must stay together: a table in the folder (`tiles.csv`, columns stem
and tile) says which belong together. Without it the series are guessed: picture numbers rise with time, so a new
series starts where the number jumps by more than 400. Held against the table of the published set, that guess cuts 2
of 227 tiles in two and joins up to 4 neighbours, which harms less: joined tiles only make splits coarser.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.masks import Doubts, item_by_tag, marked, report_orphans, with_masks
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.exchange.tables import Record, read_tables
from defectstudio.data.exchange.values import GREY_LIMIT
from defectstudio.domain.labels import Verdict

GOOD_CLASS = "free"
_JUMP = 400
_STEM = re.compile(r"exp\d+_num_(\d+)$", re.IGNORECASE)


def _class_of(path: Path) -> str:
    """ "blowhole" for MT_Blowhole/Imgs/x.jpg, "" for a file elsewhere."""
    folder = path.parent.parent.name.lower()
    return folder.removeprefix("mt_") if path.parent.name.lower() == "imgs" and folder.startswith("mt_") else ""


class MagneticTile:
    name = "magnetic_tile"
    title = "Magnetic tile defects"

    def detect(self, folder: Path) -> float:
        """Sure when folders `MT_...` hold an `Imgs` folder."""
        classes = [path for path in folder.iterdir() if path.name.lower().startswith("mt_") and path.is_dir()]
        return 0.95 if any(inner.name.lower() == "imgs" for path in classes for inner in path.iterdir()) else 0.0

    def read(self, folder: Path) -> ImportPlan:
        source = Source.open(folder)
        doubts = Doubts()
        files = [path for path in source.images if _class_of(path) and path.parent.parent.parent == folder]
        images = [path for path in files if path.suffix.lower() != ".png"]
        masks = {path.with_suffix(""): path for path in files if path.suffix.lower() == ".png"}
        names = tuple(sorted({_class_of(path) for path in images} - {GOOD_CLASS}))
        records = read_tables(source, images)
        items = []
        for path in images:
            draft = _draft(source, path, records.get(path, Record()), masks.pop(path.with_suffix(""), None), names)
            items.append(item_by_tag(source, draft, doubts, at_least=GREY_LIMIT))
        doubts.report(source)
        report_orphans(source, masks.values())
        found = _in_series(source, [item for item in items if item is not None])
        return ImportPlan(self.name, folder, found, names, source.finish())


def _draft(source: Source, path: Path, record: Record, mask: Path | None, names: tuple[str, ...]) -> ImportItem:
    name = _class_of(path)
    verdict = Verdict.GOOD if name == GOOD_CLASS else Verdict.DEFECTIVE
    classes = () if verdict is Verdict.GOOD else (name,)
    draft = ImportItem(path, source.name_of(path), verdict, record.split, record.group, classes)
    index = names.index(name) + 1 if classes else 1
    return with_masks(draft, (mask,) if mask else (), marked(index, at_least=GREY_LIMIT))


def _in_series(source: Source, items: list[ImportItem]) -> list[ImportItem]:
    """Groups as the table gives them; where it gives none, the guess by picture number."""
    without = [item for item in items if not item.group]
    if not without:
        return items
    groups = guess_series([item.path.stem for item in without])
    text = f"No table says which images show one tile: {len(set(groups.values()))} series are guessed from the numbers."
    source.note("warning", text, kind="groups")
    return [item if item.group else replace(item, group=groups[item.path.stem]) for item in items]


def guess_series(stems: list[str]) -> dict[str, str]:
    """The series of each stem, named by its first picture number; a stem of another pattern stands alone."""
    numbered = sorted((int(match.group(1)), stem) for stem in stems if (match := _STEM.match(stem)))
    groups = {stem: stem for stem in stems}
    series, last = "", -_JUMP - 1
    for number, stem in numbered:
        if number - last > _JUMP:
            series = f"series {number}"
        groups[stem] = series
        last = number
    return groups
