"""The settings (F2): how the window looks and speaks, and which keys run what. Every change is kept at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from defectstudio.ui.actions import Actions
from defectstudio.ui.commands.keys import Keymap
from defectstudio.ui.forms import add_row, form_grid
from defectstudio.ui.panels.shortcuts import ShortcutsPage
from defectstudio.ui.settings import SCALES, Settings
from defectstudio.ui.theme import theme
from defectstudio.ui.translations import LANGUAGE_NAMES


class AppearancePage(QWidget):
    """Theme, language, size, and what the wheel does. Emits what changed."""

    wheel_changed = Signal(bool)
    restart_wanted = Signal()
    """The window shall be made anew, so that it speaks the chosen language."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._language_before = settings.language
        self._scale_before = settings.scale
        self.theme = self._choice(
            [(self.tr("As the system"), "system"), (self.tr("Light"), "light"), (self.tr("Dark"), "dark")],
            settings.theme,
        )
        languages = [(name, code) for code, name in LANGUAGE_NAMES.items()]
        self.language = self._choice([(self.tr("As the system"), "system"), *languages], settings.language)
        self.scale = self._choice([(f"{scale} %", scale) for scale in SCALES], settings.scale)
        self.wheel = self._choice(
            [(self.tr("zooms"), False), (self.tr("scrolls; with Ctrl it zooms"), True)], settings.zoom_with_control
        )
        self.next_after_tag = QCheckBox(self.tr("&Go on to the next image after tagging"))
        self.next_after_tag.setChecked(settings.next_after_tag)
        self.second_looks = QCheckBox(self.tr("&Ask some tags, verdicts and panels a second time without saying so"))
        self.second_looks.setChecked(settings.second_looks)
        self.remark = QLabel(wordWrap=True)
        self.remark.setProperty("role", "muted")
        self.restart = QPushButton(self.tr("&Show the window in the new language"))
        self.restart.setAutoDefault(False)
        self._lay_out()
        self._connect()
        self._show_remark()

    @staticmethod
    def _choice(choices: list[tuple[str, object]], chosen: object) -> QComboBox:
        box = QComboBox()
        for text, value in choices:
            box.addItem(text, value)
        box.setCurrentIndex(box.findData(chosen))
        return box

    def _lay_out(self) -> None:
        form = form_grid()
        add_row(form, self.tr("&Theme"), self.theme)
        add_row(form, self.tr("&Language"), self.language)
        add_row(form, self.tr("Si&ze"), self.scale)
        add_row(form, self.tr("The mouse &wheel"), self.wheel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(self.next_after_tag)
        whole.addWidget(self.second_looks)
        whole.addWidget(self.remark)
        whole.addWidget(self.restart, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addStretch(1)

    def _connect(self) -> None:
        self.theme.activated.connect(self._use_theme)
        self.language.activated.connect(self._use_language)
        self.scale.activated.connect(self._use_scale)
        self.wheel.activated.connect(self._use_wheel)
        self.next_after_tag.toggled.connect(self._use_next)
        self.second_looks.toggled.connect(self._use_second_looks)
        self.restart.clicked.connect(self.restart_wanted)

    def _use_theme(self) -> None:
        self._settings.theme = self.theme.currentData()
        theme().prefer(self._settings.theme)

    def _use_language(self) -> None:
        self._settings.language = self.language.currentData()
        self._show_remark()

    def _use_scale(self) -> None:
        self._settings.scale = self.scale.currentData()
        self._show_remark()

    def _use_wheel(self) -> None:
        self._settings.zoom_with_control = self.wheel.currentData()
        self.wheel_changed.emit(self._settings.zoom_with_control)

    def _use_next(self, wanted: bool) -> None:
        self._settings.next_after_tag = wanted

    def _use_second_looks(self, wanted: bool) -> None:
        self._settings.second_looks = wanted

    def _show_remark(self) -> None:
        """Say what does not count at once, and offer what can be done about it."""
        spoken = self._settings.language != self._language_before
        sized = self._settings.scale != self._scale_before
        self.restart.setVisible(spoken)
        remarks = [self.tr("The new size counts from the next start of DefectStudio.")] if sized else []
        if spoken:
            remarks.append(self.tr("The new language counts once the window is made anew; your project stays open."))
        self.remark.setText("\n".join(remarks))
        self.remark.setVisible(bool(remarks))


class SettingsDialog(QDialog):
    """Appearance and shortcuts."""

    restart_wanted = Signal()

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._settings = actions, settings
        self.setWindowTitle(self.tr("Settings"))
        self.resize(660, 620)
        self.appearance = AppearancePage(settings)
        self.shortcuts = ShortcutsPage(actions.table, Keymap(actions.table, actions.keymap.changed))
        self.pages = QTabWidget(documentMode=True)
        self.pages.tabBar().setAccessibleName(self.tr("Pages of the settings"))
        for page, title in ((self.appearance, self.tr("Appearance")), (self.shortcuts, self.tr("Shortcuts"))):
            page.setContentsMargins(4, 14, 4, 4)
            self.pages.addTab(page, title)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        last = QHBoxLayout()
        saved = QLabel(self.tr("Changes are kept at once."))
        saved.setProperty("role", "muted")
        last.addWidget(saved, 1)
        last.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 10, 16, 16)
        whole.addWidget(self.pages, 1)
        whole.addLayout(last)
        self.shortcuts.changed.connect(self._use_keys)
        self.appearance.restart_wanted.connect(self._restart)

    def _use_keys(self) -> None:
        keymap = Keymap(self._actions.table, self.shortcuts.keymap.changed)
        self._settings.changed_keys = keymap.changed
        self._actions.set_keys(keymap)

    def _restart(self) -> None:
        self.accept()
        self.restart_wanted.emit()
