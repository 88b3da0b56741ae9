"""A branch: a copy of a project that ends after one of its events and goes on from there, with a journal of its own.

The history up to that event is told anew, so that its digests are those of the original; pixels and runs are written
once and only read, so both projects share them where the disk can.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from defectstudio.data.check import check
from defectstudio.data.journal import Journal
from defectstudio.data.mining import MiningQueue, read_queue, write_queue
from defectstudio.data.project import DATABASE, Project, is_local
from defectstudio.data.retelling import retell, told, whole_gesture
from defectstudio.data.runs import weights_digest
from defectstudio.data.similarity import list_rounds, round_folder
from defectstudio.data.timeline import state_digest
from defectstudio.data.whole import unwritable
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import RunAdded
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.state import LabelState
from defectstudio.sessions.session import Session

logger = logging.getLogger(__name__)
LINKED = {".h5", ".safetensors"}


class Branched(BaseModel):
    """A branch that was made: where, after which event, and what it holds. `digest`: of its state."""

    model_config = ConfigDict(frozen=True)

    folder: str
    event: int
    images: int
    runs: int
    rounds: int
    digest: str


def branch_job(folder: Path, event: int, out: Path) -> Callable[[CancelToken], Job[Branched]]:
    """Copy the project in `folder` as it was after an event into the new folder `out`.

    An event in the middle of a step counts as the end of the step before it. Raises DefectStudioError where the event
    is yet to come, `out` holds something, or the project is not what its journal says; then nothing is left behind.
    """

    def job(token: CancelToken) -> Job[Branched]:
        check_new(out)
        yield from check_whole(folder, token)
        place = out.with_name(f".{out.name}.part")
        journal = Journal(folder / DATABASE, readonly=True)
        try:
            last = whole_gesture(journal, event)
            shutil.rmtree(place, ignore_errors=True)
            for part in ("images", "runs", "cache"):
                (place / part).mkdir(parents=True)
            yield from retell(place / DATABASE, told(journal, last), token, local=is_local(place))
            made = yield from _with_files(folder, place, last, token)
            move_into_place(place, out)
            return made.model_copy(update={"folder": str(out)})
        except OSError as error:
            raise unwritable(out, error) from error
        finally:
            journal.close()
            shutil.rmtree(place, ignore_errors=True)

    return job


def check_new(out: Path) -> None:
    """Raise DefectStudioError unless `out` is an empty or absent folder."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DefectStudioError(f"{out} is not an empty folder.", hint="Name a new folder.")


def check_whole(folder: Path, token: CancelToken) -> Job[None]:
    """Raise DefectStudioError unless a project is what its journal says: told anew, damage would look like truth."""
    report = yield from check(folder, token)
    if not report.whole:
        hint = "Restore it from a backup, or send the folder as it is."
        raise DefectStudioError(f"The project is not what its journal says: {report.problems[0]}", hint=hint)


def move_into_place(place: Path, out: Path) -> None:
    """Give a finished folder its name."""
    if out.exists():
        out.rmdir()  # it is empty, and Windows would not replace it
    place.replace(out)


def _with_files(folder: Path, place: Path, last: int, token: CancelToken) -> Job[Branched]:
    """Give a new journal the files that its state names, and the rounds and detections that there were then."""
    rounds = [record.round for record in list_rounds(folder) if record.event <= last]
    with Project.open(place) as project:
        state = project.state
        files = [Path("images") / shard for shard in state.shards]
        parts = [Path("runs") / run for run in (*state.runs, *state.deleted_runs)]
        parts += [round_folder(folder, number).relative_to(folder) for number in rounds]
        files += [path.relative_to(folder) for part in parts for path in sorted((folder / part).glob("*"))]
        for number, path in enumerate(files):
            token.check()
            yield Progress(number, len(files), f"Sharing {path.name}")
            _share(folder / path, place / path)
        _leave_out_later(project)
        _queue_of(folder, place, state)
        return Branched(
            folder=str(place),
            event=last,
            images=len(project.present_images()),
            runs=len(state.runs),
            rounds=len(rounds),
            digest=state_digest(state),
        )


def _share(source: Path, target: Path) -> None:
    """Link what is only ever replaced as a whole; copy the rest, and all of it to another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in LINKED:
        try:
            os.link(source, target)
            return
        except OSError as error:
            logger.info("%s is copied: %s", source, error)
    shutil.copy2(source, target)


def _leave_out_later(project: Project) -> None:
    """Runs whose weights are no longer those of the event (trained on, or gone from disk) are deleted runs here."""
    gone = []
    for run, weights in project.state.runs.items():
        if weights and weights_digest(project.runs_folder / run) != weights:
            gone.append(RunAdded(run, weights, present=False))
    if gone:
        Session(project).record("leave out runs that changed later", gone)


def _queue_of(folder: Path, place: Path, state: LabelState) -> None:
    """The detections that wait: those of runs and images that the branch knows."""
    queue = read_queue(folder)
    kept = [one for one in queue.detections if one.image in state.images and one.run in state.runs]
    looked = {run: _known(images, state) for run, images in queue.looked.items() if run.split("/")[0] in state.runs}
    if kept or looked:
        write_queue(place, MiningQueue(detections=kept, looked=looked))


def _known(images: Iterable[int], state: LabelState) -> list[int]:
    return [image for image in images if image in state.images]
