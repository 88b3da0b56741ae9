"""A stand-in for the network of refinement: P(defect) from brightness, so that rounds take milliseconds in tests.

What it learns is one number, the brightness half-way between what is labelled healthy and what is labelled defective;
its stride is 4, whatever is asked for. Import the fixture `brightness_network` where it is used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from defectstudio.data.runs import WEIGHTS, now
from defectstudio.data.similarity import PatchIndex, RoundRecord, SimilarityConfig, write_index, write_round
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.labels import ImageId, class_pixels
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import LabelledPatch, Patch

STRIDE = 4


def _heat(pixels: NDArray[Any], middle: float) -> NDArray[np.float32]:
    bright = pixels[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE].astype(np.float32)
    return np.asarray(1 / (1 + np.exp(-(bright - middle) / 10)), np.float32)


def _middle(snapshot: Snapshot, refined: Sequence[LabelledPatch]) -> float:
    sums: dict[bool, list[float]] = {False: [], True: []}
    images = {image.id: image for image in snapshot.images}
    for image in snapshot.images:
        pixels, defective = snapshot.read(image), class_pixels(image.label_map())
        for kind, part in ((False, 50), (True, 99)):  # a coarse box holds more surface than defect
            sums[kind] += [float(np.percentile(pixels[defective == kind], part))] if (defective == kind).any() else []
    for patch in refined:
        if patch.patch.image in images:
            pixels = snapshot.read(images[patch.patch.image])
            sums[patch.label > 0].append(float(pixels[patch.patch.row, patch.patch.column]))
    return (float(np.median(sums[False])) + float(np.median(sums[True]))) / 2


def train_round(
    config: SimilarityConfig,
    snapshot: Snapshot,
    folder: Path,
    *,
    refined: Sequence[LabelledPatch],
    start: Path | None,
    cache: Path,
    maps: Any = None,
) -> Callable[[CancelToken], Job[RoundRecord]]:
    def job(token: CancelToken) -> Job[RoundRecord]:
        token.check()
        yield Progress(0, 1, "Learning")
        middle = _middle(snapshot, refined)
        folder.mkdir(parents=True)
        (folder / WEIGHTS).write_text(json.dumps(middle))
        write_index(folder, _index(snapshot, middle))
        record = RoundRecord(
            round=int(folder.name),
            created=now(),
            status="finished",
            config=config.model_copy(update={"stride": STRIDE}),
            event=snapshot.event,
            start=maps or "labels",
            before=None if start is None else int(start.name),
            answers=len(refined),
        )
        write_round(folder, record)
        return record

    return job


def _index(snapshot: Snapshot, middle: float) -> PatchIndex:
    parts = []
    for image in snapshot.images:
        heat = _heat(snapshot.read(image), middle)
        rows, columns = np.indices(heat.shape) * STRIDE + STRIDE // 2
        parts.append((np.full(heat.size, image.id), rows.ravel(), columns.ravel(), heat.ravel()))
    ids, rows, columns, p = (np.concatenate(part) for part in zip(*parts, strict=True))
    embedding = np.stack([p, 0.01 * np.sin(rows + 3 * columns + ids)], axis=1).astype(np.float32)
    return PatchIndex(ids.astype(np.int64), rows.astype(np.int32), columns.astype(np.int32), embedding, p)


def heat_map(
    folder: Path, snapshot: Snapshot, images: Sequence[ImageId], cache: Path
) -> Callable[[CancelToken], Job[dict[ImageId, NDArray[np.float32]]]]:
    def job(token: CancelToken) -> Job[dict[ImageId, NDArray[np.float32]]]:
        middle, found = json.loads((folder / WEIGHTS).read_text()), {}
        for image in snapshot.images:
            token.check()
            yield Progress(0, 1, "Looking")
            if image.id in images:
                found[image.id] = _heat(snapshot.read(image), middle)
        return found

    return job


def judge_patches(
    folder: Path, snapshot: Snapshot, patches: Sequence[Patch], cache: Path
) -> Callable[[CancelToken], Job[tuple[NDArray[np.float32], NDArray[np.float32]]]]:
    def job(token: CancelToken) -> Job[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        heats = yield from heat_map(folder, snapshot, [image.id for image in snapshot.images], cache)(token)
        p = np.array([heats[s.image][s.row // STRIDE, s.column // STRIDE] for s in patches], np.float32)
        return p[:, None], p

    return job


@pytest.fixture
def brightness_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds are trained by brightness for the length of a test."""
    module = ModuleType("defectstudio.learning.similarity")
    module.__dict__.update(train_round=train_round, heat_map=heat_map, judge_patches=judge_patches)
    monkeypatch.setitem(sys.modules, module.__name__, module)
