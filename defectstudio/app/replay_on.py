"""Would these answers have helped another model? Its configuration is trained with them and without, and tested.

With: the labels as they are. Without: the labels as they would be had no panel been answered, no detection judged and
no dense map accepted (`data.without`). Both trainings begin with new weights and have the same configuration, seed and
images to be tested on, none of which an answer was about. Verdicts on new images teach as they do in mentoring: the
masked loss, as many of them as of the others in a batch, so that the others are seen equally often in both trainings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from defectstudio.app.compared import Estimate, estimate
from defectstudio.app.workflows import runs
from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.without import snapshot_without, steps_of_answers, touched_by
from defectstudio.domain.bootstrap import draw_groups, histogram_ap, interval, numbered, weighted_ap
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId
from defectstudio.domain.metrics import FloatArray, PixelTally, average_precision
from defectstudio.domain.progress import CancelToken, Job, Progress

DRAWS, BINS = 1000, 1024
EVERY = 4
"""Every so many rows and columns count for pixel AP: neighbours say nearly the same."""


class Figures(BaseModel):
    """AP over the images that were held out and over their pixels, 0..1, None where not defined; one a seed."""

    model_config = ConfigDict(frozen=True)

    ap: list[float | None]
    pixel_ap: list[float | None]


class Helped(BaseModel):
    """A model trained without the recorded answers and with them.

    `difference` of AP, with minus without, mean over seeds, with a paired interval over groups of held-out images; None
    where AP is not defined. `pixel_difference`: of pixel AP, in which refined masks show.

    `answers`, `verdicts`: how many stand; `touched`: images that they were about.
    """

    model_config = ConfigDict(frozen=True)

    run: str
    seeds: list[int]
    split: str
    held_out: int
    held_out_defective: int
    left_out: int
    """Images of that split that answers were about, and which therefore test nothing."""
    answers: int
    verdicts: int
    touched: int
    trained_without: int
    trained_with: int
    without: Figures
    with_answers: Figures
    difference: Estimate
    pixel_difference: Estimate

    @property
    def verdict(self) -> str:
        """What the interval allows to say of whole images."""
        return said_of(self.difference)

    @property
    def pixel_verdict(self) -> str:
        """What the interval allows to say of pixels."""
        return said_of(self.pixel_difference)


def said_of(difference: Estimate) -> str:
    """A difference in words: "helped", "harmed", "no clear difference", "not defined" where there is no figure."""
    if difference.value is None:
        return "not defined"
    if not difference.clear:
        return "no clear difference"
    return "helped" if difference.value > 0 else "harmed"


@dataclass(frozen=True, slots=True)
class _Trial:
    """What both trainings are given. `new`: images that verdicts are about, and that did not train the run."""

    record: RunRecord
    folder: Path
    cache: Path
    without: Snapshot
    with_answers: Snapshot
    test: Snapshot
    new: frozenset[ImageId]

    @property
    def group(self) -> NDArray[np.intp]:
        """The number of the group of each image that tests."""
        return numbered([image.group or image.id for image in self.test.images])


@dataclass(frozen=True, slots=True)
class _Outcome:
    """`pixels`: how many healthy and defect pixels of each group have each score, (2, groups, BINS)."""

    scores: NDArray[np.float64]
    ap: float
    pixel_ap: float
    pixels: FloatArray
    trained: int


def replay_on_job(
    project: Project, run: str, *, seeds: int = 1, split: str = "test"
) -> Callable[[CancelToken], Job[Helped]]:
    """Train the configuration of a run without and with the recorded answers, once a seed; nothing is written.

    Raises DefectStudioError for an unknown run, a project without answers, and a split without images of both kinds
    that no answer was about.
    """
    trial, left_out, touched = _prepare(project, run, split)
    state = project.state
    counts = {
        "answers": len(state.answers),
        "verdicts": sum(len(entry.judged) for entry in state.images.values() if entry.present),
        "touched": len(touched),
        "left_out": left_out,
    }

    def job(token: CancelToken) -> Job[Helped]:
        found: list[tuple[_Outcome, _Outcome]] = []
        chosen = [trial.record.config.seed + number for number in range(seeds)]
        for number, seed in enumerate(chosen):
            yield Progress(2 * number, 2 * seeds, f"Training without the answers, seed {seed}")
            without = yield from _train(trial, seed, token, answers=False)
            yield Progress(2 * number + 1, 2 * seeds, f"Training with the answers, seed {seed}")
            found.append((without, (yield from _train(trial, seed, token, answers=True))))
        return _said(trial, split, chosen, found, counts)

    return job


def _prepare(project: Project, run: str, split: str) -> tuple[_Trial, int, frozenset[ImageId]]:
    records = {record.id: record for record in runs(project)}
    if run not in records:
        raise DefectStudioError(f"There is no run {run}.", hint=f"The runs are: {', '.join(records) or 'none'}.")
    gestures = steps_of_answers(project)
    touched = touched_by(project, gestures)
    if not touched:
        raise DefectStudioError("No answer or verdict is recorded here.", hint="Refine or mentor first.")
    record, now, before = records[run], project.snapshot(), snapshot_without(project, gestures)
    test = now.split(split).tagged.where(lambda i: i.id not in touched and i.id not in record.images)
    if len({image.defective for image in test.images}) < 2:
        raise DefectStudioError(
            f"Split {split!r} has no good or no defective image that was neither trained on nor answered about.",
            hint="Put labelled images into it, or name another one with --split.",
        )
    mentored = set(record.mentoring.mentored) if record.mentoring is not None else set()
    original = set(record.images) - mentored
    judged = {image for image, entry in project.state.images.items() if entry.judged}
    new = frozenset(image for image in judged - original if project.state.images[image].placement.split != split)
    pool = original | {image.id for image in now.images if image.id in touched and image.split in {"train", ""}}
    shown = set(record.segmented) | touched
    trial = _Trial(
        record,
        project.runs_folder / run,
        project.cache_folder,
        before.where(lambda image: image.id in pool - new).with_maps_of(shown),
        now.where(lambda image: image.id in pool | new).with_maps_of(shown),
        test,
        new,
    )
    return trial, sum(image.split == split for image in now.images if image.id in touched), touched


def _train(trial: _Trial, seed: int, token: CancelToken, *, answers: bool) -> Job[_Outcome]:
    """One training and its test. Where there are verdicts on new images, both have the candidate's configuration."""
    from defectstudio.learning.checkpoints import load_model
    from defectstudio.learning.predict import score
    from defectstudio.learning.trainers.mentored import MentoredTrainer, candidate_config
    from defectstudio.learning.trainers.mixed import fit, no_more

    settings = _settings(trial.record, seed)
    if answers and trial.new:
        trainer = MentoredTrainer(load_model(trial.folder), settings, trial.with_answers, trial.new, trial.cache)
        yield from trainer.run(token, no_more)
        trainer.together.close()
        model = trainer.model
    else:
        seen = (trial.with_answers if answers else trial.without).tagged
        config = trial.record.config.model_copy(update={"seed": seed})
        if trial.new:
            told = {index for image in trial.with_answers.images for index in image.tag.classes}
            config = candidate_config(config, settings, sorted(told))
        model = yield from fit(config, seen, token, cache=trial.cache, threshold=False)
    scored = yield from score(model, trial.test, token, cache=trial.cache)
    tally, group = PixelTally(), trial.group
    pixels = np.zeros((2, int(group.max()) + 1, BINS))
    for image, row, number in zip(trial.test.images, scored, group.tolist(), strict=True):
        if image.segmented:
            defect, heat = image.label_map()[::EVERY, ::EVERY] > 0, row.heat_map((image.height, image.width), EVERY)
            tally.add(defect, heat)
            one = PixelTally(BINS)
            one.add(defect, heat)
            pixels[:, number] += np.array([one.healthy, one.defect])
    scores = np.array([row.score for row in scored], np.float64)
    truth = [image.defective for image in trial.test.images]
    return _Outcome(scores, average_precision(truth, scores), tally.ap(), pixels, len(model.images))


def _settings(record: RunRecord, seed: int) -> MentorSettings:
    """Verdicts in a training that begins anew, of the length and rate that the run had."""
    config = record.config
    length = {"epochs": config.epochs, "lr": config.lr, "finetune_epochs": config.finetune_epochs or 0}
    return MentorSettings.model_validate({**length, "transfer": False, "batch": max(2, config.batch), "seed": seed})


def _said(
    trial: _Trial,
    split: str,
    seeds: list[int],
    found: Sequence[tuple[_Outcome, _Outcome]],
    counts: dict[str, int],
) -> Helped:
    sides = [
        Figures(ap=_defined([one.ap for one in part]), pixel_ap=_defined([one.pixel_ap for one in part]))
        for part in zip(*found, strict=True)
    ]
    images, differences = trial.test.images, _differences(trial, found)
    return Helped(
        run=trial.record.id,
        seeds=seeds,
        split=split,
        held_out=len(images),
        held_out_defective=sum(image.defective for image in images),
        trained_without=found[0][0].trained,
        trained_with=found[0][1].trained,
        without=sides[0],
        with_answers=sides[1],
        difference=differences[0],
        pixel_difference=differences[1],
        **counts,
    )


def _differences(trial: _Trial, found: Sequence[tuple[_Outcome, _Outcome]]) -> tuple[Estimate, Estimate]:
    """Mean over seeds of AP with minus AP without, of images and of pixels; both get the same draws of groups."""
    group = trial.group
    by_group = draw_groups(int(group.max()) + 1, DRAWS, np.random.default_rng(0))
    weights, truth = by_group[:, group], np.array([image.defective for image in trial.test.images])

    def images(one: _Outcome) -> FloatArray:
        return weighted_ap(truth, one.scores, weights)

    def pixels(one: _Outcome) -> FloatArray:
        return histogram_ap(by_group @ one.pixels[0], by_group @ one.pixels[1])

    figures = [
        [images(one) - images(other) for other, one in found],
        [pixels(one) - pixels(other) for other, one in found],
    ]
    means = [[one.ap - other.ap for other, one in found], [one.pixel_ap - other.pixel_ap for other, one in found]]
    first, second = (
        estimate(float(np.mean(mean)), *interval(np.mean(drawn, axis=0)))
        for mean, drawn in zip(means, figures, strict=True)
    )
    return first, second


def _defined(values: Sequence[float]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
