"""Commands about the project folder: new, import, info, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.data.exchange.preview import Preview

Folder = Annotated[Path, typer.Argument(help="The project folder.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of text.")]


def new(project: Folder, json: Json = False) -> None:
    """Make an empty project in a new folder."""
    from defectstudio.data.project import Project

    Project.create(project).close()
    if json:
        print_json({"project": str(project)})
    else:
        stdout.print(f"Made the project {project}. Next: defectstudio import {project} SOURCE", markup=False)


def import_(
    project: Folder,
    source: Annotated[Path, typer.Argument(help="The folder with images; it is never changed.", show_default=False)],
    format: Annotated[str | None, typer.Option(help="The layout; detected when not given.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would come in, and write nothing.")] = False,
    duplicates: Annotated[
        str, typer.Option(help="Byte-identical images: keep, together (one group, one split), drop (later copies).")
    ] = "keep",
    test: Annotated[
        float, typer.Option(help="Without splits in the source: the part put into split 'test', groups kept whole.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of that split.")] = 0,
    json: Json = False,
) -> None:
    """Bring images, masks and tags into a project (made when absent). The layout is detected."""
    from defectstudio.app import importing

    plan = importing.read_source(source, format)
    if test > 0:
        importing.split_off_test(plan, test, seed)
    plan, report = run_job(
        lambda token: importing.preview_job(plan, duplicates, token, decode=preview), "Looking through the source"
    )
    if preview:
        print_json(report) if json else show_preview(report)
        return
    result = importing.import_into(project, plan, report, lambda start: run_job(start, "Importing"))
    if json:
        print_json(result)
        return
    show_preview(report)
    for problem in result.problems:
        stdout.print(f"- left out: {problem}", markup=False)
    stdout.print(f"Imported {result.images} images, skipped {result.skipped} that were there already.")


def show_preview(report: Preview) -> None:
    """An import preview as text: counts a split, classes, then what a person should know, worst first."""
    verdicts = ("good", "defective", "unlabelled")
    rows = [(split or "(none)", *(count.get(name, 0) for name in verdicts)) for split, count in report.counts.items()]
    print_table(f"{report.images} images in {report.groups} groups ({report.format})", ("split", *verdicts), rows)
    classes = ", ".join(f"{name} {count}" for name, count in report.classes.items())
    stdout.print(f"Classes: {classes or 'none'}. With a drawn defect: {report.with_mask}.", markup=False)
    for stem, parts in report.segmented.items():
        stdout.print(f"List of segmented images: {stem} ({', '.join(f'{k} {v}' for k, v in parts.items())})")
    order = ("error", "warning", "note")
    for finding in sorted(report.findings, key=lambda one: order.index(one.severity)):
        stdout.print(f"- {finding.severity}: {finding.text}", markup=False)
    if report.duplicates_across:
        stdout.print("Fix: --duplicates together keeps copies in one group and split; --duplicates drop keeps one.")


def info(project: Folder, json: Json = False) -> None:
    """What a project holds."""
    from defectstudio.app.projects import summary
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        found = summary(opened)
    if json:
        print_json(found)
        return
    heads = ("split", "good", "defective", "unlabelled", "with mask")
    rows = [(s.split or "(none)", s.good, s.defective, s.unlabelled, s.segmented) for s in found.splits]
    print_table(f"{project.name}: {found.images} images, {found.groups} groups", heads, rows)
    stdout.print(f"Classes: {', '.join(found.classes) or 'none'}", markup=False)
    stdout.print(f"Runs: {', '.join(found.runs) or 'none'}", markup=False)


def check(project: Folder, json: Json = False) -> None:
    """Prove that a project is whole: database, events, state, pixels, weights."""
    from dataclasses import asdict

    from defectstudio.data.check import check as check_job

    if not (project / "project.db").is_file():
        raise DefectStudioError(f"{project} is not a DefectStudio project.")
    report = run_job(lambda token: check_job(project, token), "Checking")
    if json:
        print_json({"whole": report.whole, **asdict(report)})
    else:
        stdout.print(f"{report.events} events, {report.images} images, {report.shards} shards, {report.runs} runs.")
        for line in report.problems + report.notes:
            stdout.print(f"- {line}", markup=False)
    if not report.whole and json:
        raise typer.Exit(1)
    if not report.whole:
        raise DefectStudioError(
            f"The project has {len(report.problems)} problem(s).", hint="Restore what is named from a backup."
        )
    if not json:
        stdout.print("The project is whole.")
