"""What more masks are worth, by the runs so far: a curve through figures on images that trained none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.budget import REACH, BudgetCurve, Gain, fit_budget
from defectstudio.app.measured import Sample, Side
from defectstudio.app.runs import RunRow, run_rows
from defectstudio.app.selection_figures import drawn_figures
from defectstudio.app.selection_models import Budget, BudgetLine, BudgetPoint, Figure
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, RunRecord
from defectstudio.data.snapshot import SnapshotImage
from defectstudio.domain.bootstrap import interval, numbered
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, finish

FloatArray = NDArray[np.float64]
MORE = 20
LEVEL = 0.9
REFITS = 200
LINE_POINTS = 60
FREE_SETTINGS = frozenset({"seed", "threads", "segment_classes", "threshold_folds", "precision", "height", "width"})
"""In these runs may differ and still be points of one curve: chance, or chosen from the images."""
NAMES: dict[str, str] = {"ap": "AP", "pixel_ap": "pixel AP", "iou": "IoU"}


def budget(project: Project, figure: Figure = "ap", least_gain: float = 0.5) -> Budget | None:
    """As `budget_job`, in place: fast where the job measured the same runs before, else it reads every heat map."""
    return finish(budget_job(project, figure, least_gain)(CancelToken()))


def budget_job(
    project: Project, figure: Figure = "ap", least_gain: float = 0.5
) -> Callable[[CancelToken], Job[Budget | None]]:
    """What more masks are worth in `figure`; None where no finished run has it on images held out from all runs.

    The runs are those with the settings of the newest (but for chance); the images are the test split, or where there
    is none every tagged image, without those that trained one of the runs and what belongs to their groups.
    `least_gain`: in points (per cent of the figure), what more masks must hope to bring.
    """
    if figure not in NAMES:
        raise DefectStudioError(f"There is no figure {figure}.", hint=f"Choose from {', '.join(NAMES)}.")
    rows, left_out = _comparable(project)
    snapshot = project.snapshot()
    sides = [
        Side(record, row.title, Predictions(folder / PREDICTIONS), folder, record.event)
        for row in rows
        if (record := row.record) is not None
        for folder in [project.runs_folder / row.id]
    ]
    held_out = _held_out(snapshot.images, [side.record for side in sides])
    held_out = [image for image in held_out if all(image.id in side.predictions.scores for side in sides)]
    labels = project.journal.last_label_event(project.journal.last_event)
    cache = project.cache_folder

    def job(token: CancelToken) -> Job[Budget | None]:
        if not sides or not any(image.defective for image in held_out):
            return None
        truth = np.array([image.defective for image in held_out])
        sample = Sample(held_out, truth, numbered([image.group or image.id for image in held_out]))
        values, draws = yield from drawn_figures(sides, sample, figure, labels, cache, token)
        known = np.flatnonzero(np.isfinite(values))
        if not known.size:
            return None
        kept = [sides[k] for k in known.tolist()]
        unknown = len(sides) - len(kept)
        return _budget(figure, kept, values[known], draws[:, known], least_gain, len(held_out), left_out + unknown)

    return job


def _comparable(project: Project) -> tuple[list[RunRow], int]:
    """The finished runs that were trained as the newest of them was, oldest first, and how many others there are."""
    done = [row for row in run_rows(project) if row.comparable and row.record is not None]
    if not done:
        return [], 0
    wanted = _settings(done[-1])
    same = [row for row in done if _settings(row) == wanted]
    return same, len(done) - len(same)


def _settings(row: RunRow) -> dict[str, Any]:
    assert row.record is not None
    return row.record.config.model_dump(exclude=set(FREE_SETTINGS))


def _held_out(images: Sequence[SnapshotImage], records: Sequence[RunRecord]) -> list[SnapshotImage]:
    seen = {image for record in records for image in record.images}
    groups = {image.group for image in images if image.id in seen} - {""}
    fresh = [i for i in images if (i.good or i.defective) and i.id not in seen and i.group not in groups]
    return [image for image in fresh if image.split == "test"] or fresh


def _budget(
    figure: Figure,
    sides: Sequence[Side],
    values: FloatArray,
    draws: FloatArray,
    least_gain: float,
    images: int,
    left_out: int,
) -> Budget:
    masks = [len(side.record.segmented) for side in sides]
    points = [
        _point(side, count, value, draws[:, k])
        for k, (side, count, value) in enumerate(zip(sides, masks, values.tolist(), strict=True))
    ]
    different = len(set(masks))
    if different < 3:
        said = f"A curve needs runs with three different numbers of masks; there {_are(different)} so far."
        return Budget(figure=figure, points=points, images=images, left_out=left_out, sentence=said)
    curve = fit_budget(masks, values, repeats=REFITS, draws=np.where(np.isfinite(draws), draws, values))
    gain = curve.gain(min(MORE, int((REACH - 1) * max(curve.most, 1))))
    return Budget(
        figure=figure,
        points=points,
        images=images,
        left_out=left_out,
        line=_line(curve, gain.more),
        more=gain.more,
        gain=gain.expected,
        low=gain.low,
        high=gain.high,
        sentence=sentence(gain, NAMES[figure]),
        stop=gain.enough(least_gain / 100),
        stop_sentence=stop_sentence(gain, NAMES[figure], least_gain),
    )


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _point(side: Side, masks: int, value: float, draws: FloatArray) -> BudgetPoint:
    low, high = (None if np.isnan(end) else float(end) for end in interval(draws, LEVEL))
    return BudgetPoint(run=side.record.id, name=side.name, masks=masks, value=value, low=low, high=high)


def _line(curve: BudgetCurve, more: int) -> BudgetLine:
    at = np.linspace(0, curve.most + more, LINE_POINTS)
    low, high = curve.band(at, LEVEL)
    return BudgetLine(masks=at.tolist(), value=curve.at(at).tolist(), low=low.tolist(), high=high.tolist())


def sentence(gain: Gain, name: str) -> str:
    """What the next masks are worth, in points."""
    masks = "mask is" if gain.more == 1 else "masks are"
    return (
        f"{gain.more} more {masks} worth about {100 * gain.expected:+.1f} {name} "
        f"({100 * gain.low:.1f} to {100 * gain.high:.1f})."
    )


def stop_sentence(gain: Gain, name: str, least_gain: float) -> str:
    """Whether it is time to stop, and why."""
    if gain.enough(least_gain / 100):
        return f"Stop: even {100 * gain.high:.1f} {name}, the hopeful end, is below your threshold of {least_gain:g}."
    return f"Go on: up to {100 * gain.high:.1f} {name} can be had; your threshold is {least_gain:g}."
