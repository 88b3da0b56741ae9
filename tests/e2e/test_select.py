"""A robot at the real window: import, score, pin, skip, open, set a doubtful tag right, and take all of it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from defectstudio.data.project import Project
from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.ui.main_window import MainWindow
from tests.e2e.test_window import at_window, import_through_the_dialog, source  # noqa: F401 - fixtures
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.robot import active, press, until

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def stand_on(window: MainWindow, image: ImageId) -> None:
    assert window.bench is not None
    window.gallery.select(image)
    picture = window.bench.picture_ready
    await until(picture, lambda: window.viewer.picture is not None and window.viewer.picture.image == image)


async def make_work(window: MainWindow) -> tuple[list[ImageId], ImageId]:
    """Three masks that are to be finished, and a tag that its own mask contradicts: the images of both."""
    assert window.bench is not None
    states = window.bench.images
    train = [image for image, entry in states.items() if entry.placement.split == "train"]
    bad = [image for image in train if states[image].tag.verdict is Verdict.DEFECTIVE][:3]
    good = next(image for image in train if states[image].tag.verdict is Verdict.GOOD)
    for image in bad:
        await stand_on(window, image)
        press(window.viewer, Key.Key_U, SHIFT)
    await stand_on(window, good)
    press(window.viewer, Key.Key_X)
    press(window.viewer, Key.Key_G, SHIFT)
    return bad, good


def test_a_queue_is_scored_marked_and_worked_through_and_undo_takes_all_of_it_back(
    tmp_path: Path,
    source: Path,  # noqa: F811 - the fixture
    at_window: Callable[..., None],  # noqa: F811 - the fixture
) -> None:
    folder = tmp_path / "project"
    Project.create(folder).close()

    async def robot(window: MainWindow) -> None:
        await import_through_the_dialog(window, source)
        bench, desk = window.bench, window.select
        assert bench is not None
        states = bench.images
        as_imported = dict(states)
        bad, good = await make_work(window)
        window.train_panel.epochs.setValue(2)
        press(window.viewer, Key.Key_P, CONTROL)
        rows = window.select_panel.queue.list
        press(window.viewer, Key.Key_S, CONTROL | SHIFT)
        assert desk.scoring
        await until(desk.queue.changed, lambda: not desk.scoring, 140)
        assert {row.image for row in rows.rows_model.rows} == {*bad, good}

        first = rows.rows_model.rows[0].image
        await active(window)
        press(rows, Key.Key_S)
        assert rows.rows_model.rows[-1].image == first
        pinned = rows.rows_model.rows[1].image
        rows.go(pinned)
        press(rows, Key.Key_P)
        assert rows.rows_model.rows[0].image == pinned
        press(rows, Key.Key_S, SHIFT)
        QTest.keyClicks(window.select_panel.queue.reason, "not sharp")
        press(window.select_panel.queue.reason, Key.Key_Return)
        assert pinned not in {row.image for row in rows.rows_model.rows}
        mark = states[pinned].mark
        assert mark is not None
        assert mark.reason == "not sharp"
        press(rows, Key.Key_Return)
        assert bench.current == rows.current

        press(window.viewer, Key.Key_E, CONTROL)
        doubted = window.select_panel.suspects.list
        assert doubted.rows_model.rows[0].image == good
        await until(bench.picture_ready, lambda: window.viewer.picture and window.viewer.picture.image == good)
        press(doubted, Key.Key_G)
        assert states[good].tag.verdict is Verdict.GOOD
        assert good not in {row.image for row in doubted.rows_model.rows}

        while window.undo_name is not None and not window.undo_name.startswith("import"):
            press(window.viewer, Key.Key_Z, CONTROL)
        assert dict(states) == as_imported

    at_window(folder, robot)
    with Project.open(folder) as closed:
        assert all(entry.mark is None for entry in closed.state.images.values())
