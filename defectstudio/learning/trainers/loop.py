"""The only epoch loop: batches in, steps of the optimiser, progress out. Everything else is handed in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from lightning_fabric import Fabric
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress

B = TypeVar("B")


class Loop(Generic[B]):
    """Runs `epochs` epochs; `losses(batch, epoch)` gives named scalars, among them the "loss" to minimise."""

    def __init__(
        self,
        fabric: Fabric,
        optimizer: Optimizer,
        *,
        epochs: int,
        losses: Callable[[B, int], Mapping[str, Tensor]],
        scheduler: LRScheduler | None = None,
        text: str = "Training",
    ) -> None:
        self.fabric, self.optimizer, self.scheduler = fabric, optimizer, scheduler
        self.epochs, self.losses, self.text = epochs, losses, text

    def run(
        self, epochs: Iterable[Sequence[B]], token: CancelToken, ended: Callable[[dict[str, float]], None]
    ) -> Job[None]:
        """One optimiser step for every batch of every epoch; `ended` is told the means of each epoch.

        Yields after every batch; the last progress of an epoch carries its mean losses, "lr" and "epoch".

        Raises DefectStudioError when the loss is no longer a number, Cancelled when the token says so.
        """
        for epoch, row in enumerate(epochs):
            sums: dict[str, float] = {}
            for number, batch in enumerate(row):
                token.check()
                for name, value in self._step(batch, epoch).items():
                    sums[name] = sums.get(name, 0.0) + value
                if number + 1 < len(row):
                    yield self._progress(epoch, number + 1, len(row), {})
            means = {name: value / len(row) for name, value in sums.items()}
            means |= {"lr": float(self.optimizer.param_groups[0]["lr"]), "epoch": epoch + 1}
            ended(means)
            yield self._progress(epoch, len(row), len(row), means)

    def _step(self, batch: B, epoch: int) -> dict[str, float]:
        losses = self.losses(batch, epoch)
        values = {name: float(value.detach()) for name, value in losses.items()}
        if not math.isfinite(values["loss"]):
            raise DefectStudioError(
                f"Training broke off in epoch {epoch + 1}: the loss is no longer a number.",
                hint="Lower the learning rate (a tenth of it is a good next try) or the weight of positive pixels.",
            )
        self.optimizer.zero_grad(set_to_none=True)
        if losses["loss"].requires_grad:
            self.fabric.backward(losses["loss"])
            self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
        return values

    def _progress(self, epoch: int, done: int, of: int, values: dict[str, float]) -> Progress:
        text = f"{self.text}, epoch {epoch + 1} of {self.epochs}"
        return Progress(epoch * of + done, self.epochs * of, text, values)
