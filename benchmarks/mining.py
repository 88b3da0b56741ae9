"""How long the deployed run takes to look through a folder of new images, from the files to the queue.

    python benchmarks/mining.py [--images 1000] [--threads 2] [--torch] [--work FOLDER]

Generated colour images of 512 x 512 as PNG, one in ten defective; `fast` trained on 60 others, which sees them at their
own size (where thin defects make it see them enlarged, the network takes as much longer). Counted is all of
`defectstudio mentor mine PROJECT FOLDER`: decoding, hashing, writing the pixels into the project, the network, regions,
repeats. `processor_seconds` is what the process used on all cores: on a machine that is busy with other things the wall
says little. `phases`: seconds of the wall by what was done. The row `later` looks through as many other images once
more: "Preparing" writes the network for OpenVINO, once for each run. `--torch`: the same without OpenVINO.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import as_command  # noqa: F401 - before torch
import numpy as np
from _common import close, run, say
from PIL import Image

from defectstudio.app import mentoring, workflows
from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.synthetic import generate_image
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken
from defectstudio.learning import looking
from defectstudio.sessions.session import Session

SIDES = (512, 512)
TRAINING, EVERY = 60, 10


def write_part(path: Path, number: int, *, defective: bool) -> LabelMap:
    """Two generated parts side by side, of which the left may be defective, as a file; the label map of the image."""
    rng = np.random.default_rng(number)
    halves = [generate_image(rng, defective and not k, shape=(SIDES[0], SIDES[1] // 2)) for k in range(2)]
    pixels, mask = (np.concatenate([half[k] for half in halves], 1) for k in range(2))
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return (mask > 0).astype(np.uint8)


def make_project(folder: Path, threads: int) -> None:
    """A project whose run, trained on half good and half defective images, is approved."""
    items = []
    for number in range(TRAINING):
        path, bad = folder / "old" / f"old{number:03d}.png", bool(number % 2)
        drawn = write_part(path, number, defective=bad)
        verdict = Verdict.DEFECTIVE if bad else Verdict.GOOD
        read = (lambda _shape, label_map=drawn: label_map) if bad else None
        items.append(ImportItem(path, path.stem, verdict, split="train", read_map=read))
    with Project.create(folder / "project") as project:
        session, plan = Session(project), ImportPlan("folder", folder / "old", items, ("flaw",))
        record_import(session, plan, run(import_job(project, plan)(CancelToken()), "importing"))
        config = default_config(height=SIDES[0], width=SIDES[1], epochs=6, threads=threads, threshold_folds=0)
        record = run(workflows.train_job(project, config, run_id="base")(CancelToken()), "training")
        workflows.record_run(session, record)
        mentoring.approve(session, "base", "benchmark")


def measure(project: Project, folder: Path) -> dict[str, Any]:
    """One look at all files of a folder, to its end in the queue."""
    wall, used = time.perf_counter(), time.process_time()
    phases: dict[str, float] = {}
    phase, begun = "Importing", wall
    job = mentoring.mine_job(project, folder)(CancelToken())
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            mined = end.value
            break
        now = time.perf_counter()
        phases[phase] = phases.get(phase, 0.0) + now - begun
        phase, begun = step.text.split()[0], now
    phases[phase] = phases.get(phase, 0.0) + time.perf_counter() - begun
    mentoring.record_mined(Session(project), mined)
    return {
        "images": len(mined.looked),
        "detections": len(mined.detections),
        "seconds": round(time.perf_counter() - wall, 1),
        "processor_seconds": round(time.process_time() - used, 1),
        "phases": {name: round(seconds, 1) for name, seconds in phases.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--torch", action="store_true")
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    if options.torch:
        looking.LEAST_IMAGES = options.images + 1
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or Path(temporary)
        make_project(folder, options.threads)
        rows = []
        with Project.open(folder / "project") as project:
            for place, name in enumerate(("first", "later"), start=1):
                for number in range(options.images):
                    defective = number % EVERY == 0
                    write_part(folder / name / f"new{number:04d}.png", 10_000 * place + number, defective=defective)
                say(f"looking, {name}")
                rows.append({"row": name, **measure(project, folder / name)})
    for row in rows:
        row["processor_ms_per_image"] = round(1000 * row["processor_seconds"] / max(row["images"], 1), 1)
    engine = "torch" if options.torch else "openvino"
    close("mining", [{"engine": engine, "threads": options.threads, **row} for row in rows])


if __name__ == "__main__":
    main()
