"""The start page and folders that are dropped: what was open before, and the shortest ways in."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from defectstudio.domain.labels import GOOD
from defectstudio.sessions.session import Session
from defectstudio.ui.help_window import dropped_folder
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.settings import MOST_RECENT, Recent, Settings
from defectstudio.ui.start_page import RecentButton
from tests.ui.robot import heard, shut

Drive = Callable[[Coroutine[Any, Any, None]], None]


def project_at(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "project.db").write_bytes(b"")
    return str(folder)


def test_recent_projects_are_kept_in_order_once_each_while_they_exist(app: QApplication, tmp_path: Path) -> None:
    settings = Settings()
    folders = [project_at(tmp_path / f"p{number}") for number in range(MOST_RECENT + 2)]
    for folder in [*folders, folders[3]]:
        settings.add_recent(Recent(folder, 5.0, 7, 2, "ab"))
    kept = [one.folder for one in Settings().recent]
    assert kept[0] == folders[3]
    assert len(kept) == len(set(kept)) == MOST_RECENT
    (Path(kept[1]) / "project.db").unlink()
    assert kept[1] not in [one.folder for one in settings.recent]
    assert settings.recent[0] == Recent(folders[3], 5.0, 7, 2, "ab")


@pytest.mark.parametrize("stored", ["nonsense", '{"folder": 3, "opened": "soon"}', '{"colour": "red"}', "[1]"])
def test_a_stored_project_that_cannot_be_read_is_left_out(app: QApplication, stored: str) -> None:
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DefectStudio", "DefectStudio")
    store.setValue("recent", [stored])
    store.sync()
    assert Settings().recent == []


def test_a_closed_project_shows_its_picture_and_counts_on_the_start_page(drive: Drive, session: Session) -> None:
    folder = session.project.folder
    session.tag([5], GOOD)
    session.project.close()

    async def work() -> None:
        window = MainWindow()
        window.show()
        window.open_folder(folder)
        assert window.bench is not None
        if window.bench.thumbnails.get(1) is None:
            await heard(window.bench.thumbnails.ready)
        window.close_project()
        button = window.start_page.findChildren(RecentButton)[0]
        assert "6 of 6 images tagged" in button.accessibleDescription()
        assert not button._picture.isNull()
        await shut(window)

    drive(work())


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_one_folder_may_be_dropped_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"")
    assert dropped_folder(mime(tmp_path)) == tmp_path
    assert dropped_folder(mime(file)) is None
    assert dropped_folder(mime(tmp_path, tmp_path)) is None
    assert dropped_folder(QMimeData()) is None


def drop(window: MainWindow, data: QMimeData) -> bool:
    """Drag something over the window and let go; whether it was taken."""
    action, button, modifier = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), action, data, button, modifier)
    entering.ignore()
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPoint(50, 50), action, data, button, modifier))
    return entering.isAccepted()


def test_a_dropped_project_opens_and_a_dropped_folder_is_looked_at(drive: Drive, session: Session) -> None:
    folder = session.project.folder
    images = folder.parent / "source"
    session.project.close()

    async def work() -> None:
        window = MainWindow()
        window.show()
        assert not drop(window, mime(images / "part0.png"))
        assert drop(window, mime(folder))
        await heard(window.folder_dropped)
        assert window.bench is not None
        assert drop(window, mime(images))
        await heard(window.folder_dropped)
        assert window.import_dialog is not None
        assert window.import_dialog.folder.text() == str(images)
        window.import_dialog.reject()
        while window.tasks.busy:
            await heard(window.tasks.quiet)
        await shut(window)

    drive(work())
