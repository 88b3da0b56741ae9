"""The curves of a training: axes, reading values, growing point by point, and leaving the window as CSV and PNG."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.domain.errors import DefectStudioError
from defectstudio.ui.chart import Line, Pane, Scale
from defectstudio.ui.curve import TrainingCurves
from defectstudio.ui.theme import DARK, LIGHT, contrast, theme
from defectstudio.ui.ticks import linear_ticks, log_ticks, short, wants_log


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-6, 1e6), most=st.integers(1, 12))
def test_ticks_lie_within_the_axis_and_are_not_too_many(low: float, span: float, most: int) -> None:
    high = low + span
    if not high > low:
        return
    ticks = linear_ticks(low, high, most)
    assert len(ticks) <= most + 1
    # Far from zero an axis may be so short that neighbouring numbers are a part of it.
    slack = 1e-6 * span + 4 * math.ulp(max(abs(low), abs(high)))
    assert all(low - slack <= tick <= high + slack for tick in ticks)


def test_ticks_are_round_numbers() -> None:
    assert linear_ticks(0, 1, 4) == [0, 0.5, 1]
    assert linear_ticks(0, 12, 6) == [0, 2, 4, 6, 8, 10, 12]
    assert log_ticks(0.008, 4, 5) == [0.01, 0.1, 1]
    assert log_ticks(0.15, 0.9, 5) == [0.2, 0.5]


def test_values_that_span_much_get_a_logarithmic_axis() -> None:
    pane = Pane((Line("loss", "loss", "#000000", "#ffffff"),), 100)
    assert not wants_log([0.0, 0.5, 1.0])
    scale = Scale.of(pane, [3.0, 0.01, 0.0])
    assert scale.log
    assert scale.place(3.0) > scale.place(0.3) > scale.place(0.01) >= 0
    assert scale.place(0.0) == 0.0


def test_numbers_are_short(app: QApplication) -> None:
    assert [short(value) for value in (0.25, 12, 3e-7, 1234567)] == ["0.25", "12", "3e-7", "1.23e6"]


@pytest.fixture
def curves(qtbot: QtBot, app: QApplication) -> TrainingCurves:
    made = TrainingCurves()
    qtbot.addWidget(made)
    made.resize(320, made.sizeHint().height())
    made.show()
    return made


def epoch(number: int, **more: float) -> dict[str, float]:
    return {"epoch": number, "loss": 1 / number, "loss_seg": 0.5, "loss_cls": 0.2, "lr": 1e-3, **more}


def test_a_second_phase_goes_on_where_the_first_ended(curves: TrainingCurves) -> None:
    curves.add([epoch(1), epoch(2), {"loss": 4.0}, epoch(1), epoch(2)])
    assert [row["epoch"] for row in curves.rows] == [1, 2, 3, 4]


def test_a_pane_without_figures_takes_no_room(curves: TrainingCurves) -> None:
    curves.add([epoch(1)])
    without = curves.sizeHint().height()
    curves.add([epoch(2, ap=0.9)])
    assert curves.sizeHint().height() > without
    curves.clear_points()
    assert curves.rows == []
    assert curves.sizeHint().height() < without


def test_the_mouse_reads_the_nearest_epoch_and_forgets_it_outside(curves: TrainingCurves, qtbot: QtBot) -> None:
    curves.add([epoch(1), epoch(2, ap=0.5), epoch(3)])
    at = QPointF(curves.width() // 2 + 18, 60)
    none, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(curves.pointed) as pointed:
        # Sent, not moved to: where the pointer of the screen stands depends on the tests before.
        QApplication.sendEvent(
            curves, QMouseEvent(QEvent.Type.MouseMove, at, curves.mapToGlobal(at), none, none, no_key)
        )
    assert pointed.args == [2.0]
    assert curves.reading()[:2] == ["epoch 2", "loss 0.5"]
    assert "AP, held out 50.0 %" in curves.reading()
    curves.leaveEvent(None)  # type: ignore[arg-type]
    assert curves.reading() == []


def test_the_arrow_keys_read_one_epoch_after_the_other_for_a_screen_reader_too(curves: TrainingCurves) -> None:
    curves.add([epoch(1), epoch(2), epoch(3)])
    for key, expected in ((Qt.Key.Key_Left, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Right, 3), (Qt.Key.Key_Right, 3)):
        QTest.keyClick(curves, key)
        assert curves.read_at == expected
    assert curves.accessibleDescription().startswith("epoch 3, loss 0.333")


def test_the_table_has_a_row_an_epoch_and_only_figures_that_were_there(curves: TrainingCurves, tmp_path: Path) -> None:
    curves.add([epoch(1), epoch(2, ap=0.75)])
    curves.save_csv(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["epoch", "loss", "loss_seg", "loss_cls", "ap", "lr"]
    assert [row["ap"] for row in rows] == ["", "0.75"]
    assert float(rows[1]["loss"]) == 0.5


def test_the_picture_is_drawn_at_twice_the_size(curves: TrainingCurves, tmp_path: Path) -> None:
    curves.add([epoch(k) for k in range(1, 9)])
    curves.save_png(tmp_path / "curves.png")
    picture = QImage(str(tmp_path / "curves.png"))
    assert picture.width() == 2 * curves.width()
    colors = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(picture.height())}
    assert {"#0072b2", "#b04a00"} <= colors


def test_a_file_that_cannot_be_written_is_an_expected_error(curves: TrainingCurves, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for save in (curves.save_csv, curves.save_png):
        with pytest.raises(DefectStudioError, match="cannot be written"):
            save(tmp_path / "taken")


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_every_line_stands_out_from_the_panel(curves: TrainingCurves, colors: object) -> None:
    theme().apply(colors)  # type: ignore[arg-type]
    try:
        lines = [line.color.name() for pane in curves.panes for line in pane.lines]
        assert min(contrast(line, theme().colors.window) for line in lines) >= 3
    finally:
        theme().apply(LIGHT)
