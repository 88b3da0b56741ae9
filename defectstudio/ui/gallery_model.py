"""The rows of the gallery: which images, in which order. Filters and sorting are array operations, 100 000 rows fluid.

A row that is tagged while a filter is on stays until the filter is set again, so that the list does not jump under
the hand of somebody who works through it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from defectstudio.domain.labels import ImageId, Status, Verdict
from defectstudio.domain.state import ImageState
from defectstudio.ui.translations import decimal
from defectstudio.ui.words import status_word, verdict_word

ANY = "\0any"
VERDICTS = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the gallery shows: a verdict, a status and a split (`ANY`: all), a part of the name, and the order."""

    verdict: str = ANY
    status: str = ANY
    split: str = ANY
    text: str = ""
    order: str = "name"
    """"name", "score" (highest first), "doubt" (nearest to one half first; images without a score come last), or
    "status" (flagged, in work, to do, done)."""


STATUS_ORDER = (Status.FLAGGED, Status.IN_WORK, Status.TODO, Status.DONE)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many images have each verdict, status and split, shown or not."""

    verdicts: Mapping[str, int]
    statuses: Mapping[str, int]
    splits: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One image as the gallery draws it."""

    image: ImageId
    name: str
    verdict: Verdict
    status: Status
    notes: int
    split: str
    score: float | None
    thumbnail: QPixmap | None


class GalleryModel(QAbstractListModel):
    """Images of one project through a filter."""

    RowRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.filter = Filter()
        self._images: Mapping[ImageId, ImageState] = {}
        self._thumbnail: Callable[[ImageId], QPixmap | None] = lambda _image: None
        self._scores: Mapping[ImageId, float] = {}
        self._ids: NDArray[np.int64] = np.zeros(0, np.int64)
        self._names: list[str] = []
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)
        self._row_of: dict[ImageId, int] | None = None

    def show_images(self, images: Mapping[ImageId, ImageState], thumbnail: Callable[[ImageId], QPixmap | None]) -> None:
        """Show the images of a project; `thumbnail` gives what is ready. Call again when images came or went."""
        self._images, self._thumbnail = images, thumbnail
        present = sorted((entry.info.name.casefold(), image) for image, entry in images.items() if entry.present)
        self._names = [name for name, _ in present]
        self._ids = np.array([image for _, image in present], np.int64)
        self.apply(self.filter)

    def show_scores(self, scores: Mapping[ImageId, float]) -> None:
        """Show the scores of a run, P(defect) in 0..1; empty for none."""
        self._scores = scores
        self.apply(self.filter)

    def apply(self, chosen: Filter) -> None:
        """Filter and sort anew."""
        self.beginResetModel()
        self.filter = chosen
        keep = np.flatnonzero(self._kept(chosen))
        self._shown = self._ids[keep[self._order(keep, chosen.order)]]
        self._row_of = None
        self.endResetModel()

    def _kept(self, chosen: Filter) -> NDArray[np.bool_]:
        keep = np.ones(len(self._ids), bool)
        states = self._images
        if chosen.verdict != ANY:
            keep &= np.array([states[i].tag.verdict == chosen.verdict for i in self._ids.tolist()], bool)
        if chosen.status != ANY:
            keep &= np.array([states[i].status == chosen.status for i in self._ids.tolist()], bool)
        if chosen.split != ANY:
            keep &= np.array([states[i].placement.split == chosen.split for i in self._ids.tolist()], bool)
        if chosen.text:
            wanted = chosen.text.casefold()
            keep &= np.array([wanted in name for name in self._names], bool)
        return keep

    def _order(self, keep: NDArray[np.intp], order: str) -> NDArray[np.intp]:
        """Positions within `keep`, in order; ties stay sorted by name."""
        if order == "name":
            return np.arange(len(keep))
        if order == "status":
            place = {status: rank for rank, status in enumerate(STATUS_ORDER)}
            ranks = [place[self._images[i].status] for i in self._ids[keep].tolist()]
            return np.argsort(np.array(ranks, np.int64), kind="stable")
        scores = np.array([self._scores.get(i, np.nan) for i in self._ids[keep].tolist()], np.float64)
        rank = -scores if order == "score" else np.abs(scores - 0.5)
        return np.argsort(np.where(np.isnan(rank), np.inf, rank), kind="stable")

    @property
    def total(self) -> int:
        """How many images the project has, shown or not."""
        return len(self._ids)

    def counts(self) -> Counts:
        """Counts over all images of the project."""
        states = [self._images[i] for i in self._ids.tolist()]
        return Counts(
            Counter(entry.tag.verdict.value for entry in states),
            Counter(entry.status.value for entry in states),
            Counter(entry.placement.split for entry in states),
        )

    def image_at(self, row: int) -> ImageId:
        """The image of a row."""
        return int(self._shown[row])

    def verdict_at(self, row: int) -> Verdict:
        """What is known of the image of a row."""
        return self._images[self.image_at(row)].tag.verdict

    def row_of(self, image: ImageId | None) -> int | None:
        """The row of an image, None when it is filtered away."""
        if self._row_of is None:
            self._row_of = {shown: row for row, shown in enumerate(self._shown.tolist())}
        return None if image is None else self._row_of.get(image)

    def refresh(self, images: Iterable[ImageId]) -> None:
        """Something about these images changed: draw their rows again."""
        for image in images:
            row = self.row_of(image)
            if row is not None:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        image = self.image_at(index.row())
        if role == self.RowRole:
            return self.row(image)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._images[image].info.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(image)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(image)
        return None

    def row(self, image: ImageId) -> Row:
        """All that is drawn of an image."""
        entry = self._images[image]
        thumbnail = self._thumbnail(image)
        score = self._scores.get(image)
        return Row(
            image,
            entry.info.name,
            entry.tag.verdict,
            entry.status,
            len(entry.notes),
            entry.placement.split,
            score,
            thumbnail,
        )

    def _tip(self, image: ImageId) -> str:
        """Name and notes, which have no room in the row."""
        entry = self._images[image]
        return "\n".join([entry.info.name, *(note.text for note in entry.notes)])

    def _spoken(self, image: ImageId) -> str:
        """A row for screen readers."""
        entry, score = self._images[image], self._scores.get(image)
        parts = [entry.info.name, verdict_word(entry.tag.verdict), status_word(entry.status)]
        if entry.notes:
            parts.append(self.tr("%Ln note(s)", "", len(entry.notes)))
        if score is not None:
            parts.append(self.tr("score {0}").format(decimal(score, 2)))
        return ", ".join(parts)
