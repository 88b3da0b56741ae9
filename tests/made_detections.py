"""A project of small images with two classes, and detections in them that wait for a verdict."""

from __future__ import annotations

from pathlib import Path

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.domain.labels import Box, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image

SIDE = 96
IMAGES = 9
LEFT, RIGHT = Box(20, 10, 36, 30), Box(50, 60, 70, 84)
"""Where each image has its two detections."""


def make_project(folder: Path) -> Path:
    """Nine images nobody has said anything of, and the classes spot and line."""
    items = []
    for number in range(IMAGES):
        pixels = surface(number, SIDE, SIDE)
        for box in (LEFT, RIGHT):
            pixels[box.slices] = 30
        path = write_image(folder / "source" / f"part{number:02d}.png", pixels)
        items.append(ImportItem(path, path.stem, Verdict.UNLABELLED, split="new"))
    with Project.create(folder / "project") as project:
        session = Session(project)
        plan = ImportPlan("folder", folder / "source", items, ("spot",))
        record_import(session, plan, finish(import_job(project, plan)(CancelToken())))
        Annotator(session).add_class("line")
    return folder / "project"


def detections_of(project: Project) -> list[Detection]:
    """Two detections in each image: a spot at the left, surer than a line at the right."""
    return [
        Detection(f"one-{image}-{name}", image, "one", box, index, confidence)
        for image in project.present_images()
        for name, box, index, confidence in (("left", LEFT, 1, 0.9), ("right", RIGHT, 2, 0.6))
    ]
