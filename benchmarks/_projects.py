"""Projects of the real sets for benchmarks that need one: written once into a folder, then found there again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from _common import Row
from ksdd import COPIES
from mtd import halves
from PIL import Image

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session

DEFECT = "defect"


def refining_project(source: Path, data: str, folder: Path, *, most: int | None = None, shrink: int = 1) -> Path:
    """A project of one set for refinement: all classes as one, every defective image masked, and for each of them one
    good image, drawn with a fixed seed. `most`: no more defective images than so many a split; `shrink`: so many times
    smaller on each side.

    `ksdd`: fold0 is the split test, the other two train; `mtd`: half of the tiles.
    """
    if not (folder / "project.db").is_file():
        items = _items(source / data, *(_kolektor(source) if data == "ksdd" else _tiles(source)), most)
        if shrink > 1:
            items = [_shrunk(item, folder.parent / f"{folder.name}-images", shrink) for item in items]
        with Project.create(folder) as project:
            plan = ImportPlan("folder", source / data, items, (DEFECT,))
            record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
    return folder


Split = Callable[[Row], str]


def _kolektor(source: Path) -> tuple[list[Row], Split, str]:
    rows = list(csv.DictReader((source / "ksdd" / "split.csv").open(encoding="utf-8", newline="")))
    kept = [row for row in rows if row["item"] not in COPIES]
    return kept, lambda row: "test" if row["split"] == "fold0" else "train", "item"


def _tiles(source: Path) -> tuple[list[Row], Split, str]:
    rows = list(csv.DictReader((source / "mtd" / "tiles.csv").open(encoding="utf-8", newline="")))
    train = halves(dict(enumerate(rows, start=1)), 0)
    return rows, lambda row: "train" if row["tile"] in train else "test", "tile"


def _items(folder: Path, rows: Sequence[Row], split: Split, group: str, most: int | None) -> list[ImportItem]:
    rng, items = np.random.default_rng(0), []
    for name in ("train", "test"):
        here = [rows[k] for k in rng.permutation(len(rows)) if split(rows[k]) == name]
        masked = [row for row in here if row["label"] == "1" and _mask(folder, row).any()][:most]
        good = [row for row in here if row["label"] == "0"][: len(masked)]
        items += [_item(folder, row, name, group) for row in masked + good]
    return items


def _mask(folder: Path, row: Row) -> LabelMap:
    return (np.asarray(Image.open(folder / "masks" / f"{row['stem']}.png").convert("L")) > 0).astype(np.uint8)


def _shrunk(item: ImportItem, folder: Path, times: int) -> ImportItem:
    """The item with its image reduced by area, written beside the project; a pixel is defective where any was."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{item.name}.png"
    with Image.open(item.path) as image:
        image.convert("L").reduce(times).save(path)
    if item.read_map is None:
        return replace(item, path=path)
    whole = item.read_map((image.height, image.width))
    padded = np.pad(whole, [(0, -side % times) for side in whole.shape])
    small = padded.reshape(padded.shape[0] // times, times, -1, times).max((1, 3))
    return replace(item, path=path, read_map=lambda shape: small)


def _item(folder: Path, row: Row, split: str, group: str) -> ImportItem:
    defective = row["label"] == "1"
    return ImportItem(
        folder / "images" / f"{row['stem']}.jpg",
        row["stem"],
        Verdict.DEFECTIVE if defective else Verdict.GOOD,
        split=split,
        group=row[group],
        classes=(DEFECT,) if defective else (),
        read_map=(lambda shape: _mask(folder, row)) if defective else None,
    )
