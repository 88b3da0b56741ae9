"""What a tool works on: the image at hand, the class to paint, the options, and a thread for what takes longer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import HEALTHY, UNKNOWN, Box, DefectClass, ImageId, LabelMap, Origin, unknown_map
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.stroke import Stroke
from defectstudio.ui.background import Background
from defectstudio.ui.job_thread import Questions
from defectstudio.ui.masks import MaskPicture
from defectstudio.ui.viewer import Viewer
from defectstudio.ui.workbench import Workbench

LARGEST_BRUSH = 999
CROP = 1024
UNNAMED_COLOR = "#8a939e"


@dataclass(frozen=True, slots=True)
class Options:
    """How the tools work. `size`: brush diameter, `tile`: side of a superpixel, `step`: grow and shrink, all in pixels.

    `tolerance` 0..1 of the image's depth; `contiguous`: the wand stays within one area; `protect`: painting leaves
    other classes alone.
    """

    size: int = 15
    tolerance: float = 0.08
    contiguous: bool = True
    tile: int = 16
    step: int = 2
    protect: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A chosen region: the pixel (row, column) that it is known by, its class, its pixels."""

    row: int
    column: int
    index: int
    patch: Patch


class Easel(QObject):
    """One image on the easel at a time. Painting goes through the annotator, so every gesture can be undone."""

    busy_changed = Signal(bool)
    options_changed = Signal(object)
    value_changed = Signal(int)
    selection_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self.viewer = viewer
        self.bench: Workbench | None = None
        self.options = Options()
        self.value = 1
        self.selection: Selection | None = None
        self.pixel_threshold = 0.5
        self._annotator: Annotator | None = None
        self._background: Background | None = None
        self._questions = Questions()
        self._then: Callable[[Any], object] | None = None
        self.busy = False

    # The project at hand.

    def open(self, bench: Workbench, annotator: Annotator) -> None:
        """Work on a project from now on."""
        self.bench, self._annotator = bench, annotator
        self._background = Background(self)
        self._background.answered.connect(self._answered)
        self.set_value(min(bench.project.state.classes, default=1))

    def close(self) -> None:
        """Let go of the project."""
        self.forget()
        self.select(None)
        if self._background is not None:
            self._background.stop()
        self.bench = self._annotator = self._background = None

    @property
    def writable(self) -> bool:
        return self.bench is not None and not self.bench.readonly

    @property
    def ready(self) -> bool:
        """Whether the picture in the viewer is the image that gestures would be about."""
        picture, bench = self.viewer.picture, self.bench
        return bench is not None and picture is not None and picture.image == bench.current

    @property
    def annotator(self) -> Annotator:
        if self._annotator is None:
            raise DefectStudioError(self.tr("No project is open."), hint=self.tr("Open one first."))
        return self._annotator

    @property
    def image(self) -> ImageId:
        if self.bench is None or self.bench.current is None:
            raise DefectStudioError(self.tr("There is no image to draw on."), hint=self.tr("Import images first."))
        return self.bench.current

    @property
    def shape(self) -> tuple[int, int]:
        return self.annotator.session.project.state.images[self.image].shape

    @property
    def label_map(self) -> LabelMap:
        """What is drawn on the image, all unknown when nothing is; not to be written to."""
        drawn = self.annotator.session.project.state.label_map(self.image)
        return unknown_map(*self.shape) if drawn is None else drawn

    @property
    def classes(self) -> dict[int, DefectClass]:
        return {} if self.bench is None else self.bench.project.state.classes

    def holds(self, x: float, y: float) -> bool:
        """Whether an image point lies on the image."""
        height, width = self.shape
        return 0 <= x < width and 0 <= y < height

    # What is painted.

    def set_value(self, value: int) -> None:
        """Choose what to paint: a class, healthy, or unknown."""
        self.value = value
        self.value_changed.emit(value)

    def change(self, **options: Any) -> None:
        """Change some options, within their limits."""
        made = replace(self.options, **options)
        size = min(max(made.size, 1), LARGEST_BRUSH)
        self.options = replace(
            made, size=size, tolerance=min(max(made.tolerance, 0.0), 1.0), tile=min(max(made.tile, 4), 200)
        )
        self.options_changed.emit(self.options)

    def resize_brush(self, steps: float) -> None:
        """A larger or smaller brush, by steps of about an eighth."""
        size = self.options.size
        wanted = round(size * 1.13**steps)
        self.change(size=wanted if wanted != size else size + (1 if steps > 0 else -1))

    @property
    def color(self) -> str:
        """The colour of what is painted, #rrggbb."""
        return self.color_of(self.value)

    def color_of(self, value: int) -> str:
        return self.classes[value].color if value in self.classes else UNNAMED_COLOR

    def name_of(self, value: int) -> str:
        """A label value in a word, for the names of gestures."""
        if value in {HEALTHY, UNKNOWN}:
            return "healthy" if value == HEALTHY else "unknown"
        return self.classes[value].name if value in self.classes else f"class {value}"

    def _prepare(self, value: int) -> int:
        """The value to paint; the first stroke in a project without classes makes one, so that it is not lost."""
        if value in {HEALTHY, UNKNOWN} or value in self.classes:
            return value
        if self.classes:
            raise DefectStudioError(self.tr("No class is chosen."), hint=self.tr("Choose one in the list of classes."))
        made = self.annotator.add_class(self.tr("defect"))
        self.set_value(made.index)
        return made.index

    def begin_stroke(self, value: int) -> Stroke:
        """A live stroke on the image."""
        return self.annotator.begin_stroke(self.image, self._prepare(value), self.options.protect)

    def show_stroke(self, stroke: Stroke, box: Box | None) -> None:
        """Bring what a live stroke has just changed to the screen."""
        if box is not None and self.bench is not None:
            self.bench.stroke_touched(stroke.label_map, box)

    def paint(self, patch: Patch | None, *, origin: Origin = Origin.DRAWN) -> bool:
        """Give a patch the chosen value as one gesture; False when nothing changes."""
        if patch is None:
            return False
        value = self._prepare(self.value)
        name = f"paint {self.name_of(value)}"
        return self.annotator.paint(self.image, patch, value, name=name, protect=self.options.protect, origin=origin)

    def erase_value(self) -> int:
        """What the eraser leaves on this image."""
        return self.annotator.erase_value(self.image)

    def select(self, selection: Selection | None) -> None:
        """Choose a region, or none."""
        self.selection = selection
        color = "" if selection is None else self.color_of(selection.index)
        patch = None if selection is None else selection.patch
        self.viewer.show_selection(None if patch is None else MaskPicture(patch.box, patch.mask, color, dashed=True))
        self.selection_changed.emit(selection)

    # The screen.

    def repaint(self, *points: tuple[float, float], margin: float = 14) -> None:
        """Paint the part of the screen again that holds these image points."""
        if points:
            xs, ys = zip(*points, strict=True)
            box = Box(math.floor(min(ys)), math.floor(min(xs)), math.ceil(max(ys)) + 1, math.ceil(max(xs)) + 1)
            self.viewer.touch(box, math.ceil(margin))

    def repaint_patch(self, patch: Patch | None) -> None:
        """Paint the part of the screen again that shows a patch."""
        if patch is not None:
            self.viewer.touch(patch.box)

    # Work that takes longer than a blink.

    def crop(self, x: float, y: float, side: int = CROP) -> Box:
        """A square of the image round a point, moved inward at the edges."""
        height, width = self.shape
        high, wide = min(side, height), min(side, width)
        top = min(max(int(y) - high // 2, 0), height - high)
        left = min(max(int(x) - wide // 2, 0), width - wide)
        return Box(top, left, top + high, left + wide)

    def reader(self, box: Box) -> Callable[[], Pixels]:
        """A function that reads this part of the image at full depth, from any thread."""
        project, image = self.annotator.session.project, self.image
        return partial(project.pixels.read, project.state.images[image].info.shard, image, 0, box)

    def ask(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Have `work` done in the background, then call `then` with its answer; an earlier question is dropped."""
        if self._background is None:
            return
        self._then = then
        self._background.forget_all()
        self._background.ask(self._questions.ask(), work)
        self._set_busy(True)

    @property
    def waiting_for(self) -> Callable[[Any], object] | None:
        """What the answer that is under way will be given to."""
        return self._then

    def forget(self) -> None:
        """Drop the question that is under way."""
        self._questions.ask()
        self._then = None
        if self._background is not None:
            self._background.forget_all()
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)

    def _answered(self, number: int, answer: Any, error: Exception | None) -> None:
        if not self._questions.current(number) or self._then is None:
            return
        then, self._then = self._then, None
        self._set_busy(False)
        if error is not None:
            self.failed.emit(error)
            return
        try:
            then(answer)
        except Exception as wrong:  # noqa: BLE001 - handed to the one place that shows errors
            self.failed.emit(wrong)
