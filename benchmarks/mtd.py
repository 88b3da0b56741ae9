"""Magnetic tiles, split by tile: AP against the number of segmented defective images.

The same tile was photographed at six exposures, so all its images go to one side. For each seed the tiles of every
class are shuffled and halved into training and test. N images of the training half have masks, drawn by the seed.
`ap_per_fold` holds one AP a seed; `ap_per_class` compares each class with the good images alone, `iou_per_class` its
pixels with the drawn ones (no class is told apart where no mask was given).
"""

from __future__ import annotations

import argparse
import collections
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import as_command  # noqa: F401 - before torch
import numpy as np
from _common import Row, chosen_masks, close, read_set, run, say

from defectstudio.app.evaluation import SplitFigures, evaluate_job
from defectstudio.data.predictions import Scored, write_predictions
from defectstudio.data.presets import THOROUGH
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.features import compute_features
from defectstudio.learning.predict import score
from defectstudio.learning.trainers.mixed import fit

# Small images, thin faint defects: the encoder learns too, from the classification loss as well; good images are shown
# with the defects of segmented ones, weights are averaged, and predictions over flips. The frozen encoder at 256 x 256,
# trained in a fifth of the time, is what the trial had:
# --set height=256 width=256 finetune_epochs=0 test_flips=false gradient_stop='"with_masks"' running_mean=0
RECIPE = {**THOROUGH, "height": 416, "width": 352}


def halves(rows: dict[int, Row], seed: int) -> set[str]:
    """The tiles of the training half: of every class, half the tiles."""
    rng = np.random.default_rng(seed)
    training: set[str] = set()
    for tiles in by_class(rows, rng):
        # An odd tile goes to either side, so that neither is the larger one in every class.
        training.update(tiles[: (len(tiles) + int(rng.integers(2))) // 2])
    return training


def folds(rows: dict[int, Row], fold: int, count: int) -> set[str]:
    """The tiles that train where fold 0 .. count - 1 is the test: of every class, each fold has its share."""
    training: set[str] = set()
    start = 0
    for tiles in by_class(rows, np.random.default_rng(0)):
        # The rest of a class that cannot be divided goes to the folds in turn.
        training.update(tile for place, tile in enumerate(tiles, start) if place % count != fold % count)
        start += len(tiles)
    return training


def by_class(rows: dict[int, Row], rng: np.random.Generator) -> Iterator[list[str]]:
    """The tiles of each class in random order, class by class; a tile is of the defect that most of its images show."""
    classes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in rows.values():
        classes[row["tile"]][row["class"]] += row["class"] != "free"
    found: dict[str, list[str]] = collections.defaultdict(list)
    for tile in sorted(classes, key=int):
        found[classes[tile].most_common(1)[0][0]].append(tile)
    for name in sorted(found):
        yield rng.permutation(found[name]).tolist()


def measured(test: Snapshot, scored: list[Scored]) -> SplitFigures:
    """Figures over all test images, the IoU where the heat map says 0.5 or more."""
    whole = replace(test, images=tuple(replace(image, split="") for image in test.images))
    with tempfile.TemporaryDirectory() as folder:
        predictions = write_predictions(Path(folder) / "predictions.h5", scored, stride=8, input_size=(0, 0))
        return run(evaluate_job("", 0.5, 0.5, whole, predictions, CancelToken()), "measuring").splits[0]


def one_row(
    data: Snapshot,
    rows: dict[int, Row],
    count: int | None,
    seeds: list[int],
    base: TrainConfig,
    cache: Path,
    keep: Path | None,
) -> dict[str, Any]:
    """Mean, spread and times for one number of masks."""
    found: list[SplitFigures] = []
    seconds = []
    label = "all" if count is None else str(count)
    for seed in seeds:
        tiles = halves(rows, seed)
        training = chosen_masks(data.where(lambda i, t=tiles: i.group in t), count, seed)
        test = data.where(lambda i, t=tiles: i.group not in t)
        config = base.model_copy(update={"seed": seed})
        model = run(fit(config, training, CancelToken(), cache=cache, threshold=False), f"N={label}")
        began = time.monotonic()
        scored = run(score(model, test, CancelToken(), cache=cache), f"N={label}")
        if keep is not None:
            write_predictions(keep / f"mtd-{label}-{seed}.h5", scored, stride=8, input_size=(0, 0))
        found.append(measured(test, scored))
        seconds.append(model.seconds)
        say(
            f"N={label} seed={seed}: AP {percent(found[-1].ap):.2f}, pixel AP {percent(found[-1].pixel_ap):.2f}, "
            f"trained {model.seconds:.1f} s, tested {time.monotonic() - began:.1f} s, "
            + ", ".join(f"{name} {percent(part.ap):.1f}" for name, part in found[-1].classes.items())
        )
    names = sorted({name for figures in found for name in figures.classes})
    return {
        "segmented": label if count is None else count,
        "ap_mean": mean([figures.ap for figures in found]),
        "ap_std": round(float(np.std([percent(figures.ap) for figures in found])), 2),
        "ap_per_fold": [round(percent(figures.ap), 2) for figures in found],
        "train_s_max": round(max(seconds), 1),
        "pixel_ap_mean": mean([figures.pixel_ap for figures in found]),
        "iou_mean": mean([figures.iou for figures in found]),
        "ap_per_class": {name: mean([figures.classes[name].ap for figures in found]) for name in names},
        "iou_per_class": {name: mean([figures.classes[name].iou for figures in found]) for name in names},
        "seeds": seeds,
    }


def percent(value: float | None) -> float:
    """In per cent; not a number where it is not defined."""
    return float("nan") if value is None else 100 * value


def mean(values: list[float | None]) -> float | None:
    """The mean in per cent of those that are defined."""
    known = [percent(value) for value in values if value is not None]
    return round(float(np.mean(known)), 2) if known else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--segmented", nargs="+", default=["0", "16", "all"], help="numbers of masks, or all")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--net", default="fast")
    parser.add_argument("--cache", type=Path, help="keeps encoder features between runs (default: a temporary folder)")
    parser.add_argument("--keep", type=Path, help="a folder for the scores of every test image")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=JSON", help="change a training setting")
    options = parser.parse_args()
    data, rows = read_set(options.source, "tiles.csv", "tile")
    changes = {key: json.loads(value) for key, value in (text.split("=", 1) for text in options.set)}
    config = default_config(options.net, **{**RECIPE, "threads": 2, **changes})
    counts = [None if text == "all" else int(text) for text in options.segmented]
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        began = time.monotonic()
        if config.net == "fast":
            config = run(compute_features(config, data, CancelToken(), cache=cache), "all images")
        spent = time.monotonic() - began
        say(f"features of {len(data.images)} images: {spent:.1f} s")
        results = [one_row(data, rows, n, options.seeds, config, cache, options.keep) for n in counts]
    close("mtd", [{**row, "features_s": round(spent, 1)} for row in results])


if __name__ == "__main__":
    main()
