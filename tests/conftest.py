"""Fixtures shared by all tests: small generated projects, and where the real data lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.sessions.session import Session

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# As the program itself does, before torch is loaded: where other work has the cores, threads that spin while they wait
# for each other make a training take ten times as long.
os.environ.setdefault("GOMP_SPINCOUNT", "0")
# A busy machine makes no property false; how long things may take is for benchmarks to say.
# The same examples every time: a rare one must not stop a change that has nothing to do with it. Others are tried with
# HYPOTHESIS_EXPLORE=1.
settings.register_profile("defectstudio", deadline=None, derandomize=not os.environ.get("HYPOTHESIS_EXPLORE"))
settings.load_profile("defectstudio")

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets beside the project; skips the test where there is none."""
    if not REAL_DATA.is_dir():
        pytest.skip("needs the real data sets beside the project")
    return REAL_DATA


def write_image(path: Path, pixels: np.ndarray) -> Path:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def surface(seed: int, height: int = 48, width: int = 40) -> np.ndarray:
    """A noisy grey surface."""
    return np.random.default_rng(seed).integers(90, 130, (height, width), dtype=np.uint8)


def spot(height: int = 48, width: int = 40) -> LabelMap:
    """A label map with one defect of class 1 and the rest healthy."""
    label_map = np.zeros((height, width), np.uint8)
    label_map[10:20, 8:18] = 1
    return label_map


@pytest.fixture
def plan(tmp_path: Path) -> ImportPlan:
    """Six images: four good, one defective with a map, one defective without; the first two of one group."""
    items = []
    for number in range(6):
        pixels = surface(number)
        defective = number >= 4
        if defective:
            pixels[10:20, 8:18] = 250
        path = write_image(tmp_path / "source" / f"part{number}.png", pixels)
        items.append(
            ImportItem(
                path=path,
                name=f"part{number}",
                verdict=Verdict.DEFECTIVE if defective else Verdict.GOOD,
                split="test" if number in {3, 5} else "train",
                group="tile" if number < 2 else "",
                classes=("spot",) if defective else (),
                read_map=(lambda shape: spot(*shape)) if number == 4 else None,
            )
        )
    return ImportPlan("folder", tmp_path / "source", items, ("spot",))


@pytest.fixture
def session(tmp_path: Path, plan: ImportPlan) -> Iterator[Session]:
    """An open project with the six images of `plan`."""
    from defectstudio.app.projects import import_job, record_import
    from defectstudio.domain.progress import CancelToken, finish

    with Project.create(tmp_path / "project") as project:
        opened = Session(project)
        record_import(opened, plan, finish(import_job(project, plan)(CancelToken())))
        yield opened
