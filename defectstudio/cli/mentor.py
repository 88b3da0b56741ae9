"""Commands of mentoring: approve a run, let it look through new images, train from the verdicts, compare, decide."""

from __future__ import annotations

import json as json_module
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectstudio.cli.output import cancel_on_interrupt, print_json, print_table, run_job, stderr, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.app.mentoring_compare import BeforeAfter

cli = typer.Typer(
    help="Learn from verdicts on detections: approve, mine, train, compare.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Run = Annotated[str, typer.Argument(help="The id of a run.")]
Who = Annotated[str, typer.Option(help="Who decides.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Source = Annotated[Path | None, typer.Argument(help="A folder with new images; none: images of --split.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="A setting of the training, as KEY=VALUE.")]


@cli.command()
def status(project: Folder, json: Json = False) -> None:
    """The deployed run, what waits for a verdict, and what was said so far."""
    from defectstudio.app import mentoring
    from defectstudio.data.project import Project
    from defectstudio.sessions.session import Session

    with Project.open(project, readonly=True) as opened:
        work = mentoring.open_mentoring(Session(opened))
        found = mentoring.deployed(opened)
        facts = {
            "deployed": None if found is None else found[0].id,
            "approved_by": None if found is None else found[1].who,
            "waiting": len(work.queue),
            "decisions": work.decisions,
            "seconds_per_decision": work.seconds_per_decision,
            "until_training": work.until_training,
            **{kind.replace(" ", "_"): work.count(kind) for kind in ("confirmed", "rejected", "missed")},
        }
    if json:
        print_json(facts)
        return
    print_table("Mentoring", ("what", "value"), list(facts.items()))


@cli.command()
def approve(
    project: Folder,
    run: Run,
    who: Who,
    reason: Reason = "",
    reject: Annotated[bool, typer.Option("--reject", help="Refuse the run as a candidate instead.")] = False,
    threshold: Annotated[list[str] | None, typer.Option(help="CLASS=CONFIDENCE from which on it counts.")] = None,
    cut: Annotated[list[str] | None, typer.Option(help="CLASS=HEAT at which heat maps are cut into boxes.")] = None,
    box_threshold: Annotated[
        list[str] | None, typer.Option(help="As --threshold, for boxes of the run's detector of boxes.")
    ] = None,
    fit: Annotated[bool, typer.Option(help="Fit the other thresholds on images that did not train the run.")] = True,
    json: Json = False,
) -> None:
    """Deploy a finished run as it is: hash, thresholds, who and why are kept in the journal."""
    from defectstudio.app import mentoring
    from defectstudio.data.project import Project
    from defectstudio.sessions.session import Session

    with Project.open(project) as opened:
        session = Session(opened)
        if reject:
            approval = mentoring.reject_candidate(session, run, who, reason)
        else:
            classes = {c.name: c.index for c in opened.state.classes.values()}
            by_hand, cuts = _thresholds(classes, threshold or []), _thresholds(classes, cut or [])
            fitted = mentoring.Fitted({})
            if fit and not opened.state.classes.keys() <= by_hand.keys():
                fitted = run_job(mentoring.thresholds_job(opened, run), "Fitting thresholds")
            terms, cuts = {**fitted.thresholds, **by_hand}, {**fitted.cuts, **cuts}
            of_boxes = {**fitted.box_thresholds, **_thresholds(classes, box_threshold or [])}
            approval = mentoring.approve(session, run, who, reason, terms, fitted.source, cuts, of_boxes)
        names = {0: "image", **{index: of.name for index, of in opened.state.classes.items()}}
    if json:
        facts = {"run": run, "kind": approval.kind, "weights": approval.weights, "fitted_on": approval.fitted_on}
        of = {"thresholds": approval.thresholds, "cuts": approval.cuts, "box_thresholds": approval.box_thresholds}
        print_json(facts | {name: {str(index): value for index, value in pairs} for name, pairs in of.items()})
        return
    stdout.print(f"{run} is {approval.kind} by {approval.who}.", markup=False)
    if approval.kind == "approved":
        at, boxes = dict(approval.cuts), dict(approval.box_thresholds)
        rows = [(names.get(k, str(k)), value, at.get(k), boxes.get(k)) for k, value in approval.thresholds]
        title = f"Counts from (fitted on: {approval.fitted_on or 'nothing'})"
        print_table(title, ("class", "confidence", "heat map cut at", "confidence of boxes"), rows)


def _thresholds(classes: dict[str, int], texts: list[str]) -> dict[int, float]:
    from defectstudio.app.approvals import checked_thresholds

    found = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in classes:
            raise DefectStudioError(f"There is no class {name}.", hint=f"The classes are: {', '.join(classes)}.")
        try:
            found[classes[name]] = float(value)
        except ValueError as error:
            raise DefectStudioError(f"{text} is no threshold.", hint="For example crack=0.7.") from error
    return dict(checked_thresholds(found))


@cli.command()
def mine(
    project: Folder,
    source: Source = None,
    split: Annotated[str, typer.Option(help="The split that new images join, or that is looked through.")] = "new",
    head: Annotated[str, typer.Option(help="What looks: cells (heat maps) or boxes (the run's detector).")] = "cells",
    interest: Annotated[str, typer.Option(help="detection, near (the threshold) or both.")] = "detection",
    near: Annotated[float, typer.Option(help="How near to the threshold, 0..1, counts as near.")] = 0.2,
    budget: Annotated[int | None, typer.Option(min=1, help="Most detections that join the queue in --per.")] = None,
    per: Annotated[str, typer.Option(help="What the budget is for: hour or shift (eight hours).")] = "hour",
    watch: Annotated[float | None, typer.Option(min=0.1, help="Look again every so many seconds until Ctrl-C.")] = None,
    json: Json = False,
) -> None:
    """Let the deployed run look through new images: its detections join the queue."""
    settings = {"head": head, "interest": interest, "near": near, "budget": budget, "per": per, "split": split}
    if watch is not None and source is not None:
        _watch(project, source, settings, watch, json)
        return
    facts = _mine_once(project, source if source is not None else split, settings)
    if json:
        print_json(facts)
        return
    print_table("Looked through", ("what", "value"), [(k, v) for k, v in facts.items() if k != "problems"])
    for name, reason in facts["problems"]:
        stderr.print(f"{name}: {reason}", markup=False)


def _mine_once(project: Path, source: Path | str | list[Path], settings: dict[str, Any]) -> dict[str, Any]:
    from defectstudio.app import mentoring
    from defectstudio.data.project import Project
    from defectstudio.sessions.session import Session

    with Project.open(project) as opened:
        session = Session(opened)
        mined = run_job(mentoring.mine_job(opened, source, settings), "Looking through images")
        mentoring.record_mined(session, mined)
        return {
            "images": mined.images,
            "looked": len(mined.looked),
            "detections": len(mined.detections),
            "repeated": mined.repeated,
            "left_out": mined.left_out,
            "waiting": len(mentoring.open_mentoring(session).queue),
            "problems": mined.problems,
        }


def _watch(project: Path, folder: Path, settings: dict[str, Any], every: float, json: bool) -> None:
    """Look at the folder until Ctrl-C; one line for each look that brought something."""
    from defectstudio.app.watching import FolderWatch
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        watching = FolderWatch(folder, {Path(e.info.source) for e in opened.state.images.values() if e.present})
    with cancel_on_interrupt() as token:
        while not token.cancelled:
            look = watching.look()
            if look.ready or look.problems:
                facts: dict[str, Any] = {"looked": 0, "problems": []}
                if look.ready:
                    facts = _mine_once(project, list(look.ready), settings)
                facts["problems"] += [(problem.path.name, problem.reason) for problem in look.problems]
                print_json(facts) if json else stdout.print(json_module.dumps(facts), markup=False)
            until = time.monotonic() + every
            while not token.cancelled and time.monotonic() < until:
                time.sleep(0.05)


@cli.command()
def train(
    project: Folder,
    head: Annotated[str, typer.Option(help="What learns: cells (the run) or boxes (its detector of boxes).")] = "cells",
    set_: Set = None,
    json: Json = False,
) -> None:
    """Train a candidate from the deployed run and the verdicts; switches by --set, such as --set dann=true."""
    from defectstudio.app import mentoring, workflows
    from defectstudio.data.project import Project
    from defectstudio.sessions.session import Session

    with Project.open(project) as opened:
        session = Session(opened)
        job, _ = mentoring.candidate_job(opened, _settings(head, set_ or []))
        record = run_job(job, "Training from verdicts")
        workflows.record_run(session, record)
    if json:
        print_json(record)
        return
    stdout.print(f"Candidate {record.id}: {record.status} after {record.seconds:.0f} s.", markup=False)


def _settings(head: str, texts: list[str]) -> dict[str, Any]:
    from pydantic import ValidationError

    from defectstudio.data.mentoring import MentorSettings
    from defectstudio.data.settings import first_wrong

    values: dict[str, Any] = {"head": head}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            values[name] = json_module.loads(value)
        except ValueError as error:
            raise DefectStudioError(f"{text} is no setting.", hint="For example --set dann=true.") from error
    try:
        return MentorSettings.model_validate(values).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise DefectStudioError(first_wrong(error), hint="Check the training settings.") from error


@cli.command()
def compare(project: Folder, run: Run, json: Json = False) -> None:
    """A candidate beside the run that it came from, on old and new images and on the verdicts."""
    from defectstudio.app import mentoring
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        found = run_job(mentoring.compare_candidate_job(opened, run), "Comparing")
    figures = {
        part: {k: (v.before, v.after) for k, v in of.items()} for part, of in (("old", found.old), ("new", found.new))
    }
    if json:
        named = {"contradicted": [d.id for d in found.contradicted], "unjudged": [d.id for d in found.unjudged]}
        held_to = {"head": found.head} | {
            "fitted_on": found.fitted_on,
            "own_thresholds": found.own,
            "reused": found.reused,
        }
        print_json({**figures, **named, "images": dict(found.images), **held_to})
        return
    rows = [(part, name, *pair) for part, of in figures.items() for name, pair in of.items()]
    print_table("Before and after", ("images", "figure", "before", "after"), rows)
    stdout.print(
        f"{len(found.contradicted)} verdicts contradicted, {len(found.unjudged)} new detections.", markup=False
    )
    stdout.print(_held_to(found), markup=False)


def _held_to(found: BeforeAfter) -> str:
    """What was compared, a candidate and its base, and at which thresholds."""
    of = "Boxes of the detector of boxes, which alone has learnt. " if found.head == "boxes" else ""
    if not found.own:
        return f"{of}Both at the thresholds of the deployed run."
    said = of + f"Each at its own thresholds; the candidate's: fitted on {found.fitted_on} images."
    return said + (" Some of the images measured also set them." if found.reused else "")


@cli.command()
def simulate(
    project: Folder,
    truth: Annotated[Path, typer.Argument(help="A project with the same images, wholly labelled.")],
    error: Annotated[float, typer.Option(min=0, max=1, help="How often the operator is wrong.")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the operator's errors.")] = 0,
    most: Annotated[int | None, typer.Option(min=1, help="Stop after so many decisions.")] = None,
    json: Json = False,
) -> None:
    """Judge the queue by an operator who knows the true label maps, for trials without a person."""
    from defectstudio.app import mentoring
    from defectstudio.app.mentoring_simulate import judge_all
    from defectstudio.data.project import Project
    from defectstudio.sessions.session import Session

    with Project.open(truth, readonly=True) as known, Project.open(project) as opened:
        work = mentoring.open_mentoring(Session(opened))
        counts = judge_all(work, known, error=error, seed=seed, most=most)
    if json:
        print_json(counts)
        return
    print_table("Judged", ("verdict", "count"), list(counts.items()))
