"""How areas of defects look: vectors of a run's features, agreed examples near a detection, and a map (t-SNE).

Examples are compared by small pictures of a box and its surroundings. The map shows what the segmentation head of a run
makes of areas, before and after a training from verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from defectstudio.data.journal import Journal
from defectstudio.data.maps import from_tiles
from defectstudio.data.project import DATABASE, Project
from defectstudio.data.runs import RunRecord
from defectstudio.domain.detection import TrueBox
from defectstudio.domain.geometry import bounding_box
from defectstudio.domain.labels import Box, ImageId, class_pixels
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, Job, Progress

Vectors = NDArray[np.float32]
MOST_EXAMPLES, MOST_DRAWN, MOST_POINTS = 60, 20, 400
SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class FeaturesMap:
    """One row a defect area: its class, whether it lies in a new image, its place (n, 2) before and after."""

    classes: NDArray[np.int64]
    new: NDArray[np.bool_]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def agreed_examples(project: Project, class_index: int, most: int = MOST_EXAMPLES) -> list[Detection]:
    """Areas of which people agree that they show this class: confirmed detections first, then drawn defects.

    May be called from any thread: label maps are read through a connection of its own.
    """
    images = [(image, entry) for image, entry in list(project.state.images.items()) if entry.present]
    found = [j.detection for _, entry in images for j in entry.judged if j.label == class_index][:most]
    drawn = [pair for pair in images if class_index in pair[1].tag.classes and not pair[1].judged]
    journal = Journal(project.folder / DATABASE, readonly=True)
    try:
        for image, entry in drawn[: min(most - len(found), MOST_DRAWN)]:
            box = bounding_box(from_tiles(entry.shape, journal.tiles(image)) == class_index)
            if box is not None:
                found.append(Detection(f"drawn/{image}/{class_index}", image, "", box, class_index, 1.0))
    finally:
        journal.close()
    return found


def nearest_examples(
    project: Project, detection: Detection, examples: Sequence[Detection], count: int
) -> list[Detection]:
    """The examples that look most like a detection, the most alike first; a few milliseconds each."""
    others = [example for example in examples if example.id != detection.id]
    if not others:
        return []
    looks = np.stack([_look(project, one) for one in [detection, *others]])
    order = np.argsort(-(looks[1:] @ looks[0]), kind="stable")[:count]
    return [others[k] for k in order.tolist()]


def _look(project: Project, detection: Detection) -> Vectors:
    """A small picture of a box and its surroundings, with its spread of brightness, as a vector of length 1."""
    from defectstudio.app.mining import thumbnail

    entry = project.state.images[detection.image]
    box = detection.box
    high, wide = (max(side, 16) // 2 for side in box.shape)
    grown = Box(
        max(box.top - high, 0),
        max(box.left - wide, 0),
        min(box.bottom + high, entry.shape[0]),
        min(box.right + wide, entry.shape[1]),
    )
    return thumbnail(project.read(detection.image, 0, grown))


def map_job(
    project: Project, candidate: RunRecord, mentored: Collection[ImageId]
) -> Callable[[CancelToken], Job[FeaturesMap]]:
    """A job that lays out areas of defects by the features of the deployed run and of the candidate."""
    assert candidate.mentoring is not None
    whole, cache = project.snapshot(), project.cache_folder
    folders = [project.runs_folder / run for run in (candidate.mentoring.base, candidate.id)]
    new = set(mentored)
    shown = whole.where(lambda image: image.defective and image.label_code is not None)
    rng = np.random.default_rng(SEED)

    def job(token: CancelToken) -> Job[FeaturesMap]:
        from defectstudio.learning.area_features import area_features
        from defectstudio.learning.boxes import boxes_of

        areas: list[tuple[ImageId, TrueBox]] = []
        for image in shown.images:
            drawn = image.label_map()
            if bool(class_pixels(drawn).any()):
                areas += [(image.id, box) for box in boxes_of(drawn)]
        chosen = sorted(rng.permutation(len(areas))[:MOST_POINTS].tolist())
        areas = [areas[k] for k in chosen]
        laid = []
        for number, folder in enumerate(folders):
            yield Progress(number, 2, "Laying out areas of defects")
            vectors = yield from area_features(folder, shown, [(i, b.box) for i, b in areas], cache, token)
            laid.append(layout(vectors))
        classes = np.array([box.class_index for _, box in areas], np.int64)
        return FeaturesMap(classes, np.array([image in new for image, _ in areas], bool), laid[0], laid[1])

    return job


def layout(vectors: Vectors) -> NDArray[np.float64]:
    """t-SNE of vectors (n, d) to the plane (n, 2), seeded; with too few to lay out, their first two components."""
    if len(vectors) < 5:
        flat = np.zeros((len(vectors), 2))
        flat[:, : min(2, vectors.shape[1] if vectors.ndim == 2 else 0)] = vectors[:, :2] if vectors.size else 0
        return flat
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(vectors) - 1) / 3)
    made = TSNE(2, perplexity=perplexity, init="pca", random_state=SEED, n_jobs=1).fit_transform(vectors)
    return np.asarray(made, np.float64)
