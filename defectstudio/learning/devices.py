"""Device, precision and threads: decided once, by Lightning Fabric."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import torch
from lightning_fabric import Fabric

from defectstudio.data.runs import TrainConfig

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


def default_threads() -> int:
    """CPU threads of torch where nobody said: one core stays free for the window, but at least two are used."""
    cores = os.cpu_count() or 1
    return max(min(2, cores), cores - 1)


def make_fabric(config: TrainConfig) -> Fabric:
    """One device, the chosen precision; also sets the number of CPU threads."""
    torch.set_num_threads(config.threads or default_threads())
    precision = "bf16-mixed" if chosen_precision(config.precision) == "bf16" else "32-true"
    return Fabric(accelerator="auto", devices=1, precision=precision)  # type: ignore[arg-type]
