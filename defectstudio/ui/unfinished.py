"""What is said of trainings that did not reach their end, and the ways to go on with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from defectstudio.data.runs import RunRecord
from defectstudio.domain.errors import OutOfMemory
from defectstudio.ui.notices import Notice, Notices
from defectstudio.ui.panels.history import when_words
from defectstudio.ui.queue_list import net_word


def run_words(record: RunRecord) -> str:
    """One line that tells a run from the others: its name or its start, network, epochs, masks."""
    translate = QCoreApplication.translate
    started = when_words(datetime.fromisoformat(record.created).timestamp())
    masks = len(record.segmented)
    return " · ".join(
        [
            record.name or started,
            net_word(record.config.net),
            translate("Queue", "%Ln epoch(s)", "", record.config.epochs),
            translate("Queue", "%Ln mask(s)", "", masks) if masks else translate("Queue", "tags only"),
        ]
    )


def worth_offering(unfinished: Sequence[RunRecord], known: Sequence[RunRecord]) -> RunRecord | None:
    """The newest unfinished run, unless a finished one is newer: then nobody waits for it any more."""
    newest = max(unfinished, key=lambda record: record.created, default=None)
    finished = [record.created for record in known if record.status == "finished"]
    return newest if newest is not None and newest.created >= max(finished, default="") else None


class UnfinishedRuns(QObject):
    """Notices about them. `go_on(run, batch)` and `discard(run)` do what the buttons say."""

    def __init__(
        self,
        notices: Notices,
        go_on: Callable[[str, int | None], None],
        discard: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._notices, self._go_on, self._discard = notices, go_on, discard
        self.question: QMessageBox | None = None

    def offer(self, record: RunRecord, *, can_discard: bool) -> Notice:
        """A training of an earlier day can go on."""
        said = {
            "running": self.tr("A training was interrupted: {0}."),
            "failed": self.tr("A training broke off: {0}."),
        }.get(record.status, self.tr("A training was stopped before its end: {0}."))
        hint = record.error or self.tr("It can go on after its last whole epoch, on the labels as they were.")
        others = [(self.tr("Discard…"), lambda: self._ask(record, notice))] if can_discard else []
        notice: Notice = self._notices.show_notice(
            "info",
            said.format(run_words(record)),
            hint,
            button=self.tr("Go on"),
            run=lambda: self._go_on(record.id, None),
            others=others,
        )
        return notice

    def _ask(self, record: RunRecord, notice: Notice) -> None:
        """Nothing brings a discarded training back, so ask; the way that loses nothing is the default."""
        parent = notice.window()
        question = self.question = QMessageBox(parent if isinstance(parent, QWidget) else None)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(self.tr("Discard this training?"))
        question.setInformativeText(self.tr("What it has learnt is removed from the disk. This cannot be undone."))
        discard = question.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        discard.clicked.connect(lambda: self._discard(record.id))
        discard.clicked.connect(notice.close_notice)
        question.finished.connect(question.deleteLater)
        question.open()

    def stopped(self, record: RunRecord) -> Notice:
        """The user has stopped a training."""
        return self._notices.show_notice(
            "info",
            self.tr("The training was stopped. What it had learnt is kept as run {0}, without predictions.").format(
                record.id
            ),
            button=self.tr("Go on"),
            run=lambda: self._go_on(record.id, None),
        )

    def out_of_memory(self, run: str, error: OutOfMemory) -> Notice:
        """The memory was too small for a training; one button goes on with less."""
        if error.smaller_batch is None:
            return self._notices.show_error(error)
        batch = error.smaller_batch
        return self._notices.show_notice(
            "error",
            error.message,
            self.tr("What was learnt so far is kept."),
            button=self.tr("Go on with batch {0}").format(batch),
            run=lambda: self._go_on(run, batch),
        )
