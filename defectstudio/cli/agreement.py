"""`agreement`: what was labelled more than once, and how far it agrees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json

if TYPE_CHECKING:
    from defectstudio.app.agreement_pair import PairAgreement

MOST_ROWS = 30


def agreement(
    project: Folder,
    other: Annotated[
        Path | None, typer.Argument(help="A copy that a second expert worked on.", show_default=False)
    ] = None,
    people: Annotated[bool, typer.Option("--people", help="Compare everybody who worked on the project.")] = False,
    json: Json = False,
) -> None:
    """Say how far labels agree that were given twice: in one project, or by two experts in two copies of it."""
    if other is not None and people:
        raise typer.BadParameter("Name a second project, or say --people.")
    if other is not None:
        _pair(project, other, json=json)
    elif people:
        _people(project, json=json)
    else:
        _within(project, json=json)


def _pair(project: Path, other: Path, *, json: bool) -> None:
    from defectstudio.app.agreement_pair import pair_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as one, Project.open(other, readonly=True) as two:
        found = run_job(pair_job(one, two), "Comparing two experts")
    if json:
        print_json(found)
        return
    _say_pair(found)


def _people(project: Path, *, json: bool) -> None:
    from defectstudio.app.agreement_pair import people_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        found = run_job(people_job(opened), "Comparing people")
    if json:
        print_json({"pairs": found})
        return
    for pair in found:
        _say_pair(pair)
    if not found:
        stdout.print("No two people answered the same things.")


def _say_pair(found: PairAgreement) -> None:
    heads = ("what", "answered by both", "equal", "kappa", "mean IoU")
    rows = [(r.kind, r.count, _percent(r.share), _figure(r.kappa), _percent(r.iou)) for r in found.rated]
    print_table(" and ".join(found.between), heads, rows)
    if found.other_questions:
        stdout.print(f"{found.other_questions} panels of the same number showed other patches and are not compared.")
    shown = [(a.kind, a.name, " / ".join(a.versions)) for a in found.apart[:MOST_ROWS]]
    if shown:
        print_table(f"Said differently: {len(found.apart)}", ("what", "image", "versions"), shown)


def _within(project: Path, *, json: bool) -> None:
    from defectstudio.app.agreement import agreement_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        found = run_job(agreement_job(opened), "Comparing labels")
    if json:
        print_json(found)
        return
    heads = ("what", "by", "rated twice", "equal", "kappa", "mean IoU")
    rows = [(r.kind, r.by, r.count, _percent(r.share), _figure(r.kappa), _percent(r.iou)) for r in found.rated]
    print_table("Agreement", heads, rows)
    shown = [(c.kind, c.by, " = ".join(c.names), " / ".join(c.versions)) for c in found.contested[:MOST_ROWS]]
    if shown:
        print_table(f"Contested: {len(found.contested)}", ("what", "by", "image", "versions"), shown)
    else:
        stdout.print("Nothing is contested.")


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
