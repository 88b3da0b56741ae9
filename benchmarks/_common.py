"""What the benchmarks share: reading the real sets, the machine's description, the closing JSON line."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from defectstudio.data.predictions import Scored
from defectstudio.data.snapshot import Pixels, Snapshot, SnapshotImage
from defectstudio.domain.labels import GOOD, DefectClass, ImageTag, Verdict, class_color, encode_runs
from defectstudio.domain.metrics import average_precision
from defectstudio.domain.progress import Job, Progress, finish

os.environ.setdefault("GOMP_SPINCOUNT", "0")  # as the window does, before torch is loaded; commands: `as_command`

T = TypeVar("T")
Row = dict[str, str]


def read_set(source: Path, table: str, group: str) -> tuple[Snapshot, dict[int, Row]]:
    """The images of a set (`images/STEM.jpg`, `masks/STEM.png`) named by a CSV, and each image's row of that CSV.

    Class and group come from the columns `class` and `group`.
    """
    rows = list(csv.DictReader((source / table).open(encoding="utf-8", newline="")))
    names = sorted({row["class"] for row in rows if row["label"] == "1"})
    index = {name: number for number, name in enumerate(names, start=1)}
    paths = {number: source / "images" / f"{row['stem']}.jpg" for number, row in enumerate(rows, start=1)}
    images = tuple(_image(number, row, paths[number], index, group) for number, row in enumerate(rows, start=1))
    classes = tuple(DefectClass(number, name, class_color(number)) for name, number in index.items())
    snapshot = Snapshot(0, classes, images, read=lambda image: _pixels(paths[image.id]))
    return snapshot, dict(enumerate(rows, start=1))


def _pixels(path: Path) -> Pixels:
    return np.asarray(Image.open(path).convert("L"))


def _image(number: int, row: Row, path: Path, index: dict[str, int], group: str) -> SnapshotImage:
    with Image.open(path) as image:
        width, height = image.size
    defective = row["label"] == "1"
    mask = path.parent.parent / "masks" / f"{row['stem']}.png"
    code = None
    if defective and mask.is_file():
        drawn = np.asarray(Image.open(mask).convert("L")) > 0
        code = encode_runs((drawn * index[row["class"]]).astype(np.uint8)) if drawn.any() else None
    return SnapshotImage(
        id=number,
        name=row["stem"],
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        height=height,
        width=width,
        channels=1,
        bits=8,
        split=row.get("split", ""),
        group=row[group],
        tag=ImageTag(Verdict.DEFECTIVE, (index[row["class"]],)) if defective else GOOD,
        label_code=code,
        segmented=not defective or code is not None,
    )


def chosen_masks(training: Snapshot, count: int | None, seed: int) -> Snapshot:
    """The training images with masks for `count` of the segmented defective ones (None: all), drawn by the seed."""
    masked = [image.id for image in training.images if image.defective and image.segmented]
    if count is not None:
        masked = np.random.default_rng(seed).permutation(masked)[:count].tolist()
    return training.with_maps_of(masked)


def run(job: Job[T], label: str) -> T:
    """Run a job to its end; a line on stderr every ten seconds and at the end."""
    shown = [time.monotonic()]

    def show(progress: Progress) -> None:
        if time.monotonic() - shown[0] > 10:
            shown[0] = time.monotonic()
            loss = f", loss {progress.values['loss']:.4f}" if "loss" in progress.values else ""
            say(f"{label}: {progress.text} {progress.done}/{progress.total}{loss}")

    return finish(job, show)


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


def machine() -> str:
    """Processor, cores and torch: what figures of time depend on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = named[0] if named else model
    return f"{model}, {os.cpu_count()} cores, torch {version('torch')}"


def commit() -> str:
    """The commit that the working tree stands on, with a mark when it has changes."""
    git = ["git", "-C", str(Path(__file__).parent)]
    name = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=False)
    return name.stdout.strip() + ("-dirty" if changed.stdout.strip() else "") if name.returncode == 0 else "unknown"


def pixel_ap(test: Snapshot, scored: list[Scored]) -> float:
    """AP over the pixels of all test images whose every pixel is known, counted at every fourth row and column."""
    truth, heat = [], []
    for image, row in zip(test.images, scored, strict=True):
        if image.segmented:
            truth.append((image.label_map()[::4, ::4] > 0).ravel())
            heat.append(row.heat_map((image.height, image.width))[::4, ::4].ravel())
    return average_precision(np.concatenate(truth), np.concatenate(heat))


def close(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """The last line: one JSON object."""
    print(json.dumps({"name": name, "commit": commit(), "machine": machine(), "rows": list(rows)}))
