"""A project of tiny images with runs whose predictions are made up, so that what a comparison must say is known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from defectstudio.app import workflows
from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.predictions import Scored, write_predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import CURVE, PREDICTIONS, WEIGHTS, RunRecord, default_config, write_run
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image

SIDE = 24
TRAIN, TEST = 8, 24


def square(shape: tuple[int, int]) -> LabelMap:
    """A defect of 9 x 9 pixels."""
    label_map = np.zeros(shape, np.uint8)
    label_map[6:15, 6:15] = 1
    return label_map


def make_project(folder: Path) -> Path:
    """Eight images in train and 24 in test, every second one defective with a mask; two of test form one group."""
    items = []
    for number in range(TRAIN + TEST):
        defective = bool(number % 2)
        path = write_image(folder / "source" / f"part{number:02d}.png", surface(number, SIDE, SIDE))
        verdict = Verdict.DEFECTIVE if defective else Verdict.GOOD
        split, group = "train" if number < TRAIN else "test", "pair" if number in {30, 31} else ""
        mask = square if defective else None
        items.append(ImportItem(path, path.stem, verdict, split=split, group=group, read_map=mask))
    with Project.create(folder / "project") as project:
        plan = ImportPlan("folder", folder / "source", items, ("spot",))
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
    return folder / "project"


def add_run(
    session: Session, run: str, *, wrong: Iterable[int] = (), seed: int = 0, record: bool = True, **changes: object
) -> None:
    """A finished run trained on the split train, sure of every image and right but for those in `wrong`."""
    project = session.project
    states = project.state.images
    folder = project.runs_folder / run
    folder.mkdir(parents=True)
    rng, mistaken = np.random.default_rng(seed), set(wrong)
    scored = []
    for image, entry in states.items():
        says = (entry.tag.verdict is Verdict.DEFECTIVE) != (image in mistaken)
        score = 0.8 * says + 0.1 + 0.05 * rng.random()
        heat = np.full((SIDE, SIDE), 0.02, np.float16)
        if says:
            heat[6:15, 6:15] = score
        scored.append(Scored(image, score, heat, entry.placement.split))
    write_predictions(folder / PREDICTIONS, scored, stride=1, input_size=(SIDE, SIDE))
    lines = [{"epoch": k + 1, "loss": 1 / (k + 1), "lr": 0.001} for k in range(5)]
    (folder / CURVE).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / WEIGHTS).write_bytes(run.encode())
    trained = tuple(i for i, entry in states.items() if entry.placement.split == "train")
    values = {
        "id": run,
        "created": f"2026-03-01T10:{len(project.state.runs):02d}:00+00:00",
        "status": "finished",
        "config": default_config(seed=seed, threshold_folds=0),
        "event": project.journal.last_event,
        "images": trained,
        "segmented": trained[1::2],
        "threshold": 0.5,
        "metrics": {"test/images": TEST, "test/ap": 0.9, "test/pixel_ap": 0.8, "train/ap": 1.0, "train/images": TRAIN},
        "seconds": 12.0,
    }
    done = RunRecord.model_validate(values | changes)
    write_run(folder, done)
    if record:
        workflows.record_run(session, done)


def add_unended_run(session: Session, run: str, status: str = "running") -> None:
    """A run folder as a training that was killed leaves it: a record alone, unknown to the journal."""
    folder = session.project.runs_folder / run
    folder.mkdir(parents=True)
    values = {"id": run, "created": "2026-03-02T10:00:00+00:00", "status": status, "config": default_config()}
    write_run(folder, RunRecord.model_validate(values | {"event": 1, "error": "It broke." * (status == "failed")}))


def make_project_with_runs(folder: Path) -> Path:
    """A project with the runs good and bad, and one that was killed; returns its folder."""
    path = make_project(folder)
    with Project.open(path) as project:
        session = Session(project)
        add_run(session, "good")
        add_run(session, "bad", wrong=(9, 10, 12, 14), seed=7)
        add_unended_run(session, "killed")
    return path
