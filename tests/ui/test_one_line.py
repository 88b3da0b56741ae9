"""A label of one line that gives way."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from defectstudio.ui.one_line import OneLine

WORDS = "12 verdicts · 1.6 s each · 50 more until the next training · 25 waiting"


def test_what_does_not_fit_ends_in_an_ellipsis_and_is_told_by_the_tool_tip(qtbot: QtBot) -> None:
    label = OneLine("muted")
    qtbot.addWidget(label)
    label.setText(WORDS)
    label.resize(120, 24)
    label.show()
    assert label.shown().endswith("…")
    assert label.fontMetrics().horizontalAdvance(label.shown()) <= 120
    assert label.text() == WORDS
    assert label.toolTip() == WORDS


def test_what_fits_stands_there_whole_and_says_it_once(qtbot: QtBot) -> None:
    label = OneLine()
    qtbot.addWidget(label)
    label.resize(1200, 24)
    label.show()
    label.setText(WORDS)
    assert label.shown() == WORDS
    assert label.toolTip() == ""


def test_it_draws_what_it_shows(qtbot: QtBot) -> None:
    label = OneLine()
    qtbot.addWidget(label)
    label.resize(200, 24)
    label.show()
    blank = label.grab().toImage()
    label.setText(WORDS)
    assert label.grab().toImage() != blank
