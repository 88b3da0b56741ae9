"""Engines answer alike; the choice among them is measured, remembered and explained."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.engines import choose as choosing
from defectstudio.learning.engines.base import Kind, ModelSource
from defectstudio.learning.engines.choose import available, choose, fitting, open_engine
from defectstudio.learning.engines.eager import TorchEngine
from defectstudio.learning.predict import score as score_images
from tests.learning.conftest import detector
from tests.learning.generated import spots

pytestmark = pytest.mark.xdist_group("engines")

IMAGES = np.random.default_rng(0).random((3, 3, 64, 64), np.float32)
EXACT = [Kind("torch", "fp32"), Kind("onnx", "fp32"), Kind("openvino", "fp32")]


@pytest.mark.parametrize("kind", EXACT[1:], ids=str)
def test_every_engine_answers_as_torch_does(kind: Kind, source: ModelSource) -> None:
    heat, score = open_engine(EXACT[0], source, threads=1).run(IMAGES)
    other_heat, other_score = open_engine(kind, source, threads=1).run(IMAGES)
    assert heat.shape == other_heat.shape == (3, 1, 8, 8)
    assert score.shape == other_score.shape == (3,)
    assert heat.std() > 0.001  # else any two would agree
    np.testing.assert_allclose(other_heat, heat, atol=1e-5)
    np.testing.assert_allclose(other_score, score, atol=1e-5)


def test_throughput_mode_gives_each_image_its_own_answer(source: ModelSource) -> None:
    heat, score = open_engine(EXACT[2], source, threads=2).run(IMAGES)
    engine = open_engine(EXACT[2], source, threads=2, mode="throughput")
    for _ in range(2):
        np.testing.assert_allclose(engine.run(IMAGES)[0], heat, atol=1e-5)
        np.testing.assert_allclose(engine.run(IMAGES)[1], score, atol=1e-5)


def test_an_engine_scores_as_the_prediction_of_a_project_does(source: ModelSource) -> None:
    assert source.load is not None
    model = source.load()
    snapshot = spots(2, 2, masks=0)
    exact = replace(model, config=model.config.model_copy(update={"precision": "32", "finetune_epochs": 1}))
    scored = finish(score_images(exact, snapshot, CancelToken()))
    engine = open_engine(EXACT[0], source, threads=1)
    from defectstudio.learning.inputs import read_input

    images = np.stack([read_input(snapshot, image, model.config).numpy() for image in snapshot.images])
    np.testing.assert_allclose(engine.run(images)[1], [row.score for row in scored], atol=1e-5)


def test_a_network_that_tells_classes_apart_still_says_where_and_whether() -> None:
    model = detector(segment_classes=(1, 2))
    heat, score = TorchEngine(model, threads=1).run(IMAGES)
    assert (heat.shape, score.shape) == ((3, 1, 8, 8), (3,))


def test_only_what_is_installed_and_at_hand_is_offered(source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "has_amx", lambda: False)
    monkeypatch.setattr(choosing.torch.cuda, "is_available", lambda: False)
    assert available(source) == EXACT
    assert available(replace(source, load=None)) == EXACT[1:]
    assert available(replace(source, int8=Path("int8.xml")))[-1] == Kind("openvino", "int8")
    monkeypatch.setattr(choosing, "installed", lambda name: name != "openvino")
    assert available(source) == EXACT[:2]
    with pytest.raises(DefectStudioError, match="pip install openvino"):
        fitting(source, "openvino")


def test_bf16_is_offered_only_where_the_processor_has_it(source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing.torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(choosing, "has_amx", lambda: True)
    assert {Kind("torch", "bf16"), Kind("openvino", "bf16")} <= set(available(source))
    monkeypatch.setattr(choosing, "has_amx", lambda: False)
    with pytest.raises(DefectStudioError, match="AMX"):
        fitting(source, "auto", "bf16")


@pytest.mark.parametrize(("engine", "precision"), [("tensorflow", "auto"), ("auto", "fp8")])
def test_an_unknown_engine_is_answered_with_the_known_ones(source: ModelSource, engine: str, precision: str) -> None:
    with pytest.raises(DefectStudioError, match="Engines: auto, torch, onnx, openvino"):
        fitting(source, engine, precision)


def test_the_fastest_engine_is_chosen_and_remembered(
    source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([3.0, 1.0, 2.0])
    kinds = [str(kind) for kind in fitting(source)]
    monkeypatch.setattr(choosing, "measure", lambda *_: next(times, 9.0))
    choice = finish(choose(source, CancelToken(), memory=tmp_path))
    assert str(choice.kind) == min(choice.milliseconds, key=choice.milliseconds.__getitem__) == kinds[1]
    monkeypatch.setattr(choosing, "measure", lambda *_: pytest.fail("measured again"))
    assert finish(choose(source, CancelToken(), memory=tmp_path)) == choice


def test_a_damaged_memory_of_choices_is_measured_again(source: ModelSource, tmp_path: Path) -> None:
    (tmp_path / "engines.json").write_text("[1, 2")
    choice = finish(choose(source, CancelToken(), memory=tmp_path, threads=1))
    assert set(choice.milliseconds) == {str(kind) for kind in fitting(source)}
    assert all(value > 0 for value in choice.milliseconds.values())
    assert json.loads((tmp_path / "engines.json").read_text())


def test_choosing_stops_when_it_is_cancelled(source: ModelSource) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        finish(choose(source, token))


@pytest.mark.parametrize("kind", EXACT[1:], ids=str)
def test_a_damaged_network_file_is_named(kind: Kind, source: ModelSource, tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(DefectStudioError, match=r"broken\.onnx cannot be loaded"):
        open_engine(kind, replace(source, onnx=broken, ir=None))


def test_nothing_is_reported_to_the_makers_of_the_engines(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from defectstudio.learning.engines.openvino_runtime import openvino\n"
        "from defectstudio.learning.export import _nncf\n"
        "openvino(); _nncf()\n"
        "sys.exit('openvino_telemetry.main' in sys.modules)"
    )
    # On a machine of a user neither pytest nor a build server is there to keep the packages quiet.
    environment = {"HOME": str(tmp_path), "PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "intel").exists()
