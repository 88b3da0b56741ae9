"""Rounds of refinement: they learn, repeat, go on from one another, stop when asked, and say what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from defectstudio.data.similarity import RoundRecord, heat_at, read_index, read_round, similarity_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError, OutOfMemory
from defectstudio.domain.labels import encode_runs
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import LabelledPatch, Patch
from defectstudio.learning.dense import look_at_image, look_at_patches, shares
from defectstudio.learning.nets.patchnet import Net
from defectstudio.learning.patches import FeaturePatches, PixelPatches, grid
from defectstudio.learning.similarity import build, heat_map, judge_patches, load_round, train_round
from tests.learning.generated import spots, spots_and_holes

SMALL: dict[str, Any] = {
    "height": 64,
    "width": 64,
    "pool": 300,
    "patches": 200,
    "steps": 60,
    "batch": 64,
    "lr": 5e-3,
    "threads": 1,
}


def trained(snapshot: Snapshot, folder: Path, *, token: CancelToken | None = None, **options: Any) -> RoundRecord:
    more = {name: options.pop(name) for name in ("refined", "start", "maps") if name in options}
    config = similarity_config(**{**SMALL, **options})
    return finish(train_round(config, snapshot, folder, cache=folder.parent / "cache", **more)(token or CancelToken()))


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Steps this small take longer when they are shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data() -> Snapshot:
    return spots(3, 3, masks=3)


@pytest.fixture(scope="module")
def round0(tmp_path_factory: pytest.TempPathFactory, data: Snapshot) -> Path:
    folder = tmp_path_factory.mktemp("rounds") / "000"
    trained(data, folder, maps="roi")
    return folder


def test_a_round_finds_the_defects_it_was_shown(round0: Path, data: Snapshot) -> None:
    heat = finish(heat_map(round0, data, [i.id for i in data.images], round0.parent / "cache")(CancelToken()))
    inside, outside = [], []
    for image in data.images:
        full = heat_at(heat[image.id], 8, (image.height, image.width))
        drawn = image.label_map() == 1
        inside.append(full[drawn].mean() if drawn.any() else 1.0)
        outside.append(full[~drawn].mean())
    assert min(inside) > 0.3  # squares of ten pixels at cells of eight
    assert max(outside) < 0.1


def test_the_record_says_what_the_round_was(round0: Path) -> None:
    record = read_round(round0)
    assert (record.round, record.status, record.start, record.before) == (0, "finished", "roi", None)
    assert record.labels == (0, 1)
    assert (record.config.height, record.config.width) == (64, 64)
    assert record.counts["label 0"] + record.counts["label 1"] == SMALL["pool"]
    assert {"loss", "loss_ce", "loss_triplet"} <= record.figures.keys()
    assert len((round0 / "curve.jsonl").read_text().splitlines()) == 2


def test_the_index_holds_what_the_network_says_of_each_patch(round0: Path, data: Snapshot) -> None:
    index = read_index(round0)
    maps = {image.id: image.label_map() for image in data.images}
    patches = [
        Patch(*place) for place in zip(index.image.tolist(), index.row.tolist(), index.column.tolist(), strict=True)
    ]
    embeddings, chances = finish(judge_patches(round0, data, patches, round0.parent / "cache")(CancelToken()))
    np.testing.assert_allclose(index.embedding, embeddings, atol=1e-5)
    np.testing.assert_allclose(index.p_defect, chances, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    assert len(set(patches)) == len(patches) <= SMALL["patches"]
    assert {int(maps[p.image][p.row, p.column]) for p in patches} == {0, 1}


def test_a_round_repeats_bit_for_bit(round0: Path, data: Snapshot, tmp_path: Path) -> None:
    trained(data, tmp_path / "000", maps="roi")
    for name in ("weights.safetensors", "curve.jsonl"):
        assert (tmp_path / "000" / name).read_bytes() == (round0 / name).read_bytes()
    one, other = read_index(round0), read_index(tmp_path / "000")
    np.testing.assert_array_equal(one.embedding, other.embedding)
    np.testing.assert_array_equal(one.row, other.row)


def test_another_seed_gives_another_round(round0: Path, data: Snapshot, tmp_path: Path) -> None:
    trained(data, tmp_path / "000", seed=1)
    assert (tmp_path / "000" / "curve.jsonl").read_bytes() != (round0 / "curve.jsonl").read_bytes()


def test_a_round_goes_on_from_the_one_before(round0: Path, data: Snapshot, tmp_path: Path) -> None:
    record = trained(data, tmp_path / "001", start=round0, steps=1, lr=1e-9)
    assert (record.round, record.before, record.start) == (1, 0, "roi")
    first, second = (load_round(folder).net.state_dict() for folder in (round0, tmp_path / "001"))
    torch.testing.assert_close(second["outputs.embed.weight"], first["outputs.embed.weight"])


def test_answers_change_what_a_round_says_of_their_patches(round0: Path, data: Snapshot, tmp_path: Path) -> None:
    spot = next(image for image in data.images if image.defective)
    rows, columns = np.nonzero(spot.label_map() == 1)
    patches = [Patch(spot.id, int(r), int(c)) for r, c in list(zip(rows, columns, strict=True))[::3]]
    said = [LabelledPatch(patch, 0, "refined") for patch in patches]
    # The map still says defect, so does every other image: only the answers say that these are healthy.
    before = finish(judge_patches(round0, data, patches)(CancelToken()))[1]
    record = trained(data, tmp_path / "001", start=round0, refined=said, steps=100)
    after = finish(judge_patches(tmp_path / "001", data, patches)(CancelToken()))[1]
    assert record.counts["refined"] == len(patches)
    assert after.mean() < before.mean() - 0.2


def test_with_user_refined_only_answered_patches_train(round0: Path, data: Snapshot, tmp_path: Path) -> None:
    said = [LabelledPatch(Patch(1, 20, 20 + n), n % 2, "refined") for n in range(8)]
    record = trained(data, tmp_path / "001", start=round0, refined=said, mode="user_refined", steps=2)
    assert record.counts == {"refined": 8, "observed": 0, "indexed": 200, "images": 6}
    one_label = [replace(patch, label=0) for patch in said]
    with pytest.raises(DefectStudioError, match="one label"):
        trained(data, tmp_path / "002", start=round0, refined=one_label, mode="user_refined")
    assert read_round(tmp_path / "002").status == "failed"


def test_the_latest_answer_counts_and_what_is_unknown_or_gone_does_not(
    round0: Path, data: Snapshot, tmp_path: Path
) -> None:
    patch = Patch(1, 20, 20)
    said = [
        LabelledPatch(patch, 1, "refined"),
        LabelledPatch(patch, 0, "observed"),
        LabelledPatch(Patch(1, 30, 30), 255, "refined"),
        LabelledPatch(Patch(99, 1, 1), 1, "refined"),
    ]
    record = trained(data, tmp_path / "001", refined=said, steps=1)
    assert (record.counts["refined"], record.counts["observed"], record.answers) == (0, 1, 4)


def test_several_classes_are_told_apart_and_a_new_one_joins(tmp_path: Path) -> None:
    data = spots_and_holes(4, 4, masks=4)
    alone = replace(data, images=tuple(i for i in data.images if i.tag.classes != (2,)))
    assert trained(alone, tmp_path / "000", steps=30).labels == (0, 1)
    record = trained(data, tmp_path / "001", start=tmp_path / "000", steps=120)
    assert record.labels == (0, 1, 2)
    heat = finish(heat_map(tmp_path / "001", data, [i.id for i in data.images])(CancelToken()))
    for image in data.images:
        drawn = image.label_map() > 0
        if drawn.any():
            assert heat_at(heat[image.id], 8, (64, 64))[drawn].max() > 0.5


@pytest.mark.parametrize("net", ["fast", "patchnet"])
@pytest.mark.parametrize(("patch", "stride", "shape"), [(32, 8, (61, 90)), (40, 4, (50, 37)), (37, 16, (75, 64))])
def test_a_whole_image_is_judged_as_its_patches_are_one_by_one(
    net: str, patch: int, stride: int, shape: tuple[int, int]
) -> None:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 255, (*shape, 3), dtype=np.uint8)
    snapshot = Snapshot.from_arrays([pixels], [None], [spots(1, 1, masks=0).images[0].tag])
    config = similarity_config(net=net, patch=patch, stride=stride, height=64, width=64)
    source = next_source(config, snapshot)
    model = settled(build(config, 3, 3), source.gather(snapshot.images[0], *rng.integers(0, min(shape), (2, 32))))
    embeddings, chances = look_at_image(model, source, snapshot.images[0], stride)
    rows, columns = grid(snapshot.images[0], stride)
    assert chances.shape == (-(-shape[0] // stride), -(-shape[1] // stride)) == (len(rows), len(columns))
    assert float(embeddings.flatten(0, 1).std(0).max()) > 0.03
    cells = {(0, 0), (len(rows) - 1, len(columns) - 1), *zip(*rng.integers(0, chances.shape, (6, 2)).T, strict=True)}
    for r, c in cells:
        place = np.array([rows[r]]), np.array([columns[c]])
        one, chance = look_at_patches(model, source, snapshot.images[0], *place)
        torch.testing.assert_close(embeddings[r, c], one[0], atol=1e-3, rtol=0)
        torch.testing.assert_close(chances[r, c], chance[0], atol=1e-3, rtol=0)


def settled(net: Net, inputs: torch.Tensor) -> Net:
    """A network whose batch norms know its inputs: a fresh one says nearly the same of everything."""
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            module.momentum = None  # the mean of all passes
    for _ in range(3):
        net(inputs)
    return net.eval()


def next_source(config: Any, snapshot: Snapshot) -> FeaturePatches | PixelPatches:
    from defectstudio.learning.similarity import make_source

    return finish(make_source(config, snapshot, 3, None, CancelToken()))


def test_cancelling_leaves_a_stopped_round_that_nobody_can_mistake(data: Snapshot, tmp_path: Path) -> None:
    token = CancelToken()
    job = train_round(similarity_config(**SMALL), data, tmp_path / "000")(token)
    for progress in job:
        if progress.text.startswith("Round 0"):
            break
    token.cancel()
    with pytest.raises(Cancelled):
        finish(job)
    assert read_round(tmp_path / "000").status == "stopped"
    with pytest.raises(DefectStudioError, match="not trained to its end"):
        load_round(tmp_path / "000")


def test_a_learning_rate_that_is_far_too_high_is_said(data: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match="no longer a number"):
        trained(data, tmp_path / "000", lr=1e30, unit=False)
    assert "no longer a number" in read_round(tmp_path / "000").error


def test_full_memory_is_said_with_a_smaller_batch(
    data: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")

    monkeypatch.setattr(FeaturePatches, "gather", full)
    with pytest.raises(OutOfMemory) as error:
        trained(data, tmp_path / "000")
    assert error.value.smaller_batch == SMALL["batch"] // 2
    assert read_round(tmp_path / "000").status == "failed"


def test_maps_without_a_defect_and_other_settings_than_before_are_refused(
    round0: Path, data: Snapshot, tmp_path: Path
) -> None:
    good = data.where(lambda image: image.good)
    with pytest.raises(DefectStudioError, match="No label map shows a defect"):
        trained(good, tmp_path / "000")
    with pytest.raises(DefectStudioError, match="do not fit"):
        trained(data, tmp_path / "001", start=round0, embedding=16)
    assert not list(tmp_path.glob("*/round.json"))


def test_unknown_pixels_are_neither_learnt_from_nor_asked_about(data: Snapshot, tmp_path: Path) -> None:
    image = next(i for i in data.images if i.defective)
    label_map = np.full((64, 64), 255, np.uint8)
    label_map[:16, :16], label_map[16:32, :16] = 0, 1
    alone = replace(data, images=(replace(image, label_code=encode_runs(label_map)),))
    record = trained(alone, tmp_path / "000", steps=2)
    index = read_index(tmp_path / "000")
    assert record.counts["indexed"] == len(index) == 8
    assert set(zip(index.row.tolist(), index.column.tolist(), strict=True)) == {
        (r, c) for r in (4, 12, 20, 28) for c in (4, 12)
    }


def test_shares_give_to_others_what_one_cannot_use() -> None:
    assert shares([10, 0, 1], 7) == [6, 0, 1]
    assert shares([3, 3], 100) == [3, 3]
    assert sum(shares([50, 20, 9], 30)) == 30
