"""The page of agreement where the image stands otherwise: figures, what is contested, both versions side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from defectstudio.app.agreement import Agreement, Contested, Rated
from defectstudio.app.agreement_detail import Detail
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.ui.agreement_words import by_word, kind_word, version_said
from defectstudio.ui.chart import Chart, Line, Pane
from defectstudio.ui.linked import LinkedViewers
from defectstudio.ui.mentor_words import figure
from defectstudio.ui.panels.results import percent
from defectstudio.ui.refine_grid import PanelGrid
from defectstudio.ui.sections.common import icon_button, muted, page_bar
from defectstudio.ui.theme import theme

VIEWERS, GRIDS, NOTHING = range(3)
LIST_WIDTH, COLUMNS = 400, 6


class Figures(QTableWidget):
    """A row for each kind of pair, then for each class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, COLUMNS, parent)
        heads = (
            self.tr("What"),
            self.tr("Class"),
            self.tr("Twice"),
            self.tr("Equal"),
            self.tr("Kappa"),
            self.tr("IoU"),
        )
        self.setHorizontalHeaderLabels(heads)
        self.setAccessibleName(self.tr("Figures of agreement"))
        self.setToolTip(
            self.tr("Twice: how many. Equal: share of equal answers in %. Kappa: beyond chance. IoU: overlap of masks.")
        )
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        for column in range(COLUMNS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_figures(self, found: Agreement, detail: Detail) -> None:
        """All rows anew."""
        rows = [(rated, self.tr("all")) for rated in found.rated]
        rows += [(one.rated, one.name) for one in detail.classes]
        self.setRowCount(len(rows))
        for row, (rated, name) in enumerate(rows):
            for column, text in enumerate(self._texts(rated, name)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column > 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)

    @staticmethod
    def _texts(rated: Rated, name: str) -> list[str]:
        figures = [percent(rated.share), figure(rated.kappa, 2), percent(rated.iou)]
        what = kind_word(rated.kind) if rated.by == "copies" else f"{kind_word(rated.kind)}\n{by_word(rated.by)}"
        return [what, name, str(rated.count), *figures]


class OverTime(Chart):
    """Equal answers and kappa, some pairs at a time, in the order in which they were given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        lines = (
            Line("share", self.tr("equal answers"), "#0072B2", "#56B4E9", percent=True),
            Line("kappa", self.tr("kappa"), "#B04A00", "#E69F00", Qt.PenStyle.DashLine),
        )
        super().__init__([Pane(lines[:1], 64), Pane(lines[1:], 64)], self.tr("part"), parent)
        self.setAccessibleName(self.tr("Agreement over time"))

    def show_detail(self, detail: Detail) -> None:
        """The moments from left to right; the tooltip says when they were."""
        shares = [(float(n), moment.share) for n, moment in enumerate(detail.moments, start=1)]
        kappas = [(float(n), m.kappa) for n, m in enumerate(detail.moments, start=1) if m.kappa is not None]
        self.show_points({"share": shares, "kappa": kappas})
        days = [datetime.fromtimestamp(moment.at).strftime("%Y-%m-%d %H:%M") for moment in detail.moments]
        self.setToolTip("\n".join(f"{n}: {day}" for n, day in enumerate(days, start=1)))


class AgreementPage(QWidget):
    """Emits what the user wants; is told what to show."""

    left = Signal()
    chosen = Signal(int)
    """The place of a contested thing in the list."""

    def __init__(self, button: Callable[..., QToolButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = Figures()
        self.over_time = OverTime()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("What is contested, the widest apart first"))
        self.count = QLabel()
        self.count.setProperty("role", "heading")
        self.linked = LinkedViewers()
        for viewer, name in (
            (self.linked.second, self.tr("The first version")),
            (self.linked.first, self.tr("The second version")),
        ):
            viewer.setAccessibleName(name)
            viewer.set_display(labels=True, heat=False, minimap=False)
        self.linked.second.show()
        self.grids = (PanelGrid(), PanelGrid())
        self.captions = tuple(QLabel() for _ in range(4))
        self.said = muted()
        self.stack = QStackedWidget()
        self._lay_out(button)
        self.list.currentRowChanged.connect(self.chosen)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.claim_room(False)

    def claim_room(self, wanted: bool) -> None:
        """Whether the window must be as wide as this page needs: not while the docks stand beside another page."""
        policy = QSizePolicy.Policy.Preferred if wanted else QSizePolicy.Policy.Ignored
        self.setSizePolicy(policy, policy)

    def _lay_out(self, button: Callable[..., QToolButton]) -> None:
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setChildrenCollapsible(False)
        body.setHandleWidth(2)
        body.addWidget(self._side())
        body.addWidget(self._versions())
        body.setStretchFactor(1, 1)
        body.setSizes([LIST_WIDTH + 150, 730])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar(button))
        whole.addWidget(body, 1)

    def _bar(self, button: Callable[..., QToolButton]) -> QFrame:
        bar, row = page_bar(self.tr("Agreement of labels"))
        row.addStretch(1)
        for key, text in (
            ("agreement.first", self.tr("Keep the first")),
            ("agreement.second", self.tr("Keep the second")),
            ("agreement.draw", self.tr("Draw it")),
        ):
            row.addWidget(button(key, text))
        self.close_button = icon_button("close", self.tr("Back to the image (Esc)"))
        self.close_button.clicked.connect(self.left)
        theme().changed.connect(self._tint)  # a method, which is let go of with the page
        row.addWidget(self.close_button)
        return bar

    def _tint(self) -> None:
        self.close_button.setIcon(theme().icon("close"))

    def _side(self) -> QWidget:
        side = QWidget()
        side.setMinimumWidth(LIST_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.figures, 3)
        column.addWidget(self.over_time)
        column.addWidget(self.count)
        column.addWidget(self.list, 4)
        return side

    def _versions(self) -> QWidget:
        viewers, heads = QWidget(), QHBoxLayout()
        for caption in self.captions[:2]:
            heads.addWidget(caption, 1)
        column = QVBoxLayout(viewers)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(heads)
        column.addWidget(self.linked, 1)
        grids = QWidget()
        rows = QVBoxLayout(grids)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        for caption, grid in zip(self.captions[2:], self.grids, strict=True):
            grid.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            for widget in (*grid.every(), grid.label):
                widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            rows.addWidget(caption)
            rows.addWidget(grid, 1)
        for caption in self.captions:
            caption.setProperty("role", "heading")
            caption.setContentsMargins(12, 4, 12, 2)
            caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        nothing = QLabel(self.tr("Choose something on the left to see both versions."), wordWrap=True)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (viewers, grids, nothing):
            self.stack.addWidget(page)
        self.nothing = nothing
        self.stack.setCurrentIndex(NOTHING)
        return self.stack

    # What is shown.

    def show_found(self, found: Agreement, detail: Detail, chosen: int) -> None:
        """Figures and list; stand on one of the contested things."""
        self.figures.show_figures(found, detail)
        self.over_time.setVisible(bool(detail.moments))
        self.over_time.show_detail(detail)
        self.count.setText(self.tr("%Ln contested", "", len(found.contested)))
        self.list.blockSignals(True)
        self.list.clear()
        for item in found.contested:
            self.list.addItem(self._row(item))
        self.list.blockSignals(False)
        if found.contested:
            self.list.setCurrentRow(min(max(chosen, 0), len(found.contested) - 1))
            self.chosen.emit(self.list.currentRow())
        else:
            said = self.tr("Nothing is contested.") if found.rated else self.tr("Nothing was labelled twice yet.")
            self.show_nothing(said)

    def _row(self, item: Contested) -> QListWidgetItem:
        versions = "  /  ".join(version_said(item.kind, said) for said in item.versions)
        names = " = ".join(item.names)
        said = [kind_word(item.kind), names, *([by_word(item.by)] if item.by else [])]
        made = QListWidgetItem(f"{' · '.join(said)}\n{versions}")
        made.setToolTip("\n".join([*said, versions]))
        return made

    def show_nothing(self, text: str) -> None:
        """No versions to see: say why."""
        self.nothing.setText(text)
        self.stack.setCurrentIndex(NOTHING)

    def say_versions(self, one: str, other: str) -> None:
        """What stands over both versions."""
        for place, text in enumerate((one, other, one, other)):
            self.captions[place].setText(text)
            self.captions[place].setToolTip(text)

    def show_answers(self, answers: Sequence[PanelAnswered]) -> None:
        """Two answers to one panel; the panel is shown already."""
        for grid, answered in zip(self.grids, answers, strict=True):
            grid.show_answer(answered.answer)
            grid.label.setEnabled(False)
        self.stack.setCurrentIndex(GRIDS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
