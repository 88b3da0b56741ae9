"""What stood after a step of the journal, as far as it can be shown: the image, its label map, the question and answer.

A `PastReader` belongs to one background thread. It opens the journal for reading and never touches the open project.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from defectstudio.app.playback import Steps
from defectstudio.data.codec import Row, decode
from defectstudio.data.journal import Gesture, Journal
from defectstudio.data.project import DATABASE
from defectstudio.data.timeline import EVERY, Timeline, map_at
from defectstudio.domain.events import Event, image_of
from defectstudio.domain.labels import DefectClass, ImageId, LabelMap, Verdict
from defectstudio.domain.mentoring import DetectionJudged, Judgement
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.domain.state import ImageState, LabelState

E = TypeVar("E", PanelAnswered, DetectionJudged)
MOST_EVENTS = 500
"""Of a step with more events (an import) the first ones are read."""
MOST_MAPS = 48


@dataclass(frozen=True, slots=True)
class Counts:
    """What a project held: images by verdict, answered panels, judged detections, runs."""

    verdicts: dict[Verdict, int] = field(default_factory=dict)
    answers: int = 0
    judged: int = 0
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What stood after a step, and what the step did.

    `image`: the one that the step was about, else the one that was asked for, None where neither is there yet. Label
    maps (height, width) uint8 are shared with other looks and not to be written to; `before`: before the step.
    `taken_back`: the step that took this one back, 0 none. `asked`: for an answered panel, the state that the expert
    saw, with the images and maps of the panel alone.
    """

    step: int
    gesture: Gesture | None = None
    events: tuple[Event, ...] = ()
    images: int = 0
    taken_back: int = 0
    image: ImageId | None = None
    entry: ImageState | None = None
    labels: LabelMap | None = None
    before: LabelMap | None = None
    classes: dict[int, DefectClass] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    answered: PanelAnswered | None = None
    asked: LabelState | None = None
    judgement: Judgement | None = None


class PastReader:
    """Answers for one journal, one question after the other; steps that follow each other are quick."""

    def __init__(self, folder: Path, steps: Steps) -> None:
        self._folder, self._steps = folder, steps
        self._line: Timeline | None = None
        self._state, self._event = LabelState(), 0
        self._maps: OrderedDict[ImageId, tuple[int, LabelMap | None]] = OrderedDict()

    def look(self, step: int, image: ImageId | None = None) -> Look:
        """What stood after a step, 0 for the empty project. `image`: which to show where the step is about none."""
        # Opened for each question: a connection must be closed by its thread, which may get no other question.
        journal = Journal(self._folder / DATABASE, readonly=True)
        try:
            return self._look(journal, step, image)
        finally:
            journal.close()

    def _look(self, journal: Journal, step: int, image: ImageId | None) -> Look:
        before, event = self._steps.event(max(step - 1, 0)), self._steps.event(step)
        state = self._state_at(journal, event)
        found = Look(step, image=image, classes=dict(state.classes), counts=_counts(state))
        if step:
            found = self._with_gesture(journal, found, step)
        if found.answered is not None:
            found = replace(found, asked=self._asked(journal, state, found.answered, before))
        entry = None if found.image is None else state.images.get(found.image)
        if entry is None or not entry.present:
            return replace(found, image=None)
        assert found.image is not None
        maps = [self._map(journal, found.image, entry.shape, at) for at in (before, event)]
        return replace(found, entry=entry, before=maps[0], labels=maps[1])

    def _state_at(self, journal: Journal, event: int) -> LabelState:
        line = self._line = self._line or Timeline(journal, self._folder / "cache")
        line.journal = journal
        if 0 <= event - self._event <= EVERY and self._state.images:
            line.bring_on(self._state, self._event, event)
        else:
            self._state = line.state_at(event)
        self._event = event
        return self._state

    def _with_gesture(self, journal: Journal, look: Look, step: int) -> Look:
        db, number = journal.connection, int(self._steps.gestures[step - 1])
        gesture = Gesture(*db.execute("SELECT * FROM gestures WHERE id = ?", (number,)).fetchone())
        query = "SELECT image, kind, payload, before, after FROM events WHERE gesture = ? ORDER BY seq LIMIT ?"
        events = [decode(Row(*row), image) for image, *row in db.execute(query, (number, MOST_EVENTS))]
        images = db.execute("SELECT COUNT(DISTINCT image) FROM events WHERE gesture = ?", (number,)).fetchone()[0]
        answered = _first(events, PanelAnswered)
        judged = _first(events, DetectionJudged)
        shown = next((image for event in events if (image := image_of(event)) is not None), look.image)
        return replace(
            look,
            gesture=gesture,
            events=tuple(events),
            images=images,
            taken_back=int(self._steps.taken_back[step - 1]),
            image=shown if answered is None else answered.panel.anchor.patch.image,
            answered=answered,
            judgement=None if judged is None else judged.after or judged.before,
        )

    def _asked(self, journal: Journal, state: LabelState, answered: PanelAnswered, before: int) -> LabelState:
        """The images of a panel as they were when it was answered."""
        panel = answered.panel
        wanted = {candidate.patch.image for candidate in (panel.anchor, *panel.candidates)} & state.images.keys()
        maps = {image: self._map(journal, image, state.images[image].shape, before) for image in sorted(wanted)}
        return LabelState(
            images={image: state.images[image] for image in wanted},
            maps={image: drawn for image, drawn in maps.items() if drawn is not None},
            classes=dict(state.classes),
        )

    def _map(self, journal: Journal, image: ImageId, shape: tuple[int, int], event: int) -> LabelMap | None:
        after, known = self._maps.pop(image, (0, None))
        if after > event:
            after, known = 0, None
        drawn = map_at(journal, image, shape, event, after=after, known=known)
        self._maps[image] = (event, drawn)
        while len(self._maps) > MOST_MAPS:
            self._maps.popitem(last=False)
        return drawn


def _first(events: Iterable[Event], kind: type[E]) -> E | None:
    return next((event for event in events if isinstance(event, kind)), None)


def _counts(state: LabelState) -> Counts:
    present = [entry for entry in state.images.values() if entry.present]
    return Counts(
        verdicts=dict(Counter([entry.tag.verdict for entry in present])),
        answers=len(state.answers),
        judged=sum([len(entry.judged) for entry in present if entry.judged]),
        runs=len(state.runs),
    )
