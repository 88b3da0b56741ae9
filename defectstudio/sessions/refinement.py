"""A round of similarity refinement at the screen: the next panel, its answer as one gesture, the counters [SIM].

Clarkson, Edwards, Xie 2022. Departures: about one panel in twenty is shown again blind; an answer may write the
superpixel under the centre; and it never turns an image tagged good into a defective one: such a doubt is listed as
contested instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.queries import (
    Anchoring,
    ChosenPanel,
    PatchTable,
    choose_panel,
    overlapping,
    squared_lengths,
)
from defectstudio.data.similarity import PatchIndex
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, Painted, Tagged
from defectstudio.domain.labels import UNKNOWN, ImageId, Origin, Verdict
from defectstudio.domain.refinement import (
    Answer,
    Candidate,
    LabelledPatch,
    Panel,
    PanelAnswered,
    Patch,
    WriteMode,
    check_answer,
    consequences,
)
from defectstudio.sessions.answers import class_indices, flips, label_at, labels_at, self_agreement
from defectstudio.sessions.edits import Edit, events_of
from defectstudio.sessions.footprints import footprint
from defectstudio.sessions.random_panels import random_panel
from defectstudio.sessions.session import Change, Session

BLIND_AFTER = 5
"""A panel is shown again only when at least so many others have been answered since."""


@dataclass(frozen=True, slots=True)
class RefineSettings:
    """How panels are chosen and what an answer writes.

    `choose`: the hardest candidates, or, to compare with, random ones (and then a random anchor). `patch`: side of a
    patch in pixels; `superpixel`: about how wide the superpixels are that are written; `blind`: the share of panels
    that are shown again; `apart`: least distance in pixels between patches that are asked about, None: half a patch.
    """

    anchor: Anchoring = "unsure"
    choose: Literal["hardest", "random"] = "hardest"
    write: WriteMode = "superpixel"
    per_round: int = 50
    blind: float = 0.05
    patch: int = 32
    superpixel: int = 10
    apart: int | None = None
    candidates: int = 5

    @property
    def least_apart(self) -> int:
        return max(self.patch // 2, 1) if self.apart is None else self.apart


class Refinement:
    """Panels and answers of one round on one session; lives on the session's thread.

    Counters follow the journal, so undo by any way is seen. What is asked depends on `seed`, the round, and the answers
    so far alone.
    """

    def __init__(
        self,
        session: Session,
        index: PatchIndex,
        *,
        round: int,
        settings: RefineSettings = RefineSettings(),
        seed: int = 0,
    ) -> None:
        self.session, self.index, self.round, self.settings, self.seed = session, index, round, settings, seed
        self._project, self._state = session.project, session.project.state
        self._table = _table(index)
        self._of_image = {int(image): np.flatnonzero(index.image == image) for image in np.unique(index.image)}
        self._used = np.zeros(len(index), np.bool_)
        self._used_for: set[str] = set()
        self._ready: Panel | None = None
        self._shown: Panel | None = None
        self._relabel(self._of_image)
        session.changed.connect(self._changed)

    def close(self) -> None:
        """Stop listening to the session."""
        self.session.changed.disconnect(self._changed, missing_ok=True)

    @property
    def answers(self) -> list[PanelAnswered]:
        """The answered panels of this round, oldest first."""
        return [event for event in self._state.answers.values() if event.panel.round == self.round]

    @property
    def refinements(self) -> int:
        """How many panels of this round are answered."""
        return len(self.answers)

    @property
    def per_round(self) -> int:
        return self.settings.per_round

    @property
    def complete(self) -> bool:
        """Whether it is time to train the next round."""
        return self.refinements >= self.per_round

    @property
    def seconds_per_answer(self) -> float | None:
        """The mean time an answer of this round took, None before the first."""
        answers = self.answers
        return sum(event.answer.seconds for event in answers) / len(answers) if answers else None

    @property
    def flips(self) -> int:
        """How many labels the answers of this round changed."""
        return flips(self.answers, class_indices(self._state))

    @property
    def agreement(self) -> float | None:
        """Self-agreement over all rounds, 0..1; see `answers.self_agreement`."""
        return self_agreement(list(self._state.answers.values()))

    def next_panel(self) -> Panel:
        """The panel to answer now; the same one until it is answered.

        Raises DefectStudioError when there is nothing left to ask.
        """
        number = self.refinements
        if self._shown is None or self._shown.id != self._name(number):
            ready, self._ready = self._ready, None
            fits = ready is not None and ready.id == self._name(number) and self._holds(ready)
            self._shown = ready if fits else self._make(number, ())
        assert self._shown is not None
        return self._shown

    def prepare(self) -> Panel | None:
        """Make the panel after the one that is shown, so that `next_panel` has it ready; returns it, None at the end.

        It is dropped again when the answer to the shown one changes a label that it shows.
        """
        number, shown = self.refinements + 1, self.next_panel()
        if number < self.per_round and (self._ready is None or self._ready.id != self._name(number)):
            try:
                self._ready = self._make(number, (shown,))
            except DefectStudioError:
                self._ready = None  # nothing is left to ask: `next_panel` will say so when it is time
        return self._ready

    def answer(self, panel: Panel, answer: Answer, *, expert: str = "") -> None:
        """Record an answer and write what follows from it, as one gesture.

        Raises DefectStudioError, and changes nothing, when the answer does not fit, or the panel is answered already.
        """
        check_answer(panel, answer)
        if panel.id in self._state.answers:
            raise DefectStudioError("This panel is answered already.", hint="Take the answer back to change it.")
        events: list[Event] = [PanelAnswered(panel, answer, self.settings.write, expert)]
        if not panel.blind_of:
            events += self._written(consequences(panel, answer, classes=class_indices(self._state)))
        self.session.record(f"answer panel {self.refinements + 1} of round {self.round}", events)

    def take_back(self) -> Panel:
        """Undo the last answer; returns its panel, which `next_panel` shows again.

        Raises DefectStudioError when the last step of the session was not an answer of this round.
        """
        step = self.session.last_step
        last = self._project.journal.events_of_gesture(step) if step is not None else []
        answered = [event for event in last if isinstance(event, PanelAnswered) and event.panel.round == self.round]
        if not answered:
            raise DefectStudioError(
                "The last step was not an answer of this round.", hint="Undo takes back other steps."
            )
        self.session.undo()
        self._ready, self._shown = None, answered[0].panel
        return self._shown

    def _name(self, number: int) -> str:
        return f"{self.round}-{number + 1}"

    def _make(self, number: int, pending: Sequence[Panel]) -> Panel:
        rng = np.random.default_rng([self.seed, self.round, number])
        again = self._again(rng)
        if again is not None:
            return replace(again, id=self._name(number), round=self.round, blind_of=again.id)
        chosen = self._choose(rng, pending)
        if chosen is None:
            raise DefectStudioError("Every patch of this round has been asked about.", hint="Train the next round.")
        return self._panel(number, chosen)

    def _again(self, rng: np.random.Generator) -> Panel | None:
        """A panel of this round to show again, None mostly."""
        if rng.random() >= self.settings.blind:
            return None
        shown = {event.panel.blind_of for event in self.answers}
        old = [e.panel for e in self.answers[:-BLIND_AFTER] if not e.panel.blind_of and e.panel.id not in shown]
        return old[int(rng.integers(len(old)))] if old else None

    def _choose(self, rng: np.random.Generator, pending: Sequence[Panel]) -> ChosenPanel | None:
        """A panel away from what was asked; where there is none, about patches that overlap it but are new."""
        apart = self.settings.least_apart
        places = _places(pending)
        chosen = self._chosen(rng, self._asked() | overlapping(self._table, places, apart), apart)
        if chosen is not None or apart == 1:
            return chosen
        asked = _places([event.panel for event in self._state.answers.values()])
        return self._chosen(rng, overlapping(self._table, asked + places, 1), 1)

    def _chosen(self, rng: np.random.Generator, used: NDArray[np.bool_], apart: int) -> ChosenPanel | None:
        settings = self.settings
        if settings.choose == "random":
            return random_panel(self._table, rng, used=used, count=settings.candidates)
        return choose_panel(self._table, rng, anchor=settings.anchor, used=used, count=settings.candidates, apart=apart)

    def _asked(self) -> NDArray[np.bool_]:
        """Which patches lie near one that was asked about, in any round."""
        answers = self._state.answers
        if not self._used_for <= answers.keys():
            self._used_for, self._used = set(), np.zeros(len(self.index), np.bool_)
        new = [event.panel for name, event in answers.items() if name not in self._used_for]
        self._used |= overlapping(self._table, _places(new), self.settings.least_apart)
        self._used_for.update(panel.id for panel in new)
        return self._used

    def _panel(self, number: int, chosen: ChosenPanel) -> Panel:
        positives = zip(chosen.positives.tolist(), chosen.positive_distances.tolist(), strict=True)
        negatives = zip(chosen.negatives.tolist(), chosen.negative_distances.tolist(), strict=True)
        return Panel(
            self._name(number),
            self.round,
            self._candidate(chosen.anchor, 0.0),
            tuple(self._candidate(*found) for found in positives),
            tuple(self._candidate(*found) for found in negatives),
        )

    def _candidate(self, at: int, distance: float) -> Candidate:
        index = self.index
        patch = Patch(int(index.image[at]), int(index.row[at]), int(index.column[at]))
        return Candidate(patch, int(self._table.labels[at]), round(float(index.p_defect[at]), 6), round(distance, 6))

    def _holds(self, panel: Panel) -> bool:
        """Whether the labels that a panel shows are still those of the maps; one shown again keeps its old ones."""
        shown = (panel.anchor, *panel.candidates)
        return bool(panel.blind_of) or all(label_at(self._state, c.patch) == c.label for c in shown)

    def _written(self, said: Sequence[LabelledPatch]) -> list[Event]:
        """The label maps after what was said, image by image; what is confirmed or contested writes nothing."""
        of_image: dict[ImageId, list[Edit]] = {}
        for found in said:
            entry = self._state.images[found.patch.image]
            if found.kind == "refined" and entry.tag.verdict is not Verdict.GOOD:
                edit = Edit(footprint(self._project, found.patch, self.settings), found.label)
                of_image.setdefault(found.patch.image, []).append(edit)
        return [e for image, edits in of_image.items() for e in events_of(self._state, image, edits, Origin.REFINED)]

    def _changed(self, change: Change) -> None:
        touched = {event.image for event in change.events if isinstance(event, Painted | Tagged)}
        self._relabel(touched & self._of_image.keys())

    def _relabel(self, images: set[ImageId] | dict[ImageId, NDArray[np.intp]]) -> None:
        for image in images:
            at = self._of_image[image]
            self._table.labels[at] = labels_at(self._state, image, self.index.row[at], self.index.column[at])


def _table(index: PatchIndex) -> PatchTable:
    labels = np.full(len(index), UNKNOWN, np.uint8)
    squares = squared_lengths(index.embedding)
    return PatchTable(index.image, index.row, index.column, labels, index.p_defect, index.embedding, squares)


def _places(panels: Sequence[Panel]) -> list[tuple[int, int, int]]:
    patches = (candidate.patch for panel in panels for candidate in (panel.anchor, *panel.candidates))
    return [(patch.image, patch.row, patch.column) for patch in patches]
