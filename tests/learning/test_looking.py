"""The fast way of looking at many images says what torch says, class by class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.runs import default_config
from defectstudio.domain.errors import Cancelled
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning import looking
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.looking import look
from defectstudio.learning.predict import score
from defectstudio.learning.recording import train
from tests.learning.generated import spots

CLASSES = (1, 3)


def test_openvino_finds_what_torch_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = spots(4, 4, masks=4, side=64)
    config = default_config(
        height=64, width=64, epochs=1, threads=1, precision="32", threshold_folds=0, segment_classes=CLASSES
    )
    finish(train(config, images, tmp_path / "run", cache=tmp_path / "cache")(CancelToken()))
    expected = finish(score(load_model(tmp_path / "run"), images, CancelToken(), cache=tmp_path / "cache"))
    steps: list[str] = []
    few = finish(look(tmp_path / "run", images, CancelToken(), cache=tmp_path / "cache"))
    assert not list(tmp_path.rglob("*.onnx"))
    monkeypatch.setattr(looking, "LEAST_IMAGES", 1)
    found = finish(
        look(tmp_path / "run", images, CancelToken(), cache=tmp_path / "cache"), lambda p: steps.append(p.text)
    )
    assert len(list((tmp_path / "cache" / "engines").rglob("*.onnx"))) == 1
    assert "Preparing fast engines (once)" in steps
    for one, other, third in zip(expected, found, few, strict=True):
        assert one.id == other.id
        assert other.score == pytest.approx(one.score, abs=2e-3)
        assert third.score == one.score
        np.testing.assert_allclose(other.heat, one.heat, atol=4e-3)
        assert one.classes is not None
        assert other.classes is not None
        assert set(np.unique(other.classes)) <= set(CLASSES)
        assert (other.classes == one.classes).mean() > 0.95
    for stopped_at in ("Preparing", "Predicting"):
        token = CancelToken()
        with pytest.raises(Cancelled):
            finish(
                look(tmp_path / "run", images, token, cache=tmp_path / "other"),
                lambda p, at=stopped_at, token=token: token.cancel() if p.text.startswith(at) else None,  # type: ignore[misc]
            )
