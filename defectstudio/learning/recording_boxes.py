"""A training of a detector of boxes from verdicts that leaves a run folder behind: all else is that of its base.

It takes a minute, so a stopped one is begun again and not taken up.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

from defectstudio.data.mentoring import MentorRecord, MentorSettings
from defectstudio.data.pixels import sha256_of
from defectstudio.data.runs import BOXES, WEIGHTS, RunRecord, now, read_run, write_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.box_model import load_boxes, save_boxes
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.features import store_of
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.recording import describe, memory_errors
from defectstudio.learning.trainers.boxes import mentored_trainer


def mentor_boxes_run(
    settings: MentorSettings,
    base: Path,
    snapshot: Snapshot,
    mentored: Collection[ImageId],
    folder: Path,
    *,
    verdicts: Collection[str] = (),
    cache: Path | None = None,
    name: str = "",
) -> Callable[[CancelToken], Job[RunRecord]]:
    """A job that trains the detector of boxes of the run in `base` on verdicts; see `recording_mentored.mentor`.

    Raises DefectStudioError where the base has none, or no verdict says anything.
    """

    def job(token: CancelToken) -> Job[RunRecord]:
        model = load_model(base)
        record = _described(model, settings, base, snapshot, folder.name, mentored, verdicts, name)
        return (yield from _follow(model, record, base, snapshot, folder, cache, token))

    return job


def mentored_boxes_again(
    record: RunRecord, folder: Path, snapshot: Snapshot, cache: Path | None, token: CancelToken
) -> Job[RunRecord]:
    """Begin a stopped training again. Raises DefectStudioError when its images or its base are gone."""
    assert record.mentoring is not None
    wanted = set(record.images)
    pool = snapshot.where(lambda image: image.id in wanted)
    if len(pool.images) != len(wanted):
        raise DefectStudioError(
            f"Images that the run {record.id} was started on are gone from the project.",
            hint="Undo what removed them, or train anew.",
        )
    base = folder.parent / record.mentoring.base
    return (yield from _follow(load_model(base), record, base, pool, folder, cache, token))


def _described(
    model: TrainedModel,
    settings: MentorSettings,
    base: Path,
    snapshot: Snapshot,
    run: str,
    mentored: Collection[ImageId],
    verdicts: Collection[str],
    name: str,
) -> RunRecord:
    known = MentorRecord(
        settings=settings,
        base=base.name,
        base_weights=sha256_of(base / WEIGHTS),
        mentored=tuple(image.id for image in snapshot.images if image.id in mentored),
        verdicts=tuple(sorted(verdicts)),
    )
    came = read_run(base)
    record = describe(model, snapshot, run, name, now(), "running")
    kept = {"threshold": came.threshold, "threshold_from": came.threshold_from, "metrics": came.metrics}
    return record.model_copy(update={**kept, "mentoring": known, "boxes": came.boxes})


def _follow(
    model: TrainedModel,
    record: RunRecord,
    base: Path,
    snapshot: Snapshot,
    folder: Path,
    cache: Path | None,
    token: CancelToken,
) -> Job[RunRecord]:
    """Train to the end; the folder says how it stands at every moment."""
    known = record.mentoring
    assert known is not None
    boxes, new = load_boxes(base / BOXES), frozenset(known.mentored)
    trainer = mentored_trainer(boxes, known.settings, snapshot, new, store_of(model, cache))
    used = trainer.snapshot.images
    record = record.model_copy(
        update={
            "images": tuple(image.id for image in used),
            "segmented": tuple(image.id for image in used if image.defective and image.segmented),
            "mentoring": known.model_copy(update={"mentored": tuple(i.id for i in used if i.id in new)}),
            "boxes": trainer.model.settings,
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(base / WEIGHTS, folder / WEIGHTS)
    write_run(folder, record.model_copy(update={"status": "running", "error": ""}))
    try:
        with memory_errors(trainer.settings.batch):
            yield from trainer.run(token)
    except Cancelled:
        write_run(folder, record.model_copy(update={"status": "stopped"}))
        raise
    except DefectStudioError as error:
        write_run(folder, record.model_copy(update={"status": "failed", "error": str(error)}))
        raise
    save_boxes(folder / BOXES, trainer.model)
    seconds = round(trainer.model.seconds, 3)
    finished = record.model_copy(
        update={"status": "finished", "error": "", "seconds": seconds, "boxes_seconds": seconds}
    )
    write_run(folder, finished)
    return finished
