"""Where icons, translations and the handbook lie: beside the package in the repository, inside it once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from defectstudio.domain.errors import DefectStudioError


@cache
def _root() -> Path:
    package = Path(__file__).parents[1]
    for folder in (package / "resources", package.parent / "resources"):
        if (folder / "icons").is_dir():
            return folder
    raise DefectStudioError("The icons and texts of DefectStudio are missing.", hint="Install DefectStudio again.")


def resource(*parts: str) -> Path:
    """A file or folder of the resources by the parts of its path, whether or not it exists.

    Raises DefectStudioError when the resources as a whole are not there.
    """
    return _root().joinpath(*parts)
