"""A viewer with tools on a small generated project, and a hand that clicks and drags at image points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.app.projects import import_job, record_import
from defectstudio.data.exchange.plan import ImportItem, ImportPlan
from defectstudio.data.project import Project
from defectstudio.domain.labels import LabelMap, Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from defectstudio.ui.annotate_desk import AnnotateDesk
from defectstudio.ui.panels.annotate import AnnotatePanel
from defectstudio.ui.panels.gallery import Gallery
from defectstudio.ui.viewer import Viewer
from defectstudio.ui.workbench import Workbench
from tests.conftest import write_image

HEIGHT, WIDTH = 90, 120
BLOB = (slice(30, 50), slice(60, 90))
NONE, ALT, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def surface_with_blob(seed: int) -> np.ndarray:
    """A dark noisy surface with one bright rectangle."""
    pixels = np.random.default_rng(seed).integers(40, 60, (HEIGHT, WIDTH), dtype=np.uint8)
    pixels[BLOB] = 200
    return pixels


@pytest.fixture
def surfaces(tmp_path: Path) -> Iterator[Session]:
    """Four images with a bright rectangle: unlabelled, unlabelled, good, defective; classes scratch and dent."""
    verdicts = (Verdict.UNLABELLED, Verdict.UNLABELLED, Verdict.GOOD, Verdict.DEFECTIVE)
    items = [
        ImportItem(path=write_image(tmp_path / "in" / f"{k}.png", surface_with_blob(k)), name=f"{k}", verdict=verdict)
        for k, verdict in enumerate(verdicts)
    ]
    plan = ImportPlan("folder", tmp_path / "in", items, ("scratch", "dent"))
    with Project.create(tmp_path / "work") as project:
        session = Session(project)
        record_import(session, plan, finish(import_job(project, plan)(CancelToken())))
        yield session


class Hand:
    """Real mouse and key events on the viewer, at image points (x, y)."""

    def __init__(self, qtbot: QtBot, desk: AnnotateDesk, bench: Workbench) -> None:
        self.qtbot, self.desk, self.bench = qtbot, desk, bench
        self.viewer, self.easel, self.toolbox = desk.viewer, desk.easel, desk.toolbox
        self.failures: list[BaseException] = []
        desk.failed.connect(self.failures.append)

    def take(self, tool: str, **options: object) -> None:
        self.desk.choose_tool(tool)
        self.easel.change(**options)

    def at(self, x: float, y: float) -> QPointF:
        return QPointF(*self.viewer.view.to_screen(x, y))

    def send(self, kind: QEvent.Type, x: float, y: float, held: Qt.KeyboardModifier = NONE) -> None:
        at = self.at(x, y)
        down = kind is not QEvent.Type.MouseButtonRelease and not (kind is QEvent.Type.MouseMove and not self._down)
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        buttons = LEFT if down else Qt.MouseButton.NoButton
        QApplication.sendEvent(self.viewer, QMouseEvent(kind, at, self.viewer.mapToGlobal(at), button, buttons, held))

    _down = False

    def press(self, x: float, y: float, held: Qt.KeyboardModifier = NONE) -> None:
        self._down = True
        self.send(QEvent.Type.MouseButtonPress, x, y, held)

    def move(self, x: float, y: float, held: Qt.KeyboardModifier = NONE) -> None:
        self.send(QEvent.Type.MouseMove, x, y, held)

    def release(self, x: float, y: float, held: Qt.KeyboardModifier = NONE) -> None:
        self._down = False
        self.send(QEvent.Type.MouseButtonRelease, x, y, held)

    def click(self, x: float, y: float, held: Qt.KeyboardModifier = NONE) -> None:
        self.press(x, y, held)
        self.release(x, y, held)

    def double_click(self, x: float, y: float) -> None:
        self.click(x, y)
        self.send(QEvent.Type.MouseButtonDblClick, x, y)
        self.release(x, y)

    def drag(self, *points: tuple[float, float], held: Qt.KeyboardModifier = NONE) -> None:
        self.press(*points[0], held)
        for point in points[1:]:
            self.move(*point, held)
        self.release(*points[-1], held)

    def wheel(self, x: float, y: float, notches: int, held: Qt.KeyboardModifier = NONE) -> None:
        at, none = self.at(x, y), Qt.MouseButton.NoButton
        # Alt turns the wheel sideways on some systems; both must do.
        turn = QPoint(120 * notches, 0) if held == ALT else QPoint(0, 120 * notches)
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(
            self.viewer, QWheelEvent(at, self.viewer.mapToGlobal(at), QPoint(), turn, none, held, phase, False)
        )

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        self.viewer.setFocus()
        QTest.keyClick(self.viewer, key, held)

    def choose(self, image: int) -> None:
        with self.qtbot.waitSignal(self.bench.picture_ready, timeout=10_000):
            self.bench.choose(image)

    def settled(self) -> None:
        """Until no background work of a tool is under way."""
        self.qtbot.waitUntil(lambda: not self.easel.busy, timeout=20_000)

    @property
    def map(self) -> LabelMap:
        drawn = self.bench.project.state.label_map(self.bench.current or 0)
        assert drawn is not None
        return drawn

    @property
    def steps(self) -> list[str]:
        return [gesture.name for gesture in self.bench.project.journal.gestures()][1:]


@pytest.fixture
def hand(qtbot: QtBot, app: QApplication, surfaces: Session) -> Iterator[Hand]:
    viewer, panel, gallery, owner = Viewer(), AnnotatePanel(), Gallery(), QObject()
    for widget in (viewer, panel, gallery):
        qtbot.addWidget(widget)
    viewer.resize(600, 450)
    viewer.show()
    bench = Workbench(surfaces, owner)
    desk = AnnotateDesk(viewer, panel, gallery, owner)
    bench.picture_ready.connect(viewer.show_picture)
    bench.labels_ready.connect(lambda labels: viewer.show_labels(labels, surfaces.project.state.classes))
    bench.labels_touched.connect(viewer.labels_touched)
    desk.open(bench)
    gallery.show_images(bench.images, bench.thumbnails.get)
    gallery.image_chosen.connect(bench.choose)
    made = Hand(qtbot, desk, bench)
    made.choose(1)
    yield made
    desk.close()
    bench.loader.stop()
    bench.thumbnails.stop()
    assert made.failures == []
