"""The paper's tables with simulated experts: starting maps x what trains x anchors x writing x errors, three seeds.

A study of `defectstudio.app.study_refine` on a project of KolektorSDD or of magnetic tiles: a job is two rounds of
fifty answers, measured on 128 patches of each test image. By default the images are half as large on each side, and
few, so that all 324 refinements take about half an hour of one core: features, and the first round of each start and
seed, are computed once. Rows that are done are kept in `--work`, so a run that was stopped goes on, and settings and
seeds can be added; seed 0 is done first. `--only-table` shows what is done. The start "model" is a run trained on the
boxes, as the paper's U-Net is; it is trained first where it is missing.

The closing JSON holds a row for each setting, and `effects`: means over all settings that share everything but one
choice, of those alone that are done for all its values, so that the values can be compared.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from _common import close, run, say
from _projects import refining_project

from defectstudio.acquisition.queries import Anchoring
from defectstudio.app.refinement_maps import StartSettings, maps_job, record_start
from defectstudio.app.study import Study
from defectstudio.app.study_refine import Mode, RefineFigures, RefineGrid, Start, Writing, fast_base, refine_plan
from defectstudio.app.study_runner import local_pool, run_study
from defectstudio.app.study_table import TableRow, write_tables
from defectstudio.app.workflows import record_run, train_job
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.domain.progress import CancelToken
from defectstudio.sessions.session import Session

MODEL = "trained-on-boxes"
CHOICES = ("start", "trains", "anchor", "writing", "error")
"""What the name of a setting says, in its order."""
SHOWN = ("f1", "recall", "precision", "f1_initial", "recall_initial", "precision_initial", "f1_before", "dense_iou")


def trained_on_boxes(folder: Path, margin: int, threads: int, epochs: int) -> None:
    """Train the run of the start "model" on boxes; the masks come back by undo."""
    with Project.open(folder) as project:
        if MODEL in project.state.runs:
            return
        session = Session(project)
        boxes = StartSettings(kind="roi", margin=margin)
        record_start(session, run(maps_job(project, boxes)(CancelToken()), "boxes"))
        config = default_config(threads=threads, epochs=epochs, threshold_folds=0)
        record = run(train_job(project, config, run_id=MODEL)(CancelToken()), "the model of the boxes")
        session.undo()
        record_run(session, record)


def effects(rows: Sequence[TableRow]) -> list[dict[str, Any]]:
    """Mean figures of each value of each choice over settings that differ in it alone; see the module."""
    found = []
    for place, choice in enumerate(CHOICES):
        groups: dict[tuple[str, ...], dict[str, TableRow]] = {}
        for row in rows:
            parts = row.setting.split(", ")
            if row.figures:
                groups.setdefault((*parts[:place], *parts[place + 1 :]), {})[parts[place]] = row
        values = list(dict.fromkeys(row.setting.split(", ")[place] for row in rows))
        whole = [group for group in groups.values() if len(group) == len(values)]
        for value in values if whole else []:
            cells = [group[value].figures for group in whole]
            means = {name: round(statistics.fmean(cell[name].mean for cell in cells), 4) for name in SHOWN}
            found.append({"choice": choice, "value": value, "settings": len(whole), **means})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="the folder that holds ksdd/ and mtd/")
    parser.add_argument("--set", choices=["ksdd", "mtd"], default="ksdd", dest="data")
    parser.add_argument("--work", type=Path, required=True, help="keeps the project, features and rows")
    parser.add_argument("--most", type=int, default=24, help="defective images a split, and as many good; 0: all")
    parser.add_argument("--shrink", type=int, default=2, help="how many times smaller the images are on each side")
    parser.add_argument("--starts", nargs="+", choices=get_args(Start), default=list(get_args(Start)))
    parser.add_argument("--modes", nargs="+", choices=get_args(Mode), default=list(get_args(Mode)))
    parser.add_argument("--writings", nargs="+", choices=get_args(Writing), default=["pixel", "shift", "patch"])
    parser.add_argument("--anchors", nargs="+", choices=get_args(Anchoring), default=["random", "entropy"])
    parser.add_argument("--errors", nargs="+", type=float, default=[0.0, 0.05])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--answers", type=int, default=50, help="a round")
    parser.add_argument("--steps", type=int, help="of the training of a round")
    parser.add_argument("--margin", type=int, default=4, help="of the boxes, in pixels")
    parser.add_argument("--epochs", type=int, default=12, help="of the run of the start model")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--only-table", action="store_true", help="of the rows that are done already")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    name = f"{options.data}-{options.most or 'all'}-{options.shrink}"
    project = options.work / name
    folder = refining_project(options.source, options.data, project, most=options.most or None, shrink=options.shrink)
    if "model" in options.starts:
        trained_on_boxes(folder, options.margin, options.threads, options.epochs)
    grid = RefineGrid(
        name=f"refine-{name}",
        starts=options.starts,
        modes=options.modes,
        anchors=options.anchors,
        writings=options.writings,
        errors=options.errors,
        seeds=options.seeds,
        rounds=options.rounds,
        per_round=options.answers,
        margin=options.margin,
        run=MODEL if "model" in options.starts else None,
        base=fast_base() | ({} if options.steps is None else {"steps": options.steps}),
    )
    with Project.open(folder, readonly=True) as project:
        plan, cache = refine_plan(grid, project.snapshot()), project.cache_folder
    study = Study.start(options.work / "studies" / plan.name, plan, RefineFigures)
    say(f"{len(study.pending())} of {len(plan.jobs)} refinements are to do")
    try:
        if not options.only_table:
            pool = local_pool(options.workers, options.threads)
            run(run_study(study, pool, CancelToken(), project=folder, cache=cache), plan.name)
    finally:
        table = write_tables(study)
        say(f"Tables: {study.folder}")
    close(plan.name, [{"effects": effects(table.rows)}, *(row.model_dump(mode="json") for row in table.rows)])


if __name__ == "__main__":
    main()
