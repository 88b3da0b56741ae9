"""Projects as the window and the command line use them: make, open, import into, look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from defectstudio.data.exchange.plan import ImportPlan
from defectstudio.data.importing import Batch, ImportTarget, write_batch
from defectstudio.data.project import Project
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.session import Session


class SplitCount(BaseModel):
    """How many images of a split are good, defective, not looked at, and fully segmented (defective ones only)."""

    split: str
    good: int
    defective: int
    unlabelled: int
    segmented: int


class ProjectInfo(BaseModel):
    """What a project holds."""

    folder: str
    events: int
    images: int
    classes: list[str]
    splits: list[SplitCount]
    groups: int
    runs: list[str]
    segmented_lists: list[str]


def open_session(folder: Path, *, readonly: bool = False) -> Session:
    """Open a project to work on. Raises ProjectLocked when somebody else writes to it."""
    return Session(Project.open(folder, readonly=readonly))


def import_job(project: Project, plan: ImportPlan) -> Callable[[CancelToken], Job[Batch]]:
    """The import as a job for any thread; hand its result to `record_import` on the thread of the session."""
    target = ImportTarget.of(project.state, project.images_folder)
    return lambda token: write_batch(plan, target, token)


def record_import(session: Session, plan: ImportPlan, batch: Batch) -> None:
    """Write an import into the journal as one gesture; takes its files away again when that fails."""
    try:
        session.record(f"import {batch.images} images from {plan.source.name}", batch.events)
    except BaseException:
        batch.discard()
        raise


def summary(project: Project) -> ProjectInfo:
    """Counts of a project as it is now."""
    state = project.state
    present = project.present_images()
    segmented = project.segmented_images()
    counts: dict[str, Counter[str]] = {}
    for image in present:
        entry = state.images[image]
        count = counts.setdefault(entry.placement.split, Counter())
        count[entry.tag.verdict.value] += 1
        count["segmented"] += entry.tag.verdict is Verdict.DEFECTIVE and image in segmented
    return ProjectInfo(
        folder=str(project.folder),
        events=project.journal.last_event,
        images=len(present),
        classes=[state.classes[index].name for index in sorted(state.classes)],
        splits=[
            SplitCount(
                split=split,
                good=count["good"],
                defective=count["defective"],
                unlabelled=count["unlabelled"],
                segmented=count["segmented"],
            )
            for split, count in sorted(counts.items())
        ],
        groups=len({state.images[image].placement.group or str(image) for image in present}),
        runs=list(state.runs),
        segmented_lists=sorted(state.segmented),
    )
