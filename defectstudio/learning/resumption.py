"""A training that was interrupted goes on from its last whole epoch and ends with the same weights.

`checkpoint.safetensors` holds the weights and the optimiser's tensors; all else is plain JSON in its metadata, with a
digest of everything, so that a changed byte is found before a training goes on from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError

FORMAT = 2
NET, MEAN, OPTIMIZER = "net.", "mean.", "optimizer."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a training stands: so many whole epochs of a phase are done.

    `net` holds the weights that training has changed, `mean` their running mean where one is kept; `optimizer` maps
    "<parameter>.<name>" to tensors, `groups` are its parameter groups and `scheduler` the schedule's numbers.
    """

    phase: int
    epochs: int
    batch: int
    seconds: float
    net: Mapping[str, Tensor]
    mean: Mapping[str, Tensor] = field(default_factory=dict)
    optimizer: Mapping[str, Tensor] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    scheduler: Mapping[str, Any] = field(default_factory=dict)


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write in one step: a reader finds the old one or the new one, never half of it."""
    tensors: dict[str, Tensor] = {}
    for prefix, part in ((NET, checkpoint.net), (MEAN, checkpoint.mean), (OPTIMIZER, checkpoint.optimizer)):
        tensors |= {prefix + name: value.detach().cpu().contiguous() for name, value in part.items()}
    state = {
        "format": FORMAT,
        "phase": checkpoint.phase,
        "epochs": checkpoint.epochs,
        "batch": checkpoint.batch,
        "seconds": checkpoint.seconds,
        "groups": checkpoint.groups,
        "scheduler": dict(checkpoint.scheduler),
    }
    said = json.dumps(state)
    with written_whole(path) as temporary:  # straight to the file: `save` holds up all threads
        save_file(tensors, temporary, {"state": said, "digest": _digest(tensors, said)})


def _digest(tensors: Mapping[str, Tensor], said: str) -> str:
    digest = hashlib.blake2b(said.encode(), digest_size=16)
    for name, value in sorted(tensors.items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)} ".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def load_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint of a run folder, None where there is none. Raises DefectStudioError when it is damaged."""
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            known = file.metadata()
            state = json.loads(known["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        if state.pop("format") != FORMAT:
            raise ValueError("another format")
        if known["digest"] != _digest(tensors, known["state"]):
            raise ValueError("another digest")
        net, mean, optimizer = (
            {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
            for prefix in (NET, MEAN, OPTIMIZER)
        )
        return Checkpoint(net=net, mean=mean, optimizer=optimizer, **state)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        hint = "Discard the run and train again."
        raise DefectStudioError(f"The checkpoint of run {path.parent.name} is damaged.", hint=hint) from error


def trained_tensors(net: nn.Module) -> dict[str, Tensor]:
    """Copies of what training changes: every parameter that learns, and the statistics of modules in training.

    A frozen encoder comes from its package again and is not written.
    """
    learning = {name for name, parameter in net.named_parameters() if parameter.requires_grad}
    frozen = {name for name, parameter in net.named_parameters() if not parameter.requires_grad}
    kept = [name for name in net.state_dict() if name in learning or name not in frozen]
    return {name: value.detach().clone() for name, value in net.state_dict().items() if name in kept}


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> tuple[dict[str, Tensor], list[dict[str, Any]]]:
    """The optimiser's tensors by "<number of the parameter>.<name>" and its parameter groups as plain values."""
    state = optimizer.state_dict()
    tensors = {
        f"{number}.{name}": value.detach().clone()
        for number, entry in state["state"].items()
        for name, value in entry.items()
        if isinstance(value, Tensor)
    }
    return tensors, [dict(group) for group in state["param_groups"]]


def restore_optimizer(optimizer: torch.optim.Optimizer, checkpoint: Checkpoint) -> None:
    """Put back what `optimizer_tensors` took."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in checkpoint.optimizer.items():
        number, name = key.split(".", 1)
        state.setdefault(int(number), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": checkpoint.groups})
