"""What is set in the Refine panel is there again at the next start; damaged settings are left out."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.refine_memory import controls, set_now
from defectstudio.ui.settings import Settings


def choose(window: MainWindow) -> None:
    """Another value for everything that is remembered; the control set last is one of those heard at once."""
    panel = window.refine_panel
    for box in (panel.dense.scope, panel.start.net, panel.anchor, panel.mode, panel.write):
        box.setCurrentIndex(box.count() - 1)
    panel.start.margin.setValue(9)
    panel.start.patch.setValue(48)
    panel.start.steps.setValue(250)
    panel.auto.setChecked(False)


def test_how_labels_are_refined_is_remembered_between_two_starts(app: QApplication) -> None:
    first = MainWindow()
    before = set_now(first.refine_panel)
    choose(first)
    chosen = set_now(first.refine_panel)
    assert {name for name in before if before[name] == chosen[name]} == set()
    first.close()
    second = MainWindow()
    assert set_now(second.refine_panel) == chosen
    assert second.refine_panel.choices.write == "patch"
    second.close()


def test_what_was_stored_by_nobody_leaves_the_controls_as_they_are(app: QApplication) -> None:
    fresh = MainWindow()
    usual = set_now(fresh.refine_panel)
    fresh.close()
    Settings().refinement = {"write": "everything", "auto": "yes", "steps": True, "patch": "wide", "gone": 3}
    again = MainWindow()
    assert set_now(again.refine_panel) == usual
    assert set(controls(again.refine_panel)) == set(usual)
    again.close()
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DefectStudio", "DefectStudio")
    store.setValue("refinement", "{ no json")
    assert Settings().refinement == {}
