"""What the Mentor page shows of one detection: image, boxes, words, examples; the next images are loaded ahead."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from defectstudio.domain.labels import DefectClass, ImageId
from defectstudio.domain.mentoring import Detection
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.ui.loader import Loader
from defectstudio.ui.mentor_drawn import DrawnAreas
from defectstudio.ui.mentor_examples import Examples
from defectstudio.ui.mentor_rows import DetectionRow
from defectstudio.ui.mentor_view import Frame
from defectstudio.ui.mentor_words import class_tone, class_word, detection_said, verdict_said
from defectstudio.ui.picture import Detail, Picture
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.words import split_word

if TYPE_CHECKING:
    from defectstudio.ui.mentor_page import MentorPage

AHEAD, LOOKED_AHEAD = 4, 50
"""So many images are loaded before they are asked for, found among so many waiting detections."""


class DetectionShow(QObject):
    """Knows how to show a detection of the open project; decides nothing."""

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page: MentorPage | None = None
        self.mentoring: Mentoring | None = None
        self.drawn = DrawnAreas()
        self.examples = Examples(self)
        self.since = time.monotonic()
        """When the detection that is looked at came into sight."""
        self._current: Detection | None = None
        self.loader: Loader | None = None
        self._rows: dict[str, DetectionRow] = {}
        self._in_image: dict[ImageId, list[Detection]] = {}
        self.examples.found.connect(self._show_examples)

    def open(self, mentoring: Mentoring) -> None:
        """Show detections of this queue from now on."""
        bench = self._window.bench
        assert bench is not None
        self.mentoring = mentoring
        self.know(list(mentoring.detections.values()))
        self.loader = Loader(bench.project.pixels, bench.images, self)
        self.loader.picture_ready.connect(self._picture_ready)
        self.loader.detail_ready.connect(self._detail_ready)
        self.loader.failed.connect(self._window.show_error)
        self.examples.open(bench.project)

    def know(self, detections: Sequence[Detection]) -> None:
        """Detections that are drawn in their images from now on."""
        for detection in detections:
            known = self._in_image.setdefault(detection.image, [])
            if detection not in known:
                known.append(detection)

    def close(self) -> None:
        """Let go of the project."""
        self.examples.close()
        if self.loader is not None:
            self.loader.stop()
            self.loader.deleteLater()
        self.mentoring, self._current, self.loader = None, None, None
        self._rows, self._in_image = {}, {}
        if self.page is not None:
            self.page.stage.show_none("")
            self.page.sheet.show_rows([], "")

    def attach(self, page: MentorPage) -> None:
        """Show it here."""
        self.page = page
        for view in page.stage.views:
            view.detail_wanted.connect(self._want_detail)

    def _want_detail(self, wish: object) -> None:
        if self.loader is not None:
            self.loader.want_detail(wish)  # type: ignore[arg-type]

    @property
    def classes(self) -> dict[int, DefectClass]:
        bench = self._window.bench
        return bench.project.state.classes if bench is not None else {}

    def show(self, detection: Detection | None, waiting: Sequence[Detection], hint: str) -> None:
        """Show a detection, or the hint where none waits; those that wait next have their images loaded."""
        self._current, self.since = detection, time.monotonic()
        if self.page is None or self.loader is None:
            return
        if detection is None:
            self.loader.want(None)
            self.page.stage.show_none(hint)
            return
        self._show_words(detection)
        self.loader.want(detection.image, self._coming(detection, waiting))

    @staticmethod
    def _coming(detection: Detection, waiting: Sequence[Detection]) -> list[ImageId]:
        """The images that will be asked for next."""
        at = next((k for k, one in enumerate(waiting) if one.id == detection.id), 0)
        images = dict.fromkeys(one.image for one in waiting[at : at + LOOKED_AHEAD])
        images.pop(detection.image, None)
        return list(images)[:AHEAD]

    def _picture_ready(self, picture: Picture) -> None:
        detection, page = self._current, self.page
        if detection is None or page is None or picture.image != detection.image:
            return
        page.stage.show_detection(detection, picture, self._frames(detection))
        self.since = time.monotonic()

    def _detail_ready(self, detail: Detail) -> None:
        if self.page is not None:
            for view in self.page.stage.views:
                view.show_detail(detail)

    def _frames(self, detection: Detection) -> list[Frame]:
        """The detection in question, and what else was found or marked in its image and not rejected."""
        assert self.mentoring is not None
        said = {j.detection.id: j for j in self._window.bench.images[detection.image].judged}  # type: ignore[union-attr]
        known = [d for d in self._in_image.get(detection.image, []) if d.id not in said]
        others = [Frame(d.box, class_tone(self.classes, d.class_index)) for d in known if d.id != detection.id]
        others += [
            Frame(j.detection.box, class_tone(self.classes, j.class_index))
            for j in said.values()
            if j.kind not in {"rejected", "not sure"} and j.detection.id != detection.id
        ]
        return [*others, Frame(detection.box, class_tone(self.classes, detection.class_index), main=True)]

    def _show_words(self, detection: Detection) -> None:
        bench, page = self._window.bench, self.page
        assert bench is not None
        assert page is not None
        entry = bench.images[detection.image]
        shown = self.mentoring if self.mentoring is not None and not self.mentoring.is_again(detection.id) else None
        verdict = shown.verdict(detection.id) if shown is not None else None
        facts = detection_said(detection, self.classes)
        if verdict is not None:
            facts += f" · {verdict_said(verdict.kind)}"
        high, wide = detection.box.shape
        size = self.tr("{0} × {1} pixels").format(wide, high)
        page.stage.show_words(facts, " · ".join([entry.info.name, split_word(entry.placement.split), size]))
        page.stage.show_classes(self.classes, detection.class_index)
        page.stage.ask(self.drawn.said(detection, bench.project.state))
        examples = page.stage.examples.rows_model.rows
        if not examples or examples[0].detection.class_index != detection.class_index:
            page.stage.show_examples([], self.tr("Looking for agreed examples…"))
        self.examples.ask(detection)

    def _show_examples(self, detection: Detection, found: Sequence[Detection]) -> None:
        if self.page is None or self._current is None or detection.id != self._current.id:
            return
        word = class_word(self.classes, detection.class_index)
        none = self.tr("No example of {0} is agreed yet.").format(word)
        said = self.tr("Agreed examples of {0}, the nearest first").format(word)
        self.page.stage.show_examples([self.row(one) for one in found], said if found else none)

    def row(self, detection: Detection, note: str = "") -> DetectionRow:
        """What a list says of a detection."""
        known = self._rows.get(detection.id)
        if known is None or note or known.detection != detection:
            bench = self._window.bench
            name = bench.images[detection.image].info.name if bench is not None else ""
            word, tone = (
                class_word(self.classes, detection.class_index),
                class_tone(self.classes, detection.class_index),
            )
            known = DetectionRow(detection, word, tone, name, note=note)
            if not note:
                self._rows[detection.id] = known
        return known
