"""No image is scored by a model that learnt from it or from its group; looks are pooled encoder maps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defectstudio.data.embeddings import Embeddings, embeddings_path, read_embeddings, write_embeddings
from defectstudio.data.predictions import Scored
from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD
from defectstudio.domain.progress import CancelToken, Job, finish
from defectstudio.learning import folds
from defectstudio.learning.embeddings import compute_embeddings, pool, resolved_for_embeddings
from defectstudio.learning.features import compute_features
from defectstudio.learning.folds import score_folds
from defectstudio.learning.model import TrainedModel


def flat(tags: list[bool], groups: list[str]) -> Snapshot:
    rng = np.random.default_rng(0)
    pixels = [rng.integers(0, 255, (64, 64), dtype=np.uint8) for _ in tags]
    return Snapshot.from_arrays(pixels, [None] * len(tags), [DEFECTIVE if t else GOOD for t in tags], groups=groups)


class Spy:
    """In place of training and scoring: remembers who trained each model, and scores by that model's number."""

    def __init__(self) -> None:
        self.trained: list[set[int]] = []
        self.scored: dict[int, int] = {}

    def fit(
        self, config: TrainConfig, snapshot: Snapshot, token: CancelToken, *, cache: Path | None, threshold: bool
    ) -> Job[TrainedModel]:
        yield from ()
        self.trained.append({image.id for image in snapshot.images})
        model = TrainedModel(config, torch.nn.Identity())  # type: ignore[arg-type]
        model.seconds = len(self.trained) - 1
        return model

    def score(
        self, model: TrainedModel, snapshot: Snapshot, token: CancelToken, *, cache: Path | None
    ) -> Job[list[Scored]]:
        yield from ()
        self.scored |= {image.id: int(model.seconds) for image in snapshot.images}
        return [Scored(image.id, 0.5, np.zeros((1, 1), np.float16)) for image in snapshot.images]


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spy]:
    found = Spy()
    monkeypatch.setattr(folds, "score", found.score)
    yield found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(["", "a", "b", "c", "d", "e"])), min_size=4, max_size=20),
    st.integers(2, 4),
    st.integers(0, 5),
)
def test_folds_never_score_an_image_or_its_group_that_trained_them(
    spy: Spy, rows: list[tuple[bool, str]], count: int, seed: int
) -> None:
    spy.trained, spy.scored = [], {}
    snapshot = flat([row[0] for row in rows], [row[1] for row in rows])
    if len({row[1] or str(k) for k, row in enumerate(rows)}) < count:
        with pytest.raises(DefectStudioError, match="too few"):
            finish(
                score_folds(snapshot, snapshot.images, default_config(seed=seed), count, None, CancelToken(), spy.fit)
            )
        return
    found = finish(
        score_folds(snapshot, snapshot.images, default_config(seed=seed), count, None, CancelToken(), spy.fit)
    )
    assert found.ids.tolist() == [image.id for image in snapshot.images]
    group = {image.id: image.group or f"alone {image.id}" for image in snapshot.images}
    assert set(spy.scored) == set(group)
    for image, model in spy.scored.items():
        assert group[image] not in {group[trained] for trained in spy.trained[model]}
    assert len(set(found.fold.tolist())) == count


def test_the_folds_follow_their_own_seed(spy: Spy) -> None:
    snapshot = flat([True, False] * 8, [""] * 16)

    def fold_of(seed: int, fold_seed: int | None) -> list[int]:
        config = default_config(seed=seed)
        job = score_folds(snapshot, snapshot.images, config, 2, None, CancelToken(), spy.fit, fold_seed=fold_seed)
        return finish(job).fold.tolist()

    assert fold_of(0, None) == fold_of(5, 0)
    assert fold_of(0, None) != fold_of(0, 3)


def test_looks_have_length_one_and_are_the_same_from_cached_features(tmp_path: Path) -> None:
    snapshot = flat([True, False, True], [""] * 3)
    config = resolved_for_embeddings(default_config(height=64, width=64, threads=1, precision="32"), snapshot.images)
    key, fresh = finish(compute_embeddings(snapshot, config, tmp_path / "one", CancelToken()))
    assert fresh.vectors.shape == (3, 2 * 112)
    assert fresh.vectors.dtype == np.float32
    assert np.linalg.norm(fresh.vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    finish(compute_features(config, snapshot, CancelToken(), cache=tmp_path / "two"))
    again, pooled = finish(compute_embeddings(snapshot, config, tmp_path / "two", CancelToken()))
    assert again == key
    assert pooled.vectors == pytest.approx(fresh.vectors, abs=2e-3)


def test_looks_of_images_that_join_later_are_added_and_a_cancel_keeps_what_is_done(tmp_path: Path) -> None:
    snapshot = flat([True, False, True], [""] * 3)
    config = resolved_for_embeddings(default_config(height=64, width=64, threads=1), snapshot.images)
    token = CancelToken()
    job = compute_embeddings(snapshot, config, tmp_path, token)
    next(job)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        list(job)
    (path,) = (tmp_path / "selection").glob("*.npz")
    assert len(read_embeddings(path)) == 2
    _, whole = finish(compute_embeddings(snapshot, config, tmp_path, CancelToken()))
    assert len(whole) == 3


def test_a_pooled_map_is_its_mean_and_its_maximum_of_equal_length() -> None:
    found = pool(torch.tensor([[[1.0, 3.0]], [[0.0, 4.0]]]))  # means 2, 2; maxima 3, 4
    assert found.tolist() == pytest.approx([0.5, 0.5, 0.6 / 2**0.5, 0.8 / 2**0.5])
    assert np.isfinite(pool(torch.zeros(2, 3, 3))).all()


def test_a_damaged_file_of_looks_holds_nothing(tmp_path: Path) -> None:
    path = embeddings_path(tmp_path, "key")
    assert len(read_embeddings(path)) == 0
    write_embeddings(path, Embeddings(["a", "b"], np.eye(2, dtype=np.float32)))
    assert read_embeddings(path).of(["b"]).tolist() == [[0, 1]]
    path.write_bytes(path.read_bytes()[:-40])
    assert len(read_embeddings(path)) == 0
