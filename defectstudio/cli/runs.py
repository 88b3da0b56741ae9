"""Commands about the runs of a project: list, compare, star, note, rename, delete, restore, purge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.app.compared import Comparison, Estimate
    from defectstudio.app.runs import DeletedRun, RunRow
    from defectstudio.sessions.runs import RunKeeper

LIST = "list"


class _ListByDefault(TyperGroup):
    """`runs PROJECT` means `runs list PROJECT`; a project folder called like a command is written ./NAME."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = next((word for word in args if not word.startswith("-")), None)
        return super().parse_args(ctx, args if first is None or first in self.commands else [LIST, *args])


commands = typer.Typer(cls=_ListByDefault, no_args_is_help=True, help="List, compare, mark and delete training runs.")

Run = Annotated[str, typer.Argument(help="A run, by id or name.", show_default=False)]
Runs = Annotated[list[str], typer.Argument(help="Runs, by id or name.", show_default=False)]


def megabytes(size: int) -> str:
    """A size in bytes as a person reads it."""
    return f"{size / 1e6:.1f} MB"


@commands.command(LIST)
def list_(project: Folder, json: Json = False) -> None:
    """All runs with their figures and their state; `*` before a name is a star."""
    from defectstudio.app.runs import deleted_runs, run_rows
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        rows, deleted = run_rows(opened), deleted_runs(opened)
    if json:
        print_json({"runs": rows, "deleted": deleted})
    else:
        _show_rows(project, rows, deleted)


def _show_rows(project: Path, rows: list[RunRow], deleted: list[DeletedRun]) -> None:
    if not rows:
        stdout.print(f"No run yet. `defectstudio train {project}` makes one.", markup=False)
    else:
        heads = ("run", "net", "masks", "AP", "pixel AP", "on", "state")
        print_table(f"{len(rows)} runs, oldest first", heads, [_cells(row) for row in rows])
    for row in rows:
        said = [text for text in (row.problem, row.note) if text]
        if said:
            stdout.print(f"- {row.title}: {' '.join(said)}", markup=False)
    if any(row.seen for row in rows):
        stdout.print("(seen): measured on images that trained the run, so the figures flatter it.", markup=False)
    if deleted:
        size = megabytes(sum(run.bytes for run in deleted))
        stdout.print(f"{len(deleted)} deleted, {size} on disk: `runs restore` or `runs purge`.", markup=False)


def _cells(row: RunRow) -> tuple[object, ...]:
    title = f"{'* ' if row.starred else ''}{row.title}"
    on = None if row.split is None else f"{row.split} (seen)" if row.seen else row.split
    state = "not ended" if row.state == "running" else row.state
    return (title, row.net, row.masks, row.ap, row.pixel_ap, on, state)


@commands.command()
def compare(
    project: Folder,
    runs: Runs,
    split: Annotated[
        str | None, typer.Option(help="The split to compare on; `*` for all. Test where there is one.")
    ] = None,
    with_trained: Annotated[bool, typer.Option(help="Count images that trained one of the runs, too.")] = False,
    images: Annotated[int, typer.Option(min=0, help="How many differing images to show.")] = 15,
    seed: Annotated[int, typer.Option(help="Seed of the draws from which the intervals come.")] = 0,
    json: Json = False,
) -> None:
    """Two to four runs side by side: figures with 95 % intervals, differing settings, differing images."""
    from defectstudio.app.comparison import compare_job, default_split
    from defectstudio.data.project import Project
    from defectstudio.sessions.runs import find_run

    with Project.open(project, readonly=True) as opened:
        chosen = [find_run(opened, run) for run in runs]
        on = default_split(opened) if split is None else None if split == "*" else split
        found = run_job(compare_job(opened, chosen, on, with_trained=with_trained, seed=seed), "Comparing")
    if json:
        print_json(found)
    else:
        _show_comparison(found, images)


def _show_comparison(found: Comparison, images: int) -> None:
    titles = [run.title for run in found.runs]
    where = "all splits" if found.split is None else f"split {found.split or '(none)'}"
    counts = f"{found.images} images of {where}, {found.defective} defective"
    figures: list[tuple[str, Callable[[Any], object]]] = [
        ("AP", lambda run: _interval(run.ap)),
        ("pixel AP", lambda run: _interval(run.pixel_ap)),
        ("F1 at threshold", lambda run: _interval(run.f1)),
        ("accuracy (CA)", lambda run: _interval(run.ca)),
        ("AUC", lambda run: run.auc),
        ("pixel IoU", lambda run: run.iou),
        ("false positives", lambda run: run.fp),
        ("false negatives", lambda run: run.fn),
    ]
    rows = [(name, *(figure(run) for run in found.runs)) for name, figure in figures]
    print_table(counts, ("", *titles), rows)
    by_id = {run.run: run.title for run in found.runs}
    for pair in found.differences:
        for name, one in (("AP", pair.ap), ("pixel AP", pair.pixel_ap)):
            if one.value is not None:
                verdict = "" if one.clear else ": no clear difference"
                text = f"{by_id[pair.second]} - {by_id[pair.first]}, {name}: {_interval(one, sign='+')}{verdict}"
                stdout.print(text, markup=False)
    if found.settings:
        print_table("Settings that differ", ("", *titles), [(one.name, *one.values) for one in found.settings])
    _show_differing(found, images, by_id)


def _interval(one: Estimate, sign: str = "") -> str | None:
    if one.value is None:
        return None
    ends = "" if one.low is None or one.high is None else f" ({one.low:{sign}.3f} to {one.high:{sign}.3f})"
    return f"{one.value:{sign}.4f}{ends}"


def _show_differing(found: Comparison, images: int, by_id: dict[str, str]) -> None:
    rows = [
        (one.name, one.truth, *one.scores, ", ".join(by_id[run] for run in one.right) or "-")
        for one in found.differing[:images]
    ]
    title = f"{found.contested} images are called differently; then those that differ most in rank"
    if rows:
        print_table(title, ("image", "tag", *by_id.values(), "right"), rows)
    left = {"trained one of the runs": found.trained_on, "lack a prediction": found.unpredicted}
    left["have no tag"] = found.unreviewed
    for why, count in left.items():
        if count:
            stdout.print(f"{count} images {why} and do not count.", markup=False)


@contextmanager
def _keeper(project: Path) -> Iterator[RunKeeper]:
    from defectstudio.app.projects import open_session
    from defectstudio.sessions.runs import RunKeeper

    session = open_session(project)
    try:
        yield RunKeeper(session)
    finally:
        session.project.close()


def _chosen(keeper: RunKeeper, runs: list[str]) -> list[str]:
    from defectstudio.sessions.runs import find_run

    return [find_run(keeper.session.project, run) for run in runs]


def _say(json: bool, text: str, **facts: object) -> None:
    if json:
        print_json(facts)
    else:
        stdout.print(text, markup=False)


@commands.command()
def star(
    project: Folder,
    runs: Runs,
    off: Annotated[bool, typer.Option("--off", help="Take the stars away.")] = False,
    json: Json = False,
) -> None:
    """Star runs that are worth keeping."""
    with _keeper(project) as keeper:
        chosen = _chosen(keeper, runs)
        changed = keeper.star(chosen, not off)
    _say(json, "Done." if changed else "Nothing to change.", runs=chosen, starred=not off, changed=changed)


@commands.command()
def note(
    project: Folder,
    run: Run,
    text: Annotated[str, typer.Argument(help='What to remember of it; "" for no note.', show_default=False)],
    json: Json = False,
) -> None:
    """Write the note of a run."""
    with _keeper(project) as keeper:
        (chosen,) = _chosen(keeper, [run])
        changed = keeper.note(chosen, text)
    _say(json, "Done." if changed else "It says so already.", run=chosen, note=text.strip(), changed=changed)


@commands.command()
def rename(
    project: Folder,
    run: Run,
    name: Annotated[str, typer.Argument(help='Its new name; "" for none.', show_default=False)],
    json: Json = False,
) -> None:
    """Give a run a name of its own."""
    with _keeper(project) as keeper:
        (chosen,) = _chosen(keeper, [run])
        changed = keeper.rename(chosen, name)
    _say(json, "Done." if changed else "It is called so already.", run=chosen, name=name, changed=changed)


@commands.command()
def delete(project: Folder, runs: Runs, json: Json = False) -> None:
    """Take runs from the project. Their files stay until `runs purge`; `runs restore` brings them back."""
    with _keeper(project) as keeper:
        chosen = _chosen(keeper, runs)
        keeper.delete(chosen)
    _say(json, f"Deleted {', '.join(chosen)}; `defectstudio runs restore` brings them back.", deleted=chosen)


@commands.command()
def restore(project: Folder, run: Run, json: Json = False) -> None:
    """Bring a deleted run back, by id."""
    with _keeper(project) as keeper:
        keeper.restore(run)
    _say(json, f"The run {run} is back.", restored=run)


@commands.command()
def purge(
    project: Folder,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Remove the files of deleted runs from disk. This cannot be undone."""
    from defectstudio.app.runs import deleted_runs, purge_job

    with _keeper(project) as keeper:
        opened = keeper.session.project
        waiting = deleted_runs(opened)
        size = megabytes(sum(run.bytes for run in waiting))
        if not waiting:
            _say(json, "No deleted run takes room on disk.", purged=[], bytes=0)
            return
        question = f"Remove {len(waiting)} deleted run(s), {size}? This cannot be undone."
        if not yes and json:
            raise DefectStudioError(question, hint="Say so with --yes.")
        if not yes:
            typer.confirm(question, abort=True, err=True)
        purged = run_job(purge_job(opened), "Removing")
    _say(json, f"Removed {', '.join(purged.runs)}: {size}.", purged=purged.runs, bytes=purged.bytes)
