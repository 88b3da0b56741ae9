"""`agreement`: what was labelled more than once, and how far it agrees."""

from __future__ import annotations

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json

MOST_ROWS = 30


def agreement(project: Folder, json: Json = False) -> None:
    """Say how far labels agree that were given twice: copies of an image, panels shown again, several people."""
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
    shown = [(c.kind, " = ".join(c.names), " / ".join(c.versions)) for c in found.contested[:MOST_ROWS]]
    if shown:
        print_table(f"Contested: {len(found.contested)}", ("what", "image", "versions"), shown)
    else:
        stdout.print("Nothing is contested.")


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
