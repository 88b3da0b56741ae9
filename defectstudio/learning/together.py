"""Several processes that train one detector: each takes its share of every batch, all take the same step.

Fabric starts the processes and joins them (NCCL on GPUs, gloo on CPUs). What is averaged is the sum over the images of
the whole batch, not over the processes' means: uneven shares count by their size, so a network that normalises each
image alone (`segdec`) gets the weights of one process with the whole batch. The heads of `fast` normalise over a batch:
on GPUs over the whole of it (SyncBatchNorm), on CPUs, where torch has no such thing, over each share.

DistributedDataParallel is not used: parameters that a gradient stop leaves without a gradient would hold it up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken


class PeerLost(DefectStudioError):
    """Another process of this training has ended, so no step can be made together any more."""

    def __init__(self) -> None:
        super().__init__(
            "Another process of this training ended before its time.",
            hint="`defectstudio train PROJECT --resume RUN` goes on from the last whole epoch.",
        )


class Together:
    """The processes of a training; with one of them, every method leaves things as they are."""

    def __init__(self, fabric: Fabric) -> None:
        self.fabric, self.count, self.rank = fabric, fabric.world_size, fabric.global_rank

    def check(self, token: CancelToken) -> None:
        """As `token.check()`; when one process is to stop, all of them raise Cancelled at the same step."""
        if self.count > 1 and float(self._sum(torch.tensor([float(token.cancelled)]))[0]):
            token.cancel()
        token.check()

    def share(self, size: int) -> tuple[slice, float]:
        """This process's part of a batch of `size` images, and the weight of a mean over that part.

        A process without an image takes the first one with weight 0, so that all go through the same motions.
        """
        start, stop = self.rank * size // self.count, (self.rank + 1) * size // self.count
        return (slice(start, stop), (stop - start) / size) if stop > start else (slice(0, 1), 0.0)

    def values(self, values: Mapping[str, float]) -> dict[str, float]:
        """Named numbers, summed over the processes."""
        if self.count == 1:
            return dict(values)
        summed = self._sum(torch.tensor([values[name] for name in sorted(values)], dtype=torch.float64))
        return dict(zip(sorted(values), summed.tolist(), strict=True))

    def gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Sum every gradient over the processes; a parameter that got none anywhere keeps none."""
        if self.count == 1:
            return
        learning = [p for p in parameters if p.requires_grad]
        have = torch.tensor([float(p.grad is not None) for p in learning], device=self.fabric.device)
        parts = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
        summed = self._sum(torch.cat([*(part.reshape(-1) for part in parts), have]))
        *flat, have = torch.split(summed, [*(p.numel() for p in learning), len(learning)])
        for parameter, part, any_has in zip(learning, flat, have.tolist(), strict=True):
            parameter.grad = part.view(parameter.shape).to(parameter.dtype) if any_has else None

    def start(self, net: nn.Module) -> None:
        """Give every process the weights of the first; on GPUs, let batch norms see the whole batch."""
        if self.count == 1:
            return
        if self.fabric.device.type == "cuda":
            nn.SyncBatchNorm.convert_sync_batchnorm(net)  # type: ignore[no-untyped-call]
        self._mix(net.state_dict().values(), 1.0 if self.rank == 0 else 0.0)

    def settle(self, net: nn.Module) -> None:
        """Average what batch norms remember, so that all processes have one network again."""
        if self.count > 1:
            self._mix(net.buffers(), 1 / self.count)

    @torch.no_grad()
    def _mix(self, tensors: Iterable[Tensor], weight: float) -> None:
        floating = [tensor for tensor in tensors if tensor.is_floating_point()]
        if not floating:
            return
        summed = self._sum(weight * torch.cat([tensor.reshape(-1).to(self.fabric.device) for tensor in floating]))
        for tensor, part in zip(floating, torch.split(summed, [tensor.numel() for tensor in floating]), strict=True):
            tensor.copy_(part.view(tensor.shape))

    def wait(self) -> None:
        """Go on when all processes have come this far."""
        if self.count > 1:
            self._sum(torch.zeros(1))

    def close(self) -> None:
        """Leave the others; whoever still waits for this process gets PeerLost."""
        if self.count > 1 and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()

    def _sum(self, tensor: Tensor) -> Tensor:
        try:
            summed = self.fabric.all_reduce(tensor.to(self.fabric.device), reduce_op="sum")
        except RuntimeError as error:
            logging.getLogger(__name__).info("A collective operation failed: %s", error)
            raise PeerLost from error
        assert isinstance(summed, Tensor)
        return summed
