"""`book`: the defect book of a project, read, proposed, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json


def book(
    project: Folder,
    out: Annotated[Path | None, typer.Option(help="Write it to this .html, .pdf or .json.")] = None,
    propose: Annotated[
        int, typer.Option(min=0, max=50, help="First add up to so many typical pictures and look-alikes of each class.")
    ] = 0,
    json: Json = False,
) -> None:
    """Show or print the defect book: of each class its definition, exemplars, and what only looks like it."""
    from defectstudio.app.book import book_job, read_book
    from defectstudio.app.book_proposals import propose_job
    from defectstudio.data.project import Project
    from defectstudio.sessions.book import DefectBook
    from defectstudio.sessions.session import Session

    with Project.open(project, readonly=not propose) as opened:
        if propose:
            places = run_job(propose_job(opened, count=propose), "Looking for typical places")
            DefectBook(Session(opened)).add_all(places)
        if out is not None:
            run_job(book_job(opened, out), "Writing the book")
        found = read_book(opened)
    if json:
        print_json(found)
        return
    heads = ("class", "exemplars", "look-alikes", "definition")
    rows = [(p.name, len(p.exemplars), len(p.look_alikes), p.definition or "not written yet") for p in found.pages]
    print_table(f"Defect book of {found.project}", heads, rows)
    if out is not None:
        stdout.print(f"Wrote {out}", markup=False)
