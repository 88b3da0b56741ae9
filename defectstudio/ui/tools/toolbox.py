"""The tool box: which tool is in the hand, and the way of mouse and keys from the viewer to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QRect, Qt, Signal
from PySide6.QtGui import QPainter

from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.tools.base import Tool
from defectstudio.ui.tools.boxes import BoxTool, EllipseTool
from defectstudio.ui.tools.brush import Brush, Eraser
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.tools.fill import Fill
from defectstudio.ui.tools.polygon import Polygon
from defectstudio.ui.tools.proposal import Proposal
from defectstudio.ui.tools.scissors import ScissorsTool
from defectstudio.ui.tools.select import Select
from defectstudio.ui.tools.superpixels import Superpixels
from defectstudio.ui.tools.tighten import Tighten
from defectstudio.ui.tools.wand import Wand
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

TOOLS: tuple[type[Tool], ...] = (
    Select,
    Brush,
    Eraser,
    Polygon,
    BoxTool,
    EllipseTool,
    Fill,
    Wand,
    ScissorsTool,
    Superpixels,
    Tighten,
    Proposal,
)
COMPRESS = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents


class ToolBox(QObject):
    """The hand of a viewer (see `viewer.Hand`). Errors of tools are told by the easel, never raised into Qt."""

    tool_changed = Signal(object)
    pending_changed = Signal()

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self.easel = easel
        self.tools: dict[str, Tool] = {kind.key: kind(easel) for kind in TOOLS}
        self.tool: Tool = self.tools[Select.key]
        self._was_pending = False
        self._compressed = QCoreApplication.testAttribute(COMPRESS)  # as the system has it
        easel.busy_changed.connect(self._busy_changed)

    def choose(self, key: str) -> None:
        """Take another tool; what the last one had begun is committed first."""
        if key == self.tool.key:
            return
        self._guarded(self.tool.leave)
        self.tool = self.tools[key]
        self.easel.viewer.show_cursor()
        self.easel.viewer.update()
        self.tool_changed.emit(self.tool)

    def leave_image(self) -> None:
        """Another image comes: what is begun on this one is committed."""
        if self.easel.bench is not None and self.easel.bench.current is not None:
            self._guarded(self.tool.leave)

    def _guarded(self, work: Callable[..., Any], *arguments: Any, otherwise: Any = None) -> Any:
        answer = otherwise
        try:
            answer = work(*arguments)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self.easel.failed.emit(error)
        self._look_whether_pending()
        return answer

    def _look_whether_pending(self) -> None:
        pending = self.tool.pending
        if pending != self._was_pending:
            self._was_pending = pending
            self.pending_changed.emit()

    def _may_draw(self) -> bool:
        """Whether the tool may change the image; selecting is always allowed."""
        if not self.easel.ready:
            return False
        if self.easel.writable or self.tool.key == Select.key:
            return True
        self.easel.failed.emit(
            DefectStudioError(
                self.tr("This project is open for reading only, so nothing can be drawn."),
                hint=self.tr("Close it where it is open for writing, then open it here again."),
            )
        )
        return False

    # What the viewer tells.

    def press(self, at: Pointer) -> bool:
        if not self._may_draw():
            return False
        # While the button is down no mouse move may be merged with another.
        QCoreApplication.setAttribute(COMPRESS, False)
        return bool(self._guarded(self.tool.press, at, otherwise=True))

    def drag(self, at: Pointer) -> None:
        self._guarded(self.tool.drag, at)

    def release(self, at: Pointer) -> None:
        QCoreApplication.setAttribute(COMPRESS, self._compressed)
        self._guarded(self.tool.release, at)

    def hover(self, at: Pointer | None) -> None:
        if self.easel.ready and (self.easel.writable or at is None):
            self._guarded(self.tool.hover, at)

    def double_click(self, at: Pointer) -> bool:
        return self._may_draw() and bool(self._guarded(self.tool.double_click, at, otherwise=True))

    def wheel(self, at: Pointer, notches: float) -> bool:
        return self.easel.ready and bool(self._guarded(self.tool.wheel, at, notches))

    def wants_key(self, key: int) -> bool:
        return key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete} and self.tool.pending

    def key(self, key: int) -> bool:
        if key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete} and self.tool.pending:
            return bool(self._guarded(self.tool.back))
        return False

    def back(self) -> bool:
        """Take back the last part of a shape that is begun; False when none is."""
        return self.tool.pending and bool(self._guarded(self.tool.back))

    def alt(self, held: bool) -> None:
        self._guarded(self.tool.alt, held)

    def settle(self) -> None:
        QCoreApplication.setAttribute(COMPRESS, self._compressed)
        if self.easel.writable:
            self._guarded(self.tool.settle)

    def finish(self) -> bool:
        """Enter: commit what is pending; False when there was nothing."""
        return bool(self._guarded(self.tool.finish))

    def cancel(self) -> bool:
        """Esc: drop what is pending, else the selection; False when there was neither."""
        dropped = bool(self._guarded(self.tool.cancel))
        self.easel.viewer.update()
        return dropped

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if (self.easel.ready and self.easel.writable) or self.tool.key == Select.key:
            painter.save()
            self.tool.draw(painter, view, dirty)
            painter.restore()

    @property
    def cursor(self) -> Qt.CursorShape:
        if self.easel.busy:
            return Qt.CursorShape.BusyCursor
        return self.tool.cursor if self.easel.ready and self.easel.writable else Qt.CursorShape.ArrowCursor

    def _busy_changed(self, _busy: bool) -> None:
        self.easel.viewer.show_cursor()
        self._look_whether_pending()
