"""The report on a run: a page of HTML, a PDF to sign, or the same facts as JSON, by the ending of the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from defectstudio.app import workflows
from defectstudio.app.agreement import agreement_job
from defectstudio.app.document import Document, Picture
from defectstudio.app.document_html import as_html
from defectstudio.app.evaluation import Evaluation, evaluate_job
from defectstudio.app.quality import (
    Labels,
    Quality,
    Round,
    Sampled,
    Shown,
    changes_since,
    label_facts,
    last_approved,
    split_counts,
)
from defectstudio.app.quality_words import quality_document
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, RunRecord, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.whole import written_whole
from defectstudio.domain.display import as_rgb, with_heat, with_outline
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.geometry import fit_within
from defectstudio.domain.labels import HEALTHY, UNKNOWN
from defectstudio.domain.progress import CancelToken, Job, Progress

MOST_PICTURES = 24
PICTURE_SIDE = 360
MASK_COLOR = "#009E73"
ENDINGS = (".html", ".pdf", ".json")
ESCAPE_COST = 10.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read of the project before the job, which may run in another thread."""

    project: str
    record: RunRecord
    weights: str
    approval: str
    snapshot: Snapshot
    labels: Labels
    rounds: list[tuple[RunRecord, str]]
    since: str
    changes: dict[str, int]


def report_job(
    project: Project, run: str | None = None, out: Path | None = None, *, escape_cost: float = ESCAPE_COST
) -> Callable[[CancelToken], Job[Path]]:
    """Write the report of a run, by default `runs/<id>/report.html`; returns its path.

    `escape_cost`: what a defective part that escapes costs, a good part that is rejected costing 1. Raises
    DefectStudioError for a file that is neither .html, .pdf nor .json, or a cost that is not above 0.
    """
    folder = workflows.run_folder(project, run)
    target = out or folder / "report.html"
    if target.suffix.lower() not in ENDINGS:
        raise DefectStudioError(f"A report is not a {target.suffix or 'file without an ending'}.", hint=_ENDINGS_SAID)
    if not escape_cost > 0:
        raise DefectStudioError("The cost of an escape must be above 0.", hint="10 says ten times an over-reject.")
    known, stored = _known(project, read_run(folder)), Predictions(folder / PREDICTIONS)
    agree = agreement_job(project)

    def job(token: CancelToken) -> Job[Path]:
        cut = known.record.metrics.get("pixel_threshold", workflows.DEFAULT_PIXEL_THRESHOLD)
        evaluation = yield from evaluate_job(
            known.record.id, known.record.threshold, cut, known.snapshot, stored, token
        )
        agreement = yield from agree(token)
        split = shown_split(evaluation, known)
        members = held_out(known, split)
        sample = Sampled(members, stored)
        quality = Quality(
            project=known.project,
            run=known.record,
            weights=known.weights,
            approval=known.approval,
            splits=split_counts(known.snapshot),
            labels=known.labels,
            split=split,
            held_out=all(image.id not in set(known.record.images) for image in members),
            figures=evaluation,
            ap=sample.ap(),
            at_threshold=sample.at(known.record.threshold, escape_cost),
            cheapest=sample.at(sample.cheapest(escape_cost), escape_cost),
            escape_cost=escape_cost,
            curve=sample.curve(),
            rounds=[_round(record, said, split) for record, said in known.rounds],
            agreement=agreement,
            since=known.since,
            changes=known.changes,
            images=[_shown(known, image, stored) for image in worst_first(members, stored)[:MOST_PICTURES]],
        )
        pictures = [] if target.suffix.lower() == ".json" else (yield from _pictures(known, members, stored, token))
        _write(target, quality, quality_document(quality, sample, pictures))
        return target

    return job


_ENDINGS_SAID = "Choose a name that ends in .html, .pdf or .json."


def _known(project: Project, record: RunRecord) -> _Known:
    approvals, before = project.state.approvals, last_approved(project, record.id)
    finished = [one for one in workflows.runs(project) if one.status == "finished"]
    said = {run: f"{a.kind} by {a.who}, {a.when}: {a.reason or 'no reason given'}" for run, a in approvals.items()}
    since = next((one.event for one in finished if one.id == before), 0)
    return _Known(
        project=project.folder.name,
        record=record,
        weights=project.state.runs.get(record.id, ""),
        approval=said.get(record.id, ""),
        snapshot=project.snapshot(),
        labels=label_facts(project),
        rounds=[(one, said.get(one.id, "")) for one in finished],
        since=before or "",
        changes=changes_since(project, since),
    )


def _round(record: RunRecord, approval: str, split: str) -> Round:
    figures = record.metrics
    return Round(
        run=record.name or record.id,
        created=record.created,
        masks=len(record.segmented),
        ap=figures.get(f"{split or 'all'}/ap"),
        pixel_ap=figures.get(f"{split or 'all'}/pixel_ap"),
        approval=approval.split(" ", 1)[0],
    )


def _write(target: Path, quality: Quality, document: Document) -> None:
    with written_whole(target, durable=False) as temporary:
        match target.suffix.lower():
            case ".pdf":
                from defectstudio.app.document_pdf import write_pdf

                write_pdf(document, temporary)
            case ".json":
                facts = {**quality.model_dump(mode="json"), "digest": quality.digest}
                temporary.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
            case _:
                temporary.write_text(as_html(document), encoding="utf-8")


def worst_first(images: Iterable[SnapshotImage], predictions: Predictions) -> list[SnapshotImage]:
    """Tagged images by how far the score lies from the truth, farthest first."""
    tagged = [image for image in images if (image.good or image.defective) and image.id in predictions.scores]
    return sorted(tagged, key=lambda image: -abs(float(image.defective) - predictions.scores[image.id]))


def shown_split(evaluation: Evaluation, known: _Known | None = None) -> str:
    """The split whose images the report shows: test where there is one, else the one with the most images."""
    if evaluation.of("test") is not None:
        return "test"
    return max(evaluation.splits, key=lambda part: part.images).split if evaluation.splits else ""


def held_out(known: _Known, split: str) -> list[SnapshotImage]:
    """The images of the split that trained nothing of the run; all of them where every one did."""
    seen, members = set(known.record.images), [image for image in known.snapshot.images if image.split == split]
    return [image for image in members if image.id not in seen] or members


def _pictures(
    known: _Known, members: Sequence[SnapshotImage], predictions: Predictions, token: CancelToken
) -> Job[list[Picture]]:
    order = worst_first(members, predictions)[:MOST_PICTURES]
    pictures = []
    for done, image in enumerate(order):
        token.check()
        yield Progress(done, len(order), f"Drawing {image.name}")
        pictures.append(_picture(known, image, predictions))
    return pictures


def _shown(known: _Known, image: SnapshotImage, predictions: Predictions) -> Shown:
    score = float(predictions.scores[image.id])
    called = "defective" if score >= known.record.threshold else "good"
    return Shown(name=image.name, tagged=image.tag.verdict.value, score=score, called=called)


def _picture(known: _Known, image: SnapshotImage, predictions: Predictions) -> Picture:
    height, width = fit_within(image.height, image.width, PICTURE_SIDE)
    rgb = np.asarray(Image.fromarray(as_rgb(known.snapshot.read(image))).resize((width, height)))
    heat = predictions.heat_map(image.id, (height, width))
    label_map = image.label_map()
    drawn = Image.fromarray((label_map != HEALTHY) & (label_map != UNKNOWN)).resize((width, height))
    outlined = with_outline(rgb, np.asarray(drawn, bool), MASK_COLOR)
    shown = _shown(known, image, predictions)
    alt = (f"{image.name} with the drawn mask outlined", f"Heat map of {shown.text}")
    said = shown.text + (" — wrong" if shown.wrong else "")
    return Picture((outlined, with_heat(rgb, heat)), alt, said, marked=shown.wrong)
