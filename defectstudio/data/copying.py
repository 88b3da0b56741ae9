"""A second copy of a project to try things on: its journal copied, its pixels and runs shared where the disk can."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from defectstudio.data.project import DATABASE, Project
from defectstudio.data.whole import unwritable
from defectstudio.domain.errors import DefectStudioError


def copy_project(project: Project, folder: Path) -> None:
    """Copy a project into an empty or absent folder, without its rounds and its cache. Files that are written once,
    pixels and runs, are linked on the same disk and copied to another.

    Raises DefectStudioError when the folder holds something or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DefectStudioError(f"{folder} is not an empty folder.", hint="Name a new folder for the copy.")
    try:
        for part in ("images", "runs", "cache"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / DATABASE)) as copy:
            project.journal.connection.backup(copy)
        for source in (project.images_folder, project.runs_folder):
            _link_all(source, folder / source.name)
    except OSError as error:
        raise unwritable(folder, error) from error


def _link_all(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(exist_ok=True)
            continue
        try:
            os.link(path, place)
        except OSError:
            shutil.copy2(path, place)
