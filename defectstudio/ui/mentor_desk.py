"""The Mentor workspace at work: joins its panel and its page to the open project.

The page, which stands where the image does, is made when the workspace is first looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from defectstudio.domain.events import ImageAdded, RunAdded
from defectstudio.domain.mentoring import Detection, RunApproved
from defectstudio.sessions.second_look import SHARE
from defectstudio.sessions.session import Change
from defectstudio.ui.commands.mentor import SAID_IN_LISTS
from defectstudio.ui.commands.table import MENTOR
from defectstudio.ui.mentor_calls import open_mentoring
from defectstudio.ui.mentor_judge_desk import JudgeDesk
from defectstudio.ui.mentor_mine_desk import MineDesk
from defectstudio.ui.mentor_train_desk import MentorTrainDesk
from defectstudio.ui.mentor_words import decisions_said, until_training_said, waiting_said
from defectstudio.ui.picture import Picture
from defectstudio.ui.project_window import ProjectWindow

if TYPE_CHECKING:
    from defectstudio.ui.mentor_page import MentorPage

VIEWER_PAGE = 1


class MentorDesk(QObject):
    """`judging`, `mining` and `training` do their own; here is what they have in common."""

    changed = Signal()
    image_wanted = Signal(int)

    page: MentorPage

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window, self._panel = window, window.mentor_panel
        self._built = self._opened_here = False
        self._room = (False, False)
        self._drawing: Detection | None = None
        self.touch = window.settings.mentor_touch
        self.judging = JudgeDesk(window)
        self.mining = MineDesk(window, self._panel.mining)
        self.training = MentorTrainDesk(window, self._panel.training)
        for desk in (self.judging, self.mining, self.training):
            desk.changed.connect(self.changed)
        self.judging.moved.connect(self._show_counters)
        self.judging.drawing_wanted.connect(self._draw)
        self.mining.queue_changed.connect(self._read_queue)
        self.training.candidate_ready.connect(self._say_ready)
        self._panel.queue.picked.connect(self._picked)
        self._panel.queue.judge.clicked.connect(self.show)
        self._panel.training.candidate_wanted.connect(self.show_candidate)
        window.work.currentChanged.connect(self._work_changed)
        window.centre.currentChanged.connect(self._page_changed)
        window.gallery.list.clicked.connect(self._image_clicked)
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self._closing)

    # The project.

    def _opened(self) -> None:
        bench = self._window.bench
        if bench is not None:
            bench.recorded.connect(self._recorded)
            bench.picture_ready.connect(self._picture_ready)
            if self._panel.isVisible():
                self._work_changed()

    def _closing(self) -> None:
        self._opened_here, self._drawing, self._room = False, None, (False, False)
        self.judging.close()
        self.judging.show.drawn.clear()
        self.mining.close()
        self.training.close()
        self._panel.crops.close()
        self._panel.queue.show_rows([], "")
        if self._built:
            self.page.show_counters("")

    def _begin(self) -> None:
        """Somebody looks at the workspace for the first time since the project was opened."""
        bench = self._window.bench
        if bench is None:
            return
        if not self._built:
            self._build()
        if not self._opened_here:
            self._opened_here = True
            self._panel.crops.open(bench.project.pixels, bench.images)
            self.mining.open()
            self.training.open()
            self._read_queue()

    def _read_queue(self) -> None:
        """Take up what waits in the project's queue."""
        bench = self._window.bench
        if bench is not None and self._opened_here:
            blind = SHARE if self._window.settings.second_looks else 0.0
            self.judging.open(open_mentoring(bench.session, self.judging.show.drawn, blind=blind))
            self._show_counters()

    def _build(self) -> None:
        from defectstudio.ui.mentor_page import MentorPage

        window = self._window
        self.page = MentorPage(self._panel.crops, window.action_button)
        window.centre.addWidget(self.page)
        page = self.page
        for view in page.stage.views:
            window.listen_on_page(view, MENTOR)
        for rows in (page.sheet.list, self._panel.queue.list):
            window.listen_on_page(rows, "", SAID_IN_LISTS)
        self.page.left.connect(self.leave)
        self.page.turned.connect(self._turned)
        self.judging.attach(self.page)
        self.training.attach(self.page.candidate, self.judging.show)
        self.page.candidate.opened.connect(self._look_closely)
        self.page.candidate.queue_wanted.connect(self._enqueue)
        self.page.set_touch(self.touch)
        self._built = True

    # In front or not.

    @property
    def shown(self) -> bool:
        """Whether the page of the workspace stands where the image does."""
        return self._built and self._window.bench is not None and self._window.centre.currentWidget() is self.page

    @property
    def shows_sheet(self) -> bool:
        return self.shown and self.page.shows(self.page.sheet)

    @property
    def shows_candidate(self) -> bool:
        return self.shown and self.page.shows(self.page.candidate)

    def _work_changed(self) -> None:
        """The page comes with the panel, and goes with it."""
        if self._window.bench is None:
            return
        if self._window.panel_shown is self._panel:
            self._bring()
        elif self.shown:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)
        self.changed.emit()

    def _make_room(self) -> None:
        """The docks below give way to the page, and the gallery to large buttons; they come back when it goes."""
        wanted = (self.shown, self.shown and self.touch)
        if self._window.bench is None or wanted == self._room:
            return
        window, self._room = self._window, wanted
        for dock in (window.history_dock, window.runs_dock, window.log_dock):
            dock.setVisible(not self.shown)
        window.gallery_dock.setVisible(not (self.shown and self.touch))
        if not self.shown:
            window.history_dock.raise_()
        self._panel.queue.judge.setEnabled(not self.shown)

    def _page_changed(self) -> None:
        self._make_room()
        self.changed.emit()

    def _image_clicked(self) -> None:
        """Who clicks an image in the gallery wants to see it."""
        if self.shown:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)

    def _bring(self) -> None:
        try:
            self._begin()
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)
            return
        self._drawing = None
        self._window.centre.setCurrentWidget(self.page)
        self.judging.show_all()

    def show(self) -> None:
        """The detections one by one, with the keys going to them."""
        self._front()
        self.page.turn_to(self.page.stage)
        self.page.stage.zoomed.setFocus()

    def _front(self) -> None:
        self._window.show_panel(self._panel)
        if not self.shown:
            self._bring()

    def toggle_sheet(self) -> None:
        """The contact sheet, or one detection."""
        if self.shows_sheet:
            self.show()
            return
        self._front()
        self.page.turn_to(self.page.sheet)
        self.judging.show_all()
        self.page.sheet.list.setFocus()

    def show_candidate(self) -> None:
        """What the candidate gains and keeps, or one detection again."""
        if self.shows_candidate:
            self.show()
            return
        self._front()
        self.page.turn_to(self.page.candidate)
        self.training.look()

    def leave(self) -> None:
        """Back to the image."""
        self._window.centre.setCurrentIndex(VIEWER_PAGE)
        self._window.viewer.setFocus()

    def _turned(self) -> None:
        self.judging.leave_marking()
        self.changed.emit()

    def toggle_touch(self) -> None:
        """Large targets for gloves, or not."""
        self.touch = self._window.settings.mentor_touch = not self.touch
        if self._built:
            self.page.set_touch(self.touch)
        self._page_changed()

    def _enqueue(self) -> None:
        """What the candidate finds and nobody judged waits for a verdict, behind what waits already."""
        found = self.training.found
        if found is not None and found.unjudged:
            self._look_closely(found.unjudged[0].id)

    def _look_closely(self, identity: str) -> None:
        """A detection of the candidate's page, one by one with what else nobody judged."""
        found = self.training.found
        if found is not None and any(one.id == identity for one in found.unjudged):
            self.judging.add(found.unjudged)
        self.judging.open_from_sheet(identity)

    def _say_ready(self) -> None:
        """A candidate is ready; who is busy judging goes on with that."""
        if self.shows_candidate:
            self.training.look()
            return
        text = self.tr("The candidate is trained.")
        look = self.tr("Before and after")
        self._window.notices.show_notice("success", text, button=look, run=self.show_candidate)

    # What waits.

    def _picked(self, identity: str) -> None:
        """A detection was chosen in the queue."""
        self._front()
        self.page.turn_to(self.page.stage)
        self.judging.go(identity)

    def _show_counters(self) -> None:
        mentoring = self.judging.mentoring
        if mentoring is None:
            return
        queue = self._panel.queue
        rows = self.judging.rows
        queue.show_rows(rows, self.judging.empty_hint.replace("\n", " "))
        queue.list.go(self.judging.current.id if self.judging.current is not None else None)
        seconds, until = mentoring.seconds_per_decision or 0.0, mentoring.until_training
        queue.show_counters(mentoring.decisions, seconds, until, mentoring.per_training)
        said = (decisions_said(mentoring.decisions, seconds), until_training_said(until), waiting_said(len(rows)))
        self.page.show_counters(" · ".join(said))
        self.training.enough_is_decided(until <= 0)

    def _recorded(self, change: Change) -> None:
        events = change.events
        if not self._opened_here:
            return
        if any(isinstance(event, RunApproved | RunAdded) for event in events):
            self.mining.refresh()
            self.training.refresh()
        if any(isinstance(event, ImageAdded) for event in events):
            self._show_counters()

    # Drawing by hand.

    def _draw(self, detection: Detection) -> None:
        """The image in Annotate, the area in sight as soon as the picture is there."""
        self._drawing = detection
        self._window.show_panel(self._window.annotate_panel)
        self.image_wanted.emit(detection.image)
        picture = self._window.viewer.picture
        if picture is not None:
            self._picture_ready(picture)
        self._window.viewer.setFocus()
        hint = self.tr("Draw the defect, then come back to Mentor: Enter confirms what is drawn.")
        self._window.statusBar().showMessage(hint, 10_000)

    def _picture_ready(self, picture: Picture) -> None:
        if self._drawing is not None and picture.image == self._drawing.image:
            self._window.viewer.look_at_box(self._drawing.box)
            self._drawing = None
