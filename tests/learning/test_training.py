"""Training end to end on small generated images: learning, repeatability, cancelling, and errors that help."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from defectstudio.data.runs import CURVE, WEIGHTS, TrainConfig, default_config, read_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED
from defectstudio.domain.metrics import average_precision
from defectstudio.domain.progress import CancelToken, Progress, finish
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.predict import predict, score
from defectstudio.learning.recording import train
from defectstudio.learning.trainers.mixed import Trainer, fit
from tests.learning.generated import spots

SMALL = {"height": 64, "width": 64, "threads": 1, "precision": "32"}


def fast(**changes: object) -> TrainConfig:
    return default_config("fast", **{**SMALL, "epochs": 6, **changes})


def segdec(**changes: object) -> TrainConfig:
    return default_config("segdec", **{**SMALL, "epochs": 1, "dilation": 1, **changes})


@pytest.mark.parametrize("masks", [0, 8])
def test_fast_finds_spots_it_has_not_seen_with_and_without_masks(masks: int) -> None:
    model = finish(fit(fast(), spots(12, 8, masks=masks), CancelToken()))
    test = spots(12, 8, masks=8, seed=1)
    scored = finish(score(model, test, CancelToken()))
    assert average_precision([i.defective for i in test.images], [s.score for s in scored]) > 0.9
    assert all(0 <= s.score <= 1 and s.heat.shape == (8, 8) for s in scored)


def test_the_heat_map_is_hottest_on_the_spot() -> None:
    model = finish(fit(fast(epochs=12), spots(12, 8, masks=8), CancelToken()))
    test = spots(0, 6, masks=6, seed=1)
    for image, row in zip(test.images, finish(score(model, test, CancelToken())), strict=True):
        heat, spot = row.heat_map((64, 64)), image.label_map() > 0
        assert heat[spot].mean() > 2 * heat[~spot].mean()


@pytest.mark.parametrize("config", [fast(epochs=2), fast(epochs=1, finetune_epochs=1), segdec()])
def test_the_same_seed_gives_the_same_weights(config: TrainConfig) -> None:
    once, again = (finish(fit(config, spots(4, 2, masks=1), CancelToken(), threshold=False)) for _ in range(2))
    pairs = zip(once.net.state_dict().values(), again.net.state_dict().values(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_another_seed_gives_other_weights() -> None:
    one, other = (
        finish(fit(fast(epochs=1, seed=seed), spots(4, 2, masks=1), CancelToken(), threshold=False)) for seed in (0, 1)
    )
    assert not torch.equal(one.net.heads.decision.weight, other.net.heads.decision.weight)  # type: ignore[union-attr]


def test_fine_tuning_changes_the_encoder_and_freezing_does_not() -> None:
    frozen = finish(fit(fast(epochs=1), spots(4, 2, masks=1), CancelToken(), threshold=False))
    tuned = finish(fit(fast(epochs=1, finetune_epochs=1), spots(4, 2, masks=1), CancelToken(), threshold=False))
    name = "trunk._blocks.10._project_conv.weight"
    published = Trainer(fast(), spots(1, 1, masks=0), None).model.net.state_dict()[name]
    assert torch.equal(frozen.net.state_dict()[name], published)
    assert not torch.equal(tuned.net.state_dict()[name], published)


def test_segdec_learns_on_generated_spots() -> None:
    losses = [
        progress.values["loss_seg"]
        for progress in fit(segdec(epochs=4, lr=0.1), spots(4, 4, masks=4), CancelToken(), threshold=False)
        if "loss" in progress.values
    ]
    assert len(losses) == 4
    assert losses[-1] < 0.7 * losses[0]


def test_an_unlabelled_image_trains_nothing() -> None:
    data = spots(4, 3, masks=1)
    pixels = [data.read(image) for image in data.images]
    mixed = Snapshot.from_arrays(pixels, [None] * 7, [GOOD] * 4 + [DEFECTIVE] * 2 + [UNLABELLED])
    model = finish(fit(fast(epochs=1), mixed, CancelToken(), threshold=False))
    assert model.images == (1, 2, 3, 4, 5, 6)


def test_without_masks_both_losses_count_from_the_start() -> None:
    weak = Trainer(fast(epochs=4), spots(2, 2, masks=0), None)
    mixed = Trainer(fast(epochs=4), spots(2, 2, masks=1), None)
    assert [weak.lam(epoch) for epoch in range(4)] == [0.5] * 4
    assert [mixed.lam(epoch) for epoch in range(4)] == [1.0, 0.75, 0.5, 0.25]
    assert (weak.stop, mixed.stop) == (False, True)


@pytest.mark.parametrize(("good", "defective", "says"), [(0, 2, "good"), (2, 0, "defective")])
def test_one_sided_tags_are_refused_before_any_work(good: int, defective: int, says: str, tmp_path: Path) -> None:
    job = train(fast(), spots(good, defective, masks=0), tmp_path / "run")(CancelToken())
    with pytest.raises(DefectStudioError, match=says):
        next(job)
    assert not (tmp_path / "run").exists()


def test_a_loss_that_explodes_names_the_learning_rate() -> None:
    with pytest.raises(DefectStudioError, match="no longer a number") as caught:
        finish(fit(segdec(lr=1e30, epochs=3), spots(4, 4, masks=4), CancelToken()))
    assert "learning rate" in caught.value.hint


def test_a_run_folder_holds_record_weights_and_curve(tmp_path: Path) -> None:
    seen: list[Progress] = []
    folder = tmp_path / "r1"
    record = finish(train(fast(epochs=3), spots(5, 4, masks=2), folder, name="first")(CancelToken()), seen.append)
    assert read_run(folder) == record
    assert (record.id, record.name, record.status, record.classes) == ("r1", "first", "finished", ("spot",))
    assert record.segmented == (6, 7)
    assert record.threshold_from == "folds"
    assert (record.config.height, record.config.channels) == (64, 3)
    curve = [json.loads(line) for line in (folder / CURVE).read_text().splitlines()]
    assert [row["epoch"] for row in curve] == [1, 2, 3]
    news = [dict(p.values) for p in seen if "samples" in p.values]
    assert [{k: v for k, v in row.items() if k != "phase"} for row in curve] == [
        {k: v for k, v in row.items() if k != "samples"} for row in news
    ]
    assert all(len(row["samples"]) == 6 and "ap" not in row for row in news)
    assert {"loss", "loss_seg", "loss_cls", "lr"} <= set(curve[0])


def test_the_threshold_comes_from_validation_images_where_there_are_some(tmp_path: Path) -> None:
    held_out = spots(3, 3, masks=0, seed=2)
    record = finish(train(fast(), spots(5, 4, masks=0), tmp_path / "r", validation=held_out)(CancelToken()))
    assert record.threshold_from == "validation"


@pytest.mark.parametrize("config", [fast(epochs=50), segdec(epochs=50)])
def test_a_cancelled_run_stops_at_the_next_batch_and_leaves_a_valid_folder(config: TrainConfig, tmp_path: Path) -> None:
    token, folder = CancelToken(), tmp_path / "r"
    job = train(config, spots(5, 4, masks=2), folder)(token)
    while "epoch 2" not in next(job).text:
        pass
    token.cancel()
    with pytest.raises(Cancelled):
        next(job)
    record = read_run(folder)
    assert record.status == "stopped"
    assert record.threshold_from == "none"
    assert len((folder / CURVE).read_text().splitlines()) == 1
    assert set(load_file(folder / WEIGHTS)) == set(load_model(folder).net.state_dict())


def test_a_saved_run_predicts_what_the_model_in_memory_did(tmp_path: Path) -> None:
    data = spots(5, 4, masks=2)
    config = fast(epochs=2)
    finish(train(config, data, tmp_path / "r")(CancelToken()))
    model = finish(fit(config, data, CancelToken()))
    predictions = finish(predict(tmp_path / "r", data)(CancelToken()))
    scored = finish(score(model, data, CancelToken()))
    assert [predictions.scores[s.id] for s in scored] == [s.score for s in scored]
    assert all(np.array_equal(predictions.heat(s.id), s.heat) for s in scored)


def test_features_are_computed_once_and_shared_through_the_cache(tmp_path: Path) -> None:
    data = spots(4, 3, masks=1)
    reads: list[int] = []

    def read(image):  # type: ignore[no-untyped-def]
        reads.append(image.id)
        return data.read(image)

    watched = Snapshot(0, data.classes, data.images, read)
    first = finish(fit(fast(epochs=1), watched, CancelToken(), cache=tmp_path))
    second = finish(fit(fast(epochs=1), watched, CancelToken(), cache=tmp_path))
    assert sorted(reads) == [image.id for image in data.images]
    assert torch.equal(first.net.heads.decision.weight, second.net.heads.decision.weight)  # type: ignore[union-attr]


def test_a_truncated_feature_file_is_computed_again(tmp_path: Path) -> None:
    data = spots(2, 2, masks=1)
    finish(fit(fast(epochs=1), data, CancelToken(), cache=tmp_path, threshold=False))
    damaged = next(tmp_path.rglob("*.f16"))
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:100])
    finish(fit(fast(epochs=1), data, CancelToken(), cache=tmp_path, threshold=False))
    assert damaged.read_bytes() == whole
