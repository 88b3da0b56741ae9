"""Runs side by side: which is better, how sure is that, in what do their settings and their verdicts differ?

Only images that trained none of them count, unless asked otherwise: a run is at its best on what it has seen.
Intervals: 95 %, from 1000 draws of groups that all runs share (`domain.bootstrap`), so differences are paired.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from defectstudio.app.compared import Comparison, DifferingImage, Setting
from defectstudio.app.measured import Sample, Side, compared, difference, draw, measure
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, RunRecord, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.bootstrap import numbered
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.metrics import FloatArray
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.runs import called, known_runs

DRAWS = 1000
MOST_IMAGES = 200
MOST_RUNS = 4


def default_split(project: Project) -> str | None:
    """The split on which runs are compared unless asked otherwise: test where there is one, else every split."""
    states = project.state.images
    return "test" if any(states[image].placement.split == "test" for image in project.present_images()) else None


def compare_job(
    project: Project,
    runs: Sequence[str],
    split: str | None = None,
    *,
    with_trained: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> Callable[[CancelToken], Job[Comparison]]:
    """Compare two to four finished runs on the labels as they are now, on one split or (None) on all of them.

    Raises DefectStudioError when a run is not there or has no predictions; the job does when no image is left.
    """
    if len(set(runs)) != len(runs) or not 2 <= len(runs) <= MOST_RUNS:
        raise DefectStudioError("These runs cannot be compared.", hint="Choose two, three or four different runs.")
    sides, snapshot = [_side(project, run) for run in runs], project.snapshot()

    def job(token: CancelToken) -> Job[Comparison]:
        chosen, left_out = _choose(snapshot, sides, split, with_trained)
        sample = _sample(chosen)
        measured = []
        for number, side in enumerate(sides, 1):
            measured.append((yield from measure(side, sample, f"{number} of {len(sides)}", token)))
        yield from draw(measured, sample, draws, seed, token)
        columns = {one.side.record.id: compared(one, sample) for one in measured}
        differing = _differing(sides, chosen)
        return Comparison(
            split=split,
            with_trained=with_trained,
            runs=list(columns.values()),
            images=len(sample.images),
            defective=int(sample.truth.sum()),
            groups=sample.groups,
            pixel_images=sum(image.segmented for image in sample.images),
            unreviewed=len(chosen) - len(sample.images),
            draws=draws,
            settings=differing_settings([(side.record, side.labels_at) for side in sides]),
            differences=[difference(a, b, columns) for a, b in itertools.combinations(measured, 2)],
            contested=sum(image.contested for image in differing),
            differing=differing[:MOST_IMAGES],
            **left_out,
        )

    return job


def _side(project: Project, run: str) -> Side:
    if run not in known_runs(project):
        raise DefectStudioError(f"There is no run {run}.", hint="`defectstudio runs PROJECT` lists the runs.")
    folder, name = project.runs_folder / run, called(project, run)
    record = read_run(folder)
    if not (folder / PREDICTIONS).is_file():
        raise DefectStudioError(
            f"The run {name} has no predictions to compare.",
            hint="Let it finish, or predict with it: `defectstudio predict PROJECT --run RUN`.",
        )
    title = name if name != run else record.name or run
    labels_at = project.journal.last_label_event(record.event)
    return Side(record, title, Predictions(folder / PREDICTIONS), folder, labels_at)


def _choose(
    snapshot: Snapshot, sides: Sequence[Side], split: str | None, with_trained: bool
) -> tuple[list[SnapshotImage], dict[str, int]]:
    """The images to compare on, and how many were left out for which reason."""
    there = [image for image in snapshot.images if split is None or image.split == split]
    seen = set() if with_trained else {image for side in sides for image in side.record.images}
    fresh = [image for image in there if image.id not in seen]
    known = [image for image in fresh if all(image.id in side.predictions.scores for side in sides)]
    return known, {"trained_on": len(there) - len(fresh), "unpredicted": len(fresh) - len(known)}


def _sample(chosen: Sequence[SnapshotImage]) -> Sample:
    tagged = [image for image in chosen if image.good or image.defective]
    if not tagged:
        raise DefectStudioError(
            "No tagged image is left on which these runs could be compared.",
            hint="Images that trained one of them do not count unless you ask for it; tag others, "
            "or predict images that were imported later.",
        )
    groups = numbered([image.group or image.id for image in tagged])
    return Sample(tagged, np.array([image.defective for image in tagged]), groups)


def _differing(sides: Sequence[Side], chosen: Sequence[SnapshotImage]) -> list[DifferingImage]:
    """Images that are called differently, then others; each time those whose places in the rankings differ most."""
    scores = np.array([[side.predictions.scores[image.id] for image in chosen] for side in sides], np.float64)
    ranks = np.array([_ranks(row) for row in scores])
    apart = ranks.max(axis=0) - ranks.min(axis=0)
    calls = np.asarray(scores >= np.array([[side.record.threshold] for side in sides]), bool)
    contested = np.ptp(calls.astype(np.int8), axis=0) > 0
    order = np.lexsort((-apart, ~contested))
    return [
        _image(sides, chosen[k], scores[:, k], calls[:, k].tolist(), float(apart[k]))
        for k in order.tolist()
        if contested[k] or apart[k] > 0
    ]


def _ranks(scores: FloatArray) -> FloatArray:
    """The place of each score among all, 0 lowest to 1 highest; equal scores share the middle of their places."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    return np.asarray((below + (counts - 1) / 2)[inverse] / max(scores.size - 1, 1), np.float64)


def _image(
    sides: Sequence[Side], image: SnapshotImage, scores: FloatArray, calls: list[bool], apart: float
) -> DifferingImage:
    tagged = image.good or image.defective
    right = [s.record.id for s, call in zip(sides, calls, strict=True) if tagged and call == image.defective]
    return DifferingImage(
        image=image.id,
        name=image.name,
        split=image.split,
        truth=image.tag.verdict.value,
        scores=scores.tolist(),
        called=calls,
        right=right,
        rank_difference=apart,
    )


def differing_settings(runs: Sequence[tuple[RunRecord, int]]) -> list[Setting]:
    """The settings and circumstances in which runs differ, in the order in which they matter.

    `runs` gives each record with the number of the newest event about an image that the run saw.
    """
    columns = [_facts(record, labels_at, runs[0][0]) for record, labels_at in runs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    values = {name: [_text(column.get(name)) for column in columns] for name in names}
    return [Setting(name=name, values=row) for name, row in values.items() if len(set(row)) > 1]


def _facts(record: RunRecord, labels_at: int, first: RunRecord) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "training images": _set_size(record.images, first.images),
        "masks": _set_size(record.segmented, first.segmented),
        "labels as of event": labels_at,
        "classes": record.classes,
    }
    facts |= record.config.model_dump()
    facts |= {"threshold from": record.threshold_from, "device": record.device}
    return facts | {f"version of {package}": version for package, version in sorted(record.versions.items())}


def _set_size(members: Sequence[int], first: Sequence[int]) -> str:
    """How many; where just as many as in the first run, but not the same ones, it says so."""
    others = len(members) == len(first) and set(members) != set(first)
    return f"{len(members)} others" if others else str(len(members))


def _text(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case list() | tuple():
            return ", ".join(map(str, value)) or "–"
    return str(value)
