"""Every command of the window, one row each; `actions` makes menus, toolbar and shortcuts of them.

A shortcut of scope `IMAGE` works while the viewer or the list of images has the focus, so a letter typed into a text
field is never a command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from defectstudio.domain.labels import Verdict

WINDOW, IMAGE = "window", "image"


class Commands(Protocol):
    """What the rows need of the window: facts to enable by, and methods to run."""

    viewer: Any
    gallery: Any

    @property
    def has_project(self) -> bool: ...
    @property
    def writable(self) -> bool: ...
    @property
    def has_image(self) -> bool: ...
    @property
    def can_train(self) -> bool: ...
    @property
    def training(self) -> bool: ...
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
    def train(self) -> None: ...
    def cancel_training(self) -> None: ...
    def show_shortcuts(self) -> None: ...
    def show_palette(self) -> None: ...
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


def _project(c: Commands) -> bool:
    return c.has_project


def _writable(c: Commands) -> bool:
    return c.writable


def _image(c: Commands) -> bool:
    return c.has_image


def _taggable(c: Commands) -> bool:
    return c.has_image and c.writable


def _step(verb: str, name: str | None) -> str:
    return f"{verb} {name}" if name else verb


MENUS = (
    ("project", "&Project"),
    ("edit", "&Edit"),
    ("image", "&Image"),
    ("view", "&View"),
    ("train", "&Train"),
    ("help", "&Help"),
)

ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo("project.new", "New project…", "project", lambda c: c.new_project(), "new", ("Ctrl+N",)),
    ActionInfo(
        "project.open", "Open project…", "project", lambda c: c.open_project(), "open", ("Ctrl+O",), toolbar="Open"
    ),
    ActionInfo(
        "project.import",
        "Import images…",
        "project",
        lambda c: c.import_images(),
        "import",
        ("Ctrl+I",),
        lambda c: c.writable or not c.has_project,
        toolbar="Import",
    ),
    ActionInfo("project.save", "Save", "project", lambda c: c.save(), "save", ("Ctrl+S",), _project),
    ActionInfo(
        "project.close", "Close project", "project", lambda c: c.close_project(), "close", ("Ctrl+W",), _project
    ),
    ActionInfo("window.quit", "Quit", "project", lambda c: c.close(), "quit", ("Ctrl+Q",)),
    ActionInfo(
        "edit.undo",
        "Undo",
        "edit",
        lambda c: c.undo(),
        "undo",
        ("Ctrl+Z",),
        lambda c: c.writable and c.undo_name is not None,
        label=lambda c: _step("Undo", c.undo_name),
        toolbar="Undo",
    ),
    ActionInfo(
        "edit.redo",
        "Redo",
        "edit",
        lambda c: c.redo(),
        "redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda c: c.writable and c.redo_name is not None,
        label=lambda c: _step("Redo", c.redo_name),
        toolbar="Redo",
    ),
    ActionInfo(
        "image.previous",
        "Previous image",
        "image",
        lambda c: c.gallery.step(-1),
        "previous",
        ("A", "Left"),
        _project,
        scope=IMAGE,
        toolbar="Previous",
    ),
    ActionInfo(
        "image.next",
        "Next image",
        "image",
        lambda c: c.gallery.step(1),
        "next",
        ("D", "Right"),
        _project,
        scope=IMAGE,
        toolbar="Next",
    ),
    ActionInfo(
        "image.next_unlabelled",
        "Next unlabelled image",
        "image",
        lambda c: c.go_to_unlabelled(1),
        "skip",
        ("Ctrl+Shift+D",),
        _project,
    ),
    ActionInfo(
        "image.previous_unlabelled",
        "Previous unlabelled image",
        "image",
        lambda c: c.go_to_unlabelled(-1),
        "skip-back",
        ("Ctrl+Shift+A",),
        _project,
    ),
    ActionInfo("image.find", "Find image by name", "image", lambda c: c.find_image(), "find", ("Ctrl+K",), _project),
    ActionInfo(
        "tag.good",
        "Tag good",
        "image",
        lambda c: c.tag(Verdict.GOOD),
        "tag-good",
        ("G",),
        _taggable,
        scope=IMAGE,
        toolbar="Good",
    ),
    ActionInfo(
        "tag.defective",
        "Tag defective",
        "image",
        lambda c: c.tag(Verdict.DEFECTIVE),
        "tag-defective",
        ("X",),
        _taggable,
        scope=IMAGE,
        toolbar="Defective",
    ),
    ActionInfo(
        "tag.unlabelled",
        "Remove tag",
        "image",
        lambda c: c.tag(Verdict.UNLABELLED),
        "tag-unlabelled",
        ("U",),
        _taggable,
        scope=IMAGE,
        toolbar="Unlabelled",
    ),
    ActionInfo(
        "tag.then_next",
        "Go on after tagging",
        "image",
        lambda c: c.toggle_next_after_tag(),
        "",
        (),
        checked=lambda c: c.next_after_tag,
    ),
    ActionInfo("view.fit", "Fit image", "view", lambda c: c.viewer.fit(), "fit", ("Ctrl+F",), _image),
    ActionInfo("view.actual", "Actual size", "view", lambda c: c.viewer.actual_size(), "actual", ("Ctrl+0",), _image),
    ActionInfo(
        "view.zoom_in", "Zoom in", "view", lambda c: c.viewer.zoom_by(1.25), "zoom-in", ("Ctrl++", "Ctrl+="), _image
    ),
    ActionInfo("view.zoom_out", "Zoom out", "view", lambda c: c.viewer.zoom_by(0.8), "zoom-out", ("Ctrl+-",), _image),
    ActionInfo(
        "view.labels",
        "Labels",
        "view",
        lambda c: c.viewer.set_display(labels=not c.viewer.display.labels),
        "labels",
        ("T",),
        _project,
        lambda c: c.viewer.display.labels,
        scope=IMAGE,
    ),
    ActionInfo(
        "view.heat",
        "Heat map",
        "view",
        lambda c: c.viewer.set_display(heat=not c.viewer.display.heat),
        "heat",
        ("H",),
        _project,
        lambda c: c.viewer.display.heat,
        scope=IMAGE,
    ),
    ActionInfo(
        "view.contrast",
        "Automatic contrast",
        "view",
        lambda c: c.toggle_contrast(),
        "contrast",
        ("C",),
        _project,
        lambda c: c.viewer.display.levels is None,
        scope=IMAGE,
    ),
    ActionInfo(
        "train.start",
        "Train a detector",
        "train",
        lambda c: c.train(),
        "train",
        ("Ctrl+T",),
        lambda c: c.can_train,
        toolbar="Train",
    ),
    ActionInfo(
        "train.cancel", "Stop training", "train", lambda c: c.cancel_training(), "stop", (), lambda c: c.training
    ),
    ActionInfo("help.shortcuts", "Keyboard shortcuts", "help", lambda c: c.show_shortcuts(), "keyboard", ("F1",)),
    ActionInfo("help.palette", "Find a command…", "help", lambda c: c.show_palette(), "find", ("Ctrl+L",)),
    ActionInfo("help.about", "About DefectStudio", "help", lambda c: c.show_about(), "notice-info"),
)

TOOLBAR_GROUPS = (
    ("project.open", "project.import"),
    ("image.previous", "image.next"),
    ("tag.good", "tag.defective", "tag.unlabelled"),
    ("edit.undo", "edit.redo"),
    ("train.start",),
)
MENU_BREAKS = {"project.save", "window.quit", "image.find", "tag.good", "tag.then_next", "view.labels"}
