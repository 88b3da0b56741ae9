"""Weights on disk: what was saved comes back, and a wrong file is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from defectstudio.data.runs import WEIGHTS, RunRecord, TrainConfig, default_config, write_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.learning.checkpoints import load_model, save_weights
from defectstudio.learning.model import build

CONFIG = default_config("segdec", height=64, width=64, channels=1)


def saved(folder: Path, config: TrainConfig = CONFIG) -> Path:
    record = RunRecord(id="r", created="2026-01-01T00:00:00+00:00", status="finished", config=config, event=3)
    write_run(folder, record)
    save_weights(folder / WEIGHTS, build(config), config)
    return folder


def test_weights_come_back_as_they_were_saved(tmp_path: Path) -> None:
    loaded = load_model(saved(tmp_path)).net.state_dict()
    assert all(torch.equal(value, loaded[name]) for name, value in build(CONFIG).state_dict().items())


def test_missing_weights_are_named(tmp_path: Path) -> None:
    (saved(tmp_path) / WEIGHTS).unlink()
    with pytest.raises(DefectStudioError, match="missing"):
        load_model(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"not weights", b"\xff" * 64])
def test_damaged_weights_are_named(tmp_path: Path, damage: bytes) -> None:
    (saved(tmp_path) / WEIGHTS).write_bytes(damage)
    with pytest.raises(DefectStudioError, match="damaged"):
        load_model(tmp_path)


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path) / WEIGHTS
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(DefectStudioError, match="damaged"):
        load_model(tmp_path)


def test_weights_of_another_network_do_not_fit(tmp_path: Path) -> None:
    saved(tmp_path)
    other = CONFIG.model_copy(update={"variant": "release"})
    save_weights(tmp_path / WEIGHTS, build(other), other)
    with pytest.raises(DefectStudioError, match="do not fit"):
        load_model(tmp_path)
