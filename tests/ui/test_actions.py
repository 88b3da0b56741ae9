"""The table of actions, and that everything in the window has a name and can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QScrollBar,
    QSpinBox,
    QWidget,
)

from defectstudio.ui.commands import ACTIONS, MENUS, TOOLBAR_GROUPS
from defectstudio.ui.commands.keys import bare
from defectstudio.ui.commands.table import IMAGE, WINDOW
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.sheets import Palette, ShortcutSheet
from defectstudio.ui.theme import DARK, ICONS, LIGHT, Colors, contrast

SCOPES = sorted({info.scope for info in ACTIONS})
Drive = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def with_window(drive: Drive) -> Callable[[Callable[[MainWindow], None]], None]:
    """Hand a shown window without a project to a function, then close it."""

    def run(look: Callable[[MainWindow], None]) -> None:
        async def work() -> None:
            window = MainWindow()
            window.show()
            look(window)
            window.close()
            window.deleteLater()

        drive(work())

    return run


def test_keys_of_actions_are_unique() -> None:
    assert [key for key, count in Counter(info.key for info in ACTIONS).items() if count > 1] == []


def test_no_shortcut_is_used_twice_and_every_one_is_known_to_qt(app: QApplication) -> None:
    keys = [
        (QKeySequence(shortcut).toString(), scope)
        for info in ACTIONS
        for shortcut in info.shortcuts
        for scope in (SCOPES if info.scope in {WINDOW, IMAGE} else [info.scope])
    ]
    assert all(key for key, _scope in keys)
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_single_letters_are_heard_by_viewer_and_gallery_only(app: QApplication) -> None:
    loose = [info.key for info in ACTIONS for keys in info.shortcuts if bare(keys) and info.scope == WINDOW]
    assert loose == []


def test_every_action_has_a_menu_and_every_icon_is_drawn() -> None:
    menus = {name for name, _ in MENUS}
    assert [info.key for info in ACTIONS if info.menu not in menus] == []
    assert [info.key for info in ACTIONS if info.icon and not (ICONS / f"{info.icon}.svg").is_file()] == []


def test_the_toolbar_names_actions_that_exist() -> None:
    keys = {info.key for info in ACTIONS}
    assert {key for group in TOOLBAR_GROUPS for key in group} <= keys
    assert {key for group in TOOLBAR_GROUPS for key in group} == {i.key for i in ACTIONS if i.toolbar}


def test_every_action_can_be_reached_in_the_menu_bar(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        menus = window.menuBar().findChildren(QMenu)
        reached = {action.objectName() for menu in menus for action in menu.actions()}
        assert {info.key for info in ACTIONS} <= reached

    with_window(look)


def test_without_a_project_only_what_makes_sense_is_enabled(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        enabled = {key for key, action in window.actions_table.by_key.items() if action.isEnabled()}
        assert enabled == {
            "project.new",
            "project.open",
            "project.import",
            "window.quit",
            "tag.then_next",
            "help.shortcuts",
            "help.palette",
            "help.about",
            "help.handbook",
            "edit.settings",
        }

    with_window(look)


def focusable(widget: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QSpinBox)
    inner = (QScrollBar,)
    found = [child for child in widget.findChildren(QWidget) if isinstance(child, kinds)]
    owned_by_qt = ("qt_", "qt-")
    return [w for w in found if not isinstance(w, inner) and not w.objectName().startswith(owned_by_qt)]


def is_part_of_a_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QSpinBox | QAbstractItemView | QLineEdit):
            return True
        parent = parent.parentWidget()
    return False


def nameless(widget: QWidget) -> list[str]:
    controls = [w for w in focusable(widget) if not is_part_of_a_control(w)]
    missing = [w for w in controls if not w.accessibleName() and not (isinstance(w, QAbstractButton) and w.text())]
    return [f"{type(w).__name__} {w.objectName()} in {type(w.parent()).__name__}" for w in missing]


def test_every_control_has_a_name_for_screen_readers(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        window.show_work(True)
        # Tabs of docks and scroll buttons of tab bars are Qt's own, named by their texts.
        assert [text for text in nameless(window) if "QTabBar" not in text and "QMenuBar" not in text] == []
        assert len(focusable(window)) > 30

    with_window(look)


def test_every_control_can_be_reached_by_the_tab_key(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        window.show_work(True)
        policy = Qt.FocusPolicy.TabFocus
        unreachable = [
            f"{type(w).__name__} {w.objectName()}"
            for w in focusable(window)
            if not is_part_of_a_control(w)
            and "TabBar" not in type(w.parent()).__name__
            and type(w.parent()).__name__ != "QMenuBar"
            and (w.focusPolicy() & policy) != policy
            and w.objectName() not in {"qt_toolbar_ext_button"}
        ]
        assert unreachable == []

    with_window(look)


def test_the_sheet_lists_every_shortcut(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        page = ShortcutSheet(window.actions_table, window)._page(window.actions_table)
        for info in ACTIONS:
            for shortcut in info.shortcuts:
                assert QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText) in page

    with_window(look)


def test_the_palette_finds_an_action_by_part_of_its_words_and_runs_it(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        palette = Palette(window.actions_table, window)
        palette.search.setText("after tag")
        assert palette.list.count() == 1
        palette.accept()
        assert window.next_after_tag

    with_window(look)


def test_an_action_that_fails_is_told_and_the_window_goes_on(with_window: Callable[..., None]) -> None:
    def look(window: MainWindow) -> None:
        window.open_folder = lambda _folder: 1 / 0  # type: ignore[method-assign,assignment,return-value]
        window._guarded(window.open_folder)("x")
        assert "ZeroDivisionError" in window.notices.shown[0].text
        assert "ZeroDivisionError" in window.log_panel.toPlainText()

    with_window(look)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_surface(colors: Colors) -> None:
    surfaces = (colors.window, colors.surface, colors.hover, colors.selection)
    for text in (colors.text, colors.muted, colors.good, colors.defective, colors.unlabelled, colors.warning):
        for surface in surfaces:
            assert contrast(text, surface) >= 4.5, (text, surface)
    assert contrast(colors.accent_text, colors.accent) >= 4.5
    assert contrast(colors.text, colors.canvas) >= 4.5
    assert contrast(colors.control_border, colors.surface) >= 3.0
    assert contrast(colors.accent, colors.surface) >= 3.0


def test_every_icon_is_tinted_by_the_theme_or_carries_its_own_colour() -> None:
    plain = {"app", "arrow-up-light", "arrow-up-dark", "arrow-down-light", "arrow-down-dark"}
    for path in ICONS.glob("*.svg"):
        assert ("currentColor" in path.read_text(encoding="utf-8")) == (path.stem not in plain), path.name
