"""Every supported layout is recognised and read: verdicts, classes, splits, groups, maps; the source stays as it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.exchange import registry
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.exchange.preview import preview
from defectstudio.data.importing import drawn_map
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, finish

NAMES = ["kolektorsdd", "kolektorsdd2", "dagm2007", "magnetic_tile", "mvtec", "folder"]
SHAPE = (24, 16)


def tally(plan: ImportPlan) -> Counter[tuple[str, str, tuple[str, ...]]]:
    return Counter((item.split, item.verdict.value, item.classes) for item in plan.items)


def named(plan: ImportPlan, name: str) -> ImportItem:
    return next(item for item in plan.items if item.name == name)


def label_map(item: ImportItem) -> np.ndarray:
    assert item.read_map is not None
    values = item.read_map(SHAPE)
    assert values is not None
    return values


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_is_recognised_and_read_without_changing_the_source(make, name: str) -> None:
    folder = make.layout(name)
    before = make.fingerprint()
    plan = registry.read(folder)
    found = finish(preview(plan, CancelToken()))
    assert plan.format == name
    assert found.images == len(plan.items) > 0
    assert [row for row in found.findings if row.severity == "error"] == []
    assert make.fingerprint() == before


@pytest.mark.parametrize("name", NAMES)
def test_every_defect_map_fits_its_image_and_shows_the_class_of_its_item(make, name: str) -> None:
    plan = registry.read(make.layout(name))
    drawn = [item for item in plan.items if item.verdict is Verdict.DEFECTIVE]
    assert drawn
    for item in drawn:
        shown = {plan.classes[value - 1] for value in np.unique(label_map(item)) if value}
        assert shown == set(item.classes)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_unique_and_lie_inside_the_source(make, name: str) -> None:
    folder = make.layout(name)
    plan = registry.read(folder)
    assert len({item.name for item in plan.items}) == len(plan.items)
    assert all((folder / item.name).with_suffix(item.path.suffix) == item.path for item in plan.items)


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_no_images_are_listed_not_skipped_in_silence(make, name: str) -> None:
    folder = make.layout(name)
    (folder / "notes.docx").write_text("x")
    findings = [one for one in registry.read(folder).findings if one.kind == "ignored"]
    assert [one.paths for one in findings] == [("notes.docx",)]


def test_kolektorsdd_takes_any_label_above_zero_as_defect_and_the_item_as_group(make) -> None:
    plan = registry.read(make.layout("kolektorsdd"))
    assert tally(plan) == {("", "good", ()): 4, ("", "defective", ("defect",)): 2}
    assert {item.group for item in plan.items} == {"kos01", "kos02"}
    assert label_map(named(plan, "kos02/Part2")).sum() == 30


def test_kolektorsdd2_keeps_the_official_split_and_calls_empty_masks_good(make) -> None:
    plan = registry.read(make.layout("kolektorsdd2"))
    assert tally(plan) == {
        (s, v, c): 2 for s in ("train", "test") for v, c in (("good", ()), ("defective", ("defect",)))
    }


def test_kolektorsdd2_leaves_an_image_without_a_mask_unlabelled(make) -> None:
    folder = make.layout("kolektorsdd2")
    make.image("train/10009.png")
    plan = registry.read(folder)
    assert named(plan, "train/10009").verdict is Verdict.UNLABELLED
    assert ("train/10009.png",) in [one.paths for one in plan.findings if one.kind == "unlabelled"]


def test_dagm_names_its_classes_by_folder(make) -> None:
    plan = registry.read(make.layout("dagm2007"))
    assert plan.classes == ("Class1", "Class2")
    assert tally(plan)["train", "defective", ("Class2",)] == 1
    assert label_map(named(plan, "Class2/Test/0002")).max() == 2


def test_one_dagm_class_folder_can_be_chosen_alone(make) -> None:
    plan = registry.read(make.layout("dagm2007") / "Class2")
    assert plan.classes == ("Class2",)
    assert len(plan.items) == 6


def test_dagm_refuses_masks_that_lead_out_of_the_folder(make) -> None:
    folder = make.layout("dagm2007")
    outside = make.image("../secret.png", make.mask())
    (folder / "Class1/Train/Label/Labels.txt").write_text("1\n0002\t1\t0002.PNG\t0\t../../../../secret.png\n")
    plan = registry.read(folder)
    assert all(outside.resolve() not in {mask.resolve() for mask in item.masks} for item in plan.items)
    assert any(one.kind == "outside" for one in plan.findings)


def test_dagm_says_which_listed_images_are_missing(make) -> None:
    folder = make.layout("dagm2007")
    (folder / "Class1/Train/0003.PNG").unlink()
    assert any("0003" in one.text for one in registry.read(folder).findings if one.kind == "missing")


def test_magnetic_tile_masks_count_from_half_grey_on(make) -> None:
    plan = registry.read(make.layout("magnetic_tile"))
    assert tally(plan) == {("", "good", ()): 3, ("", "defective", ("blowhole",)): 3}
    item = next(item for item in plan.items if item.verdict is Verdict.DEFECTIVE)
    assert label_map(item).sum() == 30


def test_magnetic_tiles_are_grouped_by_the_table_in_the_folder(make) -> None:
    folder = make.layout("magnetic_tile")
    stems = sorted(path.stem for path in folder.rglob("*.jpg"))
    make.table("tiles.csv", [("stem", "exposure", "tile"), *((stem, 9, f"t{i // 3}") for i, stem in enumerate(stems))])
    plan = registry.read(folder)
    assert {item.path.stem: item.group for item in plan.items} == {stem: f"t{i // 3}" for i, stem in enumerate(stems)}
    assert not [one for one in plan.findings if one.kind == "groups"]


def test_magnetic_tiles_without_a_table_are_grouped_by_a_guess_that_is_owned_up_to(make) -> None:
    plan = registry.read(make.layout("magnetic_tile"))
    groups = Counter(item.group for item in plan.items)
    assert sorted(groups.values()) == [3, 3]
    assert any(one.kind == "groups" and one.severity == "warning" for one in plan.findings)


def test_a_defective_magnetic_tile_with_an_empty_mask_stays_defective_and_keeps_the_empty_mask(make) -> None:
    folder = make.layout("magnetic_tile")
    make.image("MT_Uneven/Imgs/exp4_num_999.jpg")
    make.image("MT_Uneven/Imgs/exp4_num_999.png", make.mask(0))
    plan = registry.read(folder)
    item = named(plan, "MT_Uneven/Imgs/exp4_num_999")
    assert item.verdict is Verdict.DEFECTIVE
    assert item.read_map is not None and item.read_map(SHAPE) is None
    kept = drawn_map(item, SHAPE)
    assert kept is not None and kept.shape == SHAPE and not kept.any()
    assert [one.paths for one in plan.findings if one.kind == "contradiction"] == [("MT_Uneven/Imgs/exp4_num_999.jpg",)]


def test_mvtec_reads_one_category(make) -> None:
    plan = registry.read(make.layout("mvtec"))
    assert plan.classes == ("crack", "hole")
    assert tally(plan) == {
        ("train", "good", ()): 3,
        ("test", "good", ()): 3,
        ("test", "defective", ("crack",)): 1,
        ("test", "defective", ("hole",)): 1,
    }


def test_mvtec_with_several_categories_names_classes_by_category(make) -> None:
    for category in ("bottle", "cable"):
        for path in ("train/good/000.png", "test/good/000.png", "test/cut/000.png"):
            make.image(f"{category}/{path}")
        make.image(f"{category}/ground_truth/cut/000_mask.png", make.mask())
    plan = registry.read(make.root)
    assert (plan.format, plan.classes) == ("mvtec", ("bottle/cut", "cable/cut"))


def test_a_good_mvtec_image_with_a_mask_is_not_believed(make) -> None:
    folder = make.layout("mvtec")
    make.image("ground_truth/good/000_mask.png", make.mask())
    plan = registry.read(folder)
    assert named(plan, "test/good/000").verdict is Verdict.UNLABELLED
    assert any(one.paths == ("test/good/000.png",) for one in plan.findings if one.kind == "contradiction")


@pytest.mark.parametrize("name", ["kolektorsdd", "kolektorsdd2", "magnetic_tile", "mvtec"])
def test_a_damaged_mask_leaves_its_image_out_and_says_so(make, name: str) -> None:
    folder = make.layout(name)
    whole = len(registry.read(folder).items)
    mask = next(item.masks[0] for item in registry.read(folder).items if item.verdict is Verdict.DEFECTIVE)
    mask.write_bytes(mask.read_bytes()[: mask.stat().st_size // 2])
    plan = registry.read(folder)
    assert len(plan.items) == whole - 1
    assert any(mask.name in one.text for one in plan.findings if one.severity == "error")


@pytest.mark.parametrize("name", ["kolektorsdd", "kolektorsdd2", "dagm2007", "magnetic_tile", "mvtec"])
def test_upper_case_endings_are_read_like_lower_case_ones(make, name: str) -> None:
    folder = make.layout(name)
    whole = tally(registry.read(folder))
    for path in [path for path in folder.rglob("*") if path.suffix.lower() in (".png", ".jpg", ".bmp")]:
        path.rename(path.with_suffix(path.suffix.swapcase()))
    assert tally(registry.read(folder)) == whole


def test_a_folder_without_images_is_an_error_that_lists_the_formats(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(DefectStudioError) as caught:
        registry.read(tmp_path)
    assert all(name in caught.value.hint for name in NAMES)


def test_a_missing_folder_and_an_unknown_format_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match="is not a folder"):
        registry.read(tmp_path / "nowhere")
    with pytest.raises(DefectStudioError, match="no import format"):
        registry.read(tmp_path, "coco")


def test_a_folder_in_another_layout_than_the_named_format_is_an_error(make) -> None:
    with pytest.raises(DefectStudioError, match="no image that can be imported as dagm2007"):
        registry.read(make.layout("kolektorsdd2"), "dagm2007")


def test_links_out_of_the_source_are_not_followed(make, tmp_path: Path) -> None:
    folder = make.layout("kolektorsdd2")
    (tmp_path / "away").mkdir()
    stray = make.image("../away/1.png")
    (folder / "train" / "19999.png").symlink_to(stray)
    (folder / "more").symlink_to(tmp_path / "away")
    plan = registry.read(folder)
    assert all("19999" not in item.name for item in plan.items)
    assert [one.paths for one in plan.findings if one.kind == "outside"] == [("more", "train/19999.png")]
