"""Device, precision and threads: decided once, by Lightning Fabric."""

from __future__ import annotations

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from lightning_fabric.utilities.exceptions import MisconfigurationException

from defectstudio.data.runs import TrainConfig
from defectstudio.domain.errors import DefectStudioError

# Fabric announces the seed and the devices it found on every start; a user has no use for that.
logging.getLogger("lightning_fabric").setLevel(logging.ERROR)


def has_amx() -> bool:
    """Whether this CPU multiplies bfloat16 matrices in hardware; without it bf16 is up to 20 times slower."""
    info = Path("/proc/cpuinfo")
    return info.is_file() and "amx_bf16" in info.read_text(encoding="utf-8", errors="replace")


def chosen_precision(wanted: str, device: str = "auto") -> str:
    """ "bf16" or "32": `auto` takes bf16 where the hardware has it, not where it would be emulated.

    `device` as Fabric calls it ("cpu", "cuda:0", "mps"); "auto" is the one that training takes.
    """
    if wanted != "auto":
        return wanted
    if device.startswith("cuda") or (device == "auto" and torch.cuda.is_available()):
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "32"
    return "bf16" if device != "mps" and has_amx() else "32"


def default_threads(processes: int = 1) -> int:
    """CPU threads of torch where nobody said: one core stays free for the window, but at least two are used.

    `processes` that train together on this machine share them.
    """
    cores = os.cpu_count() or 1
    return max(1, max(min(2, cores), cores - 1) // processes)


def make_fabric(config: TrainConfig) -> Fabric:
    """One device, the chosen precision; also sets the number of CPU threads."""
    torch.set_num_threads(config.threads or default_threads())
    precision = "bf16-mixed" if chosen_precision(config.precision) == "bf16" else "32-true"
    return Fabric(accelerator="auto", devices=1, precision=precision)  # type: ignore[arg-type]


def launch_fabric(config: TrainConfig, devices: int, nodes: int = 1) -> Fabric:
    """Start the other processes of a training and join them: one a GPU, or, where there is none, on the CPU.

    The command line is run again in each of them, with LOCAL_RANK set, up to this point; under torchrun or SLURM they
    are there already. With several nodes, the same command runs on each, with MASTER_ADDR, MASTER_PORT and NODE_RANK
    set. Raises DefectStudioError when there are fewer devices, or fewer images in a batch.
    """
    if config.batch < devices * nodes:
        raise DefectStudioError(
            f"A batch of {config.batch} cannot be shared by {devices * nodes} devices.",
            hint=f"Use --set batch={devices * nodes} or a multiple of it.",
        )
    if getattr(sys, "frozen", False):
        hint = "Install the Python package for that."
        raise DefectStudioError("Several devices cannot be used from the packaged program.", hint=hint)
    torch.set_num_threads(config.threads or default_threads(devices))
    precision = "bf16-mixed" if chosen_precision(config.precision) == "bf16" else "32-true"
    try:
        fabric = Fabric(
            accelerator="auto",
            devices=devices,
            num_nodes=nodes,
            strategy=DDPStrategy(timeout=timedelta(hours=12)),
            precision=precision,  # type: ignore[arg-type]
        )
        fabric.launch()
    except (MisconfigurationException, ValueError, RuntimeError) as error:
        hint = "`defectstudio doctor` lists the devices of this computer."
        raise DefectStudioError(f"{devices} devices cannot be joined: {error}.", hint=hint) from error
    return fabric
