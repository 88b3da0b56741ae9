"""What every engine is: images in, probabilities out; and what it is made from.

An engine holds one network at one precision. How pixels become its input is `learning.inputs`, the same for all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from defectstudio.learning.model import TrainedModel

EngineName = Literal["torch", "onnx", "openvino"]
Precision = Literal["fp32", "bf16", "int8"]
Mode = Literal["latency", "throughput"]
"""latency: all threads work on one batch; throughput: several images at a time, a thread each."""
Floats = NDArray[np.float32]
Answer = tuple[Floats, Floats]
"""Heat maps (B, 1, h, w) and scores (B,), both probabilities."""


class Engine(Protocol):
    """One network, ready to run."""

    @property
    def name(self) -> EngineName: ...

    @property
    def precision(self) -> Precision: ...

    def run(self, batch: Floats) -> Answer:
        """Images (B, C, H, W) in [0, 1] -> heat maps (B, 1, h, w) and scores (B,), both probabilities."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """An engine at a precision."""

    name: EngineName
    precision: Precision

    def __str__(self) -> str:
        return f"{self.name} {self.precision}"


@dataclass(frozen=True, slots=True)
class ModelSource:
    """What engines can be made from; what is None cannot be had. `size` is (height, width) of the input.

    `load` gives the detector with its weights (engine torch); `onnx` serves ONNX Runtime and OpenVINO alike; `ir` is
    the same network in OpenVINO's own format, `int8` its quantised form.
    """

    size: tuple[int, int]
    channels: int
    load: Callable[[], TrainedModel] | None = None
    onnx: Path | None = None
    ir: Path | None = None
    int8: Path | None = None


def default_threads() -> int:
    """All cores but one, at least two where there are two: the window stays quick beside it."""
    cores = os.cpu_count() or 1
    return max(min(2, cores), cores - 1)
