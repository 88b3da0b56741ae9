"""Choosing at scale, finding wrong labels, and the map: three rows.

`label_errors`: magnetic tiles with four tags turned round (two each way, drawn by the seed, their masks taken away)
beside the four real errors, tagged defective with an empty mask; how many of the eight are among the first 20 of the
list. `pick_100_of_100k`: 100 images of 100 000 by `ours`, from probabilities and embeddings in memory, 1 000 of them
segmented; in a process of its own, for its peak memory. `cpu_s` is what counts on a busy machine. `map_10k`: frames a
second while the map of 10 000 points is moved by the mouse; the least of three turns.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from _common import close, run, say

from defectstudio.acquisition.calibration import calibrate_folds
from defectstudio.acquisition.choose import Pool, choose
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, Verdict, unknown_map
from defectstudio.sessions.session import Session

EMPTY = {"exp3_num_45042", "exp4_num_124690", "exp4_num_352527", "exp4_num_45057"}
FIRST = 20
SETTINGS = {"height": 256, "width": 224, "epochs": 10, "batch": 16, "precision": "auto"}


def label_errors(source: Path, seed: int, folds: int, threads: int) -> dict[str, Any]:
    """Import, plant, score out of fold, list."""
    from defectstudio.app.importing import read_source
    from defectstudio.app.projects import import_job, record_import
    from defectstudio.app.selection import SelectSettings, queue_job, suspects
    from defectstudio.data.project import Project
    from defectstudio.data.runs import default_config
    from defectstudio.domain.progress import CancelToken

    with tempfile.TemporaryDirectory() as temporary, Project.create(Path(temporary) / "mtd") as project:
        session = Session(project)
        plan = read_source(source / "mtd", None)
        record_import(session, plan, run(import_job(project, plan)(CancelToken()), "import"))
        planted = plant(session, seed)
        config = default_config("fast", **SETTINGS, threads=threads, seed=seed)
        began = time.monotonic()
        run(queue_job(project, config, SelectSettings(folds=folds))(CancelToken()), "scoring")
        spent = time.monotonic() - began
        found = suspects(project)
    names = [Path(suspect.name).name for suspect in found]
    places = {name: names.index(name) + 1 if name in names else None for name in [*sorted(EMPTY), *planted]}
    return {
        "name": "label_errors",
        "found_in_first_20": sum(place is not None and place <= FIRST for place in places.values()),
        "of": len(places),
        "places": places,
        "listed": len(found),
        "scoring_s": round(spent, 1),
        "folds": folds,
        "seed": seed,
    }


def plant(session: Session, seed: int) -> list[str]:
    """Turn two good and two defective tags round, and forget what was drawn; the names of the four."""
    states, rng = session.project.state.images, np.random.default_rng(seed)
    drawn = session.project.segmented_images()
    planted = []
    for verdict, other in ((Verdict.GOOD, DEFECTIVE), (Verdict.DEFECTIVE, GOOD)):
        there = [image for image, entry in states.items() if entry.tag.verdict is verdict and image in drawn]
        for image in rng.choice(there, 2, replace=False).tolist():
            height, width = states[image].shape
            session.tag([image], other)
            session.paint(image, Box(0, 0, height, width), unknown_map(height, width), name="forget")
            planted.append(Path(states[image].info.name).name)
    return planted


def pick(count: int, known: int, wanted: int) -> dict[str, Any]:
    """Score, calibrate and pick on generated arrays; to be called in a fresh process."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(count + known, 224)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    p, defective, fold = rng.random(count), rng.random(count) < 0.5, rng.integers(0, 2, count)
    began, worked = time.monotonic(), time.process_time()
    pool = Pool(
        calibrate_folds(p, defective, fold),
        groups=[""] * count,
        classes=[""] * count,
        embeddings=vectors[:count],
        known=vectors[count:],
    )
    order = choose(pool, "ours", wanted, rng).order[:wanted]
    spent, worked = time.monotonic() - began, time.process_time() - worked
    assert np.unique(order).size == wanted
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"s": round(spent, 2), "cpu_s": round(worked, 2), "mb": round(peak)}
    return {"name": "pick_100_of_100k", **figures, "known": known}


def pick_alone() -> dict[str, Any]:
    """`pick` in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--row", "pick-here"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def map_row() -> dict[str, Any]:
    """Frames a second of the map; a fresh canvas each turn."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from defectstudio.ui.select_measure import measure_map

    turns = [round(measure_map(10_000), 1) for _ in range(3)]
    return {"name": "map_10k", "fps": min(turns), "turns": turns, "platform": os.environ["QT_QPA_PLATFORM"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help="the folder that holds mtd/; label errors are left out without it")
    parser.add_argument("--row", choices=["all", "label_errors", "pick", "pick-here", "map"], default="all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if options.row == "pick-here":
        print(json.dumps(pick(100_000, 1_000, 100)))
        return
    rows: list[dict[str, Any]] = []
    if options.row in {"all", "pick"}:
        rows.append(pick_alone())
    if options.row in {"all", "map"}:
        rows.append(map_row())
    if options.source is not None and options.row in {"all", "label_errors"}:
        rows += [label_errors(options.source, seed, options.folds, options.threads) for seed in options.seeds]
    for row in rows:
        say(str(row))
    close("select", rows)


if __name__ == "__main__":
    main()
