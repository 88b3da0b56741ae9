"""A detector of boxes in memory and on disk, and what it finds: its head stands on the trunk of a run, frozen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from defectstudio.data.runs import BOXES, BoxSettings, TrainConfig
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.whole import written_whole
from defectstudio.domain.detection import FoundBox
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.anchors import Anchors, decode
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.devices import make_fabric
from defectstudio.learning.features import FeatureStore, shapes, store_of
from defectstudio.learning.inputs import input_size
from defectstudio.learning.nets.detector import BoxNet

GRID_STRIDE = 8
Found = dict[ImageId, list[FoundBox]]
LEAST = 0.05
"""Boxes of less confidence are not reported."""


@dataclass(slots=True)
class BoxModel:
    """`config` is that of the run whose encoder it stands on; `classes` are in the order of the head's logits."""

    config: TrainConfig
    settings: BoxSettings
    anchors: Anchors
    classes: tuple[int, ...]
    net: BoxNet
    seconds: float = 0.0

    @property
    def grid(self) -> tuple[int, int]:
        """(h, w) of the grid of cells."""
        return box_grid(self.config)


def box_grid(config: TrainConfig) -> tuple[int, int]:
    """(h, w) of the grid of a detector on a resolved configuration."""
    height, width = input_size(config)
    return height // GRID_STRIDE, width // GRID_STRIDE


def build_boxes(config: TrainConfig, anchors: Anchors, classes: tuple[int, ...], seed: int) -> BoxNet:
    """A fresh network; the same seed gives the same weights."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return BoxNet([channels for channels, _, _ in shapes(config)], len(anchors), len(classes))


@torch.no_grad()
def box_output(model: BoxModel, store: FeatureStore, sha256: str) -> Tensor:
    """What the head says of one image, (B*5 + C, h, w), on the CPU; the network is in evaluation mode."""
    device = next(model.net.parameters()).device
    maps = [part[None].to(device) for part in store.get(sha256)]
    found: Tensor = model.net(maps, model.grid)[1][0]
    return found.float().cpu()


def find_boxes(
    model: BoxModel, snapshot: Snapshot, store: FeatureStore, token: CancelToken, *, least: float = LEAST
) -> Job[Found]:
    """The boxes of every image, the surest first. `store` has the encoder's features, or computes them."""
    fabric = make_fabric(model.config)
    yield from store.fill(snapshot, model.config, fabric, token)
    model.net.eval()
    found = {}
    for done, image in enumerate(snapshot.images):
        token.check()
        yield Progress(done, len(snapshot.images), "Finding boxes")
        output = box_output(model, store, image.sha256)
        found[image.id] = decode(output, (image.height, image.width), model.anchors, model.classes, least=least)
    return found


def save_boxes(path: Path, model: BoxModel) -> None:
    """Write weights, anchors and configuration in one step, in safetensors."""
    about = {
        "config": model.config.model_dump(mode="json"),
        "settings": model.settings.model_dump(mode="json"),
        "anchors": model.anchors,
        "classes": model.classes,
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in model.net.state_dict().items()}
    with written_whole(path) as temporary:
        save_file(tensors, temporary, {"boxes": json.dumps(about)})


def load_boxes(path: Path) -> BoxModel:
    """The detector in a file. Raises DefectStudioError when it is missing, damaged or something else."""
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()["boxes"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        config = TrainConfig.model_validate(about["config"])
        settings = BoxSettings.model_validate(about["settings"])
        anchors = tuple((float(high), float(wide)) for high, wide in about["anchors"])
        net = build_boxes(config, anchors, tuple(about["classes"]), settings.seed)
        net.load_state_dict(tensors)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        hint = "Restore the file from a copy, or train again."
        raise DefectStudioError(f"The detector of boxes in {path.name} cannot be read.", hint=hint) from error
    return BoxModel(config, settings, anchors, tuple(about["classes"]), net.eval())


def boxes_of_run(folder: Path, snapshot: Snapshot, cache: Path | None, token: CancelToken) -> Job[Found]:
    """What the detector of boxes of a run finds in some images. Raises as `load_model`, `load_boxes`, Cancelled."""
    trunk, boxes = load_model(folder), load_boxes(folder / BOXES)
    return (yield from find_boxes(boxes, snapshot, store_of(trunk, cache), token))
