"""The table of actions, and that everything in the window has a name and can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from itertools import combinations
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
    QDialog,
    QKeySequenceEdit,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QSpinBox,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from defectstudio.data.project import Project
from defectstudio.domain.labels import UNKNOWN
from defectstudio.sessions.session import Session
from defectstudio.ui.commands import ACTIONS, MENUS, TOOLBAR_GROUPS
from defectstudio.ui.commands.keys import bare
from defectstudio.ui.commands.table import ANNOTATE, IMAGE, QUEUE, WINDOW, Kind, meet
from defectstudio.ui.handbook import Handbook
from defectstudio.ui.import_dialog import ImportDialog
from defectstudio.ui.main_window import MainWindow
from defectstudio.ui.panels.settings import SettingsDialog
from defectstudio.ui.sheets import Palette, ShortcutSheet
from defectstudio.ui.theme import DARK, ICONS, LIGHT, Colors, contrast
from defectstudio.ui.viewer import Viewer
from tests.ui.robot import heard, shut

Drive = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def with_window(drive: Drive) -> Callable[[Callable[[MainWindow], None]], None]:
    """Hand a shown window without a project to a function, then close it."""

    def run(look: Callable[[MainWindow], None]) -> None:
        async def work() -> None:
            window = MainWindow()
            window.show()
            look(window)
            await shut(window)

        drive(work())

    return run


def test_keys_of_actions_are_unique() -> None:
    assert [key for key, count in Counter(info.key for info in ACTIONS).items() if count > 1] == []


def test_no_shortcut_is_used_twice_and_every_one_is_known_to_qt(app: QApplication) -> None:
    keys = [(QKeySequence(shortcut).toString(), info) for info in ACTIONS for shortcut in info.shortcuts]
    assert all(key for key, _info in keys)
    twice = [
        (key, one.key, other.key)
        for (key, one), (same, other) in combinations(keys, 2)
        if key == same and meet(one.scope, other.scope)
    ]
    assert twice == []


def test_keys_of_a_list_clash_with_those_of_the_window_but_not_with_those_of_images() -> None:
    assert (meet(QUEUE, WINDOW), meet(QUEUE, QUEUE), meet(QUEUE, IMAGE)) == (True, True, False)
    assert (meet(IMAGE, ANNOTATE), meet(IMAGE, WINDOW)) == (True, True)


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


def test_no_bare_key_makes_files_or_starts_long_work(app: QApplication) -> None:
    risky = [i.key for i in ACTIONS for keys in i.shortcuts if bare(keys) and i.kind not in {Kind.VIEW, Kind.GESTURE}]
    assert risky == []


def facts(project: Project) -> tuple[object, ...]:
    """All that a person has said of a project's images and classes."""
    state = project.state
    maps = {
        image: drawn.tobytes()
        for image in state.images
        if (drawn := state.label_map(image)) is not None and (drawn != UNKNOWN).any()
    }
    return dict(state.images), maps, dict(state.classes)


# These leave the project, train, or do nothing but through a dialog of the system.
NOT_WALKED = {
    "project.new",
    "project.open",
    "project.import",
    "project.close",
    "window.quit",
    "train.start",
    "train.queue",
    "train.resume",
    "select.score",
    "select.map",
    "refine.train",
    "refine.dense",
    "book.print",
    "book.propose",
}


def test_every_command_is_harmless_or_leaves_a_step_that_undo_takes_back(drive: Drive, session: Session) -> None:
    folder = session.project.folder
    session.project.close()

    async def work() -> None:
        window = MainWindow()
        window.show()
        window.open_folder(folder)
        assert window.bench is not None
        project, steps = window.bench.project, window.bench.session
        walked, faults = set(), []
        for info in ACTIONS:
            action = window.actions_table.by_key[info.key]
            window.gallery.select(5)
            while window.tasks.busy:
                await heard(window.tasks.quiet)
            window.actions_table.refresh()
            if info.key in NOT_WALKED or not action.isEnabled():
                continue
            before, number, undoable = facts(project), project.journal.last_event, steps.steps
            action.trigger()
            for dialog in window.findChildren(QDialog):
                dialog.close()
            walked.add(info.key)
            changed = project.journal.last_event != number
            if changed and info.kind is not Kind.GESTURE:
                faults.append(f"{info.key} is no gesture and changes labels")
            elif changed and not info.key.startswith("edit."):
                if len(steps.steps) != len(undoable) + 1:
                    faults.append(f"{info.key} is not one step")
                steps.undo()
                if facts(project) != before:
                    faults.append(f"{info.key} is not taken back by undo")
        await shut(window)
        assert faults == []
        assert walked >= {"tag.good", "image.complete", "image.flag", "tool.brush", "help.about", "view.fit"}

    drive(work())


def focusable(widget: QWidget) -> list[QWidget]:
    kinds = (
        *(QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QSpinBox),
        *(QTextEdit, QPlainTextEdit, QKeySequenceEdit, Viewer),
    )
    inner = (QScrollBar,)
    found = [child for child in widget.findChildren(QWidget) if isinstance(child, kinds)]
    owned_by_qt = ("qt_", "qt-")
    return [w for w in found if not isinstance(w, inner) and not w.objectName().startswith(owned_by_qt)]


def is_part_of_a_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QSpinBox | QAbstractItemView | QLineEdit | QKeySequenceEdit | QTabBar):
            return True
        parent = parent.parentWidget()
    return isinstance(widget.parentWidget(), QMenuBar)


def controls(widget: QWidget) -> list[QWidget]:
    return [w for w in focusable(widget) if not is_part_of_a_control(w)]


def nameless(widget: QWidget) -> list[str]:
    missing = [
        w for w in controls(widget) if not w.accessibleName() and not (isinstance(w, QAbstractButton) and w.text())
    ]
    return [f"{type(w).__name__} {w.objectName()} in {type(w.parent()).__name__}" for w in missing]


def tab_chain(window: QWidget) -> set[QWidget]:
    """The widgets to which the Tab key leads, over and over, within a window."""
    chain, widget = set(), window.nextInFocusChain()
    while widget is not None and widget not in chain:
        chain.add(widget)
        widget = widget.nextInFocusChain()
    policy = Qt.FocusPolicy.TabFocus
    return {w for w in chain if (w.focusPolicy() & policy) == policy or w.focusProxy() is not None}


def unreachable(window: QWidget) -> list[str]:
    chain = tab_chain(window)
    return [
        f"{type(w).__name__} {w.objectName()} in {type(w.parent()).__name__}"
        for w in controls(window)
        if w.isVisibleTo(window) and w.isEnabled() and w not in chain
    ]


def test_every_control_of_every_workspace_has_a_name_and_is_reached_by_tab(drive: Drive, session: Session) -> None:
    folder = session.project.folder
    session.project.close()

    async def work() -> None:
        window = MainWindow()
        window.show()
        faults = [nameless(window.start_page), unreachable(window.start_page)]
        window.open_folder(folder)
        for number in range(window.work.count()):
            window.work.setCurrentIndex(number)
            faults += [nameless(window), unreachable(window)]
        count = len(controls(window))
        await shut(window)
        assert [fault for fault in faults if fault] == []
        assert count > 60

    drive(work())


def test_every_control_of_every_dialog_has_a_name_and_is_reached_by_tab(drive: Drive, session: Session) -> None:
    async def work() -> None:
        window = MainWindow()
        actions = window.actions_table
        for dialog in (
            SettingsDialog(actions, window.settings, window),
            ShortcutSheet(actions, window),
            Palette(actions, window),
            Handbook(window),
            ImportDialog(session, window.tasks, window),
        ):
            dialog.show()
            pages = dialog.findChild(QTabWidget)
            for number in range(pages.count() if pages else 1):
                if pages:
                    pages.setCurrentIndex(number)
                assert (nameless(dialog), unreachable(dialog)) == ([], []), type(dialog).__name__
            dialog.close()
        await shut(window)

    drive(work())


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
    plain = {"app"} | {f"{name}-{tone}" for name in ("arrow-up", "arrow-down", "check") for tone in ("light", "dark")}
    for path in ICONS.glob("*.svg"):
        assert ("currentColor" in path.read_text(encoding="utf-8")) == (path.stem not in plain), path.name
