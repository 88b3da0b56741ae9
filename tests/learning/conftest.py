"""A small detector and its files, exported once for all tests that need them."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectstudio.data.runs import default_config
from defectstudio.learning.engines.base import ModelSource
from defectstudio.learning.export import source_of, write_ir, write_onnx
from defectstudio.learning.model import TrainedModel, build


def detector(**changes: object) -> TrainedModel:
    """`fast` at 64 x 64, heads untrained, in evaluation mode."""
    config = default_config("fast", height=64, width=64, channels=3, strides=(4, 8), stride=8, **changes)
    return TrainedModel(config, build(config).eval())


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> ModelSource:
    """Everything that engines are made from, but int8; predictions are averaged over flips."""
    folder = tmp_path_factory.mktemp("engines")
    model = detector(test_flips=True)
    write_onnx(model, folder / "model.onnx")
    write_ir(folder / "model.onnx", folder / "model.xml")
    made = source_of(lambda: model, model, folder / "model.onnx")
    return ModelSource(made.size, made.channels, load=made.load, onnx=made.onnx, ir=folder / "model.xml")


@pytest.fixture
def folder(source: ModelSource) -> Path:
    """Where the files of `source` lie."""
    assert source.onnx is not None
    return source.onnx.parent
