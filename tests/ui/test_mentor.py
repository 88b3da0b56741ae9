"""The Mentor workspace: verdicts by keys and by fingers, missed and drawn defects, the contact sheet."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from defectstudio.data.project import Project
from defectstudio.domain.labels import HEALTHY, UNKNOWN, Box, ImageId, LabelMap, Origin, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.mentor_buttons import TOUCH_SIDE, BigButton
from defectstudio.ui.mentor_view import DetectionView
from tests.made_detections import IMAGES, LEFT, RIGHT, detections_of, make_project
from tests.ui.robot import click, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("mentor"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def at_mentor(folder: Path) -> MainWindow:
    """A window that shows the first detection, the keys going to it."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await until(window.tasks.quiet, lambda: not window.tasks.busy)
    press(window.gallery.list, Key.Key_H, CONTROL)
    await shown(window, 1)
    return window


def stage(window: MainWindow) -> DetectionView:
    return window.mentor.page.stage.zoomed


def current(window: MainWindow) -> Detection:
    detection = window.mentor.judging.current
    assert detection is not None
    return detection


async def shown(window: MainWindow, image: ImageId) -> None:
    view = stage(window)
    await until(view.view_changed, lambda: view.picture is not None and view.picture.image == image)


def labels(window: MainWindow, image: ImageId) -> LabelMap:
    assert window.bench is not None
    drawn = window.bench.project.state.label_map(image)
    return np.full((96, 96), UNKNOWN, np.uint8) if drawn is None else drawn


def said(window: MainWindow) -> dict[str, str]:
    assert window.bench is not None
    return {j.detection.id: j.kind for entry in window.bench.images.values() for j in entry.judged}


def test_each_key_says_its_verdict_and_goes_on_to_the_next_detection(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        assert current(window).id == "one-1-left"
        for key in (Key.Key_Return, Key.Key_X, Key.Key_Space, Key.Key_1):
            press(stage(window), key)
        assert said(window) == {
            "one-1-left": "confirmed",
            "one-1-right": "rejected",
            "one-2-left": "not sure",
            "one-2-right": "other class",
        }
        assert (labels(window, 1)[LEFT.slices] == 1).all()
        assert (labels(window, 1)[RIGHT.slices] == HEALTHY).all()
        assert (labels(window, 2)[LEFT.slices] == UNKNOWN).all()
        assert (labels(window, 2)[RIGHT.slices] == 1).all()
        assert (labels(window, 1)[60:, :50] == UNKNOWN).all()
        await shown(window, 3)
        assert window.mentor.page.stage.facts.text() == "spot 0.90"
        assert "part02" in window.mentor.page.stage.place.text()
        await shut(window)

    drive(work())


def test_backspace_takes_verdicts_back_one_by_one_and_stands_on_them_again(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        for key in (Key.Key_Return, Key.Key_X, Key.Key_Return):
            press(stage(window), key)
        for stood in ("one-2-left", "one-1-right", "one-1-left"):
            press(stage(window), Key.Key_Backspace)
            assert current(window).id == stood
        assert said(window) == {}
        assert (labels(window, 1) == UNKNOWN).all()
        assert not window.mentor.judging.can_take_back
        await shut(window)

    drive(work())


def test_undo_of_the_window_brings_a_verdict_back_into_the_queue(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        press(stage(window), Key.Key_Return)
        waiting, moved = window.mentor_panel.queue.waiting, window.mentor.judging.moved
        await until(moved, lambda: waiting.text() == f"{2 * IMAGES - 1} waiting")
        press(stage(window), Key.Key_Z, CONTROL)
        await until(moved, lambda: waiting.text() == f"{2 * IMAGES} waiting")
        press(stage(window), Key.Key_Left)
        assert current(window).id == "one-1-left"
        await shut(window)

    drive(work())


def test_a_missed_defect_is_drawn_as_a_box_and_asks_for_its_class(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        view = window.mentor.page.stage.whole
        press(stage(window), Key.Key_M)
        assert "Drag a box" in window.mentor.page.stage.asked.text()
        corners = [QPoint(*(round(v) for v in view.view.to_screen(*at))) for at in ((50, 8), (70, 24))]
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=corners[0])
        QTest.mouseMove(view, corners[1])
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=corners[1])
        assert "Which class?" in window.mentor.page.stage.asked.text()
        press(view, Key.Key_2)
        assert list(said(window).values()) == ["missed"]
        assert (labels(window, 1)[10:22, 52:68] == 2).all()
        assert current(window).id == "one-1-left"
        press(stage(window), Key.Key_Backspace)
        assert (labels(window, 1) == UNKNOWN).all()
        await shut(window)

    drive(work())


def test_marking_a_missed_defect_can_be_left_without_a_trace(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        press(stage(window), Key.Key_M)
        window.mentor.page.stage.box_drawn.emit(Box(60, 10, 70, 20))
        press(stage(window), Key.Key_Escape)
        press(stage(window), Key.Key_Return)
        assert said(window) == {"one-1-left": "confirmed"}
        await shut(window)

    drive(work())


def test_a_good_part_is_tagged_so_and_what_waits_in_it_is_rejected_as_one_step(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        bench = window.bench
        assert bench is not None
        press(stage(window), Key.Key_G)
        assert bench.images[1].tag.verdict is Verdict.GOOD
        assert said(window) == {"one-1-left": "rejected", "one-1-right": "rejected"}
        assert current(window).image == 2
        press(stage(window), Key.Key_Backspace)
        assert bench.images[1].tag.verdict is Verdict.UNLABELLED
        assert current(window).id == "one-1-left"
        await shut(window)

    drive(work())


def test_drawing_it_properly_opens_annotate_on_the_area_and_enter_confirms_what_was_drawn(
    drive: Drive, folder: Path
) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        bench = window.bench
        assert bench is not None
        press(stage(window), Key.Key_D)
        assert window.panel_shown is window.annotate_panel
        await until(bench.picture_ready, lambda: window.viewer.picture and window.viewer.picture.image == 1)
        visible = window.viewer.visible()
        assert visible is not None
        assert visible.top <= LEFT.top
        assert visible.bottom >= LEFT.bottom
        part = np.full((4, 6), 1, np.uint8)
        bench.session.paint(1, Box(24, 14, 28, 20), part, name="paint spot", origin=Origin.DRAWN)
        press(window.viewer, Key.Key_H, CONTROL)
        assert "what is drawn" in window.mentor.page.stage.asked.text()
        press(stage(window), Key.Key_Return)
        assert said(window) == {"one-1-left": "confirmed"}
        assert np.count_nonzero(labels(window, 1) == 1) == 24
        await shut(window)

    drive(work())


def test_its_keys_are_those_of_the_viewer_again_once_the_page_is_left(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        assert window.bench is not None
        click(window.mentor.page.close_button)
        press(window.viewer, Key.Key_X)
        assert said(window) == {}
        assert window.bench.entry is not None
        assert window.bench.entry.tag.verdict is Verdict.DEFECTIVE
        await shut(window)

    drive(work())


def test_a_contact_sheet_takes_one_verdict_for_many_as_one_step(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        press(stage(window), Key.Key_H, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        sheet = window.mentor.page.sheet
        assert len(sheet.list.rows_model.rows) == 2 * IMAGES
        sheet.order.setCurrentIndex(sheet.order.findData("class"))
        sheet.list.clearSelection()
        for row in range(IMAGES):
            index = sheet.list.rows_model.index(row)
            sheet.list.selectionModel().select(index, sheet.list.selectionModel().SelectionFlag.Select)
        assert f"{IMAGES} chosen" in sheet.count.text()
        press(sheet.list, Key.Key_X)
        assert set(said(window).values()) == {"rejected"}
        assert len(said(window)) == IMAGES
        assert (labels(window, 5)[LEFT.slices] == HEALTHY).all()
        await until(window.mentor.judging.moved, lambda: len(sheet.list.rows_model.rows) == IMAGES)
        press(sheet.list, Key.Key_Backspace)
        assert said(window) == {}
        await shut(window)

    drive(work())


def test_a_double_click_on_a_tile_looks_at_that_detection(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        window.mentor.toggle_sheet()
        window.mentor.page.sheet.opened.emit("one-4-right")
        assert current(window).id == "one-4-right"
        await shown(window, 4)
        assert not window.mentor.shows_sheet
        await shut(window)

    drive(work())


def test_the_queue_lists_what_waits_and_a_click_goes_there(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        queue = window.mentor_panel.queue
        assert queue.waiting.text() == f"{2 * IMAGES} waiting"
        queue.list.go_to_row(7)
        assert current(window).id == "one-4-right"
        press(queue.list, Key.Key_Return)
        assert said(window) == {"one-4-right": "confirmed"}
        assert current(window).id == "one-5-left"
        await shut(window)

    drive(work())


def test_counters_say_how_much_was_decided_and_what_is_missing_for_a_training(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        for key in (Key.Key_Return, Key.Key_X):
            press(stage(window), key)
        await until(window.mentor.judging.moved, lambda: "2 decisions" in window.mentor.page.counters.text())
        assert "48 more until the next training" in window.mentor.page.counters.text()
        assert window.mentor_panel.queue.bar.value() == 2
        await shut(window)

    drive(work())


def test_in_the_layout_for_gloves_every_target_is_large_and_it_is_remembered(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        window.actions_table.by_key["mentor.touch"].trigger()
        page = window.mentor.page
        buttons = [one for one in page.findChildren(BigButton) if one.isVisible()]
        assert len(buttons) == 9
        assert all(min(one.width(), one.height()) >= TOUCH_SIDE for one in [*buttons, *page.buttons])
        assert not window.gallery_dock.isVisible()
        click(buttons[0] if buttons[0].objectName().endswith("confirm") else page.stage.bar.verdicts[0])
        assert said(window) == {"one-1-left": "confirmed"}
        assert window.settings.mentor_touch
        window.actions_table.by_key["mentor.touch"].trigger()
        assert window.gallery_dock.isVisible()
        await shut(window)

    drive(work())


def test_every_control_of_the_workspace_has_a_name_and_is_reached_by_tab(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        panel, page = window.mentor_panel, window.mentor.page
        for shown_page in (page.stage, page.sheet, page.candidate):
            page.turn_to(shown_page)
            for number in range(panel.pages.count()):
                panel.pages.setCurrentIndex(number)
                assert (nameless(window), unreachable(window)) == ([], [])
        await shut(window)

    drive(work())


def test_the_images_of_the_next_detections_are_loaded_before_they_are_asked_for(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        view, loader = stage(window), window.mentor.judging.show.loader
        assert loader is not None
        await until(loader.loaded, lambda: {1, 2, 3} <= set(loader.kept))
        for key in (Key.Key_Return, Key.Key_X):
            press(view, key)
        assert view.picture is not None
        assert view.picture.image == current(window).image == 2  # in the same key press
        await shut(window)

    drive(work())


def test_who_reads_only_judges_nothing(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        with Project.open(folder):
            window = await at_mentor(folder)
            press(stage(window), Key.Key_Return)
            assert said(window) == {}
            assert not window.actions_table.by_key["mentor.confirm"].isEnabled()
            await shut(window)

    drive(work())


def test_examples_that_come_too_late_are_not_shown_with_another_detection(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_mentor(folder)
        show, late = window.mentor.judging.show, current(window)
        press(stage(window), Key.Key_Right)
        await until(show.examples.found, lambda: "Looking" not in window.mentor.page.stage.about_examples.text())
        before = window.mentor.page.stage.about_examples.text()
        show.examples.found.emit(late, detections_of(window.bench.project)[:3])  # type: ignore[union-attr]
        assert window.mentor.page.stage.about_examples.text() == before
        await shut(window)

    drive(work())
