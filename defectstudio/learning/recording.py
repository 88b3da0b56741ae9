"""A training that leaves a run folder behind: resumable while it is under way, whole at every moment.

`run.json` says "running" from the start, and a checkpoint follows every epoch, so that neither a power cut nor a full
memory loses more than the epoch under way.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import torch
from lightning_fabric import Fabric

from defectstudio.data.runs import (
    BOXES,
    CHECKPOINT,
    CURVE,
    WEIGHTS,
    BoxSettings,
    RunRecord,
    TrainConfig,
    now,
    read_run,
    write_run,
)
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError, OutOfMemory
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.box_model import save_boxes
from defectstudio.learning.checkpoints import save_weights
from defectstudio.learning.features import store_of
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.resumption import load_checkpoint, save_checkpoint
from defectstudio.learning.threshold import find_threshold
from defectstudio.learning.trainers.boxes import check_drawn, fit_boxes
from defectstudio.learning.trainers.mixed import Trainer, fit, no_more
from defectstudio.learning.watching import Watch

PACKAGES = ("defectstudio", "torch", "lightning-fabric", "numpy", "scipy", "h5py", "safetensors")
Status = Literal["running", "finished", "stopped", "failed"]


def train(
    config: TrainConfig,
    snapshot: Snapshot,
    folder: Path,
    *,
    cache: Path | None = None,
    validation: Snapshot | None = None,
    name: str = "",
    fabric: Fabric | None = None,
    boxes: BoxSettings | None = None,
) -> Callable[[CancelToken], Job[RunRecord]]:
    """A job that trains and leaves a run folder: weights, curve and record. The folder's name is the run's id.

    `boxes`: then train a detector of boxes on the trunk, too; some defects have to be drawn completely for that.
    When it is cancelled or breaks off, what was learnt so far is kept with status "stopped" or "failed", and the
    error goes on to the caller. `fabric`: of several processes, of which this is the first; the others `join`. Raises
    what `fit` raises, and OutOfMemory.
    """

    def job(token: CancelToken) -> Job[RunRecord]:
        if boxes is not None:
            check_drawn(snapshot)
        watch = Watch.choose(snapshot, validation, config.seed)
        with memory_errors(config.batch):
            trainer = Trainer(config, snapshot, cache, watch=watch, fabric=fabric)
        folder.mkdir(parents=True, exist_ok=True)
        record = describe(trainer.model, snapshot, folder.name, name, now(), "running")
        record = record.model_copy(update={"boxes": boxes})
        return (yield from follow(trainer, record, folder, cache, validation, token))

    return job


def join(
    config: TrainConfig, snapshot: Snapshot, fabric: Fabric, *, cache: Path | None = None
) -> Callable[[CancelToken], Job[None]]:
    """A job that trains beside the first process, with the same configuration and images, and writes nothing."""

    def job(token: CancelToken) -> Job[None]:
        trainer = Trainer(config, snapshot, cache, fabric=fabric)
        try:
            yield from trainer.run(token, no_more)
        finally:
            trainer.together.close()

    return job


def resume(
    folder: Path,
    snapshot: Snapshot,
    *,
    cache: Path | None = None,
    validation: Snapshot | None = None,
    batch: int | None = None,
) -> Callable[[CancelToken], Job[RunRecord]]:
    """A job that takes up an unfinished run after its last whole epoch, from the start where there was none.

    `snapshot` must hold the labels at the run's event. With the same batch size and machine the weights at the end are
    those of a training that was never interrupted; with another `batch` the learning rate follows the new steps.
    Raises DefectStudioError when the run is finished or its images are no longer there.
    """

    def job(token: CancelToken) -> Job[RunRecord]:
        record = read_run(folder)
        if record.status == "finished":
            raise DefectStudioError(f"The run {record.id} is finished.", hint="There is nothing left to train.")
        if record.mentoring is not None and record.mentoring.settings.head == "boxes":
            from defectstudio.learning.recording_boxes import mentored_boxes_again

            return (yield from mentored_boxes_again(record, folder, snapshot, cache, token))
        trainer = _trainer_again(record, folder, snapshot, cache, validation, batch)
        again = record.model_copy(update={"status": "running", "error": "", "config": trainer.config})
        finished = yield from follow(trainer, again, folder, cache, validation, token)
        if record.mentoring is None:
            return finished
        from defectstudio.learning.recording_mentored import keep_boxes

        return keep_boxes(folder.parent / record.mentoring.base, finished, folder)

    return job


def _trainer_again(
    record: RunRecord,
    folder: Path,
    snapshot: Snapshot,
    cache: Path | None,
    validation: Snapshot | None,
    batch: int | None,
) -> Trainer:
    if record.mentoring is not None:
        from defectstudio.learning.recording_mentored import mentored_again

        return mentored_again(record, folder, snapshot, cache, validation, batch)
    pool = chosen_again(record, snapshot)
    config = record.config if batch is None else record.config.model_copy(update={"batch": batch})
    with memory_errors(config.batch):
        return Trainer(config, pool, cache, watch=Watch.choose(pool, validation, config.seed))


def chosen_again(record: RunRecord, snapshot: Snapshot) -> Snapshot:
    """The images and masks that a run was started on. Raises DefectStudioError when some are missing."""
    wanted = set(record.images)
    pool = snapshot.where(lambda image: image.id in wanted).with_maps_of(record.segmented)
    if len(pool.tagged.images) != len(wanted):
        raise DefectStudioError(
            f"Images that the run {record.id} was started on are gone from the project.",
            hint="Undo what removed them, or train anew.",
        )
    return pool


def follow(
    trainer: Trainer,
    record: RunRecord,
    folder: Path,
    cache: Path | None,
    validation: Snapshot | None,
    token: CancelToken,
) -> Job[RunRecord]:
    """Train to the end, on disk at every moment; from the checkpoint in the folder where there is one."""
    start = load_checkpoint(folder / CHECKPOINT)
    write_run(folder, record)
    rows = kept_rows(folder / CURVE, start.phase if start else 0, start.epochs if start else 0)

    boxes_seconds = 0.0

    def write(status: Status, error: str = "") -> RunRecord:
        save_weights(folder / WEIGHTS, trainer.model.net, trainer.config)
        ended = updated(record, trainer.model, status, error).model_copy(update={"boxes_seconds": boxes_seconds})
        write_run(folder, ended)
        return ended

    try:
        with memory_errors(trainer.config.batch), (folder / CURVE).open("w", encoding="utf-8") as curve:
            curve.writelines(rows)

            def keep(figures: dict[str, Any]) -> Job[None]:
                assert trainer.running is not None
                plain = {name: value for name, value in figures.items() if isinstance(value, int | float)}
                curve.write(json.dumps({**plain, "phase": trainer.running.phase}) + "\n")
                curve.flush()
                save_checkpoint(folder / CHECKPOINT, trainer.checkpoint())
                yield from ()

            yield from trainer.run(token, keep, start)
            trainer.together.close()
            yield from find_threshold(
                trainer.model, trainer.snapshot.tagged, validation, trainer.store, cache, token, fit
            )
            if record.boxes is not None:
                boxes_seconds = yield from _train_boxes(trainer, record.boxes, folder, cache, token)
    except Cancelled:
        write("stopped")
        raise
    except DefectStudioError as error:
        write("failed", str(error))
        raise
    finally:
        trainer.together.close()
    finished = write("finished")
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return finished


def _train_boxes(
    trainer: Trainer, settings: BoxSettings, folder: Path, cache: Path | None, token: CancelToken
) -> Job[float]:
    """Train the detector of boxes on the trunk as it now is; its seconds."""
    store = trainer.store if trainer.model.frozen else store_of(trainer.model, cache)
    found = yield from fit_boxes(trainer.config, settings, trainer.snapshot, store, token)
    save_boxes(folder / BOXES, found)
    return round(found.seconds, 3)


def kept_rows(path: Path, phase: int, epochs: int) -> list[str]:
    """The rows of a curve up to the checkpoint: an epoch that is trained again is not drawn twice."""
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            break  # the power went while this line was written
        if (row.get("phase", 0), row["epoch"]) <= (phase, epochs):
            rows.append(line + "\n")
    return rows


@contextmanager
def memory_errors(batch: int) -> Iterator[None]:
    """Turn the many ways in which memory runs out into OutOfMemory with a batch size worth trying."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not is_out_of_memory(error):
            raise
        smaller = batch // 2 or None
        hint = (
            f"Go on with batches of {smaller} images."
            if smaller
            else "Close other programs, or train with a smaller input size."
        )
        raise OutOfMemory(f"Memory is used up with batches of {batch}.", hint=hint, smaller_batch=smaller) from error


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of torch says that there is no memory left; on a CPU it says so in words alone."""
    said = str(error).lower()
    words = ("can't allocate memory", "not enough memory", "out of memory", "bad_alloc", "bad allocation")
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(word in said for word in words)


def describe(model: TrainedModel, snapshot: Snapshot, run: str, name: str, created: str, status: Status) -> RunRecord:
    """The record of a run."""
    return RunRecord(
        id=run,
        name=name,
        created=created,
        status=status,
        config=model.config,
        event=snapshot.event,
        classes=tuple(c.name for c in snapshot.classes),
        images=model.images,
        segmented=model.segmented,
        versions={package: importlib.metadata.version(package) for package in PACKAGES},
        device=model.device,
        precision=model.precision,
    )


def updated(record: RunRecord, model: TrainedModel, status: Status, error: str) -> RunRecord:
    """The record with what the training has come to."""
    return record.model_copy(
        update={
            "status": status,
            "error": error,
            "seconds": round(model.seconds, 3),
            "features_seconds": round(model.features_seconds, 3),
            "threshold": model.threshold,
            "threshold_from": model.threshold_from,
            "metrics": model.metrics,
        }
    )
