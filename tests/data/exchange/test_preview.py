"""The preview counts and checks before anything is written, and its fixes keep copies on one side."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from defectstudio.data.exchange import registry
from defectstudio.data.exchange.plan import ImportPlan
from defectstudio.data.exchange.preview import Preview, drop_duplicates, keep_duplicates_together, preview
from defectstudio.domain.errors import Cancelled
from defectstudio.domain.progress import CancelToken, finish


def look(plan: ImportPlan, **options: bool) -> Preview:
    return finish(preview(plan, CancelToken(), **options))


def texts(found: Preview, kind: str) -> list[str]:
    return [row.text for row in found.findings if row.kind == kind]


def copied(make) -> ImportPlan:
    """Parts a and b hold one image in common but stand in different folds; so do c and d, as images without group."""
    for number in range(6):
        make.image(f"images/{number}.png", np.full((8, 8), number * 9, np.uint8))
    make.image("images/2.png", np.full((8, 8), 9, np.uint8))
    make.image("images/5.png", np.full((8, 8), 36, np.uint8))
    rows = [("0", "fold0", "a", 0), ("1", "fold0", "a", 1), ("2", "fold1", "b", 0), ("3", "fold1", "b", 0)]
    make.table("list.csv", [("stem", "split", "group", "label"), *rows, ("4", "fold0", "", 0), ("5", "fold1", "", 0)])
    return registry.read(make.root)


def test_counts_are_by_split_and_verdict_and_by_class(make) -> None:
    found = look(registry.read(make.layout("folder")))
    assert found.counts == {"test": {"defective": 1, "good": 1}, "train": {"defective": 1, "good": 1}}
    assert found.classes == {"crack": 1, "hole": 1}
    assert (found.images, found.groups, found.with_mask, found.left_out) == (4, 2, 2, [])


def test_groups_that_stand_in_several_splits_are_named(make) -> None:
    make.image("images/a.png")
    make.image("images/b.png")
    make.table("list.csv", [("stem", "split", "part"), ("a", "train", "p1"), ("b", "test", "p1")])
    found = look(registry.read(make.root))
    assert found.cut_groups == ["p1"]
    assert texts(found, "cut group")


def test_a_preview_can_be_written_as_json(make) -> None:
    found = look(registry.read(make.layout("kolektorsdd2")))
    assert Preview.model_validate(json.loads(found.model_dump_json())) == found


def test_an_image_cut_short_is_left_out_with_an_error(make) -> None:
    folder = make.layout("kolektorsdd2")
    path = folder / "train/10000.png"
    path.write_bytes(path.read_bytes()[:200])
    found = look(registry.read(folder))
    assert found.left_out == ["train/10000"]
    assert found.images == 7
    assert "10000.png" in texts(found, "unreadable")[0]


def test_damage_inside_an_image_is_not_seen_without_decoding(make) -> None:
    folder = make.layout("kolektorsdd2")
    path = folder / "train/10000.png"
    path.write_bytes(path.read_bytes()[:200])
    assert look(registry.read(folder), decode=False).left_out == []


def test_a_mask_of_another_size_leaves_its_image_out_with_an_error(make) -> None:
    folder = make.layout("mvtec")
    make.image("ground_truth/crack/000_mask.png", np.full((5, 5), 255, np.uint8))
    found = look(registry.read(folder))
    assert found.left_out == ["test/crack/000"]
    assert "5 x 5 pixels" in texts(found, "unreadable")[0]


def test_copies_are_reported_and_those_across_splits_and_groups_apart(make) -> None:
    found = look(copied(make))
    assert found.duplicates == found.duplicates_across == [["images/1", "images/2"], ["images/4", "images/5"]]
    assert "images/1 = images/2" in texts(found, "duplicate across")[0]


def test_copies_with_different_tags_contradict_each_other(make) -> None:
    assert "images/1 = images/2" in texts(look(copied(make)), "contradiction")[0]


def test_copies_with_different_masks_contradict_each_other(make) -> None:
    pixels = np.full((24, 16), 7, np.uint8)
    for name, box in (("a", (4, 4, 9, 10)), ("b", (4, 4, 9, 11))):
        make.image(f"images/{name}.png", pixels)
        make.image(f"masks/{name}.png", make.mask(box=box))
    assert "images/a = images/b" in texts(look(registry.read(make.root)), "contradiction")[0]


def test_dropping_copies_keeps_the_first_of_each(make) -> None:
    plan = copied(make)
    fixed = drop_duplicates(plan, look(plan))
    assert [item.name for item in fixed.items] == ["images/0", "images/1", "images/3", "images/4"]
    assert look(fixed).duplicates == []
    assert len(plan.items) == 6


def test_dropping_copies_prefers_the_labelled_one(make) -> None:
    pixels = np.full((8, 8), 7, np.uint8)
    make.image("a.png", pixels)
    make.image("b.png", pixels)
    make.table("list.csv", [("stem", "label"), ("b", 1)])
    plan = registry.read(make.root)
    assert [item.name for item in drop_duplicates(plan, look(plan)).items] == ["b"]


def test_keeping_copies_together_joins_their_groups_in_one_split(make) -> None:
    plan = copied(make)
    fixed = keep_duplicates_together(plan, look(plan))
    placed = {item.name[-1]: (item.group, item.split) for item in fixed.items}
    assert {placed[name] for name in "0123"} == {("a", "fold0")}
    assert placed["4"] == placed["5"] == ("copies of images/4", "fold0")
    again = look(fixed)
    assert (again.duplicates_across, again.cut_groups, again.images) == ([], [], 6)


def test_orientation_marks_and_extra_pages_are_reported(make) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    make.image("a.jpg", exif=exif)
    first, second = (Image.fromarray(np.full((8, 8), value, np.uint8)) for value in (1, 2))
    first.save(make.root / "b.tif", save_all=True, append_images=[second])
    found = look(registry.read(make.root))
    assert "a" in texts(found, "orientation")[0]
    assert "b" in texts(found, "pages")[0]


def test_a_contradiction_the_reader_named_is_not_named_twice(make) -> None:
    make.image("images/a.png")
    make.image("masks/a.png", make.mask(0))
    make.table("list.csv", [("stem", "label"), ("a", 1)])
    assert len(texts(look(registry.read(make.root)), "contradiction")) == 1


def test_a_preview_can_be_cancelled(make) -> None:
    token = CancelToken()
    job = preview(registry.read(make.layout("folder")), token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        finish(job)


def test_progress_ends_at_the_number_of_images(make) -> None:
    steps = list(preview(registry.read(make.layout("folder")), CancelToken()))
    assert (steps[-1].done, steps[-1].total) == (4, 4)
