"""Tries out every device: what torch says of it, and one real training step and prediction of each network."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import torch
from lightning_fabric import Fabric

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.devices import chosen_precision, default_threads
from defectstudio.learning.hardware import Gpu, Torch, Trial
from defectstudio.learning.losses.mixed import classification_loss, mixed_loss, segmentation_loss
from defectstudio.learning.model import batch_on_device, build, on_device
from defectstudio.learning.optimizers import make_optimizer

SIZE = (640, 256)
"""Height and width of the trial's images: about KolektorSDD2's, and a multiple of every stride."""
TRIALS = {"fast": default_config("fast"), "segdec": default_config("segdec")}
GB = 1e9


def torch_facts() -> Torch:
    """What torch was built for and what it can use here. A broken driver is an entry in `error`, not an exception."""
    available, error = _cuda()
    gpus: list[Gpu] = []
    if available:
        try:
            gpus = [_gpu(number) for number in range(torch.cuda.device_count())]
        except RuntimeError as caught:
            available, error = False, _first_line(caught)
    return Torch(
        version=torch.__version__,
        cuda=torch.version.cuda or "",
        available=available,
        error=error,
        architectures=tuple(torch.cuda.get_arch_list()) if available else (),
        gpus=tuple(gpus),
        mps=torch.backends.mps.is_available(),
        precision=chosen_precision("auto"),
        threads=default_threads(),
    )


def _cuda() -> tuple[bool, str]:
    """Whether CUDA works, and what torch warns of when it does not."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        available = torch.cuda.is_available()
    return available, "" if available or not said else _first_line(said[-1].message)


def _first_line(error: object) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _gpu(number: int) -> Gpu:
    free, total = torch.cuda.mem_get_info(number)
    capability = torch.cuda.get_device_capability(number)
    name = torch.cuda.get_device_name(number)
    return Gpu(
        name,
        capability,
        round(total / GB, 1),
        round(free / GB, 1),
        chosen_precision("auto", f"cuda:{number}") == "bf16",
    )


def devices(facts: Torch) -> list[str]:
    """The devices to try, as Fabric calls them; the one that training takes is first."""
    accelerators = [f"cuda:{number}" for number in range(len(facts.gpus))] if facts.available else []
    return [*accelerators, *(["mps"] if facts.mps else []), "cpu"]


def trials(facts: Torch, token: CancelToken) -> Job[list[Trial]]:
    """Every network on every device. What fails is a trial with its error."""
    todo = [(device, net) for device in devices(facts) for net in TRIALS]
    found = []
    for done, (device, net) in enumerate(todo):
        token.check()
        yield Progress(done, len(todo), f"Trying {net} on {device}")
        found.append(attempt(device, net, SIZE))
    return found


def attempt(device: str, net: str, size: tuple[int, int]) -> Trial:
    """One training step and one prediction at `size` (height, width), with the defaults of the network."""
    config = TRIALS[net].model_copy(
        update={"height": size[0], "width": size[1], "channels": 3, "stride": 8, "finetune_epochs": 0}
    )
    precision = chosen_precision("auto", device)
    trial = Trial(device, net, size, config.batch, precision)
    try:
        step_ms, predict_ms = _timed(config, device, precision)
    except torch.OutOfMemoryError as error:
        return _failed(trial, error, out_of_memory=True)
    except RuntimeError as error:
        return _failed(trial, error, out_of_memory="alloc" in str(error).lower())
    return Trial(device, net, size, config.batch, precision, round(step_ms, 1), round(predict_ms, 1))


def _failed(trial: Trial, error: Exception, *, out_of_memory: bool) -> Trial:
    text = _first_line(error)
    return Trial(
        trial.device,
        trial.net,
        trial.size,
        trial.batch,
        trial.precision,
        error=text,
        out_of_memory=out_of_memory,
    )


def _timed(config: TrainConfig, device: str, precision: str) -> tuple[float, float]:
    """Milliseconds of the second training step and of the second prediction of one image."""
    torch.set_num_threads(default_threads())
    kind, _, number = device.partition(":")
    fabric = Fabric(
        accelerator=kind,
        devices=[int(number)] if number else 1,
        precision="bf16-mixed" if precision == "bf16" else "32-true",
    )
    net = on_device(build(config), fabric.device)
    optimizer, _ = make_optimizer(config, net, 2, tune=False)
    _, wrapped = fabric.setup(net, optimizer)
    height, width = config.height or 0, config.width or 0
    images = batch_on_device(torch.rand(config.batch, 3, height, width), fabric.device)
    target = torch.zeros(config.batch, 1, height // 8, width // 8, device=fabric.device)
    truth = torch.zeros(config.batch, device=fabric.device)

    def step() -> None:
        net.train()
        with fabric.autocast():
            seg, cls = net(images)[:2]
        known = torch.ones_like(target)
        losses = segmentation_loss(seg.float(), target, known), classification_loss(cls.float(), truth)
        loss = mixed_loss(*losses, lam=0.5, gamma=torch.ones_like(truth), delta=config.delta).mean()
        wrapped.zero_grad(set_to_none=True)
        fabric.backward(loss)
        wrapped.step()

    @torch.no_grad()
    def predict() -> None:
        net.eval()
        with fabric.autocast():
            net(images[:1])

    return _second(step, device), _second(predict, device)


def _second(work: Callable[[], None], device: str) -> float:
    """Milliseconds of doing it again: the first time pays for memory and for choosing kernels."""
    work()
    _wait(device)
    begun = time.perf_counter()
    work()
    _wait(device)
    return 1000 * (time.perf_counter() - begun)


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()
