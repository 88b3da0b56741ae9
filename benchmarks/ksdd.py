"""KolektorSDD, the official three folds: AP against the number of segmented defective images.

Trains on two folds, tests on the third, for each seed. kos26 and kos34 are copies of kos01 and kos27 and are dropped.
Which N images of a fold have masks: the authors' list where `../official_splits/KSDD/split_33_N.json` lies beside the
source (the fold whose items it names), else a seeded draw; 33 means all.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import as_command  # noqa: F401 - before torch
import numpy as np
from _common import chosen_masks, close, pixel_ap, read_set, run, say

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.metrics import average_precision
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.features import compute_features
from defectstudio.learning.predict import score
from defectstudio.learning.trainers.mixed import fit

FOLDS = ("fold0", "fold1", "fold2")
COPIES = ("kos26", "kos34")
ALL = 33


def official(source: Path, count: int) -> list[dict[str, bool]]:
    """The authors' choice for every fold, {item: has a mask}; empty where the file is absent."""
    path = source.parent / "official_splits" / "KSDD" / f"split_33_{count}.json"
    folds = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return [{name: bool(masked) for name, masked in fold[0]} for fold in folds]


def supervised(training: Snapshot, source: Path, count: int, seed: int) -> Snapshot:
    """The training images of a fold with `count` masks."""
    if count in (0, ALL):
        return chosen_masks(training, 0 if count == 0 else None, seed)
    items = {image.group for image in training.images if image.defective}
    listed = [fold for fold in official(source, count) if items <= set(fold)]
    if not listed:
        return chosen_masks(training, count, seed)
    return training.with_maps_of(i.id for i in training.images if i.defective and listed[0][i.group])


def one_row(
    data: Snapshot, source: Path, count: int, seeds: list[int], base: TrainConfig, cache: Path, features_s: float
) -> dict[str, Any]:
    """Mean, spread and times for one number of masks."""
    aps = np.zeros((len(seeds), len(FOLDS)))
    seconds, pixel = [], []
    for row, seed in enumerate(seeds):
        for column, fold in enumerate(FOLDS):
            training = supervised(data.where(lambda i, f=fold: i.split != f), source, count, seed)
            test = data.split(fold)
            config = base.model_copy(update={"seed": seed})
            model = run(fit(config, training, CancelToken(), cache=cache, threshold=False), f"N={count} {fold}")
            began = time.monotonic()
            scored = run(score(model, test, CancelToken(), cache=cache), f"N={count} {fold}")
            aps[row, column] = average_precision([i.defective for i in test.images], [s.score for s in scored])
            seconds.append(model.seconds)
            pixel.append(100 * pixel_ap(test, scored))
            say(
                f"N={count} seed={seed} {fold}: AP {100 * aps[row, column]:.2f}, pixel AP {pixel[-1]:.2f}, "
                f"trained {model.seconds:.1f} s, tested {time.monotonic() - began:.1f} s"
            )
    per_seed = 100 * aps.mean(1)
    return {
        "segmented": count,
        "ap_mean": round(float(per_seed.mean()), 2),
        "ap_std": round(float(per_seed.std()), 2),
        "ap_per_fold": [round(float(v), 2) for v in 100 * aps.mean(0)],
        "pixel_ap_mean": round(float(np.mean(pixel)), 2),
        "train_s_max": round(max(seconds), 1),
        "features_s": round(features_s, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--segmented", nargs="+", type=int, default=[0, 5, 33])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--net", default="fast")
    parser.add_argument("--cache", type=Path, help="keeps encoder features between runs (default: a temporary folder)")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=JSON", help="change a training setting")
    options = parser.parse_args()
    data, rows = read_set(options.source, "split.csv", "item")
    data = data.where(lambda image: rows[image.id]["item"] not in COPIES)
    changes = {key: json.loads(value) for key, value in (text.split("=", 1) for text in options.set)}
    config = default_config(
        options.net, **{"height": 1408, "width": 512, "threads": 2, "finetune_epochs": None, **changes}
    )
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        # Features are shared by all folds, seeds and N: computed once, here, so that their time is told apart.
        began = time.monotonic()
        if config.net == "fast":
            config = run(compute_features(config, data, CancelToken(), cache=cache), "all images")
        spent = time.monotonic() - began
        say(f"features of {len(data.images)} images: {spent:.1f} s")
        results = [one_row(data, options.source, n, options.seeds, config, cache, spent) for n in options.segmented]
    close("ksdd", results)


if __name__ == "__main__":
    main()
