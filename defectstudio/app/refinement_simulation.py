"""Rounds of refinement with a simulated expert on a copy of a project, measured against the label maps that it has.

[SIM, section 4]: the maps of the project are taken for the truth, made coarse (boxes, a run's segmentation, noise), and
refined again. The project itself is not touched; the copy's journal holds every answer, so it can be replayed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from defectstudio.acquisition.queries import Anchoring
from defectstudio.app.refinement import SPLITS, judged_job, open_refinement, round_job
from defectstudio.app.refinement_dense import (
    DenseMaps,
    DenseSettings,
    accept_dense,
    dense_job,
    iou_precision_recall,
    pixel_counts,
)
from defectstudio.app.refinement_figures import PatchFigures, patch_figures, sample_patches
from defectstudio.app.refinement_maps import StartSettings, maps_job, record_start
from defectstudio.app.refinement_shared import FIRST, first_round_key, keep_round, recall_round
from defectstudio.data.copying import copy_project
from defectstudio.data.project import Project
from defectstudio.data.similarity import RoundRecord, SimilarityConfig, round_folder, similarity_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId, LabelMap
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.domain.refinement import WriteMode
from defectstudio.sessions.answers import flips, self_agreement
from defectstudio.sessions.refinement import RefineSettings
from defectstudio.sessions.session import Session
from defectstudio.sessions.simulate import SimulatedExpert

MAPS_IN_MEMORY = 64


class SimulationSettings(BaseModel):
    """What is simulated: the start, how patches are asked about and written, the expert's errors, the training.

    `dense`: when the dense maps of a round are accepted: never, after the last round, or after every one. `test`: the
    split whose patches are measured besides, "" none. `measured`: every round, or the first and the last alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: StartSettings = StartSettings(margin=8)
    rounds: int = Field(default=4, ge=1, le=100)
    per_round: int = Field(default=50, ge=1, le=10_000)
    error: float = Field(default=0.0, ge=0, le=1)
    seed: int = Field(default=0, ge=0)
    anchor: Anchoring = "unsure"
    choose: Literal["hardest", "random"] = "hardest"
    write: WriteMode = "superpixel"
    shift: bool = False
    blind: float = Field(default=0.05, ge=0, le=1)
    dense: Literal["never", "end", "each"] = "end"
    dense_settings: DenseSettings = DenseSettings()
    config: SimilarityConfig = Field(default_factory=similarity_config)
    splits: tuple[str, ...] = SPLITS
    test: str = ""
    measured: Literal["each", "ends"] = "each"


class RoundFigures(BaseModel):
    """What holds when so many answers were given and a round was trained on them.

    `map_...`: the label maps of the images that are refined, as they stand; `dense_...`: what the round's heat maps
    would make of them (pixels, pooled over images); `true`, `initial`: patches of the test images against the true
    maps and against maps that were made as the starting ones.
    """

    round: int
    answers: int
    flips: int
    agreement: float | None
    map_iou: float
    map_recall: float
    map_precision: float
    dense_iou: float
    dense_recall: float
    dense_precision: float
    threshold: float
    true: PatchFigures | None = None
    initial: PatchFigures | None = None
    seconds: float


class Simulation(BaseModel):
    """A simulated refinement: the maps it started from, and every round. The round 0 is trained before any answer."""

    started_iou: float
    started_recall: float
    started_precision: float
    images: int
    rounds: list[RoundFigures]
    expert_minutes: float
    flips: int = 0
    """Labels that answers changed, in all rounds."""


def simulate_job(
    project: Project,
    settings: SimulationSettings,
    *,
    keep: Path | None = None,
    cache: Path | None = None,
    shared: Path | None = None,
) -> Callable[[CancelToken], Job[Simulation]]:
    """Simulate on a copy of the project, in any thread; the copy is kept at `keep`, a new folder, where one is given.

    `cache`: of the features, by default the project's. `shared`: a folder in which simulations that start alike leave
    their first round to each other (`refinement_shared`).

    Raises DefectStudioError when no image has a complete mask of a defect.
    """
    features = cache or project.cache_folder
    folder = keep or Path(mkdtemp(prefix="refinement-", dir=_scratch(features)))
    copy_project(project, folder)

    def job(token: CancelToken) -> Job[Simulation]:
        with _opened(folder, keep=keep is not None) as copied:
            return (yield from _Simulation(Session(copied), settings, features, shared).run(token))

    return job


def _scratch(cache: Path) -> Path:
    scratch = cache / "simulations"
    scratch.mkdir(parents=True, exist_ok=True)
    return scratch


@contextmanager
def _opened(folder: Path, *, keep: bool) -> Iterator[Project]:
    try:
        with Project.open(folder) as copied:
            yield copied
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


class _Simulation:
    """One simulated refinement of an open copy."""

    def __init__(self, session: Session, settings: SimulationSettings, cache: Path, shared: Path | None) -> None:
        self.session, self.project, self.settings, self.cache = session, session.project, settings, cache
        self.truth = self.project.snapshot()
        self.first = None if shared is None else shared / first_round_key(self.truth, settings)
        self.true_map = _maps_of(self.truth)
        self.begun = time.monotonic()
        self.initial_map = self.true_map
        self.measured = self._complete(settings.splits)
        self.tested = self._complete([settings.test]) if settings.test else []
        if not self.measured:
            raise DefectStudioError(
                "No image has a complete mask to compare with.", hint="Draw or import masks of defects first."
            )
        self.expert = SimulatedExpert(
            self.true_map,
            error=settings.error,
            seed=settings.seed,
            classes=tuple(known.index for known in self.truth.classes) or (1,),
            patch=settings.config.patch,
            shift=settings.shift,
        )

    def _complete(self, wanted: Sequence[str]) -> list[ImageId]:
        """The images of some splits, of all where the project has none, whose true map is complete."""
        all_alike = {image.split for image in self.truth.images} <= {""} and "" not in wanted
        chosen = self.truth.where(lambda image: image.defective and image.segmented)
        return [image.id for image in chosen.images if all_alike or image.split in wanted]

    def run(self, token: CancelToken) -> Job[Simulation]:
        """Start, then train and answer by turns; the last training has seen every answer."""
        settings, found = self.settings, []
        record_start(self.session, (yield from maps_job(self.project, settings.start)(token)))
        started = iou_precision_recall(self._counted())
        self.initial_map = _maps_of(self.project.snapshot())
        for number in range(settings.rounds + 1):
            first = self._recalled() if number == 0 else None
            record, figures = first or ((yield from self._train(number, token)), None)
            accepted = settings.dense == "each" or (settings.dense == "end" and number == settings.rounds)
            wanted = settings.measured == "each" or number in {0, settings.rounds}
            if accepted or (wanted and figures is None):
                dense = yield from self._dense(record, token)
                figures = yield from self._figures(record, dense, token)
                if accepted:
                    accept_dense(self.session, dense)
            found += [figures] if wanted and figures is not None else []
            if number == 0 and first is None and figures is not None:
                self._keep(figures)
            if number < settings.rounds:
                self._answer(record, token)
        answers = list(self.project.state.answers.values())
        return Simulation(
            started_iou=started[0],
            started_precision=started[1],
            started_recall=started[2],
            images=len(self.measured),
            rounds=found,
            expert_minutes=sum(event.answer.seconds for event in answers) / 60,
            flips=flips(answers, self.expert.classes),
        )

    def _recalled(self) -> tuple[RoundRecord, RoundFigures] | None:
        """The first round of a simulation that began alike, and its figures."""
        config = self.settings.config
        record = None if self.first is None else recall_round(self.first, round_folder(self.project.folder, 0), config)
        if record is None or self.first is None:
            return None
        return record, RoundFigures.model_validate_json((self.first / FIRST).read_bytes())

    def _keep(self, figures: RoundFigures) -> None:
        if self.first is not None:
            keep_round(self.first, round_folder(self.project.folder, 0), figures.model_dump_json())

    def _train(self, number: int, token: CancelToken) -> Job[RoundRecord]:
        config = self.settings.config.model_copy(update={"seed": self.settings.seed})
        anew = number == 0
        job = round_job(self.project, config, splits=self.settings.splits, anew=anew, cache=self.cache)
        return (yield from job(token))

    def _dense(self, record: RoundRecord, token: CancelToken) -> Job[DenseMaps]:
        s = self.settings
        job = dense_job(self.project, record.round, s.dense_settings, splits=s.splits, cache=self.cache)
        return (yield from job(token))

    def _answer(self, record: RoundRecord, token: CancelToken) -> None:
        """One round of answers by the expert."""
        s = self.settings
        chosen = RefineSettings(anchor=s.anchor, choose=s.choose, write=s.write, per_round=s.per_round, blind=s.blind)
        refinement = open_refinement(self.session, chosen, seed=s.seed, number=record.round)
        assert refinement is not None  # its round was trained just now
        try:
            while not refinement.complete:
                token.check()
                panel = refinement.next_panel()
                refinement.answer(panel, self.expert.answer(panel), expert=self.expert.name)
        finally:
            refinement.close()

    def _figures(self, record: RoundRecord, dense: DenseMaps, token: CancelToken) -> Job[RoundFigures]:
        mapped = iou_precision_recall(self._counted())
        proposed = iou_precision_recall(pixel_counts({i: dense.maps[i] for i in self.measured}, self.true_map))
        answers = list(self.project.state.answers.values())
        newest = [event for event in answers if event.panel.round == record.round - 1]
        true, initial = yield from self._tested(record, token)
        return RoundFigures(
            round=record.round,
            answers=len(answers),
            flips=flips(newest, self.expert.classes),
            agreement=self_agreement(answers),
            map_iou=mapped[0],
            map_precision=mapped[1],
            map_recall=mapped[2],
            dense_iou=proposed[0],
            dense_precision=proposed[1],
            dense_recall=proposed[2],
            threshold=dense.threshold,
            true=true,
            initial=initial,
            seconds=round(time.monotonic() - self.begun, 1),
        )

    def _tested(self, record: RoundRecord, token: CancelToken) -> Job[tuple[PatchFigures | None, PatchFigures | None]]:
        """Patches of the test images against the true maps, and others against the maps at the start."""
        sampled = [sample_patches(self.tested, labels, self.settings.seed) for labels in self.label_maps]
        job = judged_job(self.project, record.round, [said.patch for each in sampled for said in each], self.cache)
        p_defect = np.split((yield from job(token)), [len(sampled[0])])
        true, initial = (patch_figures(p, said) for p, said in zip(p_defect, sampled, strict=True))
        return true, initial

    @property
    def label_maps(self) -> tuple[Callable[[ImageId], LabelMap], Callable[[ImageId], LabelMap]]:
        """What test images are measured against: the truth, and the maps at the start."""
        return self.true_map, self.initial_map

    def _counted(self) -> tuple[int, int, int]:
        """The label maps as they are against the truth."""
        now = _maps_of(self.project.snapshot())
        return pixel_counts({image: now(image) for image in self.measured}, self.true_map)


def _maps_of(snapshot: Snapshot) -> Callable[[ImageId], LabelMap]:
    images = {image.id: image for image in snapshot.images}
    return lru_cache(maxsize=MAPS_IN_MEMORY)(lambda image: images[image].label_map())
