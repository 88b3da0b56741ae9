"""A training that was interrupted and went on ends with the weights of one that was not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from defectstudio.data.runs import CHECKPOINT, CURVE, WEIGHTS, TrainConfig, default_config, read_run
from defectstudio.domain.errors import Cancelled, DefectStudioError, OutOfMemory
from defectstudio.domain.progress import CancelToken, Job, finish
from defectstudio.learning import recording
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.recording import memory_errors, resume, train
from defectstudio.learning.resumption import Checkpoint, save_checkpoint
from defectstudio.learning.trainers import mixed
from tests.learning.generated import spots

SMALL = {"height": 64, "width": 64, "threads": 1, "precision": "32", "threshold_folds": 0}
TUNED = {"epochs": 6, "finetune_epochs": 3, "running_mean": 0.9, "paste": 0.5, "batch": 3}
CONFIGS = {
    "heads": default_config("fast", **{**SMALL, "epochs": 4}),
    "tuned": default_config("fast", **{**SMALL, **TUNED}),
    "segdec": default_config("segdec", **{**SMALL, "epochs": 3, "dilation": 3}),
}


def break_off(job: Job[object], where: str) -> None:
    """Go on to the middle of the named epoch, then vanish as a killed process does."""
    while where not in next(job).text:
        pass
    next(job)
    job.close()


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("heads", "Training, epoch 1 "),
        ("heads", "Training, epoch 3 "),
        ("tuned", "Training, epoch 2 "),
        ("tuned", "Fine-tuning, epoch 1 "),
        ("tuned", "Fine-tuning, epoch 3 "),
        ("segdec", "Training, epoch 2 "),
    ],
)
def test_an_interrupted_training_ends_with_the_same_weights(name: str, where: str, tmp_path: Path) -> None:
    data = spots(5, 4, masks=2)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    expected = finish(train(CONFIGS[name], data, whole)(CancelToken()))
    break_off(train(CONFIGS[name], data, broken)(CancelToken()), where)
    assert read_run(broken).status == "running"
    record = finish(resume(broken, data)(CancelToken()))
    assert (broken / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()
    assert (broken / CURVE).read_text() == (whole / CURVE).read_text()
    assert not (broken / CHECKPOINT).exists()
    timed = {"id", "created", "seconds", "features_seconds"}
    assert record.model_dump(exclude=timed) == expected.model_dump(exclude=timed)


def test_a_stopped_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    data, folder, token = spots(5, 4, masks=2), tmp_path / "r", CancelToken()
    job = train(CONFIGS["heads"], data, folder)(token)
    while "epoch 3" not in next(job).text:
        pass
    token.cancel()
    with pytest.raises(Cancelled):
        next(job)
    assert read_run(folder).status == "stopped"
    seen: list[str] = []
    finish(resume(folder, data)(CancelToken()), lambda progress: seen.append(progress.text))
    assert not any("epoch 2" in text for text in seen)
    assert read_run(folder).status == "finished"


def test_a_run_can_go_on_with_smaller_batches(tmp_path: Path) -> None:
    data, folder = spots(5, 4, masks=2), tmp_path / "r"
    break_off(train(CONFIGS["tuned"], data, folder)(CancelToken()), "Fine-tuning, epoch 2 ")
    rates: list[float] = []

    def note(progress: object) -> None:
        values = getattr(progress, "values", {})
        if "lr" in values:
            rates.append(values["lr"])

    record = finish(resume(folder, data, batch=2)(CancelToken()), note)
    assert record.config.batch == 2
    assert record.status == "finished"
    assert rates == sorted(rates, reverse=True)  # past its peak the cycle goes on downwards
    curve = [json.loads(line) for line in (folder / CURVE).read_text().splitlines()]
    assert [(row["phase"], row["epoch"]) for row in curve] == [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)]


def test_memory_used_up_keeps_the_run_and_offers_smaller_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, folder = spots(5, 4, masks=2), tmp_path / "r"
    learnt = mixed.Trainer.losses
    calls: list[int] = []

    def losses(*args: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 GB")
        return learnt(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(mixed.Trainer, "losses", losses)
    with pytest.raises(OutOfMemory) as caught:
        finish(train(CONFIGS["heads"], data, folder)(CancelToken()))
    assert caught.value.smaller_batch == 2
    record = read_run(folder)
    assert record.status == "failed"
    assert "Memory is used up" in record.error
    assert finish(resume(folder, data, batch=2)(CancelToken())).status == "finished"


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), MemoryError()])
def test_every_kind_of_memory_error_is_recognised(error: Exception) -> None:
    with pytest.raises(OutOfMemory) as caught, memory_errors(1):
        raise error
    assert caught.value.smaller_batch is None
    with pytest.raises(RuntimeError, match="shape"), memory_errors(1):
        raise RuntimeError("shape mismatch")


def test_a_finished_run_a_damaged_checkpoint_and_missing_images_are_refused(tmp_path: Path) -> None:
    data, folder = spots(5, 4, masks=2), tmp_path / "r"
    break_off(train(CONFIGS["heads"], data, folder)(CancelToken()), "epoch 3 ")
    with pytest.raises(DefectStudioError, match="gone from the project"):
        finish(resume(folder, data.where(lambda image: image.id != 1))(CancelToken()))
    checkpoint = (folder / CHECKPOINT).read_bytes()
    (folder / CHECKPOINT).write_bytes(checkpoint[: len(checkpoint) // 2])
    with pytest.raises(DefectStudioError, match="checkpoint of run r is damaged"):
        finish(resume(folder, data)(CancelToken()))
    (folder / CHECKPOINT).write_bytes(checkpoint)
    finish(resume(folder, data)(CancelToken()))
    with pytest.raises(DefectStudioError, match="is finished"):
        finish(resume(folder, data)(CancelToken()))


def test_any_changed_byte_of_a_checkpoint_is_found(tmp_path: Path) -> None:
    rng, path = np.random.default_rng(0), tmp_path / CHECKPOINT
    net = {"a.weight": torch.randn(8, 5), "a.bias": torch.zeros(8), "count": torch.tensor(3)}
    known = Checkpoint(1, 4, 2, 7.5, net=net, optimizer={"0.step": torch.tensor(4.0)}, groups=[{"lr": 0.1}])
    save_checkpoint(path, known)
    whole = path.read_bytes()
    found = recording.load_checkpoint(path)
    assert found is not None
    assert torch.equal(found.net["a.weight"], net["a.weight"])
    for place in [0, 8, len(whole) - 1, *rng.integers(0, len(whole), 60).tolist()]:
        changed = bytearray(whole)
        changed[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(bytes(changed))
        with pytest.raises(DefectStudioError, match="damaged"):
            recording.load_checkpoint(path)


def test_a_frozen_encoder_is_not_in_the_checkpoint(tmp_path: Path) -> None:
    break_off(train(CONFIGS["heads"], spots(5, 4, masks=2), tmp_path / "r")(CancelToken()), "epoch 2 ")
    found = recording.load_checkpoint(tmp_path / "r" / CHECKPOINT)
    assert found is not None
    assert not any(name.startswith("trunk.") for name in found.net)


def test_held_out_images_give_an_ap_after_every_epoch(tmp_path: Path) -> None:
    seen: list[float] = []
    config: TrainConfig = CONFIGS["heads"]
    job = train(config, spots(5, 4, masks=2), tmp_path / "r", validation=spots(3, 3, masks=0, seed=5))
    record = finish(job(CancelToken()), lambda p: seen.append(p.values["ap"]) if "ap" in p.values else None)
    assert len(seen) == config.epochs
    assert all(0 <= ap <= 1 for ap in seen)
    assert record.metrics["ap"] == pytest.approx(seen[-1], abs=1e-6)  # the watched images are all of them here
    assert load_model(tmp_path / "r").threshold == record.threshold
