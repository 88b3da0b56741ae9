"""What a quality manager signs: data, model, figures with intervals, the cost of a threshold, agreement, changes.

The same facts make the page, the PDF and the JSON; their SHA-256 is what is signed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from defectstudio.app.agreement import Agreement
from defectstudio.app.evaluation import Evaluation
from defectstudio.data.codec import Row, decode
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import RunRecord
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.bootstrap import draw_groups, interval, numbered, weighted_ap
from defectstudio.domain.events import Painted, Tagged

DRAWS = 1000
PAUSE_S = 300.0
"""A longer gap between two gestures is a pause, and no time of work."""
FROZEN = ConfigDict(frozen=True)


class Measure(BaseModel):
    """A figure 0..1 with its 95 % interval, from draws of whole groups; None where it is not defined."""

    model_config = FROZEN

    value: float | None
    low: float | None = None
    high: float | None = None


class SplitCount(BaseModel):
    """Images of one split by what is known of them."""

    model_config = FROZEN

    split: str
    good: int
    defective: int
    unreviewed: int
    segmented: int


class Labels(BaseModel):
    """Where the labels come from (edits by origin) and the time of work that they took, in seconds, by author."""

    model_config = FROZEN

    tags: dict[str, int]
    masks: dict[str, int]
    seconds: dict[str, float]
    gestures: int
    event: int
    digest: str


class Operating(BaseModel):
    """What a threshold costs on held-out images: defective parts that escape, good parts that are rejected, 0..1.

    `cost`: of all errors for a hundred images as they came, an over-reject counted 1 and an escape `escape_cost`.
    """

    model_config = FROZEN

    threshold: float
    escape: Measure
    over_reject: Measure
    cost: float


class Round(BaseModel):
    """A finished run among its predecessors."""

    model_config = FROZEN

    run: str
    created: str
    masks: int
    ap: float | None
    pixel_ap: float | None
    approval: str


class Shown(BaseModel):
    """An image that the report shows: what it is tagged, P(defect) and what that calls it at the run's threshold."""

    model_config = FROZEN

    name: str
    tagged: str
    score: float
    called: str

    @property
    def wrong(self) -> bool:
        return self.tagged != self.called

    @property
    def text(self) -> str:
        return f"{self.name}: tagged {self.tagged}, P(defect) {self.score:.3f}, called {self.called}"


class Quality(BaseModel):
    """All that the report says. `figures` are of `split`, whose images trained nothing of the run."""

    model_config = FROZEN

    project: str
    run: RunRecord
    weights: str
    approval: str
    splits: list[SplitCount]
    labels: Labels
    split: str
    held_out: bool
    figures: Evaluation
    ap: Measure
    at_threshold: Operating
    cheapest: Operating
    escape_cost: float
    curve: list[tuple[float, float, float]]
    """(threshold, escape, over-reject), from the lowest threshold on."""
    rounds: list[Round]
    agreement: Agreement
    since: str
    changes: dict[str, int]
    images: list[Shown]
    """Those of the split that are shown, the worst first."""

    @property
    def digest(self) -> str:
        """SHA-256 of all that is said here, as canonical JSON."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def split_counts(snapshot: Snapshot) -> list[SplitCount]:
    """How many images of each split are good, defective, unreviewed, and have a complete mask where they need one."""
    found = []
    for split in sorted({image.split for image in snapshot.images}):
        of = [image for image in snapshot.images if image.split == split]
        good, defective = sum(i.good for i in of), sum(i.defective for i in of)
        masks = sum(i.defective and i.segmented for i in of)
        rest = len(of) - good - defective
        found.append(SplitCount(split=split, good=good, defective=defective, unreviewed=rest, segmented=masks))
    return found


def label_facts(project: Project) -> Labels:
    """Edits by origin, and time of work by author, from the journal."""
    journal = project.journal
    tags: Counter[str] = Counter()
    masks: Counter[str] = Counter()
    query = "SELECT image, kind, payload, before, after FROM events WHERE kind IN ('tagged', 'painted')"
    for image, *row in journal.connection.execute(query):
        event = decode(Row(*row), image)
        if isinstance(event, Tagged):
            tags[event.origin.value] += 1
        elif isinstance(event, Painted):
            masks[event.origin.value] += 1
    gestures = journal.gestures()
    newest = journal.connection.execute("SELECT digest FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return Labels(
        tags=dict(sorted(tags.items())),
        masks=dict(sorted(masks.items())),
        seconds=time_of_work([(gesture.author, gesture.at) for gesture in gestures]),
        gestures=len(gestures),
        event=journal.last_event,
        digest=newest[0].hex() if newest else "",
    )


def time_of_work(moments: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Seconds between the gestures (author, Unix seconds) of each author, pauses left out."""
    last: dict[str, float] = {}
    spent: dict[str, float] = {}
    for author, at in moments:
        gap = at - last.get(author, at)
        spent[author] = spent.get(author, 0.0) + (gap if 0 <= gap <= PAUSE_S else 0.0)
        last[author] = at
    return {author: round(seconds, 1) for author, seconds in sorted(spent.items())}


class Sampled:
    """The tagged images of a split with their scores, drawn again and again by group."""

    def __init__(self, images: Sequence[SnapshotImage], predictions: Predictions, seed: int = 0) -> None:
        self.images = [i for i in images if (i.good or i.defective) and i.id in predictions.scores]
        self.truth = np.array([image.defective for image in self.images], bool)
        self.score = np.array([predictions.scores[image.id] for image in self.images], np.float64)
        group = numbered([image.group or image.id for image in self.images])
        count = int(group.max()) + 1 if len(group) else 0
        rng = np.random.default_rng(seed)
        drawn = draw_groups(count, DRAWS, rng) if count else np.zeros((DRAWS, 0))
        self.weights = drawn[:, group]

    def ap(self) -> Measure:
        """Average precision."""
        if not (self.truth.any() and not self.truth.all()):
            return Measure(value=None)
        value = float(weighted_ap(self.truth, self.score, np.ones((1, len(self.truth))))[0])
        return _measure(value, weighted_ap(self.truth, self.score, self.weights))

    def at(self, threshold: float, escape_cost: float) -> Operating:
        """What this threshold costs."""
        called = self.score >= threshold
        escaped, rejected = self.truth & ~called, ~self.truth & called
        cost = 100 * (escape_cost * escaped.sum() + rejected.sum()) / max(1, len(self.truth))
        return Operating(
            threshold=threshold,
            escape=self._share(escaped, self.truth),
            over_reject=self._share(rejected, ~self.truth),
            cost=float(cost),
        )

    def _share(self, part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Measure:
        if not whole.any():
            return Measure(value=None)
        with np.errstate(invalid="ignore"):
            drawn = (self.weights @ part) / (self.weights @ whole)
        return _measure(float(part.sum() / whole.sum()), drawn)

    def curve(self) -> list[tuple[float, float, float]]:
        """(threshold, escape, over-reject) at every score that occurs."""
        bad, good = max(1, int(self.truth.sum())), max(1, int((~self.truth).sum()))
        steps = np.unique(self.score)
        order = np.sort(self.score[self.truth]), np.sort(self.score[~self.truth])
        missed = np.searchsorted(order[0], steps) / bad
        alarms = 1 - np.searchsorted(order[1], steps) / good
        return [(float(t), float(m), float(a)) for t, m, a in zip(steps, missed, alarms, strict=True)]

    def cheapest(self, escape_cost: float) -> float:
        """The threshold, among the scores and just above the highest, at which all errors together cost least."""
        bad, good = int(self.truth.sum()), int((~self.truth).sum())
        steps = [*self.curve(), (float(np.nextafter(self.score.max(initial=0.0), 2)), 1.0, 0.0)]
        return min(steps, key=lambda one: escape_cost * one[1] * bad + one[2] * good)[0]


def _measure(value: float, drawn: NDArray[np.float64]) -> Measure:
    low, high = interval(drawn)
    known = not np.isnan(low)
    return Measure(value=value, low=low if known else None, high=high if known else None)


def changes_since(project: Project, event: int) -> dict[str, int]:
    """How many events of each kind came after one: what was done since a model was approved."""
    query = "SELECT kind, COUNT(*) FROM events WHERE seq > ? GROUP BY kind ORDER BY kind"
    return dict(project.journal.connection.execute(query, (event,)).fetchall())


def last_approved(project: Project, but: str) -> str | None:
    """The run that was approved last, the one of the report left out."""
    approved = [(a.when, run) for run, a in project.state.approvals.items() if a.kind == "approved" and run != but]
    return max(approved)[1] if approved else None
