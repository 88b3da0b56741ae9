"""The Select workspace: the queue and its marks, the walk through it, label errors, by keys; nothing is trained."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.app.selection_reasons import doubt, few_masks
from defectstudio.data.project import Project
from defectstudio.domain.labels import Box, ImageId, Verdict
from defectstudio.sessions.session import Session
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.select_rows import ListRow
from defectstudio.ui.select_words import reason_said
from defectstudio.ui.standing_list import StandingModel
from tests.made_runs import add_run
from tests.made_scores import DOUBTED, EMPTY, make_waiting_project
from tests.ui.robot import active, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
ALT, SHIFT, CONTROL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Key = Qt.Key
BY_DOUBT = [16, 10, 8, 12, 6, EMPTY]
"""The waiting images, the one in which the fold models see least of a defect first."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored project with a run whose heat maps are shown."""
    folder = make_waiting_project(tmp_path_factory.mktemp("select"))
    with Project.open(folder) as project:
        add_run(Session(project), "one")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def at_queue(folder: Path) -> MainWindow:
    """A window that shows the queue, the keys going to it."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await until(window.tasks.quiet, lambda: not window.tasks.busy)
    press(window.gallery.list, Key.Key_P, CONTROL)
    window.select.queue.page.strategy.setCurrentIndex(window.select.queue.page.strategy.findData("least-confidence"))
    return window


def listed(window: MainWindow) -> list[ImageId]:
    return [row.image for row in window.select.queue.page.list.rows_model.rows]


def row_of(window: MainWindow, image: ImageId) -> ListRow:
    model: StandingModel[ListRow] = window.select.queue.page.list.rows_model
    return model.rows[listed(window).index(image)]


def marks(window: MainWindow) -> dict[ImageId, str]:
    assert window.bench is not None
    return {image: entry.mark.kind for image, entry in window.bench.images.items() if entry.mark is not None}


async def shown(window: MainWindow, image: ImageId) -> None:
    assert window.bench is not None
    await until(
        window.bench.picture_ready, lambda: window.viewer.picture is not None and window.viewer.picture.image == image
    )


def test_the_queue_is_shown_with_reasons_and_follows_strategy_and_size_at_once(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_queue(folder)
        page = window.select.queue.page
        assert listed(window) == BY_DOUBT
        row = row_of(window, 16)
        assert (row.lead, row.reason, row.figure) == ("1.", "tagged defective, yet the model gives 0.10", "0.90")
        assert page.counts.text() == "2 segmented so far · 6 waiting"
        assert (nameless(window), unreachable(window)) == ([], [])
        page.batch.setValue(2)
        assert listed(window) == BY_DOUBT[:2]
        page.strategy.setCurrentIndex(page.strategy.findData("entropy"))
        assert listed(window)[0] == 8
        assert row_of(window, 8).reason == "the model is unsure: 0.50"
        await shut(window)

    drive(work())


def test_how_images_are_asked_for_is_remembered_by_the_next_window(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_queue(folder)
        page = window.select.queue.page
        page.choose({"strategy": "margin", "batch": 3, "folds": 4, "calibrate": False, "once_per_group": "no"})
        chosen = page.chosen_settings
        await shut(window)
        window = MainWindow()
        window.show()
        again = window.select.queue.page
        assert again.chosen_settings == chosen
        assert (again.strategy.currentData(), again.batch.value(), again.folds.value()) == ("margin", 3, 4)
        assert not again.calibrate.isChecked()
        assert again.once.isChecked()
        await shut(window)

    drive(work())


def test_pinning_skipping_and_moving_by_keys_are_steps_that_undo_takes_back(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_queue(folder)
        rows = window.select.queue.page.list
        rows.go(8)
        press(rows, Key.Key_P)
        assert (listed(window)[0], row_of(window, 8).fact, rows.current) == (8, "pinned", 8)
        rows.go(6)
        press(rows, Key.Key_Up, ALT)
        assert listed(window)[:2] == [8, 6]
        press(rows, Key.Key_Up, ALT)
        assert listed(window)[:2] == [6, 8]
        press(rows, Key.Key_Down, ALT)
        assert listed(window)[:2] == [8, 6]
        press(rows, Key.Key_P)
        assert marks(window) == {8: "pinned"}
        rows.go(16)
        row = rows.currentIndex().row()
        press(rows, Key.Key_S)
        assert (listed(window)[-1], rows.currentIndex().row(), marks(window)[16]) == (16, row, "later")
        assert window.undo_name == "skip part16 for now"
        for _ in range(6):
            press(rows, Key.Key_Z, CONTROL)
        assert (marks(window), listed(window)) == ({}, BY_DOUBT)
        await shut(window)

    drive(work())


def test_skipping_for_ever_asks_for_a_reason_in_place_and_can_be_taken_back(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_queue(folder)
        page = window.select.queue.page
        page.list.go(10)
        press(page.list, Key.Key_S, SHIFT)
        assert page.reason.isVisible()
        press(page.reason, Key.Key_Escape)
        assert not page.reason.isVisible()
        assert marks(window) == {}
        press(page.list, Key.Key_S, SHIFT)
        press(page.reason, Key.Key_Return)
        assert page.reason.isVisible(), "a reason is asked for"
        QTest.keyClicks(page.reason, "out of focus")
        press(page.reason, Key.Key_Return)
        assert 10 not in listed(window)
        assert page.skipped.text() == "1 skipped"
        action = page.skipped.menu().actions()[0]
        assert action.text() == "part10: skipped for ever: out of focus"
        action.trigger()
        assert listed(window) == BY_DOUBT
        assert not page.skipped.isVisible()
        await shut(window)

    drive(work())


def test_an_opened_image_leads_to_the_next_of_the_queue_when_it_is_finished(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_queue(folder)
        desk, bench = window.select.queue, window.bench
        assert bench is not None
        await active(window)
        desk.page.list.go(10)
        press(desk.page.list, Key.Key_Return)
        await shown(window, 10)
        assert window.viewer.hasFocus()
        bench.session.paint(10, Box(6, 6, 15, 15), np.ones((9, 9), np.uint8), name="paint spot")
        press(window.viewer, Key.Key_Return, CONTROL)
        await shown(window, 8)
        await until(desk.changed, lambda: 10 not in listed(window))
        assert desk.page.counts.text() == "3 segmented so far · 5 waiting"
        assert "Labels have changed" in desk.page.note.text()
        assert "1 mask came since" in desk.page.note.text()
        press(window.viewer, Key.Key_Down, CONTROL)
        await shown(window, 12)
        press(window.viewer, Key.Key_Up, CONTROL)
        await shown(window, 8)
        window.gallery.select(1)
        await shown(window, 1)
        press(window.viewer, Key.Key_Return, CONTROL)
        await shown(window, 2)  # it did not come from the queue: the list of images goes on
        await shut(window)

    drive(work())


def test_label_errors_are_walked_through_by_keys_and_confirmed_ones_stay_away(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_queue(folder)
        bench, page = window.bench, window.select_panel.suspects
        assert bench is not None
        press(window.viewer, Key.Key_E, CONTROL)
        images = [row.image for row in page.list.rows_model.rows]
        assert images == [EMPTY, DOUBTED, 16]
        await shown(window, EMPTY)
        assert "healthy" in page.list.rows_model.rows[0].reason
        press(page.list, Key.Key_K)
        assert bench.images[EMPTY].stands
        await shown(window, DOUBTED)
        press(page.list, Key.Key_X)
        assert bench.images[DOUBTED].tag.verdict is Verdict.DEFECTIVE
        await shown(window, 16)
        press(page.list, Key.Key_X)  # as it is tagged already: it stays so
        assert bench.images[16].stands
        assert page.list.rows_model.rows == []
        assert page.empty.text() == "No tag is in doubt."
        for _ in range(3):
            press(window.viewer, Key.Key_Z, CONTROL)
        assert [row.image for row in page.list.rows_model.rows] == images
        assert bench.images[DOUBTED].tag.verdict is Verdict.GOOD
        await shut(window)

    drive(work())


def test_reading_only_nothing_can_be_marked_and_without_scores_the_way_is_said(drive: Drive, folder: Path) -> None:
    shutil.rmtree(folder / "cache" / "selection")

    async def work() -> None:
        window = await at_queue(folder)
        page = window.select.queue.page
        assert "Scoring trains 2 models" in page.empty.text()
        assert page.again.isEnabled()
        assert not page.list.isVisible()
        press(window.viewer, Key.Key_E, CONTROL)
        assert [row.image for row in window.select_panel.suspects.list.rows_model.rows] == [EMPTY]
        assert "Score the queue" in window.select_panel.suspects.empty.text()
        await shut(window)

    drive(work())


def test_reasons_are_known_in_the_users_language(app: QApplication) -> None:
    for reason in (
        doubt(0.5),
        doubt(0.1),
        doubt(0.9),
        few_masks("fray", 0),
        few_masks("fray", 1),
        few_masks("fray", 3),
    ):
        assert reason_said(reason) == reason
    from defectstudio.ui.app import speak
    from defectstudio.ui.settings import Settings

    settings = Settings()
    settings.language = "de"
    speak(settings)
    try:
        assert reason_said(doubt(0.5)) == "das Modell ist unsicher: 0,50"
        assert reason_said(few_masks("fray", 2)) == "Klasse fray hat nur 2 Masken"
        assert reason_said("skipped for ever: out of focus") == "für immer übergangen: out of focus"
    finally:
        settings.language = "en"
        speak(settings)


def test_a_list_stays_on_its_image_or_else_at_its_place(qtbot: QtBot, app: QApplication) -> None:
    from PySide6.QtCore import QObject

    from defectstudio.ui.select_heat import HeatThumbnails
    from defectstudio.ui.select_rows import RowsList

    parent = QObject()
    rows = RowsList(HeatThumbnails(parent), "rows")
    qtbot.addWidget(rows)
    rows.show_rows([ListRow(image, f"part{image}", "why") for image in (1, 2, 3)])
    rows.go(2)
    rows.show_rows([ListRow(image, f"part{image}", "why") for image in (3, 2, 1)])
    assert (rows.current, rows.currentIndex().row()) == (2, 1)
    rows.show_rows([ListRow(image, f"part{image}", "why") for image in (3, 1)])
    assert (rows.current, rows.currentIndex().row()) == (1, 1)
    assert rows.chosen == [1]
    rows.show()
    assert rows.grab().width() > 0
