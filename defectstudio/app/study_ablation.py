"""The ablation of Bozic et al. 2021, Table 4, as a grid: which parts of the method are on, under which supervision.

Full supervision uses all masks, mixed a quarter of them, weak none. The paper prints six combinations of its three
switches; with tags alone, where distances weigh nothing, two. `combinations="all"` takes every one there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from defectstudio.app.study_grid import Grid
from defectstudio.domain.errors import DefectStudioError

Switches = tuple[bool, bool, bool]
"""Dynamically balanced loss, gradient-flow adjustment, distance transform: the columns of Table 4."""

TABLE_4: tuple[Switches, ...] = (
    (False, False, False),
    (True, False, False),
    (True, True, False),
    (True, False, True),
    (False, True, True),
    (True, True, True),
)
TABLE_4_WEAK: tuple[Switches, ...] = ((False, True, False), (True, True, False))
ALL: tuple[Switches, ...] = tuple((b, g, d) for b in (False, True) for g in (False, True) for d in (False, True))
SUPERVISION: dict[str, int | str] = {"full": "all", "mixed": "25%", "weak": 0}
NAMES = ("balance", "gradient", "distance")


def switches(on: Switches) -> dict[str, Any]:
    """The training settings of one line of Table 4."""
    balance, gradient, distance = on
    return {
        "dynamic_balance": balance,
        "gradient_stop": "always" if gradient else "never",
        "distance_weights": distance,
    }


def lines_of(supervision: str, combinations: Literal["table", "all"]) -> tuple[Switches, ...]:
    """The combinations to train under one kind of supervision, each different from the others in effect."""
    if supervision == "weak":
        return TABLE_4_WEAK if combinations == "table" else tuple(line for line in ALL if not line[2])
    return TABLE_4 if combinations == "table" else ALL


def label(supervision: str, on: Switches) -> str:
    """How a line is called: "full: balance + gradient"."""
    return f"{supervision}: {' + '.join(n for n, active in zip(NAMES, on, strict=True) if active) or 'none'}"


def ablation_grid(
    base: Mapping[str, Any],
    *,
    supervision: Sequence[str] = tuple(SUPERVISION),
    combinations: Literal["table", "all"] = "table",
    **grid: Any,
) -> Grid:
    """The grid of an ablation: `base` names preset and other settings, `grid` seeds, folds and the rest of a Grid.

    With tags alone the balance of eq. 2 is asked for by "always": True would leave it off, as the paper's default does.
    Raises DefectStudioError for an unknown kind of supervision.
    """
    settings = []
    for kind in supervision:
        if kind not in SUPERVISION:
            hint = f"Choose from {', '.join(SUPERVISION)}."
            raise DefectStudioError(f"There is no supervision {kind}.", hint=hint)
        for on in lines_of(kind, combinations):
            changes = switches(on) | ({"dynamic_balance": "always"} if kind == "weak" and on[0] else {})
            settings.append({"label": label(kind, on), "segmented": SUPERVISION[kind], **changes})
    return Grid(base=dict(base), settings=settings, **grid)
