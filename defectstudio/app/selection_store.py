"""What a scoring leaves in `cache/selection/`, so that another strategy, batch size or mark needs no training.

Like all of `cache/` it may be deleted at any time; a file that cannot be read counts as absent.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from defectstudio.data.arrays import read_arrays, write_arrays
from defectstudio.data.embeddings import FOLDER
from defectstudio.data.runs import TrainConfig

FILE = "scores.npz"
FORMAT = 1
ARRAYS = ("ids", "fold", "defective", "p_defect", "p_classes")


class ScoringFacts(BaseModel):
    """What a scoring stood on: the newest event it saw, when (UTC, ISO 8601), its resolved configuration, the splits,
    the key of its embeddings, the classes that its models told apart, and the images whose masks it had.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    event: int
    computed: str
    config: TrainConfig
    folds: int
    splits: tuple[str, ...]
    embeddings: str
    classes: tuple[int, ...] = ()
    segmented: tuple[int, ...] = ()


class Scoring:
    """The n tagged training images out of fold: ids, fold, defective (n,), P(defect) (n,), P(class) (n, C)."""

    def __init__(
        self,
        facts: ScoringFacts,
        ids: NDArray[np.int64],
        fold: NDArray[np.int64],
        defective: NDArray[np.bool_],
        p_defect: NDArray[np.float64],
        p_classes: NDArray[np.float64],
    ) -> None:
        self.facts, self.ids, self.fold, self.defective = facts, ids, fold, defective
        self.p_defect, self.p_classes = p_defect, p_classes
        self.at = {int(image): row for row, image in enumerate(ids)}


def scoring_path(cache: Path) -> Path:
    """The file of the newest scoring of a project."""
    return cache / FOLDER / FILE


def write_scoring(cache: Path, scoring: Scoring) -> None:
    """Put a scoring into its place in one step. Raises DefectStudioError when it cannot be written."""
    arrays = {name: getattr(scoring, name) for name in ARRAYS}
    write_arrays(scoring_path(cache), {"facts": np.array(scoring.facts.model_dump_json()), **arrays})


def read_scoring(cache: Path) -> Scoring | None:
    """The newest scoring, read once as long as it does not change; None where there is none."""
    path = scoring_path(cache)
    try:
        facts = path.stat()
    except OSError:
        return None
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> Scoring | None:
    found = read_arrays(path)
    try:
        facts = ScoringFacts.model_validate_json(str((found or {})["facts"]))
        parts = [(found or {})[name] for name in ARRAYS]
    except (ValueError, KeyError):
        return None
    return Scoring(facts, *parts) if facts.format == FORMAT else None
