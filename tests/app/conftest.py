"""A copy for each test of what a module trained once, in a fixture of its own called `trained`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from defectstudio.data.project import Project
from defectstudio.sessions.session import Session


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "copy"))


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    with Project.open(folder / "project") as project:
        yield Session(project)
