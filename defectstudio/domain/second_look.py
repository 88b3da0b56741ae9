"""A second look in words: a tag or a verdict asked again, blind, to see whether the same person says the same.

What was said first stays what it is; the second answer stands beside it. Where the two differ, a third settles it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from defectstudio.domain.labels import ImageId
from defectstudio.domain.mentoring import Judgement

PANEL = "panel "
"""So begins `SecondLook.detection` where a panel of refinement was shown twice; its id follows."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What was said of one thing twice: `first` stood, `again` was said without seeing it.

    `number` counts per image. `detection`: the id of the detection that was judged, "" for the tag of the image; a
    panel that was shown twice (see `PANEL`) is noted with the image of its anchor once a third answer settled it.
    Answers are `tag_text` or `verdict_text`. `third`: the answer that settled a difference, "" while none did.
    """

    number: int
    detection: str
    first: str
    again: str
    seconds: float = 0.0
    third: str = ""

    @property
    def alike(self) -> bool:
        return self.first == self.again

    @property
    def of_detection(self) -> bool:
        """Whether a verdict on a detection was asked again."""
        return bool(self.detection) and not self.of_panel

    @property
    def of_panel(self) -> bool:
        """Whether this settles a panel that was shown twice."""
        return self.detection.startswith(PANEL)


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """A thing was looked at a second time (`before` None), the difference was settled, or that was taken back."""

    image: ImageId
    number: int
    before: SecondLook | None
    after: SecondLook | None

    def inverse(self) -> LookedAgain:
        return replace(self, before=self.after, after=self.before)


def verdict_text(judgement: Judgement) -> str:
    """A verdict as text: its kind, then the class that it names ("confirmed 1", "rejected", "not sure")."""
    named = judgement.kind not in {"rejected", "not sure"}
    return f"{judgement.kind} {judgement.class_index}" if named else judgement.kind
