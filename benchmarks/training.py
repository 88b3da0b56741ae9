"""How quickly a network trains: images a second, as a ratio of two programs that take turns in one process.

    python benchmarks/training.py [--rows segdec_vs_reference ...] [--rounds N] [--threads N] [--clock wall|cpu]

- `segdec_vs_reference`: a training step of `segdec` against the plain loop of `reference/segdecnet.py`, one image at a
  time, same weights, images and order. `loss_difference` is the relative difference of the two losses at each step;
  `noise` is that between the reference and itself in another memory order and in the precision of ours, which is what
  rounding alone does; `loss`, `reference_loss` and `noise_loss` are means over the second half of the steps. `--large`
  adds KolektorSDD's size to KolektorSDD2's.
- `fast_tuning`: a fine-tuning step of `fast` (384 x 384, batches of 4, forward and backward) against the same with its
  encoder run layer by layer;
- `fast_features`: the maps of a frozen encoder, 512 x 1408, against the same.

Each round runs both, in turn; figures are medians over the rounds, the ratio is the median of the rounds' ratios.
On a machine that others use as well, `--threads 1 --clock cpu` counts what the processor did for this process alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import torch
from _common import close, say
from reference.segdecnet import ReferenceSegDecNet, step
from torch import Tensor

from defectstudio.data.runs import default_config
from defectstudio.learning.devices import chosen_precision, make_fabric
from defectstudio.learning.losses.mixed import classification_loss, mixed_loss, segmentation_loss
from defectstudio.learning.nets.encoder import pretrained_encoder
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.nets.fused import fused
from defectstudio.learning.nets.segdec import SegDecNet

LAST = torch.channels_last
# A tenth of the published learning rate: at that, the first steps from random weights grow any rounding error tenfold
# each, and two curves soon say nothing of each other.
RATE, DELTA, BALANCE = 0.001, 1.0, 0.7
SIZES = {"232x640": (232, 640, 3), "512x1408": (512, 1408, 1)}
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
Clock = Callable[[], float]
Sample = tuple[Tensor, Tensor, Tensor, Tensor]


def sample(seed: int, height: int, width: int, channels: int, images: int = 1) -> Sample:
    """Images, targets and weights at stride 8, and truth: smooth shading, fine grain, a bright spot in each odd one."""
    random = torch.Generator().manual_seed(seed)
    image = 0.4 + 0.05 * torch.randn(images, channels, height, width, generator=random)
    image += 0.2 * torch.linspace(0, 1, width)
    mask = torch.zeros(images, 1, height // 8, width // 8)
    defective = (torch.arange(images) + seed) % 2
    for n in torch.nonzero(defective).flatten():
        top, left = (int(torch.randint(side // 8 - 4, (1,), generator=random)) for side in (height, width))
        mask[n, :, top : top + 3, left : left + 4] = 1
        image[n, :, 8 * top : 8 * top + 24, 8 * left : 8 * left + 32] += 0.2
    return image.clamp(0, 1), mask, torch.ones_like(mask), defective.float()


def clocked(work: Callable[[], Any], clock: Clock) -> tuple[float, Any]:
    """Seconds that the work took, and its result."""
    began = clock()
    result = work()
    return clock() - began, result


def figures(ours: Sequence[float], theirs: Sequence[float], images: int = 1) -> dict[str, float]:
    """Ratio and images a second of two rows of rounds; the first round only warms up."""
    pairs = list(zip(ours, theirs, strict=True))[1:]
    return {
        "ratio": round(statistics.median(other / own for own, other in pairs), 2),
        "images_per_s": round(images / statistics.median(own for own, _ in pairs), 3),
        "reference_images_per_s": round(images / statistics.median(other for _, other in pairs), 3),
    }


class Ours:
    """`segdec` and its step as the trainer makes it: precision and threads from the same place, plain SGD."""

    def __init__(self, channels: int, threads: int) -> None:
        self.fabric = make_fabric(default_config("segdec", threads=threads))
        torch.manual_seed(0)
        net = SegDecNet(channels).to(self.fabric.device, memory_format=LAST)
        self.net, self.optimiser = self.fabric.setup(net, torch.optim.SGD(net.parameters(), RATE))

    def step(self, image: Tensor, mask: Tensor, weight: Tensor, defective: Tensor) -> float:
        image = image.to(self.fabric.device, memory_format=LAST)
        with self.fabric.autocast():
            segmentation, decision = self.net(image)
        seg = segmentation_loss(segmentation.float(), mask, weight)
        cls = classification_loss(decision.float(), defective)
        loss = mixed_loss(seg, cls, lam=BALANCE, gamma=torch.ones(1), delta=DELTA).mean()
        value = float(loss.detach())
        self.optimiser.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        self.optimiser.step()
        return value


class Reference:
    """The plain network with the same weights, and its step."""

    def __init__(self, channels: int, weights: Sequence[Tensor], order: torch.memory_format) -> None:
        self.net, self.order = ReferenceSegDecNet(channels), order
        for own, other in zip(self.net.parameters(), weights, strict=True):
            own.data.copy_(other)
        self.net.to(memory_format=order)
        self.optimiser = torch.optim.SGD(self.net.parameters(), RATE)

    def step(self, image: Tensor, mask: Tensor, weight: Tensor, defective: Tensor) -> float:
        image = image.to(memory_format=self.order)
        return step(self.net, self.optimiser, image, mask, weight, defective[:, None], BALANCE, DELTA)


def differs(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The relative difference of two loss curves at each step, to two digits."""
    return [float(f"{abs(a - b) / abs(b):.1e}") for a, b in zip(one, other, strict=True)]


def segdec_row(size: str, rounds: int, threads: int, clock: Clock) -> dict[str, Any]:
    """`segdec` against the reference at one size."""
    height, width, channels = SIZES[size]
    ours = Ours(channels, threads)
    weights = [parameter.detach().cpu().clone() for parameter in ours.net.parameters()]
    plain, turned = (Reference(channels, weights, order) for order in (torch.contiguous_format, LAST))
    seconds: tuple[list[float], list[float]] = ([], [])
    losses: tuple[list[float], list[float], list[float]] = ([], [], [])
    for n in range(rounds + 1):
        row = sample(n, height, width, channels)
        for place, network in enumerate((ours, plain)):
            took, loss = clocked(lambda network=network, row=row: network.step(*row), clock)
            seconds[place].append(took)
            losses[place].append(loss)
        with ours.fabric.autocast():
            losses[2].append(turned.step(*row))
        say(f"segdec {size} {n}/{rounds}: {seconds[0][-1]:.2f} s, reference {seconds[1][-1]:.2f} s, loss {loss:.6f}")
    return {
        "name": "segdec_vs_reference",
        "size": size,
        **figures(*seconds),
        "loss_difference": differs(losses[0], losses[1]),
        "noise": differs(losses[2], losses[1]),
        **{
            name: round(statistics.mean(curve[len(curve) // 2 :]), 4)
            for name, curve in zip(("loss", "reference_loss", "noise_loss"), losses, strict=True)
        },
        "precision": chosen_precision("auto"),
    }


def in_turn(work: Callable[[], Any], rounds: int, clock: Clock) -> tuple[list[float], list[float]]:
    """Seconds of the work as it is, and with the encoder run layer by layer, in turn."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        seconds[0].append(clocked(work, clock)[0])
        with patch("defectstudio.learning.nets.encoder.direct", return_value=False):
            seconds[1].append(clocked(work, clock)[0])
    return seconds


def tuning_row(rounds: int, clock: Clock) -> dict[str, Any]:
    """A fine-tuning step without its optimiser."""
    net = FastNet((4, 8, 16, 32), 8).to(memory_format=LAST).train()
    for parameter in net.tunable():
        parameter.requires_grad_(True)
    image, mask, weight, defective = sample(0, 384, 384, 3, images=4)

    def work() -> None:
        net.zero_grad(set_to_none=True)
        segmentation, decision = net(image.contiguous(memory_format=LAST))[:2]
        seg, cls = segmentation_loss(segmentation, mask, weight), classification_loss(decision, defective)
        mixed_loss(seg, cls, lam=0.5, gamma=torch.ones(4), delta=1).mean().backward()

    return {"name": "fast_tuning", "size": "4 x 384x384", **figures(*in_turn(work, rounds, clock), images=4)}


def features_row(rounds: int, clock: Clock) -> dict[str, Any]:
    """The maps of a frozen encoder."""
    encoder = fused(pretrained_encoder((4, 8, 16))).to(memory_format=LAST)
    image = sample(0, 512, 1408, 3)[0].contiguous(memory_format=LAST)

    def work() -> None:
        with torch.no_grad():
            encoder(image)

    return {"name": "fast_features", "size": "512x1408", **figures(*in_turn(work, rounds, clock))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ["fast_tuning", "fast_features", "segdec_vs_reference"]
    parser.add_argument("--rows", nargs="+", choices=names, default=names)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--large", action="store_true", help="also at KolektorSDD's size: ten times as long")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clock = CLOCKS[options.clock]
    rows = []
    if "fast_tuning" in options.rows:
        rows.append(tuning_row(options.rounds, clock))
    if "fast_features" in options.rows:
        rows.append(features_row(options.rounds, clock))
    if "segdec_vs_reference" in options.rows:
        sizes = list(SIZES) if options.large else ["232x640"]
        rows += [segdec_row(size, options.rounds, options.threads, clock) for size in sizes]
    close("training", [{**row, "threads": options.threads, "clock": options.clock} for row in rows])


if __name__ == "__main__":
    main()
