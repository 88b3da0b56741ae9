"""torch as it is: the reference that other engines are compared with, and the one that uses a GPU."""

from __future__ import annotations

import torch

from defectstudio.learning.engines.base import Answer, EngineName, Floats, Precision
from defectstudio.learning.engines.detector import Detector
from defectstudio.learning.model import TrainedModel, batch_on_device


class TorchEngine:
    """Runs the network with torch, on the GPU where there is one. Sets the threads of torch for this process."""

    name: EngineName = "torch"

    def __init__(self, model: TrainedModel, *, precision: Precision = "fp32", threads: int = 1) -> None:
        torch.set_num_threads(threads)
        self.precision: Precision = precision
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.detector = Detector(model).to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def run(self, batch: Floats) -> Answer:
        """As the protocol says; bf16 computes convolutions in bfloat16 and sums in float32."""
        images = batch_on_device(torch.from_numpy(batch), self.device)
        with torch.inference_mode(), torch.autocast(self.device.type, torch.bfloat16, self.precision == "bf16"):
            heat, score = self.detector(images)
        return heat.cpu().numpy(), score.cpu().numpy()
