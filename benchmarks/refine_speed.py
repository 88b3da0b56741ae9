"""How long the network of a round takes: for a whole image, and to be trained again after fifty answers.

`dense`: one image of 512 x 1408 at stride 8, the encoder's pass among it, by `fast` (`s`) and by `patchnet`; beside it
the largest difference to the same cells judged one by one. `training`: a round of `fast` that goes on from the one
before with 550 answered patches, on KolektorSDD with boxes for masks; the encoder's features are there already, as they
are from the first round on.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from _common import read_set, run
from scipy import ndimage

from defectstudio.data.similarity import SimilarityConfig, similarity_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.labels import GOOD, encode_runs
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import LabelledPatch, Patch

MARGIN = 8
ANSWERED = 550
"""Fifty panels of an anchor and ten candidates."""


def dense_row(options: argparse.Namespace) -> dict[str, Any]:
    """The median of five passes by each network, after one to load it."""
    pixels = np.random.default_rng(options.seed).integers(0, 255, (1408, 512), dtype=np.uint8)
    found: dict[str, Any] = {"name": "dense"}
    for net, name in (("fast", "s"), ("patchnet", "patchnet_s")):
        config = similarity_config(net=net, height=1408, width=512, threads=options.threads)
        spent, gap = _passes(Snapshot.from_arrays([pixels], [None], [GOOD]), config)
        found |= {name: round(spent, 3), f"{net}_gap": gap}
    return found


def _passes(snapshot: Snapshot, config: SimilarityConfig) -> tuple[float, float]:
    """Seconds of the median pass, and the largest difference of P(defect) or embedding to single patches."""
    from defectstudio.learning.dense import look_at_image, look_at_patches
    from defectstudio.learning.patches import grid
    from defectstudio.learning.similarity import build, make_source

    torch.set_num_threads(config.threads or 2)
    image, spent = snapshot.images[0], []
    net = build(config, 2, 1).to(memory_format=torch.channels_last)
    source = finish(make_source(config, snapshot, 1, None, CancelToken()))
    shown = source.gather(image, *np.random.default_rng(1).integers(0, image.width, (2, 64)))
    for _ in range(20):
        net(shown)  # a fresh network says nearly the same of everything: its batch norms have to see some patches
    net.eval()
    for _ in range(6):
        began = time.monotonic()
        source = finish(make_source(config, snapshot, 1, None, CancelToken()))
        embeddings, chances = look_at_image(net, source, image, config.stride)
        spent.append(time.monotonic() - began)
    rows, columns = grid(image, config.stride)
    at = np.random.default_rng(0).integers(0, chances.shape, (64, 2)).T
    one, chance = look_at_patches(net, source, image, rows[at[0]], columns[at[1]])
    gap = max(float((embeddings[at[0], at[1]] - one).abs().max()), float((chances[at[0], at[1]] - chance).abs().max()))
    return float(np.median(spent[1:])), gap


def training_row(options: argparse.Namespace) -> dict[str, Any]:
    """A first round on the boxes, then the one that is timed."""
    from defectstudio.learning.similarity import train_round

    snapshot, _ = read_set(options.source / "ksdd", "split.csv", "item")
    if options.quick:
        kept = [i for i in snapshot.images if i.defective][:20] + [i for i in snapshot.images if i.good][:40]
        snapshot = replace(snapshot, images=tuple(kept))
    said = answers(snapshot, np.random.default_rng(options.seed))
    boxes = replace(snapshot, images=tuple(boxed(image) for image in snapshot.images))
    work: Path = options.work / "training"
    config = similarity_config(height=1408, width=512, seed=options.seed)
    run(train_round(config, boxes, work / "000", cache=work, maps="roi")(CancelToken()), "round 0")
    again = train_round(config, boxes, work / "001", refined=said, start=work / "000", cache=work)
    began, worked = time.monotonic(), time.process_time()
    record = run(again(CancelToken()), "round 1")
    return {
        "name": "training",
        "images": len(snapshot.images),
        "answered": record.counts["refined"] + record.counts["observed"],
        "steps": config.steps,
        "s": round(time.monotonic() - began, 1),
        "cpu_s": round(time.process_time() - worked, 1),
    }


def boxed(image: SnapshotImage) -> SnapshotImage:
    """The image with the box round every drawn region for a mask."""
    if image.label_code is None:
        return image
    drawn = image.label_map()
    boxes = np.zeros_like(drawn)
    for rows, columns in ndimage.find_objects(ndimage.label(drawn)[0]):
        box = (
            slice(max(0, rows.start - MARGIN), rows.stop + MARGIN),
            slice(max(0, columns.start - MARGIN), columns.stop + MARGIN),
        )
        boxes[box] = 1
    return replace(image, label_code=encode_runs(boxes))


def answers(snapshot: Snapshot, rng: np.random.Generator) -> list[LabelledPatch]:
    """What an expert who never errs says of patches in defective images, half of them defective."""
    defective = [image for image in snapshot.images if image.label_code is not None]
    said = []
    for number in range(ANSWERED):
        image = defective[int(rng.integers(len(defective)))]
        rows, columns = np.nonzero(image.label_map() == number % 2)
        at = int(rng.integers(rows.size))
        said.append(LabelledPatch(Patch(image.id, int(rows[at]), int(columns[at])), number % 2, "refined"))
    return said
