"""The map of a data set: where every image of a project lies by how it looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from defectstudio.acquisition.layout import pca, tsne, unit_square
from defectstudio.app.selection_models import DataMap, MapKind
from defectstudio.app.selection_store import read_scoring
from defectstudio.app.study import digest
from defectstudio.data.arrays import read_arrays, write_arrays
from defectstudio.data.embeddings import FOLDER
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job

FORMAT = 1


def map_job(project: Project, kind: MapKind = "pca") -> Callable[[CancelToken], Job[DataMap]]:
    """Lay out all images of a project by PCA or t-SNE of their embeddings; run in any thread.

    A map that was laid out before comes from the cache. Raises DefectStudioError when the project has no image.
    """
    snapshot, cache = project.snapshot(), project.cache_folder
    if not snapshot.images:
        raise DefectStudioError("This project has no image to lay out.", hint="Import images first.")
    scoring = read_scoring(cache)
    config = default_config("fast") if scoring is None else scoring.facts.config

    def job(token: CancelToken) -> Job[DataMap]:
        from defectstudio.learning.embeddings import compute_embeddings, resolved_for_embeddings

        resolved = resolved_for_embeddings(config, snapshot.images)
        key, known = yield from compute_embeddings(snapshot, resolved, cache, token)
        path = _map_path(cache, key, kind, snapshot)
        ids = tuple(image.id for image in snapshot.images)
        before = _read(path, len(ids), kind, ids)
        if before is not None:
            return before
        vectors = known.of([image.sha256 for image in snapshot.images])
        xy = pca(vectors) if kind == "pca" else (yield from tsne(vectors, token))
        found = DataMap(ids, unit_square(xy), kind)
        write_arrays(path, {"xy": found.xy})
        return found

    return job


def _map_path(cache: Path, key: str, kind: str, snapshot: Snapshot) -> Path:
    whole = digest(FORMAT, key, [(image.id, image.sha256) for image in snapshot.images])
    return cache / FOLDER / f"map-{kind}-{whole}.npz"


def _read(path: Path, count: int, kind: MapKind, ids: tuple[int, ...]) -> DataMap | None:
    """The map of a file; None where there is none that fits."""
    xy = (read_arrays(path) or {}).get("xy")
    return DataMap(ids, xy, kind) if xy is not None and xy.shape == (count, 2) and xy.dtype == np.float32 else None
