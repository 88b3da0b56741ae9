"""Decodes images in the background: the wanted one first, then its neighbours, so that the next key press finds them.

Pictures are kept up to a number of bytes, the longest unused go first; memory does not grow with the project.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from defectstudio.domain.labels import ImageId
from defectstudio.domain.state import ImageState
from defectstudio.ui.background import Background
from defectstudio.ui.job_thread import Questions
from defectstudio.ui.picture import Detail, DetailWish, Picture, PixelSource, load_detail, load_picture

MOST_BYTES = 160 * 1024 * 1024


class HeatSource(Protocol):
    """Heat maps of one run, as `data.predictions.Predictions` gives them."""

    def heat(self, image: ImageId) -> NDArray[np.float16]: ...


class Loader(QObject):
    """Answers for one project. Everything it emits is about the image asked for last."""

    picture_ready = Signal(object)
    detail_ready = Signal(object)
    heat_ready = Signal(object)
    """(h, w) in 0..1."""
    failed = Signal(object)
    """The exception: a `DefectStudioError` when expected."""
    loaded = Signal(int)
    """Any image that is kept from now on, asked for or coming next."""

    def __init__(
        self, pixels: PixelSource, images: Mapping[ImageId, ImageState], parent: QObject, most_bytes: int = MOST_BYTES
    ) -> None:
        super().__init__(parent)
        self._pixels, self._images, self._most_bytes = pixels, images, most_bytes
        self._kept: OrderedDict[ImageId, Picture] = OrderedDict()
        self._wanted: ImageId | None = None
        self._detail_questions = Questions()
        self._heat_questions = Questions()
        self._background = Background(self)
        self._background.answered.connect(self._answered)

    @property
    def kept(self) -> list[ImageId]:
        """The images that can be shown at once, those unused for longest first."""
        return list(self._kept)

    def want(self, image: ImageId | None, next_up: Sequence[ImageId] = ()) -> None:
        """Load an image, at once when it is kept already, then those that may be wanted next."""
        self._wanted = image
        self._background.forget_all()
        if image is None:
            return
        kept = self._kept.get(image)
        if kept is not None:
            self._kept.move_to_end(image)
            self.picture_ready.emit(kept)
        for coming in (image, *next_up):
            if coming not in self._kept:
                work = partial(load_picture, self._pixels, coming, self._images[coming])
                self._background.ask(("picture", coming), work)

    def want_detail(self, wish: DetailWish) -> None:
        """Load a sharper part of the wanted image; an earlier wish that still waits is dropped."""
        number = self._detail_questions.ask()
        work = partial(load_detail, self._pixels, self._images[wish.image], wish)
        self._background.ask(("detail", number), work, first=True)

    def want_heat(self, source: HeatSource, image: ImageId) -> None:
        """Load the heat map of the wanted image."""
        self._background.ask(("heat", self._heat_questions.ask()), partial(source.heat, image), first=True)

    def _answered(self, key: tuple[str, int], answer: Any, error: Exception | None) -> None:
        kind, number = key
        if kind == "picture":
            self._keep(answer)
            if number == self._wanted:
                self._emit(self.picture_ready, answer, error)
        elif kind == "detail" and self._detail_questions.current(number):
            self._emit(self.detail_ready, answer, error)
        elif kind == "heat" and self._heat_questions.current(number):
            self._emit(self.heat_ready, answer, error)

    def _emit(self, signal: Any, answer: Picture | Detail | NDArray[Any] | None, error: Exception | None) -> None:
        if error is None:
            signal.emit(answer)
        else:
            self.failed.emit(error)

    def _keep(self, picture: Picture | None) -> None:
        if picture is None:
            return
        self._kept[picture.image] = picture
        self.loaded.emit(picture.image)
        held = sum(kept.nbytes for kept in self._kept.values())
        while held > self._most_bytes and len(self._kept) > 1:
            oldest = next(image for image in self._kept if image != self._wanted)
            held -= self._kept.pop(oldest).nbytes

    def stop(self) -> None:
        """End the thread."""
        self._background.stop()
