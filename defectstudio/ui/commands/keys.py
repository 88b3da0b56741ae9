"""Which keys run which command: the table's defaults, or what a user has put in their place.

Keys are written the portable way of Qt ("Ctrl+Shift+D"). Only what differs from the table is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from defectstudio.ui.commands.table import ActionInfo, meet

Keys = tuple[str, ...]

PRESETS: dict[str, dict[str, Keys]] = {
    "DefectStudio": {},
    "labelme": {
        "project.new": ("Ctrl+Shift+N",),
        "image.next": ("D",),
        "image.previous": ("A",),
        "tool.polygon": ("Ctrl+N", "P"),
        "tool.box": ("Ctrl+R", "R"),
        "tool.select": ("Ctrl+J", "V"),
        "region.delete": ("Del",),
    },
    "Prodigy": {
        "tag.good": ("A",),
        "image.previous": ("Left",),
        "image.next": ("Right", "Space"),
        "image.flag": ("F",),
        "tool.fill": ("J",),
        "edit.undo": ("Ctrl+Z", "Backspace"),
        "refine.back": (),  # undo takes back the last answer, too
        "mentor.back": (),
        "region.delete": ("Del",),
    },
}
"""What each habit changes; the first changes nothing."""


def portable(keys: str) -> str:
    """A key combination as it is stored; empty when Qt does not know it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


def native(keys: Iterable[str]) -> str:
    """Key combinations as the system and the user's language write them."""
    return ", ".join(QKeySequence(one).toString(QKeySequence.SequenceFormat.NativeText) for one in keys)


def bare(keys: str) -> bool:
    """Whether a combination could be part of typed text: neither Ctrl, Alt nor Meta, and no function key."""
    text = portable(keys)
    return bool(text) and re.search(r"\b(Ctrl|Alt|Meta)\+|\bF\d+$", text) is None


class Keymap:
    """The keys of every command of a table."""

    def __init__(self, table: Iterable[ActionInfo], changed: Mapping[str, Sequence[str]] | None = None) -> None:
        """`changed` gives keys that differ from the table's; what it says of unknown commands is ignored."""
        self._table = {info.key: info for info in table}
        self._changed: dict[str, Keys] = {}
        for command, keys in (changed or {}).items():
            if command in self._table:
                self._set(command, keys)

    @property
    def changed(self) -> dict[str, Keys]:
        """What differs from the defaults, by command."""
        return dict(self._changed)

    def default(self, command: str) -> Keys:
        """The keys that the table gives a command."""
        return tuple(portable(keys) for keys in self._table[command].shortcuts)

    def keys(self, command: str) -> Keys:
        """The keys of a command as they are now."""
        return self._changed.get(command, self.default(command))

    def _set(self, command: str, keys: Sequence[str]) -> None:
        wanted = tuple(dict.fromkeys(known for one in keys if (known := portable(one))))
        if wanted == self.default(command):
            self._changed.pop(command, None)
        else:
            self._changed[command] = wanted

    def clashes(self, command: str, keys: str) -> list[ActionInfo]:
        """The other commands that the same keys would run at the same moment."""
        wanted, scope = portable(keys), self._table[command].scope
        return [
            info
            for info in self._table.values()
            if info.key != command and meet(info.scope, scope) and wanted in self.keys(info.key)
        ]

    def assign(self, command: str, keys: str, *, add: bool = False) -> None:
        """Let `keys` run a command, instead of or beside the keys it has; they are taken from whoever has them."""
        for other in self.clashes(command, keys):
            self._set(other.key, [one for one in self.keys(other.key) if one != portable(keys)])
        self._set(command, [*self.keys(command), keys] if add else [keys])

    def clear(self, command: str) -> None:
        """Leave a command without keys."""
        self._set(command, ())

    def restore(self, command: str) -> None:
        """Give a command its default keys back, taking them from whoever has them now."""
        self.clear(command)
        for keys in self.default(command):
            self.assign(command, keys, add=True)

    def use_preset(self, name: str) -> None:
        """Forget all changes and make those of a preset."""
        self._changed.clear()
        for command, keys in PRESETS[name].items():
            if command in self._table:
                self._set(command, keys)

    @property
    def preset(self) -> str | None:
        """The preset that is in use unchanged, if any."""
        for name in PRESETS:
            other = Keymap(self._table.values())
            other.use_preset(name)
            if other.changed == self._changed:
                return name
        return None


def preset_title(name: str) -> str:
    """What a preset is called in the settings."""
    return QCoreApplication.translate("Presets", "As delivered") if name == "DefectStudio" else name
