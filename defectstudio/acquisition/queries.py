"""Which patches to show an expert: an anchor, its hardest positives and its hardest negatives [SIM, section 3.2].

Hardest positive: same label, largest ||f(a) - f(p)||; hardest negative: another label, smallest ||f(a) - f(n)||.
Clarkson, Edwards, Xie 2022. Departures: the whole index is searched, not one batch; patches that overlap or look alike
are asked once, and candidates are spread over images.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNKNOWN

Vectors = NDArray[np.float32]
Mask = NDArray[np.bool_]
Order = NDArray[np.intp]
Distances = NDArray[np.float64]
Found = tuple[Order, Distances]
Anchoring: TypeAlias = Literal["random", "entropy", "unsure"]
"""How anchors are chosen: see `choose_anchor`."""

CHUNK = 65_536
SHORT_LIST = 128
PER_IMAGE = 2


@dataclass(frozen=True, slots=True)
class PatchTable:
    """The patches that can be asked about: image ids, centres, P(defect) and labels (n,), embeddings (n, d) float32.

    A patch of label 255 (unknown) is never asked about.
    """

    image: NDArray[np.integer]
    row: NDArray[np.integer]
    column: NDArray[np.integer]
    labels: NDArray[np.uint8]
    p_defect: NDArray[np.floating]
    embedding: Vectors
    squares: NDArray[np.float32] | None = None
    """||f||^2 of each embedding (`squared_lengths`), to save computing them for every panel."""

    def __len__(self) -> int:
        return int(self.image.size)


@dataclass(frozen=True, slots=True)
class ChosenPanel:
    """Positions in a `PatchTable`: one anchor, positives farthest first, negatives nearest first, with distances."""

    anchor: int
    positives: Order
    positive_distances: Distances
    negatives: Order
    negative_distances: Distances

    def positions(self) -> list[int]:
        """Anchor, positives, negatives."""
        return [self.anchor, *self.positives.tolist(), *self.negatives.tolist()]


def squared_lengths(embeddings: Vectors) -> NDArray[np.float32]:
    """||f||^2 of each row, (n,)."""
    found: NDArray[np.float32] = np.einsum("nd,nd->n", embeddings, embeddings)
    return found


def rough_distances(
    embeddings: Vectors, point: Vectors, squares: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Squared distances (n,) to a point by one matrix product, and a bound on how far rounding may have moved each."""
    own = np.float32(point @ point)
    rough = np.empty(len(embeddings), np.float32)
    for start in range(0, len(embeddings), CHUNK):
        part = slice(start, start + CHUNK)
        rough[part] = squares[part] + own - 2 * (embeddings[part] @ point)
    # A sum of d products is off by at most d eps times the sum of their sizes; the factor 4 leaves room.
    return rough, np.float32(4 * (embeddings.shape[1] + 4) * np.finfo(np.float32).eps) * (squares + own)


def _extreme(
    embeddings: Vectors,
    point: Vectors,
    rough: NDArray[np.float32],
    error: NDArray[np.float32],
    among: Order,
    count: int,
    farthest: bool,
) -> Found:
    """The `count` positions of `among` that are nearest to the point, or farthest from it, in order.

    Rough distances tell which may be among them; only those are measured exactly.
    """
    count = min(count, among.size)
    if count <= 0:
        return np.zeros(0, np.intp), np.zeros(0)
    sign = np.float32(-1 if farthest else 1)
    values, slack = sign * rough[among], error[among]
    worst = np.partition(values + slack, count - 1)[count - 1]
    close = among[values - slack <= worst]
    exact = np.linalg.norm(embeddings[close].astype(np.float64) - point, axis=1)
    order = np.lexsort((close, sign * exact))[:count]
    return close[order], exact[order]


def hardest(
    embeddings: Vectors,
    anchor: Vectors,
    *,
    positive: Mask,
    negative: Mask | None = None,
    count: int = 5,
    squares: NDArray[np.float32] | None = None,
) -> tuple[Found, Found]:
    """The hardest positives, farthest first, and the hardest negatives, nearest first: (positions, distances) each.

    embeddings (n, d) float32, anchor (d,); positive (n,): which rows have the anchor's label (not the anchor itself);
    negative: which have another, by default all others. Exact; ties go to the lower position. Distances are Euclidean.
    """
    squares = squared_lengths(embeddings) if squares is None else squares
    rough, error = rough_distances(embeddings, anchor, squares)
    others = np.flatnonzero(~positive if negative is None else negative)
    far = _extreme(embeddings, anchor, rough, error, np.flatnonzero(positive), count, True)
    return far, _extreme(embeddings, anchor, rough, error, others, count, False)


def overlapping(table: PatchTable, places: Iterable[tuple[int, int, int]], apart: int) -> Mask:
    """Which patches have their centre closer than `apart` pixels, by row and by column, to one of the places.

    places: (image, row, column); apart 1 marks those places alone.
    """
    found = np.zeros(len(table), np.bool_)
    for image, row, column in places:
        here = np.flatnonzero(table.image == image)
        close = (np.abs(table.row[here] - row) < apart) & (np.abs(table.column[here] - column) < apart)
        found[here[close]] = True
    return found


def entropy(p_defect: NDArray[np.floating]) -> NDArray[np.float64]:
    """Predictive entropy -p log p - (1 - p) log(1 - p) in nats, (n,)."""
    p = np.clip(p_defect.astype(np.float64), 1e-12, 1 - 1e-12)
    return np.asarray(-p * np.log(p) - (1 - p) * np.log1p(-p), np.float64)


def choose_anchor(table: PatchTable, free: Mask, rng: np.random.Generator, anchor: Anchoring) -> int | None:
    """A position among the free ones; None where none is free.

    "random": one of a label drawn uniformly; "entropy": that of the highest entropy [SIM]; "unsure", ours: that of the
    highest entropy of a label drawn uniformly. Of all patches those of the highest entropy are mostly labelled healthy;
    their hardest positives are plain surface, and half of such a panel teaches nothing.

    Raises DefectStudioError for an unknown way of choosing.
    """
    if anchor not in get_args(Anchoring):
        hint = 'Use "random", "entropy" or "unsure".'
        raise DefectStudioError(f"Anchors cannot be chosen by {anchor}.", hint=hint)
    there = np.flatnonzero(free)
    if not there.size:
        return None
    if anchor != "entropy":
        labels = table.labels[there]
        there = there[labels == rng.choice(np.unique(labels))]
    return int(rng.choice(there) if anchor == "random" else there[np.argmax(entropy(table.p_defect[there]))])


def choose_panel(
    table: PatchTable,
    rng: np.random.Generator,
    *,
    anchor: Anchoring = "random",
    used: Mask | None = None,
    count: int = 5,
    apart: int = 16,
    alike: float = 0.01,
    per_image: int = PER_IMAGE,
) -> ChosenPanel | None:
    """The next panel: an anchor and up to `count` hardest positives and negatives; None where nothing is left to ask.

    used (n,): patches not to be asked about (`overlapping` marks those near what was asked). Within a panel no two
    patches of one image lie closer than `apart` pixels, no two candidates of a kind closer than `alike` times the
    typical length of an embedding, and more than `per_image` of a kind come from one image only where too few others
    are left. Raises as `choose_anchor`.
    """
    free = table.labels != UNKNOWN
    if used is not None:
        free &= ~used
    chosen = choose_anchor(table, free, rng, anchor)
    if chosen is None:
        return None
    same = table.labels == table.labels[chosen]
    squares = squared_lengths(table.embedding) if table.squares is None else table.squares
    point = table.embedding[chosen]
    rough, error = rough_distances(table.embedding, point, squares)
    taken = [chosen]
    rule = _Rule(table, count, apart, alike * float(np.sqrt(squares.mean())), per_image)
    found: list[Found] = []
    for among, farthest in ((free & same, True), (free & ~same, False)):
        found.append(_pick(rule, point, (rough, error), np.flatnonzero(among), farthest, taken))
        taken += found[-1][0].tolist()
    (positives, far), (negatives, near) = found
    return ChosenPanel(chosen, positives, far, negatives, near)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What keeps candidates of a kind from being asked together; `alike` is a distance here."""

    table: PatchTable
    count: int
    apart: int
    alike: float
    per_image: int

    def away(self, order: Order, position: int) -> Mask:
        """Which of `order` do not overlap a patch."""
        t = self.table
        rows = np.abs(t.row[order].astype(np.int64) - int(t.row[position])) < self.apart
        columns = np.abs(t.column[order].astype(np.int64) - int(t.column[position])) < self.apart
        here: Mask = t.image[order] == t.image[position]
        away: Mask = ~(here & rows & columns) & (order != position)
        return away

    def unlike(self, order: Order, position: int) -> Mask:
        """Which of `order` do not look like a patch."""
        gap = np.linalg.norm(self.table.embedding[order] - self.table.embedding[position], axis=1)
        found: Mask = gap >= self.alike
        return found

    def kept(self, order: Order, taken: list[int], *, fill: bool) -> Order:
        """Places in `order` of the candidates, greedily from the front; `fill`: also of images that had their share."""
        fresh, room = np.ones(order.size, np.bool_), np.ones(order.size, np.bool_)
        for position in taken:
            fresh &= self.away(order, position)
        places: list[int] = []
        while len(places) < self.count and ((fresh & room).any() or (fill and fresh.any())):
            place = int(np.argmax(fresh & room if (fresh & room).any() else fresh))
            position = int(order[place])
            places.append(place)
            fresh &= self.away(order, position) & self.unlike(order, position)
            fresh[place] = False
            image = self.table.image[position]
            if int((self.table.image[order[places]] == image).sum()) >= self.per_image:
                room &= self.table.image[order] != image
        return np.sort(np.array(places, np.intp))


def _pick(
    rule: _Rule,
    point: Vectors,
    measured: tuple[NDArray[np.float32], NDArray[np.float32]],
    among: Order,
    farthest: bool,
    taken: list[int],
) -> Found:
    """The candidates of one kind; a longer list is looked at while a short one does not hold enough."""
    look = SHORT_LIST
    while True:
        order, distances = _extreme(rule.table.embedding, point, *measured, among, look, farthest)
        whole = order.size == among.size
        places = rule.kept(order, taken, fill=whole)
        if whole or places.size == rule.count:
            return order[places], distances[places]
        look *= 8
