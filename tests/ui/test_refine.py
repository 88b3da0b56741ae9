"""The Refine workspace: panels answered by real keys, undo, full rounds, empty states; nothing is trained."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from defectstudio.data.project import Project
from defectstudio.data.similarity import RoundRecord
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.refine_asking import Asking
from tests.ui.made_refinement import HEIGHT, STRIDE, WIDTH, add_round, make_refined_project, truth
from tests.ui.robot import active, click, heard, press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
Key, Button = Qt.Key, Qt.MouseButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one round."""
    return make_refined_project(tmp_path_factory.mktemp("refine"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


async def at_page(folder: Path) -> tuple[MainWindow, Asking]:
    """A window that asks, the keys going to the first patch."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    assert window.bench is not None
    await until(window.bench.picture_ready, lambda: window.viewer.picture is not None)
    await active(window)
    press(window.gallery.list, Key.Key_P, CONTROL | SHIFT)
    assert window.refine.shown, window.log_panel.toPlainText()
    return window, window.refine.asking


def key(asking: Asking, pressed: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A real key where the keys go on the page."""
    QTest.keyClick(asking.page.focusWidget() or asking.page, pressed, modifier)


def answers(window: MainWindow) -> list[PanelAnswered]:
    assert window.bench is not None
    return list(window.bench.project.state.answers.values())


def maps(window: MainWindow) -> dict[int, bytes]:
    assert window.bench is not None
    state = window.bench.project.state
    return {i: drawn.tobytes() for i in state.images if (drawn := state.label_map(i)) is not None}


def test_two_panels_are_answered_by_keys_and_written_as_one_step_each(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        before = maps(window)
        first = asking.grid.panel
        assert first is not None
        assert asking.grid.tiles[0].hasFocus()
        for pressed in (Key.Key_1, Key.Key_7, Key.Key_0, Key.Key_0):
            key(asking, pressed)
        key(asking, Key.Key_Return)
        second = asking.grid.panel
        assert second is not None
        assert second.id != first.id
        key(asking, Key.Key_N)
        given = answers(window)
        assert [event.panel.id for event in given] == [first.id, second.id]
        assert [k for k, on in enumerate(given[0].answer.ticked) if on] == [0, 6]
        assert (given[1].answer.none, any(given[1].answer.ticked)) == (True, False)
        assert all(event.answer.seconds > 0 for event in given)
        assert window.undo_name == "answer panel 2 of round 0"
        assert maps(window) != before
        assert window.refine_panel.counts.figures["answers"].text() == "2 of 50"
        assert asking.page.counts.text().startswith("2 of 50 answers")
        await shut(window)

    drive(work())


def test_a_moved_centre_reaches_the_journal(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        tile = asking.grid.tiles[5]
        at = tile.picture_place().center().toPoint()
        at.setX(at.x() + 9)
        QTest.mouseClick(tile, Button.MiddleButton, pos=at)
        row, column = tile.centre
        assert tile.moved
        tile.setFocus()
        key(asking, Key.Key_Down, SHIFT)
        key(asking, Key.Key_Return)
        answer = answers(window)[0].answer
        assert (answer.ticked[5], answer.shifts[5]) == (True, (row + 1, column))
        await shut(window)

    drive(work())


def test_enter_without_a_tick_asks_for_one_and_writes_nothing(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        shown = asking.grid.panel
        key(asking, Key.Key_Return)
        assert (answers(window), asking.grid.panel) == ([], shown)
        assert "press N" in window.statusBar().currentMessage()
        await shut(window)

    drive(work())


@pytest.mark.parametrize("way", ["backspace", "undo"])
def test_taking_a_panel_back_shows_it_with_its_ticks_and_restores_the_maps(
    drive: Drive, folder: Path, way: str
) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        before = maps(window)
        first = asking.grid.panel
        for pressed in (Key.Key_2, Key.Key_6, Key.Key_Return):
            key(asking, pressed)
        second = asking.grid.panel
        assert maps(window) != before
        if way == "backspace":
            key(asking, Key.Key_Backspace)
        else:
            key(asking, Key.Key_Z, CONTROL)
        assert asking.grid.panel == first
        assert [tile.key for tile in asking.grid.tiles if tile.isChecked()] == ["2", "6"]
        assert (maps(window), answers(window)) == (before, [])
        key(asking, Key.Key_2)
        key(asking, Key.Key_Return)
        assert [k for k, on in enumerate(answers(window)[0].answer.ticked) if on] == [5]
        assert asking.grid.panel is not None
        assert second is not None
        assert asking.grid.panel.id == second.id
        await shut(window)

    drive(work())


def test_a_redone_answer_is_not_asked_for_again(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        first = asking.grid.panel
        key(asking, Key.Key_1)
        key(asking, Key.Key_Return)
        key(asking, Key.Key_Z, CONTROL)
        assert asking.grid.panel == first
        key(asking, Key.Key_Z, CONTROL | SHIFT)
        await until(asking.asked, lambda: asking.grid.panel != first)
        assert len(answers(window)) == 1
        await shut(window)

    drive(work())


def test_the_anchor_is_relabelled_by_key_or_list_before_the_answer(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        panel = asking.grid.panel
        assert panel is not None
        words = [asking.grid.label.itemText(row) for row in range(asking.grid.label.count())]
        assert words == ["scratch", "healthy", "unknown"]
        while asking.grid.anchor_label != HEALTHY:
            key(asking, Key.Key_A)
        key(asking, Key.Key_1)
        key(asking, Key.Key_Return)
        key(asking, Key.Key_A)
        label = asking.grid.anchor_label
        key(asking, Key.Key_N)
        assert [event.answer.anchor_label for event in answers(window)] == [HEALTHY, label]
        await shut(window)

    drive(work())


def test_bare_keys_of_the_page_mean_nothing_elsewhere(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        for pressed in (Key.Key_1, Key.Key_N, Key.Key_Return, Key.Key_Backspace):
            press(window.gallery.list, pressed)
        assert (asking.grid.ticked, answers(window)) == (0, [])
        press(window.refine_panel.notes, Key.Key_N)
        assert (window.refine_panel.notes.toPlainText(), answers(window)) == ("n", [])
        key(asking, Key.Key_Escape)
        asking.grid.tiles[0].setFocus()
        QTest.keyClick(asking.grid.tiles[0], Key.Key_Escape)
        assert not window.refine.shown
        press(window.viewer, Key.Key_N)
        assert answers(window) == []
        await shut(window)

    drive(work())


def test_a_patch_is_large_for_as_long_as_z_is_held(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        large = asking.page.enlarged
        asking.grid.tiles[3].setFocus()
        QTest.keyPress(asking.grid.tiles[3], Key.Key_Z)
        assert (large.isVisible(), large.tile) == (True, asking.grid.tiles[3])
        QTest.keyRelease(asking.grid.tiles[3], Key.Key_Z)
        assert not large.isVisible()
        await shut(window)

    drive(work())


def test_of_mouse_and_keys_the_one_that_was_used_last_says_which_patch_is_enlarged(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        grid, middle = asking.grid, QPointF(5, 5)
        QApplication.sendEvent(grid.tiles[1], QEnterEvent(middle, middle, middle))
        assert grid.standing is grid.tiles[1]
        grid.tiles[3].setFocus()
        assert grid.standing is grid.tiles[3]
        QApplication.sendEvent(grid.tiles[1], QEvent(QEvent.Type.Leave))
        QApplication.sendEvent(grid.tiles[2], QEnterEvent(middle, middle, middle))
        assert grid.standing is grid.tiles[2]
        QApplication.sendEvent(grid.tiles[2], QEvent(QEvent.Type.Leave))
        assert grid.standing is grid.tiles[3]
        await shut(window)

    drive(work())


def test_the_patch_with_the_keys_is_framed_in_its_image_with_the_label_map(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        assert window.bench is not None
        tile, viewer = asking.grid.tiles[5], asking.page.viewer
        assert tile.patch is not None
        image = tile.patch.image
        tile.setFocus()
        await until(window.bench.picture_ready, lambda: viewer.picture is not None and viewer.picture.image == image)
        await until(viewer.view_changed, lambda: viewer.selection is not None)
        assert viewer.selection is not None
        box = viewer.selection.box
        assert box.top <= tile.patch.row < box.bottom
        assert box.left <= tile.patch.column < box.right
        assert viewer.has_labels == (window.bench.shown_map is not None)
        assert window.gallery.current == image
        key(asking, Key.Key_V)
        assert (window.refine.shown, window.viewer.hasFocus()) == (False, True)
        await shut(window)

    drive(work())


def training(begun: list[CancelToken]) -> Callable[..., Callable[[CancelToken], Job[RoundRecord]]]:
    """A stand-in for the training of the next round: its patches are made up."""

    def round_job(project: Project, _config: object = None, **_options: object) -> Callable[..., Job[RoundRecord]]:
        def job(token: CancelToken) -> Job[RoundRecord]:
            begun.append(token)
            yield Progress(1, 2, "Training")
            return add_round(project, 1, event=0)

        return job

    return round_job


async def fill_round(window: MainWindow, asking: Asking, count: int) -> None:
    assert asking.work is not None
    asking.work.settings = replace(asking.work.settings, per_round=count)
    for _ in range(count):
        key(asking, Key.Key_1)
        key(asking, Key.Key_Return)


def test_a_full_round_trains_by_itself_and_the_next_one_asks(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[CancelToken] = []
    monkeypatch.setattr("defectstudio.app.refinement.round_job", training(begun))

    async def work() -> None:
        window, asking = await at_page(folder)
        await fill_round(window, asking, 3)
        assert window.refine.training
        assert asking.page.message_title.text() == "Round 1 is being trained"
        await until(asking.asked, lambda: asking.grid.panel is not None)
        assert asking.grid.panel is not None
        assert (asking.grid.panel.round, window.refine.training, len(begun)) == (1, False, 1)
        assert asking.page.title.text() == "Refine, round 1"
        assert asking.grid.tiles[0].hasFocus()
        await shut(window)

    drive(work())


def test_a_full_round_asks_first_where_that_is_set_and_can_be_gone_on_with(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[CancelToken] = []
    monkeypatch.setattr("defectstudio.app.refinement.round_job", training(begun))

    async def work() -> None:
        window, asking = await at_page(folder)
        window.refine_panel.auto.setChecked(False)
        await fill_round(window, asking, 2)
        assert (window.refine.training, asking.page.asks) == (False, False)
        assert asking.page.message_title.text() == "This round is full"
        click(asking.page.second_way)
        assert asking.page.asks
        key(asking, Key.Key_Return)
        key(asking, Key.Key_N)
        assert len(answers(window)) == 3
        press(asking.page, Key.Key_X, CONTROL | SHIFT)
        await until(asking.asked, lambda: asking.grid.panel is not None and asking.grid.panel.round == 1)
        await shut(window)

    drive(work())


def test_a_training_can_be_stopped_and_the_round_stays_as_it_was(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_project: Project, _config: object = None) -> Callable[[CancelToken], Job[RoundRecord]]:
        def job(token: CancelToken) -> Job[RoundRecord]:
            while True:
                token.check()
                yield Progress(1, 2, "Training")

        return job

    monkeypatch.setattr("defectstudio.app.refinement.round_job", endless)

    async def work() -> None:
        window, asking = await at_page(folder)
        await fill_round(window, asking, 2)
        assert asking.page.job.isVisible()
        click(asking.page.job.stop)
        await until(window.tasks.quiet, lambda: not window.refine.training)
        assert asking.page.message_title.text() == "This round is full"
        assert asking.page.way_out.text() == "Train the next round"
        await shut(window)

    drive(work())


def test_what_goes_wrong_in_a_training_is_told_and_the_answers_stay(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_project: Project, _config: object = None) -> Callable[[CancelToken], Job[RoundRecord]]:
        def job(_token: CancelToken) -> Job[RoundRecord]:
            yield Progress(1, 2, "Training")
            raise DefectStudioError("The memory is full.", hint="Choose a smaller batch.")

        return job

    monkeypatch.setattr("defectstudio.app.refinement.round_job", broken)

    async def work() -> None:
        window, asking = await at_page(folder)
        await fill_round(window, asking, 2)
        await until(window.tasks.quiet, lambda: not window.refine.training)
        assert window.notices.shown[-1].text == "The memory is full. Choose a smaller batch."
        assert len(answers(window)) == 2
        await shut(window)

    drive(work())


def test_a_project_without_a_round_says_how_to_begin(drive: Drive, folder: Path) -> None:
    shutil.rmtree(folder / "rounds")

    async def work() -> None:
        window, asking = await at_page(folder)
        panel = window.refine_panel
        assert (asking.page.message_title.text(), asking.page.asks) == ("No round yet", False)
        assert (panel.start.isVisible(), panel.how.isVisible(), panel.counts.isVisible()) == (True, False, False)
        click(asking.page.way_out)
        assert panel.start.kind.hasFocus()
        panel.start.kind.setCurrentIndex(panel.start.kind.findData("model"))
        assert (panel.start.start.isEnabled(), panel.start.help.text()) == (
            False,
            "There is no finished run yet: train one first.",
        )
        assert not window.actions_table.by_key["refine.train"].isEnabled()
        assert (nameless(window), unreachable(window)) == ([], [])
        await shut(window)

    drive(work())


def test_beginning_writes_the_starting_maps_as_one_step_and_trains_the_first_round(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def round_job(project: Project, config: Any = None, **options: Any) -> Callable[[CancelToken], Job[RoundRecord]]:
        asked.append((config.net, config.patch, config.steps, options))

        def job(_token: CancelToken) -> Job[RoundRecord]:
            yield Progress(1, 2, "Training")
            return add_round(project, 0, event=0)

        return job

    shutil.rmtree(folder / "rounds")
    monkeypatch.setattr("defectstudio.app.refinement.round_job", round_job)

    async def work() -> None:
        window, asking = await at_page(folder)
        form = window.refine_panel.start
        form.kind.setCurrentIndex(form.kind.findData("noise"))
        form.patch.setValue(40)
        before = maps(window)
        click(form.start)
        await until(asking.asked, lambda: asking.grid.panel is not None)
        assert asked == [("fast", 40, 600, {"anew": True})]
        assert window.undo_name == "start refining from noise 0"
        assert maps(window) != before
        key(asking, Key.Key_Z, CONTROL)
        assert maps(window) == before
        await shut(window)

    drive(work())


def test_a_project_open_for_reading_only_answers_nothing(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        with Project.open(folder):
            window, asking = await at_page(folder)
            assert window.bench is not None
            assert window.bench.readonly
            assert (asking.page.message_title.text(), asking.page.asks) == ("Reading only", False)
            assert not window.refine_panel.start.isEnabled()
            assert window.refine.has_rounds
            await shut(window)

    drive(work())


def test_every_control_of_page_and_rounds_has_a_name_and_is_reached_by_tab(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, _ = await at_page(folder)
        window.refine_panel.anew.setChecked(True)
        assert (nameless(window), unreachable(window)) == ([], [])
        window.refine.rounds.toggle()
        assert (nameless(window), unreachable(window)) == ([], [])
        await shut(window)

    drive(work())


def test_session_notes_are_kept_with_the_project(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, _ = await at_page(folder)
        window.refine_panel.notes.setFocus()
        QTest.keyClicks(window.refine_panel.notes, "rust is no scratch")
        window.close_project()
        window.open_folder(folder)
        assert window.refine_panel.notes.toPlainText() == "rust is no scratch"
        await shut(window)

    drive(work())


def test_a_contested_patch_is_listed_and_leads_to_its_place(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        assert window.bench is not None
        section = window.refine_panel.contested
        assert not section.isVisible()
        good = {i for i, entry in window.bench.images.items() if entry.tag.verdict == "good"}
        while not window.refine.jobs.contested():
            panel = asking.grid.panel
            assert panel is not None
            asking.grid.label.setCurrentIndex(asking.grid.label.findData(1))
            for number, tile in enumerate(asking.grid.tiles):
                if tile.patch is not None and tile.patch.image in good:
                    asking.grid.toggle(number)
            key(asking, Key.Key_Return if asking.grid.ticked else Key.Key_N)
        await until(section.list.model().rowsInserted, lambda: section.list.count() > 0)
        item = section.list.item(0)
        assert "healthy / scratch" in item.text()
        section.list.itemActivated.emit(item)
        patch = item.data(Qt.ItemDataRole.UserRole)
        assert (window.refine.shown, window.gallery.current) == (False, patch.image)
        await shut(window)

    drive(work())


def test_rounds_stand_side_by_side_with_what_changed(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        assert window.bench is not None
        state = window.bench.project.state
        with_map = {i: state.label_map(i).copy() for i in state.images if state.label_map(i) is not None}  # type: ignore[union-attr]
        for pressed in (Key.Key_1, Key.Key_6, Key.Key_Return, Key.Key_1, Key.Key_7, Key.Key_Return):
            key(asking, pressed)
        changed = {i for i, before in with_map.items() if (before != state.label_map(i)).any()}
        assert changed
        image = min(changed)
        window.gallery.select(image)
        press(asking.page, Key.Key_O, CONTROL | SHIFT)
        rounds = window.refine.rounds
        await until(window.bench.picture_ready, lambda: rounds.page.maps.picture is not None)
        await until(window.bench.picture_ready, lambda: rounds.page.maps.picture.image == image)
        assert [stage.number for stage in rounds.stages] == [0, None]
        assert np.array_equal(rounds.stages[0].labels, with_map[image])
        assert np.array_equal(rounds.stages[1].labels, state.label_map(image))
        stage = rounds.stages[1]
        assert stage.changed is not None
        assert "since round 0" in rounds.page.said.text()
        assert rounds.page.maps.selection is not None
        click(rounds.page.tiles[0])
        assert (rounds.page.slider.value(), rounds.page.word.text()) == (0, "round 0")
        assert rounds.page.maps.selection is None
        press(rounds.page.slider, Key.Key_Right)
        assert rounds.place == 1
        press(rounds.page.slider, Key.Key_Escape)
        assert not rounds.shown
        await shut(window)

    drive(work())


def test_heat_of_every_round_is_shown_in_its_place(drive: Drive, folder: Path) -> None:
    with Project.open(folder) as project:
        add_round(project, 1)

    async def work() -> None:
        window, asking = await at_page(folder)
        window.refine.rounds.toggle()
        rounds = window.refine.rounds
        shown = rounds.page.heat
        await until(shown.view_changed, lambda: shown.picture is not None)
        await until(rounds.heat_changed, lambda: len(rounds.heats) == 2)
        seen = []
        for place in range(3):
            rounds.show_stage(place)
            assert shown.heat is not None
            seen.append(shown.heat.copy())
        assert not np.array_equal(seen[0], seen[1])
        assert np.array_equal(seen[1], seen[2]), "what there is now was seen by the newest round"
        assert asking.page.isHidden()
        await shut(window)

    drive(work())


def test_the_dense_map_of_the_newest_round_is_taken_over_as_one_step(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network is a stand-in that sees the true defect in every defective image."""

    def heat_map(_folder: Path, _snapshot: object, images: list[int], _cache: Path) -> Any:
        def job(_token: CancelToken) -> Job[dict[int, np.ndarray]]:
            yield Progress(1, 1, "Looking at patches")
            seen = truth().reshape(HEIGHT // STRIDE, STRIDE, WIDTH // STRIDE, STRIDE).mean((1, 3)).astype(np.float32)
            return {image: seen if image % 2 == 0 else np.zeros_like(seen) for image in images}

        return job

    monkeypatch.setattr("defectstudio.learning.similarity.heat_map", heat_map)

    async def work() -> None:
        window, asking = await at_page(folder)
        assert window.bench is not None
        before = maps(window)
        panel = window.refine_panel
        panel.dense.scope.setCurrentIndex(panel.dense.scope.findData("boxes"))
        window.actions_table.by_key["refine.dense"].trigger()
        assert window.refine.training
        assert asking.page.message_title.text() == "A dense map is being made"
        await until(window.tasks.quiet, lambda: not window.refine.training)
        assert window.notices.shown[-1].text.startswith("The dense map changed 4 images, from P(defect)")
        found = window.bench.project.state.label_map(2)
        assert found is not None
        agrees = ((found > 0) & (truth() > 0)).sum() / ((found > 0) | (truth() > 0)).sum()
        assert agrees > 0.7
        assert window.undo_name == "accept the dense maps of round 0"
        assert asking.page.asks, "the panel that was shown waits again"
        key(asking, Key.Key_Z, CONTROL)
        assert maps(window) == before
        await shut(window)

    drive(work())


def test_the_starting_maps_are_painted_again_as_one_step(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("defectstudio.app.refinement.round_job", training([]))

    async def work() -> None:
        window, asking = await at_page(folder)
        panel, restore = window.refine_panel, window.actions_table.by_key["refine.restore"]
        assert not restore.isEnabled()
        panel.anew.setChecked(True)
        panel.start.kind.setCurrentIndex(panel.start.kind.findData("roi"))
        panel.start.margin.setValue(5)
        click(panel.start.start)
        await until(asking.asked, lambda: asking.grid.panel is not None and asking.grid.panel.round == 1)
        begun = maps(window)
        for pressed in (Key.Key_1, Key.Key_6, Key.Key_Return):
            key(asking, pressed)
        answered = maps(window)
        assert answered != begun
        restore.trigger()
        assert maps(window) == begun
        key(asking, Key.Key_Z, CONTROL)
        assert maps(window) == answered
        await shut(window)

    drive(work())


def test_closing_the_window_stops_a_round_that_is_trained(
    drive: Drive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    def endless(_project: Project, _config: object = None) -> Callable[[CancelToken], Job[RoundRecord]]:
        def job(token: CancelToken) -> Job[RoundRecord]:
            try:
                while True:
                    token.check()
                    yield Progress(1, 2, "Training")
            finally:
                ended.append("stopped")

        return job

    monkeypatch.setattr("defectstudio.app.refinement.round_job", endless)

    async def work() -> None:
        window, asking = await at_page(folder)
        await fill_round(window, asking, 2)
        assert window.refine.training
        assert not window.close(), "it waits for what is under way"
        await heard(window.closed)
        assert (ended, window.notices.shown) == (["stopped"], [])
        window.deleteLater()

    drive(work())
    with Project.open(folder) as closed:
        assert len(closed.state.answers) == 2


def test_the_patch_that_the_keys_stand_on_comes_into_the_defect_book(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window, asking = await at_page(folder)
        key(asking, Key.Key_B, CONTROL | SHIFT)
        assert window.book.shown
        tile = asking.grid.tiles[6]
        tile.setFocus()
        standing = asking.standing
        assert standing is not None
        QTest.keyClick(tile, Key.Key_E, CONTROL | SHIFT)
        assert window.bench is not None
        (entry,) = window.bench.project.state.book.values()
        newest = window.refine.jobs.newest
        assert newest is not None
        box, side = entry.box, newest.config.patch
        assert (entry.image, entry.source, entry.kind) == (standing.image, "patch", "exemplar")
        assert (box.bottom - box.top, box.right - box.left) == (side, side)
        assert box.top <= standing.row < box.bottom
        assert box.left <= standing.column < box.right
        tile.setFocus()
        key(asking, Key.Key_Z, CONTROL)
        assert not window.bench.project.state.book
        await shut(window)

    drive(work())
