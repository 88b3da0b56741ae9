"""What a run's segmentation head makes of areas of images: the mean of its features over each, of length 1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.labels import Box, ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import read_input
from defectstudio.learning.model import batch_on_device, logits, on_device
from defectstudio.learning.nets.fast import FastNet


def area_features(
    folder: Path, snapshot: Snapshot, areas: Sequence[tuple[ImageId, Box]], cache: Path | None, token: CancelToken
) -> Job[NDArray[np.float32]]:
    """Vectors (n, C) of areas (an image of the snapshot, a box in its pixels) by the S_f of a run."""
    model = load_model(folder)
    config, fabric = model.config, make_fabric(model.config)
    wanted = {image for image, _ in areas}
    images = snapshot.where(lambda image: image.id in wanted)
    store = FeatureStore(config, cache, chosen_precision(config.precision)) if model.frozen else None
    if store is not None:
        yield from store.fill(images, config, fabric, token)
    net = on_device(model.net.eval(), fabric.device)
    kept: list[Tensor] = []
    part = net.heads.segmentation if isinstance(net, FastNet) else net.segmentation

    def keep(_module: nn.Module, _inputs: object, found: Tensor) -> None:
        kept[:] = [found.detach().float()]

    hook = part.register_forward_hook(keep)
    rows: dict[int, NDArray[np.float32]] = {}
    for done, image in enumerate(images.images):
        token.check()
        yield Progress(done, len(images.images), "Looking at areas")
        inputs = store.get(image.sha256) if store is not None else [read_input(images, image, config)]
        with torch.no_grad(), fabric.autocast():
            logits(net, [batch_on_device(x[None], fabric.device) for x in inputs], config, features=store is not None)
        of = [(number, box) for number, (owner, box) in enumerate(areas) if owner == image.id]
        for number, box in of:
            rows[number] = mean_over(kept[0][0], box, (image.height, image.width))
    hook.remove()
    return np.stack([rows[number] for number in range(len(areas))]) if areas else np.zeros((0, 1), np.float32)


def mean_over(features: Tensor, box: Box, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The mean of a map (C, h, w) over the cells that a box of an image of `shape` touches, of length 1."""
    rows, columns = (
        slice(low * cells // size, max(low * cells // size + 1, -(-high * cells // size)))
        for low, high, cells, size in (
            (box.top, box.bottom, features.shape[1], shape[0]),
            (box.left, box.right, features.shape[2], shape[1]),
        )
    )
    mean = features[:, rows, columns].mean((1, 2))
    return np.asarray((mean / mean.norm().clamp_min(1e-12)).cpu().numpy(), np.float32)
