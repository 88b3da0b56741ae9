"""What a machine has to compute with, as plain facts; made by `learning.doctor`, judged by `app.diagnosis`."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU as torch sees it; memory in GB, `capability` as in (9, 0)."""

    name: str
    capability: tuple[int, int] = (0, 0)
    memory_gb: float = 0.0
    free_gb: float = 0.0
    bf16: bool = False


@dataclass(frozen=True, slots=True)
class Driver:
    """What the system knows of NVIDIA GPUs, torch aside.

    `cards`: on the PCI bus. `smi`: nvidia-smi was found; `smi_error`: what it said when it failed. `denied`: device
    files that this user may not open; `missing_files`: there is a driver, but no device file.
    """

    cards: int = 0
    smi: bool = False
    smi_error: str = ""
    version: str = ""
    gpus: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    missing_files: bool = False
    hidden: bool = False
    """An environment variable (CUDA_VISIBLE_DEVICES) hides all of them."""


@dataclass(frozen=True, slots=True)
class Torch:
    """The torch that is installed. `cuda`: the CUDA version it was built for, "" for a CPU build."""

    version: str
    cuda: str = ""
    available: bool = False
    error: str = ""
    architectures: tuple[str, ...] = ()
    gpus: tuple[Gpu, ...] = ()
    mps: bool = False
    precision: str = "32"
    """What "auto" takes here."""
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One real training step and one prediction of a network on a device, in ms, after a warm-up; or its error."""

    device: str
    net: str
    size: tuple[int, int]
    batch: int
    precision: str
    step_ms: float = 0.0
    predict_ms: float = 0.0
    error: str = ""
    out_of_memory: bool = False


def is_first() -> bool:
    """Whether this process writes the run: false in those that Fabric, torchrun or SLURM started beside the first."""
    for name in ("RANK", "SLURM_PROCID"):
        if name in os.environ:
            return os.environ[name] == "0"
    return all(os.environ.get(name, "0") == "0" for name in ("NODE_RANK", "GROUP_RANK", "LOCAL_RANK"))
