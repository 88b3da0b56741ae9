"""The action table as QActions: menus, toolbar, buttons and shortcuts are views of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QToolBar, QToolButton, QWidget

from defectstudio.ui.commands import ACTIONS, MENUS, TOOLBAR_GROUPS
from defectstudio.ui.commands.table import WINDOW, ActionInfo, Commands
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import said


class Actions(QObject):
    """The table as QActions, kept in step with the facts by `refresh`."""

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
        self.by_key = {info.key: self._make(info) for info in self.table}
        theme().changed.connect(self._tint)
        self._tint()

    def _make(self, info: ActionInfo) -> QAction:
        action = QAction(said(info.text), self)
        action.setObjectName(info.key)
        action.setShortcuts([QKeySequence(keys) for keys in info.shortcuts])
        scoped = info.scope != WINDOW
        action.setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut if scoped else Qt.ShortcutContext.WindowShortcut
        )
        action.setCheckable(info.checked is not None)
        keys = ", ".join(QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in info.shortcuts)
        action.setToolTip(f"{said(info.text)} ({keys})" if keys else said(info.text))
        action.triggered.connect(lambda: self._run(info))
        return action

    def _run(self, info: ActionInfo) -> None:
        try:
            info.run(self._commands)
        except Exception as error:  # noqa: BLE001 - handed to the one place that shows errors
            self._failed(error)
        self.refresh()

    def refresh(self) -> None:
        """Enable, check and name every action by the facts as they are now."""
        for info in self.table:
            action = self.by_key[info.key]
            action.setEnabled(info.enabled(self._commands))
            if info.checked is not None:
                action.setChecked(info.checked(self._commands))
            if info.label is not None:
                action.setText(info.label(self._commands))

    def _tint(self) -> None:
        roles = {"tag.good": "good", "tag.defective": "defective", "tag.unlabelled": "unlabelled"}
        for info in self.table:
            if info.icon:
                self.by_key[info.key].setIcon(theme().icon(info.icon, roles.get(info.key, "text")))

    def fill_menus(self, bar: QMenuBar) -> None:
        """One menu for each of `MENUS`, rows in the order of the table."""
        for name, title in MENUS:
            menu = bar.addMenu(said(title))
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
        made.setAccessibleName(action.toolTip())
        made.setObjectName(f"button.{key}")
        if text:
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            action.changed.connect(lambda: made.setText(text))
            made.setText(text)
        return made

    def listen_in(self, widgets: Iterable[QWidget]) -> None:
        """Let all shortcuts but those of scope `WINDOW` work in these widgets."""
        for widget in widgets:
            widget.addActions([self.by_key[info.key] for info in self.table if info.scope != WINDOW])
