"""The first network of a simulated refinement, trained once for all simulations that differ only in what comes after.

Before the first answer the starting maps are all there is: what trains later, who answers, how anchors are chosen and
what is written do not matter yet. A study of hundreds of settings has a handful of first rounds.
"""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from defectstudio.app.study import digest, labels_digest
from defectstudio.data.similarity import RECORD, RoundRecord, SimilarityConfig, read_round, write_round
from defectstudio.data.snapshot import Snapshot

if TYPE_CHECKING:
    from defectstudio.app.refinement_simulation import SimulationSettings

FIRST = "first.json"
"""The figures of the round, beside its own files."""
LATER = ("mode", "user_share")
"""Settings of a training that matter only where there are answers."""


def first_round_key(truth: Snapshot, settings: SimulationSettings) -> str:
    """Names all that decides the first round of a simulation and its figures."""
    config = settings.config.model_dump(mode="json", exclude=set(LATER))
    chosen = settings.model_dump(mode="json", include={"start", "seed", "splits", "test", "dense_settings"})
    return digest(labels_digest(truth), config, chosen)


def recall_round(kept: Path, folder: Path, config: SimilarityConfig) -> RoundRecord | None:
    """Put a first round that was trained before into `folder`; None where there is none."""
    if not (kept / RECORD).is_file():
        return None
    shutil.copytree(kept, folder, ignore=shutil.ignore_patterns(FIRST))
    record = read_round(folder)
    changes = {name: getattr(config, name) for name in LATER}
    record = record.model_copy(update={"config": record.config.model_copy(update=changes)})
    write_round(folder, record)
    return record


def keep_round(kept: Path, folder: Path, figures: str) -> None:
    """Keep a first round and its figures for others, whole or not at all; another process may have been faster."""
    beside = kept.with_name(f".{kept.name}-{uuid.uuid4().hex[:8]}")
    shutil.copytree(folder, beside)
    (beside / FIRST).write_text(figures, encoding="utf-8")
    try:
        beside.rename(kept)
    except OSError:
        shutil.rmtree(beside)
        if not (kept / RECORD).is_file():
            raise
