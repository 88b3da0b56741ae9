"""Commands about recorded work as a file: send a session to somebody, and open one that was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defectstudio.cli.output import print_json, run_job, stdout
from defectstudio.cli.project import Folder, Json

cli = typer.Typer(
    help="Send recorded work as one sealed file, and open what was sent.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@cli.command("export")
def export(
    project: Folder,
    out: Annotated[Path, typer.Option(help="The file to write, such as work.session.")],
    first: Annotated[int | None, typer.Option("--from", min=1, help="The first event to send.")] = None,
    last: Annotated[int | None, typer.Option("--to", min=1, help="The last event to send.")] = None,
    round_: Annotated[int | None, typer.Option("--round", min=0, help="Send one round of refinement.")] = None,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="Without names of people and files, paths, dates, notes.")
    ] = False,
    runs: Annotated[bool, typer.Option("--runs", help="Trained runs and rounds too; of a whole project only.")] = False,
    json: Json = False,
) -> None:
    """Write the steps of a project, and the images that they touch, into one file."""
    from defectstudio.app.session_bundle_export import Wanted, export_job

    wanted = Wanted(first, last, round_, anonymise, runs)
    made = run_job(export_job(project, out, wanted), "Packing the session")
    if json:
        print_json(made)
        return
    kind = "anonymised, " if made.anonymised else ""
    stdout.print(
        f"{out}: {kind}events {made.first} to {made.last}; {made.events} events in {made.steps} steps on "
        f"{made.images} images, {made.size / 1e6:.1f} MB.",
        markup=False,
    )
    stdout.print(f"The state they lead to: {made.digest}", markup=False)


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that `session export` wrote.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The new folder of the project.")],
    json: Json = False,
) -> None:
    """Make a project from a session that was sent: it opens, verifies and replays like any other."""
    from defectstudio.app.session_bundle_import import import_job

    made = run_job(import_job(file, out), "Unpacking the session")
    if json:
        print_json(made)
        return
    stdout.print(f"{out}: {made.events} events in {made.steps} steps on {made.images} images.", markup=False)
    stdout.print(f"They lead to the state of the sender: {made.digest}", markup=False)
