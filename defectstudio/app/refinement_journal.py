"""A journal of two refined rounds that is the same whenever it is made: for tests that old journals stay readable.

Nothing is trained: the patches of a round and P(defect) come from brightness, so the events depend on no network and on
no version of torch.
"""

from __future__ import annotations

import numpy as np

from defectstudio.app.refinement_maps import StartSettings, maps_job, record_start
from defectstudio.data.project import Project
from defectstudio.data.similarity import PatchIndex
from defectstudio.domain.labels import ImageId, LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.refinement import Refinement, RefineSettings
from defectstudio.sessions.session import Session
from defectstudio.sessions.simulate import SimulatedExpert

STRIDE = 4
START = "golden"


def golden_journal(session: Session, *, answers: int = 10, error: float = 0.1, seed: int = 0) -> None:
    """Refine a small project by two rounds of simulated answers, with one answer taken back and given again.

    The project needs at least one complete mask; its maps become boxes with a margin of 4 pixels first. Authors and
    times of gestures are those of the day; everything else follows from the project and the seed.
    """
    project = session.project
    truth = {image: project.state.maps[image].copy() for image in _masked(project)}
    record_start(session, finish(maps_job(project, StartSettings(margin=4))(CancelToken())), start=START)
    expert = SimulatedExpert(lambda image: _true(project, truth, image), error=error, seed=seed, patch=16)
    settings = RefineSettings(anchor="entropy", per_round=answers, blind=0.6, patch=16, apart=3, superpixel=6)
    for number in range(2):
        refinement = Refinement(session, bright_patches(project), round=number, settings=settings, seed=seed)
        _answer(refinement, expert)
        refinement.close()


def _answer(refinement: Refinement, expert: SimulatedExpert) -> None:
    while not refinement.complete:
        panel = refinement.next_panel()
        refinement.answer(panel, expert.answer(panel), expert=expert.name)
        if refinement.refinements == 2:
            again = refinement.take_back()
            refinement.answer(again, expert.answer(again), expert=expert.name)
            refinement.session.undo()
            refinement.session.redo()


def _masked(project: Project) -> list[ImageId]:
    return [i for i in project.present_images() if project.state.images[i].tag.verdict is Verdict.DEFECTIVE]


def _true(project: Project, truth: dict[ImageId, LabelMap], image: ImageId) -> LabelMap:
    return truth[image] if image in truth else np.zeros(project.state.images[image].shape, np.uint8)


def bright_patches(project: Project) -> PatchIndex:
    """Patches of all images at a stride of 4 pixels; P(defect) is how bright the centre is, 0..1."""
    ids, rows, columns, bright = [], [], [], []
    for image in project.present_images():
        pixels = project.read(image)
        grey = pixels if pixels.ndim == 2 else pixels[:, :, 0]
        grid = grey[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
        places = np.indices(grid.shape) * STRIDE + STRIDE // 2
        ids.append(np.full(grid.size, image, np.int64))
        rows.append(places[0].ravel().astype(np.int32))
        columns.append(places[1].ravel().astype(np.int32))
        bright.append((grid.ravel() / np.iinfo(grid.dtype).max).astype(np.float32))
    p_defect = np.concatenate(bright)
    looks = np.stack([p_defect, np.concatenate(rows) / 4096, np.concatenate(columns) / 4096], axis=1)
    return PatchIndex(
        np.concatenate(ids), np.concatenate(rows), np.concatenate(columns), looks.astype(np.float32), p_defect
    )
