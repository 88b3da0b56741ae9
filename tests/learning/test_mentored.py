"""Training from verdicts: what counts, what does not, and what each switch does to a small shift of domain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from defectstudio.data.mentoring import TUNED_RATE, USUAL_RATE, MentorSettings
from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, HEALTHY, UNKNOWN, UNLABELLED, ImageTag, Verdict, encode_runs
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.areas import areas, judged_areas
from defectstudio.learning.features import FeatureStore
from defectstudio.learning.losses.masked import distillation_loss, domain_loss, masked_loss
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.nets.domain import DomainClassifier, reversal_strength
from defectstudio.learning.nets.fast import FastNet
from defectstudio.learning.nets.gradients import reverse_gradient
from defectstudio.learning.predict import score
from defectstudio.learning.supervision import supervise
from defectstudio.learning.trainers.mentored import MentoredTrainer, candidate_config, fit_mentored
from defectstudio.learning.trainers.mixed import fit

SIDE = 64
FAST = {"net": "fast", "height": SIDE, "width": SIDE, "epochs": 5, "batch": 8, "threads": 2, "precision": "32"}


def picture(rng: np.random.Generator, level: int, defect: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Noise round a grey level, with a square that is `defect` brighter (darker) in it, and its label map."""
    image = rng.normal(level, 6, (SIDE, SIDE))
    drawn = np.zeros((SIDE, SIDE), np.uint8)
    if defect is not None:
        top, left = 8 * rng.integers(1, 5, 2)
        image[top : top + 16, left : left + 16] += defect
        drawn[top : top + 16, left : left + 16] = 1
    return image.clip(0, 255).astype(np.uint8), drawn


def domains(old: int = 16, new: int = 6, seed: int = 0) -> tuple[Snapshot, frozenset[int]]:
    """Fully labelled originals with bright squares, and fully labelled images of a brighter domain with dark ones."""
    rng = np.random.default_rng(seed)
    made = [picture(rng, 90, 90 if n % 2 else None) for n in range(old)]
    made += [picture(rng, 160, -70 if n % 2 else None) for n in range(new)]
    tags = [DEFECTIVE if drawn.any() else GOOD for _, drawn in made]
    snapshot = Snapshot.from_arrays([p for p, _ in made], [d for _, d in made], tags)
    return snapshot, frozenset(image.id for image in snapshot.images[old:])


def partly(image: SnapshotImage, **boxes: tuple[int, int, int, int]) -> SnapshotImage:
    """An image of which only boxes are known: healthy ones, and defects, as (top, left, bottom, right)."""
    drawn = np.full((SIDE, SIDE), UNKNOWN, np.uint8)
    for name, (top, left, bottom, right) in boxes.items():
        drawn[top:bottom, left:right] = HEALTHY if name == "healthy" else 1
    return replace(image, tag=UNLABELLED, label_code=encode_runs(drawn), segmented=False)


@pytest.fixture(scope="module")
def base() -> TrainedModel:
    """A detector that knows the original domain alone."""
    snapshot, new = domains()
    config = default_config(**FAST)
    return finish(fit(config, snapshot.where(lambda i: i.id not in new), CancelToken(), threshold=False))


def test_outside_the_mentored_areas_the_gradient_is_exactly_zero() -> None:
    logits = torch.randn(2, 1, 4, 5, requires_grad=True)
    target = (torch.rand(2, 1, 4, 5) > 0.5).float()
    weight = (torch.rand(2, 1, 4, 5) > 0.6).float()
    loss = masked_loss(logits, target, weight)
    loss.backward()
    assert logits.grad is not None
    assert (logits.grad[weight == 0] == 0).all()
    assert (logits.grad[weight > 0] != 0).all()
    inside = weight > 0
    by_hand = torch.nn.functional.binary_cross_entropy_with_logits(logits[inside], target[inside])
    assert loss.item() == pytest.approx(by_hand.item(), rel=1e-6)


def test_where_nothing_was_said_there_is_no_loss() -> None:
    logits = torch.randn(1, 1, 3, 3, requires_grad=True)
    loss = masked_loss(logits, torch.ones(1, 1, 3, 3), torch.zeros(1, 1, 3, 3))
    loss.backward()
    assert loss.item() == 0
    assert logits.grad is not None
    assert (logits.grad == 0).all()


def test_a_reversed_gradient_is_minus_lambda_times_what_it_was() -> None:
    x = torch.tensor([2.0, -1.0], requires_grad=True)
    loss = (reverse_gradient(x, 0.25) ** 2).sum()  # 4 + 1; the gradient would be 4 and -2
    loss.backward()
    assert loss.item() == 5
    assert x.grad is not None
    assert x.grad.tolist() == [-1.0, 0.5]


def test_the_reversal_grows_from_nothing_to_its_weight() -> None:
    assert reversal_strength(0, 0.3) == 0
    assert reversal_strength(0.1, 1) == pytest.approx(0.46212, abs=1e-5)
    assert reversal_strength(1, 0.3) == pytest.approx(0.3, rel=1e-3)


def test_the_classifier_of_domains_learns_while_the_features_unlearn() -> None:
    torch.manual_seed(0)
    features = torch.randn(4, 8, 3, 3)
    new = torch.tensor([0.0, 0.0, 1.0, 1.0])
    features[2:, 0] += 2
    features.requires_grad_(True)
    classifier = DomainClassifier(8)
    domain_loss(classifier(features, 1.0), new).backward()
    turned = features.grad
    straight = features.detach().clone().requires_grad_(True)
    loss = domain_loss(classifier.layers(straight), new)
    loss.backward()
    assert turned is not None
    assert straight.grad is not None
    torch.testing.assert_close(turned, -straight.grad)


def test_distillation_is_least_where_both_agree() -> None:
    said, share = torch.full((1, 1, 2, 2), 0.3), torch.ones(1, 1, 2, 2)
    agreeing = torch.full((1, 1, 2, 2), float(np.log(0.3 / 0.7)))
    for other in (-0.5, 0.5):
        assert distillation_loss(agreeing, said, share) < distillation_loss(agreeing + other, said, share)


def test_an_area_is_a_cell_and_only_what_was_said_is_in_m(base: TrainedModel) -> None:
    snapshot, new = domains()
    image = partly(next(i for i in snapshot.images if i.id in new), healthy=(8, 8, 24, 24), defect=(40, 40, 48, 56))
    known = judged_areas(image, base.config)
    weight, target = known.weight[0].numpy(), known.target[0].numpy()
    assert target.sum() == 2
    assert (weight[1:3, 1:3] == 1).all()
    assert (weight > 0).sum() == 6


def test_omnia_and_healthy_knowledge_fill_what_is_unknown_and_nothing_else(base: TrainedModel) -> None:
    snapshot, new = domains()
    shown = next(i for i in snapshot.images if i.id in new)
    image = partly(shown, healthy=(0, 0, 8, 8), defect=(40, 40, 48, 48))
    before = image.label_code
    said = np.full((8, 8), 0.5, np.float16)
    said[7, :] = 0.001
    said[5, 5] = 0.001  # the deployed model sees nothing where the operator confirmed a defect
    both = MentorSettings(omnia=True, healthy=True)
    for tag, filled in ((UNLABELLED, 8), (GOOD, 62)):
        of = areas(replace(image, tag=tag), base.config, both, said)
        plain = judged_areas(image, base.config)
        known = plain.weight > 0
        assert torch.equal(of.known.target, plain.target)
        assert torch.equal(of.known.weight[known], plain.weight[known])
        assert int((of.known.weight > 0).sum() - known.sum()) == filled
        assert image.label_code == before


def test_no_switch_changes_a_stored_label(base: TrainedModel) -> None:
    snapshot, new = domains()
    codes = {image.id: (image.tag, image.label_code) for image in snapshot.images}
    settings = MentorSettings(omnia=True, healthy=True, dann=True, distill=True, epochs=1, epsilon=0.3)
    finish(fit_mentored(base, settings, snapshot, new, CancelToken(), threshold=False))
    assert {image.id: (image.tag, image.label_code) for image in snapshot.images} == codes


def test_without_healthy_knowledge_a_good_image_teaches_only_what_was_judged(base: TrainedModel) -> None:
    snapshot, _ = domains()
    image = replace(partly(snapshot.images[-2], healthy=(0, 0, 16, 16)), tag=GOOD)
    said = np.zeros((8, 8), np.float16)
    for healthy, cells in ((False, 4), (True, 64)):
        of = areas(image, base.config, MentorSettings(healthy=healthy, omnia=False), said)
        assert int((of.known.weight > 0).sum()) == cells


def test_a_batch_is_half_mentored_when_balanced(base: TrainedModel) -> None:
    snapshot, new = domains()
    even = MentoredTrainer(base, MentorSettings(batch=8), snapshot, new, None)
    rows = list(even.epochs(0))
    assert len(rows) == even.phases[0].epochs
    assert len(rows[0]) == even.steps()
    for step in rows[0]:
        assert even.is_new[step.indices].sum() == step.indices.size / 2
    odd = MentoredTrainer(base, MentorSettings(batch=8, balanced=False), snapshot, new, None)
    share = np.mean([odd.is_new[step.indices].mean() for row in odd.epochs(0) for step in row])
    assert share == pytest.approx(6 / 22, abs=0.06)
    assert len(next(iter(odd.epochs(0)))) == odd.steps()


def found_in(model: TrainedModel, snapshot: Snapshot) -> float:
    """How much hotter defects are than what is healthy, on average over images."""
    gaps = []
    for image, row in zip(snapshot.images, finish(score(model, snapshot, CancelToken())), strict=True):
        truth = supervise(image, model.config).target[0].numpy() > 0
        if truth.any():
            gaps.append(float(row.heat[truth].mean() - row.heat[~truth].mean()))
    return float(np.mean(gaps))


def test_verdicts_teach_the_new_domain_and_without_balance_less_so(base: TrainedModel) -> None:
    snapshot, _ = domains(old=24, new=2)
    new = frozenset(image.id for image in snapshot.images[24:])
    fresh, those = domains(old=8, new=8, seed=9)
    held_out = fresh.where(lambda image: image.id in those)
    common = {"transfer": False, "epochs": 2, "healthy": True}
    balanced = finish(fit_mentored(base, MentorSettings(**common), snapshot, new, CancelToken(), threshold=False))
    alone = finish(
        fit_mentored(base, MentorSettings(**common, balanced=False), snapshot, new, CancelToken(), threshold=False)
    )
    before, worse, better = (found_in(model, held_out) for model in (base, alone, balanced))
    assert better > before + 0.1
    assert better > worse + 0.05


def test_transfer_starts_from_the_deployed_weights_and_a_new_class_anew() -> None:
    snapshot, new = domains()
    config = default_config(**FAST, segment_classes=(1, 2)).model_copy(update={"epochs": 1})
    first = finish(fit(config, snapshot.where(lambda i: i.id not in new), CancelToken(), threshold=False))
    third = snapshot.images[-1]
    named = replace(third, tag=ImageTag(Verdict.DEFECTIVE, (3,)))
    wider = replace(snapshot, images=(*snapshot.images[:-1], named))
    trainer = MentoredTrainer(first, MentorSettings(), wider, new, None)
    assert trainer.config.segment_classes == (1, 2, 3)
    own, old = trainer.model.net.state_dict(), first.net.state_dict()
    name = next(key for key in own if key.endswith("class_map.weight"))
    torch.testing.assert_close(own[name][:2], old[name])
    torch.testing.assert_close(own["heads.decision.weight"], old["heads.decision.weight"])
    anew = MentoredTrainer(first, MentorSettings(transfer=False), wider, new, None)
    assert not torch.equal(anew.model.net.state_dict()["heads.decision.weight"], old["heads.decision.weight"])


def test_without_a_verdict_there_is_nothing_to_train_from(base: TrainedModel) -> None:
    snapshot, new = domains()
    silent = replace(
        snapshot,
        images=tuple(replace(i, tag=UNLABELLED, label_code=None) if i.id in new else i for i in snapshot.images),
    )
    with pytest.raises(DefectStudioError, match="No verdict"):
        MentoredTrainer(base, MentorSettings(), silent, new, None)


def test_the_classifier_of_domains_is_no_part_of_a_run(base: TrainedModel, tmp_path: Path) -> None:
    from defectstudio.learning.checkpoints import load_weights, save_weights
    from defectstudio.learning.model import build

    snapshot, new = domains()
    trainer = MentoredTrainer(base, MentorSettings(dann=True), snapshot, new, None)
    assert any(".domain." in name for name in trainer.model.net.state_dict())
    save_weights(tmp_path / "weights.safetensors", trainer.model.net, trainer.config)
    load_weights(tmp_path / "weights.safetensors", build(trainer.config))


def test_a_candidate_sees_what_the_deployed_run_saw(base: TrainedModel) -> None:
    config = candidate_config(base.config, MentorSettings(epochs=3, lr=0.001, seed=5))
    kept = ("height", "width", "strides", "stride", "channels", "net", "segment_classes")
    assert {name: getattr(config, name) for name in kept} == {name: getattr(base.config, name) for name in kept}
    assert (config.epochs, config.lr, config.seed) == (3, 0.001, 5)


def test_heads_that_were_tuned_with_their_encoder_learn_in_smaller_steps(base: TrainedModel) -> None:
    tuned = base.config.model_copy(update={"finetune_epochs": 2})
    rates = {
        (config is tuned, transfer, lr): candidate_config(config, MentorSettings(transfer=transfer, lr=lr)).lr
        for config in (base.config, tuned)
        for transfer in (True, False)
        for lr in (None, 0.002)
    }
    assert rates.pop((True, True, None)) == TUNED_RATE < USUAL_RATE
    assert {rate for (_, _, lr), rate in rates.items() if lr is None} == {USUAL_RATE}
    assert {rate for (_, _, lr), rate in rates.items() if lr is not None} == {0.002}


def test_a_tuned_encoder_is_kept_and_its_features_are_cached(tmp_path: Path) -> None:
    snapshot, new = domains(old=4, new=2)
    config = default_config(**{**FAST, "epochs": 1}, finetune_epochs=1)
    originals = snapshot.where(lambda image: image.id not in new)
    tuned = finish(fit(config, originals, CancelToken(), threshold=False))
    settings = MentorSettings(epochs=2)
    model = finish(fit_mentored(tuned, settings, snapshot, new, CancelToken(), cache=tmp_path, threshold=False))
    before, after = tuned.net.state_dict(), model.net.state_dict()
    for name, value in after.items():
        if name.startswith("trunk."):
            assert torch.equal(value, before[name])
    assert not torch.equal(after["heads.decision.weight"], before["heads.decision.weight"])
    assert not model.frozen
    assert len(list(tmp_path.rglob("*.f16"))) == 6
    assert isinstance(model.net, FastNet)
    store = FeatureStore(model.config, tmp_path, model.precision, encoder=model.net.trunk)
    again, cached = (finish(score(model, snapshot, CancelToken(), store=s)) for s in (None, store))
    for one, other in zip(again, cached, strict=True):
        np.testing.assert_allclose(one.heat, other.heat, atol=0.02)
    assert len(list(tmp_path.rglob("*.f16"))) == 6
    further = MentoredTrainer(tuned, MentorSettings(finetune_epochs=2), snapshot, new, None)
    assert [(phase.epochs, phase.tune) for phase in further.phases] == [(2, True)]


def test_segdec_learns_from_verdicts_too() -> None:
    snapshot, new = domains(old=2, new=2)
    config = default_config("segdec", height=SIDE, width=SIDE, epochs=1, threads=2, precision="32")
    first = finish(fit(config, snapshot.where(lambda i: i.id not in new), CancelToken(), threshold=False))
    settings = MentorSettings(epochs=1, batch=2, dann=True, omnia=True, distill=True)
    model = finish(fit_mentored(first, settings, snapshot, new, CancelToken(), threshold=False))
    assert model.config.net == "segdec"
