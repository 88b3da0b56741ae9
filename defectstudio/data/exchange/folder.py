"""A folder of images, with a folder of masks, tables and telling folder names where there are any.

Images lie in `images/` (any depth) or in the folder itself. Masks lie in `masks/` under the same name, also with
`_mask`, `_GT` or `_label` at its end, or beside the image with such an end. What an image is called comes from a
table, else from a folder on its way (good, ok, defective, ng ...), else from its mask. Unreviewed is never good:
without any of these an image is unlabelled, and an empty mask makes it good only where a masks folder holds it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from defectstudio.data.exchange.files import Source
from defectstudio.data.exchange.masks import DEFECT, Doubts, MaskFiles, marked, report_orphans
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.exchange.tables import Record, read_tables
from defectstudio.data.exchange.values import MaskRule, mask_rule
from defectstudio.data.exchange.words import folded, folder_split, folder_verdict
from defectstudio.data.pixels import is_image
from defectstudio.domain.labels import Verdict

IMAGE_FOLDERS = frozenset(["images", "image", "imgs", "img", "sourceimages", "jpegimages"])
MASK_FOLDERS = frozenset(
    ["masks", "mask", "maskimages", "groundtruth", "gt", "label", "labels", "annotations", "segmentationclass"]
)
_SUFFIX = re.compile(r"[_-](mask|gt|label)\d*$", re.IGNORECASE)


@dataclass(slots=True)
class _Layout:
    """Which files are images and which are masks; masks by image, and those that belong to none."""

    images: list[Path]
    masks: dict[Path, list[Path]] = field(default_factory=dict)
    orphans: list[Path] = field(default_factory=list)
    in_masks_folder: set[Path] = field(default_factory=set)


class ImageFolder:
    name = "folder"
    title = "Folder of images (and masks, tables)"

    def detect(self, folder: Path) -> float:
        """Half sure with an images folder, barely with any image at all."""
        if any(folded(path.name) in IMAGE_FOLDERS and path.is_dir() for path in folder.iterdir()):
            return 0.5
        return 0.1 if any(is_image(path) for path in folder.rglob("*")) else 0.0

    def read(self, folder: Path) -> ImportPlan:
        source = Source.open(folder)
        layout = _layout(source)
        records = read_tables(source, layout.images)
        rule = mask_rule(source, {image: tuple(masks) for image, masks in layout.masks.items()})
        names = _class_names(records, rule)
        items = []
        for image in layout.images:
            source.use(image)
            if image not in rule.unreadable:
                items.append(_Tagging(source, layout, rule, names).item(image, records.get(image, Record())))
        _report(source, layout, rule, items)
        return ImportPlan(self.name, folder, _unique(items), names, source.finish())


@dataclass(frozen=True, slots=True)
class _Tagging:
    """Brings together what tables, folder names and masks say of one image."""

    source: Source
    layout: _Layout
    rule: MaskRule
    names: tuple[str, ...]

    def item(self, image: Path, record: Record) -> ImportItem:
        folders = image.relative_to(self.source.root).parts[:-1]
        said = record.verdict if record.verdict is not Verdict.UNLABELLED else folder_verdict(folders)
        verdict = self._verdict(image, said)
        classes = self._classes(image, record) if verdict is Verdict.DEFECTIVE else ()
        masks = tuple(self.layout.masks.get(image, ())) if verdict is not Verdict.UNLABELLED else ()
        return ImportItem(
            path=image,
            name=self.source.name_of(image),
            verdict=verdict,
            split=record.split or folder_split(folders),
            group=record.group,
            classes=classes,
            masks=masks,
            read_map=MaskFiles(masks, self._table(classes)) if masks else None,
        )

    def _verdict(self, image: Path, said: Verdict) -> Verdict:
        """A good verdict and a drawn defect contradict each other: neither is believed until a person decides."""
        drawn = image in self.rule.drawn
        if said is Verdict.GOOD:
            return Verdict.UNLABELLED if drawn else Verdict.GOOD
        if said is Verdict.UNLABELLED and drawn:
            return Verdict.DEFECTIVE
        if said is Verdict.UNLABELLED and image in self.layout.in_masks_folder:
            return Verdict.GOOD
        return said

    def _classes(self, image: Path, record: Record) -> tuple[str, ...]:
        if self.rule.indices:
            drawn = tuple(self.names[value - 1] for value in sorted(self.rule.drawn.get(image, ())))
            return tuple(dict.fromkeys(drawn + record.classes))
        return record.classes or ((DEFECT,) if image in self.rule.drawn else ())

    def _table(self, classes: tuple[str, ...]) -> bytes:
        """Index masks name their classes; others mark the first class of their image."""
        if self.rule.indices or not classes:
            return self.rule.table
        return marked(self.names.index(classes[0]) + 1, at_least=self.rule.at_least)


def _layout(source: Source) -> _Layout:
    """Sort the image files into images and masks, and find each image's masks."""
    candidates: list[Path] = []
    folder_masks: list[Path] = []
    for path in source.images:
        inner = {folded(name) for name in path.relative_to(source.root).parts[:-1]}
        (folder_masks if inner & MASK_FOLDERS and not inner & IMAGE_FOLDERS else candidates).append(path)
    stems = {(path.parent, path.stem.lower()) for path in candidates}
    beside = [path for path in candidates if _SUFFIX.search(path.stem) and (path.parent, _base(path)) in stems]
    images = [path for path in candidates if path not in set(beside)]
    layout = _Layout([path for path in images if _below(path, source.root, IMAGE_FOLDERS)] or images)
    _pair(source, layout, folder_masks, beside)
    return layout


def _pair(source: Source, layout: _Layout, folder_masks: list[Path], beside: list[Path]) -> None:
    by_place: dict[tuple[Path, str], Path] = {(path.parent, path.stem.lower()): path for path in layout.images}
    by_stem: dict[str, list[Path]] = defaultdict(list)
    by_route: dict[str, list[Path]] = defaultdict(list)
    for path in layout.images:
        by_stem[path.stem.lower()].append(path)
        by_route[_route(path, source.root)].append(path)
    for mask in beside:
        layout.masks.setdefault(by_place[mask.parent, _base(mask)], []).append(mask)
    for mask in folder_masks:
        stems = (mask.stem.lower(), _base(mask))
        found = [by_route.get(_route(mask.with_stem(stem), source.root), []) for stem in stems]
        found += [by_stem.get(stem, []) for stem in stems]
        image = next((paths[0] for paths in found if len(paths) == 1), None)
        if image is None:
            layout.orphans.append(mask)
        else:
            layout.masks.setdefault(image, []).append(mask)
            layout.in_masks_folder.add(image)


def _base(mask: Path) -> str:
    return _SUFFIX.sub("", mask.stem).lower()


def _below(path: Path, root: Path, names: frozenset[str]) -> bool:
    return any(folded(part) in names for part in path.relative_to(root).parts[:-1])


def _route(path: Path, root: Path) -> str:
    """The path without the images or masks folder in it: what an image and its mask have in common."""
    parts = path.relative_to(root).parts[:-1]
    kept = [part.lower() for part in parts if folded(part) not in IMAGE_FOLDERS | MASK_FOLDERS]
    return "/".join([*kept, path.stem.lower()])


def _class_names(records: dict[Path, Record], rule: MaskRule) -> tuple[str, ...]:
    """Class 1 to C in order: the numbers of index masks, then the names in tables, sorted."""
    numbered = [f"class {number}" for number in range(1, rule.highest + 1)]
    named = sorted({name for record in records.values() for name in record.classes} - set(numbered))
    unnamed = not rule.indices and any(not records.get(image, Record()).classes for image in rule.drawn)
    if DEFECT not in named and (unnamed or not (numbered or named)):
        named.append(DEFECT)
    return tuple(numbered + named)


def _unique(items: list[ImportItem]) -> list[ImportItem]:
    """Images that differ by extension alone keep it in their name."""
    seen: set[str] = set()
    unique = []
    for item in items:
        name = item.name if item.name not in seen else item.name + item.path.suffix
        seen.add(name)
        unique.append(replace(item, name=name))
    return unique


def _report(source: Source, layout: _Layout, rule: MaskRule, items: list[ImportItem]) -> None:
    doubts = Doubts()
    for item in items:
        drawn = item.path in rule.drawn
        if item.verdict is Verdict.UNLABELLED:
            (doubts.drawn_good if drawn else doubts.unlabelled).append(item.path)
        elif item.verdict is Verdict.DEFECTIVE and not drawn:
            (doubts.empty if item.masks else doubts.bare).append(item.path)
    doubts.report(source)
    several = [item.path for item in items if len(item.classes) > 1 and item.masks and not rule.indices]
    if several:
        text = "Images have several classes and one kind of mask, which is taken for the first class"
        source.note("warning", text, several, kind="masks")
    report_orphans(source, layout.orphans)
