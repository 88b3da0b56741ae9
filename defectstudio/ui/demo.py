"""The demo from the start page: generated images, two short trainings, and the project they lead to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QCoreApplication

from defectstudio.domain.errors import Cancelled
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.loading import load_library
from defectstudio.ui.job_thread import RunningJob

if TYPE_CHECKING:
    from defectstudio.ui.main_window import MainWindow

IMAGES, MASKS, SEED = 150, 6, 0


def demo_folder() -> Path:
    """A folder of the user's that is not in use yet."""
    home = Path(platformdirs.user_data_dir("DefectStudio", appauthor=False))
    return next(folder for n in range(1, 100_000) if not (folder := home / f"demo-{n}").exists())


def demo_work(folder: Path) -> Callable[[CancelToken], Job[Path]]:
    """The demo as a job; returns the project's folder. The learning library is loaded in the job's thread."""

    def job(token: CancelToken) -> Job[Path]:
        yield Progress(0, 0, "Starting")
        load_library()
        from defectstudio.app.demo import demo_job

        result = yield from demo_job(folder, IMAGES, MASKS, SEED, token)
        return Path(result.project)

    return job


async def run_demo(window: MainWindow) -> None:
    """Run the demo with progress on the start page, then open its project."""
    page = window.start_page

    def show(batch: list[Progress]) -> None:
        page.show_busy(batch[-1].text, batch[-1].done, batch[-1].total)

    window.demo_job = running = RunningJob(demo_work(demo_folder()), window)
    running.progressed.connect(show)
    page.show_busy(QCoreApplication.translate("Demo", "Starting"))
    try:
        project = await running.result()
    except Cancelled:
        return
    finally:
        window.demo_job = None
        page.show_busy(None)
    window.open_when_quiet(project)
