"""The form that begins a refinement: what the first label maps are, and how the network learns from them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox, QVBoxLayout, QWidget

from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.sections.common import Section, muted

KINDS = ("labels", "roi", "model", "noise")


def kind_word(kind: str) -> str:
    """What label maps a refinement began with, in two or three words."""
    translate = QCoreApplication.translate
    return {
        "labels": translate("Refine", "Labels as they are"),
        "roi": translate("Refine", "Boxes around the defects"),
        "model": translate("Refine", "A run's segmentation"),
        "noise": translate("Refine", "Noise"),
    }.get(kind, kind)


def kind_help(kind: str) -> str:
    """What happens to the label maps, in a sentence or two."""
    translate = QCoreApplication.translate
    return {
        "labels": translate("Refine", "Nothing is drawn anew: coarse, wrong or partial label maps are made finer."),
        "roi": translate(
            "Refine", "Each region becomes the box around it, the rest of its image healthy: the coarsest labels."
        ),
        "model": translate(
            "Refine", "Images tagged defective take over what a trained run sees in them; drawn maps are replaced."
        ),
        "noise": translate(
            "Refine", "Labels are drawn at random: the worst beginning there is, to see what answers alone bring."
        ),
    }.get(kind, "")


class StartForm(Section):
    """Emits `start_wanted`; what is chosen can be asked for."""

    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Begin a refinement"))
        self.kind, self.run, self.net = QComboBox(), QComboBox(), QComboBox()
        for kind in KINDS:
            self.kind.addItem(kind_word(kind), kind)
        for key, word in (
            ("fast", self.tr("fast (pretrained features)")),
            ("patchnet", self.tr("patchnet (the paper's)")),
        ):
            self.net.addItem(word, key)
        self.patch = QSpinBox(minimum=29, maximum=512, value=32)
        self.patch.setSuffix(self.tr(" px"))
        self.margin = QSpinBox(minimum=0, maximum=1000)
        self.margin.setSuffix(self.tr(" px"))
        self.steps = QSpinBox(minimum=1, maximum=1_000_000, value=600)
        self.steps.setGroupSeparatorShown(True)
        self.help = muted()
        self.note = muted(self.tr("Starting maps are one step of the history: Undo brings your labels back."))
        self.start = QPushButton(self.tr("Start and train"))
        self.start.setProperty("primary", "true")
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._refresh)
        self.start.clicked.connect(self.start_wanted)
        self._refresh()

    def _lay_out(self) -> None:
        grid = form_grid()
        add_row(grid, self.tr("&From"), self.kind)
        self.run_label = add_row(grid, self.tr("R&un"), self.run)
        self.margin_label = add_row(grid, self.tr("Mar&gin"), self.margin)
        add_row(grid, self.tr("Net&work"), self.net)
        add_row(grid, self.tr("&Patch"), self.patch)
        add_row(grid, self.tr("S&teps"), self.steps)
        for box in (self.kind, self.run, self.net):
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.help)
        column.addWidget(self.note)
        column.addWidget(self.start)
        self.column.addLayout(column)

    def show_runs(self, runs: Sequence[tuple[str, str]]) -> None:
        """The runs whose segmentation could be taken over: (id, name), the newest first."""
        chosen = self.run.currentData()
        self.run.clear()
        for run, name in runs:
            self.run.addItem(name, run)
        self.run.setCurrentIndex(max(0, self.run.findData(chosen)))
        self._refresh()

    def show_enabled(self, enabled: bool) -> None:
        """Whether a training could begin at all."""
        self.setEnabled(enabled)
        self._refresh()

    @property
    def chosen(self) -> str:
        """The kind of starting maps."""
        return str(self.kind.currentData())

    def _refresh(self, _row: int = 0) -> None:
        needs_run = self.chosen == "model"
        self.run.setVisible(needs_run)
        self.run_label.setVisible(needs_run)
        for part in (self.margin, self.margin_label):
            part.setVisible(self.chosen == "roi")
        self.note.setVisible(self.chosen != "labels")
        missing = needs_run and not self.run.count()
        self.help.setText(self.tr("There is no finished run yet: train one first.") if missing else self._help())
        self.start.setEnabled(not missing)

    def _help(self) -> str:
        return kind_help(self.chosen)
