"""A robot refines in the window, with real training: begin, answer two panels, shift, undo, fill a round, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from defectstudio.data.project import Project
from defectstudio.data.similarity import list_rounds
from defectstudio.domain.labels import Origin
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.ui.main_window import MainWindow
from tests.e2e.test_window import at_window  # noqa: F401 - a fixture
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.made_refinement import make_refined_project
from tests.ui.robot import active, click, press, until

Key, Button = Qt.Key, Qt.MouseButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PER_ROUND = 3
PATIENCE = 110.0


def answers(window: MainWindow) -> list[PanelAnswered]:
    assert window.bench is not None
    return list(window.bench.project.state.answers.values())


def key(window: MainWindow, pressed: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A real key where the keys go on the page of refinement."""
    page = window.refine.asking.page
    QTest.keyClick(page.focusWidget() or page, pressed, modifier)


async def begin(window: MainWindow) -> None:
    """From an empty page by the form: labels as they are, a small training, until the first panel is asked."""
    assert window.bench is not None
    await until(window.bench.picture_ready, lambda: window.viewer.picture is not None)
    await active(window)
    press(window.gallery.list, Key.Key_P, CONTROL | SHIFT)
    asking, form = window.refine.asking, window.refine_panel.start
    click(asking.page.way_out)
    assert form.kind.hasFocus()
    form.kind.setCurrentIndex(form.kind.findData("roi"))
    form.steps.setValue(20)
    click(form.start)
    assert window.refine.training
    await until(asking.asked, lambda: asking.grid.panel is not None, PATIENCE)


async def answer_two_panels(window: MainWindow) -> None:
    """The first by mouse with a moved centre, the second by keys; then back to the first, and on again."""
    asking = window.refine.asking
    first = asking.grid.panel
    assert first is not None
    tiles = asking.grid.shown_tiles
    QTest.mouseClick(tiles[0], Button.LeftButton)
    at = tiles[1].picture_place().center().toPoint()
    QTest.mousePress(tiles[1], Button.MiddleButton, pos=at + QPoint(6, 0))
    QTest.mouseMove(tiles[1], at + QPoint(10, 4))
    QTest.mouseRelease(tiles[1], Button.MiddleButton, pos=at + QPoint(10, 4))
    centre = tiles[1].centre
    key(window, Key.Key_Return)
    given = answers(window)[-1]
    assert given.panel == first
    assert (given.answer.ticked[:2], given.answer.shifts[:2]) == ((True, True), (None, centre))

    second = asking.grid.panel
    assert second is not None
    key(window, Key.Key_2)
    key(window, Key.Key_Return)
    assert [event.panel for event in answers(window)] == [first, second]
    key(window, Key.Key_Backspace)
    key(window, Key.Key_Backspace)
    assert (asking.grid.panel, answers(window)) == (first, [])
    assert tiles[1].centre == centre, "it stands there as it was answered"
    key(window, Key.Key_Return)
    key(window, Key.Key_N)
    assert [event.answer.none for event in answers(window)] == [False, True]


def test_a_refinement_from_boxes_over_two_rounds_by_real_keys_and_mouse(
    tmp_path: Path,
    at_window: Callable[..., None],  # noqa: F811 - the fixture
) -> None:
    folder = make_refined_project(tmp_path, rounds=0)

    async def robot(window: MainWindow) -> None:
        await begin(window)
        asking, refine = window.refine.asking, window.refine
        assert asking.work is not None
        asking.work.settings = replace(asking.work.settings, per_round=PER_ROUND)
        await answer_two_panels(window)
        key(window, Key.Key_1)
        key(window, Key.Key_Return)
        assert len(answers(window)) == PER_ROUND
        assert refine.training, "a full round trains by itself"
        await until(asking.asked, lambda: asking.grid.panel is not None and asking.grid.panel.round == 1, PATIENCE)
        key(window, Key.Key_N)
        assert [event.panel.round for event in answers(window)] == [0, 0, 0, 1]

        press(asking.page, Key.Key_O, CONTROL | SHIFT)
        rounds = refine.rounds
        assert window.bench is not None
        await until(rounds.heat_changed, lambda: {number for number, _ in rounds.heats} == {0, 1}, PATIENCE)
        assert [stage.number for stage in rounds.stages] == [0, 1, None]
        press(rounds.page.slider, Key.Key_Escape)
        assert window.viewer.hasFocus()

    at_window(folder, robot)
    records = list_rounds(folder)
    assert [(record.round, record.status, record.before) for record in records] == [
        (0, "finished", None),
        (1, "finished", 0),
    ]
    assert records[1].answers > 0
    with Project.open(folder) as closed:
        assert len(closed.state.answers) == 4
        painted = [
            e for image in closed.state.images for e in closed.journal.painted(image) if e.origin is Origin.REFINED
        ]
        assert painted
        assert all(np.isfinite(list(record.figures.values())).all() for record in records)
