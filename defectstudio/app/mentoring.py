"""Mentoring as the window and the command line do it: approve, mine, judge, train a candidate, compare, decide.

Functions named `..._job` take their snapshot at once, on the thread of the session, and return a function that can run
in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from defectstudio.app import mining
from defectstudio.app.approval_thresholds import Fitted, thresholds_job
from defectstudio.app.approvals import approve, approved, check_deployed, deployed, finished_run, reject_candidate
from defectstudio.app.mentoring_compare import BeforeAfter, compare_job
from defectstudio.app.mentoring_features import FeaturesMap, agreed_examples, map_job, nearest_examples
from defectstudio.app.mining import MinedImages, MiningSettings, as_settings, record_mined
from defectstudio.app.workflows import finish_run, new_run_id, training_images
from defectstudio.data.mentoring import MENTORED_TUNING, MentorSettings
from defectstudio.data.mining import read_queue
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Detection, Judgement
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.mentoring import Area, Mentoring
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.session import Session

__all__ = [
    "Fitted",
    "MinedImages",
    "MiningSettings",
    "approve",
    "approved",
    "check_deployed",
    "deployed",
    "record_mined",
    "reject_candidate",
    "thresholds_job",
]

# New images.


def mine_job(
    project: Project,
    source: Path | str | Sequence[Path],
    settings: MiningSettings | Mapping[str, Any] | None = None,
) -> Callable[[CancelToken], Job[MinedImages]]:
    """Let the deployed run look through a folder, some files or a split. Hand what it returns to `record_mined`.

    Raises DefectStudioError where no run is approved, or there is nothing to look at.
    """
    chosen = as_settings(settings or {})
    record, approval = check_deployed(project, chosen.head)
    return mining.mine_job(project, record, approval, source, chosen)


def queue(project: Project) -> list[Detection]:
    """All detections that were mined in images of the project, judged ones too, in the order of the queue."""
    images = project.state.images
    found = [mined.detection for mined in read_queue(project.folder).detections]
    return [d for d in found if d.image in images and images[d.image].present]


def areas(project: Project) -> Area:
    """What pixels a detection of the queue is about: those of its cells."""
    from defectstudio.learning.boxes import area_pixels

    cells = {mined.id: mined for mined in read_queue(project.folder).detections}

    def area(detection: Detection) -> Patch | None:
        mask = cells[detection.id].cell_mask() if detection.id in cells else None
        entry = project.state.images.get(detection.image)
        if mask is None or entry is None or not mask.any():
            return None
        box, inside = area_pixels(mask, entry.shape, defect=True)
        return Patch(box, inside)

    return area


def open_mentoring(session: Session) -> Mentoring:
    """The queue of a project, ready to be judged."""
    project = session.project
    return Mentoring(session, queue(project), areas=areas(project), learnt=learnt(project))


def judgements(project: Project) -> list[Judgement]:
    """All verdicts that stand, image by image."""
    return [judgement for entry in project.state.images.values() if entry.present for judgement in entry.judged]


def learnt(project: Project) -> frozenset[str]:
    """The ids of detections whose verdicts a finished candidate has learnt from."""
    from defectstudio.app.workflows import runs

    records = [record for record in runs(project) if record.mentoring is not None and record.status == "finished"]
    return frozenset(name for record in records if record.mentoring for name in record.mentoring.verdicts)


def neighbours(project: Project, detection: Detection, count: int = 5) -> list[Detection]:
    """The agreed examples of the detection's class that look most like it: drawn defects, and confirmed detections."""
    return nearest_examples(project, detection, agreed_examples(project, detection.class_index), count)


# The candidate.


def mentored_images(project: Project) -> frozenset[ImageId]:
    """Images of the new domain: those in which a detection was judged or that were looked through and tagged."""
    seen = {image for looked in read_queue(project.folder).looked.values() for image in looked}
    images = project.state.images
    said = {image for image, entry in images.items() if entry.judged}
    return frozenset(image for image in seen | said if image in images and images[image].present)


def usual_tuning(base: RunRecord) -> int:
    """Epochs in which a candidate's encoder learns, where nobody says: some where that of the deployed run did.

    None where it has a detector of boxes, which stands on its encoder and would be lost.
    """
    return MENTORED_TUNING if base.config.finetune_epochs and base.config.net == "fast" and base.boxes is None else 0


def candidate_job(
    project: Project,
    settings: MentorSettings | Mapping[str, Any] | None = None,
    *,
    splits: Sequence[str] = ("train",),
) -> tuple[Callable[[CancelToken], Job[RunRecord]], str]:
    """A job that trains a candidate from the deployed run and the verdicts so far, and the id of its run.

    The originals are the images that trained the deployed run and are still there. Where the settings do not say for
    how long the encoder learns, it is `usual_tuning`. Cancelled while it trains, it returns a stopped run. Raises
    DefectStudioError where no run is approved or no verdict says anything.
    """
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing to train.")
    chosen = settings if isinstance(settings, MentorSettings) else MentorSettings.model_validate(dict(settings or {}))
    record, _ = check_deployed(project, chosen.head)
    if "finetune_epochs" not in chosen.model_fields_set and chosen.transfer and chosen.head == "cells":
        chosen = chosen.model_copy(update={"finetune_epochs": usual_tuning(record)})
    new = mentored_images(project)
    if not any(judgement.label is not None for judgement in judgements(project)):
        raise DefectStudioError("No verdict says anything yet.", hint="Judge some detections, then train.")
    whole = project.snapshot()
    earlier = set(record.mentoring.mentored) if record.mentoring is not None else set()
    wanted = (set(record.images) or {image.id for image in training_images(whole, splits).images}) - earlier - new
    originals = whole.where(lambda image: image.id in wanted)
    pool = whole.where(lambda image: image.id in wanted or image.id in new)
    validation = whole.split("val").where(lambda image: image.id not in new).tagged
    run = new_run_id(project, record.config)
    folder, base, cache = project.runs_folder / run, project.runs_folder / record.id, project.cache_folder
    verdicts = tuple(judgement.detection.id for judgement in judgements(project))

    def job(token: CancelToken) -> Job[RunRecord]:
        from defectstudio.learning.recording_boxes import mentor_boxes_run
        from defectstudio.learning.recording_mentored import mentor

        if chosen.head == "boxes":
            only = mentor_boxes_run(chosen, base, pool, new, folder, verdicts=verdicts, cache=cache)(token)
            return (yield from finish_run(only, folder, whole, originals, cache, token))
        training = mentor(chosen, base, pool, new, folder, verdicts=verdicts, cache=cache, validation=validation)(token)
        return (yield from finish_run(training, folder, whole, originals, cache, token))

    return job, run


def mentor_job(
    project: Project, settings: MentorSettings | Mapping[str, Any] | None = None
) -> Callable[[CancelToken], Job[RunRecord]]:
    """The job of `candidate_job` alone."""
    return candidate_job(project, settings)[0]


def compare_candidate_job(project: Project, run: str) -> Callable[[CancelToken], Job[BeforeAfter]]:
    """The candidate beside the run that it came from, on old and new images and on the verdicts."""
    record = finished_run(project, run)
    if record.mentoring is None:
        raise DefectStudioError(f"The run {run} was not trained from verdicts.", hint="Choose a candidate.")
    approval = project.state.approvals.get(record.mentoring.base)
    return compare_job(project, record, approval, judgements(project), mentored_images(project))


before_after = compare_candidate_job


def features_map_job(project: Project, run: str) -> Callable[[CancelToken], Job[FeaturesMap]]:
    """Where the areas of defects lie by their features, before and after: t-SNE, old and new images together."""
    record = finished_run(project, run)
    if record.mentoring is None:
        raise DefectStudioError(f"The run {run} was not trained from verdicts.", hint="Choose a candidate.")
    return map_job(project, record, mentored_images(project))
