"""The formats that can be read, and the choice between them by the layout of a folder."""

from __future__ import annotations

from pathlib import Path

from defectstudio.data.exchange.dagm import Dagm2007
from defectstudio.data.exchange.folder import ImageFolder
from defectstudio.data.exchange.kolektorsdd import KolektorSDD
from defectstudio.data.exchange.kolektorsdd2 import KolektorSDD2
from defectstudio.data.exchange.magnetic_tile import MagneticTile
from defectstudio.data.exchange.mvtec import MVTec
from defectstudio.data.exchange.plan import Format, ImportPlan
from defectstudio.domain.errors import DefectStudioError

FORMATS: tuple[Format, ...] = (KolektorSDD(), KolektorSDD2(), Dagm2007(), MagneticTile(), MVTec(), ImageFolder())


def format_named(name: str) -> Format:
    """The format of that name. Raises DefectStudioError, listing the names, when there is none."""
    for form in FORMATS:
        if form.name == name:
            return form
    raise DefectStudioError(f"There is no import format {name!r}.", hint=f"Use one of: {_names()}.")


def detect(folder: Path) -> Format:
    """The format that fits the folder best. Raises DefectStudioError when none fits or it is no folder."""
    folder = _existing(folder)
    try:
        sure, best = max(((form.detect(folder), -rank) for rank, form in enumerate(FORMATS)), key=lambda found: found)
    except PermissionError as error:
        raise DefectStudioError(f"{folder} may not be read.", hint="Ask for read permission on it.") from error
    if sure <= 0:
        raise DefectStudioError(
            f"{folder} has no layout that can be imported.",
            hint=f"Choose the folder that holds PNG, JPEG, BMP or TIFF images, or name its format: {_names()}.",
        )
    return FORMATS[-best]


def read(folder: Path, format: str | None = None) -> ImportPlan:
    """What the folder would bring in, by the named format or the one that fits. Raises DefectStudioError."""
    folder = _existing(folder)
    plan = (detect(folder) if format is None else format_named(format)).read(folder)
    if not plan.items:
        raise DefectStudioError(
            f"{folder} holds no image that can be imported as {plan.format}.",
            hint="Check the folder, or name another format.",
        )
    return plan


def _existing(folder: Path) -> Path:
    """The folder, resolved, so that its own name is known. Raises DefectStudioError when it is no folder."""
    if not folder.is_dir():
        raise DefectStudioError(f"{folder} is not a folder.", hint="Name the folder that holds the images.")
    return folder.resolve()


def _names() -> str:
    return ", ".join(form.name for form in FORMATS)
