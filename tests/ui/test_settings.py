"""Settings: keys can be changed and never collide; theme, language and wheel are remembered and used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from defectstudio.sessions.session import Session
from defectstudio.ui.app import run_window, speak
from defectstudio.ui.commands import ACTIONS
from defectstudio.ui.commands.keys import PRESETS, Keymap, bare
from defectstudio.ui.commands.table import ANNOTATE, IMAGE, WINDOW, meet
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.panels.settings import SettingsDialog
from defectstudio.ui.settings import Settings
from defectstudio.ui.sheets import ShortcutSheet
from defectstudio.ui.theme import DARK, LIGHT, theme
from tests.ui.robot import active, heard, shut

Drive = Callable[[Coroutine[Any, Any, None]], None]
WithDialog = Callable[[Callable[[MainWindow, SettingsDialog], None]], None]


def collisions(keymap: Keymap) -> list[tuple[str, str, str]]:
    pairs = combinations(ACTIONS, 2)
    return [
        (one.key, other.key, keys)
        for one, other in pairs
        if meet(one.scope, other.scope)
        for keys in set(keymap.keys(one.key)) & set(keymap.keys(other.key))
    ]


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_gives_one_key_to_two_commands_that_can_meet(app: QApplication, name: str) -> None:
    keymap = Keymap(ACTIONS)
    keymap.use_preset(name)
    assert collisions(keymap) == []
    assert keymap.preset == name


@pytest.mark.parametrize("name", PRESETS)
def test_presets_name_commands_and_keys_that_exist(app: QApplication, name: str) -> None:
    commands = {info.key for info in ACTIONS}
    assert set(PRESETS[name]) <= commands
    assert all(QKeySequence(one).toString() for keys in PRESETS[name].values() for one in keys)


def test_a_key_that_is_given_away_is_taken_from_the_command_that_had_it(app: QApplication) -> None:
    keymap = Keymap(ACTIONS)
    assert [info.key for info in keymap.clashes("view.fit", "ctrl+t")] == ["train.start"]
    keymap.assign("view.fit", "ctrl+t")
    assert keymap.keys("view.fit") == ("Ctrl+T",)
    assert keymap.keys("train.start") == ()
    assert collisions(keymap) == []


def test_restoring_a_default_takes_the_keys_back(app: QApplication) -> None:
    keymap = Keymap(ACTIONS)
    keymap.assign("view.fit", "Ctrl+T")
    keymap.restore("train.start")
    assert keymap.keys("train.start") == ("Ctrl+T",)
    assert keymap.keys("view.fit") == ()
    keymap.restore("view.fit")
    assert keymap.changed == {}


def test_another_key_can_stand_beside_the_first(app: QApplication) -> None:
    keymap = Keymap(ACTIONS)
    keymap.assign("view.fit", "Ctrl+Shift+F", add=True)
    assert keymap.keys("view.fit") == ("Ctrl+F", "Ctrl+Shift+F")


def test_scopes_of_two_workspaces_never_meet_but_each_meets_the_window() -> None:
    assert not meet(ANNOTATE, "mentor")
    assert meet(ANNOTATE, IMAGE)
    assert meet(ANNOTATE, WINDOW)
    assert meet(ANNOTATE, ANNOTATE)


def test_bare_keys_are_those_that_could_be_typed_text(app: QApplication) -> None:
    assert all(bare(keys) for keys in ("A", "Shift+A", "Space", "Backspace", "F", "1", "["))
    assert not any(bare(keys) for keys in ("F1", "Shift+F1", "Ctrl+A", "Alt+1", "Ctrl++", ""))


def test_settings_survive_the_next_start_and_nonsense_in_the_file(app: QApplication) -> None:
    settings = Settings()
    settings.theme, settings.language, settings.scale = "dark", "de", 150
    settings.zoom_with_control = True
    settings.changed_keys = {"view.fit": ("Ctrl+G", "Ctrl+,")}
    again = Settings()
    assert (again.theme, again.language, again.scale, again.zoom_with_control) == ("dark", "de", 150, True)
    assert again.changed_keys == {"view.fit": ["Ctrl+G", "Ctrl+,"]}
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DefectStudio", "DefectStudio")
    store.setValue("shortcuts", "[nonsense")
    store.setValue("appearance/scale", "31")
    store.setValue("appearance/theme", "pink")
    store.sync()
    assert (Settings().changed_keys, Settings().scale, Settings().theme) == ({}, 100, "system")


@pytest.fixture
def with_dialog(drive: Drive) -> WithDialog:
    """Hand a window and its open settings to a function."""

    def run(look: Callable[[MainWindow, SettingsDialog], None]) -> None:
        async def work() -> None:
            window = MainWindow()
            window.show()
            window.show_settings()
            dialog = window.findChild(SettingsDialog)
            assert dialog is not None
            look(window, dialog)
            dialog.close()
            await shut(window)

        drive(work())

    return run


def test_keys_are_recorded_by_pressing_them_and_count_at_once(with_dialog: WithDialog) -> None:
    def look(window: MainWindow, dialog: SettingsDialog) -> None:
        page = dialog.shortcuts
        page.choose("help.palette")
        QTest.keyClick(page.record, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        assert page.pressed == "Ctrl+J"
        QTest.mouseClick(page.use, Qt.MouseButton.LeftButton)
        assert [keys.toString() for keys in window.actions_table.by_key["help.palette"].shortcuts()] == ["Ctrl+J"]
        assert "Ctrl+J" in window.actions_table.by_key["help.palette"].toolTip()
        assert "Ctrl+J" in ShortcutSheet(window.actions_table, window)._page(window.actions_table)
        assert Settings().changed_keys == {"help.palette": ["Ctrl+J"]}

    with_dialog(look)


def test_a_conflict_is_named_before_the_key_is_taken(with_dialog: WithDialog) -> None:
    def look(window: MainWindow, dialog: SettingsDialog) -> None:
        page = dialog.shortcuts
        page.choose("help.palette")
        QTest.keyClick(page.record, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert "Train a detector" in page.warning.text()
        assert "instead" in page.use.text()
        assert window.actions_table.keymap.keys("train.start") == ("Ctrl+T",)
        page.use.click()
        assert window.actions_table.keymap.keys("train.start") == ()
        page.choose("train.start")
        page.restore.click()
        assert window.actions_table.keymap.keys("train.start") == ("Ctrl+T",)

    with_dialog(look)


def test_search_finds_commands_by_name_and_by_key(with_dialog: WithDialog) -> None:
    def look(_window: MainWindow, dialog: SettingsDialog) -> None:
        page = dialog.shortcuts
        page.search.setText("ctrl+t")
        assert [item.text(0) for item in page._items() if not item.isHidden()] == ["Train a detector"]
        page.search.setText("tag good")
        assert [item.text(0) for item in page._items() if not item.isHidden()] == ["Tag good"]

    with_dialog(look)


def test_a_bare_key_of_any_command_is_heard_by_viewer_and_list_but_not_in_text_fields(drive: Drive) -> None:
    async def work() -> None:
        window = MainWindow()
        window.show()
        window.show_work(True)
        await active(window)
        keymap = Keymap(ACTIONS)
        keymap.assign("tag.then_next", "J")
        window.actions_table.set_keys(keymap)
        for widget, heard_there in ((window.gallery.search, False), (window.viewer, True), (window.gallery.list, True)):
            before = window.next_after_tag
            widget.setFocus()
            QTest.keyClick(widget, Qt.Key.Key_J)
            assert (window.next_after_tag != before) is heard_there
        assert window.gallery.search.text() == "j"
        await shut(window)

    drive(work())


def test_theme_and_wheel_change_at_once(with_dialog: WithDialog) -> None:
    def look(window: MainWindow, dialog: SettingsDialog) -> None:
        page = dialog.appearance
        for name, colors in (("dark", DARK), ("light", LIGHT)):
            page.theme.setCurrentIndex(page.theme.findData(name))
            page.theme.activated.emit(page.theme.currentIndex())
            assert theme().colors is colors
        page.wheel.setCurrentIndex(page.wheel.findData(True))
        page.wheel.activated.emit(1)
        assert window.viewer.zoom_with_control
        assert Settings().zoom_with_control

    try:
        with_dialog(look)
    finally:
        theme().prefer("system")


def test_a_new_language_is_spoken_after_one_press_with_the_project_still_open(session: Session) -> None:
    folder: Path = session.project.folder
    session.project.close()
    spoken: list[tuple[str, bool]] = []
    windows: list[MainWindow] = []

    async def walk(window: MainWindow) -> None:
        windows.append(window)
        page_before = window.actions_table.by_key["help.about"].text()
        Settings().language = "de"
        window.show_settings()
        dialog = window.findChild(SettingsDialog)
        assert dialog is not None
        made = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
        dialog.restart_wanted.emit()
        await heard(window.closed)
        spoken.append((page_before, len(made) == 1))

    async def second(window: MainWindow) -> None:
        spoken.append((window.actions_table.by_key["help.about"].text(), window.has_project))
        window.close()

    def ready(window: MainWindow) -> None:
        work = walk(window) if not windows else second(window)
        window.walking = asyncio.get_running_loop().create_task(work)  # type: ignore[attr-defined]

    try:
        assert run_window(folder, ready=ready) == 0
    finally:
        Settings().language = "system"
        speak(Settings())
    assert spoken[-1] == ("Über DefectStudio", True)
    assert spoken[0][0] == "About DefectStudio"
