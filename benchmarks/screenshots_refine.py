"""Parts of the walk of `screenshots.py`: waiting, and the Refine workspace on a project of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from defectstudio.app.projects import import_job, record_import
from defectstudio.app.refinement import StartSettings, open_refinement, round_job, start_job
from defectstudio.data.exchange import registry
from defectstudio.data.project import Project
from defectstudio.data.similarity import similarity_config
from defectstudio.domain.labels import effective_map
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.refinement import RefineSettings
from defectstudio.sessions.session import Session
from defectstudio.sessions.simulate import SimulatedExpert
from defectstudio.ui.main_window import MainWindow

REFINING = "refining"
ANSWERS = (20, 7)
"""Panels of the first round, and of the round that is open."""


async def window_quiet(window: MainWindow) -> None:
    """Wait until no background work is left."""
    while window.tasks.busy:
        await asyncio.sleep(0.1)


def make_refining(folder: Path, *, steps: int = 150) -> Path:
    """A project beside that of `make_project`: boxes round its masks, refined over two rounds by a simulated expert."""
    token = CancelToken()
    plan = registry.read(folder / "images")
    with Project.create(folder / REFINING) as project:
        session = Session(project)
        record_import(session, plan, finish(import_job(project, plan)(token)))
        states, drawn = project.state.images, project.state.label_map
        true = {image: effective_map(entry.tag, drawn(image), entry.shape).copy() for image, entry in states.items()}
        config = similarity_config(steps=steps)
        finish(start_job(session, StartSettings(kind="roi", margin=10), config)(token))
        expert = SimulatedExpert(true.__getitem__, error=0.05, patch=config.patch, shift=True)
        answer_some(session, expert, ANSWERS[0])
        finish(round_job(project)(token))
        answer_some(session, expert, ANSWERS[1])
    return folder / REFINING


def answer_some(session: Session, expert: SimulatedExpert, count: int) -> None:
    """So many panels of the newest round."""
    work = open_refinement(session, RefineSettings())
    assert work is not None
    for _ in range(count):
        panel = work.next_panel()
        work.answer(panel, expert.answer(panel), expert=expert.name)
    work.close()


async def refine_views(walker: Any) -> None:
    """A panel half answered, a patch enlarged, rounds side by side, a full round, the form that begins anew."""
    window: MainWindow = walker.window
    folder = walker.project.parent / REFINING
    if not folder.is_dir():
        return
    window.close_project()
    await walker.settle()
    window.open_folder(folder)
    await walker.settle(1.5)
    window.refine.show_page()
    await walker.settle(1.5)
    grid = window.refine.asking.grid
    for place in (0, 6):
        QTest.keyClick(grid.tiles[0], Qt.Key(Qt.Key.Key_1 + place))
    tile = grid.tiles[7]
    at = tile.picture_place().center().toPoint() + QPoint(10, 6)
    QTest.mouseClick(tile, Qt.MouseButton.MiddleButton, pos=at)
    await walker.settle(1.5)
    walker.shoot("refine")
    QTest.keyPress(tile, Qt.Key.Key_Z)
    await walker.settle()
    walker.shoot("refine-enlarged")
    QTest.keyRelease(tile, Qt.Key.Key_Z)
    window.refine.rounds.toggle()
    await walker.settle(2.5)
    walker.shoot("refine-rounds")
    window.refine.rounds.show_stage(1)
    await walker.settle()
    walker.shoot("refine-rounds-middle")
    window.refine.show_page()
    window.refine_panel.anew.setChecked(True)
    await walker.settle()
    walker.shoot("refine-anew")
    window.refine_panel.anew.setChecked(False)
    window.refine.hide()
