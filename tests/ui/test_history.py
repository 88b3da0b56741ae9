"""The History panel: what it lists, where a click leads, and undo over many steps."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED
from defectstudio.sessions.session import Session
from defectstudio.ui.gestures import gesture_said
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.panels.history import AT_FIRST, History, Steps
from tests.ui.robot import shut, until

Drive = Callable[[Coroutine[Any, Any, None]], None]


def texts(history: History) -> list[str]:
    tree = history.list
    return [tree.topLevelItem(row).text(1) for row in range(tree.topLevelItemCount())]  # type: ignore[union-attr]


def steps_of(session: Session) -> Steps:
    journal = session.project.journal
    return Steps(journal.gestures(), journal.images_of_gestures(), session.steps, lambda image: f"image {image}")


@pytest.fixture
def history(qtbot: QtBot, app: QApplication) -> History:
    made = History()
    qtbot.addWidget(made)
    return made


def test_the_newest_step_stands_first_and_what_was_taken_back_is_struck_out(session: Session, history: History) -> None:
    session.tag([1], DEFECTIVE)
    session.tag([5, 6], GOOD)
    session.undo()
    history.show_steps(steps_of(session))
    assert texts(history) == ["undo tag good", "tag good", "tag defective", "import 6 images from source"]
    rows = [history.list.topLevelItem(row) for row in range(4)]
    assert [row.font(1).strikeOut() for row in rows] == [False, True, False, False]  # type: ignore[union-attr]
    assert [row.text(2) for row in rows] == ["2 images", "2 images", "image 1", "6 images"]  # type: ignore[union-attr]
    assert all(row.text(3) for row in rows)  # type: ignore[union-attr]


def test_a_click_names_the_image_of_the_step(session: Session, history: History, qtbot: QtBot) -> None:
    session.tag([4], DEFECTIVE)
    history.show_steps(steps_of(session))
    history.show()
    place = history.list.visualItemRect(history.list.topLevelItem(0)).center()
    with qtbot.waitSignal(history.image_chosen) as chosen:
        qtbot.mouseClick(history.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [4]


def test_going_back_is_offered_only_from_a_step_that_counts_and_is_not_the_last(
    session: Session, history: History
) -> None:
    session.tag([1], DEFECTIVE)
    session.tag([2], DEFECTIVE)
    session.tag([3], DEFECTIVE)
    session.undo()
    history.show_steps(steps_of(session))
    offered = []
    for row in range(5):
        history.list.setCurrentItem(history.list.topLevelItem(row))
        offered.append(history.back.isEnabled())
    # newest first: the undo, the step it took back, the last step that counts, the one before it, the import
    assert offered == [False, False, False, True, True]


def test_older_steps_are_shown_on_demand(history: History, qtbot: QtBot, session: Session) -> None:
    steps = steps_of(session)
    history.show_steps(Steps(steps.gestures, steps.images, steps.undoable, steps.name_of, more=True))
    assert not history.more.isHidden()
    with qtbot.waitSignal(history.more_wanted) as asked:
        history.more.click()
    assert asked.args == [5 * AT_FIRST]


def test_undo_back_to_a_step_is_many_gestures_that_redo_brings_back_one_by_one(session: Session) -> None:
    for image in (1, 2, 3):
        session.tag([image], DEFECTIVE)
    back = session.steps[-3]
    assert session.undo_back_to(back) == 2
    verdicts = [session.project.state.images[image].tag for image in (1, 2, 3)]
    assert verdicts == [DEFECTIVE, GOOD, GOOD]
    session.redo()
    assert session.project.state.images[2].tag == DEFECTIVE
    assert session.project.state.images[3].tag == GOOD
    with pytest.raises(DefectStudioError):
        session.undo_back_to(10_000)


def test_in_the_window_going_back_asks_once_and_a_click_leads_through_filters(drive: Drive, session: Session) -> None:
    folder: Path = session.project.folder
    session.tag([1], UNLABELLED)
    session.tag([2], UNLABELLED)
    session.project.close()

    async def work() -> None:
        window = MainWindow()
        window.show()
        window.open_folder(folder)
        panel = window.history
        assert texts(panel)[:2] == ["tag unlabelled", "tag unlabelled"]
        window.gallery.search.setText("part5")
        panel.image_chosen.emit(2)
        assert window.gallery.current == 2
        panel.list.setCurrentItem(panel.list.topLevelItem(2))
        panel.back.click()
        question = window.findChild(QMessageBox)
        assert question is not None
        assert "2 steps" in question.text()
        assert question.defaultButton() is question.button(QMessageBox.StandardButton.Cancel)
        next(b for b in question.buttons() if question.buttonRole(b) is QMessageBox.ButtonRole.AcceptRole).click()
        assert window.bench is not None
        assert window.bench.images[1].tag == GOOD
        assert window.bench.images[2].tag == GOOD
        await until(panel.list.model().rowsInserted, lambda: texts(panel)[0].startswith("undo"))
        await shut(window)

    drive(work())


def test_names_of_steps_are_said_whatever_stands_in_them(app: QApplication) -> None:
    for name in ("undo import 6 images from a {0} folder", "redo tag good", "something new"):
        assert gesture_said(name) == name
