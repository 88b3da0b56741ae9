"""The readers on real sets in their own layouts, with the counts their owners publish."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from defectstudio.data.exchange import registry
from defectstudio.data.exchange.magnetic_tile import guess_series
from defectstudio.data.exchange.official import read_split_file
from defectstudio.data.exchange.plan import ImportPlan
from defectstudio.data.exchange.preview import drop_duplicates, preview
from defectstudio.data.splits import cut_groups, make_splits
from defectstudio.domain.progress import CancelToken, finish

pytestmark = pytest.mark.real


def read(folder: Path) -> ImportPlan:
    if not folder.is_dir():
        pytest.skip(f"needs {folder.name} among the real data sets")
    return registry.read(folder)


def verdicts(plan: ImportPlan) -> Counter[str]:
    return Counter(item.verdict.value for item in plan.items)


def test_kolektorsdd_has_its_published_counts_and_its_known_copies(real_data: Path) -> None:
    plan = read(real_data / "ksdd")
    found = finish(preview(plan, CancelToken(), decode=False))
    assert found.counts == {
        "fold0": {"defective": 18, "good": 117},
        "fold1": {"defective": 18, "good": 118},
        "fold2": {"defective": 16, "good": 112},
    }
    assert (found.groups, found.with_mask, found.left_out) == (50, 52, [])
    assert (len(found.duplicates), len(found.duplicates_across)) == (16, 16)
    contradicting = [row for row in found.findings if row.kind == "contradiction"]
    assert "(2)" in contradicting[0].text
    assert {"kos26", "kos34"}.isdisjoint(item.group for item in drop_duplicates(plan, found).items)


def test_magnetic_tiles_come_in_by_tile_with_four_empty_masks(real_data: Path) -> None:
    plan = read(real_data / "mtd")
    assert verdicts(plan) == {"good": 952, "defective": 392}
    classes = Counter(name for item in plan.items for name in item.classes)
    assert classes == {"blowhole": 115, "uneven": 103, "break": 85, "crack": 57, "fray": 32}
    assert len({item.group for item in plan.items}) == 227
    assert {item.split for item in plan.items} == {""}
    [doubt] = [one for one in plan.findings if one.kind == "contradiction"]
    assert {Path(path).stem for path in doubt.paths} == {
        "exp3_num_45042",
        "exp4_num_124690",
        "exp4_num_352527",
        "exp4_num_45057",
    }


def test_series_guessed_from_picture_numbers_cut_few_real_tiles(real_data: Path) -> None:
    items = read(real_data / "mtd").items
    guessed = guess_series([item.path.stem for item in items])
    cut = cut_groups([item.group for item in items], [guessed[item.path.stem] for item in items])
    assert len(cut) <= 2
    assert len(set(guessed.values())) > 150


def test_magnetic_tiles_split_by_tile_stay_balanced(real_data: Path) -> None:
    plan = read(real_data / "mtd")
    groups = [item.group for item in plan.items]
    labels = [item.classes[0] if item.classes else "good" for item in plan.items]
    splits = make_splits(groups, labels, {"train": 0.5, "test": 0.5}, 0)
    assert cut_groups(groups, splits) == []
    for name in set(labels):
        share = sum(s == "train" for s, label in zip(splits, labels, strict=True) if label == name) / labels.count(name)
        assert abs(share - 0.5) < 0.1


@pytest.mark.parametrize(
    ("folder", "format", "good", "defective", "classes"),
    [
        ("ksdd", "kolektorsdd", 8, 3, ("defect",)),
        ("ksdd2_thumbs", "kolektorsdd2", 8, 11, ("defect",)),
        ("dagm2007", "dagm2007", 10, 10, ("Class1",)),
        ("magnetic_tile", "magnetic_tile", 4, 20, ("blowhole", "break", "crack", "fray", "uneven")),
        ("mvtec_layout_from_mpdd", "mvtec", 14, 8, ("defect",)),
        ("mvtec_layout_from_mpdd/metal_plate", "mvtec", 14, 8, ("defect",)),
        ("aitex", "folder", 2, 7, ("defect",)),
        ("sd_saliency_900", "folder", 0, 18, ("defect",)),
        ("neu_seg_voc_index_masks", "folder", 0, 22, ("class 1", "class 2", "class 3")),
    ],
)
def test_native_layouts_come_in_whole(
    real_data: Path, folder: str, format: str, good: int, defective: int, classes: tuple[str, ...]
) -> None:
    plan = read(real_data / "native" / folder)
    found = finish(preview(plan, CancelToken()))
    assert (plan.format, plan.classes) == (format, classes)
    assert verdicts(plan) == {name: n for name, n in (("good", good), ("defective", defective)) if n}
    assert found.left_out == []
    assert found.with_mask == defective


def test_published_splits_of_kolektorsdd2_name_the_masks_that_may_be_used(real_data: Path) -> None:
    plan = read(real_data / "native" / "ksdd2_thumbs")
    assert set(plan.segmented) == {"split_0", "split_16", "split_246"}
    defective = {item.name for item in plan.items if item.split == "train" and item.verdict.value == "defective"}
    assert plan.segmented["split_246"]["train"] & defective == defective
    assert plan.segmented["split_0"]["train"] & defective == frozenset()


def test_every_published_split_is_read_and_its_json_copy_says_the_same(real_data: Path) -> None:
    pickles = sorted((real_data / "official_splits").rglob("*.pyb"))
    if not pickles:
        pytest.skip("needs the published splits among the real data sets")
    for path in pickles:
        assert read_split_file(path) == read_split_file(path.with_suffix(".json"))
    train, _ = read_split_file(real_data / "official_splits" / "KSDD2" / "split_16.pyb")
    assert (len(train[0]), sum(flag for _, flag in train[0])) == (2331, 2085 + 16)
