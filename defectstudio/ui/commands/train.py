"""The Train menu: start and stop a training."""

from __future__ import annotations

from defectstudio.ui.commands.table import ActionInfo, Kind

TRAIN_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "train.start",
        "Train a detector",
        "train",
        lambda c: c.train(),
        "train",
        ("Ctrl+T",),
        lambda c: c.can_train,
        toolbar="Train",
        kind=Kind.JOB,
    ),
    ActionInfo(
        "train.cancel", "Stop training", "train", lambda c: c.cancel_training(), "stop", (), lambda c: c.training
    ),
)
