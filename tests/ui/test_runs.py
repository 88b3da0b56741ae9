"""The runs table and what is done with runs at the window: by keys, as steps that undo takes back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from defectstudio.app.approvals import approve
from defectstudio.app.runs import RunRow
from defectstudio.data.project import Project
from defectstudio.sessions.runs import mark_of
from defectstudio.sessions.session import Session
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.panels.runs import RunsPanel
from defectstudio.ui.panels.runs_model import Column
from tests.made_runs import add_run, make_project_with_runs
from tests.ui.robot import active, press, shut, until

Drive = Callable[[Coroutine[Any, Any, None]], None]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def row(run: str, **changes: object) -> RunRow:
    values = {"id": run, "state": "finished", "created": "2026-03-01T10:00:00+00:00", "net": "fast", "masks": 2}
    return RunRow.model_validate(values | {"ap": 0.9, "split": "test", "has_predictions": True} | changes)


@pytest.fixture
def panel(qtbot: QtBot, app: QApplication) -> RunsPanel:
    made = RunsPanel()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    return made


def texts(panel: RunsPanel, column: Column) -> list[str]:
    return [str(panel.proxy.index(k, column).data()) for k in range(panel.proxy.rowCount())]


def test_rows_are_sorted_by_what_they_mean_and_not_by_their_digits(panel: RunsPanel) -> None:
    rows = [row("a", ap=0.095, masks=10), row("b", ap=0.6, masks=9), row("c", ap=None, masks=None, state="stopped")]
    panel.show_rows(rows, "b", "", writable=True)
    panel.table.sortByColumn(Column.AP, Qt.SortOrder.AscendingOrder)
    assert texts(panel, Column.AP) == ["–", "9.5", "60.0"]
    panel.table.sortByColumn(Column.MASKS, Qt.SortOrder.DescendingOrder)
    assert texts(panel, Column.MASKS) == ["10", "9", "–"]


def test_every_state_is_named_and_its_reason_is_the_tip(panel: RunsPanel) -> None:
    states = ("finished", "stopped", "failed", "running", "missing", "damaged")
    rows = [row(state, state=state, problem=f"because {state}", created=None) for state in states]
    panel.show_rows([*rows, row("now", state="running")], None, "now", writable=True)
    panel.table.sortByColumn(Column.NAME, Qt.SortOrder.AscendingOrder)
    said = dict(zip(texts(panel, Column.NAME), texts(panel, Column.STATE), strict=True))
    assert said == {
        "finished": "Finished",
        "stopped": "Stopped",
        "failed": "Failed",
        "running": "Interrupted",
        "missing": "Files missing",
        "damaged": "Damaged",
        "now": "In training",
    }
    at = panel.model.index(2, Column.STATE)
    assert panel.model.data(at, Qt.ItemDataRole.ToolTipRole) == "because failed"
    assert panel.model.data(at, Qt.ItemDataRole.ForegroundRole) is not None


def test_figures_on_images_the_run_has_seen_carry_a_warning(panel: RunsPanel) -> None:
    panel.show_rows([row("a", seen=True, split="train")], None, "", writable=True)
    at = panel.model.index(0, Column.AP)
    assert at.data() == "90.0*"
    assert "flatters" in at.data(Qt.ItemDataRole.ToolTipRole)


def test_the_filter_looks_at_every_word_of_a_row_and_says_when_nothing_is_left(panel: RunsPanel) -> None:
    rows = [row("a", name="lamp B", starred=True), row("b", note="with the new lamp"), row("c", net="segdec")]
    panel.show_rows(rows, None, "", writable=True)
    QTest.keyClicks(panel.search, "LAMP new")
    assert texts(panel, Column.NAME) == ["b"]
    panel.search.setText("segdec")
    assert texts(panel, Column.NAME) == ["c"]
    panel.starred.setChecked(True)
    assert panel.hint.isVisible()
    assert "Clear the filter" in panel.hint.text()
    panel.search.clear()
    assert texts(panel, Column.NAME) == ["lamp B"]
    assert panel.table.isVisible()


def test_a_project_without_runs_says_how_to_get_one(panel: RunsPanel) -> None:
    assert panel.hint.isVisible()
    assert "Ctrl+T" in panel.hint.text()


def test_the_chosen_rows_stay_chosen_when_the_table_is_told_anew(panel: RunsPanel) -> None:
    panel.show_rows([row("a"), row("b"), row("c")], None, "", writable=True)
    panel.choose(["a", "c"], "c")
    panel.show_rows([row("b"), row("c"), row("d"), row("a")], None, "", writable=True)
    assert set(panel.chosen) == {"a", "c"}
    assert panel.current == "c"
    panel.show_rows([row("b"), row("d")], None, "", writable=True)
    assert panel.chosen == []


def test_names_are_typed_only_where_they_can_be_written(panel: RunsPanel) -> None:
    at = panel.model.index(0, Column.NAME)
    for writable in (True, False):
        panel.show_rows([row("a")], None, "", writable=writable)
        assert bool(panel.model.flags(panel.model.index(0, Column.NAME)) & Qt.ItemFlag.ItemIsEditable) == writable
    assert not panel.model.flags(at.siblingAtColumn(Column.AP)) & Qt.ItemFlag.ItemIsEditable


def test_a_screen_reader_hears_stars_and_which_scores_are_shown(panel: RunsPanel) -> None:
    panel.show_rows([row("a", starred=True)], "a", "", writable=True)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert panel.model.index(0, Column.STAR).data(role) == "starred"
    assert "shown" in panel.model.index(0, Column.NAME).data(role)


# At the window.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project_with_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def opened(folder: Path) -> MainWindow:
    """A window on the project, with its newest run shown."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await until(window.tasks.quiet, lambda: not window.tasks.busy)
    await active(window)
    return window


def errors(window: MainWindow) -> list[str]:
    """What the window complains of; an interrupted run that can go on is offered, which is none."""
    return [notice.text for notice in window.notices.shown if notice.property("level") == "error"]


def test_runs_are_starred_named_noted_deleted_and_brought_back_by_keys(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await opened(folder)
        assert window.bench is not None
        project, table, desk = window.bench.project, window.runs.table, window.runs_desk
        assert window.bench.run == "bad"
        press(window.gallery.list, Qt.Key.Key_U, CONTROL)
        assert table.hasFocus()
        window.runs.choose(["good"], "good")
        press(table, Qt.Key.Key_D, CONTROL)
        assert mark_of(project, "good").starred
        press(table, Qt.Key.Key_F2, SHIFT)
        editor = table.findChild(QLineEdit)
        assert editor is not None
        assert editor.accessibleName()
        QTest.keyClicks(editor, "lamp B")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        await until(window.bench.recorded, lambda: mark_of(project, "good").name)
        assert mark_of(project, "good").name == "lamp B"
        press(table, Qt.Key.Key_M, CONTROL)
        dialog = window.findChild(QInputDialog)
        assert dialog is not None
        dialog.setTextValue("with the new lamp\nsecond line")
        dialog.accept()
        assert mark_of(project, "good").note == "with the new lamp\nsecond line"
        assert window.results.chooser.findText("★ lamp B", Qt.MatchFlag.MatchStartsWith) >= 0
        window.runs.choose(["good", "killed"], "good")
        press(table, Qt.Key.Key_Delete)
        assert [row.id for row in desk.rows] == ["bad"]
        for _ in range(4):
            press(table, Qt.Key.Key_Z, CONTROL)
        assert not mark_of(project, "good").name
        assert not mark_of(project, "good").starred
        assert {row.id for row in desk.rows} == {"good", "bad", "killed"}
        await shut(window)

    drive(work())


def test_enter_shows_the_scores_of_a_run_and_deleting_it_shows_another(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await opened(folder)
        bench = window.bench
        assert bench is not None
        window.runs_desk.show_panel()
        window.runs.choose(["good"], "good")
        press(window.runs.table, Qt.Key.Key_Return)
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert (bench.run, window.results.chooser.currentData()) == ("good", "good")
        assert window.results.table.rowCount() > 0
        assert window.gallery.model.row(9).score == bench.scores[9]
        press(window.runs.table, Qt.Key.Key_Delete)
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert bench.run == "bad"
        await shut(window)

    drive(work())


def test_the_table_may_be_read_anew_while_the_scores_of_a_run_are_on_their_way(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await opened(folder)
        assert window.bench is not None
        window.runs_desk.choose("good")
        window.runs_desk.refresh()
        assert window.bench.run == "bad"
        assert window.results.chooser.currentData() == "good"
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        window.runs_desk.refresh()
        assert (window.bench.run, window.results.chooser.currentData()) == ("good", "good")
        assert window.results.table.isVisibleTo(window.results)
        assert "threshold" in window.results.about.text()
        await shut(window)

    drive(work())


def test_a_mark_changes_neither_the_shown_run_nor_its_figures(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await opened(folder)
        assert window.bench is not None
        window.runs_desk.choose("good")
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        before = window.results.table.item(2, 0).text()
        window.runs.choose(["bad"], "bad")
        window.runs_desk.star()
        assert window.bench.run == "good"
        assert window.results.chooser.currentData() == "good"
        assert window.results.table.isVisibleTo(window.results)
        assert window.results.table.item(2, 0).text() == before
        assert not window.tasks.busy
        await shut(window)

    drive(work())


def test_purging_asks_with_the_size_and_removes_only_when_told_so(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await opened(folder)
        action = window.actions_table.by_key["runs.purge"]
        assert not action.isEnabled()
        window.runs.choose(["bad"], "bad")
        window.runs_desk.delete()
        assert action.isEnabled()
        for answer in ("cancel", "remove"):
            action.trigger()
            question = window.findChildren(QMessageBox)[-1]
            assert "MB" in question.informativeText()
            default = question.defaultButton()
            assert "Cancel" in default.text()
            if answer == "cancel":
                default.click()
                assert (folder / "runs" / "bad").is_dir()
            else:
                next(b for b in question.findChildren(QPushButton) if "Remove" in b.text()).click()
                await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert not (folder / "runs" / "bad").exists()
        assert (folder / "runs" / "good").is_dir()
        await shut(window)

    drive(work())


def test_damaged_and_missing_runs_are_shown_and_stand_in_nobodys_way(drive: Drive, folder: Path) -> None:
    with Project.open(folder) as project:
        add_run(Session(project), "broken")
    (folder / "runs" / "broken" / "run.json").write_text("{")
    shutil.rmtree(folder / "runs" / "good")

    async def work() -> None:
        window = await opened(folder)
        assert window.bench is not None
        assert {row.id: row.state for row in window.runs_desk.rows} == {
            "bad": "finished",
            "killed": "running",
            "good": "missing",
            "broken": "damaged",
        }
        assert window.bench.run == "bad"
        assert errors(window) == []
        for run, said in (("good", "missing"), ("broken", "damaged")):
            window.runs_desk.choose(run)
            await until(window.tasks.quiet, lambda: not window.tasks.busy)
            assert said in window.results.hint.text()
            assert window.bench.predictions is None
        assert errors(window) == []
        window.runs.choose(["good", "broken"], "good")
        window.runs_desk.delete()
        assert [row.id for row in window.runs_desk.rows] == ["bad", "killed"]
        await shut(window)

    drive(work())


def test_a_project_open_for_reading_shows_runs_but_marks_none(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        with Project.open(folder):
            window = await opened(folder)
            window.runs.choose(["good"], "good")
            enabled = {
                key for key, a in window.actions_table.by_key.items() if a.isEnabled() and key.startswith("runs.")
            }
            assert enabled == {"runs.panel", "runs.use", "runs.compare", "runs.export"}
            await shut(window)

    drive(work())


def test_an_export_is_refused_with_the_way_out_before_anybody_is_asked_for_a_folder(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def ask(*_arguments: object) -> str:
        asked.append(True)
        return ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", ask)

    async def work() -> None:
        window = await opened(folder)
        assert window.bench is not None
        action = window.actions_table.by_key["runs.export"]
        window.runs.choose(["good", "bad"], "bad")
        assert not action.isEnabled()
        window.runs.choose(["good"], "good")
        action.trigger()
        assert asked == []
        assert errors(window)[0].startswith("The run good is not approved. Approve it on the Mentor page")
        approve(window.bench.session, "good", "A. Huber", "best so far")
        action.trigger()
        assert asked == [True]
        assert not window.runs_desk.exporting.busy
        await shut(window)

    drive(work())
