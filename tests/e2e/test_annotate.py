"""A robot annotates five images with every tool by real mouse and key events, closes, reopens, and undoes it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.domain.labels import UNKNOWN, Status, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.state import LabelState, fold
from defectstudio.sessions.session import Session
from defectstudio.ui.main_window import MainWindow
from tests.conftest import write_image
from tests.e2e.test_window import at_window  # noqa: F401 - a fixture
from tests.ui.conftest import own_settings  # noqa: F401 - a fixture
from tests.ui.robot import active, press, until

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
SHAPE = (160, 220)
DEFECT = (slice(60, 100), slice(100, 160))
NAMES = ("one", "two", "three", "four", "five")
IMPORT = "import"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Five unlabelled images of a noisy surface with one bright defect each; classes scratch and dent."""
    items = []
    for seed, name in enumerate(NAMES):
        pixels = np.random.default_rng(seed).integers(50, 70, SHAPE, dtype=np.uint8)
        pixels[DEFECT] = 200
        path = write_image(tmp_path / "in" / f"{seed}{name}.png", pixels)
        items.append(ImportItem(path=path, name=path.stem, verdict=Verdict.UNLABELLED))
    plan = ImportPlan("folder", tmp_path / "in", items, ("scratch", "dent"))
    with Project.create(tmp_path / "work") as made:
        record_import(Session(made), plan, finish(import_job(made, plan)(CancelToken())))
    return tmp_path / "work"


@dataclass
class Robot:
    """A hand and a keyboard at the window."""

    window: MainWindow

    @property
    def current(self) -> int:
        bench = self.window.bench
        assert bench is not None
        assert bench.current is not None
        return bench.current

    async def shown(self) -> None:
        """Until the current image is on the screen."""
        bench, viewer = self.window.bench, self.window.viewer
        assert bench is not None
        await until(bench.picture_ready, lambda: viewer.picture is not None and viewer.picture.image == bench.current)

    async def settled(self) -> None:
        """Until no tool waits for an answer."""
        easel = self.window.annotate.easel
        await until(easel.busy_changed, lambda: not easel.busy)

    def at(self, x: float, y: float) -> QPoint:
        sx, sy = self.window.viewer.view.to_screen(x, y)
        return QPoint(round(sx), round(sy))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        press(self.window.viewer, key, held)

    def move(self, x: float, y: float) -> None:
        QTest.mouseMove(self.window.viewer, self.at(x, y))

    def drag(self, *points: tuple[float, float], held: Qt.KeyboardModifier = NONE) -> None:
        viewer = self.window.viewer
        QTest.mousePress(viewer, LEFT, held, self.at(*points[0]))
        for point in points[1:]:
            self.move(*point)
        QTest.mouseRelease(viewer, LEFT, held, self.at(*points[-1]))

    def click(self, x: float, y: float) -> None:
        self.drag((x, y))

    def drawn(self) -> np.ndarray:
        """The label map of the current image."""
        assert self.window.bench is not None
        label_map = self.window.bench.project.state.label_map(self.current)
        return np.full(SHAPE, UNKNOWN, np.uint8) if label_map is None else label_map

    def count(self, value: int) -> int:
        return int((self.drawn() == value).sum())

    @property
    def undo_name(self) -> str:
        return self.window.undo_name or ""


async def brush_and_eraser(robot: Robot) -> None:
    robot.key(KEY.Key_B)
    robot.key(KEY.Key_BracketRight)
    robot.drag((20, 20), (60, 20), (60, 50))
    assert robot.drawn()[20, 40] == 1
    before = robot.count(1)
    robot.drag((20, 20), (25, 20), held=ALT)
    robot.key(KEY.Key_E)
    robot.drag((60, 50), (60, 45))
    assert robot.count(1) < before
    robot.key(KEY.Key_Z, CONTROL)
    robot.key(KEY.Key_Z, CONTROL)
    assert robot.count(1) == before
    robot.key(KEY.Key_Y, CONTROL)
    robot.key(KEY.Key_2)
    robot.key(KEY.Key_B)
    robot.drag((150, 130), (200, 130))
    assert robot.drawn()[130, 180] == 2


async def shapes(robot: Robot) -> None:
    robot.key(KEY.Key_1)
    robot.key(KEY.Key_P)
    for corner in ((20, 20), (60, 20), (70, 70), (60, 60)):
        robot.click(*corner)
    robot.key(KEY.Key_Backspace)
    robot.key(KEY.Key_Return)
    assert robot.drawn()[30, 55] == 1
    robot.key(KEY.Key_R)
    robot.drag((100, 20), (120, 30))
    robot.key(KEY.Key_2)
    robot.key(KEY.Key_O)
    robot.drag((140, 20), (180, 60))
    assert robot.drawn()[40, 160] == 2
    robot.key(KEY.Key_R)
    robot.drag((10, 100), (40, 140))
    robot.key(KEY.Key_Escape)
    robot.key(KEY.Key_F)
    robot.click(110, 25)
    await robot.settled()
    assert robot.drawn()[25, 110] == 2


async def clever_tools(robot: Robot) -> None:
    robot.key(KEY.Key_1)
    robot.key(KEY.Key_W)
    robot.click(130, 80)
    await robot.settled()
    assert robot.count(1) == 40 * 60
    robot.key(KEY.Key_Z, CONTROL)
    assert robot.count(1) == 0
    robot.key(KEY.Key_S)
    for corner in ((100, 60), (160, 60), (160, 100), (100, 100)):
        robot.click(*corner)
        await robot.settled()
    robot.key(KEY.Key_Return)
    await robot.settled()
    assert 0.8 < robot.count(1) / (40 * 60) < 1.15
    robot.key(KEY.Key_Z, CONTROL)
    robot.key(KEY.Key_N)
    robot.drag((85, 45), (175, 115))
    await robot.settled()
    assert 0.8 < robot.count(1) / (40 * 60) < 1.2
    robot.key(KEY.Key_2)
    robot.key(KEY.Key_Q)
    robot.move(40, 120)
    await robot.settled()
    robot.drag((40, 120), (50, 120))
    assert robot.drawn()[120, 40] == 2


async def regions(robot: Robot) -> None:
    heat = np.zeros((20, 28), np.float16)
    heat[7:13, 12:21] = 0.9
    robot.window.viewer.show_heat(heat)
    robot.key(KEY.Key_1)
    robot.key(KEY.Key_M)
    robot.click(130, 80)
    await robot.settled()
    assert robot.drawn()[80, 130] == 1
    robot.key(KEY.Key_V)
    robot.click(130, 80)
    grown = robot.count(1)
    robot.key(KEY.Key_BracketRight, CONTROL)
    assert robot.count(1) > grown
    robot.key(KEY.Key_S, SHIFT)
    robot.key(KEY.Key_2)
    assert robot.drawn()[80, 130] == 2
    robot.drag((130, 80), (140, 90), (110, 60))
    assert "move" in robot.undo_name
    robot.key(KEY.Key_C, CONTROL | SHIFT)
    assert "copy" in robot.undo_name
    robot.click(40, 120)
    robot.key(KEY.Key_Delete)
    assert "delete" in robot.undo_name
    robot.key(KEY.Key_0)
    robot.key(KEY.Key_B)
    robot.drag((10, 10), (30, 10))
    robot.key(KEY.Key_U, SHIFT)


def keys_alone(robot: Robot) -> None:
    """Tag, flag and note an image without the mouse."""
    robot.key(KEY.Key_G)
    robot.key(KEY.Key_F, SHIFT)
    robot.key(KEY.Key_N, SHIFT)
    line = robot.window.annotate_panel.notes.line
    assert line.hasFocus()
    QTest.keyClicks(line, "gx1 is this glare?")
    QTest.keyClick(line, KEY.Key_Return)
    assert robot.window.viewer.hasFocus()


def facts(state: LabelState) -> dict[str, object]:
    """Everything that an expert can have said, for comparing."""
    maps = {image: state.label_map(image) for image in state.images}
    return {
        "maps": {i: m.tobytes() for i, m in maps.items() if m is not None and not (m == UNKNOWN).all()},
        "said": {i: (e.tag, e.status, e.notes) for i, e in state.images.items() if e.present},
        "classes": dict(state.classes),
    }


def test_five_images_annotated_with_every_tool_are_the_same_after_reopening_and_undo_leads_back(
    project: Path,
    at_window: Callable[..., None],  # noqa: F811 - the fixture
) -> None:
    with Project.open(project) as untouched:
        before = facts(untouched.state)
    left: list[dict[str, object]] = []

    async def annotate(window: MainWindow) -> None:
        robot = Robot(window)
        for work in (brush_and_eraser, shapes, clever_tools, regions):
            await robot.shown()
            image = robot.current
            await work(robot)
            robot.key(KEY.Key_Return, CONTROL)
            assert window.bench is not None
            assert window.bench.images[image].status is Status.DONE
            assert window.bench.images[image].tag.verdict is Verdict.DEFECTIVE
            assert not (window.bench.project.state.maps[image] == UNKNOWN).any()
            assert robot.current != image
        await robot.shown()
        await active(window)
        keys_alone(robot)
        assert not window.notices.shown
        left.append(facts(window.bench.project.state))

    async def look_again(window: MainWindow) -> None:
        bench, robot = window.bench, Robot(window)
        assert bench is not None
        assert facts(bench.project.state) == left[0]
        journal = bench.project.journal
        events = [event for gesture in journal.gestures() for event in journal.events_of_gesture(gesture.id)]
        assert facts(fold(events)) == left[0]
        await robot.shown()
        steps = 0
        while not robot.undo_name.startswith(IMPORT):
            robot.key(KEY.Key_Z, CONTROL)
            steps += 1
            assert steps < 200
        assert facts(bench.project.state) == before
        assert steps > 20

    at_window(project, annotate)
    at_window(project, look_again)
    with Project.open(project) as closed:
        assert facts(closed.state) == before
