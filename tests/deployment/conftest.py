"""A trained project and its exported detector, made once for the tests of deployment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from defectstudio.app import approvals, importing, workflows
from defectstudio.app.bundles import Bundle, load_bundle
from defectstudio.cli.main import run
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.synthetic import generate
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning import export
from defectstudio.sessions.session import Session


def make_trained(folder: Path) -> Path:
    """A project of generated images (train 8 + 12, test 4 + 4) with one run of two epochs at 96 x 64."""
    source = finish(generate(folder / "source", train=(8, 12), test=(4, 4), seed=0))
    plan = importing.read_source(source, None)
    plan, report = finish(importing.preview_job(plan, "keep", CancelToken(), decode=False))
    importing.import_into(folder / "parts", plan, report, lambda start: finish(start(CancelToken())))
    # In 32 bit: engines that compute in as many digits are compared with what this run stored.
    small = {"height": 96, "width": 64, "threads": 1, "precision": "32"}
    config = default_config("fast", epochs=2, strides=(4, 8), **small)
    with Project.open(folder / "parts") as project:
        record = finish(workflows.train_job(project, config)(CancelToken()))
        workflows.record_run(Session(project), record)
        approvals.approve(Session(project), record.id, "A. Huber", "the first one", {1: 0.4}, cuts={1: 0.6})
    return folder / "parts"


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_trained(tmp_path_factory.mktemp("deployed"))


@pytest.fixture
def trained(trained_folder: Path) -> Iterator[Project]:
    with Project.open(trained_folder, readonly=True) as project:
        yield project


@pytest.fixture(scope="session")
def bundle(trained_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The detector of that project, exported with int8 by command."""
    out = tmp_path_factory.mktemp("bundles") / "detector"
    with pytest.MonkeyPatch.context() as patch:
        # Two epochs make no detector whose scores on eight images must keep their order.
        patch.setattr(export, "MOST_AP_LOST", 1.0)
        assert run(["export", str(trained_folder), "--out", str(out), "--int8"]) == 0
    return load_bundle(out)
