"""On the real set beside the project: Table 1's network learns where the cracks are."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.labels import DEFECTIVE, GOOD
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.trainers.mixed import fit

KSDD = Path(__file__).parents[3] / "shared" / "data" / "ksdd"


def cracks(defective: int, good: int) -> Snapshot:
    """The first images of the set with a crack, with their masks, and as many good ones as asked for."""
    with (KSDD / "split.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [r for r in rows if r["label"] == "1"][:defective] + [r for r in rows if r["label"] == "0"][:good]
    pixels = [np.asarray(Image.open(KSDD / "images" / f"{r['stem']}.jpg").convert("L")) for r in chosen]
    maps = [
        (np.asarray(Image.open(KSDD / "masks" / f"{r['stem']}.png").convert("L")) > 0).astype(np.uint8)
        if r["label"] == "1"
        else None
        for r in chosen
    ]
    return Snapshot.from_arrays(pixels, maps, [DEFECTIVE if r["label"] == "1" else GOOD for r in chosen])


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not KSDD.is_dir(), reason="KolektorSDD is not beside the project (shared/data/ksdd)")
def test_segdec_learns_from_kolektorsdd_at_half_size() -> None:
    config = default_config("segdec", height=704, width=256, epochs=4, lr=0.1, w_pos=1, dilation=7, threads=2)
    losses = [
        progress.values["loss_seg"]
        for progress in fit(config, cracks(8, 8), CancelToken(), threshold=False)
        if "loss" in progress.values
    ]
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))
    assert losses[-1] < 0.7 * losses[0]
