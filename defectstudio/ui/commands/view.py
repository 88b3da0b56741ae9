"""The View menu: zoom and what is drawn over the image."""

from __future__ import annotations

from defectstudio.ui.commands.table import IMAGE, ActionInfo, has_image, has_project

VIEW_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo("view.fit", "Fit image", "view", lambda c: c.viewer.fit(), "fit", ("Ctrl+F",), has_image),
    ActionInfo(
        "view.actual", "Actual size", "view", lambda c: c.viewer.actual_size(), "actual", ("Ctrl+0",), has_image
    ),
    ActionInfo(
        "view.zoom_in", "Zoom in", "view", lambda c: c.viewer.zoom_by(1.25), "zoom-in", ("Ctrl++", "Ctrl+="), has_image
    ),
    ActionInfo(
        "view.zoom_out", "Zoom out", "view", lambda c: c.viewer.zoom_by(0.8), "zoom-out", ("Ctrl+-",), has_image
    ),
    ActionInfo(
        "view.labels",
        "Labels",
        "view",
        lambda c: c.viewer.set_display(labels=not c.viewer.display.labels),
        "labels",
        ("T",),
        has_project,
        lambda c: c.viewer.display.labels,
        scope=IMAGE,
        first_of_group=True,
    ),
    ActionInfo(
        "view.heat",
        "Heat map",
        "view",
        lambda c: c.viewer.set_display(heat=not c.viewer.display.heat),
        "heat",
        ("H",),
        has_project,
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
        has_project,
        lambda c: c.viewer.display.levels is None,
        scope=IMAGE,
    ),
)
