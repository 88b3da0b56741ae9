"""New images at the window: which run is deployed, looking through a folder, and a folder that is watched."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from defectstudio.app import mining
from defectstudio.app.watching import FolderWatch, Look
from defectstudio.data.project import Project
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.sessions.session import Session
from defectstudio.ui import mentor_mine_desk
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.mentor_mining import MiningPage
from defectstudio.ui.mentor_watch import Watcher
from tests.conftest import write_image
from tests.made_detections import make_project, picture
from tests.made_runs import add_run
from tests.ui.robot import click, heard, shut, until
from tests.ui.test_mentor import at_mentor

Drive = Callable[[Coroutine[Any, Any, None]], None]


def looks_through(project: Project, source: Any, _settings: Any) -> Callable[[CancelToken], Job[mining.MinedImages]]:
    """Takes files in as looking through them does, and finds nothing: no network is asked."""
    from defectstudio.app.projects import import_job

    paths = [source / "a.png"] if isinstance(source, Path) else list(source)
    plan = mining.plan_of(paths, paths[0].parent, "new")
    importing = import_job(project, plan)

    def job(token: CancelToken) -> Job[mining.MinedImages]:
        yield Progress(0, len(paths), "Looking for detections")
        batch = yield from importing(token)
        looked = [event.image for event in batch.events if hasattr(event, "info")]
        return mining.MinedImages("one", len(paths), looked, plan=plan, batch=batch)

    return job


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_project(tmp_path, images=2)
    with Project.open(made) as project:
        add_run(Session(project), "one")
    return made


async def with_deployed(folder: Path) -> MainWindow:
    window = await at_mentor(folder)
    page = window.mentor_panel.mining
    window.mentor_panel.show_page(page)
    click(page.deployed.change)
    page.deployed.who.setText("A. Huber")
    page.deployed.reason.setText("best so far")
    click(page.deployed.approve)
    await until(window.mentor.mining.approver.changed, lambda: not window.mentor.mining.approver.busy)
    return window


def test_a_run_is_deployed_with_a_name_and_a_reason_and_undo_takes_it_back(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await with_deployed(folder)
        page, desk = window.mentor_panel.mining, window.mentor.mining
        assert page.deployed.now.text().startswith("one, approved by A. Huber on ")
        assert page.deployed.now.text().endswith(": best so far")
        assert not page.deployed.form.isVisible()
        window.undo()
        assert desk.deployed is None
        assert "No run is approved yet" in page.deployed.now.text()
        await shut(window)

    drive(work())


def test_only_with_a_deployed_run_and_a_folder_that_exists_images_can_be_looked_through(
    drive: Drive, folder: Path, tmp_path: Path
) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        page, desk = window.mentor_panel.mining, window.mentor.mining
        page.folder.setText(str(tmp_path))
        assert not desk.can_begin
        await shut(window)
        window = await with_deployed(folder)
        page, desk = window.mentor_panel.mining, window.mentor.mining
        page.folder.setText(str(tmp_path / "nothing here"))
        assert not desk.can_begin
        page.folder.setText(str(tmp_path))
        assert desk.can_begin
        page.origin.setCurrentIndex(page.origin.findData("new"))
        assert (desk.can_begin, desk.can_watch) == (True, False)
        await shut(window)

    drive(work())


def test_a_watched_folder_takes_in_what_is_complete_and_reports_what_stays_broken(
    drive: Drive, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = tmp_path / "line"
    write_image(line / "good.png", picture(7))
    (line / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n half of it")
    monkeypatch.setattr(mentor_mine_desk, "mining_of", looks_through)

    async def work() -> None:
        window = await with_deployed(folder)
        assert window.bench is not None
        page, desk = window.mentor_panel.mining, window.mentor.mining
        desk.watcher.interval = 10
        page.folder.setText(str(line))
        window.actions_table.by_key["mentor.watch"].trigger()
        assert desk.watching
        await until(desk.watcher.looked, lambda: page.problems.list.count() == 1)
        assert page.problems.list.item(0).text().startswith("broken.png: ")
        await until(desk.changed, lambda: len(window.bench.images) == 3 and not desk.mining)  # type: ignore[union-attr]
        await heard(desk.watcher.looked)
        assert desk.watching
        window.actions_table.by_key["mentor.watch"].trigger()
        assert not desk.watching
        assert "no longer watched" in page.state.text()
        await shut(window)

    drive(work())


def test_closing_the_project_ends_the_watching(
    drive: Drive, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "line").mkdir()
    monkeypatch.setattr(mentor_mine_desk, "mining_of", looks_through)

    async def work() -> None:
        window = await with_deployed(folder)
        window.mentor_panel.mining.folder.setText(str(tmp_path / "line"))
        window.mentor.mining.toggle_watch()
        await heard(window.mentor.mining.watcher.looked)
        window.close_project()
        assert not window.mentor.mining.watching
        await shut(window)

    drive(work())


def test_a_look_that_breaks_is_told_and_ends_the_watching(drive: Drive, tmp_path: Path) -> None:
    class Breaks(FolderWatch):
        def look(self) -> Look:
            raise RuntimeError("the network share is gone")

    async def work() -> None:
        window = MainWindow()
        watcher = Watcher(window)
        watcher.start(tmp_path, set(), make=Breaks)
        await heard(watcher.failed)
        assert not watcher.watching
        await shut(window)

    drive(work())


def test_a_limit_holds_for_an_hour_or_a_shift_and_nearness_has_a_say_only_where_it_is_asked_for(
    qtbot: QtBot, app: object
) -> None:
    page = MiningPage()
    qtbot.addWidget(page)
    usual = {"head": "cells", "interest": "detection", "near": 0.2, "budget": None, "per": "hour"}
    assert page.chosen_settings == usual
    page.head.setCurrentIndex(page.head.findData("boxes"))
    assert not page.near.isEnabled()
    assert not page.per.isEnabled()
    page.interest.setCurrentIndex(page.interest.findData("both"))
    page.near.setValue(0.05)
    page.budget.setValue(40)
    assert page.near.isEnabled()
    page.per.setCurrentIndex(page.per.findData("shift"))
    chosen = mining.MiningSettings.model_validate(page.chosen_settings)
    said = (chosen.head, chosen.interest, chosen.near, chosen.budget, chosen.per)
    assert said == ("boxes", "both", 0.05, 40, "shift")
