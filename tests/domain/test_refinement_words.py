"""What an answer says of labels, worked by hand from the paper's rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNKNOWN
from defectstudio.domain.refinement import LabelledPatch, PanelAnswered, consequences
from tests.made_panels import answer, panel


def said(found: list[LabelledPatch]) -> list[tuple[int, int, str]]:
    return [(patch.patch.row, patch.label, patch.kind) for patch in found]


def test_ticked_patches_take_the_anchors_label_and_unticked_ones_that_had_it_are_flipped() -> None:
    asked = panel()
    found = consequences(asked, answer(asked, [0, 2]))
    assert said(found) == [
        (2, 1, "observed"),
        (10, 1, "observed"),
        (11, 0, "refined"),
        (20, 1, "refined"),
        (21, 0, "observed"),
    ]


def test_with_a_healthy_anchor_unticked_healthy_patches_become_the_only_defect_there_is() -> None:
    asked = panel(anchor=0)
    assert said(consequences(asked, answer(asked, [0])))[2] == (11, 1, "refined")
    assert said(consequences(asked, answer(asked, [0]), classes=(7,)))[2] == (11, 7, "refined")


def test_with_several_classes_an_unticked_healthy_patch_becomes_unknown_and_a_defect_healthy() -> None:
    healthy, defect = panel(anchor=0), panel(anchor=2)
    assert said(consequences(healthy, answer(healthy), classes=(1, 2)))[1] == (10, UNKNOWN, "refined")
    assert said(consequences(defect, answer(defect), classes=(1, 2)))[1] == (10, 0, "refined")


def test_a_corrected_anchor_turns_the_meaning_of_the_ticks_round() -> None:
    asked = panel(anchor=0)  # called healthy, but it shows a defect, as do the negatives
    found = said(consequences(asked, answer(asked, [2], label=1)))
    assert found[0] == (2, 1, "refined")
    assert found[1:3] == [(10, 0, "observed"), (11, 0, "observed")]  # healthy indeed, unlike the anchor
    assert found[3:] == [(20, 1, "observed"), (21, 0, "refined")]


def test_a_shifted_patch_is_refined_at_its_new_centre_though_its_label_was_right() -> None:
    asked = panel()
    moved = replace(answer(asked, [0]), shifts=((12, 9), None, None, None))
    first = consequences(asked, moved)[1]
    assert (first.patch.image, first.patch.row, first.patch.column) == (5, 12, 9)
    assert (first.label, first.kind) == (1, "refined")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"ticked": (True,)}, "4 candidates"),
        ({"shifts": (None,)}, "4 candidates"),
        ({"none": True}, "contradict"),
        ({"shifts": (None, (3, 3), None, None)}, "Only a ticked patch"),
    ],
)
def test_an_answer_that_does_not_fit_its_panel_is_refused(wrong: dict[str, object], why: str) -> None:
    asked = panel()
    with pytest.raises(DefectStudioError, match=why):
        consequences(asked, replace(answer(asked, [0]), **wrong))  # type: ignore[arg-type]


def test_taking_an_answer_back_twice_is_the_answer() -> None:
    event = PanelAnswered(panel(), answer(panel()))
    assert not event.inverse().present
    assert event.inverse().inverse() == event
