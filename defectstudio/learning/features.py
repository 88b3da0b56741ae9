"""Encoder features, computed once per image and kept as float16, so that heads train in seconds.

Of `fast` they are the maps of the pretrained encoder. SegDecNet learns its own: a detector of boxes stands on the last
64 maps before S_f, and on S_h and the logits of the classes, which say what the 1024 maps of S_f came to at a sixteenth
of the room.

One file per image under `cache/features/<key>/`, named by the image's hash; the key names everything else that decides
the values. Folds, seeds and supervision share them. The cache may be deleted at any time; a damaged file is rebuilt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn

from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.whole import written_whole
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.inputs import encoder_strides, input_size, output_size, read_input, resolve
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.nets.encoder import TAPS, pretrained_encoder
from defectstudio.learning.nets.fused import fused
from defectstudio.learning.nets.heads import to_stride
from defectstudio.learning.nets.segdec import PLAIN, SegDecNet, SegDecTrunk
from defectstudio.learning.together import Together

FORMAT = 2


def shapes(config: TrainConfig) -> list[tuple[int, int, int]]:
    """(channels, h, w) of each map kept for one image, finest first; none is finer than the segmentation output."""
    height, width = input_size(config)
    finest = output_size(config)
    if config.net == "segdec":
        return [(channels, *finest) for channels in (PLAIN, 1 + len(config.segment_classes or ()))]
    return [
        (TAPS[s][1], min(height // s, finest[0]), min(width // s, finest[1]))
        for s in sorted(set(encoder_strides(config)))
    ]


def key(config: TrainConfig, precision: str) -> str:
    """Names the encoder, its input and what is kept of its output."""
    named = "efficientnet-lite0" if config.net == "fast" else "segdec"
    parts = (FORMAT, named, input_size(config), shapes(config), precision)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def weights_key(encoder: nn.Module) -> str:
    """Names the weights of an encoder."""
    digest = hashlib.sha256()
    for name, value in sorted(encoder.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


class FeatureStore:
    """Features of any image by its hash: from memory (no cache folder) or from one file each.

    `encoder`: another one than the published, such as that of a run whose encoder was tuned.
    """

    def __init__(
        self, config: TrainConfig, cache: Path | None, precision: str, *, encoder: nn.Module | None = None
    ) -> None:
        self.shapes = shapes(config)
        self.sizes = [c * h * w for c, h, w in self.shapes]
        name = key(config, precision) + ("" if encoder is None else f"-{weights_key(encoder)}")
        self.folder = None if cache is None else cache / "features" / name
        self.encoder = encoder
        self._memory: dict[str, NDArray[np.float16]] = {}

    def __contains__(self, sha256: str) -> bool:
        if self.folder is None:
            return sha256 in self._memory
        path = self._path(sha256)
        return path.is_file() and path.stat().st_size == 2 * sum(self.sizes)

    def put(self, sha256: str, maps: Sequence[Tensor]) -> None:
        """Keep the maps (c, h, w) of one image."""
        flat = np.concatenate([m.float().cpu().numpy().astype(np.float16).ravel() for m in maps])
        if self.folder is None:
            self._memory[sha256] = flat
            return
        with written_whole(self._path(sha256), durable=False) as temporary:
            temporary.write_bytes(flat.tobytes())

    def get(self, sha256: str) -> list[Tensor]:
        """The maps of one image, (c, h, w) float32, finest first."""
        return [part.float() for part in self.halves(sha256)]

    def halves(self, sha256: str) -> list[Tensor]:
        """As `get`, float16 as they are kept: half the memory to move where they are turned and stacked first."""
        flat = self._memory[sha256] if self.folder is None else np.fromfile(self._path(sha256), np.float16)
        parts = torch.split(torch.from_numpy(flat), self.sizes)
        return [part.view(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def fill(
        self,
        snapshot: Snapshot,
        config: TrainConfig,
        fabric: Fabric,
        token: CancelToken,
        together: Together | None = None,
    ) -> Job[None]:
        """Compute what is missing for the images of the snapshot; each of several processes its share of them."""
        if together is not None and self.folder is not None and together.count > 1:
            part = replace(snapshot, images=snapshot.images[together.rank :: together.count])
            yield from self.fill(part, config, fabric, token)
            together.wait()
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        missing = list({image.sha256: image for image in snapshot.images if image.sha256 not in self}.values())
        if not missing:
            return
        encoder = (self.encoder or fused(pretrained_encoder(encoder_strides(config)))).to(fabric.device)
        for done, image in enumerate(missing):
            token.check()
            yield Progress(done, len(missing), "Computing features")
            self.put(image.sha256, encode(encoder, snapshot, image, config, fabric))

    def _path(self, sha256: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{sha256}.f16"


def store_of(model: TrainedModel, cache: Path | None) -> FeatureStore:
    """Features of the trunk of a trained detector, whichever it is."""
    encoder: nn.Module | None = None
    if isinstance(model.net, SegDecNet):
        encoder = SegDecTrunk(model.net).eval()
    elif not model.frozen:
        encoder = model.net.trunk.eval()
    return FeatureStore(model.config, cache, chosen_precision(model.config.precision), encoder=encoder)


def compute_features(config: TrainConfig, snapshot: Snapshot, token: CancelToken, *, cache: Path) -> Job[TrainConfig]:
    """Compute the features of every image ahead of training, so that folds and seeds find them in the cache.

    Returns the configuration with its input size chosen from these images; `fit` with it uses the same features.
    """
    resolved = resolve(config, snapshot.images)
    store = FeatureStore(resolved, cache, chosen_precision(config.precision))
    yield from store.fill(snapshot, resolved, make_fabric(resolved), token)
    return resolved


@torch.no_grad()
def encode(
    encoder: nn.Module, snapshot: Snapshot, image: SnapshotImage, config: TrainConfig, fabric: Fabric
) -> list[Tensor]:
    """The maps (c, h, w) of one image, none finer than the segmentation output."""
    pixels = read_input(snapshot, image, config)[None].to(fabric.device, memory_format=torch.channels_last)
    with fabric.autocast():
        maps = encoder(pixels)
    finest = output_size(config)
    return [to_stride(m.float(), (min(m.shape[-2], finest[0]), min(m.shape[-1], finest[1])))[0] for m in maps]
