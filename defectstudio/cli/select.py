"""Commands about where the expert's minutes go: rank, suspects, budget."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import typer

from defectstudio.cli.model import NONE, TRAIN, Net, Seed, Settings, Splits, _config
from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json


def rank(
    project: Folder,
    strategy: Annotated[
        str,
        typer.Option(help="ours, least-confidence, entropy, margin, average-margin or random."),
    ] = "ours",
    folds: Annotated[int, typer.Option(min=2, help="Models to train, each without one fold.")] = 2,
    batch: Annotated[int, typer.Option(min=1, help="How many images to ask for: `ours` spreads these.")] = 20,
    each_class: Annotated[int, typer.Option(min=0, help="The first so many of every known class go ahead.")] = 0,
    calibrate: Annotated[
        bool, typer.Option("--calibrate/--no-calibrate", help="Bring the folds' probabilities to one scale.")
    ] = True,
    once_per_group: Annotated[
        bool,
        typer.Option("--once-per-group/--every-image", help="Further images of one part wait for the other parts."),
    ] = True,
    segmented: Annotated[
        int | None, typer.Option(help="As if only so many masks had been drawn, chosen by seed.")
    ] = None,
    net: Net = "fast",
    seed: Seed = 0,
    epochs: Annotated[int | None, typer.Option(help="Epochs of the heads.")] = None,
    split: Splits = TRAIN,
    top: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    set_: Settings = NONE,
    json: Json = False,
) -> None:
    """Which images to segment next: the defective ones without a mask, most instructive first."""
    from defectstudio.app.ranking import rank_job
    from defectstudio.app.selection_models import SelectSettings
    from defectstudio.data.project import Project

    config = _config(net, seed, epochs, set_)
    settings = SelectSettings(
        strategy=strategy,
        folds=folds,
        batch=batch,
        each_class=each_class,
        calibrate=calibrate,
        once_per_group=once_per_group,
        seed=seed,
    )
    with Project.open(project, readonly=True) as opened:
        ranking = run_job(rank_job(opened, config, settings, segmented=segmented, splits=split), "Ranking")
    if json:
        print_json(ranking)
        return
    rows = [(r.position, r.name, r.p_defect, r.reason) for r in ranking.images[:top]]
    title = f"Segment next ({strategy}, {folds} folds, {ranking.pool} images wait for a mask)"
    print_table(title, ("", "image", "P(defect)", "why"), rows)


def suspects(
    project: Folder,
    top: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    json: Json = False,
) -> None:
    """Doubtful tags, worst first: by their own empty masks, then by the models of the last `rank`."""
    from defectstudio.app.selection_labels import suspects as find
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        found = find(opened)
    if json:
        print_json({"suspects": found})
        return
    rows = [(number, s.name, s.p_defect, s.reason) for number, s in enumerate(found[:top], 1)]
    print_table(f"{len(found)} tags to look at again", ("", "image", "P(defect)", "why"), rows)


def budget(
    project: Folder,
    figure: Annotated[str, typer.Option(help="ap, pixel_ap or iou.")] = "ap",
    least_gain: Annotated[
        float, typer.Option(min=0, help="In points: masks that cannot hope to bring it are not worth the work.")
    ] = 0.5,
    json: Json = False,
) -> None:
    """What more masks are worth, by the finished runs so far and the images that trained none of them."""
    from defectstudio.app.selection_budget import budget_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        wanted = cast(Literal["ap", "pixel_ap", "iou"], figure)
        found = run_job(budget_job(opened, wanted, least_gain), "Measuring runs")
    if json:
        print_json({"budget": found})
        return
    if found is None:
        stdout.print("No finished run can be measured on images that trained none of them.", markup=False)
        return
    rows = [(p.masks, p.value, p.low, p.high, p.name) for p in found.points]
    print_table(f"{figure} on {found.images} held-out images", ("masks", figure, "low", "high", "run"), rows)
    stdout.print(found.sentence, markup=False)
    if found.stop_sentence:
        stdout.print(found.stop_sentence, markup=False)
