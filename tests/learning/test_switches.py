"""The three switches of the ablation (Bozic et al. 2021, Table 4): each changes what it names, and the training."""

from __future__ import annotations

import pytest
import torch

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.trainers.mixed import Trainer, fit
from tests.learning.generated import spots

ON = {"dynamic_balance": True, "gradient_stop": "always", "distance_weights": True}
OFF = {"dynamic_balance": False, "gradient_stop": "never", "distance_weights": False}


def config(**changes: object) -> TrainConfig:
    small = {"height": 64, "width": 64, "threads": 1, "precision": "32", "epochs": 2, "dilation": 1, "augment": False}
    return default_config("segdec", **{**small, **ON, "w_pos": 4.0, "p": 2.0, **changes})


def trainer(masks: int = 2, **changes: object) -> Trainer:
    return Trainer(config(**changes), spots(3, 2, masks=masks), None)


def test_balance_moves_the_weight_from_segmentation_to_classification() -> None:
    assert [trainer().lam(epoch) for epoch in range(2)] == [1.0, 0.5]
    assert [trainer(dynamic_balance=False).lam(epoch) for epoch in range(2)] == [0.5, 0.5]


def test_with_tags_alone_balance_stays_off_unless_it_is_asked_for() -> None:
    assert [trainer(0).lam(epoch) for epoch in range(2)] == [0.5, 0.5]
    assert [trainer(0, dynamic_balance="always").lam(epoch) for epoch in range(2)] == [1.0, 0.5]


def test_without_balance_both_losses_count_in_full() -> None:
    def loss(**changes: object) -> dict[str, torch.Tensor]:
        made = trainer(delta=0.5, **changes)
        step = next(made.epochs(0))[0]
        return made.losses(made.model.net, made.batch(step, features=False), made.lam(1), features=False)

    off, half = loss(dynamic_balance=False), loss()
    assert float(off["loss"].detach()) == pytest.approx(float((off["loss_seg"] + 0.5 * off["loss_cls"]).detach()))
    assert float(half["loss"].detach()) == pytest.approx(float(off["loss"].detach()) / 2)


@pytest.mark.parametrize(("stop", "reaches"), [("always", False), ("with_masks", False), ("never", True)])
def test_the_gradient_stop_keeps_classification_out_of_the_segmentation_part(stop: str, reaches: bool) -> None:
    made = trainer(gradient_stop=stop)
    net = made.model.net.train()
    batch = made.batch(next(made.epochs(0))[0], features=False)
    made.losses(net, batch, 0.0, features=False)["loss"].backward()
    assert any(p.grad is not None and bool(p.grad.any()) for p in net.segmentation_part()) == reaches


def test_distance_weights_fall_towards_the_edge_of_a_defect() -> None:
    def weights(**changes: object) -> set[float]:
        made = trainer(**changes)
        known = made.supervision(3)
        return {round(float(w), 4) for w in known.weight[known.target > 0]}

    assert weights(distance_weights=False) == {4.0}
    assert len(weights()) > 1
    assert max(weights()) == 4.0


@pytest.mark.parametrize("switch", ON)
def test_each_switch_changes_the_trained_weights(switch: str) -> None:
    data = spots(3, 2, masks=2)
    whole, without = (
        finish(fit(chosen, data, CancelToken(), threshold=False)).net.state_dict()
        for chosen in (config(), config(**{switch: OFF[switch]}))
    )
    assert any(not torch.equal(a, b) for a, b in zip(whole.values(), without.values(), strict=True))
