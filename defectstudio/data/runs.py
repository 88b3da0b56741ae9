"""Training configurations and run records: what `runs/<id>/run.json` holds, so that a run can be repeated.

A run folder holds `run.json`, `weights.safetensors`, `curve.jsonl` and `predictions.h5`; while it is not finished,
`checkpoint.safetensors` instead of, or beside, the weights.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from defectstudio.data.mentoring import MentorRecord
from defectstudio.data.pixels import sha256_of
from defectstudio.data.settings import Precision, Sized, first_wrong
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

RECORD = "run.json"
WEIGHTS = "weights.safetensors"
CURVE = "curve.jsonl"
PREDICTIONS = "predictions.h5"
BOXES = "boxes.safetensors"
"""The detector of boxes of a run that has one."""
CHECKPOINT = "checkpoint.safetensors"
"""What an unfinished training needs to go on; gone once the run is finished."""


class TrainConfig(Sized):
    """Everything that decides how a detector is trained. Make one with `default_config(net, **changes)`.

    `height`, `width` (pixels at the network input) and `channels` are chosen from the training images when None
    (the rule: `learning.inputs.resolve`); a finished run records the values that were used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    net: Literal["fast", "segdec"] = "fast"
    variant: Literal["paper", "release"] = "paper"
    seed: int = Field(0, ge=0)
    epochs: int = Field(14, ge=1, le=10_000)
    batch: int = Field(4, ge=1, le=1024)
    lr: float = Field(3e-3, gt=0, allow_inf_nan=False)
    height: int | None = Field(None, ge=64, le=20_000)
    width: int | None = Field(None, ge=64, le=20_000)
    channels: Literal[1, 3] | None = None
    delta: float = Field(1.0, ge=0)
    """Eq. 1: weight of the classification loss."""
    w_pos: float = Field(5.0, gt=0)
    """Eq. 5: weight of positive pixels."""
    p: float = Field(0.0, ge=0)
    """Eq. 5: exponent of the distance weights; 0 gives every positive pixel `w_pos`."""
    dilation: int = Field(1, ge=1, le=255)
    """Side of the square (pixels of the source image) by which drawn defects grow before training; 1: not at all."""
    dynamic_balance: bool | Literal["always"] = True
    """Eq. 2, from segmentation to classification; "always": also when no defective image has a mask."""
    gradient_stop: Literal["always", "with_masks", "never"] = "always"
    """Whether the classification loss stops at the segmentation part; "with_masks": only when some mask is there."""
    distance_weights: bool = False
    """Eqs. 4-5: positive pixels count more, the deeper inside their region they lie."""
    strides: tuple[Literal[4, 8, 16, 32], ...] | None = None
    """`fast`: strides of the encoder maps that the heads see; None: chosen (the rule: `learning.inputs.resolve`)."""
    stride: Literal[4, 8] | None = None
    """`fast`: stride of the segmentation output; None: chosen with the input size."""
    finetune_epochs: int | None = Field(0, ge=0)
    """`fast`: epochs in which the encoder learns too, after the heads alone for a third of `epochs`.

    0: it stays frozen. None: chosen from the size of the training images (the rule: `learning.inputs.resolve`)."""
    finetune_lr: float = Field(3e-4, gt=0, allow_inf_nan=False)
    running_mean: float = Field(0.0, ge=0, lt=1)
    """Decay of an exponential mean of the weights, which is what a phase ends with; 0: the last weights themselves."""
    paste: float = Field(0.0, ge=0, le=1)
    """`fast`, while the encoder learns: share of good images that are shown with a drawn defect of another image."""
    synthetic: float = Field(0.0, ge=0, le=1)
    """`fast`, while the encoder is frozen: share of good images that are spoilt by noise in an irregular region."""
    segment_classes: tuple[int, ...] | None = None
    """Defect classes that the segmentation tells apart; None: those that occur in masks, where there are several."""
    threshold_folds: int | None = Field(None, ge=0, le=20)
    """Without validation images: the threshold comes from images that so many fold models did not see.

    0: from the training images. None: 2 where the encoder is frozen, else 0, as it doubles the work."""
    augment: bool = True
    """Random flips of the training images."""
    test_flips: bool = False
    """Average the predictions over flips, four times the work."""
    precision: Precision = "auto"
    threads: int | None = Field(None, ge=1)
    """CPU threads of torch; None: as many as cores less one, at least 2 where there are two."""

    @model_validator(mode="after")
    def _consistent(self) -> TrainConfig:
        if self.strides is not None and not self.strides:
            raise ValueError("fast needs at least one encoder stride")
        return self


NET_DEFAULTS: dict[str, dict[str, Any]] = {
    "fast": {"gradient_stop": "with_masks"},
    # The row of KolektorSDD2 in the paper's section 5: the set that stands nearest to unknown data.
    "segdec": {
        "epochs": 50,
        "batch": 1,
        "lr": 0.01,
        "w_pos": 3.0,
        "p": 2.0,
        "dilation": 15,
        "distance_weights": True,
    },
}


def default_config(net: str = "fast", **changes: Any) -> TrainConfig:
    """The defaults of one network with some values changed. Raises DefectStudioError naming a value that is wrong."""
    try:
        return TrainConfig(**{"net": net, **NET_DEFAULTS.get(net, {}), **changes})
    except ValidationError as error:
        raise DefectStudioError(first_wrong(error), hint="Check the training settings.") from error


class BoxSettings(BaseModel):
    """How a detector of boxes is trained on the features of a run's encoder, which stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anchors: int = Field(6, ge=1, le=32)
    """Anchors a cell, chosen from the true boxes."""
    epochs: int = Field(20, ge=1, le=10_000)
    batch: int = Field(8, ge=2, le=1024)
    lr: float = Field(3e-3, gt=0, allow_inf_nan=False)
    w_object: float = Field(20.0, gt=0)
    """Weight of the objectness where there is an object."""
    running_mean: float = Field(0.99, ge=0, lt=1)
    seed: int = Field(0, ge=0)


class RunRecord(BaseModel):
    """What one training run was and how it ended. `seconds` is wall time; `created` is UTC, ISO 8601.

    "running" is what a run says of itself until it ends: found by another process, it was interrupted. "failed" broke
    off with `error`. Both, and "stopped", can be resumed where a checkpoint is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str = ""
    created: str
    status: Literal["running", "finished", "stopped", "failed"]
    error: str = ""
    config: TrainConfig
    event: int
    classes: tuple[str, ...] = ()
    images: tuple[int, ...] = ()
    """Ids of the images that trained it."""
    segmented: tuple[int, ...] = ()
    """Ids of the defective images whose masks were used."""
    versions: dict[str, str] = Field(default_factory=dict)
    device: str = "cpu"
    precision: str = "32"
    seconds: float = 0.0
    features_seconds: float = 0.0
    threshold: float = 0.5
    threshold_from: Literal["validation", "folds", "training", "none"] = "none"
    metrics: dict[str, float] = Field(default_factory=dict)
    mentoring: MentorRecord | None = None
    """Where verdicts on detections trained it, what it came from."""
    boxes: BoxSettings | None = None
    """How its detector of boxes is trained; None where it has none."""
    boxes_seconds: float = 0.0


def box_settings(**values: Any) -> BoxSettings:
    """Settings of a detector of boxes. Raises DefectStudioError naming a value that is wrong."""
    try:
        return BoxSettings(**values)
    except ValidationError as error:
        raise DefectStudioError(first_wrong(error), hint="Check the settings of the boxes.") from error


def weights_digest(folder: Path) -> str:
    """By which the weights of a run are known: their SHA-256, "" where there are none.

    Where the run has a detector of boxes, too, the SHA-256 of that follows after a space.
    """
    if not (folder / WEIGHTS).is_file():
        return ""
    return " ".join(sha256_of(folder / name) for name in (WEIGHTS, BOXES) if (folder / name).is_file())


def now() -> str:
    """The present moment, UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_run(folder: Path, record: RunRecord) -> None:
    """Put `run.json` into the folder in one step: readers see the old one or the new one, never half of it."""
    text = json.dumps(record.model_dump(mode="json"), indent=2, sort_keys=True)
    with written_whole(folder / RECORD) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_run(folder: Path) -> RunRecord:
    """The record of a run folder. Raises DefectStudioError when it is missing or damaged."""
    path = folder / RECORD
    try:
        return RunRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise DefectStudioError(f"There is no run in {folder.name}.", hint="Train a detector first.") from error
    except OSError as error:
        raise DefectStudioError(f"The run {folder.name} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        hint = "Delete the run folder or restore it from a copy."
        raise DefectStudioError(
            f"The record of run {folder.name} is damaged: {first_wrong(error)}", hint=hint
        ) from error


def list_runs(runs: Path) -> list[RunRecord]:
    """The readable records of all runs in a project's `runs/` folder, oldest first."""
    folders = [folder for folder in runs.iterdir() if (folder / RECORD).is_file()] if runs.is_dir() else []
    return sorted((read_run(folder) for folder in folders), key=lambda record: (record.created, record.id))
