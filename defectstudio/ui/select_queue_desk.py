"""The queue at work: scoring in the background, ordering anew at once, marks, and the walk from image to image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from defectstudio.domain.errors import Cancelled
from defectstudio.domain.events import QueueMarked
from defectstudio.domain.labels import ImageId
from defectstudio.sessions.selection import Selection
from defectstudio.sessions.session import Change
from defectstudio.ui.job_thread import RunningJob
from defectstudio.ui.panels.select import SelectPanel
from defectstudio.ui.project_window import ProjectWindow
from defectstudio.ui.select_rows import ListRow
from defectstudio.ui.select_words import reason_said
from defectstudio.ui.translations import decimal

if TYPE_CHECKING:
    from defectstudio.app.selection_models import Queue, QueueItem

REFRESH_AFTER_MS = 150
MARK_ICONS = {"pinned": ("pin", "accent"), "later": ("later", "muted"), "never": ("never", "muted")}


def queue_row(item: QueueItem) -> ListRow:
    """What the list says of one image of the queue."""
    facts = " · ".join([*item.classes, *([item.group] if item.group else [])])
    icon, role = ("", "muted") if item.mark is None else MARK_ICONS[item.mark.kind]
    reason = reason_said(item.reason)
    if item.mark is not None:
        facts, reason = reason, facts
    figure = "" if item.score is None else decimal(item.score, 2)
    score = QCoreApplication.translate("Select", "score {0}").format(figure) if figure else ""
    spoken = ", ".join(part for part in (f"{item.position}. {item.name}", facts, reason, score) if part)
    return ListRow(item.image, item.name, reason, f"{item.position}.", figure, facts, icon, role, spoken)


class QueueDesk(QObject):
    """The queue of one window. Nothing is read before the panel is first looked at."""

    changed = Signal()
    scored = Signal()
    """A scoring has come to its end: what rests on it may be read anew."""
    image_wanted = Signal(int)

    def __init__(self, window: ProjectWindow, panel: SelectPanel) -> None:
        super().__init__(window)
        self._window, self._panel, self.page = window, panel, panel.queue
        self.queue: Queue | None = None
        self.waiting = self.segmented = 0
        self._job: RunningJob[Queue] | None = None
        self._looked = False
        self._walked: ImageId | None = None
        self._walked_row = 0
        self._scored_by_itself = True
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_AFTER_MS)
        self._timer.timeout.connect(self._told_refresh)
        self.page.choose(window.settings.selection)
        self.page.choice_changed.connect(self._told_refresh)
        self.page.opened.connect(self.open_image)
        self.page.reason_given.connect(self._skip_for_ever)
        self.page.returned.connect(self._bring_back)
        self.page.job.stop_wanted.connect(self.stop)
        self.page.every.valueChanged.connect(self._told_refresh)
        for signal in (
            self.page.list.selectionModel().selectionChanged,
            self.page.list.selectionModel().currentChanged,
        ):
            signal.connect(self.changed)
        window.stop_wanted.connect(self.stop)

    # The project.

    def open(self) -> None:
        """Follow the project that the window has opened."""
        bench = self._window.bench
        if bench is not None:
            self._looked, self._walked, self._scored_by_itself = False, None, True
            bench.recorded.connect(self._recorded)

    def close(self) -> None:
        """Let go of the project."""
        self._timer.stop()
        self.queue, self._looked, self._walked = None, False, None
        self.page.show_rows([], note="", empty="")
        self.page.show_skipped([])

    def look(self) -> None:
        """Somebody looks at the queue: show how it is now."""
        if not self._looked:
            self._looked = True
            self.refresh()

    def _recorded(self, change: Change) -> None:
        if not self._looked:
            return
        if any(isinstance(event, QueueMarked) for event in change.events):
            self.refresh()
        else:
            self._timer.start()

    def _told_refresh(self) -> None:
        """Bring the list up to date, with errors shown instead of raised."""
        try:
            self.refresh()
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)

    def refresh(self) -> None:
        """Order the queue anew by what is known, without any training."""
        from defectstudio.app.selection import TRAIN_SPLITS, SelectSettings, requeue
        from defectstudio.app.selection_order import standing

        bench = self._window.bench
        if bench is None or not self._looked:
            return
        self._timer.stop()
        self._window.settings.selection = {**self.page.chosen_settings, "every": self.page.every.value()}
        self.queue = requeue(bench.project, SelectSettings(**self.page.chosen_settings))
        here = standing(bench.project, TRAIN_SPLITS)
        self.waiting, self.segmented = len(here.waiting), len(here.masked)
        self._show()
        self._score_every()

    def _show(self) -> None:
        queue = self.queue
        items = queue.items if queue is not None else []
        self.page.show_rows([queue_row(item) for item in items], note=self._note(), empty=self._empty())
        self.page.show_counts(self.segmented, self.waiting)
        skipped = queue.left_out if queue is not None else []
        self.page.show_skipped([(item.image, f"{item.name}: {reason_said(item.reason)}") for item in skipped])
        self.page.show_scoring(self.scoring, can_score=self.can_score)
        self.changed.emit()

    def _note(self) -> str:
        queue = self.queue
        if queue is None or not (queue.stale or queue.unscored):
            return ""
        said = [self.tr("Labels have changed since these were scored.")] if queue.stale else []
        if queue.masks_since:
            said.append(self.tr("%Ln mask(s) came since.", "", queue.masks_since))
        if queue.unscored:
            said.append(self.tr("%Ln image(s) came since and have no score.", "", queue.unscored))
        return " ".join(said)

    def _empty(self) -> str:
        bench = self._window.bench
        if bench is None or (self.queue is not None and self.queue.items):
            return ""
        if not self.waiting:
            if self.segmented:
                return self.tr("Every image tagged defective has a mask. Tag more images with X to go on.")
            return self.tr("Masks are asked for on images tagged defective, and there is none yet. Tag some with X.")
        if self.queue is not None:
            return self.tr("All images that wait for a mask are skipped.")
        if bench.readonly:
            return self.tr("Nothing is scored yet, and this project is open for reading only.")
        folds = self.page.folds.value()
        return self.tr(
            "Nothing is scored yet. Scoring trains %Ln model(s) as set up in the Train panel, "
            "each without a part of the images, and asks it about that part.",
            "",
            folds,
        )

    # Scoring.

    @property
    def scoring(self) -> bool:
        """Whether a scoring is under way."""
        return self._job is not None

    @property
    def can_score(self) -> bool:
        """Whether a scoring could begin now."""
        bench = self._window.bench
        free = not self.scoring and not self._window.training
        return bench is not None and not bench.readonly and free and (self.waiting > 0 or not self._looked)

    def score(self) -> None:
        """Begin a scoring. Raises DefectStudioError when the images do not allow it."""
        from defectstudio.app.selection import SelectSettings, queue_job

        bench = self._window.bench
        if bench is None or not self.can_score:
            return
        config = self._window.train_panel.request.config
        job = RunningJob(queue_job(bench.project, config, SelectSettings(**self.page.chosen_settings)), self)
        self._looked, self._job, self._scored_by_itself = True, job, True
        job.progressed.connect(self.page.job.show_progress)
        self.page.job.show_begun(self.tr("Scoring begins…"))
        self._show()
        self._window.tasks.start(self._follow(job))

    async def _follow(self, job: RunningJob[Queue]) -> None:
        try:
            await job.result()
        except Cancelled:
            self._scored_by_itself = False
            return
        except Exception:
            self._scored_by_itself = False  # trying again without being asked would fail again
            raise
        finally:
            self._job = None
            self.page.show_scoring(False, can_score=self.can_score)
            self.changed.emit()
        self.refresh()
        self.scored.emit()
        self._window.statusBar().showMessage(self.tr("The queue rests on new scores."), 5000)

    def stop(self) -> None:
        """Ask a scoring to stop."""
        if self._job is not None:
            self._job.cancel()
            self.page.job.show_stopping()

    def _score_every(self) -> None:
        """Score again by itself after so many masks, where the user wants it so."""
        every = self.page.every.value()
        due = self.queue is not None and every > 0 and self.queue.masks_since >= every
        if due and self._scored_by_itself and self.can_score and not self._window.putting_down:
            self.score()

    # Marks.

    @property
    def has_chosen(self) -> bool:
        return self.page.list.current is not None

    @property
    def can_mark(self) -> bool:
        """Whether something can be said of chosen images."""
        return self.has_chosen and self._window.bench is not None and not self._window.bench.readonly

    @property
    def pinned(self) -> bool:
        """Whether all chosen images are pinned."""
        return self._all_are("pinned")

    def _all_are(self, kind: str) -> bool:
        items = {item.image: item for item in self.queue.items} if self.queue is not None else {}
        marks = [items[image].mark for image in self.page.list.chosen if image in items]
        return bool(marks) and all(mark is not None and mark.kind == kind for mark in marks)

    def _selection(self) -> Selection:
        assert self._window.bench is not None
        return Selection(self._window.bench.session)

    def pin(self) -> None:
        """Pin the chosen images to the top, or let them go where all are pinned."""
        if self.can_mark:
            chosen = self.page.list.chosen
            (self._selection().unmark if self.pinned else self._selection().pin)(chosen)

    def skip(self) -> None:
        """Skip the chosen images for now, or take that back where all are skipped."""
        if self.can_mark:
            row = self.page.list.currentIndex().row()
            if self._all_are("later"):
                self._selection().unmark(self.page.list.chosen)
            else:
                self._selection().skip(self.page.list.chosen, forever=False)
                self.page.list.go_to_row(row)

    def ask_reason(self) -> None:
        """Ask in place why the chosen images shall never be asked for."""
        if self.can_mark:
            self.page.ask_reason()

    def _skip_for_ever(self, reason: str) -> None:
        self._told(self._selection().skip, self.page.list.chosen, forever=True, reason=reason)

    def _bring_back(self, image: ImageId) -> None:
        self._told(self._selection().unmark, [image])

    def _told(self, work: object, *arguments: object, **named: object) -> None:
        try:
            work(*arguments, **named)  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._window.show_error(error)

    def move(self, by: int) -> None:
        """Move a pinned image up or down among the pinned ones; pin one that is not."""
        image = self.page.list.current
        if image is None or not self.can_mark:
            return
        pinned = self._selection().pinned()
        if image in pinned:
            self._selection().reorder(image, max(pinned.index(image) + by, 0))
        elif by < 0:
            self._selection().reorder(image, len(pinned))
        else:
            said = self.tr("Only pinned images have an order of their own: P pins, S skips for now.")
            self._window.statusBar().showMessage(said, 5000)

    # The walk.

    @property
    def can_walk(self) -> bool:
        return self.queue is not None and bool(self.queue.items)

    @property
    def _images(self) -> Sequence[ImageId]:
        return [row.image for row in self.page.list.rows_model.rows]

    def open_chosen(self) -> None:
        """Open the image on which the list stands, with the keys going to the viewer."""
        if self.page.list.current is not None:
            self.open_image(self.page.list.current)

    def open_image(self, image: ImageId) -> None:
        """Open an image of the queue in the viewer; finishing it leads to the next one."""
        self._walked, images = image, self._images
        self._walked_row = images.index(image) if image in images else 0
        self.page.list.go(image)
        self.image_wanted.emit(image)
        self._window.viewer.setFocus()

    def walk(self, by: int) -> None:
        """Open the image of the queue that follows the current one, or goes before it."""
        images, current = self._images, self._window.bench.current if self._window.bench is not None else None
        if not images:
            return
        if current in images:
            row = images.index(current) + by
        elif current == self._walked:
            row = self._walked_row + min(by, 0)  # it has left the queue, and the next one has moved into its place
        else:
            row = 0
        self.open_image(images[min(max(row, 0), len(images) - 1)])

    def step_on(self) -> bool:
        """The work on the current image is done: go on where it came from the queue; False where it did not."""
        bench = self._window.bench
        if bench is None or self._walked is None or bench.current != self._walked:
            return False
        images = self._images
        after = list(images[images.index(self._walked) + 1 :]) if self._walked in images else []
        if not after:
            self.refresh()
            after = [image for image in self._images if image != self._walked]
        if after:
            self.open_image(after[0])
        else:
            self._window.statusBar().showMessage(self.tr("The queue is done: no further image waits for a mask."), 6000)
        return True
