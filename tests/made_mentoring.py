"""A small project with a run that was really trained, and beside it a folder of new images and their truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from defectstudio.app import workflows
from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.domain.labels import Box, LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import write_image

SIDE, OLD, NEW = 64, 12, 6
SQUARE = Box(16, 24, 32, 40)


def picture(number: int, level: int) -> np.ndarray:
    """Noise round a level; odd numbers show a bright square."""
    image = np.random.default_rng(number).normal(level, 5, (SIDE, SIDE))
    if number % 2:
        image[SQUARE.slices] += 90
    return image.clip(0, 255).astype(np.uint8)


def drawn(shape: tuple[int, int]) -> LabelMap:
    label_map = np.zeros(shape, np.uint8)
    label_map[SQUARE.slices] = 1
    return label_map


def labelled(folder: Path, numbers: range, level: int, split: str) -> ImportPlan:
    items = []
    for number in numbers:
        path = write_image(folder / f"part{number:02d}.png", picture(number, level))
        verdict = Verdict.DEFECTIVE if number % 2 else Verdict.GOOD
        classes = ("spot",) if number % 2 else ()
        items.append(
            ImportItem(path, path.stem, verdict, split=split, classes=classes, read_map=drawn if number % 2 else None)
        )
    return ImportPlan("folder", folder, items, ("spot",))


def fill(project: Project, plan: ImportPlan) -> None:
    record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))


def make_trained(folder: Path) -> Path:
    """`project`: the run base on twelve old images; `new`: six new images, whose truth is the project `truth`."""
    with Project.create(folder / "project") as project:
        fill(project, labelled(folder / "old", range(OLD), 90, "train"))
        config = default_config(height=SIDE, width=SIDE, epochs=4, threads=1, threshold_folds=0, precision="32")
        record = finish(workflows.train_job(project, config, run_id="base")(CancelToken()))
        workflows.record_run(Session(project), record)
    with Project.create(folder / "truth") as truth:
        fill(truth, labelled(folder / "new", range(OLD, OLD + NEW), 110, "new"))
    return folder
