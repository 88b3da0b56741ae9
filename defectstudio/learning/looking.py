"""Scores of many new images, as fast as this computer can: the engine is chosen by what it has.

OpenVINO runs encoder and heads as one network, several images at a time, in about half the time of torch on a CPU.
Unlike `engines`, which answer where and whether, this also says which class, as detections need it. Where OpenVINO is
not installed, a GPU is there, or too few images wait for writing that network to be worth it, torch does it.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from defectstudio.data.pixels import sha256_of
from defectstudio.data.predictions import Scored
from defectstudio.data.runs import WEIGHTS
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.whole import written_whole
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.devices import chosen_precision, default_threads
from defectstudio.learning.engines.choose import installed
from defectstudio.learning.export import OPSET
from defectstudio.learning.inputs import input_size, read_input
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.predict import score

FORMAT = 1
LEAST_IMAGES = 200
"""Images from which on writing the network, some ten seconds once for each run, is worth it."""

Floats = NDArray[np.float32]


def look(folder: Path, snapshot: Snapshot, token: CancelToken, *, cache: Path) -> Job[list[Scored]]:
    """P(defect), heat map and, where told apart, the class of every cell, in the snapshot's order.

    `folder`: that of a finished run. Raises as `load_model`, Cancelled.
    """
    model = load_model(folder)
    onnx = cache / "engines" / f"{sha256_of(folder / WEIGHTS)[:16]}-whole-{FORMAT}" / "model.onnx"
    if not _suits(model) or not (onnx.is_file() or len(snapshot.images) >= LEAST_IMAGES):
        return (yield from score(model, snapshot, token, cache=cache))
    if not onnx.is_file():
        yield Progress(0, len(snapshot.images), "Preparing fast engines (once)")
        token.check()
        with written_whole(onnx, durable=False) as temporary:
            write_whole_network(model, temporary)
    inputs = (read_input(snapshot, image, model.config).numpy() for image in snapshot.images)
    scored: list[Scored] = []
    with closing(WholeNetwork(onnx, model).answers(inputs)) as answers:
        for done, (image, row) in enumerate(zip(snapshot.images, answers, strict=True)):
            token.check()
            yield Progress(done, len(snapshot.images), "Predicting")
            scored.append(_scored(image, model, row))
    return scored


def _suits(model: TrainedModel) -> bool:
    """Whether OpenVINO would answer as torch does, and sooner: mirrored views are left to torch."""
    return installed("openvino") and not torch.cuda.is_available() and not model.config.test_flips


class Whole(nn.Module):
    """Images (B, C, H, W) in [0, 1] -> heat (B, 1, h, w), score (B,) and, where told apart, P(class | defect)."""

    def __init__(self, model: TrainedModel) -> None:
        super().__init__()
        self.net = model.net.eval()

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        seg, cls, *which = self.net(image)
        return seg.float().sigmoid(), cls.float().sigmoid(), *(part.float().softmax(1) for part in which)


def write_whole_network(model: TrainedModel, path: Path) -> None:
    """Write encoder and heads as ONNX for one image at a time; outputs "heat", "score" and, where there, "classes"."""
    config = model.config
    names = ["heat", "score", *(["classes"] if config.segment_classes else [])]
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it misses torchvision, which nothing here uses
    with warnings.catch_warnings():
        # The exporter stumbles over names that torch itself has deprecated.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        program = torch.onnx.export(
            Whole(model).to("cpu").eval(),
            (torch.rand(1, config.channels or 3, *input_size(config)),),
            dynamo=True,
            input_names=["image"],
            output_names=names,
            opset_version=OPSET,
            verbose=False,
        )
        assert program is not None
        program.optimize()
        program.save(path, external_data=False)


class WholeNetwork:
    """Such a file in OpenVINO, as many requests at once as suit the threads of the run's configuration."""

    def __init__(self, path: Path, model: TrainedModel) -> None:
        from defectstudio.learning.engines.openvino_runtime import openvino

        package = openvino()
        settings = {
            "INFERENCE_NUM_THREADS": model.config.threads or default_threads(),
            "PERFORMANCE_HINT": "THROUGHPUT",
            "INFERENCE_PRECISION_HINT": "bf16" if chosen_precision(model.config.precision) == "bf16" else "f32",
        }
        core = package.Core()
        network = core.compile_model(core.read_model(path), "CPU", settings)
        self._names = [output.any_name for output in network.outputs]
        self._queue = package.AsyncInferQueue(network)

    def answers(self, images: Iterable[Floats]) -> Generator[dict[str, Floats], None, None]:
        """The outputs by name of each image (C, H, W), in order and without their first axis.

        The next images are taken while the network still works on the last ones. Closed before its end, it waits for
        those, as the network must not go while a request is under way.
        """
        rows: dict[int, dict[str, Floats]] = {}

        def keep(request: Any, position: int) -> None:
            # The buffers belong to the request, which the next image uses again.
            rows[position] = {name: request.get_tensor(name).data[0].copy() for name in self._names}

        self._queue.set_callback(keep)
        given = 0
        try:
            for position, image in enumerate(images):
                self._queue.start_async({"image": image[None]}, position)
                while given in rows:
                    yield rows.pop(given)
                    given += 1
        finally:
            self._queue.wait_all()
        while given in rows:
            yield rows.pop(given)
            given += 1


def _scored(image: SnapshotImage, model: TrainedModel, row: dict[str, Floats]) -> Scored:
    heat = row["heat"][0]
    p, cells, chances = float(row["score"]), heat.astype(np.float16), row.get("classes")
    if chances is None:
        return Scored(image.id, p, cells, image.split)
    numbers = np.array(model.config.segment_classes or (0,), np.uint8)
    p_classes = np.asarray((heat * chances).max((1, 2)), np.float32)
    return Scored(image.id, p, cells, image.split, numbers[chances.argmax(0)], p_classes)
