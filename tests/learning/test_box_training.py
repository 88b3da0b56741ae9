"""A detector of boxes learns from whole label maps, and from verdicts without being told where boxes end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import BoxSettings, TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.detection import DetectionFigures, ImageBoxes, TrueBox, detection_figures
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import GOOD, HEALTHY, UNKNOWN, UNLABELLED, Box, encode_runs
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.anchors import encode, fit_anchors, overlapping, shape_overlap
from defectstudio.learning.box_areas import box_areas, weight_of_objects
from defectstudio.learning.box_model import BoxModel, find_boxes, load_boxes, save_boxes
from defectstudio.learning.boxes import boxes_of
from defectstudio.learning.devices import make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import resolve
from defectstudio.learning.trainers.boxes import BoxTrainer, fit_boxes, mentor_boxes
from tests.learning.generated import spots_and_holes

SIDE = 64
SHAPE, GRID = (SIDE, SIDE), (8, 8)
ANCHORS = ((1.0, 1.0), (2.0, 2.0))
CLASSES = (1, 2)


def configuration(snapshot: Snapshot) -> TrainConfig:
    return resolve(default_config(height=SIDE, width=SIDE, threads=1, precision="32"), snapshot.images)


@pytest.fixture(scope="module")
def originals() -> Snapshot:
    return spots_and_holes(12, 12, masks=12)


@pytest.fixture(scope="module")
def store(originals: Snapshot) -> FeatureStore:
    return FeatureStore(configuration(originals), None, "32")


@pytest.fixture(scope="module")
def base(originals: Snapshot, store: FeatureStore) -> BoxModel:
    settings = BoxSettings(epochs=20, anchors=2, lr=0.01, running_mean=0.9)
    return finish(fit_boxes(configuration(originals), settings, originals, store, CancelToken()))


def surfaces(seed: int, good: int, defective: int, *, negative: bool = False) -> Snapshot:
    """More of the same kind, or their negatives, with ids and hashes of their own."""
    made = spots_and_holes(good, defective, masks=defective, seed=seed)
    images = tuple(replace(i, id=i.id + 1000 * seed, sha256=f"{i.sha256}-{seed}") for i in made.images)
    known = {i.id: old for i, old in zip(images, made.images, strict=True)}

    def read(image: SnapshotImage) -> np.ndarray:
        pixels = made.read(known[image.id])
        return 255 - pixels if negative else pixels

    return replace(made, images=images, read=read)


def boxes_found(model: BoxModel, images: Snapshot, store: FeatureStore) -> DetectionFigures:
    found = finish(find_boxes(model, images, store, CancelToken()))
    return detection_figures(
        [
            ImageBoxes(() if i.good else tuple(boxes_of(i.label_map())), tuple(found[i.id]), i.good)
            for i in images.images
        ]
    )


def image_of(drawn: np.ndarray, **changes: object) -> SnapshotImage:
    (image,) = Snapshot.from_arrays([np.zeros(drawn.shape, np.uint8)], [drawn], [UNLABELLED]).images
    return replace(image, label_code=encode_runs(drawn), **changes)


def test_it_finds_the_boxes_of_images_that_it_never_saw(base: BoxModel, store: FeatureStore) -> None:
    assert boxes_found(base, surfaces(5, 6, 10), store).map > 0.6


def test_the_same_seed_gives_the_same_detector(originals: Snapshot, store: FeatureStore) -> None:
    settings = BoxSettings(epochs=1, anchors=2)
    one, two = (
        finish(fit_boxes(configuration(originals), settings, originals, store, CancelToken())) for _ in range(2)
    )
    assert one.anchors == two.anchors
    for name, value in one.net.state_dict().items():
        assert torch.equal(value, two.net.state_dict()[name])


def test_a_detector_comes_back_from_its_file_and_a_damaged_file_says_so(base: BoxModel, tmp_path: Path) -> None:
    save_boxes(tmp_path / "boxes.safetensors", base)
    again = load_boxes(tmp_path / "boxes.safetensors")
    assert (again.anchors, again.classes, again.settings) == (base.anchors, base.classes, base.settings)
    for name, value in base.net.state_dict().items():
        assert torch.equal(value, again.net.state_dict()[name])
    (tmp_path / "boxes.safetensors").write_bytes(b"no weights")
    with pytest.raises(DefectStudioError, match="cannot be read"):
        load_boxes(tmp_path / "boxes.safetensors")


def test_without_a_drawn_defect_there_is_no_box_to_learn_from(store: FeatureStore) -> None:
    tags_only = spots_and_holes(4, 4, masks=0)
    with pytest.raises(DefectStudioError, match="no box"):
        finish(fit_boxes(configuration(tags_only), BoxSettings(), tags_only, store, CancelToken()))


def test_anchors_are_like_the_boxes_they_come_from() -> None:
    rng = np.random.default_rng(0)
    kinds = [(1.0, 1.0), (9.0, 2.0), (3.0, 12.0)]
    sizes = [(h * rng.uniform(0.9, 1.1), w * rng.uniform(0.9, 1.1)) for h, w in kinds for _ in range(20)]
    anchors = fit_anchors(sizes, 3)
    assert all(shape_overlap(h, w, anchors).max() > 0.75 for h, w in sizes)
    assert len(fit_anchors([(2.0, 2.0)], 6)) == 1
    with pytest.raises(ValueError, match="boxes"):
        fit_anchors([], 3)


def test_anchors_that_nearly_fit_a_box_are_neither_right_nor_wrong() -> None:
    box = TrueBox(Box(16, 16, 32, 32), 1)
    near = overlapping([box], SHAPE, GRID, ANCHORS)
    target = encode([box], SHAPE, GRID, ANCHORS, CLASSES)
    assert not near[0].any()
    # Two cells a side, in the middle of the cells (2..3): one cell's shift by half a cell each way still fits.
    assert near[1].nonzero().tolist() == []
    assert overlapping([box], SHAPE, GRID, ANCHORS, least=0.3)[1].nonzero().tolist() == [[2, 2], [2, 3], [3, 2], [3, 3]]
    assert target.objectness.sum() == 1


def test_areas_of_a_mirrored_image_are_the_mirrored_areas() -> None:
    drawn = np.zeros(SHAPE, np.uint8)
    drawn[3:14, 21:30] = 2
    drawn[40:44, 9:27] = 1
    plain = box_areas(image_of(drawn), GRID, ANCHORS, CLASSES, 5.0)
    for axes in ((-1,), (-2,), (-2, -1)):
        mirrored = box_areas(image_of(np.flip(drawn, axes).copy()), GRID, ANCHORS, CLASSES, 5.0)
        turned = plain.flipped(axes)
        for name in ("objectness", "classes", "known"):
            assert torch.equal(getattr(turned, name), getattr(mirrored, name)), name
        torch.testing.assert_close(turned.box, mirrored.box, atol=1e-4, rtol=1e-4)


def test_of_a_mentored_image_only_what_was_said_is_known_unless_a_switch_fills_it() -> None:
    drawn = np.full(SHAPE, UNKNOWN, np.uint8)
    drawn[0:16, 0:16] = HEALTHY
    drawn[32:40, 32:40] = 1
    image = image_of(drawn)
    said = torch.full((2, *GRID), 0.3)
    said[:, 7] = 0.001
    code = image.label_code

    def areas(of: SnapshotImage = image, **switches: bool) -> torch.Tensor:
        mentoring = MentorSettings(**{"healthy": False, "omnia": False, **switches})
        return box_areas(of, GRID, ANCHORS, CLASSES, 5.0, mentored=True, settings=mentoring, said=said).known

    plain = areas()
    assert (plain > 0).nonzero()[:, 1:].unique(dim=0).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [4, 4]]
    assert float(plain[0, 4, 4]) == 5
    filled = areas(omnia=True)
    assert (filled[:, 7] == 1).all()
    assert torch.equal(filled[:, :7], plain[:, :7])
    assert (areas(replace(image, tag=GOOD, label_code=None), healthy=True) == 1).all()
    assert (areas(replace(image, tag=GOOD, label_code=None)) == 0).all()
    kept = box_areas(
        image, GRID, ANCHORS, CLASSES, 5.0, mentored=True, settings=MentorSettings(distill=True, omnia=False), said=said
    )
    assert ((kept.distilled == 1) == (kept.known == 0)).all()
    assert image.label_code == code


def both(one: Snapshot, other: Snapshot) -> Snapshot:
    ids = {image.id for image in other.images}
    return replace(
        one, images=(*one.images, *other.images), read=lambda i: other.read(i) if i.id in ids else one.read(i)
    )


def test_verdicts_teach_a_new_domain_and_every_switch_runs(
    originals: Snapshot, base: BoxModel, store: FeatureStore
) -> None:
    new, test = surfaces(7, 8, 8, negative=True), surfaces(8, 6, 10, negative=True)
    ids = frozenset(image.id for image in new.images)
    settings = MentorSettings(epochs=10, lr=0.01, omnia=True, dann=True, distill=True)
    candidate = finish(mentor_boxes(base, settings, both(originals, new), ids, store, CancelToken()))
    before, after = (boxes_found(model, test, store) for model in (base, candidate))
    assert after.map > before.map + 0.1
    assert candidate.anchors == base.anchors


def test_a_batch_of_boxes_is_half_mentored_when_balanced(
    originals: Snapshot, base: BoxModel, store: FeatureStore
) -> None:
    new = surfaces(7, 2, 2, negative=True)
    ids = frozenset(image.id for image in new.images)
    trainer = BoxTrainer(
        replace(base, settings=BoxSettings(batch=8, epochs=2)), both(originals, new), store, mentored=ids
    )
    for row in trainer.epochs():
        for step in row:
            assert trainer.is_new[step.indices].sum() == step.indices.size / 2


def test_boxes_of_mentored_images_pull_at_nothing(originals: Snapshot, base: BoxModel, store: FeatureStore) -> None:
    new = surfaces(7, 2, 2, negative=True)
    ids = frozenset(image.id for image in new.images)
    trainer = BoxTrainer(
        replace(base, settings=BoxSettings(batch=4, epochs=1)), both(originals, new), store, mentored=ids
    )
    finish(store.fill(new, base.config, make_fabric(base.config), CancelToken()))
    step = next(iter(next(iter(trainer.epochs()))))
    new_ones = trainer.is_new[step.indices]
    turns = tuple(turn for turn, is_new in zip(step.turns, new_ones, strict=True) if is_new)
    only_new = replace(step, indices=step.indices[new_ones], turns=turns)
    base.net.zero_grad()
    trainer.losses(only_new)["loss"].backward()
    last = base.net.head.layers[1]
    gradient = last.weight.grad
    assert gradient is not None
    box_rows = [5 * anchor + part for anchor in range(len(base.anchors)) for part in range(4)]
    assert (gradient[box_rows] == 0).all()
    assert (gradient[4 : 5 * len(base.anchors) : 5] != 0).any()


def test_an_area_with_an_object_counts_as_much_as_there_are_others_in_m_for_each() -> None:
    there = torch.zeros(1, 10, 10, dtype=torch.bool)
    there[0, 0, :2] = True
    whole = torch.ones(1, 10, 10)
    assert weight_of_objects(whole, there, 100) == 49  # 98 others, 2 objects
    assert weight_of_objects(whole, there, 20) == 20
    judged = there.float()
    judged[0, 5, :3] = 1
    assert weight_of_objects(judged, there, 20) == 1.5  # 3 rejected areas, 2 confirmed ones
    judged[0, 5] = 0
    assert weight_of_objects(judged, there, 20) == 1  # nothing was rejected
    assert weight_of_objects(whole, torch.zeros_like(there), 20) == 1
