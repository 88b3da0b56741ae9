"""Replays how an expert would have drawn masks: rank the pool once, uncover the first N masks, train, test [AL].

All masks are known beforehand; `Replay` hides those that a strategy has not asked for yet. What a replay computes is
kept by a hash of all that decides it, so strategies that agree on a set of masks, and runs that go on, train once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.calibration import calibrate_folds
from defectstudio.acquisition.choose import Pool, choose
from defectstudio.app.study import digest, labels_digest
from defectstudio.data.runs import TrainConfig
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.metrics import PixelTally, average_precision
from defectstudio.domain.progress import CancelToken, Job

FORMAT = 1
EVERY = 4
"""Every so many rows and columns count for pixel AP: neighbours say nearly the same."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How masks are asked for: the strategy, K folds, M images of each class ahead, and what is made of P(defect)."""

    strategy: str
    folds: int = 2
    each_class: int = 0
    calibrate: bool = True
    once_per_group: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures on the test images, 0..1, None where not defined."""

    ap: float | None
    pixel_ap: float | None
    masks: int


@dataclass(frozen=True, slots=True)
class _Scores:
    p_defect: NDArray[np.float64]
    fold: NDArray[np.int64]
    p_classes: NDArray[np.float64] | None


class Replay:
    """One repeat: `training` with all its masks, `test`, a resolved configuration whose seed is the repeat's.

    `start`: how many masks, drawn by the seed, there are before the ranking; 0: the models saw tags alone. Features of
    all images must be in `cache` already where the encoder is frozen; outcomes are kept in `memory`.
    """

    def __init__(
        self, training: Snapshot, test: Snapshot, config: TrainConfig, cache: Path, memory: Path, *, start: int = 0
    ) -> None:
        self.training, self.test, self.config = training, test, config
        self.cache, self.memory = cache, memory
        drawn = [image for image in training.images if image.defective and image.segmented]
        if start > len(drawn):
            raise DefectStudioError(f"{start} starting masks are asked for; there are {len(drawn)}.")
        order = np.random.default_rng([config.seed, FORMAT]).permutation(len(drawn)).tolist()
        self.started = [drawn[k] for k in order[:start]]
        known = {image.id for image in self.started}
        self.pool = [image for image in drawn if image.id not in known]
        self._truth = digest(FORMAT, labels_digest(training), labels_digest(test), config.model_dump(mode="json"))

    @property
    def most(self) -> int:
        """All masks there are."""
        return len(self.started) + len(self.pool)

    def order(self, asking: Asking, count: int, token: CancelToken) -> Job[list[SnapshotImage]]:
        """The images in the order in which their masks are uncovered, the starting ones first.

        `count`: how many of them are spread over looks by `ours`.
        """
        if asking.strategy == "random":
            scores = _Scores(np.zeros(len(self.training.images)), np.zeros(len(self.training.images), np.int64), None)
        else:
            scores = yield from self._scored(asking.folds, token)
        looks = None if asking.strategy != "ours" else (yield from self._looks(token))
        pool = self._pool_of(scores, asking, looks)
        chosen = choose(
            pool,
            asking.strategy,
            max(count - len(self.started), 0),
            np.random.default_rng([self.config.seed, 7]),
            each_class=asking.each_class,
            once=asking.once_per_group and asking.strategy == "ours",
            weight=asking.weight,
        )
        return [*self.started, *(self.pool[k] for k in chosen.order.tolist())]

    def _pool_of(self, scores: _Scores, asking: Asking, looks: NDArray[np.float32] | None) -> Pool:
        row = {image.id: k for k, image in enumerate(self.training.images)}
        defective = [image.defective for image in self.training.images]
        p = calibrate_folds(scores.p_defect, defective, scores.fold) if asking.calibrate else scores.p_defect
        at = [row[image.id] for image in self.pool]
        begun = [row[image.id] for image in self.started]
        return Pool(
            p[at],
            groups=[image.group for image in self.pool],
            classes=[str(image.tag.classes[0]) if image.tag.classes else "" for image in self.pool],
            p_classes=None if scores.p_classes is None else scores.p_classes[at],
            embeddings=None if looks is None else looks[at],
            known=looks[begun] if looks is not None and begun else None,
            known_groups=frozenset(image.group for image in self.started) - {""},
        )

    def _scored(self, folds: int, token: CancelToken) -> Job[_Scores]:
        """All training images out of fold, by models that saw tags and the starting masks."""
        from defectstudio.learning.folds import score_folds
        from defectstudio.learning.supervision import classes_in_masks
        from defectstudio.learning.trainers.mixed import fit

        path = self._file("folds", folds, sorted(image.id for image in self.started))
        if path.is_file():
            return _read_scores(path)
        seen = self.training.with_maps_of(image.id for image in self.started)
        config = self.config.model_copy(update={"segment_classes": classes_in_masks(seen.images)})
        found = yield from score_folds(seen, seen.images, config, folds, self.cache, token, fit)
        scores = _Scores(found.p_defect, found.fold, found.p_classes)
        p_classes = None if scores.p_classes is None else scores.p_classes.tolist()
        _write(path, {"p_defect": scores.p_defect.tolist(), "fold": scores.fold.tolist(), "p_classes": p_classes})
        return scores

    def _looks(self, token: CancelToken) -> Job[NDArray[np.float32]]:
        from defectstudio.learning.embeddings import compute_embeddings, resolved_for_embeddings

        config = resolved_for_embeddings(self.config, self.training.images)
        _, known = yield from compute_embeddings(self.training, config, self.cache, token)
        return known.of([image.sha256 for image in self.training.images])

    def outcome(self, images: Sequence[SnapshotImage], token: CancelToken) -> Job[Outcome]:
        """Train with the masks of these images and the tags of all, and test."""
        from defectstudio.learning.predict import score
        from defectstudio.learning.trainers.mixed import fit

        path = self._file("outcome", sorted(image.id for image in images))
        if path.is_file():
            return Outcome(**json.loads(path.read_text(encoding="utf-8")))
        seen = self.training.with_maps_of(image.id for image in images)
        model = yield from fit(self.config, seen, token, cache=self.cache, threshold=False)
        scored = yield from score(model, self.test, token, cache=self.cache)
        tally = PixelTally()
        for image, row in zip(self.test.images, scored, strict=True):
            token.check()
            if image.segmented:
                heat = row.heat_map((image.height, image.width), EVERY)
                tally.add(image.label_map()[::EVERY, ::EVERY] > 0, heat)
        ap = average_precision([image.defective for image in self.test.images], [row.score for row in scored])
        found = Outcome(_defined(ap), _defined(tally.ap()), len(images))
        _write(path, asdict(found))
        return found

    def _file(self, *what: object) -> Path:
        return self.memory / f"{what[0]}-{digest(self._truth, *what)}.json"


def _write(path: Path, values: dict[str, Any]) -> None:
    with written_whole(path, durable=False) as temporary:
        temporary.write_text(json.dumps(values), encoding="utf-8")


def _read_scores(path: Path) -> _Scores:
    values = json.loads(path.read_text(encoding="utf-8"))
    p_classes = values["p_classes"]
    return _Scores(
        np.array(values["p_defect"], np.float64),
        np.array(values["fold"], np.int64),
        None if p_classes is None else np.array(p_classes, np.float64),
    )


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
