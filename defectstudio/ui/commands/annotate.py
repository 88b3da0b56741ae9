"""The Annotate menu: tools, classes, regions, what is known of the image; and the View menu's rows for overlays."""

from __future__ import annotations

from collections.abc import Callable

from defectstudio.domain.labels import UNKNOWN, Status
from defectstudio.ui.commands.table import IMAGE, ActionInfo, Commands, Kind, has_image, has_project


def _can_draw(c: Commands) -> bool:
    return bool(c.annotate.can_draw)


def _can_change_region(c: Commands) -> bool:
    return bool(c.annotate.can_change_region)


def _tool(name: str, text: str, keys: str, *, first: bool = False) -> ActionInfo:
    """A row that takes a tool in the hand."""
    return ActionInfo(
        f"tool.{name}",
        text,
        "annotate",
        lambda c: c.annotate.choose_tool(name),
        f"tool-{name}",
        (keys,),
        has_project if name == "select" else _can_draw,
        lambda c: c.annotate.toolbox.tool.key == name,
        scope=IMAGE,
        first_of_group=first,
    )


def _class(number: int) -> ActionInfo:
    """A row that chooses the class of a digit."""
    return ActionInfo(
        f"class.{number}",
        f"Class {number}",
        "annotate.class",
        lambda c: c.annotate.choose_number(number),
        "",
        (str(number),),
        lambda c: _can_draw(c) and number <= len(c.annotate.easel.classes),
        lambda c: c.annotate.is_class(number),
        lambda c: c.annotate.class_name(number),
        scope=IMAGE,
        kind=Kind.GESTURE,
    )


def _region(name: str, text: str, run: Callable[[Commands], object], icon: str, *keys: str) -> ActionInfo:
    """A row that changes the selected region."""
    return ActionInfo(
        f"region.{name}",
        text,
        "annotate.region",
        run,
        icon,
        keys,
        _can_change_region,
        scope=IMAGE,
        kind=Kind.GESTURE,
    )


def _image(
    key: str, text: str, run: Callable[[Commands], object], icon: str, *keys: str, first: bool = False
) -> ActionInfo:
    """A row that says something of the image."""
    menu = "annotate.region" if key.startswith("region") else "image"
    return ActionInfo(key, text, menu, run, icon, keys, _can_draw, scope=IMAGE, kind=Kind.GESTURE, first_of_group=first)


TOOL_ACTIONS: tuple[ActionInfo, ...] = (
    _tool("select", "Select and move regions", "V"),
    _tool("brush", "Brush", "B"),
    _tool("eraser", "Eraser", "E"),
    _tool("polygon", "Polygon", "P"),
    _tool("box", "Box", "R"),
    _tool("ellipse", "Ellipse", "O"),
    _tool("fill", "Fill an area", "F"),
    _tool("wand", "Magic wand", "W"),
    _tool("scissors", "Scissors along edges", "S"),
    _tool("superpixels", "Paint superpixels", "Q"),
    _tool("tighten", "Box to defect", "N"),
    _tool("model", "Accept the model's region", "M"),
    ActionInfo(
        "tool.finish",
        "Finish the shape",
        "annotate",
        lambda c: c.annotate.finish_shape(),
        "",
        ("Return", "Enter"),
        lambda c: c.annotate.toolbox.tool.pending,
        scope=IMAGE,
        kind=Kind.GESTURE,
        first_of_group=True,
    ),
    ActionInfo(
        "tool.cancel",
        "Cancel the shape or the selection",
        "annotate",
        lambda c: c.annotate.cancel(),
        "",
        ("Esc",),
        lambda c: c.annotate.can_cancel,
        scope=IMAGE,
    ),
    ActionInfo(
        "tool.larger",
        "Larger brush",
        "annotate",
        lambda c: c.annotate.easel.resize_brush(1),
        "",
        ("]", "."),
        _can_draw,
        scope=IMAGE,
    ),
    ActionInfo(
        "tool.smaller",
        "Smaller brush",
        "annotate",
        lambda c: c.annotate.easel.resize_brush(-1),
        "",
        ("[", ","),
        _can_draw,
        scope=IMAGE,
    ),
    ActionInfo(
        "tool.protect",
        "Do not overwrite other classes",
        "annotate",
        lambda c: c.annotate.easel.change(protect=not c.annotate.easel.options.protect),
        "lock",
        ("L",),
        _can_draw,
        lambda c: c.annotate.easel.options.protect,
        scope=IMAGE,
    ),
)

CLASS_ACTIONS: tuple[ActionInfo, ...] = (
    *(_class(number) for number in range(1, 10)),
    ActionInfo(
        "class.unknown",
        "Paint unknown",
        "annotate.class",
        lambda c: c.annotate.easel.set_value(UNKNOWN),
        "",
        ("0",),
        _can_draw,
        lambda c: c.annotate.easel.value == UNKNOWN,
        scope=IMAGE,
    ),
    ActionInfo(
        "class.add",
        "Add a class",
        "annotate.class",
        lambda c: c.annotate.classes.add(),
        "add",
        (),
        lambda c: c.writable,
        kind=Kind.GESTURE,
    ),
)

REGION_ACTIONS: tuple[ActionInfo, ...] = (
    _region("delete", "Delete region", lambda c: c.annotate.delete_region(), "delete", "Del", "Backspace"),
    _region("grow", "Grow region", lambda c: c.annotate.transform_region("grow"), "grow", "Ctrl+]"),
    _region("shrink", "Shrink region", lambda c: c.annotate.transform_region("shrink"), "shrink", "Ctrl+["),
    _region("smooth", "Smooth region", lambda c: c.annotate.transform_region("smooth"), "smooth", "Shift+S"),
    _region("holes", "Fill holes of region", lambda c: c.annotate.transform_region("fill_holes"), "holes", "Shift+H"),
    _image("region.copy", "Copy from previous image", lambda c: c.annotate.copy_previous(), "copy", "Ctrl+Shift+C"),
)

STATE_ACTIONS: tuple[ActionInfo, ...] = (
    _image(
        "image.finish", "Finish, next image", lambda c: c.annotate.finish_image(), "finish", "Ctrl+Return", first=True
    ),
    _image("image.complete", "The rest is healthy", lambda c: c.annotate.complete(), "complete", "Shift+G"),
    _image("image.partial", "The rest is unknown", lambda c: c.annotate.partial(), "partial", "Shift+U"),
    _image("image.flag", "Flag for a colleague", lambda c: c.annotate.toggle_flag(), "flag", "Shift+F"),
    _image("image.done", "Mark as done", lambda c: c.annotate.set_status(Status.DONE), "status-done"),
    _image("image.todo", "Mark as to do", lambda c: c.annotate.set_status(Status.TODO), "status-todo"),
    ActionInfo(
        "note.add",
        "Note here…",
        "image",
        lambda c: c.annotate.write_note(),
        "note",
        ("Shift+N",),
        _can_draw,
        scope=IMAGE,
    ),
)

ANNOTATE_ACTIONS: tuple[ActionInfo, ...] = (*TOOL_ACTIONS, *CLASS_ACTIONS, *REGION_ACTIONS, *STATE_ACTIONS)

VIEWER_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "view.outline",
        "Outlines only",
        "view",
        lambda c: c.viewer.set_display(outline=not c.viewer.display.outline),
        "outline",
        ("Shift+T",),
        has_project,
        lambda c: c.viewer.display.outline,
        scope=IMAGE,
        first_of_group=True,
    ),
    ActionInfo(
        "view.unknown",
        "Hatch what is unknown",
        "view",
        lambda c: c.viewer.set_display(unknown=not c.viewer.display.unknown),
        "partial",
        (),
        has_project,
        lambda c: c.viewer.display.unknown,
    ),
    ActionInfo(
        "view.levels",
        "Levels and gamma…",
        "view",
        lambda c: c.pane.bar.show_levels(),
        "levels",
        ("Shift+C",),
        has_image,
        scope=IMAGE,
    ),
    ActionInfo(
        "view.minimap",
        "Overview map",
        "view",
        lambda c: c.viewer.set_display(minimap=not c.viewer.display.minimap),
        "minimap",
        ("Shift+M",),
        has_project,
        lambda c: c.viewer.display.minimap,
        scope=IMAGE,
    ),
    ActionInfo(
        "view.both",
        "Second viewer with the bare image",
        "view",
        lambda c: c.pane.linked.show_both(not c.pane.linked.both),
        "side-by-side",
        ("Ctrl+2",),
        has_project,
        lambda c: c.pane.linked.both,
    ),
)
