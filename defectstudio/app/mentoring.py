"""Mentoring as the window and the command line do it: approve, mine, judge, train a candidate, compare, decide.

Functions named `..._job` take their snapshot at once, on the thread of the session, and return a function that can run
in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from defectstudio.app import mining
from defectstudio.app.mentoring_compare import BeforeAfter, compare_job
from defectstudio.app.mentoring_features import FeaturesMap, agreed_examples, map_job, nearest_examples
from defectstudio.app.mining import MinedImages, MiningSettings, as_settings, record_mined
from defectstudio.app.workflows import finish_run, new_run_id, training_images
from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.mining import read_queue
from defectstudio.data.pixels import sha256_of
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, RunRecord, read_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Approval, ApprovalKind, Detection, Judgement, RunApproved
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.mentoring import Area, Mentoring
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.session import Session

__all__ = ["MinedImages", "MiningSettings", "record_mined"]

# The deployed run.


def approve(
    session: Session, run: str, who: str, reason: str = "", thresholds: Mapping[int, float] | None = None
) -> Approval:
    """Deploy a finished run as it is: its weights' hash, its thresholds, who and why stand in the journal.

    `thresholds`: from which confidence on a detection of a class counts; 0.5 for one that is not named. Class 0 is the
    image as a whole, by default the run's own threshold. Raises DefectStudioError when the run is not finished.
    """
    return _decide(session, run, "approved", who, reason, thresholds)


def reject_candidate(session: Session, run: str, who: str, reason: str = "") -> Approval:
    """Keep in the journal that a candidate shall not be deployed, and why."""
    return _decide(session, run, "rejected", who, reason, None)


def _decide(
    session: Session, run: str, kind: ApprovalKind, who: str, reason: str, thresholds: Mapping[int, float] | None
) -> Approval:
    project = session.project
    record = _finished(project, run)
    if not who.strip():
        raise DefectStudioError("Somebody has to stand by this decision.", hint="Say who decides.")
    of = {0: record.threshold, **dict.fromkeys(project.state.classes, 0.5), **(thresholds or {})}
    if any(not 0 <= value <= 1 for value in of.values()):
        raise DefectStudioError("A threshold lies between 0 and 1.", hint="0.5 is the usual one.")
    weights = sha256_of(project.runs_folder / run / WEIGHTS)
    when = datetime.now(UTC).isoformat(timespec="milliseconds")
    approval = Approval(kind, weights, tuple(sorted(of.items())), who.strip(), when, " ".join(reason.split()))
    verb = "approve" if kind == "approved" else "reject"
    session.record(f"{verb} run {run}", [RunApproved(run, project.state.approvals.get(run), approval)])
    return approval


def _finished(project: Project, run: str) -> RunRecord:
    if run not in project.state.runs:
        known = ", ".join(project.state.runs) or "none"
        raise DefectStudioError(f"There is no run {run}.", hint=f"The runs are: {known}.")
    record = read_run(project.runs_folder / run)
    if record.status != "finished":
        raise DefectStudioError(f"The run {run} did not come to its end.", hint="Go on with it, or train again.")
    return record


def deployed(project: Project) -> tuple[RunRecord, Approval] | None:
    """The run that was approved last, with its approval; None where none is."""
    state = project.state
    chosen = [(a.when, run) for run, a in state.approvals.items() if a.kind == "approved" and run in state.runs]
    if not chosen:
        return None
    run = max(chosen)[1]
    return read_run(project.runs_folder / run), state.approvals[run]


def approved(project: Project) -> RunRecord | None:
    """The deployed run, None where none is approved."""
    found = deployed(project)
    return None if found is None else found[0]


def check_deployed(project: Project) -> tuple[RunRecord, Approval]:
    """The deployed run. Raises DefectStudioError where none is, or where its weights are not those of the approval."""
    found = deployed(project)
    if found is None:
        raise DefectStudioError("No run is approved yet.", hint="Approve a finished run first.")
    record, approval = found
    path = project.runs_folder / record.id / WEIGHTS
    if not path.is_file() or sha256_of(path) != approval.weights:
        raise DefectStudioError(
            f"The weights of run {record.id} are not those that were approved.", hint="Approve the run anew."
        )
    return record, approval


# New images.


def mine_job(
    project: Project,
    source: Path | str | Sequence[Path],
    settings: MiningSettings | Mapping[str, Any] | None = None,
) -> Callable[[CancelToken], Job[MinedImages]]:
    """Let the deployed run look through a folder, some files or a split. Hand what it returns to `record_mined`.

    Raises DefectStudioError where no run is approved, or there is nothing to look at.
    """
    record, approval = check_deployed(project)
    return mining.mine_job(project, record, approval, source, as_settings(settings or {}))


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


def candidate_job(
    project: Project,
    settings: MentorSettings | Mapping[str, Any] | None = None,
    *,
    splits: Sequence[str] = ("train",),
) -> tuple[Callable[[CancelToken], Job[RunRecord]], str]:
    """A job that trains a candidate from the deployed run and the verdicts so far, and the id of its run.

    The originals are the images that trained the deployed run and are still there. Cancelled while it trains, it
    returns a stopped run. Raises DefectStudioError where no run is approved or no verdict says anything.
    """
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing to train.")
    record, _ = check_deployed(project)
    chosen = settings if isinstance(settings, MentorSettings) else MentorSettings.model_validate(dict(settings or {}))
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
        from defectstudio.learning.recording_mentored import mentor

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
    record = _finished(project, run)
    if record.mentoring is None:
        raise DefectStudioError(f"The run {run} was not trained from verdicts.", hint="Choose a candidate.")
    approval = project.state.approvals.get(record.mentoring.base)
    return compare_job(project, record, approval, judgements(project), mentored_images(project))


before_after = compare_candidate_job


def features_map_job(project: Project, run: str) -> Callable[[CancelToken], Job[FeaturesMap]]:
    """Where the areas of defects lie by their features, before and after: t-SNE, old and new images together."""
    record = _finished(project, run)
    if record.mentoring is None:
        raise DefectStudioError(f"The run {run} was not trained from verdicts.", hint="Choose a candidate.")
    return map_job(project, record, mentored_images(project))
