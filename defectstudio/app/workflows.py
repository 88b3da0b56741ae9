"""From labels to a run and from a run to figures: what the window and the command line both do.

Functions named `..._job` take their snapshot at once, on the thread of the session, and return a function that can
run in any thread.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from defectstudio.app.evaluation import Evaluation, choose_pixel_threshold, evaluate_job
from defectstudio.app.runs import run_rows
from defectstudio.data.past import snapshot_at
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import (
    PREDICTIONS,
    RECORD,
    BoxSettings,
    RunRecord,
    TrainConfig,
    read_run,
    weights_digest,
    write_run,
)
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.events import RunAdded
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.session import Session

DEFAULT_PIXEL_THRESHOLD = 0.5


def training_images(snapshot: Snapshot, splits: Sequence[str]) -> Snapshot:
    """The tagged images of the splits to train on; every tagged image where the project has no splits at all."""
    if {image.split for image in snapshot.images} <= {""}:
        return snapshot.tagged
    return snapshot.split(*splits).tagged


def choose_segmented(snapshot: Snapshot, wanted: int | None, seed: int) -> Snapshot:
    """Keep the masks of `wanted` defective images, drawn by seed; all of them for None.

    Raises DefectStudioError when fewer have a complete mask.
    """
    have = [image.id for image in snapshot.images if image.defective and image.segmented]
    if wanted is None or wanted == len(have):
        return snapshot.with_maps_of(have)
    if wanted > len(have):
        raise DefectStudioError(
            f"{wanted} segmented images are asked for, but only {len(have)} have a complete mask.",
            hint="Ask for fewer, or draw more masks.",
        )
    return snapshot.with_maps_of(np.random.default_rng(seed).permutation(have)[:wanted].tolist())


def use_list(project: Project, snapshot: Snapshot, key: str) -> Snapshot:
    """Keep the masks that a published supervision split names. Raises DefectStudioError for an unknown list."""
    lists = project.state.segmented
    if key not in lists:
        known = ", ".join(sorted(lists)) or "none"
        raise DefectStudioError(f"There is no list {key} of segmented images.", hint=f"The lists are: {known}.")
    names = set(lists[key])
    return snapshot.with_maps_of(image.id for image in snapshot.images if image.name in names)


def new_run_id(project: Project, config: TrainConfig) -> str:
    """A run name that sorts by time and is not in use."""
    stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{config.net}"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    return next(name for name in names if not (project.runs_folder / name).exists())


@dataclass(frozen=True, slots=True)
class Choice:
    """What `train_job` and `join_job` are told besides the configuration, so that all processes mean the same."""

    segmented: int | None = None
    listed: str | None = None
    splits: tuple[str, ...] = ("train",)
    devices: int = 1
    nodes: int = 1


def train_job(
    project: Project,
    config: TrainConfig,
    *,
    segmented: int | None = None,
    listed: str | None = None,
    splits: Sequence[str] = ("train",),
    run_id: str | None = None,
    devices: int = 1,
    nodes: int = 1,
    boxes: BoxSettings | None = None,
) -> Callable[[CancelToken], Job[RunRecord]]:
    """Train on the splits, then predict and evaluate every image of the project; the run lies in `runs/<id>/`.

    `segmented`: how many masks training may use (None: all); `listed`: a published list of them instead. Cancelled
    while it trains, it returns a run with status "stopped"; while it predicts, a finished run without predictions.
    `devices`, `nodes`: how many train together; each further process runs the same command line up to `join_job`.
    `boxes`: then train a detector of boxes, too. Raises DefectStudioError when the project is open for reading only or
    there are too few masks.
    """
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing to train.")
    whole = project.snapshot()
    chosen = chosen_images(project, whole, config, segmented, listed, splits)
    validation = whole.split("val").tagged if "val" not in splits else whole.where(lambda image: False)
    folder = project.runs_folder / (run_id or new_run_id(project, config))
    cache = project.cache_folder

    def job(token: CancelToken) -> Job[RunRecord]:
        from defectstudio.learning.devices import launch_fabric
        from defectstudio.learning.recording import train

        fabric = launch_fabric(config, devices, nodes) if devices * nodes > 1 else None
        start = train(config, chosen, folder, cache=cache, validation=validation, fabric=fabric, boxes=boxes)
        training = start(token)
        return (yield from finish_run(training, folder, whole, chosen, cache, token))

    return job


def chosen_images(
    project: Project,
    whole: Snapshot,
    config: TrainConfig,
    segmented: int | None,
    listed: str | None,
    splits: Sequence[str],
) -> Snapshot:
    """The images that train, with the masks that they may show."""
    pool = training_images(whole, splits)
    return choose_segmented(pool, segmented, config.seed) if listed is None else use_list(project, pool, listed)


def join_job(
    project: Project,
    config: TrainConfig,
    *,
    devices: int,
    nodes: int = 1,
    segmented: int | None = None,
    listed: str | None = None,
    splits: Sequence[str] = ("train",),
) -> Callable[[CancelToken], Job[None]]:
    """What the further processes of `train_job` do: train beside the first, on the same images, and write nothing."""
    chosen = chosen_images(project, project.snapshot(), config, segmented, listed, splits)
    cache = project.cache_folder

    def job(token: CancelToken) -> Job[None]:
        from defectstudio.learning.devices import launch_fabric
        from defectstudio.learning.recording import join

        yield from join(config, chosen, launch_fabric(config, devices, nodes), cache=cache)(token)

    return job


def finish_run(
    training: Job[RunRecord], folder: Path, whole: Snapshot, chosen: Snapshot, cache: Path, token: CancelToken
) -> Job[RunRecord]:
    """Train, then measure; a cancelled training gives the record of what is kept."""
    try:
        record = yield from training
    except Cancelled:
        if (folder / RECORD).is_file():
            return read_run(folder)  # stopped: what was learnt so far is kept
        raise
    try:
        return (yield from _measure(folder, record, whole, chosen, cache, token))
    except Cancelled:
        return record  # trained and whole; only its predictions are missing


def unfinished_runs(project: Project) -> list[RunRecord]:
    """Runs that can go on where they stopped, broke off or were interrupted, oldest first.

    Whoever asks while a training of the same project is under way finds that one too, as "running".
    """
    records = [row.record for row in run_rows(project)]
    return [record for record in records if record is not None and record.status != "finished"]


def resume_job(project: Project, run: str, *, batch: int | None = None) -> Callable[[CancelToken], Job[RunRecord]]:
    """Go on with an unfinished run, on the labels as they were when it began; then as `train_job`.

    `batch`: a smaller one, after memory was used up. Raises DefectStudioError when the project is open for reading
    only, or the run is unknown or finished.
    """
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing to train.")
    names = [record.id for record in unfinished_runs(project)]
    if run not in names:
        known = ", ".join(names) or "none"
        raise DefectStudioError(f"There is no unfinished run {run}.", hint=f"The unfinished runs are: {known}.")
    folder, cache = project.runs_folder / run, project.cache_folder
    record, whole = read_run(folder), project.snapshot()
    then = snapshot_at(project, record.event)
    wanted = set(record.images)
    chosen = then.where(lambda image: image.id in wanted).with_maps_of(record.segmented)
    validation = then.where(lambda image: image.split == "val" and image.id not in wanted).tagged

    def job(token: CancelToken) -> Job[RunRecord]:
        from defectstudio.learning.recording import resume

        training = resume(folder, then, cache=cache, validation=validation, batch=batch)(token)
        return (yield from finish_run(training, folder, whole, chosen, cache, token))

    return job


def discard_run(project: Project, run: str) -> None:
    """Remove an unfinished run from disk. Raises DefectStudioError for one that the project has recorded."""
    if run in project.state.runs or run not in {record.id for record in unfinished_runs(project)}:
        raise DefectStudioError(f"The run {run} is part of the project, or not there.", hint="Delete it as a run.")
    shutil.rmtree(project.runs_folder / run)


def _measure(
    folder: Path, record: RunRecord, whole: Snapshot, chosen: Snapshot, cache: Path, token: CancelToken
) -> Job[RunRecord]:
    """Predict all images into the run, and write its figures into its record."""
    from defectstudio.learning.predict import predict

    predictions = yield from predict(folder, whole, cache=cache)(token)
    pixel_threshold = choose_pixel_threshold(chosen, predictions)
    evaluation = yield from evaluate_job(record.id, record.threshold, pixel_threshold, whole, predictions, token)
    figures = {
        f"{part.split or 'all'}/{name}": value
        for part in evaluation.splits
        for name, value in part.model_dump(exclude={"split", "classes"}).items()
        if value is not None
    }
    measured = record.model_copy(update={"metrics": {"pixel_threshold": pixel_threshold, **figures}})
    write_run(folder, measured)
    return measured


def is_measured(project: Project, record: RunRecord) -> bool:
    """Whether a run is trained to its end and has predictions."""
    return record.status == "finished" and (project.runs_folder / record.id / PREDICTIONS).is_file()


def weights_hash(project: Project, record: RunRecord) -> str:
    """The digest of a run's weights, which any thread can compute; empty where there are none."""
    return weights_digest(project.runs_folder / record.id)


def record_run(session: Session, record: RunRecord, weights: str = "") -> None:
    """Make a run part of the project: an event with the hash of its weights (again, when a stopped run went on)."""
    weights = weights or weights_hash(session.project, record)
    if session.project.state.runs.get(record.id) != weights:
        session.record(f"train {record.id}", [RunAdded(record.id, weights)])


def run_folder(project: Project, run: str | None) -> Path:
    """The folder of a run by name; for None of the newest that is finished, or, where none is, of the newest.

    Raises DefectStudioError when there is none.
    """
    known = list(project.state.runs)
    if not known:
        raise DefectStudioError("This project has no trained run.", hint="`defectstudio train PROJECT` makes one.")
    name = run or _newest_finished(project) or known[-1]
    if name not in known:
        raise DefectStudioError(f"There is no run {name}.", hint=f"The runs are: {', '.join(known)}.")
    return project.runs_folder / name


def _newest_finished(project: Project) -> str | None:
    """A stopped run has no predictions, so nobody means it who names no run."""
    return next((record.id for record in reversed(runs(project)) if record.status == "finished"), None)


def runs(project: Project) -> list[RunRecord]:
    """The readable runs of a project, oldest first."""
    records = [row.record for row in run_rows(project) if row.id in project.state.runs]
    return [record for record in records if record is not None]


def predictions(project: Project, run: str | None = None) -> Predictions:
    """The stored predictions of a run. Raises DefectStudioError when there are none."""
    return Predictions(run_folder(project, run) / PREDICTIONS)


def predict_job(project: Project, run: str | None = None) -> Callable[[CancelToken], Job[Predictions]]:
    """Predict every image of the project again, for example after an import."""
    folder, snapshot, cache = run_folder(project, run), project.snapshot(), project.cache_folder

    def job(token: CancelToken) -> Job[Predictions]:
        from defectstudio.learning.predict import predict

        return (yield from predict(folder, snapshot, cache=cache)(token))

    return job


def evaluation_job(project: Project, run: str | None = None) -> Callable[[CancelToken], Job[Evaluation]]:
    """A run's figures against the labels as they are now."""
    folder, snapshot = run_folder(project, run), project.snapshot()
    record, stored = read_run(folder), Predictions(folder / PREDICTIONS)
    pixel_threshold = record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD)
    return lambda token: evaluate_job(record.id, record.threshold, pixel_threshold, snapshot, stored, token)
