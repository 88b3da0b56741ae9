"""Where gradients stop or turn round: named at the place where it acts, instead of a multiplier set from outside."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def stop_gradient(features: Tensor, active: bool = True) -> Tensor:
    """The same values; where `active`, nothing behind them learns from what stands in front."""
    return features.detach() if active else features


class _Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return features.view_as(features)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradients[0], None


def reverse_gradient(features: Tensor, strength: float) -> Tensor:
    """The same values; what stands behind them learns the contrary of what stands in front, times `strength`.

    Gradient reversal (Ganin and Lempitsky 2015), as domain adaptation uses it: features that a classifier of domains
    can tell apart are changed until it cannot.
    """
    reversed_: Tensor = _Reverse.apply(features, strength)  # type: ignore[no-untyped-call]
    return reversed_
