"""What the window remembers between two starts: its shape, recent projects, habits. Never anything of a project."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

log = logging.getLogger(__name__)

MOST_RECENT = 6
THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "de")
SCALES = (100, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class Recent:
    """What the start page says of a project that was open before."""

    folder: str
    opened: float = 0.0
    """When it was last open, Unix seconds."""
    images: int = 0
    tagged: int = 0
    picture: str = ""
    """SHA-256 of an image whose thumbnail stands for the project."""

    @classmethod
    def read(cls, text: str) -> Recent | None:
        """A stored project, None for what cannot be read."""
        try:
            made = cls(**json.loads(text))
            return replace(made, opened=float(made.opened), images=int(made.images), tagged=int(made.tagged))
        except (ValueError, TypeError):
            return None


class Settings:
    """A thin cover over QSettings with typed values."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DefectStudio", "DefectStudio")

    @property
    def recent(self) -> list[Recent]:
        """Recently opened projects whose folders still exist, the latest first."""
        found = (Recent.read(text) for text in self._texts("recent"))
        return [one for one in found if one is not None and (Path(one.folder) / "project.db").is_file()]

    def _texts(self, name: str) -> list[str]:
        stored = self._store.value(name, [])
        return [stored] if isinstance(stored, str) else [str(one) for one in stored] if isinstance(stored, list) else []

    def add_recent(self, project: Recent) -> None:
        """Remember a project as the latest, in place of what was known of it."""
        kept = [project, *(one for one in self.recent if one.folder != project.folder)][:MOST_RECENT]
        self._store.setValue("recent", [json.dumps(asdict(one)) for one in kept])

    @property
    def next_after_tag(self) -> bool:
        """Whether tagging an image goes on to the next."""
        return self._store.value("next_after_tag", "false") in {True, "true"}

    @next_after_tag.setter
    def next_after_tag(self, wanted: bool) -> None:
        self._store.setValue("next_after_tag", wanted)

    @property
    def mentor_touch(self) -> bool:
        """Whether detections are judged with large buttons."""
        return self._store.value("mentor/touch", "false") in {True, "true"}

    @mentor_touch.setter
    def mentor_touch(self, wanted: bool) -> None:
        self._store.setValue("mentor/touch", wanted)

    @property
    def second_looks(self) -> bool:
        """Whether some tags, verdicts and panels are asked a second time, blind."""
        return self._store.value("second_looks", "true") in {True, "true"}

    @second_looks.setter
    def second_looks(self, wanted: bool) -> None:
        self._store.setValue("second_looks", wanted)

    @property
    def book_shown(self) -> bool:
        """Whether the defect book stands beside the work."""
        return self._store.value("book/shown", "false") in {True, "true"}

    @book_shown.setter
    def book_shown(self, wanted: bool) -> None:
        self._store.setValue("book/shown", wanted)

    def _one_of(self, name: str, choices: Sequence[str]) -> str:
        stored = str(self._store.value(name, choices[0]))
        return stored if stored in choices else choices[0]

    @property
    def theme(self) -> str:
        """One of `THEMES`."""
        return self._one_of("appearance/theme", THEMES)

    @theme.setter
    def theme(self, wanted: str) -> None:
        self._store.setValue("appearance/theme", wanted)

    @property
    def language(self) -> str:
        """One of `LANGUAGES`; read when a window is made."""
        return self._one_of("appearance/language", LANGUAGES)

    @language.setter
    def language(self, wanted: str) -> None:
        self._store.setValue("appearance/language", wanted)

    @property
    def scale(self) -> int:
        """Size of everything in percent of what the screen asks for, one of `SCALES`; read when the program starts."""
        return int(self._one_of("appearance/scale", [str(scale) for scale in SCALES]))

    @scale.setter
    def scale(self, wanted: int) -> None:
        self._store.setValue("appearance/scale", wanted)

    @property
    def zoom_with_control(self) -> bool:
        """Whether the wheel zooms only while Ctrl is held."""
        return self._store.value("viewer/zoom_with_control", "false") in {True, "true"}

    @zoom_with_control.setter
    def zoom_with_control(self, wanted: bool) -> None:
        self._store.setValue("viewer/zoom_with_control", wanted)

    @property
    def changed_keys(self) -> dict[str, list[str]]:
        """Keys that differ from the table of commands, by command."""
        stored = str(self._store.value("shortcuts", "{}"))
        try:
            return {str(command): [str(one) for one in keys] for command, keys in json.loads(stored).items()}
        except (ValueError, AttributeError, TypeError):
            log.warning("The stored keys cannot be read and are left out: %s", stored)
            return {}

    @changed_keys.setter
    def changed_keys(self, changed: Mapping[str, Sequence[str]]) -> None:
        self._store.setValue("shortcuts", json.dumps({command: list(keys) for command, keys in changed.items()}))

    @property
    def selection(self) -> dict[str, Any]:
        """How images to segment next were asked for last, by the fields of the Select panel; {} never."""
        return self._fields("selection")

    @selection.setter
    def selection(self, chosen: Mapping[str, Any]) -> None:
        self._store.setValue("selection", json.dumps(dict(chosen)))

    @property
    def refinement(self) -> dict[str, Any]:
        """How labels were refined last, by the controls of the Refine panel; {} never."""
        return self._fields("refinement")

    @refinement.setter
    def refinement(self, chosen: Mapping[str, Any]) -> None:
        self._store.setValue("refinement", json.dumps(dict(chosen)))

    def _fields(self, name: str) -> dict[str, Any]:
        try:
            stored = json.loads(str(self._store.value(name, "{}")))
        except ValueError:
            stored = None
        return stored if isinstance(stored, dict) else {}

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
