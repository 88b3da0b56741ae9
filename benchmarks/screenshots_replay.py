"""Pictures of the replay and of the agreement of labels, on a project of its own that needs no training.

python benchmarks/screenshots_replay.py --out DIR [--theme light dark] [--language en de] [--size 1360x860]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QSettings

from defectstudio.app.playback import ANSWERED
from defectstudio.app.projects import import_job, record_import
from defectstudio.app.refinement_journal import golden_journal
from defectstudio.data import journal
from defectstudio.data.exchange import registry
from defectstudio.data.project import Project
from defectstudio.data.synthetic import generate
from defectstudio.domain.events import RunAdded
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session
from defectstudio.ui.app import run_window
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.settings import Settings
from defectstudio.ui.theme import DARK, LIGHT, theme

PAST = "past"


class Day:
    """The clock and the person of the journal while the project is made."""

    def __init__(self) -> None:
        self.now, self.who = 1_772_436_000.0, "A. Huber"

    def time(self) -> float:
        """Each step takes seven seconds."""
        self.now += 7.0
        return self.now

    def later(self, who: str, hours: float) -> None:
        """Another person goes on."""
        self.who, self.now = who, self.now + 3600 * hours


def make_past(folder: Path) -> Path:
    """A project of two people: tags, boxes refined over two rounds, verdicts on a run, copies masked twice."""
    source, token, day = folder / "past-images", CancelToken(), Day()
    finish(generate(source, train=(18, 6), test=(6, 4), seed=3, token=token))
    add_a_copy(source)
    plan = registry.read(source)
    with (
        patch.object(journal, "_author", lambda: day.who),
        patch.object(journal.time, "time", day.time),
        Project.create(folder / PAST) as project,
    ):
        session = Session(project)
        record_import(session, plan, finish(import_job(project, plan)(token)))
        good = [i for i, entry in project.state.images.items() if entry.tag.verdict is Verdict.GOOD]
        golden_journal(session, answers=12)
        session.tag(good[:4], DEFECTIVE)
        session.undo()
        session.tag(good[:2], DEFECTIVE)
        session.record("train 20260302-101500-fast", [RunAdded("20260302-101500-fast", "0" * 64)])
        day.later("J. Meyer", 20)
        session.tag(good[:1], GOOD)
        session.tag(good[2:4], DEFECTIVE)
        judge(session)
    return folder / PAST


def add_a_copy(source: Path) -> None:
    """The first image with a mask once more, the mask drawn a little beside it."""
    with_mask = (path for path in sorted((source / "train").glob("*_GT.png")) if np.asarray(Image.open(path)).any())
    mask = next(with_mask)
    shutil.copy(mask.with_name(mask.name.replace("_GT", "")), mask.with_name("19999.png"))
    moved = np.roll(np.asarray(Image.open(mask)), (5, 7), (0, 1))
    Image.fromarray(moved).save(mask.with_name("19999_GT.png"))


def judge(session: Session) -> None:
    """Verdicts on made-up detections, half of them where something is drawn."""
    rng, found, states = np.random.default_rng(0), [], session.project.state.images
    for image, entry in list(states.items())[-10:]:
        top, left = (int(rng.integers(0, side - 40)) for side in entry.shape)
        found.append(
            Detection(f"d{image}", image, "20260302-101500-fast", Box(top, left, top + 34, left + 40), 1, 0.71)
        )
    work = Mentoring(session, found)
    for number, detection in enumerate(found):
        work.judge_one(detection.id, "confirmed" if number % 3 else "rejected", seconds=1.4)


async def replay_views(walker: Any) -> None:
    """A step of annotation, a panel with its answer, a verdict with its detection."""
    window: MainWindow = walker.window
    folder = walker.project.parent / PAST
    if not folder.is_dir():
        return
    if window.has_project:
        window.close_project()
    await walker.settle()
    window.open_folder(folder)
    await walker.settle(1.5)
    desk = window.replay
    desk.toggle()
    while not desk.ready:
        await walker.settle(0.1)
    await walker.settle(1.0)
    walker.shoot("replay-verdict")
    assert desk.playback is not None
    kinds = desk.playback.steps.kinds
    panels = np.flatnonzero(kinds == ANSWERED) + 1
    desk.jump(int(panels[5]))
    await walker.settle(1.5)
    walker.shoot("replay-panel")
    desk.jump(2)
    await walker.settle(1.0)
    walker.shoot("replay-tags")
    rounds = [n for n, part in enumerate(desk.playback.parts) if part.kind == "round"]
    desk.page.choose_part(rounds[1])
    desk.page.part_wanted.emit(rounds[1])
    await walker.settle(1.0)
    walker.shoot("replay-round")
    desk.leave()
    await walker.settle()
    walker.shoot("replay-left")
    await agreement_views(walker)


async def agreement_views(walker: Any) -> None:
    """Figures and list, with masks of copies and with a panel answered in two ways."""
    desk = walker.window.agreement
    desk.toggle()
    while desk.found is None:
        await walker.settle(0.1)
    for kind in ("masks of copies", "panel shown twice", "tags of two people"):
        rows = [row for row, one in enumerate(desk.found.contested) if one.kind == kind]
        if rows:
            desk.page.list.setCurrentRow(rows[0])
            await walker.settle(1.0)
            walker.shoot(f"agreement-{kind.split()[0]}")
    desk.leave()


class Walker:
    """Takes pictures of one window in some themes."""

    def __init__(self, window: MainWindow, project: Path, out: Path, options: argparse.Namespace) -> None:
        self.window, self.project, self.out, self.options, self.prefix = window, project, out, options, ""

    async def settle(self, seconds: float = 0.5) -> None:
        """Let background work arrive and be painted."""
        await asyncio.sleep(seconds)

    def shoot(self, name: str, widget: Any = None) -> None:
        """One picture."""
        path = self.out / f"{self.prefix}{name}.png"
        (widget or self.window).grab().save(str(path))
        sys.stdout.write(f"{path}\n")

    async def walk(self) -> None:
        """All views in all themes, then close."""
        wide, high = (int(side) for side in self.options.size.split("x"))
        self.window.resize(wide, high)
        for name in self.options.theme:
            theme().apply(DARK if name == "dark" else LIGHT)
            self.prefix = f"{self.options.language[0]}-{self.options.size}-{name}-"
            await replay_views(self)
        self.window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--theme", nargs="+", default=["light", "dark"], choices=["light", "dark"])
    parser.add_argument("--language", nargs=1, default=["en"], choices=["en", "de"])
    parser.add_argument("--size", default="1360x860")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        project = make_past(Path(scratch))
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(Path(scratch) / "settings"))
        Settings().language = options.language[0]

        def ready(window: MainWindow) -> None:
            walker = Walker(window, project, options.out, options)
            window.walking = asyncio.get_running_loop().create_task(walker.walk())  # type: ignore[attr-defined]

        run_window(None, ready=ready)
        shutil.rmtree(project, ignore_errors=True)


if __name__ == "__main__":
    main()
