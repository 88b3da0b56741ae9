"""Refinement with the paper's network itself, tiny: that sessions, rounds and heat maps fit what learning gives."""

from __future__ import annotations

import numpy as np
import pytest

from defectstudio.app.refinement import StartSettings, heat, open_refinement, round_job, start_job
from defectstudio.app.refinement_dense import dense_job
from defectstudio.data.similarity import similarity_config
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.refinement import RefineSettings
from defectstudio.sessions.session import Session
from tests.made_panels import answer

TINY = {"net": "patchnet", "patch": 29, "steps": 3, "batch": 8, "pool": 64, "patches": 500, "stride": 8, "threads": 1}
SETTINGS = RefineSettings(per_round=2, blind=0.0, apart=4)


def test_two_rounds_are_trained_asked_about_and_looked_at(session: Session) -> None:
    config = similarity_config(**TINY)
    first = finish(start_job(session, StartSettings(margin=6), config)(CancelToken()))
    assert (first.round, first.status, first.start, first.labels) == (0, "finished", "roi", (0, 1))
    work = open_refinement(session, SETTINGS)
    assert work is not None
    assert len(work.index) == 4 * 6 * 5  # four training images of 48 x 40 pixels
    while not work.complete:
        panel = work.next_panel()
        work.answer(panel, answer(panel, range(len(panel.positives))))
    said = sum(1 + len(event.panel.candidates) for event in work.answers)
    work.close()
    second = finish(round_job(session.project)(CancelToken()))
    assert (second.round, second.before, second.answers, second.start) == (1, 0, said, "roi")
    seen = heat(session.project, 1, 5)
    assert seen.shape == (6, 5)
    assert ((seen >= 0) & (seen <= 1)).all()
    at = np.flatnonzero(work.index.image == 5)
    assert work.index.p_defect[at] == pytest.approx(heat(session.project, 0, 5).ravel(), abs=1e-3)
    assert set(finish(dense_job(session.project, 1)(CancelToken())).maps) == {5}
