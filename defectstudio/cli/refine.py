"""The command `refine`: start from coarse maps, train rounds, accept dense maps, or try it with a simulated expert."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectstudio.cli.model import NONE, TRAIN, Settings
from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.app.refinement_maps import StartSettings
    from defectstudio.app.refinement_simulation import Simulation
    from defectstudio.data.similarity import RoundRecord, SimilarityConfig


def refine(
    project: Folder,
    start: Annotated[
        str | None, typer.Option(help="Make starting maps first: roi (boxes), model, noise, or labels as they are.")
    ] = None,
    margin: Annotated[
        int | None, typer.Option(min=0, help="roi: pixels added to each side of a box; 0, with --simulate 8.")
    ] = None,
    run: Annotated[str | None, typer.Option("--run", help="model: which run; the newest when not given.")] = None,
    accept: Annotated[
        str | None, typer.Option(help="Write the newest round's dense maps: boxes (only inside them) or everywhere.")
    ] = None,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Try it on a copy, with answers from the masks there are.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, help="With --simulate: rounds of answers.")] = 4,
    answers: Annotated[int, typer.Option(min=1, help="With --simulate: answers in a round.")] = 50,
    error: Annotated[float, typer.Option(min=0, max=1, help="With --simulate: how often the expert errs.")] = 0.0,
    anchor: Annotated[str, typer.Option(help="With --simulate: random, entropy or unsure.")] = "unsure",
    write: Annotated[str, typer.Option(help="With --simulate: pixel, patch or superpixel.")] = "superpixel",
    shift: Annotated[bool, typer.Option("--shift", help="With --simulate: the expert moves patches.")] = False,
    keep: Annotated[Path | None, typer.Option(help="With --simulate: keep the copy in this new folder.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    split: Annotated[
        list[str], typer.Option("--split", help="A split to learn from; may be given several times.")
    ] = TRAIN,
    set_: Settings = NONE,
    json: Json = False,
) -> None:
    """Turn coarse or wrong label maps into dense ones: train the next round on the labels and answers there are."""
    wide = (8 if simulate else 0) if margin is None else margin
    made = None if start is None else _start(start, margin=wide, run=run, seed=seed)
    config = _config(set_, seed)
    if simulate:
        how = {"rounds": rounds, "per_round": answers, "error": error, "anchor": anchor, "write": write}
        how |= {"shift": shift, "seed": seed, "splits": split} | ({} if config is None else {"config": config})
        _simulate(project, made or _start("roi", margin=wide, run=None, seed=seed), how, keep, json=json)
    elif accept is not None:
        _accept(project, accept, split, json=json)
    else:
        _train(project, made, config, split, json=json)


def _config(settings: list[str], seed: int) -> SimilarityConfig | None:
    """The configuration that is asked for; None where nothing is, for that of the round before."""
    import json

    from defectstudio.data.similarity import similarity_config

    changes: dict[str, Any] = {"seed": seed} if seed else {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise DefectStudioError(f"--set {setting} has no value.", hint="Write --set name=value.")
        try:
            changes[name] = json.loads(value)
        except ValueError:
            changes[name] = value
    return similarity_config(**changes) if changes else None


def _start(kind: str, **changes: Any) -> StartSettings:
    from pydantic import ValidationError

    from defectstudio.app.refinement_maps import StartSettings

    try:
        return StartSettings.model_validate({"kind": kind, **changes})
    except ValidationError as error:
        hint = "Choose roi, model, noise or labels."
        raise DefectStudioError(f"Refining cannot start from {kind}.", hint=hint) from error


def _train(
    project: Path, made: StartSettings | None, config: SimilarityConfig | None, splits: list[str], *, json: bool
) -> None:
    from defectstudio.app.projects import open_session
    from defectstudio.app.refinement import maps_job, record_start, round_job

    session = open_session(project)
    try:
        if made is not None:
            record_start(session, run_job(maps_job(session.project, made), "Making starting maps"))
        job = round_job(session.project, config, splits=splits, anew=made is not None)
        record = run_job(job, "Training")
    finally:
        session.project.close()
    if json:
        print_json({"round": record.round, "start": record.start, "answers": record.answers, "counts": record.counts})
    else:
        _say(record)


def _say(record: RoundRecord) -> None:
    taught = f"{record.answers} patches that were answered" if record.answers else "the starting maps alone"
    stdout.print(f"Round {record.round} is trained in {record.seconds:.0f} s on {taught}.")
    stdout.print("Answer panels in the window, workspace Refine; then train the next round.")


def _accept(project: Path, scope: str, splits: list[str], *, json: bool) -> None:
    from defectstudio.app.projects import open_session
    from defectstudio.app.refinement import newest_finished
    from defectstudio.app.refinement_dense import DenseSettings, accept_dense, dense_job

    if scope not in {"boxes", "everywhere"}:
        raise DefectStudioError(f"Dense maps cannot be accepted {scope}.", hint="Choose boxes or everywhere.")
    session = open_session(project)
    try:
        newest = newest_finished(session.project)
        if newest is None:
            raise DefectStudioError("No round is trained yet.", hint="`defectstudio refine PROJECT` trains one.")
        settings = DenseSettings.model_validate({"scope": scope})
        dense = run_job(dense_job(session.project, newest.round, settings, splits=splits), "Making dense maps")
        changed = accept_dense(session, dense)
    finally:
        session.project.close()
    if json:
        print_json({"round": newest.round, "threshold": dense.threshold, "images": changed})
    else:
        stdout.print(f"{changed} label maps follow round {newest.round} now (threshold {dense.threshold:.3f}).")


def _simulate(project: Path, start: StartSettings, how: dict[str, Any], keep: Path | None, *, json: bool) -> None:
    from pydantic import ValidationError

    from defectstudio.app.refinement_simulation import SimulationSettings, simulate_job
    from defectstudio.data.project import Project

    try:
        settings = SimulationSettings.model_validate({"start": start, **how})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        hint = "`defectstudio refine --help` lists what can be chosen."
        raise DefectStudioError(f"{first['loc'][0]}: {first['msg']}.", hint=hint) from error
    with Project.open(project, readonly=True) as opened:
        found = run_job(simulate_job(opened, settings, keep=keep), "Simulating")
    if json:
        print_json(found)
    else:
        _show(found)


def _show(found: Simulation) -> None:
    heads = ("round", "answers", "flips", "IoU", "recall", "precision", "IoU, maps")
    rows: list[tuple[object, ...]] = [
        ("start", 0, None, found.started_iou, found.started_recall, found.started_precision, found.started_iou)
    ]
    rows += [
        (str(r.round), r.answers, r.flips, r.dense_iou, r.dense_recall, r.dense_precision, r.map_iou)
        for r in found.rounds
    ]
    print_table(f"Dense maps of {found.images} images against their masks", heads, rows)
    stdout.print(f"The expert would have worked {found.expert_minutes:.1f} minutes.")
