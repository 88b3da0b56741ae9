"""How a candidate is trained from verdicts, and what its run says of that: part of `runs/<id>/run.json`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from defectstudio.domain.mentoring import Head


class MentorSettings(BaseModel):
    """The switches of mentored training (Cordier, Das, Gutierrez 2021); every combination is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: Head = "cells"
    """What learns: the run, or only its detector of boxes, while all else stays as it was deployed."""
    balanced: bool = True
    """As many mentored as original images in every batch; off: all images as often as one another."""
    weight: float = Field(1.0, ge=0, allow_inf_nan=False)
    """lambda of L = L_S + lambda L_W."""
    transfer: bool = True
    """Start from the weights of the deployed run, else from new ones."""
    omnia: bool = True
    """Areas where the deployed model sees a defect with less than `epsilon` count as healthy in training.

    On, as without it a few confirmed areas teach a network to see defects everywhere (`benchmarks/results`)."""
    epsilon: float = Field(0.01, ge=0, le=1)
    healthy: bool = True
    """All of an image that was called good counts as healthy; off: only the areas of rejected detections do."""
    dann: bool = False
    """A classifier of domains, whose gradient is reversed, so that both domains look alike to what learns."""
    dann_weight: float = Field(0.1, ge=0, le=10)
    """What lambda of the reversal grows to."""
    distill: bool = False
    """Areas of which nobody said anything are held to what the deployed model says of them."""
    distill_weight: float = Field(1.0, ge=0, le=100)
    epochs: int = Field(12, ge=1, le=10_000)
    batch: int = Field(8, ge=2, le=1024)
    lr: float | None = Field(None, gt=0, allow_inf_nan=False)
    """Peak rate of the heads. None: `USUAL_RATE`, but `TUNED_RATE` where they start from a run whose encoder was tuned:
    that one ended in small steps, and large ones make it forget (`benchmarks/results`)."""
    finetune_epochs: int = Field(0, ge=0)
    """Epochs in which the encoder learns too. 0: it stays that of the deployed run, tuned or not; where such a run is
    not started from, it is tuned anew. Where nobody says a number, `MENTORED_TUNING` is usual for a run that was tuned
    and has no detector of boxes, which would be lost."""
    seed: int = Field(0, ge=0)

    def peak(self, *, tuned: bool) -> float:
        """The peak rate; `tuned`: whether the heads that are started from were tuned together with the encoder."""
        return self.lr or (TUNED_RATE if tuned and self.transfer else USUAL_RATE)


USUAL_RATE, TUNED_RATE = 3e-3, 1e-3
TUNED_EPOCHS = 5
"""For a deployed run whose encoder was tuned and that is not started from, where the settings name no number."""
MENTORED_TUNING = 8
"""Epochs in which a tuned encoder learns on: it then closes the gap to all labels (`benchmarks/results`)."""


class MentorRecord(BaseModel):
    """What a mentored run came from: the deployed run and its weights (SHA-256), and the images of the new domain.

    `mentored`: ids of the images that operators said something of; `verdicts`: ids of the judged detections.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: MentorSettings
    base: str
    base_weights: str = ""
    mentored: tuple[int, ...] = ()
    verdicts: tuple[str, ...] = ()
