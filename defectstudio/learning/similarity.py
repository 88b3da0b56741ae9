"""Rounds of similarity refinement: train one, look at whole images with it, and keep the patches to ask about [SIM].

A round's folder is whole at every moment: `round.json` says "running" until the weights and the index are written.
"""

from __future__ import annotations

import importlib.metadata
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from lightning_fabric import Fabric
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from defectstudio.data.runs import CURVE, WEIGHTS, TrainConfig, default_config, now
from defectstudio.data.similarity import RoundRecord, SimilarityConfig, read_round, write_index, write_round
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import LabelledPatch, Patch, StartKind
from defectstudio.learning.dense import build_index, heat_maps, look_at_patches
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.inputs import resolve
from defectstudio.learning.nets.patchnet import Net, PatchHead, PatchNet
from defectstudio.learning.patches import FeaturePatches, PixelPatches, Source
from defectstudio.learning.recording import PACKAGES, memory_errors
from defectstudio.learning.trainers.similarity import SimilarityTrainer, known_labels

FEATURE_STRIDES: tuple[Literal[4, 8, 16, 32], ...] = (4, 8)
CONTEXT_STRIDES: tuple[Literal[4, 8, 16, 32], ...] = (4, 8, 16)
INDEX = 3
DECIDE = (
    "outputs.decide.weight",
    "outputs.decide.bias",
    "outputs.hold.weight",
    "outputs.hold.bias",
    "outputs.log_prior",
)


@dataclass(frozen=True, slots=True)
class Round:
    """A trained round: its record and its network, in evaluation mode."""

    record: RoundRecord
    net: Net


def encoder_config(config: SimilarityConfig) -> TrainConfig:
    """What the encoder of `fast` sees and which of its maps are kept."""
    return default_config(
        "fast",
        height=config.height,
        width=config.width,
        strides=CONTEXT_STRIDES if config.context else FEATURE_STRIDES,
        stride=4,
        finetune_epochs=0,
        batch=config.batch,
        precision=config.precision,
        threads=config.threads,
    )


def resolved(config: SimilarityConfig, images: Sequence[SnapshotImage]) -> SimilarityConfig:
    """The configuration with the encoder's input size chosen from the images, where it is left open."""
    if config.net != "fast":
        return config
    chosen = resolve(encoder_config(config), images)
    return config.model_copy(update={"height": chosen.height, "width": chosen.width})


def make_source(
    config: SimilarityConfig, snapshot: Snapshot, channels: int, cache: Path | None, token: CancelToken
) -> Job[Source]:
    """What the network sees of patches; for `fast`, the features of all images are computed where they are missing."""
    if config.net == "patchnet":
        return PixelPatches(snapshot, config.patch, channels)
    encoder = encoder_config(config).model_copy(update={"channels": 3})
    store = FeatureStore(encoder, cache, chosen_precision(config.precision))
    yield from store.fill(snapshot, encoder, make_fabric(encoder), token)
    return FeaturePatches(encoder, store, config.patch)


def build(config: SimilarityConfig, labels: int, channels: int) -> Net:
    """The network with weights drawn by the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        if config.net == "patchnet":
            return PatchNet(channels, config.patch, config.embedding, labels, unit=config.unit)
        width = FeaturePatches.features(encoder_config(config))
        return PatchHead(width, config.embedding, labels, unit=config.unit)


def to_device(net: Net, device: torch.device) -> None:
    """Move the network, channels last: convolutions on a CPU take a third less time."""
    net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]


def make_patch_fabric(config: SimilarityConfig) -> Fabric:
    """The device for the network of a round; also sets the number of CPU threads.

    The head of `fast` gets one where nobody said: its steps are so small that sharing them takes longer.
    """
    encoder = encoder_config(config)
    alone = config.net == "fast" and config.threads is None
    return make_fabric(encoder.model_copy(update={"threads": 1}) if alone else encoder)


def load_tensors(folder: Path) -> dict[str, Tensor]:
    """The weights of a round. Raises DefectStudioError when they are missing or damaged."""
    try:
        return load_file(folder / WEIGHTS)
    except FileNotFoundError as error:
        hint = "Train it again."
        raise DefectStudioError(f"The weights of round {folder.name} are missing.", hint=hint) from error
    except (SafetensorError, OSError) as error:
        hint = "Restore the file from a copy, or train the round again."
        raise DefectStudioError(f"The weights of round {folder.name} are damaged.", hint=hint) from error


def load_round(folder: Path) -> Round:
    """A round that was trained to its end. Raises DefectStudioError when it was not, or its files are damaged."""
    record = read_round(folder)
    if record.status != "finished":
        raise DefectStudioError(f"Round {record.round} was not trained to its end.", hint="Train it again.")
    net = build(record.config, len(record.labels), record.channels)
    _fill(net, load_tensors(folder), folder)
    return Round(record, net.eval())


def _fill(net: Net, tensors: dict[str, Tensor], folder: Path) -> None:
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        hint = "Keep the network, patch and embedding of the round before, or start from the maps again."
        raise DefectStudioError(f"The weights of round {folder.name} do not fit these settings.", hint=hint) from error


def continue_from(net: Net, labels: Sequence[int], folder: Path) -> None:
    """Give a network the weights of the round in `folder`; labels that are new there keep the weights they have.

    Raises DefectStudioError when the round has another network.
    """
    before, tensors, own = read_round(folder), load_tensors(folder), net.state_dict()
    there = [labels.index(label) for label in before.labels]
    for name in DECIDE:
        rows = own[name].clone()
        if tensors[name].shape[1:] == rows.shape[1:]:
            rows[there] = tensors[name]
            tensors[name] = rows
    _fill(net, tensors, folder)


def train_round(
    config: SimilarityConfig,
    snapshot: Snapshot,
    folder: Path,
    *,
    refined: Sequence[LabelledPatch] = (),
    start: Path | None = None,
    cache: Path | None = None,
    maps: StartKind | None = None,
) -> Callable[[CancelToken], Job[RoundRecord]]:
    """A job that trains a round and leaves its folder, whose name is its number: weights, curve, index and record.

    All images of the snapshot take part; `refined`: what answers said so far, in their order; `start`: the folder of
    the round to begin with. `maps`: what the label maps were before the first answer, by default as that round says.
    When it is cancelled or breaks off, the record says so and the error goes on to the caller: DefectStudioError (one
    label alone; a loss that is no longer a number; weights that do not fit), OutOfMemory, Cancelled.
    """

    def job(token: CancelToken) -> Job[RoundRecord]:
        before = None if start is None else read_round(start)
        sized = config
        if before is not None and config.height is None:
            sized = config.model_copy(update={"height": before.config.height, "width": before.config.width})
        labels, share = known_labels(snapshot, refined, before.labels if before else ())
        record = RoundRecord(
            round=int(folder.name) if folder.name.isdigit() else 0,
            created=now(),
            status="running",
            config=resolved(sized, snapshot.images),
            event=snapshot.event,
            start=maps or (before.start if before else "labels"),
            before=before.round if before else None,
            labels=labels,
            channels=3 if any(image.channels == 3 for image in snapshot.images) else 1,
            answers=len(refined),
            versions={package: importlib.metadata.version(package) for package in PACKAGES},
            precision=chosen_precision(config.precision),
        )
        net = build(record.config, len(labels), record.channels)
        if start is not None:
            continue_from(net, labels, start)
        balanced = -np.log(len(labels))
        net.outputs.log_prior.copy_(torch.from_numpy(config.prior * (np.log(share / share.sum()) - balanced)))
        folder.mkdir(parents=True, exist_ok=True)
        write_round(folder, record)
        return (yield from _follow(record, net, snapshot, refined, folder, cache, token))

    return job


def _follow(
    record: RoundRecord,
    net: Net,
    snapshot: Snapshot,
    refined: Sequence[LabelledPatch],
    folder: Path,
    cache: Path | None,
    token: CancelToken,
) -> Job[RoundRecord]:
    changes: dict[str, Any] = {}
    try:
        with memory_errors(record.config.batch):
            yield from _train(record, net, snapshot, refined, folder, cache, token, changes)
    except (Cancelled, DefectStudioError) as error:
        stopped = isinstance(error, Cancelled)
        ended = {"status": "stopped"} if stopped else {"status": "failed", "error": str(error)}
        write_round(folder, record.model_copy(update={**changes, **ended}))
        raise
    finished = record.model_copy(update={**changes, "status": "finished"})
    write_round(folder, finished)
    return finished


def _train(
    record: RoundRecord,
    net: Net,
    snapshot: Snapshot,
    refined: Sequence[LabelledPatch],
    folder: Path,
    cache: Path | None,
    token: CancelToken,
    changes: dict[str, Any],
) -> Job[None]:
    """Everything between the first record and the last one; `changes`: what the last one is to say."""
    config, began, waited = record.config, time.monotonic(), token.waited
    source = yield from make_source(config, snapshot, record.channels, cache, token)
    changes["features_seconds"] = round(time.monotonic() - began, 3)
    fabric = make_patch_fabric(config)
    trainer = SimilarityTrainer(
        config, snapshot, refined, labels=record.labels, source=source, fabric=fabric, number=record.round
    )
    samples = yield from trainer.samples(token)
    changes["device"] = str(fabric.device)
    rows: list[str] = []

    def keep(figures: dict[str, Any]) -> Job[None]:
        rows.append(json.dumps(figures) + "\n")
        changes["figures"] = {name: float(value) for name, value in figures.items()}
        with written_whole(folder / CURVE, durable=False) as temporary:
            temporary.write_text("".join(rows), encoding="utf-8")
        yield from ()

    to_device(net, fabric.device)
    yield from trainer.run(net, samples, token, keep)
    index = yield from build_index(
        net,
        source,
        snapshot,
        stride=config.stride,
        most=config.patches,
        seed=(config.seed, record.round, INDEX),
        token=token,
    )
    changes["counts"] = {**trainer.counts, "indexed": len(index), "images": len(snapshot.images)}
    changes["seconds"] = round(time.monotonic() - began - (token.waited - waited), 3)
    tensors = {name: value.detach().cpu().contiguous() for name, value in net.state_dict().items()}
    with written_whole(folder / WEIGHTS) as temporary:
        save_file(tensors, temporary, {"network": config.net})
    write_index(folder, index)


def _looking(
    folder: Path, snapshot: Snapshot, images: Sequence[ImageId], cache: Path | None, token: CancelToken
) -> Job[tuple[Round, Source, list[SnapshotImage]]]:
    """A round ready to look at some images, in their order. Raises DefectStudioError for one that is not there."""
    there = {image.id: image for image in snapshot.images}
    gone = [image for image in images if image not in there]
    if gone:
        raise DefectStudioError(f"Image {gone[0]} is not in the project any more.", hint="Choose another image.")
    trained = load_round(folder)
    chosen = [there[image] for image in images]
    config, channels = trained.record.config, trained.record.channels
    source = yield from make_source(config, replace(snapshot, images=tuple(chosen)), channels, cache, token)
    to_device(trained.net, make_patch_fabric(config).device)
    return trained, source, chosen


def heat_map(
    folder: Path, snapshot: Snapshot, images: Sequence[ImageId], cache: Path | None = None
) -> Callable[[CancelToken], Job[dict[ImageId, NDArray[np.float32]]]]:
    """A job: P(defect) of every cell of some images by a finished round, {id: (ceil(h / s), ceil(w / s)) float32}.

    s is the round's stride; cell (r, c) has its centre at pixel (s r + s // 2, s c + s // 2); `data.similarity.heat_at`
    brings a map to the size of its image. Raises DefectStudioError (no such image; the round is not finished).
    """

    def job(token: CancelToken) -> Job[dict[ImageId, NDArray[np.float32]]]:
        trained, source, chosen = yield from _looking(folder, snapshot, images, cache, token)
        return (yield from heat_maps(trained.net, source, chosen, trained.record.config.stride, token))

    return job


def judge_patches(
    folder: Path, snapshot: Snapshot, patches: Sequence[Patch], cache: Path | None = None
) -> Callable[[CancelToken], Job[tuple[NDArray[np.float32], NDArray[np.float32]]]]:
    """A job: embeddings (n, d) and P(defect) (n,) of any patches by a finished round. Raises as `heat_map`."""

    def job(token: CancelToken) -> Job[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        ids = sorted({patch.image for patch in patches})
        trained, source, chosen = yield from _looking(folder, snapshot, ids, cache, token)
        embeddings = np.zeros((len(patches), trained.record.config.embedding), np.float32)
        chances = np.zeros(len(patches), np.float32)
        for done, image in enumerate(chosen):
            token.check()
            yield Progress(done, len(chosen), "Looking at patches")
            here = [n for n, patch in enumerate(patches) if patch.image == image.id]
            places = np.array([(patches[n].row, patches[n].column) for n in here], np.int64).T
            found = look_at_patches(trained.net, source, image, *places)
            embeddings[here], chances[here] = found[0].numpy(), found[1].numpy()
        return embeddings, chances

    return job
