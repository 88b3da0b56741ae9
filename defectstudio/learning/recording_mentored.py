"""A training from verdicts that leaves a run folder behind: a run like any other, which names what it came from."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

from defectstudio.data.mentoring import MentorRecord, MentorSettings
from defectstudio.data.pixels import sha256_of
from defectstudio.data.runs import BOXES, WEIGHTS, RunRecord, now, read_run, write_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.recording import describe, follow, memory_errors
from defectstudio.learning.trainers.mentored import MentoredTrainer
from defectstudio.learning.watching import Watch


def mentor(
    settings: MentorSettings,
    base: Path,
    snapshot: Snapshot,
    mentored: Collection[ImageId],
    folder: Path,
    *,
    verdicts: Collection[str] = (),
    cache: Path | None = None,
    validation: Snapshot | None = None,
    name: str = "",
) -> Callable[[CancelToken], Job[RunRecord]]:
    """A job that trains a candidate from the run in `base` and leaves a run folder; see `recording.train`.

    `snapshot`: originals, and the images in `mentored`; `verdicts`: ids of the judged detections, for the record.
    """

    def job(token: CancelToken) -> Job[RunRecord]:
        trainer = _trainer(settings, base, snapshot, frozenset(mentored), cache, validation)
        folder.mkdir(parents=True, exist_ok=True)
        new = tuple(image.id for image in trainer.snapshot.images if image.id in trainer.mentored)
        known = MentorRecord(
            settings=settings,
            base=base.name,
            base_weights=sha256_of(base / WEIGHTS),
            mentored=new,
            verdicts=tuple(sorted(verdicts)),
        )
        record = describe(trainer.model, snapshot, folder.name, name, now(), "running")
        record = record.model_copy(update={"mentoring": known})
        return keep_boxes(base, (yield from follow(trainer, record, folder, cache, validation, token)), folder)

    return job


def keep_boxes(base: Path, record: RunRecord, folder: Path) -> RunRecord:
    """Give a candidate the detector of boxes of its base, where there is one and the trunk that it stands on stayed."""
    came, known = read_run(base), record.mentoring
    assert known is not None
    tuned = bool(came.config.finetune_epochs)
    stayed = came.config.net == "fast" and not known.settings.finetune_epochs
    if came.boxes is None or not stayed or (tuned and not known.settings.transfer):
        return record
    shutil.copyfile(base / BOXES, folder / BOXES)
    kept = record.model_copy(update={"boxes": came.boxes})
    write_run(folder, kept)
    return kept


def mentored_again(
    record: RunRecord,
    folder: Path,
    snapshot: Snapshot,
    cache: Path | None,
    validation: Snapshot | None,
    batch: int | None,
) -> MentoredTrainer:
    """The trainer of an unfinished mentored run. Raises DefectStudioError when its images or its base are gone."""
    known = record.mentoring
    assert known is not None
    wanted = set(record.images)
    pool = snapshot.where(lambda image: image.id in wanted)
    if len(pool.images) != len(wanted):
        raise DefectStudioError(
            f"Images that the run {record.id} was started on are gone from the project.",
            hint="Undo what removed them, or train anew.",
        )
    settings = known.settings if batch is None else known.settings.model_copy(update={"batch": batch})
    return _trainer(settings, folder.parent / known.base, pool, frozenset(known.mentored), cache, validation)


def _trainer(
    settings: MentorSettings,
    base: Path,
    snapshot: Snapshot,
    mentored: frozenset[ImageId],
    cache: Path | None,
    validation: Snapshot | None,
) -> MentoredTrainer:
    watch = Watch.choose(snapshot, validation, settings.seed)
    with memory_errors(settings.batch):
        return MentoredTrainer(load_model(base), settings, snapshot, mentored, cache, watch=watch)
