"""The budget page: what further masks are worth by the trainings so far, and whether to stop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QVBoxLayout, QWidget

from defectstudio.app.selection_models import Budget, Figure
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.sections.common import muted
from defectstudio.ui.select_budget_chart import BudgetChart
from defectstudio.ui.select_job_bar import JobBar
from defectstudio.ui.translations import decimal

LEAST_RUNS = 3
LEAST_GAIN = 0.5
"""Percentage points that a further round of masks must promise."""


def figure_word(figure: str) -> str:
    """The name of a figure in a sentence."""
    translate = QCoreApplication.translate
    return {
        "ap": translate("Budget", "image AP"),
        "pixel_ap": translate("Budget", "pixel AP"),
        "iou": translate("Budget", "IoU"),
    }[figure]


def gain_said(budget: Budget) -> str:
    """What more masks are worth, in a sentence; "" where nothing can be said yet."""
    if budget.gain is None or budget.low is None or budget.high is None:
        return ""
    sign = "−" if budget.gain < 0 else "+"
    words = QCoreApplication.translate(
        "Budget", "%Ln more mask(s) are worth about {0} {1} ({2} to {3}).", "", budget.more
    )
    low, high = (decimal(100 * value, 1).replace("-", "−") for value in (budget.low, budget.high))
    return words.format(f"{sign}{decimal(abs(100 * budget.gain), 1)}", figure_word(budget.figure), low, high)


class BudgetPage(QWidget):
    """Emits `choice_changed` when another figure or threshold is chosen; is told what to show."""

    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = QComboBox()
        for key in ("ap", "pixel_ap", "iou"):
            word = figure_word(key)
            self.figure.addItem(word[:1].upper() + word[1:], key)
        self.figure.setCurrentIndex(1)  # image AP is nearly full with few masks; masks pay in where a defect is found
        self.least = QDoubleSpinBox(minimum=0.0, maximum=20.0, singleStep=0.1, decimals=1, value=LEAST_GAIN)
        self.least.lineEdit().setTextMargins(6, 0, 0, 0)
        self.least.setSuffix(self.tr(" points"))
        self.job = JobBar(self.tr("Progress of the measuring"), self.tr("Stop measuring"))
        self.chart = BudgetChart()
        self.sentence = QLabel(wordWrap=True)
        self.sentence.setProperty("role", "heading")
        self.advice = QLabel(wordWrap=True)
        self.basis = muted()
        form = form_grid()
        add_row(form, self.tr("&Figure"), self.figure)
        add_row(form, self.tr("&Stop below a gain of"), self.least)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 12)
        whole.setSpacing(10)
        whole.addLayout(form)
        for widget in (self.job, self.chart, self.sentence, self.advice, self.basis):
            whole.addWidget(widget)
        whole.addStretch(1)
        self.figure.currentIndexChanged.connect(self.choice_changed)
        self.least.valueChanged.connect(self.choice_changed)
        self.show_budget(None)

    @property
    def wanted(self) -> tuple[Figure, float]:
        """The figure, and the least gain in points that is worth the work."""
        return self.figure.currentData(), self.least.value()

    def show_begun(self) -> None:
        """The runs are being measured."""
        self.job.show_begun(self.tr("Measuring the runs…"))

    def show_budget(self, budget: Budget | None) -> None:
        """Show what the trainings so far say; None where there is none to go by."""
        self.job.show_ended()
        points = budget.points if budget is not None else []
        self.chart.show_budget(budget if points else None)
        self.chart.setVisible(bool(points))
        said = gain_said(budget) if budget is not None else ""
        self.sentence.setText(said)
        self.sentence.setVisible(bool(said))
        advice = self._advice(budget, {point.masks for point in points})
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.basis.setText(self._basis(budget) if budget is not None and points else "")
        self.basis.setVisible(bool(self.basis.text()))

    def _advice(self, budget: Budget | None, numbers: set[int]) -> str:
        if len(numbers) < LEAST_RUNS:
            missing = LEAST_RUNS - len(numbers)
            return self.tr(
                "%Ln more training(s) with another number of masks are needed for a curve. "
                "Draw some masks, then press Ctrl+T; only figures on images that trained no run count.",
                "",
                missing,
            )
        if budget is None or budget.gain is None:
            return self.tr("Nothing can be said of more masks yet.")
        least = decimal(self.least.value(), 1)
        if budget.stop:
            return self.tr("Stop here: even the hopeful end lies below {0} points.").format(least)
        return self.tr("Going on can pay: the gain may reach {0} points or more.").format(least)

    def _basis(self, budget: Budget) -> str:
        text = self.tr("Measured on %Ln held-out image(s); intervals hold 90 %.", "", budget.images)
        if budget.left_out:
            text += " " + self.tr("%Ln run(s) trained otherwise are left out.", "", budget.left_out)
        return text
