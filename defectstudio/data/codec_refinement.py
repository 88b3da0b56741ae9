"""Answered panels as JSON lists, and back; see `data.codec`."""

from __future__ import annotations

from typing import Any, cast, get_args

from defectstudio.domain.refinement import Answer, Candidate, Panel, PanelAnswered, Patch, WriteMode


def panel_values(event: PanelAnswered) -> list[Any]:
    """The values of an answered panel, in the order in which `read_panel` takes them."""
    panel, answer = event.panel, event.answer
    return [
        *(panel.id, panel.round, panel.blind_of, _candidate(panel.anchor)),
        *([_candidate(candidate) for candidate in part] for part in (panel.positives, panel.negatives)),
        *([int(ticked) for ticked in answer.ticked], answer.anchor_label, answer.shifts, answer.none, answer.seconds),
        *(event.write, event.expert, event.present),
    ]


def read_panel(values: list[Any]) -> PanelAnswered:
    """The event of some values. Raises ValueError or TypeError when they make no sense."""
    number, round_, blind_of, anchor, positives, negatives, ticked, label, shifts, none, seconds, *rest = values
    write, expert, present = rest
    if write not in get_args(WriteMode):
        raise ValueError(write)
    panel = Panel(number, round_, _read(anchor), _read_all(positives), _read_all(negatives), blind_of)
    moved = tuple(None if shift is None else (int(shift[0]), int(shift[1])) for shift in shifts)
    answer = Answer(tuple(bool(tick) for tick in ticked), label, moved, none, seconds)
    return PanelAnswered(panel, answer, cast(WriteMode, write), expert, present)


def _candidate(candidate: Candidate) -> list[Any]:
    patch = candidate.patch
    return [patch.image, patch.row, patch.column, candidate.label, candidate.p_defect, candidate.distance]


def _read(values: list[Any]) -> Candidate:
    image, row, column, label, p_defect, distance = values
    return Candidate(Patch(image, row, column), label, p_defect, distance)


def _read_all(values: list[list[Any]]) -> tuple[Candidate, ...]:
    return tuple(_read(candidate) for candidate in values)
