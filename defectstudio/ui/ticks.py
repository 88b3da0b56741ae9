"""Where the marks of an axis stand, and how its numbers are written."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale

LOG_FROM = 30.0
"""Values that span more than this ratio are drawn on a logarithmic axis."""


def wants_log(values: list[float]) -> bool:
    """Whether positive values span so much that a linear axis would hide the small ones."""
    positive = [value for value in values if value > 0]
    return bool(positive) and max(positive) / min(positive) > LOG_FROM


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` + 1 round numbers within [low, high], their distance 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    rough = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Powers of ten within [low, high], every second or third of them where there are many; 1, 2, 5 where few."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    powers = [10.0**power for power in range(first, last + 1)]
    if len(powers) > most:
        return powers[:: -(-len(powers) // most)]
    if len(powers) >= 2:
        return powers
    span = range(math.floor(math.log10(low)), last + 1)
    finer = [factor * 10.0**power for power in span for factor in (1, 2, 5)]
    return [value for value in finer if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]


def short(value: float) -> str:
    """A number in few characters, with the decimal sign of the user's language: 0.25, 12, 3e-4."""
    mantissa, mark, power = f"{value:.3g}".partition("e")
    text = f"{mantissa}e{int(power)}" if mark else mantissa
    return text.replace(".", QLocale().decimalPoint())
