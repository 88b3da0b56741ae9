"""The only epoch loop: batches in, steps of the optimiser, progress out. Everything else is handed in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from lightning_fabric import Fabric
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.together import Together

B = TypeVar("B")
Ended = Callable[[dict[str, Any]], Job[None]]
"""What follows an epoch. It is given the epoch's figures and may add to them what the window should show."""


class Loop(Generic[B]):
    """Runs `epochs` epochs; `losses(batch, epoch)` gives named scalars, among them the "loss" to minimise.

    `stepped` is called after every step of the optimiser, for what has to follow the weights.
    """

    def __init__(
        self,
        fabric: Fabric,
        optimizer: Optimizer,
        *,
        epochs: int,
        losses: Callable[[B, int], Mapping[str, Tensor]],
        scheduler: LRScheduler | None = None,
        stepped: Callable[[], None] = lambda: None,
        text: str = "Training",
    ) -> None:
        self.fabric, self.optimizer, self.scheduler = fabric, optimizer, scheduler
        self.together = Together(fabric)
        self.epochs, self.losses, self.stepped, self.text = epochs, losses, stepped, text

    def run(self, epochs: Iterable[Sequence[B]], token: CancelToken, ended: Ended, *, first: int = 0) -> Job[None]:
        """One optimiser step for every batch of every epoch, counted from `first`; then what `ended` does.

        Yields after every batch; the last progress of an epoch carries its mean losses, "lr" and "epoch", and what
        `ended` added. Raises DefectStudioError when the loss is no longer a number, Cancelled when the token says so.
        """
        for epoch, row in enumerate(epochs, start=first):
            sums: dict[str, float] = {}
            for number, batch in enumerate(row):
                self.together.check(token)
                for name, value in self._step(batch, epoch).items():
                    sums[name] = sums.get(name, 0.0) + value
                if number + 1 < len(row):
                    yield self._progress(epoch, number + 1, len(row), {})
            figures: dict[str, Any] = {name: value / len(row) for name, value in sums.items()}
            figures |= {"lr": float(self.optimizer.param_groups[0]["lr"]), "epoch": epoch + 1}
            yield from ended(figures)
            yield self._progress(epoch, len(row), len(row), figures)

    def _step(self, batch: B, epoch: int) -> dict[str, float]:
        losses = self.losses(batch, epoch)
        values = self.together.values({name: float(value.detach()) for name, value in losses.items()})
        if not math.isfinite(values["loss"]):
            raise DefectStudioError(
                f"Training broke off in epoch {epoch + 1}: the loss is no longer a number.",
                hint="Lower the learning rate (a tenth of it is a good next try) or the weight of positive pixels.",
            )
        self.optimizer.zero_grad(set_to_none=True)
        if losses["loss"].requires_grad:
            self.fabric.backward(losses["loss"])
            self.together.gradients(p for group in self.optimizer.param_groups for p in group["params"])
            self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()
        self.stepped()
        return values

    def _progress(self, epoch: int, done: int, of: int, values: Mapping[str, Any]) -> Progress:
        text = f"{self.text}, epoch {epoch + 1} of {self.epochs}"
        return Progress(epoch * of + done, self.epochs * of, text, values)
