"""The study of refinement: its plan, one job of it, its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectstudio.app.study_refine import RefineGrid, fast_base, refine_once, refine_plan
from defectstudio.app.study_worker import Place
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from tests.made_rounds import brightness_network  # noqa: F401  a fixture
from tests.made_runs import make_project


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    return make_project(tmp_path)


def snapshot_of(folder: Path) -> Snapshot:
    with Project.open(folder, readonly=True) as project:
        return project.snapshot()


def test_the_plan_holds_every_combination_once_and_shifting_writes_pixels(parts: Path) -> None:
    plan = refine_plan(RefineGrid(base=fast_base(), run="boxes"), snapshot_of(parts))
    assert len(plan.jobs) == 3 * 3 * 2 * 3 * 2 * 3
    assert len({job.setting for job in plan.jobs}) == len(plan.jobs) // 3
    shifted = [job for job in plan.jobs if job.setting == "noise, user refined, random, shift, error 5%"]
    assert [job.repeat for job in shifted] == [0, 1, 2]
    assert shifted[0].arguments["write"] == "pixel"
    assert shifted[0].arguments["shift"]
    assert shifted[0].arguments["config"]["mode"] == "user_refined"
    assert shifted[0].arguments["dense_settings"]["scope"] == "everywhere"


def test_a_plan_that_could_not_be_measured_is_refused(parts: Path) -> None:
    snapshot = snapshot_of(parts)
    with pytest.raises(DefectStudioError, match="both train and test"):
        refine_plan(RefineGrid(test="train"), snapshot)
    with pytest.raises(DefectStudioError, match="complete mask"):
        refine_plan(RefineGrid(test="elsewhere"), snapshot)


@pytest.mark.usefixtures("brightness_network")
def test_a_job_gives_the_figures_after_its_last_round(parts: Path, tmp_path: Path) -> None:
    grid = RefineGrid(starts=["roi"], modes=["both"], anchors=["entropy"], writings=["shift"], rounds=1, per_round=3)
    job = refine_plan(grid, snapshot_of(parts)).jobs[0]
    place = Place(project=parts, cache=tmp_path / "cache", stop=tmp_path / "stop")
    found = finish(refine_once(job.arguments, place, CancelToken()))
    assert found.started_iou == pytest.approx(81 / (23 * 23))  # the box of 9 pixels, 6 from the border, margin 8
    assert found.f1 is not None
    assert 0 <= found.f1 <= 1
    assert not list((tmp_path / "cache" / "simulations").iterdir())
