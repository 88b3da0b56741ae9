"""What lies over the patches of a panel: the label map as it is now, the heat of the round, pixels as they come."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from defectstudio.domain.labels import ImageId
from defectstudio.domain.refinement import Panel
from defectstudio.domain.state import LabelState
from defectstudio.ui.background import Background
from defectstudio.ui.overlay import HeatOverlay, LabelOverlay
from defectstudio.ui.picture import PixelSource
from defectstudio.ui.refine_crops import PatchPictures
from defectstudio.ui.refine_jobs import ReadHeat
from defectstudio.ui.refine_tile import PatchTile

OPACITY = 0.55
MOST_KEPT = 60


class Layers(QObject):
    """Answers for one round of one project; lives until another round is shown."""

    ready = Signal()
    """Pixels or heat that were asked for can be had now."""

    def __init__(
        self, pixels: PixelSource, state: LabelState, side: int, heat: ReadHeat, parent: QObject | None
    ) -> None:
        """Patches are `side` pixels wide; `heat` is asked in the background; label maps are those of `state`."""
        super().__init__(parent)
        self._state, self._read = state, heat
        self.show_labels = self.show_heat = True
        """Whether label map and heat are laid over the patches."""
        self.pictures = PatchPictures(pixels, state.images, side, self)
        self.pictures.ready.connect(self._announce)
        self._labels: dict[ImageId, LabelOverlay] = {}
        self._heat: dict[ImageId, HeatOverlay | None] = {}
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    def _announce(self, _patch: object = None) -> None:
        self.ready.emit()

    def look_at(self, state: LabelState) -> None:
        """Take label maps and images from another state from now on."""
        self._state = state
        self._labels.clear()
        self.pictures.look_at(state.images)

    def forget_colors(self) -> None:
        """The classes have changed."""
        self._labels.clear()

    def labels(self, image: ImageId) -> LabelOverlay | None:
        """The label map of an image, ready to be drawn; it shares the memory of the map."""
        if not self.show_labels:
            return None
        drawn, known = self._state.label_map(image), self._labels.get(image)
        if drawn is None or (known is not None and known.labels is drawn):
            return known if drawn is not None else None
        if len(self._labels) >= MOST_KEPT:
            self._labels.clear()
        made = self._labels[image] = LabelOverlay(drawn, self._state.classes, OPACITY)
        return made

    def heat(self, image: ImageId) -> HeatOverlay | None:
        """The heat of an image, None while it is read or where there is none."""
        if not self.show_heat:
            return None
        if image not in self._heat:
            self._heat[image] = None
            self._background.ask(image, partial(self._read, image))
        return self._heat[image]

    def _answered(self, image: ImageId, heat: NDArray[Any] | None, _error: Exception | None) -> None:
        if heat is None:
            return  # patches are shown without heat; what is wrong is in the log
        if len(self._heat) > MOST_KEPT:
            self._heat.clear()
        self._heat[image] = HeatOverlay(heat, self._state.images[image].shape)
        self.ready.emit()

    def dress(self, tiles: Iterable[PatchTile]) -> None:
        """Give tiles what is there for them."""
        for tile in tiles:
            patch = tile.patch
            if patch is not None:
                tile.show_layers(
                    self.pictures.get(patch) or tile.crop, self.labels(patch.image), self.heat(patch.image)
                )

    def read_ahead(self, panel: Panel) -> None:
        """Have everything of a panel at hand before it is shown."""
        for candidate in (panel.anchor, *panel.candidates):
            self.pictures.get(candidate.patch)
            self.labels(candidate.patch.image)
            self.heat(candidate.patch.image)

    def stop(self) -> None:
        """End the threads."""
        self.pictures.stop()
        self._background.stop()
