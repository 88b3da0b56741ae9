"""Under "More settings" all of a configuration can be reached, in its range, and nonsense is explained."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from defectstudio.data.runs import TrainConfig, default_config
from defectstudio.ui.panels.train_fields import Number, Whole, bounds, control_for
from defectstudio.ui.panels.train_settings import MoreSettings, settings_of
from defectstudio.ui.panels.train_words import IN_THE_FORM


@pytest.fixture
def more(qtbot: QtBot, app: QApplication) -> MoreSettings:
    made = MoreSettings()
    qtbot.addWidget(made)
    made.show()
    return made


def fields(net: str) -> set[str]:
    return {name for rows in settings_of(net).values() for name in rows}


def test_every_field_of_a_configuration_can_be_set_somewhere() -> None:
    assert fields("fast") | fields("segdec") | set(IN_THE_FORM) == set(TrainConfig.model_fields)


def test_a_network_shows_only_what_counts_for_it(more: MoreSettings) -> None:
    assert "strides" in more.controls
    assert "variant" not in more.controls
    more.show_usual(default_config("segdec"))
    assert "strides" not in more.controls
    assert "variant" in more.controls


@pytest.mark.parametrize("net", ["fast", "segdec"])
def test_untouched_settings_are_the_defaults_of_the_network(more: MoreSettings, net: str) -> None:
    more.show_usual(default_config(net))
    assert more.config(seed=5, epochs=7) == default_config(net, seed=5, epochs=7)
    assert more.changed == []


def test_every_setting_has_a_name_and_an_explanation(more: MoreSettings) -> None:
    for net in ("fast", "segdec"):
        more.show_usual(default_config(net))
        for control in more.controls.values():
            assert control.accessibleName()  # type: ignore[attr-defined]
            assert len(control.toolTip()) > 15  # type: ignore[attr-defined]


def test_controls_keep_to_the_range_of_their_field(app: QApplication) -> None:
    for name, field in TrainConfig.model_fields.items():
        control, (low, high) = control_for(name, field), bounds(field)
        if isinstance(control, Whole | Number):
            for wanted, bound in ((-1e12, low), (1e12, high)):
                control.setValue(int(max(min(wanted, 2**31 - 1), -(2**31))) if isinstance(control, Whole) else wanted)
                if bound is not None and control.chosen is not None:
                    assert (control.chosen >= bound) if wanted < 0 else (control.chosen <= bound)
                assert default_config(**({} if name in {"height", "width"} else {name: control.chosen}))


def test_small_numbers_are_typed_and_shown_as_people_write_them(app: QApplication) -> None:
    number = control_for("lr", TrainConfig.model_fields["lr"])
    assert isinstance(number, Number)
    number.selectAll()
    QTest.keyClicks(number, "3e-5")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert number.chosen == pytest.approx(3e-5)
    number.stepUp()
    assert number.chosen == pytest.approx(4.5e-5)
    number.choose(0.002)
    assert number.text() == "0.002"


def test_none_is_automatic_and_comes_back_as_none(app: QApplication) -> None:
    for name in ("height", "channels", "strides", "threads", "finetune_epochs"):
        control = control_for(name, TrainConfig.model_fields[name])
        control.choose(None)
        assert control.chosen is None
    classes = control_for("segment_classes", TrainConfig.model_fields["segment_classes"])
    classes.choose((1, 3))
    assert classes.text() == "1, 3"  # type: ignore[attr-defined]
    assert classes.chosen == (1, 3)
    classes.choose(None)
    assert classes.chosen is None
    strides = control_for("strides", TrainConfig.model_fields["strides"])
    strides.choose((8, 16))
    assert strides.chosen == (8, 16)


def test_a_changed_setting_is_counted_and_reset_puts_it_back(more: MoreSettings, qtbot: QtBot) -> None:
    more.fold.click()
    with qtbot.waitSignal(more.altered):
        more.controls["batch"].choose(2)
    assert "(1 changed)" in more.fold.text()
    assert more.config().batch == 2
    qtbot.mouseClick(more.reset, Qt.MouseButton.LeftButton)
    assert more.changed == []
    assert not more.reset.isEnabled()
    assert more.fold.text() == "More settings"


def test_settings_that_do_not_go_together_are_explained_where_they_stand(more: MoreSettings) -> None:
    more.controls["height"].choose(512)
    assert "together" in more.complaint.text()
    assert more.complaint.isVisible()
    more.controls["width"].choose(500)
    assert "multiples of 16" in more.problem
    more.controls["width"].choose(512)
    assert more.problem == ""
    assert not more.complaint.isVisible()


def test_a_setting_that_counts_only_with_another_rests_until_then(more: MoreSettings) -> None:
    exponent, depth = more.controls["p"], more.controls["distance_weights"]
    assert not exponent.isEnabled()  # type: ignore[attr-defined]
    depth.choose(True)
    assert exponent.isEnabled()  # type: ignore[attr-defined]


def test_the_settings_are_folded_away_until_they_are_wanted(more: MoreSettings) -> None:
    assert not more.body.isVisible()
    more.fold.click()
    assert more.body.isVisible()
