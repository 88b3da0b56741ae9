"""How a recorded training is done once more: ordinary runs, candidates from verdicts, and rounds of refinement.

Each is given the labels, answers and weights that it had then, its recorded configuration and seed, and a folder that
goes away. `app.verify` compares what comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from defectstudio.app.refinement import refinable
from defectstudio.app.workflows import runs
from defectstudio.data.past import snapshot_at
from defectstudio.data.pixels import sha256_of
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, RunRecord
from defectstudio.data.similarity import RoundRecord, list_rounds, read_index, round_folder
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.timeline import Timeline
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.answers import said_patches

Recorded = RunRecord | RoundRecord
Again = Callable[[Path, CancelToken], Job[Recorded]]
"""Trains once more into a folder inside the one given, of the name that the recorded one has."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """One recorded training: its name, its record, the folder of its weights, and how to do it again.

    `problem`: why it cannot be done again, "" where it can; `differs`: what is known to be different beforehand.
    """

    name: str
    record: Recorded
    folder: Path
    again: Again
    problem: str = ""
    differs: tuple[str, ...] = ()


def repeats(project: Project, name: str | None = None) -> list[Repeat]:
    """Every finished run and round of a project, or the one of a name ("round 2" is a round).

    Raises DefectStudioError where there is none.
    """
    finished: dict[str, Recorded] = {record.id: record for record in runs(project) if record.status == "finished"}
    known = [record for record in list_rounds(project.folder) if record.status == "finished"]
    finished |= {f"round {record.round}": record for record in known}
    wanted = finished if name is None else {key: record for key, record in finished.items() if key == name}
    if not wanted:
        what = "no finished run" if name is None else f"no finished run {name}"
        hint = f"The finished runs are: {', '.join(finished) or 'none'}."
        raise DefectStudioError(f"There is {what} to train again.", hint=hint)
    return [_repeat(project, key, record) for key, record in wanted.items()]


def _repeat(project: Project, name: str, record: Recorded) -> Repeat:
    if isinstance(record, RoundRecord):
        folder = round_folder(project.folder, record.round)
        make = _round_again
    else:
        folder = project.runs_folder / record.id
        make = _mentored_again if record.mentoring is not None else _run_again  # type: ignore[assignment]
    try:
        again, differs = make(project, record)  # type: ignore[arg-type]
    except DefectStudioError as error:
        return Repeat(name, record, folder, _never, str(error))
    return Repeat(name, record, folder, again, differs=differs)


def _never(folder: Path, token: CancelToken) -> Job[Recorded]:
    raise AssertionError("a training with a problem is not done again")
    yield


def _run_again(project: Project, record: RunRecord) -> tuple[Again, tuple[str, ...]]:
    then, cache = snapshot_at(project, record.event), project.cache_folder
    seen = set(record.images)
    validation = then.where(lambda image: image.split == "val" and image.id not in seen).tagged

    def again(scratch: Path, token: CancelToken) -> Job[Recorded]:
        from defectstudio.learning.recording import chosen_again, train

        chosen = chosen_again(record, then)
        folder = scratch / record.id
        job = train(record.config, chosen, folder, cache=cache, validation=validation, boxes=record.boxes)
        return (yield from job(token))

    return again, ()


def _mentored_again(project: Project, record: RunRecord) -> tuple[Again, tuple[str, ...]]:
    known = record.mentoring
    assert known is not None
    base = project.runs_folder / known.base
    if not (base / WEIGHTS).is_file():
        raise DefectStudioError(f"The run {known.base}, from which it came, is gone.")
    there = sha256_of(base / WEIGHTS)
    differs = () if there == known.base_weights else (f"weights of {known.base}: {there}, was {known.base_weights}",)
    then, cache, wanted = snapshot_at(project, record.event), project.cache_folder, set(record.images)
    pool = then.where(lambda image: image.id in wanted)
    if len(pool.images) != len(wanted):
        raise DefectStudioError("Images that it was started on are gone from the project.")
    seen = wanted | set(known.mentored)
    validation = then.where(lambda image: image.split == "val" and image.id not in seen).tagged

    def again(scratch: Path, token: CancelToken) -> Job[Recorded]:
        from defectstudio.learning.recording_boxes import mentor_boxes_run
        from defectstudio.learning.recording_mentored import mentor

        folder, said = scratch / record.id, known.verdicts
        if known.settings.head == "boxes":
            only = mentor_boxes_run(known.settings, base, pool, known.mentored, folder, verdicts=said, cache=cache)
            return (yield from only(token))
        job = mentor(
            known.settings, base, pool, known.mentored, folder, verdicts=said, cache=cache, validation=validation
        )
        return (yield from job(token))

    return again, differs


def _round_again(project: Project, record: RoundRecord) -> tuple[Again, tuple[str, ...]]:
    images = _images_of(project, record)
    state = Timeline(project.journal, project.cache_folder).state_at(record.event)
    refined, cache = said_patches(state), project.cache_folder
    if len(refined) != record.answers:
        raise DefectStudioError(f"It learnt from {record.answers} patches; the journal gives {len(refined)}.")
    start = None if record.before is None else round_folder(project.folder, record.before)
    if start is not None and not (start / WEIGHTS).is_file():
        raise DefectStudioError(f"Round {record.before}, with whose weights it began, is gone.")

    def again(scratch: Path, token: CancelToken) -> Job[Recorded]:
        from defectstudio.learning.similarity import train_round

        folder = scratch / f"{record.round:03d}"
        job = train_round(record.config, images, folder, refined=refined, start=start, cache=cache, maps=record.start)
        return (yield from job(token))

    return again, ()


def _images_of(project: Project, record: RoundRecord) -> Snapshot:
    """The images that a round learnt from: its record counts them, and its patches name those that it can ask about."""
    then = snapshot_at(project, record.event)
    named = set(read_index(round_folder(project.folder, record.round)).image.tolist())
    count = record.counts.get("images", len(named))
    usual = refinable(then)
    if len(usual.images) == count and named <= {image.id for image in usual.images}:
        return usual
    shown = then.where(lambda image: image.id in named)
    if len(shown.images) != count:
        raise DefectStudioError(f"It learnt from {count} images; which ones is not recorded for {count - len(named)}.")
    return shown
