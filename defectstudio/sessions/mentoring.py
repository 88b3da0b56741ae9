"""An operator judges detections, one key each: every verdict one gesture of an event and what it says of the map.

Cordier, Das, Gutierrez 2021 [MENTOR]. A confirmed detection gives its area its class, a rejected one makes it healthy,
"not sure" leaves it unknown. Nothing else of an image becomes known by that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, StatusSet, Tagged
from defectstudio.domain.geometry import clipped, union
from defectstudio.domain.labels import GOOD, HEALTHY, UNKNOWN, Box, ImageId, Origin, Verdict, class_pixels
from defectstudio.domain.mentoring import Detection, DetectionJudged, Judgement, VerdictKind, judged
from defectstudio.domain.second_look import LookedAgain, SecondLook, verdict_text
from defectstudio.domain.state import ImageState
from defectstudio.sessions.edits import Edit, checked_image, events_of
from defectstudio.sessions.painting.patch import Patch
from defectstudio.sessions.second_look import AFTER, free_number
from defectstudio.sessions.session import Change, Session

PER_TRAINING = 50
"""Decisions after which training again pays."""

SAID: dict[VerdictKind, str] = {
    "confirmed": "confirm detection",
    "rejected": "reject detection",
    "not sure": "not sure of detection",
    "other class": "change class of detection",
    "missed": "mark missed defect",
}

Area = Callable[[Detection], Patch | None]
"""The pixels that a detection is about; None: its whole box."""


def whole_box(_detection: Detection) -> Patch | None:
    """Takes a detection for its box: what a detector that finds boxes says."""
    return None


class Mentoring:
    """The verdicts on a queue of detections, on one session.

    Methods raise DefectStudioError on what makes no sense, and then change nothing. `learnt`: ids of detections whose
    verdicts the newest run has seen; `areas` gives the pixels of a detection. `blind`: the share of verdicts that are
    asked again without being shown, to see whether the same person says the same; `seed` draws which.
    """

    def __init__(
        self,
        session: Session,
        detections: Sequence[Detection],
        *,
        areas: Area = whole_box,
        learnt: Collection[str] = (),
        per_training: int = PER_TRAINING,
        blind: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.session, self.per_training, self.blind, self.seed = session, per_training, blind, seed
        self.detections = {detection.id: detection for detection in detections}
        self._state = session.project.state
        self._areas, self._learnt = areas, frozenset(learnt)
        self._mine: list[int] = []
        self._said = {j.detection.id: j for entry in self._state.images.values() for j in entry.judged}
        self._looked = [k.detection for entry in self._state.images.values() for k in entry.looks if k.of_detection]
        self._seen_openly: set[str] = set()
        self._drawn: tuple[int, str | None] = (-1, None)
        session.changed.connect(self._follow)

    def _follow(self, change: Change) -> None:
        for event in change.events:
            if isinstance(event, DetectionJudged) and event.after is not None:
                self._said[event.id] = event.after
            elif isinstance(event, DetectionJudged):
                self._said.pop(event.id, None)
            elif isinstance(event, LookedAgain):
                self._follow_look(event.before, event.after)

    def _follow_look(self, before: SecondLook | None, after: SecondLook | None) -> None:
        if before is not None and before.of_detection:
            self._looked.remove(before.detection)
        if after is not None and after.of_detection:
            self._looked.append(after.detection)

    @property
    def queue(self) -> list[Detection]:
        """The detections that wait for a verdict, the next one first; the first may be one that is asked again."""
        again = self.asked_again
        return [*([again] if again is not None else []), *self._waiting()]

    def _waiting(self) -> Iterator[Detection]:
        return (d for d in self.detections.values() if d.id not in self._said and self._is_there(d))

    @property
    def current(self) -> Detection | None:
        """The next detection to judge, None when all are judged."""
        return self.asked_again or next(self._waiting(), None)

    # Second looks.

    @property
    def asked_again(self) -> Detection | None:
        """A judged detection that is to be asked again now, blind, None mostly; the same until the next answer.

        Judging it writes a second look and leaves the first verdict as it is.
        """
        count = len(self._said) + len(self._looked)
        if self._drawn[0] != count:
            self._drawn = (count, self._draw_again(count))
        found = self.detections.get(self._drawn[1] or "")
        if found is None or found.id not in self._said or found.id in self._seen_openly:
            return None
        return found if self._is_there(found) else None

    def _draw_again(self, count: int) -> str | None:
        rng = np.random.default_rng([self.seed, count])
        if rng.random() >= self.blind:
            return None
        done = {*self._looked, *self._seen_openly}
        old = [
            identity for identity in list(self._said)[:-AFTER] if identity in self.detections and identity not in done
        ]
        return old[int(rng.integers(len(old)))] if old else None

    def see_openly(self, identity: str) -> None:
        """Somebody has seen what was said of this detection: what is said of it now is no second look."""
        self._seen_openly.add(identity)

    def is_again(self, identity: str) -> bool:
        """Whether a verdict on this detection now would be a second look."""
        again = self.asked_again
        return again is not None and again.id == identity

    def _look(self, judgement: Judgement) -> Event:
        image, before = judgement.detection.image, self._said[judgement.detection.id]
        number = free_number(checked_image(self._state, image))
        said = verdict_text(before), verdict_text(judgement)
        return LookedAgain(image, number, None, SecondLook(number, judgement.detection.id, *said, judgement.seconds))

    def _is_there(self, detection: Detection) -> bool:
        entry = self._state.images.get(detection.image)
        return entry is not None and entry.present

    def verdict(self, identity: str) -> Judgement | None:
        """What was said of a detection, None while nothing was."""
        return self._said.get(identity)

    # Verdicts.

    def judge(self, kind: VerdictKind, class_index: int | None = None, seconds: float = 0.0) -> Detection | None:
        """Judge the current detection; returns the next one."""
        detection = self.current
        if detection is None:
            raise DefectStudioError("No detection waits for a verdict.", hint="Mine further images.")
        self._judge([judged(detection, kind, class_index, seconds)], SAID[kind])
        return self.current

    def judge_one(self, identity: str, kind: VerdictKind, class_index: int | None = None, seconds: float = 0.0) -> None:
        """Judge any detection of the queue, also one that was judged before."""
        self._judge([judged(self._of(identity), kind, class_index, seconds)], SAID[kind])

    def judge_many(self, ids: Sequence[str], kind: VerdictKind, seconds: float = 0.0) -> int:
        """Say the same of several detections as one gesture (a contact sheet); returns how many."""
        chosen = [self._of(identity) for identity in dict.fromkeys(ids)]
        each = seconds / max(len(chosen), 1)
        name = SAID[kind] if len(chosen) == 1 else f"{SAID[kind]}s: {len(chosen)}"
        self._judge([judged(detection, kind, None, each) for detection in chosen], name)
        return len(chosen)

    def part_is_good(self, image: ImageId, seconds: float = 0.0) -> None:
        """The whole image is good (healthy knowledge): it is tagged so, and what waits in it is rejected.

        Raises DefectStudioError where a defect is drawn or confirmed in it.
        """
        entry = checked_image(self._state, image)
        drawn = self._state.label_map(image)
        if drawn is not None and bool(class_pixels(drawn).any()):
            raise DefectStudioError("A defect is marked in this image.", hint="Take that back first.")
        rejected = [judged(d, "rejected", None, 0.0) for d in self._waiting() if d.image == image]
        events: list[Event] = [DetectionJudged(image, j.detection.id, None, j) for j in _timed(rejected, seconds)]
        if entry.tag != GOOD:
            events.append(Tagged(image, entry.tag, GOOD, Origin.MENTORED))
        self._record("part is good", events)

    def mark_missed(self, image: ImageId, box: Box, class_index: int, seconds: float = 0.0) -> Detection:
        """A defect that the run did not find: `box` in pixels of the image, cut at its edges."""
        entry = checked_image(self._state, image)
        inside = clipped(box, entry.shape)
        if inside is None:
            raise DefectStudioError("This box lies outside the image.", hint="Draw it inside the image.")
        detection = Detection(self._free_id(entry, image), image, "", inside, class_index, 0.0)
        self._judge([judged(detection, "missed", class_index, seconds)], SAID["missed"])
        return detection

    def take_back(self) -> Detection | None:
        """Take the last verdict back; returns the detection that waits next.

        Raises DefectStudioError when the last step was no verdict of this queue.
        """
        steps = self.session.steps_since(self._mine[0]) if self._mine else ()
        while self._mine and self._mine[-1] not in steps:
            self._mine.pop()
        if not self._mine or steps[-1] != self._mine[-1]:
            raise DefectStudioError("The last step was not a verdict.", hint="Use undo to take other steps back.")
        self._mine.pop()
        self.session.undo()
        return self.current

    # Counters.

    @property
    def decisions(self) -> int:
        """How many verdicts were given so far, of this queue and marked as missed."""
        return sum(identity in self.detections or j.kind == "missed" for identity, j in self._said.items())

    @property
    def seconds_per_decision(self) -> float | None:
        """The mean time of the verdicts that were timed, None where none was."""
        timed = [j.seconds for j in self._said.values() if j.seconds > 0]
        return sum(timed) / len(timed) if timed else None

    @property
    def until_training(self) -> int:
        """How many more decisions until training again pays; "not sure" does not count."""
        new = sum(j.kind != "not sure" and identity not in self._learnt for identity, j in self._said.items())
        return max(0, self.per_training - new)

    def count(self, kind: VerdictKind) -> int:
        """How many verdicts of a kind there are."""
        return sum(j.kind == kind for j in self._said.values())

    # Events.

    def _judge(self, judgements: Sequence[Judgement], name: str) -> None:
        events: list[Event] = []
        edits: dict[ImageId, list[Edit]] = {}
        for judgement in judgements:
            detection = judgement.detection
            if self.is_again(detection.id):
                events.append(self._look(judgement))
                continue
            entry = checked_image(self._state, detection.image)
            events.append(DetectionJudged(detection.image, detection.id, self._said.get(detection.id), judgement))
            edits.setdefault(detection.image, []).extend(self._edits(entry, judgement))
        for image, changes in edits.items():
            events += self._painted(image, changes)
        self._record(name, events)

    def _painted(self, image: ImageId, edits: Sequence[Edit]) -> list[Event]:
        """What verdicts change of an image; that it is worked on is nothing they say."""
        return [e for e in events_of(self._state, image, edits, Origin.MENTORED) if not isinstance(e, StatusSet)]

    def _edits(self, entry: ImageState, judgement: Judgement) -> list[Edit]:
        """A rejected detection clears its area, and of the rest of its box what is no other defect."""
        detection = judgement.detection
        box = clipped(detection.box, entry.shape)
        if box is None:
            raise DefectStudioError("This detection lies outside its image.", hint="Mine the images again.")
        whole = Patch(box, np.ones(box.shape, bool))
        area = None if judgement.kind == "missed" else self._areas(detection)
        area = whole if area is None else area
        value = judgement.label
        if entry.tag.verdict is Verdict.GOOD and value in {None, HEALTHY}:
            return []  # it is healthy everywhere already
        if value is None:
            # A verdict that is changed to "not sure" leaves nothing of what was said before.
            before = self._said.get(detection.id)
            return [] if before is None or before.label is None else [Edit(area, UNKNOWN)]
        if value == HEALTHY:
            # One pixel more on each side: cells whose edge cuts through a pixel are known only if it is.
            around = union(box, area.box)
            grown = clipped(Box(around.top - 1, around.left - 1, around.bottom + 1, around.right + 1), entry.shape)
            assert grown is not None
            return [Edit(area, HEALTHY), Edit(Patch(grown, np.ones(grown.shape, bool)), HEALTHY, protect=True)]
        return [Edit(area, value)]

    def _record(self, name: str, events: Sequence[Event]) -> None:
        self.session.record(name, events)
        if events and (last := self.session.last_step) is not None:
            self._mine.append(last)

    def _of(self, identity: str) -> Detection:
        found = self.detections.get(identity) or (self._said[identity].detection if identity in self._said else None)
        if found is None or not self._is_there(found):
            raise DefectStudioError("This detection is not in the queue.", hint="Mine the images again.")
        return found

    def _free_id(self, entry: ImageState, image: ImageId) -> str:
        used = {judgement.detection.id for judgement in entry.judged}
        return next(name for n in range(1, 1_000_000) if (name := f"{image}-missed-{n}") not in used)


def _timed(judgements: Sequence[Judgement], seconds: float) -> list[Judgement]:
    """One decision on several detections: its time belongs to the first."""
    return [
        Judgement(j.detection, j.kind, j.class_index, seconds if number == 0 else 0.0)
        for number, j in enumerate(judgements)
    ]
