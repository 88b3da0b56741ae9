"""The Annotate menu: tools, classes, regions."""

from __future__ import annotations

from defectstudio.ui.commands.table import ActionInfo

ANNOTATE_ACTIONS: tuple[ActionInfo, ...] = ()
