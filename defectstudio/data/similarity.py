"""Rounds of similarity refinement on disk: settings, records and the patches that a round can ask about [SIM].

A round is one folder `<project>/rounds/<NNN>/`: `round.json`, `weights.safetensors`, `curve.jsonl` and `patches.h5`,
each written in one step by the job that trains the round. Clarkson, Edwards, Xie 2022, "Dense semantic refinement
using active similarity learning".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defectstudio.data.predictions import enlarged
from defectstudio.data.settings import Precision, Sized, first_wrong
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.refinement import StartKind

RECORD = "round.json"
PATCHES = "patches.h5"
FORMAT = 1
LEAST_PATCH = 29
"""Pixels of a side that the layers of `patchnet` need to come down to one cell."""


class SimilarityConfig(Sized):
    """Everything that decides how a round is trained. Make one with `similarity_config(**changes)`.

    Distances in pixels are those of the image, not of the network's input.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    net: Literal["fast", "patchnet"] = "fast"
    """`fast`: a small head on the frozen features of a pretrained encoder; `patchnet`: the paper's network."""
    patch: int = Field(32, ge=LEAST_PATCH, le=512)
    """Side of a patch in pixels: what the expert is shown and, `patchnet`, what the network sees."""
    stride: Literal[4, 8, 16] = 8
    """Pixels between the centres of neighbouring patches of the index and the heat map."""
    embedding: int = Field(64, ge=2, le=1024)
    """Dimensions of the embedding."""
    unit: bool = True
    """Embeddings have length 1 (as FaceNet's); else they lie anywhere in Euclidean space."""
    margin: float = Field(0.2, gt=0, allow_inf_nan=False)
    """Alpha of the triplet loss."""
    triplet: float = Field(0.3, ge=0, allow_inf_nan=False)
    """Weight of the triplet loss; those of the two cross-entropies are 1."""
    negatives: Literal["semi-hard", "hardest"] = "semi-hard"
    mode: Literal["mask_update", "user_refined", "both"] = "both"
    """What trains: patches drawn through the label maps, patches that answers refined or confirmed, or both."""
    user_share: float = Field(0.5, gt=0, lt=1)
    """`both`: the part of each batch that answers take up, once there are enough of them."""
    prior: float = Field(0.5, ge=0, le=1)
    """How far P(defect) follows how often each label occurs in the maps; 0: all labels equally likely, 1: all the way.

    Patches are drawn by label, so that rare defects are learnt; on whole images that alone would see them everywhere.
    """
    context: bool = False
    """`fast`: see the surroundings of a patch too. For defects much wider than a patch; thin ones blur."""
    batch: int = Field(128, ge=4, le=4096)
    steps: int = Field(600, ge=1, le=1_000_000)
    """Steps of the optimiser in a round."""
    pool: int = Field(24_576, ge=16, le=10_000_000)
    """Patches drawn through the label maps for a round; batches are drawn from them."""
    patches: int = Field(50_000, ge=16, le=10_000_000)
    """The most patches that a round keeps to ask about."""
    lr: float = Field(1e-3, gt=0, allow_inf_nan=False)
    seed: int = Field(0, ge=0)
    height: int | None = Field(None, ge=64, le=20_000)
    width: int | None = Field(None, ge=64, le=20_000)
    """`fast`: the encoder's input size; None: as `learning.inputs.resolve`, or that of the round before."""
    precision: Precision = "auto"
    threads: int | None = Field(None, ge=1)
    """CPU threads of torch; None: as for other trainings, but one for the head of `fast`."""


def similarity_config(**changes: Any) -> SimilarityConfig:
    """The defaults with some values changed. Raises DefectStudioError naming a value that is wrong."""
    try:
        return SimilarityConfig(**changes)
    except ValidationError as error:
        raise DefectStudioError(first_wrong(error), hint="Check the settings of the refinement.") from error


class RoundRecord(BaseModel):
    """What one round of training was and how it ended. `seconds` is wall time; `created` is UTC, ISO 8601.

    "running" is what a round says of itself until it ends: found by another process, it was interrupted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    round: int = Field(ge=0)
    created: str
    status: Literal["running", "finished", "stopped", "failed"]
    error: str = ""
    config: SimilarityConfig
    event: int
    """The last event of the journal that its labels hold."""
    start: StartKind = "labels"
    """What the label maps were before the first answer."""
    before: int | None = None
    """The round whose weights it began with."""
    labels: tuple[int, ...] = ()
    """The labels that the network tells apart, healthy (0) first."""
    channels: Literal[1, 3] = 3
    seconds: float = 0.0
    features_seconds: float = 0.0
    answers: int = 0
    """Patches that answers said something of, when it was trained."""
    counts: dict[str, int] = Field(default_factory=dict)
    """Patches by where they came from: "refined", "observed", "label 0", "label 1", ..., "indexed"."""
    figures: dict[str, float] = Field(default_factory=dict)
    """The last row of the curve."""
    versions: dict[str, str] = Field(default_factory=dict)
    device: str = "cpu"
    precision: str = "32"


@dataclass(frozen=True, slots=True)
class PatchIndex:
    """Patches that can be asked about: image id, centre (row, column) in its pixels, embedding and P(defect).

    image, row, column (n,) integers; embedding (n, d) float32; p_defect (n,) float32 in [0, 1].
    """

    image: NDArray[np.int64]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    embedding: NDArray[np.float32]
    p_defect: NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.image.size)


def round_folder(project: Path, number: int) -> Path:
    """Where round `number` of a project lies."""
    return project / "rounds" / f"{number:03d}"


def write_round(folder: Path, record: RoundRecord) -> None:
    """Put `round.json` into the folder in one step."""
    text = json.dumps(record.model_dump(mode="json"), indent=2, sort_keys=True)
    with written_whole(folder / RECORD) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_round(folder: Path) -> RoundRecord:
    """The record of a round's folder. Raises DefectStudioError when it is missing or damaged."""
    try:
        return RoundRecord.model_validate_json((folder / RECORD).read_bytes())
    except FileNotFoundError as error:
        raise DefectStudioError(f"There is no round in {folder.name}.", hint="Train a round first.") from error
    except OSError as error:
        raise DefectStudioError(f"The round {folder.name} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        hint = "Delete its folder or restore it from a copy."
        raise DefectStudioError(
            f"The record of round {folder.name} is damaged: {first_wrong(error)}", hint=hint
        ) from error


def list_rounds(project: Path) -> list[RoundRecord]:
    """The records of all rounds of a project, by number. Raises as `read_round`."""
    rounds = project / "rounds"
    folders = [folder for folder in rounds.iterdir() if (folder / RECORD).is_file()] if rounds.is_dir() else []
    return sorted((read_round(folder) for folder in folders), key=lambda record: record.round)


def write_index(folder: Path, index: PatchIndex) -> None:
    """Write a round's `patches.h5` in one step."""
    import h5py

    with written_whole(folder / PATCHES) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["format"] = FORMAT
        for name in PatchIndex.__slots__:
            file[name] = getattr(index, name)


def read_index(folder: Path) -> PatchIndex:
    """The patches of a round. Raises DefectStudioError when the file is missing or damaged."""
    import h5py

    try:
        with h5py.File(folder / PATCHES, "r") as file:
            arrays = {name: file[name][:] for name in PatchIndex.__slots__}
            if file.attrs.get("format") != FORMAT or len({len(array) for array in arrays.values()}) != 1:
                raise _damaged(folder)
            return PatchIndex(**arrays)
    except FileNotFoundError as error:
        raise DefectStudioError(f"Round {folder.name} has no patches.", hint="Train the round again.") from error
    except (OSError, KeyError, TypeError) as error:
        raise _damaged(folder) from error


def heat_at(heat: NDArray[np.float32], stride: int, shape: tuple[int, int]) -> NDArray[np.float32]:
    """A heat map (ceil(h / stride), ceil(w / stride)) at the size of its image, bilinear between the cells' centres."""
    whole = (heat.shape[0] * stride, heat.shape[1] * stride)
    return enlarged(heat.astype(np.float16), whole)[: shape[0], : shape[1]]


def _damaged(folder: Path) -> DefectStudioError:
    return DefectStudioError(f"{PATCHES} of round {folder.name} is damaged.", hint="Train the round again.")
