"""What the Refine workspace says of itself: in the panel, above the question, and where there is no question, why."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from defectstudio.ui.panels.refine import RefinePanel
from defectstudio.ui.refine_counts import Counts
from defectstudio.ui.refine_page import RefinePage
from defectstudio.ui.translations import decimal, number


@dataclass(frozen=True, slots=True)
class RefineState:
    """Facts: `newest` is the number of the newest finished round, None before the first; `asking`: a panel waits."""

    open: bool = False
    readonly: bool = False
    training: bool = False
    dense: bool = False
    """What is under way is a dense map, no training."""
    stopping: bool = False
    newest: int | None = None
    counts: Counts | None = None
    full: bool = False
    asking: bool = False
    images: int = 0


def _tr(text: str) -> str:
    return QCoreApplication.translate("RefineState", text)


def show_panel(panel: RefinePanel, state: RefineState) -> None:
    """Bring the panel up to date."""
    panel.setEnabled(state.open)
    panel.counts.show_counts(state.counts)
    panel.show_refining(state.newest is not None, writable=not state.readonly)
    panel.start.show_enabled(state.open and not state.readonly and not state.training and state.images > 0)
    panel.state.setText(state_words(state))
    panel.state.setVisible(bool(panel.state.text()))
    _show_job(panel, state)


def _show_job(where: RefinePanel | RefinePage, state: RefineState) -> None:
    if not state.training:
        where.job.show_ended()
    elif state.stopping:
        where.job.show_stopping()
    elif where.job.isHidden():
        where.job.show_begun(_tr("Starting"))


def state_words(state: RefineState) -> str:
    """Where the refinement stands, in a sentence or two."""
    if not state.open:
        return ""
    if state.dense:
        return _tr("A dense map is being made.")
    if state.training:
        return _tr("A round is being trained. You can go on with other work meanwhile.")
    if state.readonly:
        return _tr("This project is open for reading only: rounds can be looked at, panels not answered.")
    if state.newest is None:
        return _tr(
            "Turn coarse, wrong or missing labels into precise ones: compare small patches, fifty answers a round, "
            "and the network learns from them."
        )
    if state.full:
        return _tr("The round is full: train the next one, or go on answering.")
    return ""


def show_page(page: RefinePage, state: RefineState) -> None:
    """Bring the page up to date."""
    counts = state.counts
    page.title.setText(_tr("Refine") if counts is None else _tr("Refine, round {0}").format(counts.round))
    page.counts.setText("" if counts is None else _counted(counts))
    _show_job(page, state)
    if state.asking and not state.training and not state.readonly:
        page.show_work()
    else:
        page.show_message(*message(state))


def _counted(counts: Counts) -> str:
    said = _tr("{0} of {1} answers").format(number(counts.answers), number(counts.per_round))
    if counts.seconds is not None:
        said += " · " + _tr("{0} s each").format(decimal(counts.seconds, 1))
    return said


def message(state: RefineState) -> tuple[str, str, str, str]:
    """Title, text and the words of up to two buttons for a page without a question."""
    if state.training:
        return _training(state)
    if state.images == 0:
        return _tr("No images yet"), _tr("Import images first (Ctrl+I); then refine their labels here."), "", ""
    if state.readonly:
        return _tr("Reading only"), _tr("Close the project where it is open for writing to answer panels here."), "", ""
    if state.newest is None:
        text = _tr(
            "Begin with boxes, a run's segmentation or the labels you have. The network then shows an anchor and ten "
            "patches at a time: tick those that show the same thing. Fifty answers later it learns from them, and "
            "asks anew."
        )
        return _tr("No round yet"), text, _tr("Begin a refinement"), ""
    if state.full:
        text = _tr("All answers of this round are on disk. Training takes about a minute; you can work on meanwhile.")
        return _tr("This round is full"), text, _tr("Train the next round"), _tr("Go on with this round")
    text = _tr("Every pair that the network doubts was shown. Train the next round to be asked anew.")
    return _tr("Nothing left to ask"), text, "", ""


def _training(state: RefineState) -> tuple[str, str, str, str]:
    if state.dense:
        text = _tr("The newest round looks at every image; then the label maps change, as one step.")
        return _tr("A dense map is being made"), text, "", ""
    if state.newest is None:
        text = _tr("The network looks at patches of all images for the first time. The first panel then opens here.")
        return _tr("Round 0 is being trained"), text, "", ""
    text = _tr("The network learns from your answers. The next round opens here by itself.")
    return _tr("Round {0} is being trained").format(state.newest + 1), text, "", ""
