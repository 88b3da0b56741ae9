"""Second looks at tags in the window: images tagged a while ago are asked again on a page that does not show their tag.

While the page is shown, everything else that would name the image or its tag gives way to it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from defectstudio.domain.labels import ImageId, Verdict
from defectstudio.domain.second_look import LookedAgain, SecondLook
from defectstudio.sessions.second_look import due_tags, look_again
from defectstudio.sessions.session import Change
from defectstudio.ui.commands.table import LOOK
from defectstudio.ui.loader import Loader
from defectstudio.ui.picture import Picture
from defectstudio.ui.project_window import ProjectWindow

if TYPE_CHECKING:
    from defectstudio.ui.look_page import LookPage

VIEWER_PAGE = 1
AHEAD = 3
LONGEST_DECISION = 120.0
"""Seconds after which somebody has gone away; such an answer is not timed."""


class LookDesk(QObject):
    """Its page is made when it is first asked for."""

    changed = Signal()

    page: LookPage

    def __init__(self, window: ProjectWindow) -> None:
        super().__init__(window)
        self._window = window
        self._built = self._roomy = False
        self._loader: Loader | None = None
        self._since = time.monotonic()
        self.due: list[ImageId] = []
        self.looks: list[SecondLook] = []
        """What was said since the page was opened."""
        window.project_opened.connect(self._opened)
        window.project_closing.connect(self._closing)

    def _build(self) -> None:
        from defectstudio.ui.look_page import LookPage

        window = self._window
        self.page = LookPage(window.action_button)
        window.centre.addWidget(self.page)
        window.listen_on_page(self.page.view, LOOK)
        window.centre.currentChanged.connect(self._page_changed)
        self.page.left.connect(self.leave)
        self._built = True

    # The project.

    def _opened(self) -> None:
        if self._window.bench is not None:
            self._window.bench.recorded.connect(self._recorded)

    def _closing(self) -> None:
        self._stop_loading()
        self.due, self.looks = [], []
        if self.shown:
            self._window.centre.setCurrentIndex(VIEWER_PAGE)

    def _stop_loading(self) -> None:
        if self._loader is not None:
            self._loader.stop()
            self._loader.deleteLater()
            self._loader = None

    # In front or not.

    @property
    def shown(self) -> bool:
        return self._built and self._window.centre.currentWidget() is self.page

    def toggle(self) -> None:
        """Ask what is due, or go back to the image; where nothing is due, say why."""
        if self.shown:
            self.leave()
            return
        bench = self._window.bench
        if bench is None:
            return
        if not self._window.settings.second_looks:
            text, hint = self.tr("Second looks are switched off."), self.tr("The settings switch them on.")
            self._window.notices.show_notice("info", text, hint)
            return
        self.due, self.looks = due_tags(bench.project), []
        if not self.due:
            text = self.tr("No second look is due.")
            hint = self.tr("About one tag in twenty is asked again, once some others were given since.")
            self._window.notices.show_notice("info", text, hint)
            return
        self._begin()

    def _begin(self) -> None:
        bench = self._window.bench
        assert bench is not None
        if not self._built:
            self._build()
        self._stop_loading()
        self._loader = Loader(bench.project.pixels, bench.images, self)
        self._loader.picture_ready.connect(self._picture_ready)
        self._loader.failed.connect(self._window.show_error)
        self._window.centre.setCurrentWidget(self.page)
        self._ask()
        self.page.view.setFocus()

    def leave(self) -> None:
        """Back to the image."""
        self._window.centre.setCurrentIndex(VIEWER_PAGE)
        self._window.viewer.setFocus()

    def _page_changed(self) -> None:
        """Lists that show tags and names give way while somebody looks again."""
        window, wanted = self._window, self.shown
        if window.bench is not None and wanted != self._roomy:
            for dock in window.docks:
                dock.setVisible(not wanted)
            window.about_image.setVisible(not wanted)
            if not wanted:
                window.history_dock.raise_()
        self._roomy = wanted
        if not wanted:
            self._stop_loading()
        self.changed.emit()

    # Asking.

    @property
    def can_answer(self) -> bool:
        bench = self._window.bench
        return self.shown and bool(self.due) and bench is not None and not bench.readonly

    def answer(self, verdict: Verdict) -> None:
        """What somebody says of the image in question now."""
        bench = self._window.bench
        if bench is not None and self.can_answer:
            passed = time.monotonic() - self._since
            look_again(bench.session, self.due[0], verdict, passed if passed <= LONGEST_DECISION else 0.0)

    def told(self, verdict: Verdict) -> bool:
        """A tag was chosen anywhere in the window: while this page is shown it is the answer. False where it is not."""
        if self.shown and verdict is not Verdict.UNLABELLED:
            self.answer(verdict)
        return self.shown

    def skip(self) -> None:
        """Ask this one last."""
        if self.can_answer:
            self.due = [*self.due[1:], self.due[0]]
            self._ask()

    def _ask(self) -> None:
        if self.due and self._loader is not None:
            self.page.ask(len(self.due))
            self._loader.want(self.due[0], self.due[1 : 1 + AHEAD])
        elif not self.due:
            self.page.show_end(*self._said)
        self.changed.emit()

    def _picture_ready(self, picture: Picture) -> None:
        if self.due and picture.image == self.due[0]:
            self.page.show_picture(picture)
            self._since = time.monotonic()

    @property
    def _said(self) -> tuple[str, str]:
        """How it went, said only when all is answered."""
        same = sum(look.alike for look in self.looks)
        done = self.tr("%Ln second look(s) done", "", len(self.looks))
        if same == len(self.looks):
            return done, self.tr("You said the same as before each time.")
        apart = self.tr("%Ln answer(s) differ from before", "", len(self.looks) - same)
        return done, self.tr("{0}. The first ones stand until a third settles it: see the agreement.").format(apart)

    def _recorded(self, change: Change) -> None:
        """An answer is on disk, or was taken back; here or by undo."""
        for event in change.events:
            if isinstance(event, LookedAgain) and self.shown:
                self._follow(event)

    def _follow(self, event: LookedAgain) -> None:
        if event.before is None and event.after is not None and event.image in self.due:
            self.due.remove(event.image)
            self.looks.append(event.after)
            self._ask()
        elif event.after is None and event.before in self.looks:
            self.looks.remove(event.before)
            self.due.insert(0, event.image)
            self._ask()
