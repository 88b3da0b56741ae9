"""What the window remembers between two starts: its shape, recent projects, habits. Never anything of a project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 6


class Settings:
    """A thin cover over QSettings with typed values."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DefectStudio", "DefectStudio")

    @property
    def recent(self) -> list[str]:
        """Recently opened project folders that still exist, the latest first."""
        stored = self._store.value("recent", [])
        folders = [stored] if isinstance(stored, str) else list(stored) if isinstance(stored, list) else []
        return [folder for folder in folders if (Path(folder) / "project.db").is_file()]

    def add_recent(self, folder: Path) -> None:
        """Remember a project as the latest."""
        name = str(folder.absolute())
        self._store.setValue("recent", [name, *(f for f in self.recent if f != name)][:MOST_RECENT])

    @property
    def next_after_tag(self) -> bool:
        """Whether tagging an image goes on to the next."""
        return self._store.value("next_after_tag", "false") in {True, "true"}

    @next_after_tag.setter
    def next_after_tag(self, wanted: bool) -> None:
        self._store.setValue("next_after_tag", wanted)

    def window_shape(self) -> tuple[QByteArray, QByteArray] | None:
        """Geometry and dock state of the main window as last left."""
        geometry, state = self._store.value("window/geometry"), self._store.value("window/state")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            return geometry, state
        return None

    def keep_window_shape(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the shape of the main window."""
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/state", state)
        self._store.sync()
