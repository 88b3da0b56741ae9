"""The defect book beside the work, and second looks: by real keys, in every workspace."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from defectstudio.data.project import Project
from defectstudio.domain.labels import DEFECTIVE, GOOD, Verdict
from defectstudio.domain.mentoring import Detection
from defectstudio.sessions.book import DefectBook, Place
from defectstudio.sessions.session import Session
from defectstudio.ui.book_panel import BookPanel
from defectstudio.ui.main_window import MainWindow
from tests.made_detections import LEFT, RIGHT, make_project
from tests.ui.robot import active, click, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six images with labels, then nine new ones with two detections each; the classes spot (1) and line (2)."""
    return make_project(tmp_path_factory.mktemp("book"), train=6)


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def at_image(folder: Path, image: int) -> MainWindow:
    """A window that shows an image, the keys going to the viewer."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await until(window.tasks.quiet, lambda: not window.tasks.busy)
    window.show_image(image)
    assert window.bench is not None
    await until(window.viewer.view_changed, lambda: window.viewer.picture and window.viewer.picture.image == image)
    await active(window)
    window.viewer.setFocus()
    return window


def book(window: MainWindow) -> DefectBook:
    assert window.bench is not None
    return DefectBook(window.bench.session)


def select_region(window: MainWindow, index: int) -> None:
    """As a click on a row of the list of regions does."""
    from defectstudio.sessions.painting.regions import find_regions

    assert window.bench is not None
    drawn = window.bench.project.state.label_map(2)
    assert drawn is not None
    window.annotate.find_region(next(region for region in find_regions(drawn) if region.index == index))


def test_regions_come_into_the_book_by_keys_and_leave_it_again(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_image(folder, 2)
        viewer, panel = window.viewer, window.book.panel
        press(viewer, Key.Key_B, CONTROL | SHIFT)
        assert window.book.shown
        assert panel.hints["exemplar"].text() == "No picture yet."
        select_region(window, 2)
        assert panel.classes.currentText() == "line"  # the page follows what is selected
        press(viewer, Key.Key_E, CONTROL | SHIFT)
        (entry,) = book(window).page(2).exemplars
        assert (entry.image, entry.box, entry.source) == (2, RIGHT, "region")
        panel.classes.setFocus()
        QTest.keyClick(panel.classes, Key.Key_Up)
        assert panel.classes.currentText() == "spot"
        press(viewer, Key.Key_L, CONTROL | SHIFT)
        (other,) = book(window).page(1).look_alikes
        assert other.box == RIGHT
        rows = panel.look_alikes
        await until(panel.crops.ready, lambda: panel.crops.get(rows.rows_model.rows[0].detection, "") is not None)
        rows.go_to_row(0)
        press(rows, Key.Key_T)
        assert book(window).page(1).exemplars[0].number == other.number
        panel.exemplars.go_to_row(0)
        press(panel.exemplars, Key.Key_Delete)
        assert book(window).page(1).exemplars == ()
        press(viewer, Key.Key_Z, CONTROL)
        assert len(panel.exemplars.rows_model.rows) == 1
        await shut(window)

    drive(work())


def test_a_place_under_the_cursor_comes_in_where_nothing_is_selected(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_image(folder, 1)
        viewer = window.viewer
        assert not window.actions_table.by_key["book.look_alike"].isEnabled()
        x, y = viewer.view.to_screen(48.5, 48.5)
        QTest.mouseMove(viewer, QPoint(int(x), int(y)))
        await until(viewer.hovered, lambda: window.book.reading is not None)
        press(viewer, Key.Key_L, CONTROL | SHIFT)
        (entry,) = book(window).page(1).look_alikes
        assert (entry.image, entry.source, entry.box.shape) == (1, "place", (48, 48))
        assert entry.box.top <= 48 < entry.box.bottom
        await shut(window)

    drive(work())


def test_the_definition_is_written_in_the_dock_and_kept_when_it_is_left(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_image(folder, 1)
        panel = window.book.panel
        press(window.viewer, Key.Key_K, CONTROL | SHIFT)
        assert window.focusWidget() is panel.definition
        QTest.keyClicks(panel.definition, "A dark spot.")
        QTest.keyClick(panel.definition, Key.Key_Tab)
        assert book(window).page(1).definition == "A dark spot."
        press(window.viewer, Key.Key_Z, CONTROL)
        assert panel.definition.toPlainText() == ""
        panel.definition.setFocus()
        QTest.keyClicks(panel.definition, "Left unfinished")
        await shut(window)
        with Project.open(folder, readonly=True) as project:
            assert project.state.definitions == {1: "Left unfinished"}

    drive(work())


def test_the_book_follows_the_detection_and_takes_it_in(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await at_image(folder, 1)
        window.settings.second_looks = False
        press(window.viewer, Key.Key_B, CONTROL | SHIFT)
        press(window.gallery.list, Key.Key_H, CONTROL)
        view, panel = window.mentor.page.stage.zoomed, window.book.panel
        await until(view.view_changed, lambda: view.picture is not None)
        assert panel.classes.currentText() == "spot"
        press(view, Key.Key_E, CONTROL | SHIFT)
        press(view, Key.Key_Return)
        await until(window.mentor.judging.moved, lambda: panel.classes.currentText() == "line")
        press(view, Key.Key_L, CONTROL | SHIFT)
        (spot,), (line,) = book(window).page(1).exemplars, book(window).page(2).look_alikes
        assert (spot.box, spot.source, line.box, line.source) == (LEFT, "detection", RIGHT, "detection")
        await shut(window)

    drive(work())


def test_entries_are_proposed_and_the_book_is_written(drive: Drive, folder: Path, tmp_path: Path) -> None:
    async def work() -> None:
        window = await at_image(folder, 1)
        window.actions_table.by_key["book.propose"].trigger()
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert {e.source for e in book(window).page(1).exemplars} == {"proposed"}
        assert window.book.shown
        window.book.write(tmp_path / "book")
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
        window.book.panel.exemplars.go_to_row(0)
        press(window.book.panel.exemplars, Key.Key_Return)
        entry = book(window).page(1).exemplars[0]
        assert window.bench is not None
        assert window.bench.current == entry.image
        await shut(window)

    drive(work())


def test_everything_in_the_dock_has_a_name_and_can_be_reached(drive: Drive, folder: Path) -> None:
    with Project.open(folder) as project:
        written = DefectBook(Session(project))
        written.add(Place("exemplar", 1, 2, LEFT), caption="typical")
        written.add(Place("look-alike", 1, 4, LEFT))

    async def work() -> None:
        window = await at_image(folder, 1)
        press(window.viewer, Key.Key_B, CONTROL | SHIFT)
        panel = window.book.panel
        assert nameless(panel) == []
        assert unreachable(panel) == []
        assert panel.exemplars.rows_model.rows[0].heard.endswith("typical")
        panel.exemplars.go_to_row(0)
        assert panel.caption.text() == "typical"
        press(window.viewer, Key.Key_B, CONTROL | SHIFT)
        assert not window.book.shown
        await shut(window)
        again = await at_image(folder, 1)
        assert not again.book.shown
        await shut(again)

    drive(work())


@pytest.fixture
def tagged(folder: Path) -> Path:
    """The six labelled images tagged once more by a person, then six others, so that the first lie back."""
    with Project.open(folder) as project:
        session = Session(project)
        for image in range(1, 13):
            was = project.state.images[image].tag.verdict
            session.tag([image], GOOD if was is Verdict.DEFECTIVE else DEFECTIVE)
    return folder


def test_a_tag_is_asked_again_without_being_shown_and_the_first_stays(drive: Drive, tagged: Path) -> None:
    async def work() -> None:
        window = await at_image(tagged, 1)
        press(window.viewer, Key.Key_G, CONTROL | SHIFT)
        look = window.look
        (image,) = look.due
        await until(look.page.view.view_changed, lambda: look.page.view.picture is not None)
        assert look.shown
        assert not any(dock.isVisible() for dock in window.docks)
        assert not window.about_image.isVisible()
        assert nameless(look.page) == []
        assert window.bench is not None
        before = window.bench.images[image].tag
        key = Key.Key_G if before == DEFECTIVE else Key.Key_X
        press(look.page.view, key)
        assert window.bench.images[image].tag == before
        assert not window.bench.images[image].looks[0].alike
        assert "differ" in look.page.about.text()
        press(look.page.view, Key.Key_Z, CONTROL)
        assert look.due == [image]
        press(look.page.view, Key.Key_Space)
        click(look.page.buttons[0 if before == GOOD else 1])
        assert look.page.about.text() == "You said the same as before each time."
        press(look.page.view, Key.Key_Escape)
        assert not look.shown
        assert window.gallery_dock.isVisible()
        press(window.viewer, Key.Key_G, CONTROL | SHIFT)
        assert [notice.text for notice in window.notices.shown if "No second look is due" in notice.text] != []
        await shut(window)

    drive(work())


def judge_until_asked_again(window: MainWindow) -> Detection:
    judging = window.mentor.judging
    assert judging.mentoring is not None
    while judging.mentoring.asked_again is None:
        press(window.mentor.page.stage.zoomed, Key.Key_Return)
    return judging.mentoring.asked_again


def test_a_verdict_is_asked_again_as_if_it_were_new(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("defectstudio.ui.mentor_desk.SHARE", 1.0)

    async def work() -> None:
        window = await at_image(folder, 1)
        press(window.gallery.list, Key.Key_H, CONTROL)
        page = window.mentor.page
        await until(page.stage.zoomed.view_changed, lambda: page.stage.zoomed.picture is not None)
        again = judge_until_asked_again(window)
        judging = window.mentor.judging
        assert judging.current == again
        assert "Confirmed" not in page.stage.facts.text()
        assert window.mentor_panel.queue.list.rows_model.rows[0].verdict == ""
        press(page.stage.zoomed, Key.Key_X)
        assert window.bench is not None
        (look,) = window.bench.images[again.image].looks
        assert (look.first, look.again, look.detection) == ("confirmed 1", "rejected", again.id)
        assert judging.mentoring is not None
        assert judging.mentoring.verdict(again.id).kind == "confirmed"  # type: ignore[union-attr]
        press(page.stage.zoomed, Key.Key_Backspace)
        assert judging.current == again
        assert window.bench.images[again.image].looks == ()
        await shut(window)

    drive(work())


def test_switched_off_nothing_is_asked_again(drive: Drive, tagged: Path) -> None:
    async def work() -> None:
        window = await at_image(tagged, 1)
        window.settings.second_looks = False
        press(window.viewer, Key.Key_G, CONTROL | SHIFT)
        assert not window.look.shown
        assert "switched off" in window.notices.shown[0].text
        press(window.gallery.list, Key.Key_H, CONTROL)
        assert window.mentor.judging.mentoring is not None
        assert window.mentor.judging.mentoring.blind == 0.0
        await shut(window)

    drive(work())


def test_the_page_fits_into_a_narrow_dock_in_every_language(qtbot: QtBot) -> None:
    panel = BookPanel()
    qtbot.addWidget(panel)
    narrow = panel.minimumSizeHint().width()
    for head in panel.heads.values():
        head.setText("Das ist es nicht, obwohl es ganz genau so aussieht wie das, was es ist")
    assert panel.minimumSizeHint().width() == narrow
