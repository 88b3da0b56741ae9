"""Commands for studies: many trainings, one table. `study PROJECT` is short for `study run PROJECT`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from defectstudio.cli.output import print_json, print_table, run_job, stderr, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.app.study import Study, StudyPlan
    from defectstudio.app.study_grid import Grid
    from defectstudio.app.study_table import StudyTable
    from defectstudio.app.study_train import TrainFigures

SHOWN = ("ap", "best_f1", "fp", "fn")
NONE: list[str] = []

Seeds = Annotated[str | None, typer.Option(help="Seeds, as in 0,1,2 (or 0 1 2).", show_default="0")]
Folds = Annotated[
    str | None,
    typer.Option(help="Parts to hold out in turn: a number, or `splits` for the project's own.", show_default="0"),
]
Vary = Annotated[list[str], typer.Option("--vary", help="A setting and its values: net=fast,segdec. Several times.")]
Settings = Annotated[list[str], typer.Option("--set", help="A setting for all jobs, as name=value.")]
Splits = Annotated[list[str], typer.Option("--split", help="A split to train on.", show_default="train")]
Test = Annotated[str | None, typer.Option(help="Without folds: the split that tests.", show_default="test")]
Name = Annotated[str, typer.Option(help="What the study is called; its folder.", show_default="from its jobs")]
Out = Annotated[Path | None, typer.Option(help="Another folder for the study than PROJECT/studies.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Jobs at a time.", show_default="half the cores")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of each job.", show_default="cores / workers")]
Scheduler = Annotated[str | None, typer.Option(help="Run the jobs on a Dask cluster: tcp://host:8786.")]
Retry = Annotated[bool, typer.Option("--retry-failed", help="Do jobs again that failed before.")]


class StudyGroup(TyperGroup):
    """Takes `study PROJECT ...` for `study run PROJECT ...`, and `--seeds 0 1 2` for `--seeds 0,1,2`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, joined(args, "--seeds"))


def joined(args: list[str], option: str) -> list[str]:
    """The numbers after an option as one value, with commas between them."""
    if option not in args:
        return args
    start = args.index(option) + 1
    stop = next((n for n in range(start, len(args)) if not args[n].replace(",", "").isdigit()), len(args))
    return [*args[:start], *([",".join(args[start:stop])] if stop > start else []), *args[stop:]]


cli = typer.Typer(
    cls=StudyGroup, no_args_is_help=True, help="Many trainings, one table: grids, seeds, folds, ablations."
)


@cli.command("run")
def run_grid(
    project: Folder,
    grid: Annotated[Path | None, typer.Option(help="A file (TOML or JSON) that says what to vary.")] = None,
    vary: Vary = NONE,
    seeds: Seeds = None,
    folds: Folds = None,
    set_: Settings = NONE,
    split: Splits = NONE,
    test: Test = None,
    name: Name = "",
    out: Out = None,
    workers: Workers = None,
    threads: Threads = None,
    scheduler: Scheduler = None,
    retry_failed: Retry = False,
    json: Json = False,
) -> None:
    """Train every combination of settings, seeds and folds; the same command again goes on where it stopped."""
    from defectstudio.app.study_grid import Grid, parse_vary, read_grid

    wanted = read_grid(grid) if grid is not None else Grid()
    wanted.vary |= parse_vary(vary)
    wanted.base |= _settings(set_)
    _change(wanted, seeds, folds, split, test, name)
    _run(project, wanted, out, workers, threads, scheduler, retry_failed, json)


@cli.command("ablation")
def run_ablation(
    project: Folder,
    preset: Annotated[str, typer.Option(help="Published settings to start from (`train --help` lists them).")] = "ksdd",
    supervision: Annotated[str, typer.Option(help="Which of full, mixed, weak.")] = "full,mixed,weak",
    all_combinations: Annotated[
        bool, typer.Option("--all-combinations", help="Every combination, not only the lines that the paper prints.")
    ] = False,
    seeds: Seeds = None,
    folds: Folds = None,
    set_: Settings = NONE,
    split: Splits = NONE,
    test: Test = None,
    name: Name = "ablation",
    out: Out = None,
    workers: Workers = None,
    threads: Threads = None,
    scheduler: Scheduler = None,
    retry_failed: Retry = False,
    json: Json = False,
) -> None:
    """The paper's Table 4: balanced loss, gradient stop, distance weights, each on and off."""
    from defectstudio.app.study_ablation import ablation_grid

    wanted = ablation_grid(
        {"preset": preset, **_settings(set_)},
        supervision=[kind.strip() for kind in supervision.split(",") if kind.strip()],
        combinations="all" if all_combinations else "table",
    )
    _change(wanted, seeds, folds, split, test, name)
    _run(project, wanted, out, workers, threads, scheduler, retry_failed, json)


@cli.command("active")
def run_active(
    project: Folder,
    strategies: Annotated[str | None, typer.Option(help="Strategies, with commas between.", show_default="all")] = None,
    kfolds: Annotated[str, typer.Option("--kfolds", help="K: models that score the pool, as in 2,4.")] = "2",
    each_class: Annotated[str, typer.Option(help="M: how many of each class go ahead, as in 0,1,2,4.")] = "0",
    calibrate: Annotated[str, typer.Option(help="yes, no, or yes,no for both.")] = "yes",
    masks: Annotated[str, typer.Option(help="N: numbers of masks, besides none and all.")] = "8,16,32,53,80,126,246",
    repeats: Annotated[int, typer.Option(min=1, help="Seeds of folds, training and random.")] = 5,
    start: Annotated[int, typer.Option(min=0, help="Masks there are before the ranking, drawn by seed.")] = 0,
    preset: Annotated[str, typer.Option(help="Published settings to start from.")] = "",
    set_: Settings = NONE,
    split: Splits = NONE,
    test: Test = None,
    name: Name = "active",
    out: Out = None,
    workers: Workers = None,
    threads: Threads = None,
    scheduler: Scheduler = None,
    retry_failed: Retry = False,
    json: Json = False,
) -> None:
    """Which strategy needs the fewest masks? Uncovers masks of a fully segmented set as each would have asked."""
    from defectstudio.app.study_active import ActiveGrid, active_plan, project_snapshot

    chosen = {} if strategies is None else {"strategies": [s.strip() for s in strategies.split(",") if s.strip()]}
    grid = ActiveGrid(
        name=name,
        folds=_numbers(kfolds),
        each_class=_numbers(each_class),
        calibrate=[word.strip() == "yes" for word in calibrate.split(",")],
        masks=_numbers(masks),
        repeats=list(range(repeats)),
        start=start,
        splits=split or ["train"],
        test=test or "test",
        preset=preset,
        base=_settings(set_),
        **chosen,
    )
    snapshot, cache = project_snapshot(project)
    _run_active(project, active_plan(grid, snapshot), cache, out, workers, threads, scheduler, retry_failed, json)


@cli.command("table")
def show_table(project: Folder, name: Name = "", out: Out = None, json: Json = False) -> None:
    """The table of a study as far as it is done; the newest study when none is named."""
    from defectstudio.app.study import Study, list_studies
    from defectstudio.app.study_table import tabulate
    from defectstudio.app.study_train import TrainFigures
    from defectstudio.data.project import Project

    folder = out or project / "studies"
    if out is None:
        Project.open(project, readonly=True).close()
    known = list_studies(folder)
    if not known:
        raise DefectStudioError("There is no study yet.", hint="`defectstudio study PROJECT` starts one.")
    study = Study.open(folder / name if name else known[-1], TrainFigures)
    _show(study, tabulate(study), json)


def _settings(options: list[str]) -> dict[str, Any]:
    """`name=value` -> {name: value}; values are read as JSON where they are, else as text."""
    from defectstudio.app.study_grid import parse_value

    found = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals:
            raise DefectStudioError(f"--set {option} has no value.", hint="Write --set name=value.")
        found[key] = parse_value(value)
    return found


def _change(grid: Grid, seeds: str | None, folds: str | None, split: list[str], test: str | None, name: str) -> None:
    """What was said by options goes before what the grid says."""
    if seeds is not None:
        grid.seeds = _numbers(seeds)
    if folds is not None:
        grid.folds = "splits" if folds == "splits" else _numbers(folds)[0]
    grid.splits = split or grid.splits
    grid.test = test or grid.test
    grid.name = name or grid.name


def _numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",")]
    except ValueError as error:
        raise DefectStudioError(f"{text!r} is not a row of whole numbers.", hint="Write for example 0,1,2.") from error


def _run(
    project: Path,
    grid: Grid,
    out: Path | None,
    workers: int | None,
    threads: int | None,
    scheduler: str | None,
    retry_failed: bool,
    json: bool,
) -> None:
    """Plan, run, tabulate; a study that is cancelled says how to go on."""
    from defectstudio.app.study import Study
    from defectstudio.app.study_grid import grid_plan
    from defectstudio.app.study_runner import dask_pool, local_pool, run_study
    from defectstudio.app.study_table import write_tables
    from defectstudio.app.study_train import TrainFigures
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        plan, cache = grid_plan(grid, opened.snapshot()), opened.cache_folder
    study = Study.start((out or project / "studies") / plan.name, plan, TrainFigures)
    where = contextlib.nullcontext(local_pool(workers, threads)) if scheduler is None else dask_pool(scheduler, threads)
    try:
        with where as pool:
            run_job(
                lambda token: run_study(study, pool, token, project=project, cache=cache, retry_failed=retry_failed),
                f"Study {plan.name}",
            )
    finally:
        table = write_tables(study)
        left = len(plan.jobs) - table.done - table.failed
        if left:
            stderr.print(f"{left} of {len(plan.jobs)} jobs are left: the same command goes on with them.")
    _show(study, table, json)
    if table.failed == table.jobs:
        raise typer.Exit(1)


def _run_active(
    project: Path,
    plan: StudyPlan,
    cache: Path,
    out: Path | None,
    workers: int | None,
    threads: int | None,
    scheduler: str | None,
    retry_failed: bool,
    json: bool,
) -> None:
    """Run, tabulate, draw; the curves so far are there after a cancel too."""
    from defectstudio.app.study import Study
    from defectstudio.app.study_active import ActiveFigures, write_active
    from defectstudio.app.study_runner import dask_pool, local_pool, run_study
    from defectstudio.app.study_table import write_tables

    study = Study.start((out or project / "studies") / plan.name, plan, ActiveFigures)
    where = contextlib.nullcontext(local_pool(workers, threads)) if scheduler is None else dask_pool(scheduler, threads)
    try:
        with where as pool:
            run_job(
                lambda token: run_study(study, pool, token, project=project, cache=cache, retry_failed=retry_failed),
                f"Study {plan.name}",
            )
    finally:
        table, found = write_tables(study), write_active(study)
    if json:
        print_json({"folder": str(study.folder), "failed": table.failed, **found.model_dump(mode="json")})
    else:
        for curve in found.curves:
            rows = [(p.masks, p.mean, p.deviation, p.above_random, p.p) for p in curve.points]
            print_table(f"{curve.setting}: {curve.figure}", ("masks", "mean", "deviation", "above random", "p"), rows)
        for text in (*found.sentences, *table.errors, f"Tables, rows and curves: {study.folder}"):
            stdout.print(text, markup=False)
    if table.failed == table.jobs:
        raise typer.Exit(1)


def _show(study: Study[TrainFigures], table: StudyTable, json: bool) -> None:
    if json:
        print_json({"folder": str(study.folder), **table.model_dump(mode="json")})
        return
    columns = [column for column in SHOWN if column in table.columns]
    rows = [
        (row.setting, *(str(row.figures[c]) if c in row.figures else "-" for c in columns), f"{row.done}/{row.jobs}")
        for row in table.rows
    ]
    print_table(f"{table.name}: {table.done} of {table.jobs} jobs", ("setting", *columns, "done"), rows)
    for error, count in table.errors.items():
        stdout.print(f"- {count} failed: {error}", markup=False)
    stdout.print(f"Tables and rows: {study.folder}", markup=False)
