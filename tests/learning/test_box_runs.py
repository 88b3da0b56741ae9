"""A run that is trained with a detector of boxes keeps it in its folder, on either trunk, and can be repeated."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from defectstudio.data.runs import BOXES, BoxSettings, TrainConfig, default_config, read_run
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.box_model import boxes_of_run, load_boxes
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.features import shapes, store_of
from defectstudio.learning.recording import resume, train
from defectstudio.learning.trainers.boxes import fit_boxes
from tests.learning.generated import spots_and_holes
from tests.learning.test_box_training import SIDE, boxes_found

SETTINGS = BoxSettings(epochs=2, anchors=2, lr=0.01, running_mean=0.9, seed=3)


@pytest.fixture(scope="module")
def images() -> Snapshot:
    return spots_and_holes(6, 6, masks=6)


def configuration(net: str = "fast", **changes: object) -> TrainConfig:
    usual = {"height": SIDE, "width": SIDE, "threads": 1, "precision": "32", "epochs": 1, "threshold_folds": 0}
    return default_config(net, **{**usual, **changes})


def trained(folder: Path, images: Snapshot, config: TrainConfig) -> Path:
    finish(train(config, images, folder, cache=folder.parent / "cache", boxes=SETTINGS)(CancelToken()))
    return folder


def test_the_detector_and_its_settings_stand_in_the_run_and_come_out_the_same_again(
    images: Snapshot, tmp_path: Path
) -> None:
    one, two = (trained(tmp_path / name, images, configuration()) for name in ("one", "two"))
    record = read_run(one)
    assert (record.boxes, record.boxes_seconds > 0) == (SETTINGS, True)
    assert load_boxes(one / BOXES).settings == SETTINGS
    assert (one / BOXES).read_bytes() == (two / BOXES).read_bytes()
    found = finish(boxes_of_run(one, images, tmp_path / "cache", CancelToken()))
    assert found.keys() == {image.id for image in images.images}


def test_a_run_stopped_while_its_boxes_are_trained_goes_on_to_the_same_detector(
    images: Snapshot, tmp_path: Path
) -> None:
    whole = trained(tmp_path / "whole", images, configuration())
    token, stopped = CancelToken(), tmp_path / "stopped"
    with pytest.raises(Cancelled):
        for step in train(configuration(), images, stopped, cache=tmp_path / "cache", boxes=SETTINGS)(token):
            if step.text.startswith("Training boxes"):
                token.cancel()
    assert read_run(stopped).status == "stopped"
    assert not (stopped / BOXES).exists()
    assert finish(resume(stopped, images, cache=tmp_path / "cache")(CancelToken())).status == "finished"
    assert (stopped / BOXES).read_bytes() == (whole / BOXES).read_bytes()


def test_without_a_drawn_defect_nothing_is_begun(tmp_path: Path) -> None:
    job = train(configuration(), spots_and_holes(4, 4, masks=0), tmp_path / "run", boxes=SETTINGS)
    with pytest.raises(DefectStudioError, match="no box"):
        finish(job(CancelToken()))
    assert not (tmp_path / "run").exists()


def test_on_an_encoder_that_was_tuned_the_detector_sees_its_own_features(images: Snapshot, tmp_path: Path) -> None:
    folder = trained(tmp_path / "run", images, configuration(finetune_epochs=1, strides=(4, 8, 16)))
    model = load_model(folder)
    store = store_of(model, tmp_path / "cache")
    assert store.encoder is not None
    assert all(image.sha256 in store for image in images.images)


def test_on_segdec_the_detector_learns_from_the_maps_before_and_behind_s_f(tmp_path: Path) -> None:
    images = spots_and_holes(8, 8, masks=8)
    folder = trained(tmp_path / "run", images, configuration("segdec", batch=4, lr=0.05))
    model = load_model(folder)
    assert shapes(model.config) == [(64, 8, 8), (3, 8, 8)]
    before = {name: value.clone() for name, value in model.net.state_dict().items()}
    store, settings = store_of(model, None), SETTINGS.model_copy(update={"epochs": 160, "seed": 0})
    boxes = finish(fit_boxes(model.config, settings, images, store, CancelToken()))
    assert boxes_found(boxes, images, store).map > 0.5
    assert all(torch.equal(value, model.net.state_dict()[name]) for name, value in before.items())
