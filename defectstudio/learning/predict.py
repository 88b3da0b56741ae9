"""Scores and heat maps for any images: in memory (`score`) or into a run's `predictions.h5` (`predict`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from defectstudio.data.predictions import Predictions, Scored, write_predictions
from defectstudio.data.runs import PREDICTIONS
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.augment import FLIPS, flip
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import input_size, output_size, read_input
from defectstudio.learning.model import TrainedModel, batch_on_device, logits, on_device


def predict(
    folder: Path, snapshot: Snapshot, *, cache: Path | None = None
) -> Callable[[CancelToken], Job[Predictions]]:
    """A job that scores every image of the snapshot with a run and writes the run's `predictions.h5` in one step."""

    def job(token: CancelToken) -> Job[Predictions]:
        model = load_model(folder)
        scored = yield from score(model, snapshot, token, cache=cache)
        size = input_size(model.config)
        stride = size[0] // output_size(model.config)[0]
        return write_predictions(folder / PREDICTIONS, scored, stride=stride, input_size=size)

    return job


def score(
    model: TrainedModel,
    snapshot: Snapshot,
    token: CancelToken,
    *,
    cache: Path | None = None,
    store: FeatureStore | None = None,
) -> Job[list[Scored]]:
    """P(defect) and the heat map of every image, in the snapshot's order.

    A `store` that names an encoder names the model's own, tuned one: then its features serve, too.
    """
    config = model.config
    fabric = make_fabric(config)
    features = model.frozen or (store is not None and store.encoder is not None)
    if features:
        store = store or FeatureStore(config, cache, chosen_precision(config.precision))
        yield from store.fill(snapshot, config, fabric, token)
    net = on_device(model.net.eval(), fabric.device)
    scored = []
    for done, image in enumerate(snapshot.images):
        token.check()
        yield Progress(done, len(snapshot.images), "Predicting")
        inputs = store.get(image.sha256) if store and features else [read_input(snapshot, image, config)]
        found = _one(model, [batch_on_device(x[None], fabric.device) for x in inputs], fabric, features=features)
        scored.append(_scored(image, model, *found))
    net.to("cpu")
    return scored


@torch.no_grad()
def _one(
    model: TrainedModel, inputs: Sequence[Tensor], fabric: Fabric, *, features: bool
) -> tuple[Tensor, Tensor, Tensor | None]:
    """P(defect), the heat map and, where told apart, P(class | defect) (C, h, w) of one image.

    Averaged over flips where the configuration asks for it.
    """
    turns = FLIPS if model.config.test_flips else FLIPS[:1]
    scores, heats, chances = [], [], []
    for axes in turns:
        with fabric.autocast():
            seg, cls, *which = logits(model.net, flip(inputs, axes), model.config, features=features)
        scores.append(cls.float().sigmoid()[0])
        heats.append(flip([seg.float().sigmoid()[0, 0]], axes)[0])
        chances += [flip([part.float().softmax(1)[0]], axes)[0] for part in which]
    which_class = torch.stack(chances).mean(0) if chances else None
    return torch.stack(scores).mean(), torch.stack(heats).mean(0), which_class


def _scored(image: SnapshotImage, model: TrainedModel, p: Tensor, heat: Tensor, chances: Tensor | None) -> Scored:
    cells = heat.cpu().numpy().astype("float16")
    if chances is None:
        return Scored(image.id, float(p), cells, image.split)
    numbers = np.array(model.config.segment_classes or (0,), np.uint8)
    p_classes = (heat * chances).amax((1, 2)).cpu().numpy()
    return Scored(image.id, float(p), cells, image.split, numbers[chances.argmax(0).cpu().numpy()], p_classes)
