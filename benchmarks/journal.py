"""A long journal: how fast it is verified, opened and looked through, and how large it is.

A project without pixels is written by the program's own commits, one gesture an event, as an expert at work makes them:
tags, states, confirmed tags, now and then a mask. For writing alone, waiting for the disk is switched off; every figure
is measured in a fresh process on the file as it lies on disk.

- `verify`: `check` of the whole project, seconds and peak memory (MB);
- `open`: until a session on the project is ready, as the window needs it;
- `jump`: the state after a random event, with checkpoints, as the replay view asks for it;
- `replay_window`: the Replay workspace of the real window on this journal (see `journal_window.py`);
- `size`: bytes of `project.db` an event, for tags and verdicts, and for masks of a stated size.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from _common import close, say

from defectstudio.data.check import check
from defectstudio.data.project import Project
from defectstudio.data.timeline import Timeline
from defectstudio.domain.events import (
    ClassChanged,
    Event,
    ImageAdded,
    ImageInfo,
    LabelConfirmed,
    Painted,
    StatusSet,
    Tagged,
    tag_text,
)
from defectstudio.domain.labels import (
    DEFECTIVE,
    GOOD,
    HEALTHY,
    Box,
    DefectClass,
    ImageTag,
    Origin,
    Status,
    Verdict,
    encode_runs,
    unknown_map,
)
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session

SIDE, SPOT = 512, 48
ROWS = ("verify", "open", "jump", "replay_window", "size")
TAGS = (GOOD, DEFECTIVE, ImageTag(Verdict.DEFECTIVE, (1,)))


def spot(rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A round defect of about 40 pixels across, ragged as a hand draws it, in a box of healthy pixels."""
    across, down = np.meshgrid(np.arange(SPOT) - SPOT / 2, np.arange(SPOT) - SPOT / 2)
    angle = np.arctan2(down, across)
    edge = SPOT * (0.38 + 0.06 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.03 * np.sin(7 * angle + rng.uniform(0, 6)))
    return (np.hypot(across, down) < edge).astype(np.uint8)


def one_event(project: Project, rng: np.random.Generator, images: int, masks: float) -> tuple[str, Event]:
    """The next gesture of somebody at work."""
    image = int(rng.integers(1, images + 1))
    entry = project.state.images[image]
    if rng.random() < masks:
        top, left = (int(x) for x in rng.integers(0, SIDE - SPOT, 2))
        drawn, box = project.state.label_map(image), Box(top, left, top + SPOT, left + SPOT)
        before = unknown_map(*box.shape) if drawn is None else drawn[box.slices]
        after = np.where(spot(rng) > 0, 1, np.where(before == HEALTHY, HEALTHY, before)).astype(np.uint8)
        return "paint scratch", Painted(image, box, encode_runs(before), encode_runs(after), Origin.DRAWN)
    kind = rng.integers(10)
    if kind < 6:
        after_tag = TAGS[int(rng.integers(len(TAGS)))]
        return f"tag {after_tag.verdict}", Tagged(image, entry.tag, after_tag, Origin.DRAWN)
    if kind < 9:
        status = list(Status)[int(rng.integers(4))]
        return f"mark {status}", StatusSet(image, entry.status, status)
    return f"confirm the tag of {entry.info.name}", LabelConfirmed(image, entry.confirmed, tag_text(entry.tag))


def write(folder: Path, events: int, images: int, masks: float, seed: int) -> None:
    """A project with so many events on so many images."""
    rng = np.random.default_rng(seed)
    with Project.create(folder) as project:
        project.journal.connection.execute("PRAGMA synchronous=OFF")
        infos = [
            ImageInfo(f"line1/{n:06d}.png", f"/line1/{n:06d}.png", f"{n:064x}", SIDE, SIDE, 1, 8, "0001.h5")
            for n in range(1, images + 1)
        ]
        project.commit("add class scratch", [ClassChanged(1, None, DefectClass(1, "scratch", "#E69F00"))])
        project.commit("import", [ImageAdded(n, info) for n, info in enumerate(infos, start=1)])
        for number in range(events - images - 1):
            name, event = one_event(project, rng, images, masks)
            project.commit(name, [event])
            if number % 20_000 == 0:
                say(f"{number} events written")


def measure_verify(folder: Path) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    report = finish(check(folder, CancelToken()))
    if not report.whole:
        raise RuntimeError(report.problems)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent, busy = time.perf_counter() - began, time.process_time() - cpu
    return {"s": round(spent, 1), "cpu_s": round(busy, 1), "mb": round(memory), "events": report.events}


def measure_open(folder: Path) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    with Project.open(folder) as project:
        session = Session(project)
        name = session.undo_name
    busy = time.process_time() - cpu
    return {"s": round(time.perf_counter() - began, 2), "cpu_s": round(busy, 2), "undo": name}


def measure_jump(folder: Path, *, times: int = 40, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    with Project.open(folder, readonly=True) as project:
        began = time.perf_counter()
        line = Timeline(project.journal, project.cache_folder)
        checkpoints = finish(line.prepare(CancelToken()))
        prepared = time.perf_counter() - began
        spent = []
        for event in rng.integers(1, line.last + 1, times).tolist():
            began = time.perf_counter()
            state = line.state_at(event)
            state.label_map(max(state.images, default=1)) if state.images else None
            spent.append(time.perf_counter() - began)
        size = sum(path.stat().st_size for path in line.folder.glob("*"))
    p95, median = np.percentile(spent, [95, 50]) * 1000
    return {
        "p95_ms": round(float(p95)),
        "median_ms": round(float(median)),
        "checkpoints": checkpoints,
        "prepare_s": round(prepared, 1),
        "checkpoint_mb": round(size / 2**20, 1),
    }


def measure_replay_window(folder: Path) -> dict[str, Any]:
    from journal_window import replay_in_window  # it needs Qt, which the other figures must not wait for

    return replay_in_window(folder)


def measure_size(folder: Path, images: int, with_masks: bool) -> dict[str, Any]:
    size = (folder / "project.db").stat().st_size
    with Project.open(folder, readonly=True) as project:
        count = project.journal.last_event
    return {"bytes_per_event": round(size / count, 1), "events": count, "images": images, "with_masks": with_masks}


def apart(part: str, folder: Path) -> dict[str, Any]:
    """A figure from a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--folder", str(folder.absolute())]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--images", type=int, help="default: one for every 50 events")
    parser.add_argument("--masks", type=float, default=0.01, help="share of the events that draw a mask")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keeps the project, and takes one that lies there")
    parser.add_argument("--part", choices=ROWS[:-1], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        measures = {"verify": measure_verify, "open": measure_open, "jump": measure_jump}
        measures["replay_window"] = measure_replay_window
        print(json.dumps(measures[options.part](options.folder)))
        return
    images = options.images or max(1, options.events // 50)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "long"
        if not folder.exists():
            write(folder, options.events, images, options.masks, options.seed)
        rows = [{"name": "size", **measure_size(folder, images, options.masks > 0)}]
        for kind, share in (("tags and verdicts", 0.0), ("masks", 1.0)):
            few, part = max(2_000, options.events // 50), Path(scratch) / kind.replace(" ", "-")
            write(part, few, max(1, few // 50), share, options.seed)
            found = measure_size(part, max(1, few // 50), share > 0)
            rows.append({"name": f"size of {kind}", **found, **({"mask": f"{SPOT} x {SPOT}"} if share else {})})
        rows += [{"name": part, **apart(part, folder)} for part in ROWS[:-1]]
    for row in rows:
        say(str(row))
    close("journal", rows)


if __name__ == "__main__":
    main()
