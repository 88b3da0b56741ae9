"""Several defect classes beside the binary score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from defectstudio.app.evaluation import evaluate_job
from defectstudio.data.predictions import write_predictions
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.domain.labels import UNKNOWN
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.losses.mixed import NO_CLASS, class_loss
from defectstudio.learning.predict import score
from defectstudio.learning.recording import train
from defectstudio.learning.supervision import class_cells, classes_in_masks
from defectstudio.learning.trainers.mixed import fit
from tests.learning.generated import spots, spots_and_holes

SMALL = {"height": 64, "width": 64, "threads": 1, "precision": "32", "threshold_folds": 0}


def test_the_class_loss_is_cross_entropy_over_the_cells_that_have_a_class() -> None:
    logits = torch.zeros(2, 2, 2, 2)
    logits[0, 0] = np.log(3)  # P(class 0) = 3/4 everywhere in the first image
    classes = torch.full((2, 1, 2, 2), NO_CLASS, dtype=torch.uint8)
    classes[0, 0, 0, 0], classes[0, 0, 0, 1] = 0, 1
    loss = class_loss(logits, classes)
    assert loss.tolist() == pytest.approx([-(np.log(3 / 4) + np.log(1 / 4)) / 2, 0.0])


def test_a_cell_takes_the_class_that_fills_most_of_it() -> None:
    label_map = np.zeros((4, 8), np.uint8)
    label_map[:3, :4], label_map[3, :4] = 3, 7
    label_map[:, 4:] = UNKNOWN
    cells = class_cells(label_map, (3, 7), torch.tensor([[[1.0, 0.0]]]))
    assert cells.tolist() == [[[0, NO_CLASS]]]
    assert class_cells(label_map, (7,), torch.tensor([[[1.0, 1.0]]])).tolist() == [[[0, NO_CLASS]]]


def test_one_class_alone_needs_no_telling_apart() -> None:
    assert classes_in_masks(spots(2, 3, masks=3).images) == ()
    assert classes_in_masks(spots_and_holes(2, 4, masks=4).images) == (1, 2)
    assert classes_in_masks(spots_and_holes(2, 4, masks=1).images) == ()


@pytest.mark.parametrize("net", ["fast", "segdec"])
def test_telling_classes_apart_leaves_the_other_weights_of_a_new_network_as_they_are(net: str) -> None:
    from defectstudio.learning.model import build

    config = default_config(net, **{**SMALL, "channels": 3})
    plain = build(config).state_dict()
    told = build(config.model_copy(update={"segment_classes": (1, 2)})).state_dict()
    assert all(torch.equal(value, told[name]) for name, value in plain.items())
    assert len(told) == len(plain) + 2


def test_classes_are_told_apart_where_the_defects_are(tmp_path: Path) -> None:
    config: TrainConfig = default_config("fast", **{**SMALL, "epochs": 12})
    folder = tmp_path / "r"
    record = finish(train(config, spots_and_holes(12, 12, masks=12), folder)(CancelToken()))
    assert record.config.segment_classes == (1, 2)
    test = spots_and_holes(4, 8, masks=8, seed=1)
    scored = finish(score(load_model(folder), test, CancelToken()))
    predictions = write_predictions(tmp_path / "p.h5", scored, stride=8, input_size=(64, 64))
    right = []
    for image in test.images:
        truth, which = image.label_map(), predictions.class_map(image.id, (64, 64))
        assert which is not None
        assert set(np.unique(which).tolist()) <= {1, 2}
        right.append((which == truth)[truth > 0])
    assert np.concatenate(right).mean() > 0.9
    figures = finish(evaluate_job("r", record.threshold, 0.5, test, predictions, CancelToken())).splits[0].classes
    assert {name: part.images for name, part in figures.items()} == {"spot": 4, "hole": 4}
    assert all(part.ap is not None and part.ap > 0.9 for part in figures.values())
    # A square of 10 pixels fills at most 40 % of the four cells of 8 that it touches.
    assert all(part.iou is not None and 0.15 < part.iou < 0.5 for part in figures.values())


def test_a_run_without_classes_has_none_in_its_predictions(tmp_path: Path) -> None:
    model = finish(fit(default_config("fast", **{**SMALL, "epochs": 1}), spots(3, 3, masks=1), CancelToken()))
    scored = finish(score(model, spots(1, 1, masks=1), CancelToken()))
    predictions = write_predictions(tmp_path / "p.h5", scored, stride=8, input_size=(64, 64))
    assert predictions.class_map(1, (64, 64)) is None
