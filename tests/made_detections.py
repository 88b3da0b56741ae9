"""A project of small images with two classes, and detections in them that wait for a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.mining import Mined, MiningQueue, write_queue
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Pixels
from defectstudio.domain.labels import Box, LabelMap, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image

SIDE = 96
IMAGES = 9
LEFT, RIGHT = Box(20, 10, 36, 30), Box(50, 60, 70, 84)
"""Where each image has its two detections."""


def picture(number: int) -> Pixels:
    """A surface with two dark places."""
    pixels = surface(number, SIDE, SIDE)
    for box in (LEFT, RIGHT):
        pixels[box.slices] = 30
    return pixels


def drawn(shape: tuple[int, int]) -> LabelMap:
    """The dark places as a person would draw them."""
    label_map = np.zeros(shape, np.uint8)
    label_map[LEFT.slices], label_map[RIGHT.slices] = 1, 2
    return label_map


def make_project(folder: Path, *, images: int = IMAGES, train: int = 0) -> Path:
    """New images nobody has said anything of, the classes spot and line, and `train` images with labels before them.

    Every second one of these is good.
    """
    items = []
    for number in range(train):
        good = number % 2 == 0
        path = write_image(
            folder / "source" / f"old{number:02d}.png", surface(number, SIDE, SIDE) if good else picture(number)
        )
        verdict = Verdict.GOOD if good else Verdict.DEFECTIVE
        items.append(ImportItem(path, path.stem, verdict, split="train", read_map=None if good else drawn))
    for number in range(images):
        path = write_image(folder / "source" / f"part{number:02d}.png", picture(100 + number))
        items.append(ImportItem(path, path.stem, Verdict.UNLABELLED, split="new"))
    with Project.create(folder / "project") as project:
        session = Session(project)
        plan = ImportPlan("folder", folder / "source", items, ("spot", "line"))
        record_import(session, plan, finish(import_job(project, plan)(CancelToken())))
        put_into_queue(project, detections_of(project))
    return folder / "project"


def detections_of(project: Project) -> list[Detection]:
    """Two detections in each image: a spot at the left, surer than a line at the right."""
    return [
        Detection(f"one-{image}-{name}", image, "one", box, index, confidence)
        for image in project.present_images()
        if project.state.images[image].placement.split == "new"
        for name, box, index, confidence in (("left", LEFT, 1, 0.9), ("right", RIGHT, 2, 0.6))
    ]


def put_into_queue(project: Project, detections: Sequence[Detection]) -> None:
    """Let these detections wait, each about its whole box."""
    mined = [
        Mined(
            id=one.id,
            image=one.image,
            run=one.run,
            box=(one.box.top, one.box.left, one.box.bottom, one.box.right),
            class_index=one.class_index,
            confidence=one.confidence,
        )
        for one in detections
    ]
    write_queue(project.folder, MiningQueue(detections=mined))
