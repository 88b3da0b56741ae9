"""How the refinement goes in figures: answers of this round, seconds an answer, flips, agreement with oneself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from defectstudio.ui.sections.common import Section
from defectstudio.ui.translations import decimal, number


@dataclass(frozen=True, slots=True)
class Counts:
    """`answers` of `per_round` panels are answered in this round; `agreement` 0..1, None before any blind panel."""

    round: int
    answers: int
    per_round: int
    seconds: float | None
    flips: int
    agreement: float | None


class CountsSection(Section):
    """Is told figures; asks for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("This round"))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Answers of this round"))
        self.column.addWidget(self.bar)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(4)
        self.figures: dict[str, QLabel] = {}
        for row, (key, word, help_text) in enumerate(
            (
                ("answers", self.tr("Answers"), ""),
                ("seconds", self.tr("Seconds per answer"), self.tr("The mean over this round.")),
                (
                    "flips",
                    self.tr("Labels changed"),
                    self.tr("Patches whose label an answer of this round turned into another."),
                ),
                (
                    "agreement",
                    self.tr("Agreement with yourself"),
                    self.tr("About one panel in twenty is shown again unnoticed; this is how alike both answers are."),
                ),
            )
        ):
            name, figure = QLabel(word), QLabel("–", alignment=Qt.AlignmentFlag.AlignRight)
            name.setProperty("role", "muted")
            for label in (name, figure):
                label.setToolTip(help_text)
            grid.addWidget(name, row, 0)
            grid.addWidget(figure, row, 1)
            self.figures[key] = figure
        self.column.addLayout(grid)

    def show_counts(self, counts: Counts | None) -> None:
        """The figures of the round that is refined; None while there is none."""
        self.setVisible(counts is not None)
        if counts is None:
            return
        self.heading.setText(self.tr("Round {0}").format(counts.round))
        self.bar.setRange(0, max(1, counts.per_round))
        self.bar.setValue(min(counts.answers, counts.per_round))
        said = self.tr("{0} of {1}").format(number(counts.answers), number(counts.per_round))
        self.figures["answers"].setText(said)
        self.figures["seconds"].setText("–" if counts.seconds is None else decimal(counts.seconds, 1))
        self.figures["flips"].setText(number(counts.flips))
        agreement = "–" if counts.agreement is None else f"{100 * counts.agreement:.0f} %"
        self.figures["agreement"].setText(agreement)
