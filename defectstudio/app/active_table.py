"""What a study of active learning says: figures by strategy and number of masks, tests against random, sentences."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from pydantic import BaseModel

from defectstudio.acquisition.significance import holm, name_of_test, paired_p
from defectstudio.app.replay import Outcome

Row: TypeAlias = tuple[str, int, int, Outcome]
"""Setting, repeat, number of masks, figures."""
RANDOM = "random"
NEARLY_ALL = 0.99
FIGURES: tuple[Literal["ap", "pixel_ap"], ...] = ("ap", "pixel_ap")
NAMES = {"ap": "AP", "pixel_ap": "pixel AP"}


class ActivePoint(BaseModel):
    """One setting at one number of masks: mean and sample deviation over repeats, and against random in the same
    repeats: the mean difference and the two-sided p, None where there is no random or fewer than two repeats.
    """

    masks: int
    mean: float
    deviation: float | None
    repeats: int
    above_random: float | None = None
    p: float | None = None


class ActiveCurve(BaseModel):
    """One figure of one setting over all numbers of masks. `p_holm`: of the mean over the numbers of masks that all
    settings have, against random, corrected for the number of settings. `enough`: the least number of masks from
    which on the mean stays at 99 % of all masks' or more, None where it never does.
    """

    setting: str
    figure: str
    points: list[ActivePoint]
    p_holm: float | None = None
    above_random: float | None = None
    enough: int | None = None


class ActiveTable(BaseModel):
    """All curves. `most`: all masks there are, on average; `sentences` say what holds."""

    repeats: int
    test: str
    most: float
    curves: list[ActiveCurve]
    sentences: list[str]


class _Values:
    """The values of one figure: by setting, number of masks and repeat."""

    def __init__(self, rows: Sequence[Row], figure: Literal["ap", "pixel_ap"]) -> None:
        self.figure = figure
        self.of: dict[str, dict[int, dict[int, float]]] = {}
        for setting, repeat, masks, outcome in rows:
            value = outcome.ap if figure == "ap" else outcome.pixel_ap
            if value is not None:
                self.of.setdefault(setting, {}).setdefault(masks, {})[repeat] = value

    def pairs(self, setting: str, masks: int) -> tuple[list[float], list[float]]:
        """The values of a setting and of random in the repeats that both have."""
        ours, theirs = self.of.get(setting, {}).get(masks, {}), self.of.get(RANDOM, {}).get(masks, {})
        both = sorted(ours.keys() & theirs.keys())
        return [ours[r] for r in both], [theirs[r] for r in both]

    def averages(self, setting: str, grid: Sequence[int]) -> tuple[list[float], list[float]]:
        """Means over the numbers of masks of the grid, in the repeats that have them all for both."""
        mine, random = self.of.get(setting, {}), self.of.get(RANDOM, {})
        rows = [mine.get(n, {}).keys() & random.get(n, {}).keys() for n in grid]
        both = sorted(set.intersection(*map(set, rows))) if rows else []
        return (
            [statistics.fmean(mine[n][r] for n in grid) for r in both],
            [statistics.fmean(random[n][r] for n in grid) for r in both],
        )


def table_of(rows: Sequence[Row]) -> ActiveTable:
    """The table of the rows there are, whatever is still missing.

    The number of all masks differs from repeat to repeat; each repeat's largest stands for it.
    """
    largest: dict[int, int] = {}
    for _, repeat, masks, _ in rows:
        largest[repeat] = max(largest.get(repeat, 0), masks)
    most = round(statistics.fmean(largest.values())) if largest else 0
    level = [(s, r, most if n == largest[r] else n, o) for s, r, n, o in rows]
    curves = [curve for figure in FIGURES for curve in _curves(_Values(level, figure), most)]
    found = ActiveTable(repeats=len(largest), test=name_of_test(len(largest)), most=most, curves=curves, sentences=[])
    return found.model_copy(update={"sentences": sentences(found)})


def _curves(values: _Values, most: int) -> list[ActiveCurve]:
    middle = [n for n in _grid(values) if 0 < n < most]
    curves = [_curve(values, setting, middle, most) for setting in values.of]
    corrected = holm([math.nan if curve.p_holm is None else curve.p_holm for curve in curves])
    return [
        curve.model_copy(update={"p_holm": None if math.isnan(p) else p})
        for curve, p in zip(curves, corrected, strict=True)
    ]


def _grid(values: _Values) -> list[int]:
    """The numbers of masks that random was tried with."""
    return sorted(values.of.get(RANDOM, {}))


def _curve(values: _Values, setting: str, middle: Sequence[int], most: int) -> ActiveCurve:
    points = [_point(values, setting, masks) for masks in sorted(values.of[setting])]
    kept = [n for n in middle if n in values.of[setting]]
    mine, random = values.averages(setting, kept)
    compared = setting != RANDOM and bool(mine)
    p = paired_p(mine, random) if compared else math.nan
    return ActiveCurve(
        setting=setting,
        figure=values.figure,
        points=points,
        p_holm=None if math.isnan(p) else p,
        above_random=float(np.mean(mine) - np.mean(random)) if compared else None,
        enough=_enough(points, most),
    )


def _point(values: _Values, setting: str, masks: int) -> ActivePoint:
    found = list(values.of[setting][masks].values())
    point = ActivePoint(
        masks=masks,
        mean=statistics.fmean(found),
        deviation=statistics.stdev(found) if len(found) > 1 else None,
        repeats=len(found),
    )
    mine, random = values.pairs(setting, masks)
    if setting == RANDOM or not mine:
        return point
    p = paired_p(mine, random)
    gap = statistics.fmean(mine) - statistics.fmean(random)
    return point.model_copy(update={"above_random": gap, "p": None if math.isnan(p) else p})


def _enough(points: Sequence[ActivePoint], most: int) -> int | None:
    """The least number of masks from which on every point reaches 99 % of the last one."""
    if not points or points[-1].masks != most:
        return None
    wanted, found = NEARLY_ALL * points[-1].mean, None
    for point in reversed(points):
        if point.mean < wanted:
            break
        found = point.masks
    return found


def sentences(table: ActiveTable) -> list[str]:
    """What can be said of each setting against random, figure by figure."""
    return [_sentence(table, curve) for curve in table.curves if curve.setting != RANDOM]


def _sentence(table: ActiveTable, curve: ActiveCurve) -> str:
    name = NAMES[curve.figure]
    if curve.above_random is None:
        return f"{curve.setting}: {name} was not compared with random."
    said = f"{curve.setting}: {name} {100 * curve.above_random:+.1f} against random over all numbers of masks"
    if curve.p_holm is not None:
        verdict = "significant" if curve.p_holm < 0.05 else "not significant"
        said += f" ({table.test}, n = {table.repeats}, p = {curve.p_holm:.3f} after Holm: {verdict})"
    below = [p.masks for p in curve.points if _below(table, curve, p)]
    said += f", below random by more than its deviation at N = {', '.join(map(str, below))}" if below else ""
    enough = "never before all" if curve.enough in {None, table.most} else f"from N = {curve.enough} on"
    return f"{said}; 99 % of the figure of all {table.most:g} masks: {enough}."


def _below(table: ActiveTable, curve: ActiveCurve, point: ActivePoint) -> bool:
    """Whether a mean lies below that of random by more than random's deviation."""
    random = [c for c in table.curves if c.setting == RANDOM and c.figure == curve.figure]
    there = [p for c in random for p in c.points if p.masks == point.masks]
    return bool(there) and point.above_random is not None and point.above_random < -(there[0].deviation or 0.0)
