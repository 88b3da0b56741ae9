"""A scoring of a made project as the fold models would leave it, with known probabilities, so that no test trains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from defectstudio.app.projects import import_job, record_import
from defectstudio.app.selection_store import Scoring, ScoringFacts, write_scoring
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.domain.labels import ImageId, LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image
from tests.made_runs import square

SIDE, TRAIN, TEST = 24, 16, 8
MASKED, EMPTY = {2, 4}, 14
"""Image ids: those with a mask in train, and a defective one whose whole map is healthy."""
DOUBTED = 3
"""A good image that the fold models call defective."""
P_WAITING = {6: 0.9, 8: 0.5, 10: 0.3, 12: 0.7, 16: 0.1}
"""P(defect) out of fold of the images that wait for a mask."""


def healthy(shape: tuple[int, int]) -> LabelMap:
    """A whole map without a defect."""
    return np.zeros(shape, np.uint8)


def make_waiting_project(folder: Path) -> Path:
    """Images 1..16 in train, odd ones good, even ones defective, of which two have a mask; eight more in test."""
    items = []
    for image in range(1, TRAIN + TEST + 1):
        defective, train = image % 2 == 0, image <= TRAIN
        path = write_image(folder / "source" / f"part{image:02d}.png", surface(image, SIDE, SIDE))
        verdict = Verdict.DEFECTIVE if defective else Verdict.GOOD
        mask = healthy if image == EMPTY else square if defective and (image in MASKED or not train) else None
        classes = ("spot",) if defective else ()
        split = "train" if train else "test"
        items.append(ImportItem(path, path.stem, verdict, split=split, classes=classes, read_map=mask))
    with Project.create(folder / "project") as project:
        plan, session = ImportPlan("folder", folder / "source", items, ("spot",)), Session(project)
        record_import(session, plan, finish(import_job(project, plan)(CancelToken())))
        sure = {image: 0.05 if image % 2 else 0.95 for image in range(1, TRAIN + 1)}
        add_scores(session, sure | P_WAITING | {DOUBTED: 0.97})
    return folder / "project"


def add_scores(session: Session, p_defect: Mapping[ImageId, float]) -> None:
    """Score these tagged images: P(defect) out of fold by image; folds in turn."""
    project = session.project
    states = project.state.images
    ids = sorted(p_defect)
    facts = ScoringFacts(
        event=project.journal.last_event,
        computed="2026-03-01T10:00:00+00:00",
        config=default_config(),
        folds=2,
        splits=("train",),
        embeddings="none",
        segmented=tuple(sorted(project.segmented_images() & set(ids))),
    )
    defective = np.array([states[image].tag.verdict is Verdict.DEFECTIVE for image in ids])
    write_scoring(
        project.cache_folder,
        Scoring(
            facts,
            np.array(ids, np.int64),
            np.arange(len(ids), dtype=np.int64) % 2,
            defective,
            np.array([p_defect[image] for image in ids]),
            np.zeros((len(ids), 0)),
        ),
    )
