"""ONNX Runtime: small, runs on any processor, fp32."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from defectstudio.domain.errors import DefectStudioError
from defectstudio.learning.engines.base import Answer, EngineName, Floats, Precision

# Only the Windows build reports to its maker, and only where the system allows it; nothing here ever should.
onnxruntime.disable_telemetry_events()


class OnnxEngine:
    """Runs an ONNX file on the processor."""

    name: EngineName = "onnx"
    precision: Precision = "fp32"

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        # Threads that spin between batches would take the cores from the one that reads images.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its own error classes are not public
            raise unreadable(path, error) from error

    def run(self, batch: Floats) -> Answer:
        """As the protocol says."""
        heat, score = self._session.run(["heat", "score"], {"image": batch})
        return heat, score


def unreadable(path: Path, error: Exception) -> DefectStudioError:
    """One sentence for a network file that an engine refuses."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return DefectStudioError(f"{path.name} cannot be loaded ({reason}).", hint="Export the detector again.")
