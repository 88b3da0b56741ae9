"""The queue page: which images to segment next and why, how they are chosen, and what was skipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.domain.labels import ImageId
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.sections.common import muted
from defectstudio.ui.select_heat import HeatThumbnails
from defectstudio.ui.select_job_bar import JobBar
from defectstudio.ui.select_rows import ListRow, RowsList
from defectstudio.ui.select_words import strategy_help, strategy_word

MOST_AT_ONCE = 500
MOST_IN_MENU = 20
ROW_KEYS = ("open", "pin", "skip", "never", "up", "down")


class ReasonLine(QLineEdit):
    """Where a reason is written; Esc leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class QueuePage(QWidget):
    """Emits what the user wants; is told what to show."""

    choice_changed = Signal()
    """Another strategy, size or rule of the queue is wanted."""
    opened = Signal(int)
    reason_given = Signal(str)
    returned = Signal(int)
    """This skipped image shall come back."""

    def __init__(self, pictures: HeatThumbnails, strategies: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strategy = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon, minimumContentsLength=10
        )
        for name in strategies:
            self.strategy.addItem(strategy_word(name), name)
            self.strategy.setItemData(self.strategy.count() - 1, strategy_help(name), Qt.ItemDataRole.ToolTipRole)
        self.batch = QSpinBox(minimum=1, maximum=MOST_AT_ONCE, value=10)
        self._make_rules()
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "problem")
        self.job = JobBar(self.tr("Progress of the scoring"), self.tr("Stop scoring"))
        self.list = RowsList(pictures, self.tr("Images to segment next"))
        self.empty = muted()
        self.reason = ReasonLine(placeholderText=self.tr("Why never? Enter to keep, Esc to leave"))
        self.reason.setAccessibleName(self.tr("Why this image shall never be asked for"))
        self.counts = muted()
        self.skipped = QToolButton(autoRaise=True, popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.skipped.setMenu(QMenu(self.skipped))
        self.skipped.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons, self._score_row = QHBoxLayout(), QHBoxLayout()
        self._lay_out()
        self._connect()
        self.reason.hide()
        self._fold(False)
        self.show_skipped([])
        self.show_rows([], note="", empty="")

    def _make_rules(self) -> None:
        self.rules = QToolButton(autoRaise=True)
        self.rules.setCheckable(True)
        self.rules.setText(self.tr("Rules"))
        self.rules.setToolTip(self.tr("More about how images are chosen"))
        self.rules.setAccessibleName(self.rules.toolTip())
        self.rules.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rules.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.each_class = QSpinBox(minimum=0, maximum=100)
        self.each_class.setSpecialValueText(self.tr("no matter"))
        self.folds = QSpinBox(minimum=2, maximum=10, value=2)
        self.every = QSpinBox(minimum=0, maximum=1000)
        self.every.setSpecialValueText(self.tr("only when I ask"))
        self.every.setSuffix(self.tr(" masks"))
        for spin in (self.each_class, self.folds, self.every, self.batch):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.once = QCheckBox(self.tr("Each part once (by group)"))
        self.calibrate = QCheckBox(self.tr("Bring the folds to one scale"))
        for check in (self.once, self.calibrate):
            check.setChecked(True)
        self.body = QWidget()
        form = form_grid()
        form.setContentsMargins(0, 0, 0, 0)
        add_row(form, self.tr("At least of each &class"), self.each_class)
        add_row(form, self.tr("&Folds to score with"), self.folds)
        add_row(form, self.tr("Score again e&very"), self.every)
        at = form.rowCount()
        form.addWidget(self.once, at, 0, 1, 2)
        form.addWidget(self.calibrate, at + 1, 0, 1, 2)
        self.body.setLayout(form)
        self.folds.setToolTip(self.tr("Models to train; each image is scored by one that never trained on it."))
        self.calibrate.setToolTip(self.tr("Each fold's threshold becomes one half before images are compared."))

    def _lay_out(self) -> None:
        form = form_grid()
        add_row(form, self.tr("&Ask for"), self.strategy)
        add_row(form, self.tr("Images at &once"), self.batch, self.rules)
        below = QHBoxLayout()
        below.addWidget(self.counts, 1)
        below.addWidget(self.skipped)
        self._buttons.setSpacing(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 12)
        whole.setSpacing(8)
        whole.addLayout(form)
        whole.addWidget(self.body)
        whole.addLayout(self._score_row)
        whole.addWidget(self.job)
        whole.addWidget(self.note)
        whole.addWidget(self.empty)
        whole.addWidget(self.list, 1)
        whole.addWidget(self.reason)
        whole.addLayout(self._buttons)
        whole.addLayout(below)
        whole.addStretch(0)

    def _connect(self) -> None:
        for box in (self.batch, self.each_class):
            box.valueChanged.connect(self.choice_changed)
        self.strategy.currentIndexChanged.connect(self._strategy_changed)
        for check in (self.once, self.calibrate):
            check.toggled.connect(self.choice_changed)
        self.rules.toggled.connect(self._fold)
        self.list.doubleClicked.connect(lambda _index: self._open())
        self.reason.returnPressed.connect(self._reason_given)
        self.reason.left.connect(self._leave_reason)
        self.skipped.menu().triggered.connect(lambda action: self.returned.emit(action.data()))
        self._strategy_changed()

    def arrange(self, button: Callable[..., QToolButton]) -> None:
        """Put in the buttons of the actions that belong here; `button(key, text)` makes one."""
        self.again = QPushButton(self.tr("Score again"))
        action = button("select.score").defaultAction()
        self.again.clicked.connect(action.trigger)
        self.again.setToolTip(action.toolTip())
        self._score_row.addWidget(self.again, 1)
        self._score_row.addWidget(button("select.map", self.tr("Map")))
        for key in ROW_KEYS:
            self._buttons.addWidget(button(f"select.{key}"))
        self._buttons.addStretch(1)

    def _fold(self, opened: bool) -> None:
        self.body.setVisible(opened)

    def _strategy_changed(self) -> None:
        words = strategy_help(self.strategy.currentData())
        self.strategy.setToolTip(words)
        self.strategy.setAccessibleDescription(words)
        self.choice_changed.emit()

    @property
    def chosen_settings(self) -> dict[str, Any]:
        """What is set up, by the fields of `SelectSettings`."""
        return {
            "strategy": self.strategy.currentData(),
            "folds": self.folds.value(),
            "batch": self.batch.value(),
            "each_class": self.each_class.value(),
            "calibrate": self.calibrate.isChecked(),
            "once_per_group": self.once.isChecked(),
        }

    def choose(self, wanted: Mapping[str, Any]) -> None:
        """Set up what was chosen before; a value that does not fit leaves the control as it is."""
        numbers = {"folds": self.folds, "batch": self.batch, "each_class": self.each_class, "every": self.every}
        for name, box in numbers.items():
            if isinstance(wanted.get(name), int):
                box.setValue(wanted[name])
        for name, check in {"calibrate": self.calibrate, "once_per_group": self.once}.items():
            if isinstance(wanted.get(name), bool):
                check.setChecked(wanted[name])
        self.strategy.setCurrentIndex(max(0, self.strategy.findData(wanted.get("strategy"))))

    def show_rows(self, rows: Sequence[ListRow], *, note: str, empty: str) -> None:
        """The queue, a note above it, or what to do where there is none."""
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.empty.setText(empty)
        self.empty.setVisible(bool(empty))
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def show_counts(self, segmented: int, waiting: int) -> None:
        """How many defective images have a mask, and how many wait for one."""
        so_far = self.tr("%Ln segmented so far", "", segmented)
        self.counts.setText(f"{so_far} · {self.tr('%Ln waiting', '', waiting)}")

    def show_skipped(self, skipped: Sequence[tuple[ImageId, str]]) -> None:
        """The skipped images, (image, words), each of which can come back."""
        menu = self.skipped.menu()
        menu.clear()
        for image, words in skipped[:MOST_IN_MENU]:
            menu.addAction(words.replace("&", "&&")).setData(image)
        self.skipped.setText(self.tr("%Ln skipped", "", len(skipped)))
        self.skipped.setToolTip(self.tr("Bring a skipped image back"))
        self.skipped.setAccessibleName(f"{self.skipped.text()}: {self.skipped.toolTip()}")
        self.skipped.setVisible(bool(skipped))

    def show_scoring(self, scoring: bool, *, can_score: bool) -> None:
        """Whether a scoring is under way, and whether one could begin."""
        self.again.setVisible(not scoring)
        self.again.setEnabled(can_score)
        if not scoring:
            self.job.show_ended()

    def ask_reason(self) -> None:
        """Let the user write why the chosen images shall never be asked for."""
        self.reason.clear()
        self.reason.show()
        self.reason.setFocus()

    def _reason_given(self) -> None:
        text = self.reason.text().strip()
        if text:
            self._leave_reason()
            self.reason_given.emit(text)

    def _leave_reason(self) -> None:
        self.reason.hide()
        self.list.setFocus()

    def _open(self) -> None:
        if self.list.current is not None:
            self.opened.emit(self.list.current)
