"""What an image was in each round: its label map when the round was trained, and what changed since the round before.

A round's network saw the labels up to one event of the journal; the map at that event is the map of today with every
later edit turned back. Heat is what the round's network made of the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.project import Project
from defectstudio.data.similarity import RoundRecord
from defectstudio.domain.labels import ImageId, LabelMap, class_pixels, decode_runs, effective_map


@dataclass(frozen=True, slots=True)
class Stage:
    """One image at one round (`number`), or now (None): its whole label map, and where it differs from before.

    `labels` (height, width); `changed` (height, width) bool, None for the first stage.
    """

    number: int | None
    labels: LabelMap
    changed: NDArray[np.bool_] | None

    def gained(self, before: LabelMap) -> int:
        """How many pixels show a defect that did not before."""
        return int((class_pixels(self.labels) & ~class_pixels(before)).sum())

    def lost(self, before: LabelMap) -> int:
        """How many pixels showed a defect before and do not any more."""
        return int((class_pixels(before) & ~class_pixels(self.labels)).sum())


def map_at(project: Project, image: ImageId, event: int) -> LabelMap | None:
    """The drawn label map of an image when `event` was the newest, a copy; None where nothing is drawn now."""
    drawn = project.state.label_map(image)
    if drawn is None:
        return None
    found = drawn.copy()
    for edit in project.journal.painted(image, after=event):
        found[edit.box.slices] = decode_runs(edit.before)
    return found


def stages(project: Project, image: ImageId, rounds: Sequence[RoundRecord]) -> list[Stage]:
    """An image at each round, oldest first, and as it is now. A good image is healthy throughout, drawn or not."""
    entry = project.state.images[image]
    maps = [map_at(project, image, record.event) for record in rounds]
    maps.append(project.state.label_map(image))
    whole = [effective_map(entry.tag, drawn, entry.shape) for drawn in maps]
    made: list[Stage] = []
    for place, labels in enumerate(whole):
        number = rounds[place].round if place < len(rounds) else None
        made.append(Stage(number, labels, None if place == 0 else labels != whole[place - 1]))
    return made
