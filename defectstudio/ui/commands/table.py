"""What a command of the window is: one row of a table, from which menus, toolbar, keys, sheet and settings are made.

A shortcut of scope `IMAGE` works while the viewer or the list of images has the focus, so a letter typed into a text
field is never a command. The scope of a workspace is `IMAGE` while that workspace is shown: two workspaces may use the
same key. The scope of a list is heard in that list alone, where the keys of scope `IMAGE` are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from defectstudio.domain.labels import Verdict
from defectstudio.ui.gestures import gesture_said
from defectstudio.ui.translations import said

WINDOW, IMAGE = "window", "image"
ANNOTATE = "annotate"
QUEUE = "queue"
REFINE = "refine"
MENTOR = "mentor"
REPLAY = "replay"
BOOK = "book"
LOOK = "second look"
AGREEMENT = "agreement"
LISTS = {QUEUE, REFINE, MENTOR, REPLAY, BOOK, LOOK, AGREEMENT}


def meet(scope: str, other: str) -> bool:
    """Whether shortcuts of two scopes can be heard at the same moment, so that they must differ."""
    both = {scope, other}
    return scope == other or WINDOW in both or (IMAGE in both and not both & LISTS)


class Kind(StrEnum):
    """What a command can do to somebody's work."""

    VIEW = "view"
    """Nothing: it shows something, or changes a habit."""
    GESTURE = "gesture"
    """It changes labels, as a step that undo takes back."""
    FILE = "file"
    """It makes or reads files, and asks first."""
    JOB = "job"
    """It starts long work that only adds something and can be stopped."""


class Commands(Protocol):
    """What the rows need of the window: facts to enable by, and methods to run."""

    viewer: Any
    gallery: Any
    pane: Any
    annotate: Any
    trainer: Any
    runs_desk: Any
    compare_desk: Any
    select: Any
    refine: Any
    mentor: Any
    replay: Any
    book: Any
    look: Any
    agreement: Any

    @property
    def has_project(self) -> bool: ...
    @property
    def writable(self) -> bool: ...
    @property
    def has_image(self) -> bool: ...
    @property
    def undo_name(self) -> str | None: ...
    @property
    def redo_name(self) -> str | None: ...
    @property
    def next_after_tag(self) -> bool: ...
    def new_project(self) -> None: ...
    def open_project(self) -> None: ...
    def close_project(self) -> None: ...
    def import_images(self) -> None: ...
    def save(self) -> None: ...
    def close(self) -> Any: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def tag(self, verdict: Verdict) -> None: ...
    def toggle_next_after_tag(self) -> None: ...
    def go_to_unlabelled(self, direction: int) -> None: ...
    def find_image(self) -> None: ...
    def toggle_contrast(self) -> None: ...
    def show_shortcuts(self) -> None: ...
    def show_palette(self) -> None: ...
    def show_settings(self) -> None: ...
    def show_handbook(self) -> None: ...
    def show_about(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """One command. `label` gives a text that changes, `checked` whether it is on."""

    key: str
    text: str
    menu: str
    run: Callable[[Commands], object]
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    enabled: Callable[[Commands], bool] = lambda _c: True
    checked: Callable[[Commands], bool] | None = None
    label: Callable[[Commands], str] | None = None
    scope: str = WINDOW
    toolbar: str = ""
    """Short text under which it stands in the toolbar; empty: not there."""
    kind: Kind = Kind.VIEW
    first_of_group: bool = False
    """Whether a line stands above it in its menu."""


def has_project(c: Commands) -> bool:
    return c.has_project


def writable(c: Commands) -> bool:
    return c.writable


def has_image(c: Commands) -> bool:
    return c.has_image


def taggable(c: Commands) -> bool:
    return c.has_image and c.writable


def step(verb: str, name: str | None) -> str:
    """ "Undo" with the name of the step it would take back."""
    return said(f"{verb} {{0}}").format(gesture_said(name)) if name else said(verb)
