"""Similarity refinement from starting maps to the next round: what the window and the command line both do [SIM].

The order of the work: `maps_job` in any thread and `record_start` on the session's (or `start_job`, which does both in
one short turn), `round_job` in any thread, `open_refinement` to ask and answer, `round_job` again. A round lies in
`<project>/rounds/<NNN>/`; a finished one is never trained again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from defectstudio.app.refinement_maps import (
    StartingMaps,
    StartSettings,
    maps_job,
    newest_start,
    record_start,
    restore_start,
)
from defectstudio.app.study import digest
from defectstudio.data.arrays import read_arrays, write_arrays
from defectstudio.data.project import Project
from defectstudio.data.similarity import (
    RoundRecord,
    SimilarityConfig,
    list_rounds,
    read_index,
    read_round,
    round_folder,
    similarity_config,
)
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.progress import CancelToken, Job, finish
from defectstudio.domain.refinement import Patch
from defectstudio.sessions.answers import Contested, said_patches
from defectstudio.sessions.answers import contested as contested_patches
from defectstudio.sessions.refinement import Refinement, RefineSettings
from defectstudio.sessions.session import Session

__all__ = [
    "StartSettings",
    "StartingMaps",
    "contested",
    "heat",
    "heat_job",
    "judged_job",
    "maps_job",
    "newest_finished",
    "newest_start",
    "open_refinement",
    "record_start",
    "refinable",
    "restore_start",
    "round_job",
    "rounds",
    "start_job",
]

Heat = NDArray[np.float32]
SPLITS = ("train",)


def rounds(project: Project) -> list[RoundRecord]:
    """The records of all rounds, by number, the unfinished ones too."""
    return list_rounds(project.folder)


def newest_finished(project: Project) -> RoundRecord | None:
    """The newest round that is trained to its end."""
    return next((record for record in reversed(rounds(project)) if record.status == "finished"), None)


def refinable(snapshot: Snapshot, splits: Sequence[str] = SPLITS) -> Snapshot:
    """The images that rounds learn from and ask about: those of the splits with a tag or something drawn.

    All such images where the project has no splits.
    """
    known = snapshot.where(lambda image: image.good or image.label_code is not None)
    if {image.split for image in snapshot.images} <= {""}:
        return known
    return known.where(lambda image: image.split in splits)


def start_job(
    session: Session,
    settings: StartSettings | None = None,
    config: SimilarityConfig | None = None,
    *,
    splits: Sequence[str] = SPLITS,
) -> Callable[[CancelToken], Job[RoundRecord]]:
    """Write starting maps as one gesture, at once, and train the first round from them.

    For many images make the maps in a job instead (`maps_job`, `record_start`, then `round_job` with `anew`). Raises
    DefectStudioError as those do.
    """
    _check_writable(session.project)
    record_start(session, finish(maps_job(session.project, settings or StartSettings())(CancelToken())))
    return round_job(session.project, config, splits=splits, anew=True)


def round_job(
    project: Project,
    config: SimilarityConfig | None = None,
    *,
    splits: Sequence[str] = SPLITS,
    anew: bool = False,
    cache: Path | None = None,
) -> Callable[[CancelToken], Job[RoundRecord]]:
    """Train the next round on the labels and answers as they are, in any thread.

    It begins with the weights of the newest finished round and takes that round's `config` where none is given; `anew`:
    with fresh weights. `cache`: of the features, by default the project's. What an unfinished round left is replaced.
    Raises DefectStudioError when the project is open for reading only or no image has labels.
    """
    _check_writable(project)
    before = None if anew else newest_finished(project)
    chosen = config or (similarity_config() if before is None else before.config)
    snapshot = refinable(project.snapshot(), splits)
    if not snapshot.images:
        raise DefectStudioError("No image has labels to refine.", hint="Tag images, or draw boxes round defects first.")
    number = next_number(project)
    folder, features = round_folder(project.folder, number), cache or project.cache_folder
    start = None if before is None else round_folder(project.folder, before.round)
    made = newest_start(project)
    kind = "labels" if made is None else made.kind
    refined = said_patches(project.state)

    def job(token: CancelToken) -> Job[RoundRecord]:
        from defectstudio.learning.similarity import train_round

        shutil.rmtree(folder, ignore_errors=True)
        job = train_round(chosen, snapshot, folder, refined=refined, start=start, cache=features, maps=kind)
        return (yield from job(token))

    return job


def next_number(project: Project) -> int:
    """The number of the round to train next: one more than that of the newest finished one."""
    newest = newest_finished(project)
    return 0 if newest is None else newest.round + 1


def open_refinement(
    session: Session, settings: RefineSettings | None = None, *, seed: int = 0, number: int | None = None
) -> Refinement | None:
    """Panels about the patches of the newest finished round, or of round `number`; None where there is none.

    The side of a patch is that of the round.
    """
    project = session.project
    newest = newest_finished(project) if number is None else read_round(round_folder(project.folder, number))
    if newest is None:
        return None
    index = read_index(round_folder(project.folder, newest.round))
    fitting = replace(settings or RefineSettings(), patch=newest.config.patch)
    return Refinement(session, index, round=newest.round, settings=fitting, seed=seed)


def contested(project: Project) -> list[Contested]:
    """Patches of which different things were said; see `sessions.answers.contested`."""
    return contested_patches(project.state)


def heat(project: Project, number: int, image: ImageId) -> Heat:
    """P(defect) of one image by a round, (ceil(height / stride), ceil(width / stride)) float32; from any thread.

    Computed once and kept in `cache/`. Raises DefectStudioError for a round or an image that is not there.
    """
    return finish(heat_job(project, number, [image])(CancelToken()))[image]


def heat_job(
    project: Project, number: int, images: Sequence[ImageId] | None = None, *, cache: Path | None = None
) -> Callable[[CancelToken], Job[dict[ImageId, Heat]]]:
    """P(defect) of some images (None: all) by a round, as `heat`."""
    folder, features = round_folder(project.folder, number), cache or project.cache_folder
    snapshot = _without_labels(project, project.present_images() if images is None else images)
    record = read_round(folder)  # says what is wrong before a thread begins
    kept = project.cache_folder / "heat" / digest(number, record.created, record.config.model_dump(mode="json"))

    def job(token: CancelToken) -> Job[dict[ImageId, Heat]]:
        from defectstudio.learning.similarity import heat_map

        found = _known_heats(kept, snapshot)
        missing = snapshot.where(lambda image: image.id not in found)
        if missing.images:
            new = yield from heat_map(folder, missing, [image.id for image in missing.images], features)(token)
            for image in missing.images:
                write_arrays(_heat_file(kept, image), {"heat": new[image.id]})
            found |= new
        return found

    return job


def judged_job(
    project: Project, number: int, patches: Sequence[Patch], cache: Path
) -> Callable[[CancelToken], Job[Heat]]:
    """P(defect) of some patches by a round, (n,) float32. Raises as `heat`. `cache`: of the features."""
    folder = round_folder(project.folder, number)
    snapshot = _without_labels(project, sorted({patch.image for patch in patches}))

    def job(token: CancelToken) -> Job[Heat]:
        from defectstudio.learning.similarity import judge_patches

        if not patches:
            return np.zeros(0, np.float32)
        return (yield from judge_patches(folder, snapshot, patches, cache)(token))[1]

    return job


def _heat_file(folder: Path, image: SnapshotImage) -> Path:
    return folder / f"{image.id}-{image.sha256[:16]}.npz"


def _known_heats(folder: Path, snapshot: Snapshot) -> dict[ImageId, Heat]:
    kept = ((image.id, read_arrays(_heat_file(folder, image))) for image in snapshot.images)
    return {image: arrays["heat"] for image, arrays in kept if arrays is not None}


def _without_labels(project: Project, images: Sequence[ImageId]) -> Snapshot:
    """Images as a predictor sees them, made from memory alone, so that any thread may ask."""
    states, store = project.state.images, project.pixels
    missing = [image for image in images if image not in states or not states[image].present]
    if missing:
        raise DefectStudioError(f"There is no image {missing[0]} in the project.", hint="Choose one of the gallery.")
    return Snapshot(
        0,
        (),
        tuple(_unlabelled(project, image) for image in images),
        lambda image: store.read(states[image.id].info.shard, image.id),
    )


def _unlabelled(project: Project, image: ImageId) -> SnapshotImage:
    entry = project.state.images[image]
    info, placement = entry.info, entry.placement
    size = info.height, info.width, info.channels, info.bits
    return SnapshotImage(image, info.name, info.sha256, *size, placement.split, placement.group, entry.tag)


def _check_writable(project: Project) -> None:
    if project.readonly:
        raise DefectStudioError("This project is open for reading only.", hint="Open it for writing to refine.")
