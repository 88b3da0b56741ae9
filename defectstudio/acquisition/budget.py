"""What more masks are worth: a curve through the figures so far, and how sure it is.

AP(n) = a - b exp(-n / c): every mask closes the same share of what is still missing to a. Fitted by least squares; the
interval comes from refitting on resampled residuals, which stand for the chance in training, and, where they are given,
on the figures of resampled test images. Nothing is extrapolated beyond twice the masks there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defectstudio.domain.errors import DefectStudioError

FloatArray = NDArray[np.float64]
REACH = 2.0
GRID, ROUNDS = 33, 5


@dataclass(frozen=True, slots=True)
class Gain:
    """What `more` masks are expected to add, in units of the figure, with an interval of 90 %."""

    more: int
    expected: float
    low: float
    high: float

    def enough(self, least: float) -> bool:
        """Whether even the hopeful end of the interval stays below the gain that is worth the work."""
        return self.high < least


@dataclass(frozen=True, slots=True)
class BudgetCurve:
    """`a`, `b`, `c` of each refit, first the fit itself, (1 + repeats, 3); `most`: the most masks it saw."""

    parameters: FloatArray
    most: float

    def at(self, masks: ArrayLike) -> FloatArray:
        """The fitted figure at these numbers of masks."""
        return _value(self.parameters[0], np.asarray(masks, np.float64))

    def band(self, masks: ArrayLike, share: float = 0.9) -> tuple[FloatArray, FloatArray]:
        """The interval of the curve at these numbers of masks, holding `share` of the refits."""
        n = np.asarray(masks, np.float64)
        values = np.stack([_value(row, n) for row in self.parameters[1:]])
        low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2], axis=0)
        return low, high

    def gain(self, more: int) -> Gain:
        """What `more` masks are worth now. Raises DefectStudioError beyond twice the masks there are."""
        if self.most + more > REACH * max(self.most, 1):
            raise DefectStudioError(
                f"{more} more masks lie too far beyond the {self.most:.0f} there are.",
                hint="Ask for fewer: a curve says nothing about what it has not seen.",
            )
        ends = np.array([self.most, self.most + more])
        steps = np.array([np.diff(_value(row, ends))[0] for row in self.parameters])
        low, high = np.quantile(steps[1:], [0.05, 0.95])
        return Gain(more, float(steps[0]), float(min(low, steps[0])), float(max(high, steps[0])))


def fit_budget(
    masks: ArrayLike, figures: ArrayLike, *, repeats: int = 200, seed: int = 0, draws: ArrayLike | None = None
) -> BudgetCurve:
    """Fit the curve to (masks, figure in 0..1) points; several figures may share a number of masks.

    draws (D, n): the same figures on D draws of test images; each refit takes one of them as the noise of testing.
    Raises DefectStudioError with fewer than three different numbers of masks.
    """
    n, y = np.asarray(masks, np.float64), np.asarray(figures, np.float64)
    if np.unique(n).size < 3:
        raise DefectStudioError(
            "A curve needs figures at three numbers of masks or more.", hint="Train again after the next masks."
        )
    best = _fit(n, y[None])[0]
    residuals = y - _value(best, n)
    # Residuals of a fit with three parameters are smaller than the noise that made them.
    residuals = (residuals - residuals.mean()) * np.sqrt(y.size / max(y.size - 3, 1))
    rng = np.random.default_rng(seed)
    tested = np.zeros((1, y.size)) if draws is None else np.asarray(draws, np.float64) - y
    noise = rng.choice(residuals, (repeats, y.size)) + tested[rng.integers(0, len(tested), repeats)]
    return BudgetCurve(np.vstack([best, _fit(n, _value(best, n) + noise)]), float(n.max()))


def _value(parameters: FloatArray, n: FloatArray) -> FloatArray:
    a, b, c = parameters
    return np.asarray(a - b * np.exp(-n / c))


def _fit(n: FloatArray, y: FloatArray) -> FloatArray:
    """(a, b, c) of every row of y (rows, n), by least squares: a and b in 0..1, c a tenth to ten times the spread of n.

    For a given c the curve is a line in exp(-n / c); c is looked for on a grid that closes in on the best.
    """
    spread = float(np.ptp(n))
    low, high = np.full(len(y), np.log(spread / 10)), np.full(len(y), np.log(spread * 10))
    for _ in range(ROUNDS):
        grid = np.linspace(low, high, GRID, axis=1)
        a, b, error = _lines(np.exp(-n / np.exp(grid)[..., None]), y[:, None])
        best = error.argmin(1)
        at = (np.arange(len(y)), best)
        low, high = grid[at[0], np.maximum(best - 1, 0)], grid[at[0], np.minimum(best + 1, GRID - 1)]
    return np.stack([a[at], b[at], np.exp(grid[at])], axis=1)


def _lines(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The best a - b x through y along the last axis with a and b in 0..1, and what is left of the squares."""
    mean_x, mean_y = x.mean(-1), np.broadcast_to(y, x.shape).mean(-1)
    away = x - mean_x[..., None]
    b = -(away * y).sum(-1) / np.maximum((away**2).sum(-1), 1e-300)
    b = np.clip(b, 0, 1)
    a = mean_y + b * mean_x
    over = a > 1
    b = np.where(over, np.clip(((1 - y) * x).sum(-1) / np.maximum((x**2).sum(-1), 1e-300), 0, 1), b)
    a = np.clip(a, 0, 1)
    return a, b, ((a[..., None] - b[..., None] * x - y) ** 2).sum(-1)
