"""Which run is deployed: approving and rejecting runs, and holding to what was approved.

A decision is an event: the hash of the weights, a threshold per class, who, when, why. Whatever goes to work (looking
through new images, training from verdicts, an export) asks here first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from defectstudio.app.found_boxes import check_boxes, whole_cuts
from defectstudio.data.pixels import sha256_of
from defectstudio.data.project import Project
from defectstudio.data.runs import BOXES, WEIGHTS, RunRecord, read_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.mentoring import Approval, ApprovalKind, Head, RunApproved
from defectstudio.sessions.session import Session

WAY_OUT = "Approve it on the Mentor page of the window, or `defectstudio mentor approve PROJECT {run} --who NAME`."


def approve(
    session: Session,
    run: str,
    who: str,
    reason: str = "",
    thresholds: Mapping[int, float] | None = None,
    fitted_on: str = "",
    cuts: Mapping[int, float] | None = None,
    box_thresholds: Mapping[int, float] | None = None,
) -> Approval:
    """Deploy a finished run as it is: its weights' hash, its thresholds, who and why stand in the journal.

    `thresholds`: from which confidence on a detection of a class counts; 0.5 for one that is not named. Class 0 is the
    image as a whole, by default the run's own threshold. `fitted_on`: what they were fitted on, "" by hand. `cuts`:
    where heat maps are cut, by class; without any, where the run itself says. `box_thresholds`: as `thresholds`, of the
    run's detector of boxes, where it has one. Raises DefectStudioError when the run is not finished.
    """
    terms = (thresholds or {}, fitted_on, cuts or {}, box_thresholds or {})
    return _decide(session, run, "approved", who, reason, *terms)


def reject_candidate(session: Session, run: str, who: str, reason: str = "") -> Approval:
    """Keep in the journal that a candidate shall not be deployed, and why."""
    return _decide(session, run, "rejected", who, reason, {}, "", {}, {})


def _decide(
    session: Session,
    run: str,
    kind: ApprovalKind,
    who: str,
    reason: str,
    thresholds: Mapping[int, float],
    fitted_on: str,
    cuts: Mapping[int, float],
    box_thresholds: Mapping[int, float],
) -> Approval:
    project = session.project
    record = finished_run(project, run)
    if not who.strip():
        raise DefectStudioError("Somebody has to stand by this decision.", hint="Say who decides.")
    halves = dict.fromkeys(project.state.classes, 0.5)
    if box_thresholds:
        check_boxes(record)
    boxes = {**halves, **checked_thresholds(box_thresholds)} if record.boxes is not None else {}
    of = {0: record.threshold, **halves, **checked_thresholds(thresholds)}
    approval = Approval(
        kind,
        weights=sha256_of(project.runs_folder / run / WEIGHTS),
        thresholds=tuple(sorted(of.items())),
        who=who.strip(),
        when=datetime.now(UTC).isoformat(timespec="milliseconds"),
        reason=" ".join(reason.split()),
        fitted_on=fitted_on,
        cuts=tuple(sorted(whole_cuts(record, project.state.classes, checked_thresholds(cuts)).items())),
        box_weights=_box_weights(project, record),
        box_thresholds=tuple(sorted(boxes.items())),
    )
    verb = "approve" if kind == "approved" else "reject"
    session.record(f"{verb} run {run}", [RunApproved(run, project.state.approvals.get(run), approval)])
    return approval


def _box_weights(project: Project, record: RunRecord) -> str:
    """The hash of a run's detector of boxes, "" where it has none. Raises DefectStudioError where its file is gone."""
    path = project.runs_folder / record.id / BOXES
    if record.boxes is None:
        return ""
    if not path.is_file():
        hint = "Restore the file from a copy, or train again."
        raise DefectStudioError(f"The detector of boxes of run {record.id} is missing.", hint=hint)
    return sha256_of(path)


def checked_thresholds(thresholds: Mapping[int, float]) -> Mapping[int, float]:
    """The same thresholds. Raises DefectStudioError for one that is no confidence."""
    if any(not 0 <= value <= 1 for value in thresholds.values()):
        raise DefectStudioError("A threshold lies between 0 and 1.", hint="0.5 is the usual one.")
    return thresholds


def finished_run(project: Project, run: str) -> RunRecord:
    """The record of a run that came to its end. Raises DefectStudioError for another."""
    if run not in project.state.runs:
        known = ", ".join(project.state.runs) or "none"
        raise DefectStudioError(f"There is no run {run}.", hint=f"The runs are: {known}.")
    record = read_run(project.runs_folder / run)
    if record.status != "finished":
        raise DefectStudioError(
            f"The run {run} did not come to its end.",
            hint=f"`defectstudio train PROJECT --resume {run}` goes on with it; or train again.",
        )
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


def check_deployed(project: Project, head: Head = "cells") -> tuple[RunRecord, Approval]:
    """The deployed run, and its approval with the thresholds of one head.

    Raises DefectStudioError where none is, where its weights are not those of the approval, or where it has no such
    head.
    """
    found = deployed(project)
    if found is None:
        raise DefectStudioError("No run is approved yet.", hint=WAY_OUT.format(run="RUN").replace("it on", "one on"))
    _check_weights(project, *found)
    if head == "boxes":
        check_boxes(found[0])
    return found[0], found[1].of_head(head)


def check_approved(project: Project, run: str | None) -> tuple[RunRecord, Approval]:
    """An approved run by name, which may be one that was deployed earlier; None: the deployed one.

    Raises DefectStudioError where there is none, where it was never approved or was rejected, and where its weights
    are not those that were approved.
    """
    if run is None:
        return check_deployed(project)
    record, approval = finished_run(project, run), project.state.approvals.get(run)
    if approval is None or approval.kind != "approved":
        said = "is not approved" if approval is None else f"was rejected by {approval.who}"
        raise DefectStudioError(f"The run {run} {said}.", hint=WAY_OUT.format(run=run))
    _check_weights(project, record, approval)
    return record, approval


def _check_weights(project: Project, record: RunRecord, approval: Approval) -> None:
    folder = project.runs_folder / record.id
    files = {WEIGHTS: approval.weights} | ({BOXES: approval.box_weights} if approval.box_weights else {})
    if any(not (folder / name).is_file() or sha256_of(folder / name) != known for name, known in files.items()):
        raise DefectStudioError(
            f"The weights of run {record.id} are not those that were approved.", hint="Approve the run anew."
        )
