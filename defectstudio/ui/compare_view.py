"""The sheet of a comparison: who is better, figures with intervals, curves laid over each other, differing settings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.compared import ComparedRun, Comparison
from defectstudio.domain.progress import Progress
from defectstudio.ui.chart import Chart, Pane
from defectstudio.ui.compare_words import (
    compared_on,
    differences_said,
    left_out,
    run_lines,
    setting_word,
    with_interval,
)
from defectstudio.ui.panels.results import percent
from defectstudio.ui.sections.common import Section, muted
from defectstudio.ui.words import split_word

ROW = 26
CHART_HEIGHT = 190
EVERY = "\0every"


class Figures(QTableWidget):
    """A small table that is as high as its rows, one column a run."""

    def __init__(self, name: str) -> None:
        super().__init__(0, 0)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def fill(self, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Show these rows: a title and a text for each column."""
        self.setRowCount(len(rows))
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(list(heads))
        self.setVerticalHeaderLabels([title for title, _ in rows])
        for row, (_, cells) in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + len(rows) * ROW + 2)


class CompareView(QWidget):
    """Shows a comparison, or how far it has come. Emits `changed` when it shall be made anew on other images."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.split = QComboBox()
        self.split.setAccessibleName(self.tr("Split on which the runs are compared"))
        self.split.setToolTip(self.split.accessibleName())
        self.with_trained = QCheckBox(self.tr("Also images that trained them"))
        self.again = QPushButton(self.tr("The labels have changed: compare again"))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of the comparison"))
        self.state = muted()
        self.verdict = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures = Figures(self.tr("Figures of the compared runs"))
        self.settings = Figures(self.tr("Settings in which the runs differ"))
        self.notes = muted()
        self._charts = QGridLayout()
        self._charts.setHorizontalSpacing(16)
        for column, title in enumerate((self.tr("Precision % at each recall %"), self.tr("Loss by epoch"))):
            self._charts.addWidget(muted(title), 0, column)
            self._charts.setColumnStretch(column, 1)
        self.charts: list[Chart] = []
        self._lay_out()
        self.split.currentIndexChanged.connect(self.changed)
        self.with_trained.toggled.connect(self.changed)
        self.again.clicked.connect(self.changed)

    def _lay_out(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(12)
        asked.addWidget(self.split)
        asked.addWidget(self.with_trained)
        asked.addStretch(1)
        asked.addWidget(self.again)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addWidget(self.verdict)
        body.addWidget(self.figures)
        body.addLayout(self._charts)
        self._differing = Section(self.tr("Settings that differ"))
        self._differing.column.addWidget(self.settings)
        body.addWidget(self._differing)
        body.addWidget(self.notes)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(12)
        column.addLayout(asked)
        column.addWidget(self.state)
        column.addWidget(self.bar)
        column.addWidget(self._body)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def offer(self, splits: Sequence[str], chosen: str | None) -> None:
        """Offer the splits of a project, and stand on one of them (None: all). Emits nothing."""
        self.split.blockSignals(True)
        self.split.clear()
        self.split.addItem(self.tr("All splits"), EVERY)
        for split in splits:
            self.split.addItem(self.tr("Split {0}").format(split_word(split)), split)
        self.split.setCurrentIndex(max(self.split.findData(EVERY if chosen is None else chosen), 0))
        self.split.blockSignals(False)

    @property
    def wanted_split(self) -> str | None:
        """The split to compare on, None for all."""
        chosen = self.split.currentData()
        return None if chosen == EVERY else chosen

    def show_begun(self) -> None:
        """A comparison is being made."""
        self._body.hide()
        self.again.hide()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.state.setText(self.tr("Comparing…"))

    def show_progress(self, batch: Sequence[Progress]) -> None:
        """How far it has come."""
        self.bar.setRange(0, batch[-1].total)
        self.bar.setValue(batch[-1].done)

    def show_failed(self, text: str) -> None:
        """It cannot be made; say why."""
        self.bar.hide()
        self.state.setText(text)

    def show_outdated(self) -> None:
        """Labels have changed since."""
        self.again.setVisible(self._body.isVisibleTo(self))

    def show_comparison(self, comparison: Comparison) -> None:
        """Show what was found."""
        self.bar.hide()
        self.state.setText(compared_on(comparison))
        self.verdict.setText("<br>".join(differences_said(comparison)))
        heads = [run.title for run in comparison.runs]
        self.figures.fill(heads, self._figure_rows(comparison.runs))
        self._show_charts(comparison.runs)
        self._differing.setVisible(bool(comparison.settings))
        self.settings.fill(heads, [(setting_word(one.name), one.values) for one in comparison.settings])
        self.notes.setText("\n".join(left_out(comparison)))
        self.notes.setVisible(bool(self.notes.text()))
        self._body.show()

    def _figure_rows(self, runs: Sequence[ComparedRun]) -> list[tuple[str, list[str]]]:
        return [
            (self.tr("AP %"), [with_interval(run.ap) for run in runs]),
            (self.tr("Pixel AP %"), [with_interval(run.pixel_ap) for run in runs]),
            (self.tr("F1 %"), [with_interval(run.f1) for run in runs]),
            (self.tr("Correct %"), [with_interval(run.ca) for run in runs]),
            (self.tr("AUC %"), [percent(run.auc) for run in runs]),
            (self.tr("IoU %"), [percent(run.iou) for run in runs]),
            (self.tr("False alarms"), [str(run.fp) for run in runs]),
            (self.tr("Missed"), [str(run.fn) for run in runs]),
        ]

    def _show_charts(self, runs: Sequence[ComparedRun]) -> None:
        for old in self.charts:
            self._charts.removeWidget(old)
            old.deleteLater()
        found = Chart([Pane(run_lines(runs, percent=True), CHART_HEIGHT)], self.tr("recall"))
        found.setAccessibleName(self.tr("Best precision at each recall, run by run"))
        found.show_points({run.run: reached_precision(run) for run in runs})
        learnt = Chart([Pane(run_lines(runs, percent=False), CHART_HEIGHT)], self.tr("epoch"))
        learnt.setAccessibleName(self.tr("Loss over epochs, run by run"))
        learnt.show_points({run.run: loss_points(run) for run in runs})
        self.charts = [found, learnt]
        for column, chart in enumerate(self.charts):
            chart.setToolTip(chart.accessibleName())
            self._charts.addWidget(chart, 1, column)


def reached_precision(run: ComparedRun) -> list[tuple[float, float]]:
    """The best precision at which a run still finds so many percent of the defective images: 0, 1, ... 100."""
    best: list[float] = []
    for value in reversed(run.precision):
        best.append(max(value, best[-1]) if best else value)
    best.reverse()
    at = [min(bisect_left(run.recall, whole / 100 - 1e-9), len(best) - 1) for whole in range(101)]
    return [(float(whole), best[k]) for whole, k in enumerate(at)] if best else []


def loss_points(run: ComparedRun) -> list[tuple[float, float]]:
    """The loss by epoch; the epochs of later phases are counted on."""
    found: list[tuple[float, float]] = []
    for row in run.training:
        if "loss" in row:
            last = found[-1][0] if found else 0.0
            found.append((max(row.get("epoch", 0.0), last + 1), row["loss"]))
    return found
