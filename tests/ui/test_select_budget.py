"""What more masks are worth: the sentence, the advice, the empty state, and points that keys read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.app.selection_models import Budget, BudgetLine, BudgetPoint
from defectstudio.ui.select_budget import BudgetPage, gain_said
from defectstudio.ui.select_budget_chart import field_of
from tests.ui.robot import press
from tests.ui.test_actions import nameless, unreachable

LINE = BudgetLine(
    masks=[0, 10, 20, 40], value=[0.5, 0.7, 0.8, 0.85], low=[0.4, 0.6, 0.7, 0.7], high=[0.6, 0.8, 0.9, 1.0]
)


def point(masks: int, value: float) -> BudgetPoint:
    return BudgetPoint(run=f"run{masks}", name="", masks=masks, value=value, low=value - 0.1, high=value + 0.1)


def budget(*points: BudgetPoint, stop: bool = False, gain: float | None = 0.012) -> Budget:
    values = {"low": 0.003, "high": 0.02} if gain is not None else {"low": None, "high": None}
    return Budget.model_validate(
        {
            "figure": "pixel_ap",
            "points": list(points),
            "line": LINE if gain is not None else None,
            "more": 20,
            "gain": gain,
            "sentence": "",
            "stop": stop,
            "stop_sentence": "",
            "images": 24,
            "left_out": 1,
        }
        | values
    )


THREE = (point(0, 0.5), point(10, 0.7), point(20, 0.8))


@pytest.fixture
def page(qtbot: QtBot, app: QApplication) -> BudgetPage:
    made = BudgetPage()
    qtbot.addWidget(made)
    made.resize(340, 700)
    made.show()
    return made


def test_the_sentence_says_what_more_masks_are_worth_with_an_interval(app: QApplication) -> None:
    assert gain_said(budget(*THREE)) == "20 more masks are worth about +1.2 pixel AP (0.3 to 2.0)."
    worse = budget(*THREE).model_copy(update={"gain": -0.001, "low": -0.02})
    assert gain_said(worse) == "20 more masks are worth about −0.1 pixel AP (−2.0 to 2.0)."
    assert gain_said(budget(*THREE, gain=None)) == ""


def test_with_too_few_trainings_it_says_how_many_are_missing(page: BudgetPage) -> None:
    page.show_budget(None)
    assert page.advice.text().startswith("3 more trainings")
    assert not page.chart.isVisible()
    page.show_budget(budget(point(0, 0.5), point(10, 0.7), point(10, 0.72), gain=None))
    assert page.advice.text().startswith("1 more training ")
    assert page.chart.isVisible()
    assert not page.sentence.isVisible()


def test_the_advice_follows_the_least_gain(page: BudgetPage) -> None:
    page.show_budget(budget(*THREE))
    assert "may reach 0.5 points" in page.advice.text()
    page.least.setValue(3.0)
    assert page.wanted == ("pixel_ap", 3.0)
    page.show_budget(budget(*THREE, stop=True))
    assert page.advice.text() == "Stop here: even the hopeful end lies below 3.0 points."
    assert "24 held-out images" in page.basis.text()
    assert "1 run trained otherwise" in page.basis.text()
    assert (nameless(page), unreachable(page)) == ([], [])


def test_keys_read_the_points_and_a_screen_reader_hears_them(page: BudgetPage) -> None:
    page.show_budget(budget(*THREE))
    chart = page.chart
    press(chart, Qt.Key.Key_Left)
    assert chart.accessibleDescription() == "run20: 20 masks, 80.0 % (70.0–90.0)"
    press(chart, Qt.Key.Key_Left)
    assert chart.accessibleDescription() == "run10: 10 masks, 70.0 % (60.0–80.0)"
    assert chart.grab().width() > 0
    press(chart, Qt.Key.Key_Right)
    press(chart, Qt.Key.Key_Right)
    assert chart.read_at == 2


def test_the_axes_hold_all_points_their_intervals_and_the_curve() -> None:
    field = field_of(budget(*THREE), QRectF(0, 0, 100, 100))
    assert field.most == 40
    assert 0.9 < field.high <= 1.0
    assert 0.3 <= field.low < 0.4
    assert field.at(40, field.low).x() == 100
    assert field.at(0, field.high).y() == 0
    flat = field_of(budget(point(5, 1.0).model_copy(update={"low": None, "high": None}), gain=None), QRectF(0, 0, 9, 9))
    assert flat.high - flat.low >= 0.02 - 1e-9
