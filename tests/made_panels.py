"""Panels made by hand for tests of refinement."""

from __future__ import annotations

from collections.abc import Sequence

from defectstudio.domain.refinement import Answer, Candidate, Panel, Patch


def candidate(row: int, label: int, *, image: int = 5, column: int = 4) -> Candidate:
    return Candidate(Patch(image, row, column), label, 0.25, 0.125 * row)


def panel(
    name: str = "0-1", *, anchor: int = 1, positives: Sequence[int] = (10, 11), negatives: Sequence[int] = (20, 21)
) -> Panel:
    """An anchor at row 2 with the label `anchor`; positives and negatives at some rows, its label, then the other."""
    other = 0 if anchor else 1
    return Panel(
        name,
        0,
        candidate(2, anchor),
        tuple(candidate(row, anchor) for row in positives),
        tuple(candidate(row, other) for row in negatives),
    )


def answer(asked: Panel, ticked: Sequence[int] = (), *, label: int | None = None, seconds: float = 2.5) -> Answer:
    """Tick the candidates with these numbers (0 the first)."""
    count = len(asked.candidates)
    ticks = tuple(number in ticked for number in range(count))
    return Answer(ticks, asked.anchor.label if label is None else label, (None,) * count, False, seconds)
