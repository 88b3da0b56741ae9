"""A comparison at the window: the sheet, the strip of differing images, both heat maps side by side, by keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.app.compared import Comparison, Estimate
from defectstudio.app.comparison import compare_job
from defectstudio.data.project import Project
from defectstudio.domain.labels import UNLABELLED
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from defectstudio.ui.compare_strip import CompareStrip
from defectstudio.ui.compare_view import CompareView, reached_precision
from defectstudio.ui.compare_words import differences_said, setting_word, with_interval
from defectstudio.ui.main_window import MainWindow
from tests.made_runs import add_run, make_project
from tests.ui.robot import press, shut, until
from tests.ui.test_actions import nameless, unreachable

Drive = Callable[[Coroutine[Any, Any, None]], None]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BAD = {9, 10, 12, 14}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the runs bad (older, wrong on four images), good, and twin (like good)."""
    folder = make_project(tmp_path_factory.mktemp("compare"))
    with Project.open(folder) as project:
        session = Session(project)
        add_run(session, "bad", wrong=BAD, seed=7)
        add_run(session, "good")
        add_run(session, "twin", seed=3)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture(scope="module")
def comparison(made: Path) -> Comparison:
    with Project.open(made, readonly=True) as project:
        return finish(compare_job(project, ["bad", "good"], "test", draws=200)(CancelToken()))


def test_sentences_say_who_is_better_or_that_nobody_is(comparison: Comparison, app: QApplication) -> None:
    said = differences_said(comparison)
    assert said[0].startswith("<b>good</b> is better than <b>bad</b> in AP by ")
    equal = comparison.model_copy(deep=True)
    equal.differences[0].ap = Estimate(value=-0.01, low=-0.05, high=0.02)
    assert differences_said(equal)[0].startswith("No clear difference in AP between <b>bad</b> and <b>good</b>: −1.0")
    worse = comparison.model_copy(deep=True)
    worse.differences[0].ap = Estimate(value=-0.2, low=-0.3, high=-0.1)
    assert differences_said(worse)[0] == "<b>bad</b> is better than <b>good</b> in AP by 20.0 points (10.0 to 30.0)."
    assert with_interval(Estimate(value=0.5)) == "50.0"
    assert with_interval(Estimate(value=None)) == "–"


def test_the_sheet_shows_figures_settings_and_both_curves(
    comparison: Comparison, qtbot: QtBot, app: QApplication
) -> None:
    view = CompareView()
    qtbot.addWidget(view)
    view.show()
    view.show_begun()
    assert view.bar.isVisible()
    view.show_comparison(comparison)
    assert "24 images of split test" in view.state.text()
    titles = [view.figures.verticalHeaderItem(k).text() for k in range(view.figures.rowCount())]
    good = dict(zip(titles, [view.figures.item(k, 1).text() for k in range(len(titles))], strict=True))
    assert (good["AP %"], good["Missed"]) == ("100.0  (100.0–100.0)", "0")
    assert [view.settings.verticalHeaderItem(k).text() for k in range(view.settings.rowCount())] == ["Seed"]
    precision, loss = view.charts
    assert set(precision.points) == set(loss.points) == {"bad", "good"}
    assert precision.points["good"] == [(float(k), 1.0) for k in range(101)]
    assert precision.points["bad"][100][1] < 0.9
    assert len(loss.points["bad"]) == 5
    assert (nameless(view), unreachable(view)) == ([], [])
    view.show_comparison(comparison)
    assert len(view.charts) == 2


def test_settings_are_called_as_in_the_train_panel(app: QApplication) -> None:
    said = [setting_word(name) for name in ("lr", "masks", "version of torch", "some_new_field")]
    assert said == ["Learning rate", "Masks", "Version of torch", "some_new_field"]


def test_precision_at_a_recall_is_the_best_that_still_finds_so_many(comparison: Comparison) -> None:
    run = comparison.runs[0].model_copy(update={"recall": [0.0, 0.5, 0.5, 1.0], "precision": [1.0, 1.0, 0.5, 0.6]})
    found = dict(reached_precision(run))
    assert (found[0.0], found[50.0], found[51.0], found[100.0]) == (1.0, 1.0, 0.6, 0.6)
    assert reached_precision(run.model_copy(update={"recall": [], "precision": []})) == []


def test_a_screen_reader_hears_what_each_run_says_of_an_image(
    comparison: Comparison, qtbot: QtBot, app: QApplication
) -> None:
    strip = CompareStrip()
    qtbot.addWidget(strip)
    strip.show_comparison(comparison, lambda _image: None)
    row = strip.model.row_of(9)
    assert row is not None
    spoken = strip.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("part08, Good; bad 0.9")
    assert "calls it defective: wrong; good 0.1" in spoken
    assert "4 images are called differently" in strip.title.text()
    strip.show()
    strip.grab()
    with qtbot.waitSignal(strip.image_wanted) as wanted:
        strip.step(1)
    assert wanted.args == [strip.model.images[0].image]
    strip.show_comparison(comparison.model_copy(update={"differing": []}), lambda _image: None)
    assert "alike" in strip.title.text()
    assert not strip.list.isVisible()


# At the window.


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals from 50 draws: the window does not care, and a busy machine takes its time for 1000."""
    monkeypatch.setattr("defectstudio.ui.compare_desk.compare_job", partial(compare_job, draws=50))


async def comparing(folder: Path, *runs: str) -> MainWindow:
    """A window on which a comparison is shown, asked for by keys."""
    window = MainWindow()
    window.show()
    window.open_folder(folder)
    await until(window.tasks.quiet, lambda: not window.tasks.busy)
    press(window.gallery.list, Qt.Key.Key_U, CONTROL)
    window.runs.choose(list(runs), runs[0])
    press(window.runs.table, Qt.Key.Key_R, CONTROL | SHIFT)
    await until(window.compare_desk.changed, lambda: window.compare_desk.comparison is not None)
    return window


async def both_heats(window: MainWindow) -> None:
    """Wait until both viewers show what their runs see."""
    bench, pane, desk = window.bench, window.pane, window.compare_desk
    assert bench is not None
    await until(bench.picture_ready, lambda: pane.second.picture and pane.second.picture.image == bench.current)
    await until(desk.pair.heat_shown, lambda: pane.second.has_heat)
    await until(bench.heat_ready, lambda: bench.run == desk.bar.right.currentData() and pane.viewer.has_heat)


def test_runs_are_compared_and_differing_images_walked_through_by_keys(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await comparing(folder, "good", "bad")
        desk, bench, pane = window.compare_desk, window.bench, window.pane
        assert bench is not None
        assert (desk.chosen, desk.shows_figures) == (["bad", "good"], True)
        assert [desk.bar.left.currentData(), desk.bar.right.currentData()] == ["bad", "good"]
        assert (nameless(window), unreachable(window)) == ([], [])
        before = window.viewer.display
        press(window.runs.table, Qt.Key.Key_Right, CONTROL)
        assert not desk.shows_figures
        assert bench.current == desk.strip.model.images[0].image
        await both_heats(window)
        # The image is good; bad calls it defective, good does not.
        assert desk.strip.model.images[0].truth == "good"
        assert float(np.max(pane.second.heat)) > 0.5 > float(np.max(pane.viewer.heat))  # type: ignore[arg-type]
        left, right = desk.pair._captions
        assert left.text().startswith("bad: 0.9") and left.text().endswith("wrong")
        assert right.text().startswith("good: 0.1") and right.text().endswith("right")
        assert pane.second.display.outline and pane.viewer.display.outline
        press(window.viewer, Qt.Key.Key_Right, CONTROL)
        assert bench.current == desk.strip.model.images[1].image
        press(window.viewer, Qt.Key.Key_G, CONTROL)
        assert desk.shows_figures
        press(window.runs.table, Qt.Key.Key_W, CONTROL | SHIFT)
        assert not desk.comparing
        assert not pane.linked.both
        assert window.viewer.display == before
        assert not desk.strip.isVisible()
        assert window.centre.currentWidget() is pane
        await shut(window)

    drive(work())


def test_the_two_sides_can_be_other_runs_but_never_one_run_twice(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await comparing(folder, "good", "bad", "twin")
        desk = window.compare_desk
        assert [desk.bar.left.currentData(), desk.bar.right.currentData()] == ["bad", "twin"]
        desk.step(1)
        await both_heats(window)
        desk.bar.left.setCurrentIndex(desk.bar.left.findData("twin"))
        assert [desk.bar.left.currentData(), desk.bar.right.currentData()] == ["twin", "bad"]
        await both_heats(window)
        assert window.bench is not None
        assert window.bench.run == "bad"
        assert desk.pair._captions[0].text().startswith("twin: ")
        window.runs_desk.choose("good")
        await until(window.runs_desk.scores_changed, lambda: window.bench.run == "good")
        assert desk.bar.right.currentData() == "good"
        assert desk.pair._captions[1].text().startswith("good: ")
        await shut(window)

    drive(work())


def test_an_image_chosen_in_the_list_shows_both_maps_too(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await comparing(folder, "good", "bad")
        desk = window.compare_desk
        desk.step(1)
        await both_heats(window)
        window.gallery.select(20)
        await both_heats(window)
        assert window.pane.second.picture is not None
        assert window.pane.second.picture.image == 20
        assert desk.pair._captions[0].text() == "bad"
        await shut(window)

    drive(work())


def test_other_images_are_compared_at_once_and_changed_labels_offer_it(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await comparing(folder, "good", "bad")
        desk, view = window.compare_desk, window.compare_desk.view
        view.split.setCurrentIndex(view.split.findText("All", Qt.MatchFlag.MatchStartsWith))
        assert desk.comparison is None
        await until(desk.changed, lambda: desk.comparison is not None)
        assert desk.comparison is not None
        assert (desk.comparison.split, desk.comparison.images, desk.comparison.trained_on) == (None, 24, 8)
        assert "8 images trained" in view.notes.text()
        view.split.setCurrentIndex(view.split.findData("train"))
        await until(window.tasks.quiet, lambda: not window.tasks.busy)
        assert "No tagged image" in view.state.text()
        view.with_trained.setChecked(True)
        await until(desk.changed, lambda: desk.comparison is not None)
        assert not view.again.isVisible()
        assert window.bench is not None
        window.bench.session.tag([1], UNLABELLED)
        assert view.again.isVisible()
        view.again.click()
        await until(desk.changed, lambda: desk.comparison is not None)
        assert desk.comparison.images == 7
        await shut(window)

    drive(work())


def test_deleting_a_compared_run_closes_the_comparison_and_a_mark_does_not(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await comparing(folder, "good", "bad")
        window.runs_desk.star()
        assert window.compare_desk.comparing
        window.runs_desk.delete()
        assert not window.compare_desk.comparing
        await shut(window)

    drive(work())


def test_fewer_than_two_runs_or_unfit_ones_are_refused_with_the_way_out(drive: Drive, folder: Path) -> None:
    shutil.rmtree(folder / "runs" / "twin")

    async def work() -> None:
        window = await comparing(folder, "good", "bad")
        action = window.actions_table.by_key["runs.compare"]
        window.compare_desk.close()
        window.runs.choose(["good"], "good")
        action.trigger()
        assert "two, three or four" in window.notices.shown[-1].text
        window.runs.choose(["good", "twin"], "good")
        action.trigger()
        assert "twin has no predictions" in window.notices.shown[-1].text
        assert not window.compare_desk.comparing
        await shut(window)

    drive(work())


def test_closing_the_window_in_mid_comparison_leaves_no_thread(drive: Drive, folder: Path) -> None:
    async def work() -> None:
        window = await comparing(folder, "good", "bad")
        desk = window.compare_desk
        desk.step(1)
        desk._again()
        job = desk._job
        assert job is not None
        await shut(window)
        assert job.token.cancelled
        assert not job.running
        assert not desk.pair.is_open

    drive(work())
