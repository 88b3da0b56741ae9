"""How images look to the encoder: its maps of stride 16, pooled by mean and by maximum, each part of length 1.

The mean tells surface and light, the maximum what is odd somewhere; both weigh the same. Where features of the same
input are cached for training, they are pooled, else the encoder looks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from defectstudio.data.embeddings import Embeddings, Vectors, embeddings_path, read_embeddings, write_embeddings
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.features import FeatureStore, encode
from defectstudio.learning.inputs import encoder_strides, input_size, resolve
from defectstudio.learning.nets.encoder import pretrained_encoder
from defectstudio.learning.nets.fused import fused

FORMAT = 1
STRIDE = 16


def embeddings_key(config: TrainConfig) -> str:
    """Names the encoder, its input and how its maps are pooled; the configuration is a resolved one."""
    parts = (FORMAT, "efficientnet-lite0", STRIDE, input_size(config), chosen_precision(config.precision))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def resolved_for_embeddings(config: TrainConfig, images: Sequence[SnapshotImage]) -> TrainConfig:
    """The configuration whose input the encoder sees: that of the training where it uses the encoder, else its own."""
    if config.net == "fast":
        return resolve(config, images)
    return resolve(default_config("fast", precision=config.precision, threads=config.threads), images)


def pool(feature_map: Tensor) -> Vectors:
    """A map (c, h, w) as a vector (2 c,) of length 1: mean and maximum over the image, each part of equal length."""
    flat = feature_map.float().flatten(1)
    parts = [part / part.norm().clamp_min(1e-12) for part in (flat.mean(1), flat.amax(1))]
    return np.asarray((torch.cat(parts) / 2**0.5).cpu().numpy(), np.float32)


def compute_embeddings(
    snapshot: Snapshot, config: TrainConfig, cache: Path, token: CancelToken
) -> Job[tuple[str, Embeddings]]:
    """The embeddings of all images of the snapshot, from the cache or computed and cached; with their key.

    `config` is resolved (`resolved_for_embeddings`). What was computed before a cancel is kept.
    """
    key = embeddings_key(config)
    path = embeddings_path(cache, key)
    known = read_embeddings(path)
    missing = list({i.sha256: i for i in snapshot.images if i.sha256 not in known}.values())
    new: dict[str, Vectors] = {}
    try:
        if missing:
            yield from _look(snapshot, missing, config, cache, token, new)
    finally:
        known = known.joined(new)
        if new:
            write_embeddings(path, known)
    return key, known


def _look(
    snapshot: Snapshot,
    missing: Sequence[SnapshotImage],
    config: TrainConfig,
    cache: Path,
    token: CancelToken,
    new: dict[str, Vectors],
) -> Job[None]:
    store = FeatureStore(config, cache, chosen_precision(config.precision))
    strides = sorted(set(encoder_strides(config)))
    place = strides.index(STRIDE) if STRIDE in strides else None
    alone = config.model_copy(update={"strides": (STRIDE,)})
    fabric = make_fabric(config)
    encoder = None
    for done, image in enumerate(missing):
        token.check()
        yield Progress(done, len(missing), "Looking at images")
        if place is not None and image.sha256 in store:
            new[image.sha256] = pool(store.get(image.sha256)[place])
            continue
        if encoder is None:
            encoder = fused(pretrained_encoder((STRIDE,))).to(fabric.device)
        new[image.sha256] = pool(encode(encoder, snapshot, image, alone, fabric)[0])
