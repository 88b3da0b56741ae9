"""Weights on disk, in safetensors: nothing in such a file can run."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from defectstudio.data.runs import WEIGHTS, TrainConfig, read_run
from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.learning.model import TrainedModel, build
from defectstudio.learning.nets.fast import Net

TRAINING_ONLY = "domain"
"""The name of a part that only training needs: no run carries it."""


def save_weights(path: Path, net: Net, config: TrainConfig) -> None:
    """Write the weights in one step, with the configuration that they belong to."""
    kept = {name: value for name, value in net.state_dict().items() if TRAINING_ONLY not in name.split(".")}
    tensors = {name: value.detach().cpu().contiguous() for name, value in kept.items()}
    # One entry only: safetensors writes several in any order, and equal runs would no longer be equal files.
    with written_whole(path) as temporary:
        save_file(tensors, temporary, {"network": f"{config.net} {config.variant}"})


def load_weights(path: Path, net: Net) -> None:
    """Fill a network. Raises DefectStudioError when the file is missing, damaged or of another network."""
    try:
        tensors = load_file(path)
    except FileNotFoundError as error:
        raise DefectStudioError(
            f"The weights of run {path.parent.name} are missing.", hint="Train it again."
        ) from error
    except (SafetensorError, OSError) as error:
        hint = "Restore the file from a copy, or train again."
        raise DefectStudioError(f"The weights of run {path.parent.name} are damaged.", hint=hint) from error
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        hint = "Use the run.json that was written beside the weights."
        raise DefectStudioError(
            f"The weights of run {path.parent.name} do not fit its configuration.", hint=hint
        ) from error


def load_model(folder: Path) -> TrainedModel:
    """The detector of a run folder, finished or stopped."""
    record = read_run(folder)
    net = build(record.config)
    load_weights(folder / WEIGHTS, net)
    return TrainedModel(
        record.config,
        net.eval(),
        images=record.images,
        segmented=record.segmented,
        threshold=record.threshold,
        threshold_from=record.threshold_from,
        device=record.device,
        precision=record.precision,
    )
