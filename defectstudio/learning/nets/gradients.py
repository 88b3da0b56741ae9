"""Where gradients stop: named at the place where it acts, instead of a multiplier set from outside."""

from __future__ import annotations

from torch import Tensor


def stop_gradient(features: Tensor, active: bool = True) -> Tensor:
    """The same values; where `active`, nothing behind them learns from what stands in front."""
    return features.detach() if active else features
