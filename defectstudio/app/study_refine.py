"""The study of similarity refinement: the tables of [SIM, section 4] on any project with complete masks.

Starting maps x what trains x how anchors are chosen x what an answer writes x the expert's error rate x seeds. One job
is a whole refinement with a simulated expert; its figures are those after the last round.
"""

from __future__ import annotations

import itertools
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from defectstudio.acquisition.queries import Anchoring
from defectstudio.app.refinement_figures import PatchFigures
from defectstudio.app.refinement_simulation import Simulation, SimulationSettings, simulate_job
from defectstudio.app.study import Figures, StudyJob, StudyPlan, labels_digest, make_job, make_plan
from defectstudio.app.study_worker import Place
from defectstudio.data.project import Project
from defectstudio.data.similarity import similarity_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job

FUNCTION = "defectstudio.app.study_refine:refine_once"

Start = Literal["roi", "model", "noise"]
Mode = Literal["mask_update", "user_refined", "both"]
Writing = Literal["pixel", "shift", "patch", "superpixel"]


class RefineGrid(BaseModel):
    """What the study varies. `writing` "shift": centre pixels, and the expert moves patches onto the defect.

    `run`: of the start "model"; `margin`: of the boxes; `base`: settings of the training.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = "refine"
    starts: list[Start] = Field(default=["roi", "model", "noise"], min_length=1)
    modes: list[Mode] = Field(default=["mask_update", "user_refined", "both"], min_length=1)
    anchors: list[Anchoring] = Field(default=["random", "entropy"], min_length=1)
    writings: list[Writing] = Field(default=["pixel", "shift", "patch"], min_length=1)
    errors: list[float] = Field(default=[0.0, 0.05], min_length=1)
    seeds: list[int] = Field(default=[0, 1, 2], min_length=1)
    rounds: int = Field(default=4, ge=1)
    per_round: int = Field(default=50, ge=1)
    margin: int = Field(default=8, ge=0)
    run: str | None = None
    splits: list[str] = ["train"]
    test: str = "test"
    base: dict[str, Any] = {}


class RefineFigures(Figures):
    """After the last round: patches of the test images against the true maps and against maps as at the start, and
    the dense maps of the refined images. `f1_before`: what the network knows that has seen the starting maps alone.
    """

    f1: float | None
    recall: float | None
    precision: float | None
    f1_before: float | None
    f1_initial: float | None
    recall_initial: float | None
    precision_initial: float | None
    dense_iou: float
    dense_recall: float
    started_iou: float
    flips: int


def refine_plan(grid: RefineGrid, snapshot: Snapshot) -> StudyPlan:
    """The jobs of a study on a project's labels as they are, seed by seed.

    Raises DefectStudioError when the test split holds no complete mask or also trains.
    """
    if grid.test in grid.splits:
        raise DefectStudioError(f"The split {grid.test} cannot both train and test.", hint="Name another split.")
    if not any(image.split == grid.test and image.defective and image.segmented for image in snapshot.images):
        hint = "Name another split, or draw masks there."
        raise DefectStudioError(f"No image of the split {grid.test} has a complete mask.", hint=hint)
    labels = labels_digest(snapshot)
    varied = itertools.product(grid.seeds, grid.errors, grid.starts, grid.modes, grid.anchors, grid.writings)
    jobs = [_job(grid, labels, *values) for values in varied]
    return make_plan(grid.name, FUNCTION, labels, jobs)


def _job(
    grid: RefineGrid, labels: str, seed: int, error: float, start: Start, mode: Mode, anchor: str, writing: Writing
) -> StudyJob:
    config = similarity_config(**{**grid.base, "mode": mode})
    settings = SimulationSettings.model_validate(
        {
            "start": {"kind": start, "margin": grid.margin, "run": grid.run, "seed": seed},
            "rounds": grid.rounds,
            "per_round": grid.per_round,
            "error": error,
            "seed": seed,
            "anchor": anchor,
            "write": "pixel" if writing == "shift" else writing,
            "shift": writing == "shift",
            "dense": "never",
            "dense_settings": {"scope": "boxes" if start == "roi" else "everywhere"},
            "config": config,
            "splits": grid.splits,
            "test": grid.test,
            "measured": "ends",
        }
    )
    name = f"{start}, {mode.replace('_', ' ')}, {anchor}, {writing}, error {error:.0%}"
    return make_job(FUNCTION, labels, name, seed, "", settings.model_dump(mode="json"))


def refine_once(values: dict[str, Any], place: Place, token: CancelToken) -> Job[RefineFigures]:
    """One refinement with a simulated expert, with the arguments of one job; in a worker process."""
    settings = SimulationSettings.model_validate(values)
    config = settings.config.model_copy(update={"threads": settings.config.threads or place.threads})
    with Project.open(place.project, readonly=True) as project:
        chosen = settings.model_copy(update={"config": config})
        job = simulate_job(project, chosen, cache=place.cache, shared=place.cache / "first-rounds")
        return figures_of((yield from job(token)))


def figures_of(found: Simulation) -> RefineFigures:
    """The figures of a simulation after its last round."""
    first, last = found.rounds[0], found.rounds[-1]
    true, initial = _three(last.true), _three(last.initial)
    return RefineFigures(
        f1=true[0],
        recall=true[1],
        precision=true[2],
        f1_before=None if first.true is None else first.true.f1,
        f1_initial=initial[0],
        recall_initial=initial[1],
        precision_initial=initial[2],
        dense_iou=last.dense_iou,
        dense_recall=last.dense_recall,
        started_iou=found.started_iou,
        flips=found.flips,
    )


def _three(figures: PatchFigures | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if figures is None else (figures.f1, figures.recall, figures.precision)


def fast_base() -> dict[str, Any]:
    """Settings with which hundreds of refinements are done in hours: fewer steps and patches than by hand.

    P(defect) is that of label-uniform patches, as in the paper, so that one half parts them (`prior` 0).
    """
    return {"steps": 120, "pool": 4096, "patches": 20_000, "prior": 0.0}
