"""The Train menu: start a training or let it wait for its turn, pause and stop it."""

from __future__ import annotations

from defectstudio.ui.commands.table import ActionInfo, Commands, Kind
from defectstudio.ui.translations import said


def _pause_text(c: Commands) -> str:
    return said("Go on with the training") if c.trainer.paused else said("Pause training")


def _queue_text(c: Commands) -> str:
    return said("Hold the queue") if c.trainer.going else said("Start the queue")


TRAIN_ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo(
        "train.start",
        "Train a detector",
        "train",
        lambda c: c.trainer.train(),
        "train",
        ("Ctrl+T",),
        lambda c: c.trainer.can_start,
        toolbar="Train",
        kind=Kind.JOB,
    ),
    ActionInfo(
        "train.later",
        "Add to queue",
        "train",
        lambda c: c.trainer.enqueue(),
        "queue",
        ("Ctrl+Alt+T",),
        lambda c: c.trainer.can_queue,
        kind=Kind.JOB,
    ),
    ActionInfo(
        "train.pause",
        "Pause training",
        "train",
        lambda c: c.trainer.pause(),
        "pause",
        ("Ctrl+Shift+T",),
        lambda c: c.trainer.training,
        label=_pause_text,
        first_of_group=True,
    ),
    ActionInfo(
        "train.cancel", "Stop training", "train", lambda c: c.trainer.stop(), "stop", (), lambda c: c.trainer.training
    ),
    ActionInfo(
        "train.resume",
        "Go on with the last interrupted training",
        "train",
        lambda c: c.trainer.resume_newest(),
        "",
        (),
        lambda c: c.trainer.can_resume,
        kind=Kind.JOB,
    ),
    ActionInfo(
        "train.queue",
        "Start the queue",
        "train",
        lambda c: c.trainer.toggle_queue(),
        "play",
        (),
        lambda c: c.trainer.waiting > 0,
        label=_queue_text,
        kind=Kind.JOB,
    ),
)
