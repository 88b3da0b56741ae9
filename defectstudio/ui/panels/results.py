"""The Results panel: which run is shown, how it was trained, and its figures split by split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.evaluation import Evaluation, SplitFigures
from defectstudio.app.runs import RunRow
from defectstudio.data.runs import RunRecord
from defectstudio.ui.panels.runs_model import started_words, state_word
from defectstudio.ui.timing import in_words
from defectstudio.ui.translations import decimal, number


def percent(value: float | None) -> str:
    """A figure in 0..1 as percent, a dash where it is not defined."""
    return "–" if value is None else decimal(100 * value, 1)


def run_title(row: RunRow) -> str:
    """One line that tells a run from the others: name or local time, network, masks, state where it is unusual."""
    translate = QCoreApplication.translate
    parts = [row.name or (row.id if row.created is None else started_words(row))]
    if row.net is not None and row.masks is not None:
        tags_only = translate("ResultsPanel", "tags only")
        parts += [row.net, translate("ResultsPanel", "%Ln mask(s)", "", row.masks) if row.masks else tags_only]
    if row.state != "finished":
        parts.append(state_word(row, training=False).lower())
    return f"{'★ ' if row.starred else ''}{' · '.join(parts)}"


def _of_class(split: SplitFigures, name: str, figure: str) -> str:
    """One figure of one defect class, in per cent; a dash where the split does not show it."""
    found = split.classes.get(name)
    return percent(None if found is None else getattr(found, figure))


class ResultsPanel(QWidget):
    """Emits `run_chosen`; is told the runs and the figures."""

    run_chosen = Signal(object)
    """The id of a run, or None for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = QComboBox(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon, minimumContentsLength=12
        )
        self.chooser.setAccessibleName(self.tr("Training run whose scores and heat maps are shown"))
        self.chooser.setToolTip(self.chooser.accessibleName())
        self.about = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about.setProperty("role", "muted")
        self.table = self._make_table()
        self.hint = QLabel(wordWrap=True)
        self.hint.setProperty("role", "muted")
        self._runs: dict[str, RunRow] = {}
        self._figures: Evaluation | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 12, 12, 12)
        whole.setSpacing(10)
        for widget in (self.chooser, self.about, self.hint):
            whole.addWidget(widget)
        whole.addWidget(self.table)
        whole.addStretch(1)
        self.chooser.currentIndexChanged.connect(self._chosen)
        self.show_runs([], None)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 0)
        table.setAccessibleName(self.tr("Figures of the run"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.setCornerButtonEnabled(False)
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return table

    def show_runs(self, runs: Sequence[RunRow], chosen: str | None) -> None:
        """Offer these runs, oldest first, and stand on one of them. Emits nothing."""
        self._runs = {row.id: row for row in runs}
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for row in reversed(runs):
            self.chooser.addItem(run_title(row), row.id)
        if runs:
            self.chooser.addItem(self.tr("None (hide scores and heat maps)"), None)
        self.chooser.blockSignals(False)
        self.chooser.setEnabled(bool(runs))
        self.stand_on(chosen)

    def stand_on(self, run: str | None) -> None:
        """Stand on one of the runs. Emits nothing."""
        self.chooser.blockSignals(True)
        self.chooser.setCurrentIndex(self.chooser.findData(run) if self._runs else -1)
        self.chooser.blockSignals(False)
        known = self._figures
        self.show_figures(known if known is not None and known.run == run else None)

    def _chosen(self) -> None:
        self.show_figures(None)
        self.run_chosen.emit(self.chooser.currentData())

    def show_figures(self, evaluation: Evaluation | None) -> None:
        """The figures of the chosen run; None while they are being computed."""
        self._figures = evaluation
        row = self._runs.get(self.chooser.currentData())
        self.about.setVisible(row is not None and row.record is not None)
        self.about.setText("" if row is None or row.record is None else self._about(row, row.record))
        self.table.setVisible(evaluation is not None and bool(evaluation.splits))
        self.hint.setVisible(not self.table.isVisibleTo(self))
        self.hint.setText(self._hint(row, evaluation))
        if evaluation is not None:
            self._fill(evaluation.splits)

    def _hint(self, row: RunRow | None, evaluation: Evaluation | None) -> str:
        if not self._runs:
            return self.tr(
                "No detector has been trained yet. Tag some images good and some defective, then press Ctrl+T."
            )
        if row is None:
            return self.tr("Choose a run to see its scores and heat maps.")
        if row.problem:
            return row.problem
        if row.state == "stopped":
            return self.tr("This run was stopped before its end and has no predictions.")
        if row.state == "running":
            return self.tr("This run has not come to its end and has no predictions.")
        if not row.has_predictions:
            return self.tr("This run has no predictions yet.")
        if evaluation is None:
            return self.tr("Computing figures…")
        return self.tr("No tagged image has a prediction of this run.")

    def _about(self, row: RunRow, record: RunRecord) -> str:
        parts = [
            self.tr("{0} epochs").format(record.config.epochs),
            self.tr("{0} images").format(len(record.images)),
            self.tr("trained in {0}").format(in_words(record.seconds)),
            self.tr("seed {0}").format(record.config.seed),
            self.tr("threshold {0}").format(decimal(record.threshold, 2)),
        ]
        facts = " · ".join(parts)
        return f"{facts}\n{row.note}" if row.note else facts

    def _fill(self, splits: Sequence[SplitFigures]) -> None:
        rows: list[tuple[str, Callable[[SplitFigures], str]]] = [
            (self.tr("Images"), lambda s: number(s.images)),
            (self.tr("Defective"), lambda s: number(s.defective)),
            (self.tr("AP %"), lambda s: percent(s.ap)),
            (self.tr("AUC %"), lambda s: percent(s.auc)),
            (self.tr("Best F1 %"), lambda s: percent(s.best_f1)),
            (self.tr("Correct %"), lambda s: percent(s.ca)),
            (self.tr("False alarms"), lambda s: str(s.fp)),
            (self.tr("Missed"), lambda s: str(s.fn)),
            (self.tr("Pixel AP %"), lambda s: percent(s.pixel_ap)),
            (self.tr("IoU %"), lambda s: percent(s.iou)),
        ]
        for name in sorted({name for split in splits for name in split.classes}):
            rows += [
                (self.tr("AP % of {0}").format(name), partial(_of_class, name=name, figure="ap")),
                (self.tr("IoU % of {0}").format(name), partial(_of_class, name=name, figure="iou")),
            ]
        self.table.setRowCount(len(rows))
        self.table.setColumnCount(len(splits))
        self.table.setVerticalHeaderLabels([name for name, _ in rows])
        self.table.setHorizontalHeaderLabels([split.split or self.tr("all") for split in splits])
        for row, (_, value) in enumerate(rows):
            for column, split in enumerate(splits):
                cell = QTableWidgetItem(value(split))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, cell)
        height = self.table.horizontalHeader().sizeHint().height() + len(rows) * 26 + 2
        self.table.setFixedHeight(height)
