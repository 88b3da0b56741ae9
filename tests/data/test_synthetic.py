"""Demo data: seeded, quick, in KolektorSDD2's layout, and hard for scores that understand nothing."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from sklearn.metrics import average_precision_score

from defectstudio.data.exchange import registry
from defectstudio.data.exchange.preview import preview
from defectstudio.data.surfaces import TEXTURES
from defectstudio.data.synthetic import DEFECTS, generate, generate_image
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, finish


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("texture", TEXTURES)
@pytest.mark.parametrize("kind", DEFECTS)
def test_every_defect_on_every_texture_has_a_small_mask_where_the_surface_changed(kind: str, texture: str) -> None:
    for seed in range(4):
        pixels, mask, named = generate_image(np.random.default_rng(seed), True, kind=kind, texture=texture)
        assert pixels.shape == (*mask.shape, 3)
        assert pixels.dtype == mask.dtype == np.uint8
        assert named == kind
        assert set(np.unique(mask)) == {0, 255}
        assert 8 <= (mask > 0).sum() <= 0.1 * mask.size


@pytest.mark.parametrize("kind", DEFECTS)
def test_the_mask_lies_where_the_defect_changes_the_surface(kind: str) -> None:
    for seed in range(8):
        change, cover = DEFECTS[kind](np.random.default_rng(seed), (620, 220))
        strong = np.abs(change) > 0.5 * np.abs(change).max()
        near = ndimage.binary_dilation(cover > 0.35, iterations=3)
        assert strong[near].sum() >= 0.95 * strong.sum() > 0


def test_a_good_part_has_an_empty_mask_and_no_kind() -> None:
    _, mask, kind = generate_image(np.random.default_rng(0), False)
    assert (mask.any(), kind) == (False, "")


def test_sizes_vary_like_those_of_kolektorsdd2() -> None:
    shapes = [generate_image(np.random.default_rng(seed), False)[1].shape for seed in range(12)]
    assert len(set(shapes)) > 8
    assert all(597 <= height <= 665 and 184 <= width <= 241 for height, width in shapes)


def test_lighting_varies_from_part_to_part() -> None:
    means = [generate_image(np.random.default_rng(seed), False, texture="cast")[0].mean() for seed in range(12)]
    assert np.std(means) > 8


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        finish(generate(tmp_path / name, train=(3, 2), test=(2, 1), seed=seed))
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    assert hashes(tmp_path / "a") != hashes(tmp_path / "c")


def test_demo_data_comes_in_as_kolektorsdd2_with_its_split_files(tmp_path: Path) -> None:
    folder = finish(generate(tmp_path / "demo", train=(9, 7), test=(4, 2), seed=0))
    plan = registry.read(folder)
    found = finish(preview(plan, CancelToken()))
    assert plan.format == "kolektorsdd2"
    assert found.counts == {"test": {"defective": 2, "good": 4}, "train": {"defective": 7, "good": 9}}
    assert [row for row in found.findings if row.severity != "note"] == []
    defective = {item.name for item in plan.items if item.split == "train" and item.verdict is Verdict.DEFECTIVE}
    allowed = {stem: parts["train"] & defective for stem, parts in plan.segmented.items()}
    assert {stem: len(names) for stem, names in allowed.items()} == {"split_0": 0, "split_5": 5, "split_7": 7}
    assert allowed["split_5"] < allowed["split_7"]


def test_the_number_of_a_part_tells_nothing_about_it(tmp_path: Path) -> None:
    folder = finish(generate(tmp_path / "demo", train=(10, 10), test=(0, 0), seed=1))
    verdicts = [item.verdict is Verdict.DEFECTIVE for item in registry.read(folder).items]
    assert 2 < sum(verdicts[:10]) < 8


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(DefectStudioError, match="not empty"):
        finish(generate(tmp_path, train=(1, 1), test=(0, 0), seed=0))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_cancelled_generation_leaves_nothing_behind(tmp_path: Path) -> None:
    token = CancelToken()
    job = generate(tmp_path / "demo", train=(5, 1), test=(1, 1), seed=0, token=token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        finish(job)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("texture", TEXTURES)
def test_an_image_takes_under_50_ms(texture: str) -> None:
    generate_image(np.random.default_rng(0), True, texture=texture)
    times = []
    for seed in range(9):
        start = time.thread_time()
        generate_image(np.random.default_rng(seed), True, texture=texture)
        times.append(time.thread_time() - start)
    assert np.median(times) < 0.05


def _largest_deviation(grey: np.ndarray) -> float:
    rest = grey - ndimage.uniform_filter(grey, 31)
    return float(np.abs(rest).max() / rest.std())


def _largest_blob(grey: np.ndarray) -> float:
    blobs = ndimage.gaussian_filter(grey, 4, truncate=2) - ndimage.uniform_filter(grey, 61)
    return float(np.abs(blobs).max() / blobs.std())


def _steepest_edge(grey: np.ndarray) -> float:
    slope = np.hypot(ndimage.sobel(grey, 0), ndimage.sobel(grey, 1))
    return float(np.percentile(slope, 99.9) / np.median(slope))


TRIVIAL: dict[str, Callable[[np.ndarray], float]] = {
    "mean": lambda grey: float(grey.mean()),
    "spread": lambda grey: float(grey.std()),
    "largest deviation": _largest_deviation,
    "largest blob": _largest_blob,
    "steepest edge": _steepest_edge,
}


def test_scores_that_understand_nothing_stay_far_from_finding_the_defects() -> None:
    defective = [number % 10 == 0 for number in range(100)]
    images = [generate_image(np.random.default_rng([11, n]), bad)[0] for n, bad in enumerate(defective)]
    greys = [image[..., 1].astype(np.float32) for image in images]
    found = {name: average_precision_score(defective, [score(g) for g in greys]) for name, score in TRIVIAL.items()}
    assert max(found.values()) < 0.5, found
