"""Superpixels: small areas of even grey or colour, painted whole by click or by dragging over them (SLIC)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.labels import Box, ImageId
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.stroke import Stroke
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.tools.base import Tool
from defectstudio.ui.tools.easel import Easel
from defectstudio.ui.view import View
from defectstudio.ui.viewer import Pointer

SIDE = 512
NEAR_EDGE = 64


def divided(read: Callable[[], Pixels], size: int) -> NDArray[np.int32]:
    """The superpixel of each pixel of a crop."""
    from defectstudio.sessions.painting.select import superpixels

    return superpixels(read(), size)


class Superpixels(Tool):
    """The one under the cursor is outlined; pressing paints it, dragging paints all on the way; Alt erases."""

    key = "superpixels"
    icon = "tool-superpixels"
    uses = ("tile", "protect")

    def __init__(self, easel: Easel) -> None:
        super().__init__(easel)
        self._tiles: NDArray[np.int32] | None = None
        self._box: Box | None = None
        self._of: tuple[ImageId, int] | None = None
        self._wanted_at: Pointer | None = None
        self._press_waits = False
        self._stroke: Stroke | None = None
        self._name = ""
        self._under: MaskPicture | None = None
        easel.options_changed.connect(lambda _options: self._hide())

    @property
    def hint(self) -> str:
        return self.tr("Click or drag over the small areas to paint them. Hold Alt to erase.")

    @property
    def pending(self) -> bool:
        return self._stroke is not None

    def _ready_for(self, at: Pointer) -> bool:
        """Whether the crop holds this point; if not, a new one round it is divided."""
        if not self.easel.holds(at.x, at.y):
            return False
        of = (self.easel.image, self.easel.options.tile)
        if (
            self._tiles is not None
            and self._box is not None
            and self._of == of
            and _well_inside(self._box, at, self.easel)
        ):
            return True
        self._wanted_at = at
        if not self.easel.busy or self._of != of:
            box, self._of = self.easel.crop(at.x, at.y, SIDE), of
            work = partial(divided, self.easel.reader(box), self.easel.options.tile)
            self.easel.ask(work, partial(self._divided, box))
        return False

    def _divided(self, box: Box, tiles: NDArray[np.int32]) -> None:
        self._box, self._tiles = box, tiles
        at, waits = self._wanted_at, self._press_waits
        self._press_waits = False
        if at is not None:
            self.hover(at)
            if waits and self.press(at):
                self.finish()

    def _tile(self, at: Pointer) -> Patch | None:
        tiles, box = self._tiles, self._box
        if tiles is None or box is None:
            return None
        here = tiles == tiles[int(at.y) - box.top, int(at.x) - box.left]
        return Patch.of(here, (box.top, box.left))

    def hover(self, at: Pointer | None) -> None:
        patch = self._tile(at) if at is not None and self._ready_for(at) else None
        self._show(None if patch is None else MaskPicture(patch.box, patch.mask, self.easel.color))

    def _show(self, under: MaskPicture | None) -> None:
        for one in (self._under, under):
            if one is not None:
                self.easel.viewer.touch(one.box)
        self._under = under

    def _hide(self) -> None:
        self._show(None)

    def press(self, at: Pointer) -> bool:
        self.finish()
        if self._ready_for(at):
            erase = at.alt
            self._stroke = self.easel.begin_stroke(self.easel.erase_value() if erase else self.easel.value)
            self._name = "erase" if erase else f"paint {self.easel.name_of(self.easel.value)}"
            self.drag(at)
        elif self.easel.holds(at.x, at.y):
            self._press_waits = True
        return True

    def drag(self, at: Pointer) -> None:
        if self._stroke is None:
            return
        self.hover(at)
        box, inside = self._box, self.easel.holds(at.x, at.y)
        if box is not None and inside and box.top <= at.y < box.bottom and box.left <= at.x < box.right:
            patch = self._tile(at)
            if patch is not None:
                self.easel.show_stroke(self._stroke, self._stroke.add(patch))

    def release(self, at: Pointer) -> None:
        self.finish()

    def finish(self) -> bool:
        stroke, self._stroke = self._stroke, None
        return stroke is not None and stroke.commit(self._name)

    def cancel(self) -> bool:
        stroke, self._stroke = self._stroke, None
        self._press_waits = False
        if stroke is not None:
            stroke.cancel()
            if self.easel.bench is not None:
                self.easel.bench.stroke_cancelled(stroke.box)
        return stroke is not None

    def settle(self) -> None:
        self.finish()

    def leave(self) -> None:
        self.finish()
        self.easel.forget()
        self._hide()
        self._tiles = self._box = self._of = self._wanted_at = None
        self._press_waits = False

    def draw(self, painter: QPainter, view: View, dirty: QRect) -> None:
        if self._under is not None:
            self._under.draw(painter, view, dirty)


def _well_inside(box: Box, at: Pointer, easel: Easel) -> bool:
    """Whether a point lies in a crop and not near an edge beyond which the image goes on."""
    height, width = easel.shape
    return (
        (box.top == 0 or at.y >= box.top + NEAR_EDGE)
        and (box.left == 0 or at.x >= box.left + NEAR_EDGE)
        and (box.bottom == height or at.y < box.bottom - NEAR_EDGE)
        and (box.right == width or at.x < box.right - NEAR_EDGE)
        and box.top <= at.y < box.bottom
        and box.left <= at.x < box.right
    )
