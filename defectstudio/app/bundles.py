"""Export bundles: a detector as a folder that runs anywhere. What `model.json` says, and reading a bundle back.

A bundle holds networks as ONNX and OpenVINO IR, nothing that is executed on loading, and no pickle. Every file is
listed with its SHA-256 and checked before it is used; only `engines.json`, what this machine measured, is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.data.pixels import sha256_of
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.learning.engines.base import ModelSource

FORMAT: Literal["defectstudio-bundle"] = "defectstudio-bundle"
VERSION = 1
MANIFEST, ONNX, IR, INT8 = "model.json", "model.onnx", "model.xml", "model.int8.xml"
EXAMPLE, README = "example.py", "README.md"
NEEDED = (ONNX, IR, "model.bin")


class Preprocessing(BaseModel):
    """How an image becomes the input: values divided by the largest of their depth, resized, brought to `channels`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    height: int = Field(ge=1, le=20_000)
    width: int = Field(ge=1, le=20_000)
    channels: Literal[1, 3]
    divide_by: dict[str, int] = {"8": 255, "16": 65535}
    """By bits a channel; the result lies in 0..1."""
    resampling: Literal["bilinear, antialiased"] = "bilinear, antialiased"
    """A triangle filter as wide as the reduction, as Pillow's BILINEAR on float images; no letterbox."""
    grey_to_colour: Literal["repeat"] = "repeat"
    colour_to_grey: Literal["mean"] = "mean"
    source_height: int = Field(ge=1)
    """Median height of the training images: beyond twice as many source pixels an input pixel, tiles are cut."""
    source_width: int = Field(ge=1)


class Provenance(BaseModel):
    """Where a detector comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str
    run: str
    run_name: str = ""
    event: int
    seed: int
    net: str
    trained: str
    exported: str
    """Both UTC, ISO 8601."""
    weights_sha256: str
    training_images: int
    training_masks: int
    images: dict[str, int]
    """All images of the project at the time of export, by split and tag: {"train/good": 300, ...}."""
    versions: dict[str, str]
    metrics: dict[str, float] = {}
    config: dict[str, Any] = {}
    """The training configuration, for people; nothing reads it."""


class Terms(BaseModel):
    """Who let a detector out, and on what terms. `thresholds`: by class, from which confidence on a box counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str
    when: str
    """UTC, ISO 8601."""
    reason: str = ""
    thresholds: dict[str, float] = {}
    fitted_on: str = ""
    """validation, held-out or folds; base: those of the run that it came from; empty: set by hand."""
    cuts: dict[str, float] = {}
    """By class, where a heat map is cut into boxes; empty: at `pixel_threshold`, whatever the class."""


class Int8Figures(BaseModel):
    """What quantisation changed on images that trained nothing; AP in 0..1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    defective: int
    ap_fp32: float
    ap_int8: float
    called_otherwise: int
    largest_score_change: float


class Manifest(BaseModel):
    """`model.json`. `files` has the SHA-256 of every other file of the bundle by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    format: Literal["defectstudio-bundle"] = FORMAT
    version: int = Field(ge=1)
    threshold: float = Field(ge=0, le=1)
    threshold_from: str = "none"
    pixel_threshold: float = Field(ge=0, le=1)
    classes: tuple[str, ...] = ()
    preprocessing: Preprocessing
    provenance: Provenance
    approval: Terms | None = None
    """None in bundles that were written before only approved runs could be exported."""
    largest_difference: float
    """Largest difference of scores and heat maps between the exported networks and the trained one, when exported."""
    int8: Int8Figures | None = None
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files were found whole."""

    folder: Path
    manifest: Manifest

    def source(self) -> ModelSource:
        """What engines can be made from."""
        from defectstudio.learning.engines.base import ModelSource

        want = self.manifest.preprocessing
        int8 = self.folder / INT8 if self.manifest.int8 is not None else None
        return ModelSource(
            (want.height, want.width), want.channels, onnx=self.folder / ONNX, ir=self.folder / IR, int8=int8
        )


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle and check its files. Raises DefectStudioError when one is missing, changed or of a newer format."""
    bundle = Bundle(folder, read_manifest(folder / MANIFEST))
    files = bundle.manifest.files
    needed = {*NEEDED, *((INT8, "model.int8.bin") if bundle.manifest.int8 else ())}
    if not needed <= files.keys() or any(Path(name).name != name or "\\" in name for name in files):
        raise _damaged(folder, f"{MANIFEST} does not list the files of a bundle")
    for name, digest in files.items():
        if not (folder / name).is_file():
            raise _damaged(folder, f"{name} is missing")
        if sha256_of(folder / name) != digest:
            raise _damaged(folder, f"{name} is not the file that was exported")
    return bundle


def read_manifest(path: Path) -> Manifest:
    """What a `model.json` says. Raises DefectStudioError as `load_bundle` does."""
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        hint = "Name the folder that `defectstudio export` wrote."
        raise DefectStudioError(
            f"{path.parent} is not an exported detector: {path.name} is missing.", hint=hint
        ) from error
    except OSError as error:
        raise _damaged(path.parent, f"{path.name} cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or path.name
        raise _damaged(path.parent, f"{where}: {first['msg']}") from error
    if manifest.version > VERSION:
        hint = "Use that version of DefectStudio, or a later one."
        raise DefectStudioError(f"{path.parent} was exported by a newer DefectStudio.", hint=hint)
    return manifest


def _damaged(folder: Path, why: str) -> DefectStudioError:
    return DefectStudioError(f"The exported detector {folder} is damaged: {why}.", hint="Export or copy it again.")
