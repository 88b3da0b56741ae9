"""Two runs on one image: the linked viewers, each with the heat map of a run of its own and a caption on top."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel

from defectstudio.data.predictions import Predictions
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import ImageId, LabelMap
from defectstudio.ui.background import Background
from defectstudio.ui.canvas import Display
from defectstudio.ui.job_thread import Questions
from defectstudio.ui.linked import LinkedViewers
from defectstudio.ui.viewer import Viewer
from defectstudio.ui.workbench import Workbench

MARGIN = 8


class Caption(QLabel):
    """A line over a viewer that says whose heat map it shows; the mouse goes through it."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__(viewer)
        self.setProperty("role", "caption")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.move(MARGIN, MARGIN)
        self.hide()

    def say(self, text: str) -> None:
        """Show a text, or nothing."""
        self.setText(text)
        self.adjustSize()
        self.setVisible(bool(text))


class HeatReader:
    """Heat maps of runs, for one background thread: the index of each file is read once."""

    def __init__(self) -> None:
        self._known: dict[Path, Predictions] = {}

    def heat(self, path: Path, image: ImageId) -> NDArray[np.float16]:
        """The heat map of an image. Raises DefectStudioError when the file has none."""
        if path not in self._known:
            self._known[path] = Predictions(path)
        return self._known[path].heat(image)


class Pair(QObject):
    """While it is open, the second (left) viewer shows a run of its own beside that of the window (right)."""

    heat_shown = Signal()
    """The left viewer has got its heat map, or was told that there is none."""

    def __init__(self, viewers: LinkedViewers, parent: QObject) -> None:
        super().__init__(parent)
        self._viewers = viewers
        self._captions = (Caption(viewers.second), Caption(viewers.first))
        self._bench: Workbench | None = None
        self._before: Display | None = None
        self._both = False
        self._path: Path | None = None
        self._reader = HeatReader()
        self._questions = Questions()
        self._background: Background | None = None

    @property
    def is_open(self) -> bool:
        return self._bench is not None

    def open(self, bench: Workbench) -> None:
        """Show both viewers, labels as outlines so that they do not cover the heat."""
        if self.is_open:
            return
        self._bench, self._before, self._both = bench, self._viewers.first.display, self._viewers.both
        self._reader = HeatReader()
        self._background = Background(self)
        self._background.answered.connect(self._answered)
        self._viewers.show_both(True)
        self._viewers.first.display_changed.connect(self._follow_display)
        self._viewers.first.set_display(heat=True, labels=True, outline=True)
        bench.labels_ready.connect(self._show_labels)
        bench.picture_ready.connect(self._want_heat)

    def close(self) -> None:
        """One viewer again, shown as before."""
        bench, before, self._bench = self._bench, self._before, None
        if bench is None or before is None or self._background is None:
            return
        bench.labels_ready.disconnect(self._show_labels)
        bench.picture_ready.disconnect(self._want_heat)
        first, second = self._viewers.first, self._viewers.second
        first.display_changed.disconnect(self._follow_display)
        self._background.stop()
        self._questions.ask()
        for caption in self._captions:
            caption.say("")
        second.show_heat(None)
        second.show_labels(None, {})
        second.set_display(labels=False, heat=False)
        first.set_display(heat=before.heat, labels=before.labels, outline=before.outline)
        self._viewers.show_both(self._both)

    def show(self, path: Path, left: str, right: str) -> None:
        """The run of the left viewer, by its predictions, and what to say over both."""
        self._viewers.show_both(True)
        self._captions[0].say(left)
        self._captions[1].say(right)
        if path != self._path or not self._viewers.second.has_heat:
            self._path = path
            self._want_heat()
        if self._bench is not None:
            self._show_labels(self._bench.shown_map)

    def say_right(self, text: str) -> None:
        """What to say over the right viewer."""
        self._captions[1].say(text)

    def _follow_display(self, display: Display) -> None:
        self._viewers.second.set_display(
            heat=display.heat,
            heat_opacity=display.heat_opacity,
            labels=display.labels,
            labels_opacity=display.labels_opacity,
            outline=display.outline,
        )

    def _show_labels(self, labels: LabelMap | None) -> None:
        if self._bench is not None and self._viewers.second.picture is not None:
            self._viewers.second.show_labels(labels, self._bench.project.state.classes)

    def _want_heat(self, *_picture: object) -> None:
        """Ask for the left heat map of the picture that is shown."""
        picture, number = self._viewers.second.picture, self._questions.ask()
        if self._path is not None and picture is not None and self._background is not None:
            self._background.forget_all()
            self._background.ask((number, picture.image), partial(self._reader.heat, self._path, picture.image))

    def _answered(self, key: tuple[int, ImageId], heat: Any, error: Exception | None) -> None:
        number, image = key
        picture = self._viewers.second.picture
        if not self._questions.current(number) or picture is None or picture.image != image:
            return
        if error is None or isinstance(error, DefectStudioError):
            self._viewers.second.show_heat(heat)  # no map where the run has none for this image
            self.heat_shown.emit()
        else:
            raise error
