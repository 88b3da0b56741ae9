"""Entries that the program proposes for the defect book: agreed places nearest the centre of a class, and what fools.

A place is seen as a small picture of it and its surroundings, a vector of length 1. The centre of a class is the mean
of its agreed places; exemplars are those nearest to it, look-alikes the rejected places nearest to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from defectstudio.acquisition.exemplars import nearest_to_centre
from defectstudio.app.mining import thumbnail
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.geometry import square_round
from defectstudio.domain.labels import Box, ImageId, count_values
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.domain.state import LabelState
from defectstudio.sessions.book import Place
from defectstudio.sessions.painting.regions import find_regions
from defectstudio.sessions.second_look import stands_apart

COUNT = 3
MOST = 200
"""So many places of a class are looked at, at most."""
AROUND, LEAST_SIDE = 0.5, 16


def propose_job(
    project: Project, index: int | None = None, *, count: int = COUNT, patch: int = 32
) -> Callable[[CancelToken], Job[list[Place]]]:
    """Propose up to `count` exemplars and as many look-alikes of a class (None: of each), for `DefectBook.add_all`.

    `patch`: side in pixels of the patches that refinement asked about. What is contested, or in the book already, is
    not proposed.
    """
    state, snapshot = project.state, project.snapshot()
    wanted = sorted(state.classes) if index is None else [index]
    contested = {i for i, entry in state.images.items() if any(stands_apart(entry, look) for look in entry.looks)}
    sure = snapshot.where(lambda image: image.id not in contested)
    confirmed = {one: _confirmed(state, one, contested) for one in wanted}
    doubted = {one: _look_alikes(state, one, patch) for one in wanted}
    known = {(entry.class_index, entry.image, entry.box) for entry in state.book.values()}

    def job(token: CancelToken) -> Job[list[Place]]:
        found: list[Place] = []
        for number, one in enumerate(wanted):
            yield Progress(number, len(wanted), "Looking for typical places")
            agreed = list(islice(chain(confirmed[one], _drawn(sure, one, token)), MOST))
            found += _chosen(snapshot, agreed, doubted[one], count, token)
        return [place for place in found if (place.class_index, place.image, place.box) not in known]

    return job


def _confirmed(state: LabelState, index: int, contested: Collection[ImageId]) -> list[Place]:
    """Detections that people said to be of a class, but for images in which something is contested."""
    sure = {image: entry for image, entry in state.images.items() if entry.present and image not in contested}
    said = [j.detection for entry in sure.values() for j in entry.judged if j.label == index]
    return [Place("exemplar", index, one.image, one.box) for one in said]


def _drawn(snapshot: Snapshot, index: int, token: CancelToken) -> Iterator[Place]:
    """The largest region of a class in each image in which it is drawn."""
    for image in snapshot.images:
        token.check()
        if not image.defective or image.label_code is None or not count_values(image.label_code)[index]:
            continue
        largest = next(region for region in find_regions(image.label_map()) if region.index == index)
        yield Place("exemplar", index, image.id, largest.box)


def _look_alikes(state: LabelState, index: int, patch: int) -> list[Place]:
    """Detections of a class that were rejected, and patches labelled so that an expert did not tick."""
    there = {image: entry for image, entry in state.images.items() if entry.present}
    said = [j for entry in there.values() for j in entry.judged if j.kind == "rejected"]
    found = [
        Place("look-alike", index, j.detection.image, j.detection.box) for j in said if j.detection.class_index == index
    ]
    for event in state.answers.values():
        if event.answer.anchor_label == index and not event.panel.blind_of:
            pairs = zip(event.panel.positives, event.answer.ticked, strict=False)  # positives come first
            unticked = [one.patch for one, ticked in pairs if not ticked and one.patch.image in there]
            boxes = [_square(one.row, one.column, patch, there[one.image].shape) for one in unticked]
            found += [Place("look-alike", index, p.image, box) for p, box in zip(unticked, boxes, strict=True)]
    return list(dict.fromkeys(found))[:MOST]


def _square(row: int, column: int, side: int, shape: tuple[int, int]) -> Box:
    return square_round(Box(row, column, row + 1, column + 1), shape, around=0.0, least=side)


def _chosen(
    snapshot: Snapshot, agreed: Sequence[Place], doubted: Sequence[Place], count: int, token: CancelToken
) -> list[Place]:
    if not agreed:
        return []
    looks = _looks(snapshot, agreed, token)
    centre = looks.mean(axis=0)
    found = [agreed[k] for k in nearest_to_centre(looks, centre, count)]
    if doubted:
        found += [doubted[k] for k in nearest_to_centre(_looks(snapshot, doubted, token), centre, count)]
    return found


def _looks(snapshot: Snapshot, places: Sequence[Place], token: CancelToken) -> NDArray[np.float32]:
    """(n, d) float32, a row a place."""
    images = {image.id: image for image in snapshot.images}
    rows = []
    for place in places:
        token.check()
        image = images[place.image]
        ground = square_round(place.box, (image.height, image.width), around=AROUND, least=LEAST_SIDE)
        rows.append(thumbnail(snapshot.read(image)[ground.slices]))
    return np.stack(rows)
