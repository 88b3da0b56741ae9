"""What a comparison of runs says: figures with intervals, differences, settings, curves, and images they differ on."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import BaseModel, PlainSerializer

Rounded = Annotated[float, PlainSerializer(lambda value: round(value, 5), return_type=float, when_used="json")]


class Estimate(BaseModel):
    """A figure, None where it is not defined, and the ends of its 95 % interval, None where there is none."""

    value: Rounded | None
    low: Rounded | None = None
    high: Rounded | None = None

    @property
    def clear(self) -> bool:
        """Of a difference: whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def estimate(value: float, low: float = math.nan, high: float = math.nan) -> Estimate:
    """An estimate in which NaN is None."""
    numbers = [None if math.isnan(number) else float(number) for number in (value, low, high)]
    return Estimate(value=numbers[0], low=numbers[1], high=numbers[2])


class ComparedRun(BaseModel):
    """One run on the images that are compared. `f1`, `ca`, `fp` and `fn` hold at its own threshold, `iou` at its own
    pixel threshold. `recall` and `precision` make its curve, `training` what it said of itself epoch by epoch.
    """

    run: str
    name: str
    threshold: Rounded
    threshold_from: str
    ap: Estimate
    f1: Estimate
    ca: Estimate
    pixel_ap: Estimate
    auc: Rounded | None
    iou: Rounded | None
    fp: int
    fn: int
    recall: list[Rounded]
    precision: list[Rounded]
    training: list[dict[str, float]]

    @property
    def title(self) -> str:
        """Its name, else its id."""
        return self.name or self.run


class Difference(BaseModel):
    """By how much `second` is better than `first`, with paired intervals."""

    first: str
    second: str
    ap: Estimate
    pixel_ap: Estimate


class Setting(BaseModel):
    """A setting or fact in which the runs differ; one value for each run, as text."""

    name: str
    values: list[str]


class DifferingImage(BaseModel):
    """An image, what the runs say of it, and which of them are right (nobody knows of an unlabelled image).

    `scores` is P(defect) of each run, `called` whether that reaches its threshold. `rank_difference`, 0..1, is how far
    apart its places are in the rankings of the runs.
    """

    image: int
    name: str
    split: str
    truth: Literal["good", "defective", "unlabelled"]
    scores: list[Rounded]
    called: list[bool]
    right: list[str]
    rank_difference: Rounded

    @property
    def contested(self) -> bool:
        """Whether one run calls it defective and another does not."""
        return len(set(self.called)) > 1


class Comparison(BaseModel):
    """Runs on the same images. `split` None: on every split.

    `images` are tagged ones, `pixel_images` those of them with a complete label map. Left out are images that trained
    one of the runs (`trained_on`, unless `with_trained`), lack a prediction of one (`unpredicted`), and, but among the
    differing ones, `unreviewed` ones. `contested`: how many images they call differently; `differing` are those, then
    others, the farthest apart in rank first.
    """

    split: str | None
    with_trained: bool
    runs: list[ComparedRun]
    images: int
    defective: int
    groups: int
    pixel_images: int
    trained_on: int
    unpredicted: int
    unreviewed: int
    draws: int
    settings: list[Setting]
    differences: list[Difference]
    contested: int
    differing: list[DifferingImage]
