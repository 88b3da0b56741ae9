"""Magic wand: the area of similar grey or colour round the cursor; the tolerance follows the drag, live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.labels import Box
from defectstudio.sessions.painting.patch import Patch
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.tools.base import Tool, draw_line
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

PER_SCREEN_PIXEL = 0.001
PER_NOTCH = 0.01
SIDE = 1600


@dataclass(frozen=True, slots=True)
class _Spell:
    """One question: which pixels are like the one at (row, column) of the image."""

    read: Callable[[], Pixels]
    box: Box
    at: tuple[int, int]
    tolerance: float
    contiguous: bool
    shape: tuple[int, int]

    def __call__(self) -> Patch:
        from defectstudio.sessions.painting.select import wand

        row, column = self.at[0] - self.box.top, self.at[1] - self.box.left
        place = (self.box.top, self.box.left)
        return wand(self.read(), row, column, self.tolerance, self.contiguous, at=place, shape=self.shape)


class Wand(Tool):
    """Press on the defect, drag to widen or narrow what is taken, let go to paint it."""

    key = "wand"
    icon = "tool-wand"
    uses = ("tolerance", "contiguous", "protect")

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self._from: Pointer | None = None
        self._read: tuple[Box, Callable[[], Pixels]] | None = None
        self._start_tolerance = 0.0
        self._proposal: Patch | None = None
        self._picture: MaskPicture | None = None
        self._commit_answer = False
        self._asked: float | None = None

    @property
    def hint(self) -> str:
        return self.tr("Press on the defect; drag right to take more, left to take less; let go to paint.")

    @property
    def pending(self) -> bool:
        return self._from is not None

    def press(self, at: Pointer) -> bool:
        self.cancel()
        if self.easel.holds(at.x, at.y):
            self._from, self._start_tolerance = at, self.easel.options.tolerance
            box = self.easel.crop(at.x, at.y, SIDE)
            self._read = (box, _once(self.easel.reader(box)))
            self._ask()
        return True

    def _ask(self) -> None:
        start, read = self._from, self._read
        tolerance = self.easel.options.tolerance
        if start is None or read is None or tolerance == self._asked:
            return
        self._asked = tolerance
        place = (int(start.y), int(start.x))
        spell = _Spell(read[1], read[0], place, tolerance, self.easel.options.contiguous, self.easel.shape)
        self.easel.ask(spell, self._proposed)

    def _proposed(self, patch: Patch) -> None:
        self._show(patch)
        if self._commit_answer:
            self.finish()

    def _show(self, patch: Patch | None) -> None:
        self.easel.repaint_patch(self._proposal)
        self._proposal = patch
        self._picture = None if patch is None else MaskPicture(patch.box, patch.mask, self.easel.color)
        self.easel.repaint_patch(patch)

    def drag(self, at: Pointer) -> None:
        start = self._from
        if start is not None and not self._commit_answer:
            moved = (at.x - start.x) * at.scale
            self.easel.change(tolerance=round(self._start_tolerance + moved * PER_SCREEN_PIXEL, 3))
            self._ask()

    def wheel(self, at: Pointer, notches: float) -> bool:
        if self._from is None:
            return False
        self._start_tolerance += notches * PER_NOTCH
        self.easel.change(tolerance=round(self.easel.options.tolerance + notches * PER_NOTCH, 3))
        self._ask()
        return True

    def release(self, at: Pointer) -> None:
        if self.easel.busy:
            self._commit_answer = True
        else:
            self.finish()

    def finish(self) -> bool:
        patch = self._proposal
        if self._from is not None and self.easel.busy:
            self._commit_answer = True
            return False
        self._end()
        return self.easel.paint(patch)

    def cancel(self) -> bool:
        begun = self._from is not None
        if begun:
            self.easel.forget()
        self._end()
        return begun

    def settle(self) -> None:
        if self._from is not None:
            self.release(self._from)

    def leave(self) -> None:
        if self.easel.busy or not self.finish():
            self.cancel()

    def _end(self) -> None:
        self._show(None)
        self._from = self._read = self._asked = None
        self._commit_answer = False

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if self._picture is not None:
            self._picture.draw(painter, view, dirty)
        if self._from is not None:
            x, y = self._from.at
            reach = 5 / view.scale
            draw_line(painter, view, [(x - reach, y), (x + reach, y)], QColor("white"))
            draw_line(painter, view, [(x, y - reach), (x, y + reach)], QColor("white"))


def _once(read: Callable[[], Pixels]) -> Callable[[], Pixels]:
    """The same pixels for every question of one drag, read when first needed."""
    kept: list[Pixels] = []

    def pixels() -> Pixels:
        if not kept:
            kept.append(read())
        return kept[0]

    return pixels
