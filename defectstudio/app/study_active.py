"""The study of active learning: which strategy needs the fewest masks? The experiment of [AL] on any imported set.

Strategies x K folds x M of each class x calibration x numbers of masks x repeats. A repeat is a seed: of the folds, of
the training, of the starting masks and of random. The images need full masks; the test split is never trained on.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from defectstudio.acquisition.scores import STRATEGIES
from defectstudio.app.active_chart import draw, write_chart
from defectstudio.app.active_table import FIGURES, ActiveTable, Row, table_of
from defectstudio.app.replay import Asking, Outcome, Replay
from defectstudio.app.study import Figures, Study, StudyJob, StudyPlan, labels_digest, make_job, make_plan
from defectstudio.app.study_train import shared_inputs
from defectstudio.app.study_worker import Place
from defectstudio.app.workflows import training_images
from defectstudio.data.presets import preset_config
from defectstudio.data.project import Project
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job

FUNCTION = "defectstudio.app.study_active:replay_once"
TABLE = "active.json"


class ActiveGrid(BaseModel):
    """What the study varies. `masks`: numbers of masks besides none and all; `start`: masks drawn by the repeat's seed
    before the ranking; `base`: training settings, on top of `preset` or the defaults.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = "active"
    strategies: list[str] = Field(default=list(STRATEGIES), min_length=1)
    folds: list[int] = Field(default=[2], min_length=1)
    each_class: list[int] = Field(default=[0], min_length=1)
    calibrate: list[bool] = Field(default=[True], min_length=1)
    masks: list[int] = Field(default=[8, 16, 32, 53, 80, 126, 246], min_length=1)
    repeats: list[int] = Field(default=[0, 1, 2, 3, 4], min_length=1)
    start: int = Field(default=0, ge=0)
    splits: list[str] = ["train"]
    test: str = "test"
    preset: str = ""
    base: dict[str, Any] = {}


class ActiveArguments(BaseModel):
    """One job: a setting, how many masks are uncovered, and the repeat. `spread`: the most masks of the grid."""

    model_config = ConfigDict(extra="forbid")

    strategy: str
    folds: int
    each_class: int
    calibrate: bool
    label: str
    masks: int
    spread: int
    start: int
    repeat: int
    splits: list[str]
    test: str
    preset: str = ""
    changes: dict[str, Any] = {}

    def config(self) -> TrainConfig:
        """The training configuration. Raises DefectStudioError naming what is wrong with it."""
        changes = {**self.changes, "seed": self.repeat}
        if not self.preset:
            return default_config(changes.pop("net", "fast"), **changes)
        return preset_config(self.preset, segmented=None, **changes)


class ActiveFigures(Figures):
    """Figures on the test split."""

    ap: float | None
    pixel_ap: float | None
    masks: int


def active_plan(grid: ActiveGrid, snapshot: Snapshot) -> StudyPlan:
    """The jobs of a study on a project's labels as they are, the numbers of masks one after another.

    Raises DefectStudioError for an unknown strategy, splits that overlap, or too few masks.
    """
    for strategy in grid.strategies:
        if strategy not in STRATEGIES:
            hint = f"Choose from {', '.join(STRATEGIES)}."
            raise DefectStudioError(f"There is no strategy {strategy}.", hint=hint)
    training, _ = divide(snapshot, grid.splits, grid.test)
    most = sum(image.defective and image.segmented for image in training.images)
    counts = sorted({n for n in grid.masks if grid.start < n < most} | {grid.start, most})
    if len(counts) < 3:
        hint = "Draw or import more masks, or ask for fewer with --masks."
        raise DefectStudioError(f"There are {most} masks: none of these numbers lies below.", hint=hint)
    labels = labels_digest(snapshot)
    jobs = [
        _job(grid, asking, count, counts[-2], repeat, labels)
        for repeat, count, asking in itertools.product(grid.repeats, counts, _askings(grid))
    ]
    return make_plan(grid.name, FUNCTION, labels, jobs)


def divide(snapshot: Snapshot, splits: Sequence[str], test: str) -> tuple[Snapshot, Snapshot]:
    """The tagged images that train, and those that test. Raises DefectStudioError when they overlap or none tests."""
    training, held_out = training_images(snapshot, splits), snapshot.split(test).tagged
    if test in splits or {i.id for i in training.images} & {i.id for i in held_out.images}:
        raise DefectStudioError(f"The split {test} cannot both train and test.", hint="Name another with --test.")
    if not any(image.defective for image in held_out.images):
        raise DefectStudioError(f"No defective image is in the split {test}.", hint="Name another with --test.")
    return training, held_out


def _askings(grid: ActiveGrid) -> list[tuple[str, Asking]]:
    """Every setting with its label; random looks at nothing, so folds and calibration do not vary it."""
    found: dict[str, Asking] = {}
    for strategy, folds, each, calibrate in itertools.product(
        grid.strategies, grid.folds, grid.each_class, grid.calibrate
    ):
        asking = Asking(strategy, folds, each, calibrate)
        found.setdefault(_label(grid, asking), asking)
    return list(found.items())


def _label(grid: ActiveGrid, asking: Asking) -> str:
    """A setting by what varies: "ours K=4 M=2 uncalibrated"."""
    parts = [asking.strategy]
    if asking.strategy != "random":
        parts += [f"K={asking.folds}"] if len(grid.folds) > 1 else []
    parts += [f"M={asking.each_class}"] if asking.each_class else []
    if asking.strategy != "random" and not asking.calibrate:
        parts.append("uncalibrated")
    return " ".join(parts)


def _job(grid: ActiveGrid, setting: tuple[str, Asking], count: int, spread: int, repeat: int, labels: str) -> StudyJob:
    label, asking = setting
    arguments = ActiveArguments(
        strategy=asking.strategy,
        folds=asking.folds,
        each_class=asking.each_class,
        calibrate=asking.calibrate,
        label=label,
        masks=count,
        spread=spread,
        start=grid.start,
        repeat=repeat,
        splits=grid.splits,
        test=grid.test,
        preset=grid.preset,
        changes=grid.base,
    )
    arguments.config()
    return make_job(FUNCTION, labels, f"{label} N={count}", repeat, "", arguments.model_dump(mode="json"))


def replay_once(values: dict[str, Any], place: Place, token: CancelToken) -> Job[ActiveFigures]:
    """Rank the pool, uncover masks, train and test, with the arguments of one job; in a worker process."""
    arguments = ActiveArguments.model_validate(values)
    with Project.open(place.project, readonly=True) as project:
        training, test = divide(project.snapshot(), arguments.splits, arguments.test)
        config = arguments.config()
        config = config.model_copy(update={"threads": config.threads or place.threads})
        # The size of the input may follow from masks: from none, or it would tell of those not uncovered yet.
        config = yield from shared_inputs(config, _tags(training), _tags(test), place, token)
        replay = Replay(training, test, config, place.cache, place.cache / "replay", start=arguments.start)
        asking = Asking(arguments.strategy, arguments.folds, arguments.each_class, arguments.calibrate)
        order = yield from replay.order(asking, arguments.spread, token)
        found = yield from replay.outcome(order[: arguments.masks], token)
    return ActiveFigures(ap=found.ap, pixel_ap=found.pixel_ap, masks=found.masks)


def _tags(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, images=tuple(image.without_map() for image in snapshot.images))


def rows_of(study: Study[ActiveFigures]) -> list[Row]:
    """What the jobs that are done have found."""
    return [
        (record.job.arguments["label"], record.job.repeat, found.masks, Outcome(found.ap, found.pixel_ap, found.masks))
        for record in study.records().values()
        if (found := record.figures) is not None
    ]


def write_active(study: Study[ActiveFigures]) -> ActiveTable:
    """Write `active.json` and the curves of both figures (SVG, PNG) into the study's folder, as far as it is done."""
    table = table_of(rows_of(study))
    with written_whole(study.folder / TABLE) as temporary:
        temporary.write_text(table.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for figure in FIGURES:
        write_chart(study.folder, f"curve-{figure.replace('_', '-')}", draw(table, figure))
    return table


def project_snapshot(folder: Path) -> tuple[Snapshot, Path]:
    """The labels of a project as they are, and its cache folder."""
    with Project.open(folder, readonly=True) as project:
        return project.snapshot(), project.cache_folder
