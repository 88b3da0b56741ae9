"""The agreement of labels at the window: a robot settles what is contested by real keys, and takes it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from defectstudio.data.project import Project
from defectstudio.domain.labels import Box
from defectstudio.domain.refinement import Answer, Candidate, Panel, PanelAnswered, Patch
from defectstudio.sessions.session import Session
from defectstudio.ui.main_window import MainWindow
from tests.made_runs import make_project, square
from tests.ui.robot import active, click, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PARTS = (Box(6, 6, 15, 10), Box(6, 6, 15, 15))
"""What of the true square images 2 and 4, made from one file, show as a defect."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two copies masked apart, and a panel that was answered in two ways."""
    folder = make_project(tmp_path_factory.mktemp("agreement"))
    with Project.open(folder) as project:
        session, images = Session(project), project.state.images
        project.journal.connection.execute("UPDATE images SET sha256 = ? WHERE id = 4", (images[2].info.sha256,))
        whole = Box(0, 0, *images[2].shape)
        drawn = square(images[2].shape)
        drawn[:, 10:] = 0
        session.paint(2, whole, drawn, name="mask")
        shown = tuple(Candidate(Patch(6, 2 + row, 20), 0, 0.5, 0.1) for row in range(10))
        panel = Panel("1.1", 1, replace(shown[0], label=1), shown[:5], shown[5:])
        for one, count in ((panel, 5), (replace(panel, id="1.9", blind_of="1.1"), 4)):
            answer = Answer(tuple(n < count for n in range(10)), 1, (None,) * 10, none=False, seconds=1.0)
            session.record("answer a panel", [PanelAnswered(one, answer, "pixel")])
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def at_agreement(folder: Path) -> MainWindow:
    """A window that shows what is contested, the keys going to the list."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await active(window)
    press(window.gallery.list, Key.Key_V, CONTROL | SHIFT)
    assert window.agreement.shown, window.log_panel.toPlainText()
    await until(window.agreement.compared, lambda: window.agreement.found is not None)
    return window


def kinds(window: MainWindow) -> list[str]:
    assert window.agreement.found is not None
    return [one.kind for one in window.agreement.found.contested]


def pixels(window: MainWindow, image: int) -> int:
    assert window.bench is not None
    drawn = window.bench.project.state.label_map(image)
    return 0 if drawn is None else int((drawn == 1).sum())


async def settled(window: MainWindow, key: Qt.Key, left: int) -> None:
    """A key on the list, and the comparison that follows."""
    press(window.agreement.page.list, key)
    await until(window.agreement.compared, lambda: len(kinds(window)) == left)


def test_a_third_verdict_by_key_is_one_step_that_undo_takes_back(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_agreement(folder)
        desk, page = window.agreement, window.agreement.page
        assert kinds(window) == ["masks of copies", "panel shown twice"]
        viewers = (page.linked.second, page.linked.first)
        await until(desk.shown_versions, lambda: all(viewer.picture is not None for viewer in viewers))
        assert [viewer.picture.image for viewer in viewers if viewer.picture] == [2, 4]
        assert all(viewer.has_labels for viewer in viewers)
        assert page.figures.rowCount() > 2
        assert nameless(page) == []
        assert unreachable(window) == []
        steps = len(window.bench.session.steps)  # type: ignore[union-attr]
        await settled(window, Key.Key_1, 1)
        assert (pixels(window, 2), pixels(window, 4)) == (36, 36)
        assert len(window.bench.session.steps) == steps + 1  # type: ignore[union-attr]
        press(page.list, Key.Key_Z, CONTROL)
        await until(desk.compared, lambda: len(kinds(window)) == 2)
        assert (pixels(window, 2), pixels(window, 4)) == (36, 81)
        await settled(window, Key.Key_2, 1)
        assert (pixels(window, 2), pixels(window, 4)) == (81, 81)
        await shut(window)

    drive(work())


def test_a_panel_stands_there_twice_with_both_answers(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_agreement(folder)
        page = window.agreement.page
        press(page.list, Key.Key_Down)
        assert all(grid.isVisible() for grid in page.grids)
        assert [grid.ticked for grid in page.grids] == [5, 4]
        await settled(window, Key.Key_1, 1)
        assert kinds(window) == ["masks of copies"]
        press(page.list, Key.Key_Escape)
        assert not window.agreement.shown
        assert window.centre.currentWidget() is window.pane
        assert not any(dock.isHidden() for dock in window.docks)
        await shut(window)

    drive(work())


def test_what_is_drawn_anew_is_taken_for_both_copies(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_agreement(folder)
        press(window.agreement.page.list, Key.Key_D)
        assert not window.agreement.shown
        assert window.gallery.current == 2
        assert window.bench is not None
        box = Box(0, 0, 3, 4)
        window.bench.session.paint(2, box, square((24, 24))[6:9, 6:10], name="brush")
        notice = window.notices.shown[-1]
        buttons = {button.text(): button for button in notice.findChildren(QAbstractButton)}
        click(buttons["Take it as it is now"])
        await until(window.agreement.compared, lambda: window.agreement.found is not None)
        assert kinds(window) == ["panel shown twice"]
        assert pixels(window, 2) == pixels(window, 4) == 36 + 12
        await shut(window)

    drive(work())


def test_a_project_where_nothing_was_labelled_twice_says_so(drive: Drive, tmp_path: Path) -> None:
    Project.create(tmp_path / "empty").close()

    async def work() -> None:
        window = await at_agreement(tmp_path / "empty")
        assert "Nothing was labelled twice" in window.agreement.page.nothing.text()
        assert not window.actions_table.by_key["agreement.first"].isEnabled()
        await shut(window)

    drive(work())
