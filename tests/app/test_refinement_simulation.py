"""A simulated refinement end to end on a project whose defects are bright squares, with the stand-in network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.projects import import_job, record_import
from defectstudio.app.refinement import rounds
from defectstudio.app.refinement_figures import patch_figures, sample_centres, sample_patches
from defectstudio.app.refinement_maps import StartSettings
from defectstudio.app.refinement_simulation import Simulation, SimulationSettings, simulate_job
from defectstudio.data.check import check
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.data.similarity import similarity_config
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.conftest import surface, write_image
from tests.made_rounds import brightness_network  # noqa: F401  a fixture

pytestmark = pytest.mark.usefixtures("brightness_network")
SIDE = 96


def mask_of(number: int) -> LabelMap:
    label_map = np.zeros((SIDE, SIDE), np.uint8)
    label_map[20 + number : 48 + number, 30 : 62 - number] = 1
    return label_map


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight images, every second one defective, two of them in the split test."""
    folder = tmp_path_factory.mktemp("parts")
    items = []
    for number in range(8):
        pixels, defective = surface(number, SIDE, SIDE), bool(number % 2)
        if defective:
            pixels[mask_of(number) > 0] = 200
        path = write_image(folder / "source" / f"part{number}.png", pixels)
        mask = (lambda shape, number=number: mask_of(number)) if defective else None
        verdict = Verdict.DEFECTIVE if defective else Verdict.GOOD
        items.append(ImportItem(path, path.stem, verdict, split="test" if number > 5 else "train", read_map=mask))
    with Project.create(folder / "project") as project:
        plan = ImportPlan("folder", folder / "source", items, ("spot",))
        record_import(Session(project), plan, finish(import_job(project, plan)(CancelToken())))
    return folder / "project"


def simulated(folder: Path, keep: Path | None = None, shared: Path | None = None, **changes: object) -> Simulation:
    settings = {"rounds": 2, "per_round": 6, "test": "test", "start": StartSettings(margin=10), "seed": 1} | changes
    with Project.open(folder, readonly=True) as project:
        job = simulate_job(project, SimulationSettings.model_validate(settings), keep=keep, shared=shared)
        return finish(job(CancelToken()))


def test_boxes_become_denser_by_answers_and_the_project_is_left_alone(parts: Path) -> None:
    found = simulated(parts)
    assert found.images == 3
    assert found.started_recall == 1.0
    assert 0.2 < found.started_iou < 0.5
    assert [figures.round for figures in found.rounds] == [0, 1, 2]
    assert [figures.answers for figures in found.rounds] == [0, 6, 12]
    assert found.rounds[-1].dense_iou > found.started_iou + 0.15
    assert found.rounds[1].flips > 0
    assert found.expert_minutes == pytest.approx(12 * 3 / 60)
    true = found.rounds[-1].true
    assert true is not None
    assert true.patches == 128
    assert true.f1 > 0.9
    with Project.open(parts, readonly=True) as project:
        assert not project.state.answers
        assert not list((parts / "cache" / "simulations").iterdir())


def test_the_same_seed_gives_the_same_journal(parts: Path, tmp_path: Path) -> None:
    said, maps = [], []
    for name in ("one", "two"):
        simulated(parts, tmp_path / name, error=0.2, blind=0.3)
        with Project.open(tmp_path / name, readonly=True) as project:
            said.append(dict(project.state.answers))
            maps.append({image: project.state.maps[image].copy() for image in sorted(project.state.maps)})
            assert finish(check(project.folder, CancelToken())).whole
    assert said[0] == said[1]
    assert {event.expert for event in said[0].values()} == {"simulated, error 0.2, seed 1"}
    assert all((maps[0][image] == maps[1][image]).all() for image in maps[0])


def test_an_expert_with_errors_agrees_less_with_himself(parts: Path) -> None:
    settings = {"blind": 0.6, "per_round": 20, "rounds": 1, "write": "pixel"}
    sure, unsure = (simulated(parts, error=error, **settings).rounds[-1].agreement for error in (0.0, 0.3))
    assert sure == 1.0
    assert unsure is not None
    assert unsure < 0.85


@pytest.mark.parametrize("kind", ["noise", "labels"])
def test_other_starts_and_random_choices_run_to_their_end(parts: Path, kind: str) -> None:
    found = simulated(
        parts,
        start={"kind": kind},
        dense_settings={"scope": "everywhere"},
        choose="random",
        anchor="random",
        write="patch",
        shift=True,
        dense="each",
    )
    assert len(found.rounds) == 3
    assert (found.started_iou == 1.0) == (kind == "labels")


def test_patches_are_sampled_half_defective_and_their_figures_are_counted_by_hand() -> None:
    label_map = mask_of(1)
    places = sample_centres(label_map, 128, np.random.default_rng(0))
    assert sum(label_map[place] for place in places) == 64
    said = sample_patches([1], lambda image: label_map, seed=0)
    assert sum(patch.label for patch in said) == 64
    found = patch_figures(np.ones(128, np.float32), said)
    assert found is not None
    assert (found.recall, found.precision) == (1.0, 0.5)
    assert found.f1 == pytest.approx(2 / 3)
    healthy = sample_patches([1], lambda image: np.zeros((SIDE, SIDE), np.uint8), seed=0)
    assert patch_figures(np.ones(128, np.float32), healthy) is None


def test_simulations_that_start_alike_share_the_first_round_and_find_the_same(parts: Path, tmp_path: Path) -> None:
    alone = simulated(parts, start={"kind": "noise"}, measured="ends")
    for mode in ("mask_update", "both"):
        config = similarity_config(mode=mode)
        found = simulated(parts, tmp_path / mode, shared=tmp_path / "first", start={"kind": "noise"}, config=config)
        assert len(list((tmp_path / "first").iterdir())) == 1
        with Project.open(tmp_path / mode, readonly=True) as project:
            assert [record.config.mode for record in rounds(project)] == [mode] * 3
            assert finish(check(project.folder, CancelToken())).whole
        assert [figures.model_copy(update={"seconds": 0.0}) for figures in (found.rounds[0], found.rounds[-1])] == [
            figures.model_copy(update={"seconds": 0.0}) for figures in alone.rounds
        ]
        assert found.flips == alone.flips > 0
