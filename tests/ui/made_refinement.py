"""A project with a trained round whose patches and embeddings are made up, so that no test of the window trains."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.similarity import (
    PatchIndex,
    RoundRecord,
    round_folder,
    similarity_config,
    write_index,
    write_round,
)
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image

HEIGHT, WIDTH, STRIDE, PATCH, COUNT = 128, 160, 8, 32, 8
TOP, LEFT, HIGH, WIDE = 40, 56, 26, 44
"""The true defect of every defective image; its label map is a box 12 pixels larger on each side."""
MARGIN = 12


def boxed(shape: tuple[int, int]) -> LabelMap:
    """A label map that is a coarse box around the defect."""
    label_map = np.zeros(shape, np.uint8)
    label_map[TOP - MARGIN : TOP + HIGH + MARGIN, LEFT - MARGIN : LEFT + WIDE + MARGIN] = 1
    return label_map


def truth() -> LabelMap:
    """Where the defect really is."""
    label_map = np.zeros((HEIGHT, WIDTH), np.uint8)
    label_map[TOP : TOP + HIGH, LEFT : LEFT + WIDE] = 1
    return label_map


def part(number: int) -> np.ndarray:
    """A noisy surface; odd parts have a dark scratch within the defect's area."""
    pixels = surface(number, HEIGHT, WIDTH)
    if number % 2:
        rows = np.linspace(TOP + 3, TOP + HIGH - 4, WIDE).astype(int)
        for column, row in enumerate(rows):
            pixels[row - 3 : row + 4, LEFT + column] = 35
    return pixels


def make_refined_project(folder: Path, *, rounds: int = 1) -> Path:
    """Eight images, every second one defective with a box as label map, and so many finished rounds."""
    items = []
    for number in range(COUNT):
        path = write_image(folder / "source" / f"part{number:02d}.png", part(number))
        bad = bool(number % 2)
        verdict, mask = (Verdict.DEFECTIVE, boxed) if bad else (Verdict.GOOD, None)
        classes = ("scratch",) if bad else ()
        items.append(ImportItem(path, path.stem, verdict, split="train", classes=classes, read_map=mask))
    with Project.create(folder / "project") as project:
        plan = ImportPlan("folder", folder / "source", items, ("scratch",))
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
        for number in range(rounds):
            add_round(project, number)
    return folder / "project"


def add_round(project: Project, number: int, *, event: int | None = None) -> RoundRecord:
    """A finished round: patches of the true defect lie near one another in embedding space, others far from them.

    `event` is what its labels hold; None: all there is, which can be asked on the project's own thread alone.
    """
    rng, true = np.random.default_rng(number), truth()
    rows = np.arange(STRIDE // 2, HEIGHT, STRIDE)
    columns = np.arange(STRIDE // 2, WIDTH, STRIDE)
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1).reshape(-1, 2)
    images = np.repeat(project.present_images(), len(grid))
    places = np.tile(grid, (COUNT, 1))
    bad = (images % 2 == 0) & (true[places[:, 0], places[:, 1]] > 0)  # ids begin with 1
    embedding = rng.normal(0, 0.35, (len(images), 8)).astype(np.float32)
    embedding[:, 0] += np.where(bad, 1.5, -1.5)
    spread = 0.25 / (number + 1)
    p_defect = np.clip(np.where(bad, 0.9, 0.1) + rng.normal(0, spread, len(images)), 0.01, 0.99)
    index = PatchIndex(
        images.astype(np.int64),
        places[:, 0].astype(np.int32),
        places[:, 1].astype(np.int32),
        embedding,
        p_defect.astype(np.float32),
    )
    record = RoundRecord(
        round=number,
        created=f"2026-03-01T1{number}:00:00+00:00",
        status="finished",
        config=similarity_config(patch=PATCH, stride=STRIDE, embedding=8),
        event=project.journal.last_event if event is None else event,
        seconds=12.0,
    )
    folder = round_folder(project.folder, number)
    folder.mkdir(parents=True)
    write_index(folder, index)
    write_round(folder, record)
    return record
