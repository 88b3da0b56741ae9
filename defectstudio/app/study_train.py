"""One job of a training study: train on one part, measure on the other. Runs in a worker process.

The input size is chosen from training and test images together, labels aside, so that all folds share the encoder's
features in the project's cache. The figures over images are those of the paper: they need no threshold chosen ahead.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, ClassVar

import filelock
import numpy as np

from defectstudio.app.evaluation import tally_pixels
from defectstudio.app.study import Figures
from defectstudio.app.study_grid import TrainArguments, divide, masks
from defectstudio.app.study_worker import POLL_S, Place
from defectstudio.app.workflows import choose_segmented, use_list
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.metrics import PixelTally, image_figures
from defectstudio.domain.progress import CancelToken, Job, Progress


class TrainFigures(Figures):
    """Figures on the images that did not train; F1, CA, mAcc, FP and FN at the threshold of the best F1 there."""

    summed: ClassVar[frozenset[str]] = frozenset({"fp", "fn", "test_images"})

    ap: float | None
    auc: float | None
    best_f1: float
    ca: float
    macc: float | None
    fp: int
    fn: int
    pixel_ap: float | None
    train_images: int
    test_images: int
    masks: int
    train_seconds: float
    features_seconds: float
    device: str
    precision: str
    config: dict[str, Any]


def train_and_measure(values: dict[str, Any], place: Place, token: CancelToken) -> Job[TrainFigures]:
    """Train with the arguments of a grid's job and measure the held-out images."""
    arguments = TrainArguments.model_validate(values)
    with Project.open(place.project, readonly=True) as project:
        training, test = divide(project.snapshot(), arguments)
        training = with_masks(project, training, arguments)
        config = arguments.config()
        config = config.model_copy(update={"threads": config.threads or place.threads})
        return (yield from fit_and_score(config, training, test, place, token))


def with_masks(project: Project, training: Snapshot, arguments: TrainArguments) -> Snapshot:
    """The training images with as many masks as the job may use, drawn by its seed, or those of a published list."""
    text = str(arguments.segmented)
    if text.startswith("list:"):
        return use_list(project, training, text.removeprefix("list:"))
    there = sum(image.defective and image.segmented for image in training.images)
    return choose_segmented(training, masks(arguments.segmented, there), arguments.config().seed)


def fit_and_score(
    config: TrainConfig, training: Snapshot, test: Snapshot, place: Place, token: CancelToken
) -> Job[TrainFigures]:
    """Train, score the test images, and compare with what is known of them."""
    from defectstudio.learning.predict import score
    from defectstudio.learning.trainers.mixed import fit

    config = yield from shared_inputs(config, training, test, place, token)
    model = yield from fit(config, training, token, cache=place.cache, threshold=False)
    scored = yield from score(model, test, token, cache=place.cache)
    rows = {row.id: row for row in scored}
    found = image_figures([i.defective for i in test.images], [rows[i.id].score for i in test.images])
    tally = PixelTally()
    for image in (i for i in test.images if i.segmented):
        token.check()
        tally_pixels(tally, image, lambda number, shape: rows[number].heat_map(shape))
    return TrainFigures(
        ap=defined(found.ap),
        auc=defined(found.auc),
        best_f1=found.best_f1,
        ca=found.ca,
        macc=defined(found.macc),
        fp=found.fp,
        fn=found.fn,
        pixel_ap=defined(tally.ap()),
        train_images=len(model.images),
        test_images=found.images,
        masks=len(model.segmented),
        train_seconds=round(model.seconds, 3),
        features_seconds=round(model.features_seconds, 3),
        device=model.device,
        precision=model.precision,
        config=model.config.model_dump(mode="json"),
    )


def shared_inputs(
    config: TrainConfig, training: Snapshot, test: Snapshot, place: Place, token: CancelToken
) -> Job[TrainConfig]:
    """The configuration with its input size set; for `fast` the features of all images are in the cache afterwards.

    One worker computes them at a time: a second one would compute the same.
    """
    from defectstudio.learning.features import compute_features
    from defectstudio.learning.inputs import resolve

    both = replace(training, images=tuple(sorted((*training.images, *test.images), key=lambda image: image.id)))
    if config.net != "fast":
        return resolve(config, both.images)
    place.cache.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(place.cache / "features.lock")
    while not lock.is_locked:
        token.check()
        yield Progress(0, 0, "Waiting for features")
        try:
            lock.acquire(timeout=POLL_S)
        except filelock.Timeout:
            continue
    try:
        return (yield from compute_features(config, both, token, cache=place.cache))
    finally:
        lock.release()


def defined(value: float) -> float | None:
    """None in place of NaN, which JSON does not know."""
    return None if math.isnan(value) else float(np.round(value, 6))
