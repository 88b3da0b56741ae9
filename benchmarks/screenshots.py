"""Pictures of every view of the window, from a generated project or a given one, for looking at and for the handbook.

    python benchmarks/screenshots.py --out DIR [--theme light dark] [--language en de] [--scale 1 2]
    python benchmarks/screenshots.py --guide          # the pictures of resources/handbook

Prints the paths of the pictures, one a line. Needs no screen.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Coroutine
from itertools import product
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import screenshots_book
import screenshots_mentor
from PySide6.QtCore import QPointF, QSettings, QSize, Qt
from PySide6.QtWidgets import QWidget
from screenshots_refine import make_refining, refine_views, window_quiet

from defectstudio.app import workflows
from defectstudio.app.measured import training_curve
from defectstudio.app.projects import import_job, record_import
from defectstudio.app.selection import SelectSettings, queue_job, requeue
from defectstudio.data.exchange import registry
from defectstudio.data.predictions import Scored
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.synthetic import generate
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED, Status, Verdict
from defectstudio.domain.progress import CancelToken, Progress, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.runs import RunKeeper
from defectstudio.sessions.selection import Selection
from defectstudio.sessions.session import Session
from defectstudio.ui.app import run_window
from defectstudio.ui.handbook import Handbook
from defectstudio.ui.import_dialog import ImportDialog
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.panels.settings import SettingsDialog
from defectstudio.ui.queue_model import TrainRequest
from defectstudio.ui.settings import Settings
from defectstudio.ui.sheets import Palette, ShortcutSheet
from defectstudio.ui.theme import DARK, LIGHT, theme
from defectstudio.ui.unfinished import run_words

GUIDE = Path(__file__).parents[1] / "resources" / "handbook" / "pictures"
GUIDE_WIDTH = 900


def make_project(folder: Path, epochs: int) -> Path:
    """A project of generated images with three trained runs, one on tags alone, and some work done on it.

    A few images have lost their masks, and wait for new ones in a queue that is scored.
    """
    token = CancelToken()
    finish(generate(folder / "images", train=(40, 12), test=(20, 8), seed=0, token=token))
    plan = registry.read(folder / "images")
    with Project.create(folder / "inspection") as project:
        session = Session(project)
        record_import(session, plan, finish(import_job(project, plan)(token)))
        for masks, name in ((0, "tags only"), (4, "four masks"), (None, "all masks")):
            record = finish(workflows.train_job(project, default_config(epochs=epochs), segmented=masks)(token))
            workflows.record_run(session, record)
            RunKeeper(session).rename(record.id, name)
        do_some_work(session)
        finish(queue_job(project, default_config(epochs=epochs), SelectSettings(batch=6))(token))
        mark_the_queue(session)
        screenshots_mentor.prepare(session, epochs)
        screenshots_book.prepare(session)
    return folder / "inspection"


def do_some_work(session: Session) -> None:
    """Tags, states and notes as they stand in the middle of a working day."""
    annotator = Annotator(session)
    states = session.project.state.images
    of = {
        verdict: [image for image, entry in states.items() if entry.tag.verdict is verdict]
        for verdict in (Verdict.GOOD, Verdict.DEFECTIVE)
    }
    good = of[Verdict.GOOD]
    maps = {image: session.project.state.label_map(image) for image in of[Verdict.DEFECTIVE]}
    sizes = {image: 0 if drawn is None else int(((drawn > 0) & (drawn < 255)).sum()) for image, drawn in maps.items()}
    bad = sorted(sizes, key=lambda image: -sizes[image])
    session.tag(good[:6], UNLABELLED)
    session.tag(good[:1], DEFECTIVE)
    session.undo()
    annotator.set_status(good[8:20], Status.DONE)
    annotator.set_status(bad[4:8], Status.DONE)
    annotator.set_status(bad[:1], Status.FLAGGED)
    annotator.set_status(bad[1:4], Status.IN_WORK)
    annotator.add_note(bad[0], "Is this a scratch or the edge of the mould?", (60, 80))
    session.tag(good[1:2], GOOD)
    for image in [image for image in bad[4:] if states[image].placement.split == "train"]:
        annotator.partial(image)


def mark_the_queue(session: Session) -> None:
    """One image pinned, one skipped for ever."""
    queue = requeue(session.project, SelectSettings())
    assert queue is not None
    Selection(session).pin([queue.items[2].image])
    Selection(session).skip([queue.items[-1].image], forever=True, reason="out of focus")


class Photographer:
    """Walks through the window and takes pictures."""

    def __init__(self, window: MainWindow, project: Path, out: Path, prefix: str) -> None:
        self.window, self.project, self.out, self.prefix = window, project, out, prefix

    async def settle(self, seconds: float = 0.5) -> None:
        """Let background work arrive and be painted."""
        await asyncio.sleep(seconds)

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """One picture."""
        path = self.out / f"{self.prefix}{name}.png"
        (widget or self.window).grab().save(str(path))
        sys.stdout.write(f"{path}\n")

    async def walk(self, themes: list[str]) -> None:
        """All views in all themes, then close."""
        for name in themes:
            theme().apply(DARK if name == "dark" else LIGHT)
            prefix, self.prefix = self.prefix, f"{self.prefix}{name}-"
            await self.views()
            self.prefix = prefix
        self.window.close()

    async def open(self) -> None:
        """The project, standing on a defective image that has a mask."""
        window = self.window
        window.open_folder(self.project)
        await self.settle(2.5)
        assert window.bench is not None
        images = window.bench.images
        chosen = [image for image, entry in images.items() if entry.status is Status.FLAGGED]
        window.gallery.select(chosen[0])
        window.gallery.list.setFocus()
        await self.settle(1.2)

    async def views(self) -> None:
        """The views of one theme."""
        window = self.window
        if window.has_project:
            window.close_project()
            await self.settle(1.0)
        self.shoot("start")
        await self.open()
        window.show_panel(window.annotate_panel)
        window.viewer.set_display(heat=False)
        await self.settle()
        self.shoot("annotate")
        window.show_panel(window.train_panel)
        window.viewer.set_display(heat=True)
        await self.settle()
        self.shoot("train")
        await self.training()
        window.show_panel(window.results)
        window.gallery.order.setCurrentIndex(1)
        window.viewer.hovered.emit(window.viewer.reading(QPointF(window.viewer.rect().center())))
        await self.settle()
        self.shoot("results")
        window.viewer.zoom_by(6)
        window.show_error(ValueError("a picture of an unexpected error"))
        window.log_dock.raise_()
        await self.settle()
        self.shoot("zoomed-log")
        window.notices.shown[0].close_notice()
        window.viewer.fit()
        window.gallery.search.setText("no such image")
        window.history_dock.raise_()
        await self.settle()
        self.shoot("filtered-history")
        window.gallery.show_all()
        window.gallery.order.setCurrentIndex(0)
        await self.select()
        await screenshots_mentor.take(self)
        await screenshots_book.take(self)
        await self.runs()
        await self.dialogs()
        await refine_views(self)

    async def select(self) -> None:
        """The queue and its rules, label errors, the worth of masks, the map by tag and by score."""
        window, desk = self.window, self.window.select
        desk.show_queue()
        await self.settle(1.0)
        self.shoot("select-queue")
        desk.queue.page.rules.setChecked(True)
        await self.settle()
        self.shoot("select-rules")
        desk.queue.page.rules.setChecked(False)
        desk.show_suspects()
        await self.settle(1.0)
        self.shoot("select-suspects")
        desk.show_budget()
        await window_quiet(window)
        await self.settle()
        self.shoot("select-budget")
        desk.show_queue()
        desk.map.toggle()
        await window_quiet(window)
        await self.settle()
        self.shoot("select-map")
        view = desk.map.view
        view.coloring.setCurrentIndex(view.coloring.findData("score"))
        view.kind.setCurrentIndex(view.kind.findData("tsne"))
        await window_quiet(window)
        held = range(0, len(view.canvas.ids), 5)
        view.canvas.catch(held)
        view.canvas.lassoed.emit([view.canvas.ids[row] for row in held])
        await self.settle()
        self.shoot("select-map-score")
        view.coloring.setCurrentIndex(0)
        desk.map.hide()

    async def runs(self) -> None:
        """The table of runs, a comparison, and an image on which they differ."""
        window, desk = self.window, self.window.compare_desk
        window.runs_desk.show_panel()
        await self.settle()
        self.shoot("runs")
        if not desk.can_compare:
            return
        window.runs.choose([row.id for row in window.runs_desk.rows if row.comparable][-2:])
        desk.compare()
        while desk.comparison is None:
            await self.settle()
        await self.settle()
        self.shoot("compare")
        desk.step(1)
        await self.settle(1.0)
        self.shoot("compare-image")
        desk.close()

    async def training(self) -> None:
        """The Train panel with everything unfolded, and as it was when the newest run ended, with others waiting."""
        window, panel = self.window, self.window.train_panel
        assert window.bench is not None
        project, size = window.bench.project, window.size()
        window.resize(size.width(), 1500)
        panel.net.setCurrentIndex(1)
        panel.more.fold.setChecked(True)
        panel.more.controls["height"].choose(512)
        await self.settle()
        self.shoot("train-settings")
        panel.more.fold.setChecked(False)
        panel.net.setCurrentIndex(0)
        record = workflows.runs(project)[-1]
        predictions = workflows.predictions(project, record.id)
        images = [*record.segmented[:3], *(image for image in record.images if image not in record.segmented)][:6]
        seen = tuple(Scored(image, predictions.scores[image], predictions.heat(image)) for image in images)
        rows = training_curve(project.runs_folder / record.id)
        panel.queue.show_waiting(
            [TrainRequest(default_config("segdec"), None, ("train",)), TrainRequest(record.config, 0, ("train",))],
            can_undo=True,
        )
        panel.queue.show_going(going=True)
        panel.progress.show_started(run_words(record))
        panel.show_running(True)
        text = f"Training, epoch {len(rows)} of {len(rows)}"
        news = [Progress(number, len(rows), text, row) for number, row in enumerate(rows, start=1)]
        panel.progress.show_progress([*news, Progress(len(rows), len(rows), text, {"samples": seen})])
        panel.progress.curves.read(panel.progress.curves.places[len(rows) // 2])
        window.trainer.ways.offer(record.model_copy(update={"status": "running"}), can_discard=True)
        await self.settle(1.0)
        self.shoot("train-running")
        window.notices.shown[-1].close_notice()
        panel.progress.show_ended("")
        panel.show_running(False)
        panel.queue.show_waiting([], can_undo=False)
        window.resize(size)

    async def dialogs(self) -> None:
        """The dialogs of one theme."""
        window, actions = self.window, self.window.actions_table
        assert window.bench is not None
        source = self.project.parent / "images"
        importing = ImportDialog(window.bench.session, window.tasks, window, source)
        settings = SettingsDialog(actions, window.settings, window)
        for title, widget in (
            ("shortcuts", ShortcutSheet(actions, window)),
            ("palette", Palette(actions, window)),
            ("import", importing),
            ("settings-appearance", settings),
            ("handbook", Handbook(window)),
        ):
            widget.show()
            if widget is importing and source.is_dir():
                importing.preview()
                await self.settle(3.0)
            await self.settle()
            self.shoot(title, widget)
            if widget is settings:
                settings.pages.setCurrentIndex(1)
                settings.shortcuts.choose("view.fit")
                settings.shortcuts.record.setKeySequence("Ctrl+T")
                await self.settle()
                self.shoot("settings-shortcuts", widget)
            widget.close()

    async def guide(self) -> None:
        """The few pictures of the handbook."""
        window = self.window
        theme().apply(LIGHT)
        window.resize(QSize(1240, 780))
        await self.open()
        window.show_panel(window.annotate_panel)
        window.viewer.set_display(heat=False)
        await self.settle(1.0)
        self.shoot_small("annotate")
        window.show_panel(window.results)
        window.viewer.set_display(heat=True)
        window.gallery.order.setCurrentIndex(1)
        await self.settle(1.0)
        self.shoot_small("results")
        settings = SettingsDialog(window.actions_table, window.settings, window)
        settings.pages.setCurrentIndex(1)
        settings.shortcuts.choose("view.fit")
        settings.shortcuts.record.setKeySequence("Ctrl+T")
        settings.show()
        await self.settle()
        self.shoot_small("shortcuts", settings)
        settings.close()
        window.close()

    def shoot_small(self, name: str, widget: QWidget | None = None) -> None:
        """A picture for the handbook, with few colours so that it is small."""
        from PIL import Image

        path = self.out / f"{name}.png"
        picture = (widget or self.window).grab()
        if picture.width() > GUIDE_WIDTH:
            picture = picture.scaledToWidth(GUIDE_WIDTH, Qt.TransformationMode.SmoothTransformation)
        picture.save(str(path))
        with Image.open(path) as drawn:
            few = drawn.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(path, optimize=True)
        sys.stdout.write(f"{path}\n")


def take(options: argparse.Namespace) -> None:
    """The pictures of one language and one scale, in this process."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(options.settings))
    Settings().language = options.language[0]
    prefix = f"{options.language[0]}-{options.scale[0]:g}x-"

    def ready(window: MainWindow) -> None:
        walker = Photographer(window, options.project, options.out, prefix)
        work: Coroutine[Any, Any, None] = walker.guide() if options.guide else walker.walk(options.theme)
        window.walking = asyncio.get_running_loop().create_task(work)  # type: ignore[attr-defined]

    run_window(None, ready=ready)


def parse() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, default=GUIDE)
    options.add_argument("--guide", action="store_true", help="the pictures of the handbook, nothing else")
    options.add_argument("--project", type=Path)
    options.add_argument("--epochs", type=int, default=6)
    options.add_argument("--theme", nargs="+", default=["light", "dark"], choices=["light", "dark"])
    options.add_argument("--language", nargs="+", default=["en"], choices=["en", "de"])
    options.add_argument("--scale", nargs="+", type=float, default=[1.0])
    options.add_argument("--settings", type=Path, help=argparse.SUPPRESS)
    return options.parse_args()


def main() -> None:
    chosen = parse()
    if chosen.settings is not None:
        take(chosen)
        return
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        project = chosen.project or make_project(Path(scratch), chosen.epochs)
        if chosen.project is None and not chosen.guide:
            make_refining(Path(scratch))
        # Qt reads the scale once, when a process starts.
        for language, scale in product(chosen.language, chosen.scale):
            command = [sys.executable, __file__, "--project", project, "--out", chosen.out, "--language", language]
            command += ["--settings", Path(scratch) / "settings", "--scale", str(scale), "--theme", *chosen.theme]
            command += ["--guide"] if chosen.guide else []
            subprocess.run(command, check=True, env={**os.environ, "QT_SCALE_FACTOR": str(scale)})


if __name__ == "__main__":
    main()
