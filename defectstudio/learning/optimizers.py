"""The optimisers of both networks, their schedules, and a running mean of the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from defectstudio.data.runs import TrainConfig
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.resumption import trained_tensors

Schedule = torch.optim.lr_scheduler.LRScheduler


def make_optimizer(
    config: TrainConfig, net: nn.Module, steps: int, *, tune: bool
) -> tuple[torch.optim.Optimizer, Schedule | None]:
    """`segdec`: plain SGD, as in the paper. `fast`: AdamW, one cycle of `steps` to `lr` (the trunk: `finetune_lr`)."""
    if not isinstance(net, FastNet):
        return torch.optim.SGD(net.parameters(), config.lr), None
    groups = [{"params": list(net.heads.parameters())}]
    peaks = [config.finetune_lr if tune else config.lr]
    if tune:
        groups.append({"params": net.tunable()})
        peaks.append(config.finetune_lr)
    optimizer = torch.optim.AdamW(groups, lr=peaks[0], weight_decay=1e-4)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, peaks, total_steps=steps + 1)


def schedule_state(scheduler: Schedule | None) -> dict[str, Any]:
    """The numbers of a schedule as JSON takes them."""
    plain = (int, float, str, bool, list, type(None))
    state = {} if scheduler is None else scheduler.state_dict()
    return {name: value for name, value in state.items() if isinstance(value, plain)}


def restore_schedule(scheduler: Schedule | None, state: Mapping[str, Any], done: int) -> None:
    """Put a schedule back; where its length has changed with the batch size, at step `done` of the new one."""
    if scheduler is None:
        return
    if state.get("total_steps") == scheduler.state_dict().get("total_steps"):
        scheduler.load_state_dict({**scheduler.state_dict(), **state})
    else:
        scheduler.last_epoch = done


class RunningMean:
    """An exponential mean of the weights: w <- decay w + (1 - decay) weight, after every step.

    It wanders less than the weights themselves, which on a few hundred images is worth more than another epoch.
    The decay grows from 0 with the steps, min(decay, (1 + n) / (10 + n)), so that the start is soon forgotten.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net, self.decay, self.steps = net, decay, 0
        self.mean = trained_tensors(net)

    @torch.no_grad()
    def follow(self) -> None:
        """Take the weights of the network in."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        now = self.net.state_dict()
        for name, mean in self.mean.items():
            if mean.is_floating_point():
                mean.lerp_(now[name], 1 - decay)
            else:
                mean.copy_(now[name])

    def restore(self, mean: Mapping[str, Tensor], steps: int) -> None:
        """Go on from a checkpoint."""
        self.steps = steps
        for name, value in mean.items():
            self.mean[name].copy_(value)

    def into(self, net: nn.Module) -> None:
        """Give the mean to the network."""
        net.load_state_dict(self.mean, strict=False)
