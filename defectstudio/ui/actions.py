"""The action table as QActions: menus, toolbar, buttons and shortcuts are views of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from defectstudio.ui.commands import ACTIONS, MENUS, TOOLBAR_GROUPS
from defectstudio.ui.commands.keys import Keymap, bare, native
from defectstudio.ui.commands.table import IMAGE, LISTS, WINDOW, ActionInfo, Commands, Kind
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import said

_ICON_ROLES = {
    "tag.good": "good",
    "tag.defective": "defective",
    "tag.unlabelled": "unlabelled",
}
CHANGING = {Kind.GESTURE, Kind.JOB}
OF_NOW = ("image", "annotate")
"""Menus about the image in the viewer, which the past hides."""


class Actions(QObject):
    """The table as QActions, kept in step with the facts by `refresh`."""

    keys_changed = Signal()

    def __init__(
        self,
        commands: Commands,
        parent: QObject,
        failed: Callable[[BaseException], None],
        table: Iterable[ActionInfo] = ACTIONS,
    ) -> None:
        super().__init__(parent)
        self._commands, self._failed = commands, failed
        self.table = tuple(table)
        self._listeners: list[QWidget] = []
        self._bare: list[QShortcut] = []
        self._workspace = ""
        self.by_key = {info.key: self._make(info) for info in self.table}
        self.keymap = Keymap(self.table)
        self.set_keys(self.keymap)
        theme().changed.connect(self._tint)
        self._tint()

    def _make(self, info: ActionInfo) -> QAction:
        action = QAction(said(info.text), self)
        action.setObjectName(info.key)
        action.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut if info.scope == WINDOW else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        action.setCheckable(info.checked is not None)
        action.triggered.connect(lambda: self._run(info))
        return action

    def set_keys(self, keymap: Keymap) -> None:
        """Use these keys from now on."""
        self.keymap = keymap
        for shortcut in self._bare:
            shortcut.setParent(None)
            shortcut.deleteLater()
        self._bare = []
        for info in self.table:
            self._give_keys(info)
        self.keys_changed.emit()

    def _give_keys(self, info: ActionInfo) -> None:
        """A bare key is heard in the viewer and the list of images only, whatever the command's scope."""
        action, keys = self.by_key[info.key], self.keymap.keys(info.key)
        words = self.keys_text(info.key)
        action.setToolTip(f"{said(info.text)} ({words})" if words else said(info.text))
        if info.scope not in {WINDOW, IMAGE, self._workspace, *LISTS}:
            keys = ()
        own = [one for one in keys if info.scope != WINDOW or not bare(one)]
        action.setShortcuts([QKeySequence(one) for one in own])
        for one in keys:
            if one not in own:
                self._bare += [self._bare_shortcut(one, action, widget) for widget in self._listeners]

    @staticmethod
    def _bare_shortcut(keys: str, action: QAction, widget: QWidget) -> QShortcut:
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        shortcut = QShortcut(QKeySequence(keys), widget, context=context)
        shortcut.activated.connect(action.trigger)
        return shortcut

    def keys_text(self, command: str) -> str:
        """The keys of a command, as the system writes them."""
        return native(self.keymap.keys(command))

    def show_workspace(self, scope: str) -> None:
        """Let the keys of this workspace be heard and those of the others rest."""
        if scope != self._workspace:
            self._workspace = scope
            self.set_keys(self.keymap)

    def _run(self, info: ActionInfo) -> None:
        try:
            info.run(self._commands)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._failed(error)
        self.refresh()

    def refresh(self) -> None:
        """Enable, check and name every action by the facts as they are now; the past cannot be changed."""
        past = self._commands.replay.shown
        for info in self.table:
            action = self.by_key[info.key]
            hidden = past and (info.kind in CHANGING or info.menu.partition(".")[0] in OF_NOW)
            action.setEnabled(not hidden and info.enabled(self._commands))
            if info.checked is not None:
                action.setChecked(info.checked(self._commands))
            if info.label is not None:
                action.setText(info.label(self._commands))

    def _tint(self) -> None:
        for info in self.table:
            if info.icon:
                self.by_key[info.key].setIcon(theme().icon(info.icon, _ICON_ROLES.get(info.key, "text")))

    def fill_menus(self, bar: QMenuBar) -> None:
        """One menu for each of `MENUS`, rows in the order of the table; "a.b" is a menu at the end of menu "a"."""
        made: dict[str, QMenu] = {}
        for name, title in MENUS:
            above = made.get(name.partition(".")[0])
            menu = made[name] = bar.addMenu(said(title)) if above is None else above.addMenu(said(title))
            menu.setObjectName(f"menu.{name}")
            for info in self.table:
                if info.menu == name:
                    if info.first_of_group:
                        menu.addSeparator()
                    menu.addAction(self.by_key[info.key])

    def fill_toolbar(self, bar: QToolBar) -> None:
        """The groups of the toolbar, icon beside a short text."""
        infos = {info.key: info for info in self.table}
        for number, group in enumerate(TOOLBAR_GROUPS):
            if number:
                bar.addSeparator()
            for key in group:
                bar.addWidget(self.button(key, said(infos[key].toolbar)))

    def button(self, key: str, text: str = "") -> QToolButton:
        """A button for one action, with a name for screen readers."""
        made = QToolButton(autoRaise=True)
        action = self.by_key[key]
        made.setDefaultAction(action)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setObjectName(f"button.{key}")
        if text:
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

        def follow() -> None:
            made.setAccessibleName(action.toolTip())
            if text:
                made.setText(text)

        action.changed.connect(follow)
        follow()
        return made

    def listen_in(self, widgets: Iterable[QWidget]) -> None:
        """Let the shortcuts of images and workspaces, and every bare key of the window, work in these widgets."""
        for widget in widgets:
            self._listeners.append(widget)
            widget.addActions([self.by_key[info.key] for info in self.table if info.scope not in {WINDOW, *LISTS}])
        self.set_keys(self.keymap)

    def listen_in_list(self, widget: QWidget, scope: str, also: Iterable[str] = ()) -> None:
        """Let the shortcuts of a list's own scope, and of these further commands, work in that list."""
        widget.addActions([self.by_key[info.key] for info in self.table if info.scope == scope or info.key in also])
