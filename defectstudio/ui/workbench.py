"""One open project at the screen: which image, which run, what is loaded. Holds no widget, so it can be tested alone.

Facts come out as signals; wishes go in as methods. Late answers of background work are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from defectstudio.data.predictions import Predictions
from defectstudio.domain.events import Painted
from defectstudio.domain.labels import DEFECTIVE, GOOD, UNLABELLED, Box, ImageId, ImageTag, LabelMap, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.sessions.session import Change, Session
from defectstudio.ui.loader import Loader
from defectstudio.ui.picture import DetailWish, Picture
from defectstudio.ui.thumbnails import Thumbnails

TAGS: Mapping[Verdict, ImageTag] = {
    Verdict.GOOD: GOOD,
    Verdict.DEFECTIVE: DEFECTIVE,
    Verdict.UNLABELLED: UNLABELLED,
}


class Workbench(QObject):
    """The state between the session and the views of one project. Lives on the main thread."""

    choosing = Signal()
    """Another image is about to become the current one."""
    recorded = Signal(object)
    """A `Change`: a gesture is on disk."""
    picture_ready = Signal(object)
    labels_ready = Signal(object)
    """The label map of the current image, or None."""
    labels_touched = Signal(object)
    """The `Box` in which the current label map changed."""
    heat_ready = Signal(object)
    detail_ready = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.project = session.project
        self.current: ImageId | None = None
        self.run: str | None = None
        self.predictions: Predictions | None = None
        self._shown: ImageId | None = None
        self._shown_map: LabelMap | None = None
        images = self.project.state.images
        self.thumbnails = Thumbnails(
            self.project.pixels, images, self.project.cache_folder, self, write=not self.project.readonly
        )
        self.loader = Loader(self.project.pixels, images, self)
        self.loader.picture_ready.connect(self._picture_ready)
        self.loader.heat_ready.connect(self.heat_ready)
        self.loader.detail_ready.connect(self.detail_ready)
        self.loader.failed.connect(self.failed)
        session.changed.connect(self._recorded)

    @property
    def readonly(self) -> bool:
        return self.project.readonly

    @property
    def images(self) -> Mapping[ImageId, ImageState]:
        return self.project.state.images

    @property
    def entry(self) -> ImageState | None:
        """The current image."""
        return None if self.current is None else self.images[self.current]

    def choose(self, image: ImageId | None, neighbours: Sequence[ImageId] = ()) -> None:
        """Make an image the current one and have it loaded, then its neighbours."""
        self.choosing.emit()
        self.current = image
        self.loader.want(image, neighbours)

    def _picture_ready(self, picture: Picture) -> None:
        self._shown = picture.image
        self.picture_ready.emit(picture)
        self._show_labels()
        self._want_heat()

    @property
    def shown_map(self) -> LabelMap | None:
        """The label map that is laid over the picture."""
        return self._shown_map

    def _map_to_show(self) -> LabelMap | None:
        """A good image is healthy everywhere, drawn or not, so nothing is laid over it."""
        entry, image = self.entry, self.current
        if entry is None or image is None or entry.tag.verdict is Verdict.GOOD:
            return None
        return self.project.state.label_map(image)

    def _show_labels(self) -> None:
        self._shown_map = self._map_to_show()
        self.labels_ready.emit(self._shown_map)

    def stroke_touched(self, label_map: LabelMap, box: Box) -> None:
        """A live stroke has changed the label map of the current image in memory."""
        if label_map is self._shown_map:
            self.labels_touched.emit(box)
        else:
            self._shown_map = label_map
            self.labels_ready.emit(label_map)

    def stroke_cancelled(self, box: Box | None) -> None:
        """A live stroke has put back what it had changed inside `box`."""
        if box is not None:
            self.labels_touched.emit(box)
        if self.entry is not None and self.entry.tag.verdict is Verdict.GOOD:
            self._show_labels()

    def refresh_colors(self) -> None:
        """The classes have changed: show the same label map in their colours."""
        if self._shown == self.current:
            self._show_labels()

    def _want_heat(self) -> None:
        if self.predictions is not None and self.current in self.predictions.scores:
            self.loader.want_heat(self.predictions, self.current)
        else:
            self.heat_ready.emit(None)

    def want_detail(self, wish: DetailWish) -> None:
        """Load a sharper part of the current image."""
        if wish.image == self.current:
            self.loader.want_detail(wish)

    def show_run(self, run: str | None, predictions: Predictions | None) -> None:
        """Use the scores and heat maps of a run from now on."""
        self.run, self.predictions = run, predictions
        if self._shown == self.current:
            self._want_heat()

    @property
    def scores(self) -> Mapping[ImageId, float]:
        """P(defect) by image, of the chosen run."""
        return self.predictions.scores if self.predictions else {}

    def tag(self, images: Sequence[ImageId], verdict: Verdict) -> None:
        """Tag images as one step."""
        self.session.tag(images, TAGS[verdict])

    def _recorded(self, change: Change) -> None:
        if self.current is not None and not self.images[self.current].present:
            self.choose(None)
        elif self.current in change.images:
            self._follow(change)
        self.recorded.emit(change)

    def _follow(self, change: Change) -> None:
        """Bring the overlay up to date, by the boxes that changed where the map itself is still the same array."""
        if self._shown != self.current:
            return  # its picture is still on the way, and brings its labels along
        if self._map_to_show() is not self._shown_map:
            self._show_labels()
            return
        for event in change.events:
            if isinstance(event, Painted) and event.image == self.current:
                self.labels_touched.emit(event.box)

    def close(self) -> None:
        """Stop the threads, then let the project go."""
        self.session.changed.disconnect(self._recorded)
        self.loader.stop()
        self.thumbnails.stop()
        self.project.close()
