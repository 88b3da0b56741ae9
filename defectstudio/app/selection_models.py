"""What the questions "which images next, which labels are doubtful, when to stop" are answered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from defectstudio.domain.events import QueueMark
from defectstudio.domain.labels import ImageId

Figure: TypeAlias = Literal["ap", "pixel_ap", "iou"]
MapKind: TypeAlias = Literal["pca", "tsne"]


class SelectSettings(BaseModel):
    """How the queue is made: see the handbook's page "Which images next".

    `strategy`: one of `acquisition.scores.STRATEGIES`; `folds`: models to train, each without one fold; `batch`: how
    many images to ask for; `each_class`: the first so many of every known defect class go ahead (M of the paper);
    `calibrate`: bring the folds to one scale; `once_per_group`: further images of a part wait for the other parts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: str = "ours"
    folds: int = Field(default=2, ge=2, le=20)
    batch: int = Field(default=10, ge=1)
    each_class: int = Field(default=0, ge=0)
    calibrate: bool = True
    once_per_group: bool = True
    seed: int = Field(default=0, ge=0)


class QueueItem(BaseModel):
    """One image of the queue: `p_defect` out of fold, `score` under the strategy (higher = ask first), why it is asked.

    `classes`: names of the defect classes that its tag gives. A pinned image that was not scored has `p_defect` and
    `score` None.
    """

    image: ImageId
    name: str
    position: int
    score: float | None
    p_defect: float | None
    reason: str
    group: str
    classes: list[str]
    mark: QueueMark | None = None


class Queue(BaseModel):
    """The images to segment next, best first, and what that rests on.

    `run_event`: the event that the scoring saw; `computed`: when, UTC, ISO 8601; `stale`: labels have changed since;
    `masks_since`: masks drawn since; `pool`: images that wait for a mask, `unscored` of them came after the scoring.
    `left_out`: those that are skipped for ever.
    """

    strategy: str
    run_event: int
    computed: str
    stale: bool
    items: list[QueueItem]
    pool: int
    unscored: int = 0
    masks_since: int = 0
    left_out: list[QueueItem] = []


SuspectKind = Literal["model", "empty mask", "group"]


class Suspect(BaseModel):
    """A tag to look at: "model": a model that did not train on the image contradicts it; "empty mask": it is tagged
    defective, and its complete label map shows no defect; "group": most other images of the same part are tagged
    otherwise. `p_defect` is None where no model scored it.
    """

    image: ImageId
    name: str
    tag: str
    p_defect: float | None
    kind: SuspectKind
    reason: str


class BudgetPoint(BaseModel):
    """A figure of one run on images that did not train it, with a 90 % interval over images (None: not defined)."""

    run: str
    name: str
    masks: int
    value: float
    low: float | None
    high: float | None


class BudgetLine(BaseModel):
    """The fitted curve and its 90 % band at some numbers of masks."""

    masks: list[float]
    value: list[float]
    low: list[float]
    high: list[float]


class Budget(BaseModel):
    """What `more` masks are worth: `gain`, between `low` and `high` (90 %), in units of the figure (0..1).

    `line`, and with it gain and advice, are missing with fewer than three different numbers of masks. `images`: how
    many held-out images it rests on; `left_out`: runs that were trained otherwise or have no figure.
    """

    figure: Figure
    points: list[BudgetPoint]
    images: int
    left_out: int
    sentence: str
    line: BudgetLine | None = None
    more: int = 0
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    stop: bool = False
    stop_sentence: str = ""


@dataclass(frozen=True, slots=True)
class DataMap:
    """Where each image lies on the map: `ids` (n,), `xy` (n, 2) float32 in 0..1; near each other: they look alike."""

    ids: tuple[ImageId, ...]
    xy: NDArray[np.float32]
    kind: MapKind
