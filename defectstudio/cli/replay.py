"""`replay`: prove a project by its journal, repeat its runs, look up the state after an event, go on from there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.app.verify import Retrained, Verified


def replay(
    project: Folder,
    verify: Annotated[
        bool, typer.Option("--verify", help="Rebuild every state from the events and compare with what is stored.")
    ] = False,
    retrain: Annotated[bool, typer.Option("--retrain", help="Train the recorded runs again; compare weights.")] = False,
    run: Annotated[str | None, typer.Option(help="Train only this run again.")] = None,
    at: Annotated[list[int] | None, typer.Option(help="Say the state's digest after this event.")] = None,
    branch: Annotated[int | None, typer.Option(min=0, help="Copy the project as it was after this event.")] = None,
    out: Annotated[Path | None, typer.Option(help="The new folder of that copy.")] = None,
    on: Annotated[str | None, typer.Option(help="Train this run's configuration with and without the answers.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How often, with --on.")] = 1,
    split: Annotated[str, typer.Option(help="The split that tests it, with --on.")] = "test",
    json: Json = False,
) -> None:
    """Prove that a project is what its journal says, repeat its runs, or go on from an earlier event in a copy."""
    from defectstudio.app.verify import retrain_job, verify_job
    from defectstudio.data.project import DATABASE, Project

    if not (project / DATABASE).is_file():
        raise DefectStudioError(f"{project} is not a DefectStudio project.")
    proving = bool(verify or retrain or run or at)
    if branch is not None or out is not None:
        _branch(project, branch, out, alone=not (proving or on), json=json)
        return
    if on is not None:
        _on(project, on, seeds, split, alone=not proving, json=json)
        return
    if not proving:
        raise typer.BadParameter("Say --verify, --retrain, --at EVENT, --branch EVENT or --on RUN.")
    verified: Verified | None = None
    again: list[Retrained] = []
    if verify or at:
        verified = run_job(verify_job(project, at), "Replaying the journal")
    if retrain or run:
        with Project.open(project, readonly=True) as opened:
            again = run_job(retrain_job(opened, run), "Training again")
    if json:
        print_json(
            {
                "whole": None if verified is None else verified.whole,
                "verified": None if verified is None else verified.model_dump(),
                "retrained": [{**one.model_dump(), "agrees": one.agrees} for one in again],
            }
        )
    else:
        _say(verified, again)
    _judge(verified, again, quiet=json)


def _branch(project: Path, event: int | None, out: Path | None, *, alone: bool, json: bool) -> None:
    if event is None or out is None or not alone:
        raise typer.BadParameter("A branch needs --branch EVENT and --out FOLDER, and nothing else.")
    from defectstudio.app.branch import branch_job

    made = run_job(branch_job(project, event, out), "Copying the history")
    if json:
        print_json(made)
        return
    runs = f"{made.runs} runs, {made.rounds} rounds"
    stdout.print(f"{out}: {made.images} images, {runs}, as they were after event {made.event}.", markup=False)
    stdout.print(f"State: {made.digest}", markup=False)


def _on(project: Path, run: str, seeds: int, split: str, *, alone: bool, json: bool) -> None:
    if not alone:
        raise typer.BadParameter("--on stands alone.")
    from defectstudio.app.replay_on import replay_on_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        found = run_job(replay_on_job(opened, run, seeds=seeds, split=split), "Training without and with the answers")
    if json:
        words = {"verdict": found.verdict, "pixel_verdict": found.pixel_verdict}
        print_json({**found.model_dump(mode="json"), **words})
        return
    stdout.print(
        f"{found.answers} answers and {found.verdicts} verdicts on {found.touched} images; tested on {found.held_out} "
        f"images of split {found.split}, {found.held_out_defective} of them defective.",
        markup=False,
    )
    rows = [
        (name, seed, part.ap[n], part.pixel_ap[n])
        for n, seed in enumerate(found.seeds)
        for name, part in (("without", found.without), ("with", found.with_answers))
    ]
    print_table(f"The configuration of {found.run}", ("answers", "seed", "AP", "pixel AP"), rows)
    for name, d, word in (
        ("AP", found.difference, found.verdict),
        ("Pixel AP", found.pixel_difference, found.pixel_verdict),
    ):
        ends = "" if d.low is None or d.high is None else f" (95 %: {d.low:+.4f} to {d.high:+.4f})"
        by = "" if d.value is None else f" {d.value:+.4f}{ends}:"
        stdout.print(f"{name} with minus without:{by} {word}.", markup=False)


def _say(verified: Verified | None, again: Sequence[Retrained]) -> None:
    if verified is not None:
        stdout.print(f"{verified.events} events, {verified.images} images, {verified.runs} runs replayed.")
        for line in verified.problems + verified.notes:
            stdout.print(f"- {line}", markup=False)
        print_table("State after event", ("event", "digest"), [(mark.event, mark.digest) for mark in verified.marks])
    for one in again:
        same = "the same weights, bit for bit" if one.same else f"weights differ by up to {one.largest}"
        stdout.print(f"{one.run}: {same}.", markup=False)
        for line in one.differs:
            stdout.print(f"- {line}", markup=False)


def _judge(verified: Verified | None, again: Sequence[Retrained], *, quiet: bool) -> None:
    """Exit with 1 where something is not as it was recorded; `quiet`: the reasons are said already."""
    broken = verified is not None and not verified.whole
    other = ", ".join(one.run for one in again if not one.agrees)
    if quiet and (broken or other):
        raise typer.Exit(1)
    if broken:
        raise DefectStudioError("The project is not what its journal says.", hint="Restore it from a backup.")
    if other:
        raise DefectStudioError(
            f"Training again gave other weights: {other}.", hint="See above what differs from then."
        )
