"""What decides the results in a folder of predictions, and whether such a folder may be begun or gone on with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.app.detectors import Detector
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

SETTINGS = "predictions.json"


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """What to write, and how to run. `engine` and `precision`: "auto" or a name; `batch`: images at a time."""

    engine: str = "auto"
    precision: str = "auto"
    heat: bool = False
    masks: bool = False
    batch: int = 4
    resume: bool = False


class Settings(BaseModel):
    """What decides the results in a folder: `predictions.json`. `engine` is a name and a precision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    detector: str
    weights_sha256: str
    engine: str = Field(pattern=r"^\w+ \w+$")
    threshold: float
    pixel_threshold: float
    heat: bool
    masks: bool

    @classmethod
    def of(cls, detector: Detector, engine: str, options: FolderOptions) -> Settings:
        return cls(
            detector=detector.name,
            weights_sha256=detector.digest,
            engine=engine,
            threshold=detector.threshold,
            pixel_threshold=detector.pixel_threshold,
            heat=options.heat,
            masks=options.masks,
        )


def check_folders(images: Path, out: Path, *, resume: bool) -> None:
    """Raise DefectStudioError where images could be overwritten or taken for results."""
    source, target = images.resolve(), out.resolve()
    if target.is_relative_to(source) or source.is_relative_to(target):
        raise DefectStudioError(
            f"{out} and {images} lie one inside the other.", hint="Choose a folder for the results beside the images."
        )
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not resume):
        hint = "Choose a new folder, or go on with --resume where it was begun there."
        raise DefectStudioError(f"{out} already holds something.", hint=hint)


def begin(out: Path, before: Settings | None, settings: Settings) -> None:
    """Write down what decides the results, or compare with what was written when the folder was begun."""
    if before is None:
        with written_whole(out / SETTINGS) as temporary:
            temporary.write_text(settings.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return
    old = before.model_dump()
    other = [key for key, value in settings.model_dump().items() if old[key] != value]
    if other:
        was = ", ".join(f"{key}: {old[key]}" for key in other)
        hint = "Choose a new folder, or ask for the same."
        raise DefectStudioError(f"{out} was begun with other settings ({was}).", hint=hint)


def begun(out: Path) -> Settings | None:
    """What was written when the folder was begun; None where nothing was begun at all."""
    if not out.is_dir() or not any(out.iterdir()):
        return None
    try:
        return Settings.model_validate_json((out / SETTINGS).read_bytes())
    except (OSError, ValidationError) as error:
        hint = "Choose a new folder, without --resume."
        raise DefectStudioError(f"No prediction was begun in {out}.", hint=hint) from error
