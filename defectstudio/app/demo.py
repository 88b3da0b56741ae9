"""The main job on generated data, start to end: what `make demo` shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel

from defectstudio.app import workflows
from defectstudio.app.projects import import_job, record_import
from defectstudio.app.ranking import RankedImage, rank_job
from defectstudio.app.report import report_job
from defectstudio.data.exchange import registry
from defectstudio.data.exchange.plan import ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.synthetic import generate
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.session import Session

T = TypeVar("T")
PREVALENCE = 0.1
TEST_PART = 0.4


class DemoRun(BaseModel):
    """One training of the demo, measured on its unseen images."""

    name: str
    run: str
    masks: int
    ap: float | None
    pixel_ap: float | None
    fp: int
    fn: int
    seconds: float


class DemoResult(BaseModel):
    """What the demo made and found."""

    project: str
    report: str
    test_images: int
    test_defective: int
    runs: list[DemoRun]
    segment_next: list[RankedImage]


def demo_job(folder: Path, images: int, masks: int, seed: int, token: CancelToken) -> Job[DemoResult]:
    """Generate `images` surface images, import them, train with tags only and with `masks` masks, rank, report.

    Raises DefectStudioError when the folder is in use or the masks leave no defective image to rank.
    """
    test = round(images * TEST_PART)
    train_defective = round((images - test) * PREVALENCE)
    if masks >= train_defective:
        # One at least stays without a mask, or there would be nothing left to rank.
        hint = f"Ask for at most {train_defective - 1} masks, or for more images."
        raise DefectStudioError(f"{images} images hold {train_defective} defective ones to train on.", hint=hint)
    if folder.exists() and any(folder.iterdir()):
        raise DefectStudioError(f"{folder} is not an empty folder.", hint="Name a new folder, or remove that one.")
    test_defective = round(test * PREVALENCE)
    counts = ((images - test - train_defective, train_defective), (test - test_defective, test_defective))
    yield from generate(folder / "images", train=counts[0], test=counts[1], seed=seed, token=token)
    plan = registry.read(folder / "images")
    keep_masks(plan, masks, seed)
    with Project.create(folder / "project") as project:
        session = Session(project)
        batch = yield from import_job(project, plan)(token)
        record_import(session, plan, batch)
        runs = []
        for name, segmented in (("tags only", 0), (f"tags and {masks} masks", masks)):
            runs.append((yield from _train(session, name, segmented, seed, token)))
        ranking = yield from _titled("Ranking", rank_job(project, default_config(seed=seed)), token)
        page = yield from report_job(project, runs[-1].run, folder / "report.html")(token)
    return DemoResult(
        project=str(folder / "project"),
        report=str(page),
        test_images=test,
        test_defective=test_defective,
        runs=runs,
        segment_next=ranking.images,
    )


def keep_masks(plan: ImportPlan, masks: int, seed: int) -> None:
    """Forget the masks of all but `masks` defective training images: as if an expert had drawn only those."""
    drawn = [k for k, item in enumerate(plan.items) if item.split == "train" and item.verdict is Verdict.DEFECTIVE]
    for k in np.random.default_rng(seed).permutation(drawn)[masks:]:
        plan.items[k] = replace(plan.items[k], masks=(), read_map=None)


def _train(session: Session, name: str, segmented: int, seed: int, token: CancelToken) -> Job[DemoRun]:
    run = f"{segmented}-masks"
    # Fold models for the threshold would double the minute that the demo may take.
    config = default_config(seed=seed, threshold_folds=0)
    start = workflows.train_job(session.project, config, segmented=segmented, run_id=run)
    record = yield from _titled(f"Training on {name}:", start, token)
    workflows.record_run(session, record)
    evaluation = yield from workflows.evaluation_job(session.project, run)(token)
    test = evaluation.of("test")
    if test is None:
        raise DefectStudioError("The demo images have no test split.")
    return DemoRun(
        name=name,
        run=run,
        masks=segmented,
        ap=test.ap,
        pixel_ap=test.pixel_ap,
        fp=test.fp,
        fn=test.fn,
        seconds=round(record.seconds, 1),
    )


def _titled(title: str, start: Callable[[CancelToken], Job[T]], token: CancelToken) -> Job[T]:
    """The same job, saying what it is part of."""
    job = start(token)
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            result: T = end.value
            return result
        yield Progress(step.done, step.total, f"{title} {step.text}", step.values)
