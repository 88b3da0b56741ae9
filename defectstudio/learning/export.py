"""A trained detector as files that other programs run: ONNX, OpenVINO's own format, and int8 of that.

int8 is post-training quantisation (NNCF): ranges of values are learnt from training images, and the result has to keep
its average precision on images that neither training nor calibration saw.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from rich import get_console

from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.metrics import average_precision
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.engines.base import Engine, Floats, ModelSource
from defectstudio.learning.engines.detector import Detector
from defectstudio.learning.inputs import input_size, read_input
from defectstudio.learning.model import TrainedModel

OPSET = 20
MOST_AP_LOST = 0.005
CALIBRATION_IMAGES = 64
# Layers of `fast` up to stride 4 stay in float32: 256 steps are too few for faint cracks in a grey surface. Quantised
# too, scores of KolektorSDD were off by six times as much, for next to no time.
EXACT_LAYERS = {"fast": 6, "segdec": 0}
LEAST_HELD_OUT = 2


@dataclass(frozen=True, slots=True)
class Int8Check:
    """AP on held-out images before and after quantisation, and how many of them are then called otherwise."""

    images: int
    defective: int
    ap_fp32: float
    ap_int8: float
    called_otherwise: int
    largest_score_change: float

    @property
    def ap_lost(self) -> float:
        return self.ap_fp32 - self.ap_int8


def source_of(load: Callable[[], TrainedModel], model: TrainedModel, onnx: Path | None = None) -> ModelSource:
    """What engines can be made from for a trained detector."""
    return ModelSource(input_size(model.config), model.config.channels or 3, load=load, onnx=onnx)


def write_onnx(model: TrainedModel, path: Path) -> None:
    """Write the detector as ONNX: input "image" (batch, C, H, W) in [0, 1], outputs "heat" and "score".

    Weights are inside the file; the batch size is free. Takes several seconds.
    """
    config = model.config
    example = torch.rand(2, config.channels or 3, *input_size(config))
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it misses torchvision, which nothing here uses
    with warnings.catch_warnings():
        # The exporter stumbles over names that torch itself has deprecated.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        program = torch.onnx.export(
            Detector(model).to("cpu").eval(),
            (example,),
            dynamo=True,
            input_names=["image"],
            output_names=["heat", "score"],
            dynamic_shapes={"image": {0: torch.export.Dim("batch", min=1, max=4096)}},
            opset_version=OPSET,
            verbose=False,
        )
        assert program is not None
        program.optimize()
        program.save(path, external_data=False)


def write_ir(onnx: Path, xml: Path) -> None:
    """Write an ONNX file as OpenVINO IR: `xml`, and the weights beside it as `.bin`, in float32."""
    from defectstudio.learning.engines.openvino_runtime import openvino

    package = openvino()
    package.save_model(package.Core().read_model(onnx), xml, compress_to_fp16=False)


def write_int8(onnx: Path, xml: Path, images: Snapshot, model: TrainedModel, token: CancelToken) -> Job[None]:
    """Quantise an ONNX file to int8 with the value ranges seen on up to 64 of `images`; writes IR like `write_ir`.

    Raises DefectStudioError where NNCF is not installed, Cancelled (asked at every calibration image).
    """
    from defectstudio.learning.engines.openvino_runtime import openvino

    package = openvino()
    nncf = _nncf()
    chosen = calibration(images)
    yield Progress(0, len(chosen), "Quantising")

    def read(image: SnapshotImage) -> Floats:
        token.check()
        return read_input(images, image, model.config).numpy()[None]

    network = package.Core().read_model(onnx)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        quantised = nncf.quantize(
            network,
            nncf.Dataset(chosen, read),
            subset_size=len(chosen),
            preset=nncf.QuantizationPreset.MIXED,
            ignored_scope=nncf.IgnoredScope(names=first_convolutions(network, EXACT_LAYERS[model.config.net])),
        )
    token.check()
    package.save_model(quantised, xml, compress_to_fp16=False)


def first_convolutions(network: Any, count: int) -> list[str]:
    """The names of the first `count` convolutions of an OpenVINO network, from the image on."""
    kinds = ("Convolution", "GroupConvolution")
    return [op.get_friendly_name() for op in network.get_ordered_ops() if op.get_type_name() in kinds][:count]


def calibration(images: Snapshot, most: int = CALIBRATION_IMAGES) -> list[SnapshotImage]:
    """Up to `most` images, half of them defective where there are enough, spread evenly over the snapshot."""
    defective = [image for image in images.images if image.defective]
    others = [image for image in images.images if not image.defective]
    few = _spread(defective, max(most // 2, most - len(others)))
    return few + _spread(others, most - len(few))


def _spread(images: Sequence[SnapshotImage], most: int) -> list[SnapshotImage]:
    if len(images) <= most:
        return list(images)
    return [images[round(position)] for position in np.linspace(0, len(images) - 1, most)]


def check_int8(
    exact: Engine, quantised: Engine, held_out: Snapshot, model: TrainedModel, token: CancelToken
) -> Job[Int8Check]:
    """Compare an int8 engine with the exact one on tagged images that trained nothing.

    Raises DefectStudioError when there are no such images, good and defective, or AP drops by more than 0.5 points.
    """
    truth = [image.defective for image in held_out.images]
    if min(sum(truth), len(truth) - sum(truth)) < LEAST_HELD_OUT:
        raise DefectStudioError(
            "int8 cannot be checked: too few images are tagged good and defective that did not train the run.",
            hint="Keep two good and two defective images in another split, or export without --int8.",
        )
    scores = []
    for done, image in enumerate(held_out.images):
        token.check()
        yield Progress(done, len(truth), "Checking int8")
        pixels = read_input(held_out, image, model.config).numpy()[None]
        scores.append((float(exact.run(pixels)[1][0]), float(quantised.run(pixels)[1][0])))
    before, after = np.array(scores).T
    check = Int8Check(
        images=len(truth),
        defective=sum(truth),
        ap_fp32=average_precision(truth, before),
        ap_int8=average_precision(truth, after),
        called_otherwise=int(((before >= model.threshold) != (after >= model.threshold)).sum()),
        largest_score_change=float(np.abs(before - after).max()),
    )
    refuse_lossy(check)
    return check


def refuse_lossy(check: Int8Check) -> None:
    """Raise DefectStudioError when int8 costs more than 0.5 points of AP."""
    if check.ap_lost > MOST_AP_LOST:
        lost, held_out = f"{100 * check.ap_lost:.1f} points of AP", f"{check.images} held-out images"
        raise DefectStudioError(
            f"int8 costs {lost} on {held_out} ({100 * check.ap_fp32:.1f} -> {100 * check.ap_int8:.1f}).",
            hint="At most 0.5 are accepted. Export without --int8: the other engines lose nothing.",
        )


def _nncf() -> ModuleType:
    try:
        import nncf
    except ImportError as error:
        raise DefectStudioError(
            "int8 needs the package nncf, which is not installed.", hint="pip install 'defectstudio[int8]'"
        ) from error
    # It draws bars of its own on rich's shared console, which is stdout: there, results are written.
    get_console().quiet = True
    nncf.set_log_level(logging.ERROR)
    return nncf  # type: ignore[no-any-return]
