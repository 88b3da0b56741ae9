"""Judging at the window: which detection is in question, what a key says of it, and what is shown of it next.

A verdict is written, then the next detection is shown at once: its image was loaded while the one before was judged.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box
from defectstudio.domain.mentoring import Detection, DetectionJudged, VerdictKind
from defectstudio.domain.second_look import LookedAgain
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Change
from defectstudio.ui.mentor_rows import DetectionRow
from defectstudio.ui.mentor_show import DetectionShow
from defectstudio.ui.mentor_words import class_word
from defectstudio.ui.project_window import ProjectWindow

if TYPE_CHECKING:
    from defectstudio.ui.mentor_page import MentorPage

LONGEST_DECISION = 120.0
"""Seconds after which somebody has gone away; such a decision is not timed."""


class JudgeDesk(QObject):
    """The verdicts of one window. `page` is None until somebody has looked at the workspace."""

    changed = Signal()
    """Another detection is in question, or what waits has changed."""
    moved = Signal()
    """A verdict was given, or another detection is in question; told once for all that happens in one step."""
    drawing_wanted = Signal(object)
    """A `Detection` that shall be drawn by hand."""

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page: MentorPage | None = None
        self.mentoring: Mentoring | None = None
        self.current: Detection | None = None
        self.show = DetectionShow(window)
        self._own_steps: list[int] = []
        self._marking = False
        self._pending: Box | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._show_rows)

    # The project.

    def attach(self, page: MentorPage) -> None:
        """Work with the page, which is made when it is first looked at."""
        self.page = page
        self.show.attach(page)
        page.stage.box_drawn.connect(self._told_drawn)
        page.stage.marking_left.connect(self.leave_marking)
        page.sheet.chosen_changed.connect(self.changed)
        page.sheet.opened.connect(self.open_from_sheet)

    def open(self, mentoring: Mentoring) -> None:
        """Judge these detections from now on."""
        bench = self._window.bench
        assert bench is not None
        self.close()
        self.mentoring = mentoring
        self.show.open(mentoring)
        bench.recorded.connect(self._recorded)
        self._stand_on(mentoring.current)
        self.show_all()

    def add(self, detections: Sequence[Detection]) -> None:
        """Let further detections wait, behind those that wait already."""
        if self.mentoring is not None:
            self.mentoring.detections.update({one.id: one for one in detections})
            self.show.know(detections)
            self._timer.start()

    def close(self) -> None:
        """Let go of the project."""
        self._timer.stop()
        if self.mentoring is not None and self._window.bench is not None:
            self._window.bench.recorded.disconnect(self._recorded)
        self.mentoring, self.current, self._own_steps = None, None, []
        self._set_marking(False)
        self.show.close()

    # Facts that the action table asks for.

    @property
    def _sheet_chosen(self) -> list[str]:
        page = self.page
        in_front = page is not None and page.shows(page.sheet)
        return page.sheet.list.chosen if page is not None and in_front else []

    @property
    def _on_sheet(self) -> bool:
        return self.page is not None and self.page.shows(self.page.sheet)

    @property
    def _writable(self) -> bool:
        bench = self._window.bench
        return bench is not None and not bench.readonly and self.mentoring is not None

    @property
    def can_judge(self) -> bool:
        """Whether a verdict would be about something."""
        return self._writable and bool(self._sheet_chosen if self._on_sheet else self.current)

    @property
    def can_confirm(self) -> bool:
        return self.can_judge or self._pending is not None

    @property
    def can_draw(self) -> bool:
        return self._writable and not self._on_sheet and self.current is not None

    can_mark = can_draw

    @property
    def can_take_back(self) -> bool:
        """Whether the last step was a verdict that was given here."""
        bench = self._window.bench
        last = bench.session.last_step if bench is not None else None
        return self._writable and last in self._own_steps

    @property
    def can_step(self) -> bool:
        return self.mentoring is not None and not self._on_sheet and self.current is not None

    def _index_of(self, number: int) -> int | None:
        """The class that stands at a place, 1 the first."""
        listed = sorted(self.show.classes)
        return listed[number - 1] if number <= len(listed) else None

    def can_class(self, number: int) -> bool:
        """Whether there is such a class to say."""
        judging = self._pending is not None or self.can_judge
        return judging and not self._on_sheet and self._index_of(number) is not None

    def class_label(self, number: int) -> str:
        """The name of the class that stands at a place, "" where none does."""
        index = self._index_of(number)
        return class_word(self.show.classes, index) if index is not None else ""

    # Verdicts.

    def confirm(self) -> None:
        """It is a defect of the class that the model says; or: the box that was drawn is of that class."""
        if self._pending is not None:
            self._mark(self._usual_class())
        else:
            self._judge("confirmed")

    def reject(self) -> None:
        """It is no defect."""
        self._judge("rejected")

    def unsure(self) -> None:
        """It stays unknown."""
        self._judge("not sure")

    def as_class(self, number: int) -> None:
        """It is a defect of this class; or: the box that was drawn is."""
        index = self._index_of(number)
        if index is None:
            return
        if self._pending is not None:
            self._mark(index)
        else:
            self._judge("other class", index)

    def part_is_good(self) -> None:
        """The whole image is good; what waits in it is rejected."""
        if self.mentoring is not None and self.current is not None and not self._on_sheet:
            with_seconds, image, identity = self._seconds(), self.current.image, self.current.id
            if self.mentoring.is_again(identity):  # what was said first of the rest of the part still stands
                self._step_of(lambda m: m.judge_one(identity, "rejected", None, with_seconds))
            else:
                self._step_of(lambda m: m.part_is_good(image, with_seconds))

    def take_back(self) -> None:
        """Take the last verdict back and look at that detection again."""
        if self.mentoring is None or not self.can_take_back:
            return
        before = {detection.id for detection in self.mentoring.queue}
        self._own_steps.pop()
        self.mentoring.session.undo()
        again = next((d for d in self.mentoring.queue if d.id not in before), self.current)
        self._stand_on(again)

    def _judge(self, kind: VerdictKind, index: int | None = None) -> None:
        chosen = self._sheet_chosen
        if self._on_sheet:
            if chosen:
                self._step_of(lambda m: m.judge_many(chosen, kind))
        elif self.current is not None:
            identity, seconds = self.current.id, self._seconds()
            self._step_of(lambda m: m.judge_one(identity, kind, index, seconds))

    def _step_of(self, work: object) -> None:
        """One verdict, then on to what waits next."""
        mentoring = self.mentoring
        if mentoring is None:
            return
        waiting = mentoring.queue
        before = mentoring.session.last_step
        work(mentoring)  # type: ignore[operator]
        if (last := mentoring.session.last_step) is not None and last != before:
            self._own_steps.append(last)
        self._stand_on(self._after(waiting))

    def _after(self, before: Sequence[Detection]) -> Detection | None:
        """The detection that followed the current one before something was said; from the end, the first again."""
        assert self.mentoring is not None
        if self.mentoring.asked_again is not None:
            return self.mentoring.asked_again
        waiting = self.mentoring.queue
        left = {detection.id for detection in waiting}
        ids = [detection.id for detection in before]
        at = ids.index(self.current.id) if self.current is not None and self.current.id in ids else 0
        following = [d for d in [*before[at:], *before[:at]] if d.id in left]
        return following[0] if following else (waiting[0] if waiting else None)

    def _seconds(self) -> float:
        passed = time.monotonic() - self.show.since
        return passed if passed <= LONGEST_DECISION else 0.0

    # A missed defect, or one that is drawn by hand.

    def mark_missed(self) -> None:
        """From now on dragging in the image draws a box round a defect that was missed; again: no longer."""
        self._set_marking(not self._marking)

    def leave_marking(self) -> None:
        """Neither draw a box nor ask for its class any more."""
        self._set_marking(False)

    def _set_marking(self, marking: bool) -> None:
        self._marking, self._pending = marking, None
        if self.page is not None:
            self.page.stage.set_marking(marking)
            for view in self.page.stage.views:
                view.show_pending(None)
            self.page.stage.ask(self.tr("Drag a box round the missed defect. Esc leaves.") if marking else "")
        self.changed.emit()

    def _told_drawn(self, box: Box) -> None:
        try:
            self._box_drawn(box)
        except DefectStudioError as error:
            self._window.show_error(error)

    def _box_drawn(self, box: Box) -> None:
        if len(self.show.classes) < 2:
            self._mark(self._usual_class(), box)
            return
        assert self.page is not None
        self._pending = box
        for view in self.page.stage.views:
            view.show_pending(box)
        usual = class_word(self.show.classes, self._usual_class())
        self.page.stage.ask(self.tr("Which class? A number, or Enter for {0}; Esc leaves.").format(usual))
        self.changed.emit()

    def _usual_class(self) -> int:
        if self.current is not None and self.current.class_index in self.show.classes:
            return self.current.class_index
        return min(self.show.classes, default=1)

    def _mark(self, index: int, box: Box | None = None) -> None:
        wanted, mentoring = box or self._pending, self.mentoring
        if mentoring is None or self.current is None or wanted is None:
            return
        image, stays = self.current.image, self.current
        self._set_marking(False)
        mentoring.mark_missed(image, wanted, index, self._seconds())
        if (last := mentoring.session.last_step) is not None:
            self._own_steps.append(last)
        self._stand_on(stays)

    def draw(self) -> None:
        """Open the image in Annotate with the area in sight; back here, Enter confirms what was drawn."""
        if self.current is not None:
            if self.mentoring is not None:
                self.mentoring.see_openly(self.current.id)  # Annotate shows what was said of it
            self.show.drawn.opened(self.current)
            self.drawing_wanted.emit(self.current)

    # Where one stands.

    def step(self, by: int) -> None:
        """Look at another waiting detection without saying anything of this one."""
        waiting = self.mentoring.queue if self.mentoring is not None else []
        ids = [detection.id for detection in waiting]
        if self.current is not None and self.current.id in ids:
            self._stand_on(waiting[(ids.index(self.current.id) + by) % len(waiting)])

    def go(self, identity: str) -> None:
        """Look at a detection of the queue."""
        if self.mentoring is not None and identity in self.mentoring.detections:
            self._stand_on(self.mentoring.detections[identity])

    def open_from_sheet(self, identity: str) -> None:
        """From the contact sheet to one detection."""
        if self.page is not None:
            self.page.turn_to(self.page.stage)
            self.go(identity)
            self.page.stage.zoomed.setFocus()

    def _stand_on(self, detection: Detection | None) -> None:
        self.current = detection
        if self._marking or self._pending is not None:
            self._set_marking(False)
        self._show_current()
        self._timer.start()

    def _show_current(self) -> None:
        waiting = self.mentoring.queue if self.mentoring is not None else []
        self.show.show(self.current, waiting, self.empty_hint)

    @property
    def empty_hint(self) -> str:
        """What to do where nothing waits."""
        if self.mentoring is not None and self.mentoring.detections:
            return self.tr("Every detection is judged.\nTrain on the verdicts, or look through further images.")
        return self.tr(
            "No detection waits.\nApprove a run and let it look through new images, in the panel at the right."
        )

    # What is shown.

    def show_all(self) -> None:
        """Show everything anew."""
        self._show_current()
        self._show_rows()

    @property
    def rows(self) -> list[DetectionRow]:
        """What waits, the next one first."""
        return [self.show.row(detection) for detection in self.mentoring.queue] if self.mentoring is not None else []

    def _show_rows(self) -> None:
        """Lists, counters and commands follow once the detection itself is on the screen."""
        self.moved.emit()
        self.changed.emit()
        if self.page is not None and self.mentoring is not None and self._on_sheet:
            self.page.sheet.show_rows(self.rows, self.empty_hint.replace("\n", " "))

    def _recorded(self, change: Change) -> None:
        """Something was said or taken back, here or by undo: what is shown follows."""
        if any(isinstance(event, DetectionJudged | LookedAgain) for event in change.events):
            self.show.examples.follow(change)
            self._timer.start()
            if self.current is None and self.mentoring is not None and self.mentoring.current is not None:
                self._stand_on(self.mentoring.current)
