"""AP and pixel AP against the number of masks, when strategies choose which images to segment next (paper's figure).

`mtd`: magnetic tiles halved by tile, another half each repeat; `ksdd`: KolektorSDD's official folds, one held out each
repeat, in turn. Every repeat ranks the pool once by K fold models that saw tags alone, then trains with the first N
masks of each order and tests on the images held out. Frozen encoder, cached features: minutes, not hours, and the same
for all strategies. Outcomes are kept in --memory, so a run that was stopped goes on and repeats can be added.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _common import close, read_set, run, say
from ksdd import COPIES
from mtd import halves

from defectstudio.app.active_table import table_of
from defectstudio.app.replay import Asking, Replay
from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.features import compute_features

SETS: dict[str, dict[str, Any]] = {
    "mtd": {"height": 256, "width": 224, "epochs": 10, "batch": 16, "grid": [12, 32, 64]},
    "ksdd": {"height": 256, "width": 704, "epochs": 10, "batch": 4, "grid": [5, 10, 20]},
}
STRATEGIES = ("random", "entropy", "margin", "least-confidence", "average-margin", "ours")
Divided = Callable[[int], tuple[Snapshot, Snapshot]]


def magnetic_tiles(source: Path) -> tuple[Snapshot, Divided]:
    """All images, and the halves of each repeat."""
    data, rows = read_set(source / "mtd", "tiles.csv", "tile")

    def divide(repeat: int) -> tuple[Snapshot, Snapshot]:
        tiles = halves(rows, repeat)
        return data.where(lambda i: i.group in tiles), data.where(lambda i: i.group not in tiles)

    return data, divide


def kolektor(source: Path) -> tuple[Snapshot, Divided]:
    """All images but the copies, and the folds of each repeat."""
    data, _ = read_set(source / "ksdd", "split.csv", "item")
    data = data.where(lambda i: i.group not in COPIES)

    def divide(repeat: int) -> tuple[Snapshot, Snapshot]:
        held_out = f"fold{repeat % 3}"
        return data.where(lambda i: i.split != held_out), data.where(lambda i: i.split == held_out)

    return data, divide


def settings(options: argparse.Namespace, count: int) -> list[Asking]:
    """Every strategy as it stands, then, at some numbers of masks, what calibration and M change."""
    found = [Asking(name, options.folds) for name in options.strategies]
    for name in options.variants if count in options.variant_masks else []:
        found += [Asking(name, options.folds, each_class=each) for each in options.each_class]
        found.append(Asking(name, options.folds, calibrate=False))
    return found


def label(asking: Asking) -> str:
    """How a setting is called in the table."""
    parts = [asking.strategy]
    parts += [f"M={asking.each_class}"] if asking.each_class else []
    parts += [] if asking.calibrate else ["uncalibrated"]
    return " ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="the folder that holds mtd/ and ksdd/")
    parser.add_argument("--set", choices=sorted(SETS), default="mtd", dest="data")
    parser.add_argument("--memory", type=Path, required=True, help="keeps features, scores and outcomes")
    parser.add_argument("--repeats", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--grid", type=int, nargs="+", help="numbers of masks; 0 and all are always there")
    parser.add_argument("--strategies", nargs="*", default=list(STRATEGIES))
    parser.add_argument("--variants", nargs="*", default=[], help="strategies also tried uncalibrated and with M")
    parser.add_argument("--variant-masks", type=int, nargs="*", default=[], help="at these numbers of masks")
    parser.add_argument("--each-class", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600, help="begin no further training after this time")
    parser.add_argument("--out", type=Path, help="write the table so far here after every repeat")
    options = parser.parse_args()
    recipe = SETS[options.data]
    data, divide = (magnetic_tiles if options.data == "mtd" else kolektor)(options.source)
    sizes = {name: value for name, value in recipe.items() if name != "grid"}
    config = default_config("fast", **sizes, threads=options.threads)
    config = run(compute_features(config, data, CancelToken(), cache=options.memory), "features")
    grid, began, rows = options.grid or recipe["grid"], time.monotonic(), []
    for repeat in options.repeats:
        training, test = divide(repeat)
        seeded = config.model_copy(update={"seed": repeat})
        replay = Replay(training, test, seeded, options.memory, options.memory / options.data)
        wanted = [(asking, count) for count in [0, replay.most, *grid] for asking in settings(options, count)]
        for asking, count in wanted:
            if (time.monotonic() - began) / 60 > options.minutes:
                break
            order = run(replay.order(asking, max(grid), CancelToken()), label(asking))
            found = run(replay.outcome(order[:count], CancelToken()), label(asking))
            rows.append((label(asking), repeat, count, found))
            say(f"{options.data} repeat {repeat} {label(asking)} N={count}: AP {found.ap}, pixel AP {found.pixel_ap}")
        if options.out:
            options.out.write_text(json.dumps(table_of(rows).model_dump(mode="json"), indent=1), encoding="utf-8")
    close(f"active_{options.data}", [table_of(rows).model_dump(mode="json")])


if __name__ == "__main__":
    main()
