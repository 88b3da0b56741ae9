"""Figures of boxes: by hand where that is short, and against pycocotools where it is installed."""

from __future__ import annotations

import contextlib
import io
import math

import numpy as np
import pytest

from defectstudio.domain.detection import (
    FoundBox,
    ImageBoxes,
    TrueBox,
    average_precision_of,
    detection_figures,
    fitted_thresholds,
    matched,
    overlap_of,
)
from defectstudio.domain.labels import Box

SQUARE = Box(0, 0, 10, 10)


def random_images(seed: int, count: int = 12) -> list[ImageBoxes]:
    rng = np.random.default_rng(seed)

    def box() -> Box:
        top, left = (int(n) for n in rng.integers(0, 40, 2))
        return Box(top, left, top + int(rng.integers(4, 30)), left + int(rng.integers(4, 30)))

    images = []
    for _ in range(count):
        truth = [TrueBox(box(), int(rng.integers(1, 4))) for _ in range(rng.integers(0, 4))]
        near = [
            FoundBox(Box(t.box.top + 1, t.box.left, t.box.bottom + 1, t.box.right), t.class_index, float(rng.random()))
            for t in truth
            if rng.random() < 0.7
        ]
        stray = [FoundBox(box(), int(rng.integers(1, 4)), float(rng.random())) for _ in range(rng.integers(0, 4))]
        images.append(ImageBoxes(tuple(truth), tuple(near + stray), good=not truth))
    return images


def by_coco(images: list[ImageBoxes]) -> float:
    coco, evaluation = pytest.importorskip("pycocotools.coco"), pytest.importorskip("pycocotools.cocoeval")

    def xywh(box: Box) -> list[int]:
        return [box.left, box.top, box.right - box.left, box.bottom - box.top]

    truth = [(n, t) for n, image in enumerate(images, 1) for t in image.truth]
    found = [(n, f) for n, image in enumerate(images, 1) for f in image.found]
    with contextlib.redirect_stdout(io.StringIO()):
        whole = coco.COCO()
        whole.dataset = {
            "info": {},
            "images": [{"id": n} for n in range(1, len(images) + 1)],
            "categories": [{"id": c, "name": str(c)} for c in (1, 2, 3)],
            "annotations": [
                {"id": k, "image_id": n, "category_id": t.class_index, "bbox": xywh(t.box), "iscrowd": 0,
                 "area": t.box.shape[0] * t.box.shape[1]}
                for k, (n, t) in enumerate(truth, 1)
            ],
        }  # fmt: skip
        whole.createIndex()
        said = whole.loadRes(
            [
                {"image_id": n, "category_id": f.class_index, "bbox": xywh(f.box), "score": f.confidence}
                for n, f in found
            ]
        )
        run = evaluation.COCOeval(whole, said, "bbox")
        run.params.iouThrs = np.array([0.5])
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][0, :, :, 0, -1]
    return float(precision[:, (precision > -1).all(0)].mean())


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_average_precision_is_that_of_coco(seed: int) -> None:
    images = random_images(seed)
    assert detection_figures(images).map == pytest.approx(by_coco(images), abs=1e-9)


def test_overlap_is_intersection_over_union() -> None:
    others = [SQUARE, Box(0, 5, 10, 15), Box(10, 0, 20, 10), Box(2, 2, 4, 4)]
    assert overlap_of([SQUARE], others).tolist() == [[1.0, 50 / 150, 0.0, 0.04]]
    assert overlap_of([], others).shape == (0, 4)


def test_a_true_box_is_found_once() -> None:
    found = [FoundBox(SQUARE, 1, 0.9), FoundBox(SQUARE, 1, 0.8)]
    assert matched(found, [TrueBox(SQUARE, 1)]) == [True, False]
    assert matched(found, []) == [False, False]


def test_average_precision_by_hand() -> None:
    assert average_precision_of([0.9, 0.8, 0.7], [True, False, True], 2) == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert average_precision_of([], [], 3) == 0
    assert math.isnan(average_precision_of([0.5], [False], 0))


def test_only_detections_from_the_threshold_on_count_as_alarms_and_hits() -> None:
    images = [
        ImageBoxes(
            (TrueBox(SQUARE, 1),), (FoundBox(SQUARE, 1, 0.6), FoundBox(Box(20, 20, 30, 30), 2, 0.9)), good=False
        ),
        ImageBoxes((), (FoundBox(SQUARE, 1, 0.55), FoundBox(SQUARE, 2, 0.2)), good=True),
        ImageBoxes((), (), good=True),
    ]
    loose = detection_figures(images, 0.5)
    assert (loose.precision, loose.recall, loose.fp_per_100_good) == (1 / 3, 1.0, 50.0)
    strict = detection_figures(images, {1: 0.58, 2: 0.95})
    assert (strict.precision, strict.recall, strict.fp_per_100_good) == (1.0, 1.0, 0.0)
    none = detection_figures([ImageBoxes((), (), good=False)])
    assert all(math.isnan(value) for value in (none.map, none.precision, none.recall, none.fp_per_100_good))


def test_thresholds_of_best_f1_lie_half_way_to_the_next_weaker_detection() -> None:
    there = Box(0, 0, 10, 10)

    def image(confidence: float, truth: bool, index: int = 1) -> ImageBoxes:
        found = (FoundBox(there, index, confidence),) if confidence else ()
        return ImageBoxes((TrueBox(there, index),) if truth else (), found, not truth)

    # F1 from 0.9 on: 2/4; 0.8: 4/5; 0.6: 4/6; 0.4: 6/7; 0.2: 6/8.
    images = [image(0.9, True), image(0.8, True), image(0.6, False), image(0.4, True), image(0.2, False)]
    assert fitted_thresholds(images) == {1: pytest.approx(0.3)}
    assert fitted_thresholds([*images, *[image(0.5, False)] * 2]) == {1: pytest.approx(0.7)}
    assert fitted_thresholds([image(0.5, True)]) == {1: 0.25}
    assert fitted_thresholds(images, least=4) == {}
    assert fitted_thresholds([image(0.0, True), image(0.7, False)]) == {}
