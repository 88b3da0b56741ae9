"""Plain folders: what tables, folder names and masks say, and that unreviewed is never good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.exchange import registry
from defectstudio.data.exchange.files import inside, natural_key
from defectstudio.data.exchange.masks import MaskFiles
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.exchange.words import verdict_of
from defectstudio.data.importing import drawn_map
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNKNOWN, Verdict

SHAPE = (24, 16)


def verdicts(plan: ImportPlan) -> dict[str, str]:
    return {item.name: item.verdict.value for item in plan.items}


def kinds(plan: ImportPlan) -> list[str]:
    return [one.kind for one in plan.findings]


def drawn(item: ImportItem) -> np.ndarray | None:
    return item.read_map(SHAPE) if item.read_map else None


def test_a_table_gives_split_class_and_group(make) -> None:
    plan = registry.read(make.layout("folder"))
    assert [(i.name, i.split, i.group, i.classes) for i in plan.items] == [
        ("images/part 0", "train", "A", ("crack",)),
        ("images/part 1", "test", "B", ("hole",)),
        ("images/part 2", "train", "A", ()),
        ("images/part 3", "test", "B", ()),
    ]
    assert [item.verdict for item in plan.items] == [Verdict.DEFECTIVE] * 2 + [Verdict.GOOD] * 2
    assert plan.classes == ("crack", "hole")


def test_several_tables_are_merged_and_exposure_is_no_group(make) -> None:
    for name in "ab":
        make.image(f"images/{name}.png")
    make.table("split.csv", [("Stem", "Split", "Label"), ("a", "train", "ok"), ("b", "none", "NG")])
    make.table("tiles.csv", [("stem", "exposure", "tile"), ("a", 1, "t7"), ("b", 2, "t7")])
    plan = registry.read(make.root)
    assert [(i.split, i.verdict.value, i.group) for i in plan.items] == [
        ("train", "good", "t7"),
        ("", "defective", "t7"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("key", ["a", "a.png", "images/a.png", "images/a"])
def test_a_table_may_name_images_by_stem_name_or_path(make, delimiter: str, key: str) -> None:
    make.image("images/a.png")
    make.image("images/b.png")
    make.table("list.csv", [("filename", "label"), (key, "defective")], delimiter)
    assert verdicts(registry.read(make.root)) == {"images/a": "defective", "images/b": "unlabelled"}


def test_a_label_that_is_no_verdict_is_a_class(make) -> None:
    make.image("a.png")
    make.image("b.png")
    make.table("list.csv", [("image", "label"), ("a", "scratch"), ("b", "good")])
    plan = registry.read(make.root)
    assert [(item.verdict, item.classes) for item in plan.items] == [
        (Verdict.DEFECTIVE, ("scratch",)),
        (Verdict.GOOD, ()),
    ]


@pytest.mark.parametrize("stray", ["../secret", "/etc/passwd", "C:\\secret.png", "..\\secret", "images/../../secret"])
def test_paths_in_tables_never_leave_the_folder(make, stray: str) -> None:
    make.image("../secret.png")
    make.image("images/a.png")
    make.table("list.csv", [("path", "label"), (stray, 1), ("images/a.png", 0)])
    plan = registry.read(make.root)
    assert verdicts(plan) == {"images/a": "good"}
    assert "outside" in kinds(plan)
    with pytest.raises(DefectStudioError, match="leads out"):
        inside(make.root, stray)


def test_a_path_through_a_link_that_leads_out_is_refused(make, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (make.root / "link").symlink_to(tmp_path / "away")
    with pytest.raises(DefectStudioError, match="leads out"):
        inside(make.root, "link/a.png")


def test_entries_that_fit_several_images_or_none_are_named_and_not_used(make) -> None:
    make.image("line1/a.png")
    make.image("line2/a.png")
    make.table("list.csv", [("stem", "label"), ("a", 1), ("gone", 1)])
    plan = registry.read(make.root)
    assert set(verdicts(plan).values()) == {"unlabelled"}
    assert {"ambiguous", "missing"} <= set(kinds(plan))


def test_a_binary_file_named_csv_is_a_finding_not_a_crash(make) -> None:
    make.image("a.png")
    (make.root / "list.csv").write_bytes(b"stem,label\n\xff\xfe\x00\x81,1\n")
    assert "table" in kinds(registry.read(make.root))


def test_copies_named_in_a_table_are_noted(make) -> None:
    make.image("a.png")
    make.table("list.csv", [("stem", "duplicate_of"), ("a", "b")])
    assert "duplicate" in kinds(registry.read(make.root))


def test_without_a_table_the_mask_decides_and_a_missing_mask_means_unlabelled(make) -> None:
    for name in "abc":
        make.image(f"images/{name}.png")
    make.image("masks/a.png", make.mask())
    make.image("masks/b_mask.png", make.mask(0))
    plan = registry.read(make.root)
    assert verdicts(plan) == {"images/a": "defective", "images/b": "good", "images/c": "unlabelled"}


def test_an_empty_mask_beside_its_image_leaves_it_unlabelled(make) -> None:
    for name in ("a", "b"):
        make.image(f"{name}.png")
    make.image("a_GT.png", make.mask(0))
    make.image("b_label.bmp", make.mask(1))
    assert verdicts(registry.read(make.root)) == {"a": "unlabelled", "b": "defective"}


@pytest.mark.parametrize(
    ("folder", "verdict"),
    [("good", "good"), ("OK", "good"), ("NG", "defective"), ("defective", "defective"), ("line 3", "unlabelled")],
)
def test_folder_names_tag_their_images(make, folder: str, verdict: str) -> None:
    make.image(f"{folder}/a.png")
    assert verdicts(registry.read(make.root)) == {f"{folder}/a": verdict}


def test_a_good_image_with_a_drawn_defect_is_left_unlabelled_with_a_warning(make) -> None:
    make.image("images/a.png")
    make.image("masks/a.png", make.mask())
    make.table("list.csv", [("stem", "label"), ("a", 0)])
    plan = registry.read(make.root)
    assert (plan.items[0].verdict, plan.items[0].masks) == (Verdict.UNLABELLED, ())
    assert "contradiction" in kinds(plan)


def test_a_defective_image_with_an_empty_mask_keeps_its_tag_and_the_empty_mask(make) -> None:
    make.image("images/a.png")
    make.image("masks/a.png", make.mask(0))
    make.table("list.csv", [("stem", "label"), ("a", 1)])
    plan = registry.read(make.root)
    assert plan.items[0].verdict is Verdict.DEFECTIVE
    assert drawn(plan.items[0]) is None
    kept = drawn_map(plan.items[0], SHAPE)
    assert kept is not None and not kept.any()
    assert "contradiction" in kinds(plan)


def test_a_defective_image_whose_mask_only_leaves_pixels_open_is_unknown(make) -> None:
    make.image("images/a.png")
    make.image("masks/a.png", make.mask(2))
    make.table("list.csv", [("stem", "label"), ("a", 1)])
    (item,) = registry.read(make.root).items
    assert isinstance(item.read_map, MaskFiles)
    table = bytearray(256)
    table[2] = UNKNOWN
    assert drawn_map(replace(item, read_map=MaskFiles(item.masks, bytes(table))), SHAPE) is None


@pytest.mark.parametrize("value", [1, 37, 200, 255])
def test_two_valued_masks_are_binary_whatever_the_value(make, value: int) -> None:
    for name in "ab":
        make.image(f"images/{name}.png")
        make.image(f"masks/{name}.png", make.mask(value))
    plan = registry.read(make.root)
    assert plan.classes == ("defect",)
    assert np.array_equal(drawn(plan.items[0]), make.mask(1))


def test_small_values_are_class_numbers_and_255_is_unknown(make) -> None:
    values = make.mask(2) + make.mask(255, box=(12, 2, 14, 8)) + make.mask(1, box=(20, 2, 22, 8))
    make.image("images/a.png")
    make.image("masks/a.png", values)
    plan = registry.read(make.root)
    assert plan.items[0].classes == plan.classes == ("class 1", "class 2")
    label_map = drawn(plan.items[0])
    assert label_map is not None and np.array_equal(label_map, values)
    assert (label_map == UNKNOWN).sum() == 12


def test_palette_masks_are_read_by_index_not_by_colour(make) -> None:
    make.image("images/a.png")
    make.palette("masks/a.png", make.mask(1) + make.mask(3, box=(20, 2, 22, 8)))
    plan = registry.read(make.root)
    assert plan.items[0].classes == ("class 1", "class 3")


def test_smoothed_masks_count_from_half_grey_on(make) -> None:
    values = make.mask(255) + make.mask(90, box=(20, 2, 22, 8))
    make.image("images/a.png")
    make.image("masks/a.png", values)
    plan = registry.read(make.root)
    assert np.array_equal(drawn(plan.items[0]), make.mask(1))
    assert "masks" in kinds(plan)


def test_a_mix_of_0_1_and_0_255_masks_is_binary(make) -> None:
    for name, value in (("a", 1), ("b", 255)):
        make.image(f"images/{name}.png")
        make.image(f"masks/{name}.png", make.mask(value))
    assert [item.classes for item in registry.read(make.root).items] == [("defect",), ("defect",)]


def test_several_masks_of_one_image_are_joined(make) -> None:
    make.image("images/a.png")
    make.image("masks/a_mask1.png", make.mask())
    make.image("masks/a_mask2.png", make.mask(box=(20, 2, 22, 8)))
    label_map = drawn(registry.read(make.root).items[0])
    assert label_map is not None and label_map.sum() == 30 + 12


def test_a_mask_of_another_size_is_an_error_that_names_it(make) -> None:
    make.image("images/a.png")
    make.image("masks/a.png", make.mask())
    item = registry.read(make.root).items[0]
    assert item.read_map is not None
    with pytest.raises(DefectStudioError, match=r"masks.a\.png is 16 x 24 pixels, its image 10 x 20"):
        item.read_map((20, 10))


def test_masks_without_an_image_are_named(make) -> None:
    make.image("images/a.png")
    make.image("masks/z.png", make.mask())
    plan = registry.read(make.root)
    assert [one.paths for one in plan.findings if one.kind == "missing"] == [("masks/z.png",)]


def test_images_that_differ_by_ending_alone_keep_it_in_their_name(make) -> None:
    make.image("a.jpg")
    make.image("a.png")
    assert sorted(item.name for item in registry.read(make.root).items) == ["a", "a.png"]


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("0", Verdict.GOOD),
        ("1.0", Verdict.DEFECTIVE),
        ("NOK", Verdict.DEFECTIVE),
        ("i.O.", None),
        ("", Verdict.UNLABELLED),
        ("not ok", Verdict.DEFECTIVE),
        ("Scratch", None),
    ],
)
def test_words_for_verdicts(word: str, verdict: Verdict | None) -> None:
    assert verdict_of(word) is verdict


def test_parts_are_listed_as_people_count_them() -> None:
    assert sorted(["Part10", "Part2", "Part1"], key=natural_key) == ["Part1", "Part2", "Part10"]
