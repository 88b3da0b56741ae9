"""OpenVINO: fastest on Intel processors; fp32, bf16 (processors with AMX) and int8.

OpenVINO and NNCF report every import and quantisation to their maker over the network, without asking, through the
package `openvino_telemetry`. DefectStudio works offline: that package is kept from loading before either is imported.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from defectstudio.learning.engines.base import Answer, EngineName, Floats, Mode, Precision
from defectstudio.learning.engines.onnx_runtime import unreadable


def openvino() -> ModuleType:
    """The package openvino, imported without its reporting. Raises ImportError where it is not installed."""
    if "openvino" not in sys.modules:
        # An entry of None makes the import fail as if the package were absent, which both packages provide for.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino as package

    return package  # type: ignore[no-any-return]


class OpenVinoEngine:
    """Runs an OpenVINO (.xml) or ONNX file on the processor; an int8 file brings its precision with it.

    In `throughput` mode every image of a batch is a request of its own, answered by as many streams as OpenVINO
    thinks best for the threads; in `latency` mode all threads share one request.
    """

    name: EngineName = "openvino"

    def __init__(self, path: Path, *, precision: Precision = "fp32", threads: int = 1, mode: Mode = "latency") -> None:
        package = openvino()
        self.precision: Precision = precision
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": mode.upper(),
            "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        }
        core = package.Core()
        try:
            network = core.read_model(path)
            if mode == "throughput":
                network.reshape([1, *network.input(0).get_partial_shape()[1:]])
            self._network = core.compile_model(network, "CPU", settings)
        except RuntimeError as error:
            raise unreadable(path, error) from error
        self._queue = package.AsyncInferQueue(self._network) if mode == "throughput" else None

    def run(self, batch: Floats) -> Answer:
        """As the protocol says."""
        if self._queue is not None:
            return self._each(self._queue, batch)
        answer = self._network({"image": batch})
        return answer["heat"], answer["score"]

    def _each(self, queue: Any, batch: Floats) -> Answer:
        rows: list[Answer | None] = [None] * len(batch)

        def keep(request: Any, position: int) -> None:
            # The buffers belong to the request, which the next image uses again.
            outputs = (request.get_tensor(name).data.copy() for name in ("heat", "score"))
            rows[position] = next(outputs), next(outputs)

        queue.set_callback(keep)
        for position in range(len(batch)):
            queue.start_async({"image": batch[position : position + 1]}, position)
        queue.wait_all()
        done = [row for row in rows if row is not None]
        return np.concatenate([heat for heat, _ in done]), np.concatenate([score for _, score in done])
