"""The simulated expert against answers worked by hand, and its error rate against what was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.refinement import Candidate, Panel, Patch, consequences
from defectstudio.sessions.simulate import SimulatedExpert

TRUTH = np.zeros((64, 64), np.uint8)
TRUTH[20:30, 20:30] = 1
TRUTH[40:44, 40:44] = 2


def candidate(row: int, column: int, label: int) -> Candidate:
    return Candidate(Patch(1, row, column), label, 0.5, 0.0)


PANEL = Panel(
    "0-1",
    0,
    candidate(25, 25, 1),
    (candidate(22, 22, 1), candidate(12, 25, 1), candidate(42, 42, 1)),
    (candidate(50, 10, 0), candidate(28, 28, 0)),
)


def expert(**changes: object) -> SimulatedExpert:
    return replace(SimulatedExpert(lambda image: TRUTH, classes=(1, 2)), **changes)  # type: ignore[arg-type]


def test_without_error_what_has_the_anchors_true_label_is_ticked() -> None:
    answer = expert().answer(PANEL)
    assert answer.ticked == (True, False, False, False, True)
    assert answer.anchor_label == 1
    assert answer.shifts == (None,) * 5
    said = [found.label for found in consequences(PANEL, answer, classes=(1, 2))]
    assert said == [1, 1, 0, 0, 0, 1]


def test_a_wrong_label_of_the_anchor_is_corrected() -> None:
    healthy = replace(PANEL, anchor=candidate(5, 5, 1))
    answer = expert().answer(healthy)
    assert answer.anchor_label == 0
    assert answer.ticked == (False, True, False, True, False)


def test_with_shift_a_patch_beside_a_defect_is_moved_onto_it() -> None:
    near = replace(PANEL, positives=(candidate(16, 25, 1), candidate(5, 60, 1)), negatives=())
    answer = expert(shift=True).answer(near)
    assert answer.ticked == (True, False)
    moved = answer.shifts[0]
    assert moved is not None
    assert TRUTH[moved] == 1
    assert expert().answer(near).ticked == (False, False)


def test_no_tick_is_said_as_none() -> None:
    answer = expert().answer(replace(PANEL, positives=(), negatives=(candidate(5, 5, 0),)))
    assert answer.none
    assert not expert().answer(PANEL).none


def test_the_error_rate_is_that_of_the_labels_said() -> None:
    wrong = total = 0
    for number in range(300):
        panel = replace(PANEL, id=f"0-{number}")
        said = consequences(panel, expert(classes=(1,), error=0.1).answer(panel))
        wrong += sum(found.label != min(int(TRUTH[found.patch.row, found.patch.column]), 1) for found in said[:3])
        total += 3
    assert wrong / total == pytest.approx(0.1, abs=0.03)


def test_an_answer_follows_from_seed_and_panel_alone() -> None:
    one = expert(error=0.5)
    first = [one.answer(replace(PANEL, id=f"0-{n}")).ticked for n in range(20)]
    assert first == [expert(error=0.5).answer(replace(PANEL, id=f"0-{n}")).ticked for n in range(20)]
    assert first != [expert(error=0.5, seed=1).answer(replace(PANEL, id=f"0-{n}")).ticked for n in range(20)]


def test_an_impossible_error_rate_is_refused() -> None:
    with pytest.raises(DefectStudioError, match="from 0 to 1"):
        expert(error=5)
