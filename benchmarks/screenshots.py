"""Pictures of the window in light and dark at any scale, from a generated project or a given one, for looking at.

    QT_SCALE_FACTOR=2 python benchmarks/screenshots.py --out DIR [--project DIR] [--epochs N] [--theme light dark]

Prints the paths of the pictures, one a line. Needs no screen.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QSettings
from PySide6.QtWidgets import QWidget

from defectstudio.app import workflows
from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange import registry
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.synthetic import generate
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from defectstudio.ui.app import run_window
from defectstudio.ui.import_dialog import ImportDialog
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.sheets import Palette, ShortcutSheet
from defectstudio.ui.theme import DARK, LIGHT, Colors, theme


def make_project(folder: Path, epochs: int) -> Path:
    """A project of generated images with one trained run."""
    token = CancelToken()
    finish(generate(folder / "images", train=(40, 12), test=(20, 8), seed=0, token=token))
    plan = registry.read(folder / "images")
    with Project.create(folder / "inspection") as project:
        session = Session(project)
        record_import(session, plan, finish(import_job(project, plan)(token)))
        record = finish(workflows.train_job(project, default_config(epochs=epochs))(token))
        workflows.record_run(session, record)
    return folder / "inspection"


class Photographer:
    """Walks through the window and takes pictures."""

    def __init__(self, window: MainWindow, project: Path, out: Path, themes: list[str]) -> None:
        self.window, self.project, self.out, self.themes = window, project, out, themes

    async def settle(self, seconds: float = 0.6) -> None:
        """Let background work arrive and be painted."""
        await asyncio.sleep(seconds)

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """One picture."""
        path = self.out / f"{name}.png"
        (widget or self.window).grab().save(str(path))
        sys.stdout.write(f"{path}\n")

    async def walk(self) -> None:
        """All views in all themes, then close."""
        for name in self.themes:
            theme().apply(DARK if name == "dark" else LIGHT)
            await self.views(name, theme().colors)
        self.window.close()

    async def views(self, name: str, _colors: Colors) -> None:
        """The views of one theme."""
        window = self.window
        if window.has_project:
            window.close_project()
            await self.settle(1.0)
        self.shoot(f"{name}-start")
        window.open_folder(self.project)
        await self.settle(3.0)
        window.gallery.order.setCurrentIndex(1)
        window.gallery.step(-100_000)
        await self.settle(1.5)
        self.shoot(f"{name}-train")
        window.work.setCurrentIndex(1)
        window.viewer.hovered.emit(window.viewer.reading(QPointF(window.viewer.rect().center())))
        await self.settle()
        self.shoot(f"{name}-results")
        window.viewer.zoom_by(6)
        window.viewer.set_display(heat=False)
        window.show_error(ValueError("a picture of an unexpected error"))
        window.log_dock.raise_()
        await self.settle()
        self.shoot(f"{name}-zoomed-log")
        window.viewer.set_display(heat=True)
        window.viewer.fit()
        window.notices.shown[0].close_notice()
        window.gallery.search.setText("no such image")
        await self.settle()
        self.shoot(f"{name}-filtered")
        window.gallery.search.clear()
        window.history_dock.raise_()
        await self.dialogs(name)

    async def dialogs(self, name: str) -> None:
        """The dialogs of one theme."""
        window = self.window
        sheet, palette = ShortcutSheet(window.actions_table, window), Palette(window.actions_table, window)
        dialog = ImportDialog(window.bench.session, window.tasks, window, Path(self.project.parent / "images"))
        for title, widget in (("shortcuts", sheet), ("palette", palette), ("import", dialog)):
            widget.show()
            if widget is dialog and (self.project.parent / "images").is_dir():
                dialog.preview()
                await self.settle(4.0)
            await self.settle()
            self.shoot(f"{name}-{title}", widget)
            widget.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--project", type=Path)
    options.add_argument("--epochs", type=int, default=6)
    options.add_argument("--theme", nargs="+", default=["light", "dark"], choices=["light", "dark"])
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        project = chosen.project or make_project(Path(scratch), chosen.epochs)

        def ready(window: MainWindow) -> None:
            walk = Photographer(window, project, chosen.out, chosen.theme).walk()
            window.walking = asyncio.get_running_loop().create_task(walk)  # type: ignore[attr-defined]

        run_window(None, ready=ready)


if __name__ == "__main__":
    main()
