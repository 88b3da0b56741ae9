"""A detector ready to run on any image: from a run of a project, or from an exported bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from defectstudio.app.bundle_export import preprocessing
from defectstudio.app.bundles import Bundle, Preprocessing, load_bundle
from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD, run_folder
from defectstudio.data.pixels import sha256_of
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, RunRecord, TrainConfig, default_config, read_run
from defectstudio.data.whole import written_whole
from defectstudio.domain.progress import CancelToken, Job, Progress

if TYPE_CHECKING:
    from defectstudio.learning.engines.base import ModelSource

ONNX_FORMAT = 1
"""Goes up when what is exported changes, so that files in a cache are made anew."""


@dataclass(frozen=True, slots=True)
class Detector:
    """What runs (`source`), how images become its input, and when it calls a defect.

    `digest` names its weights; `memory` is where its engines' times are remembered.
    """

    name: str
    digest: str
    source: ModelSource
    preprocessing: Preprocessing
    threshold: float
    pixel_threshold: float
    memory: Path

    @property
    def config(self) -> TrainConfig:
        """What `learning.inputs` has to know of it."""
        want = self.preprocessing
        # The network is named only to be named: inputs depend on nothing else.
        return default_config("segdec", height=want.height, width=want.width, channels=want.channels)

    @property
    def trained(self) -> tuple[int, int]:
        """Typical (height, width) of the images that trained it."""
        return self.preprocessing.source_height, self.preprocessing.source_width


MakeDetector = Callable[[CancelToken], Job[Detector]]


def detector_of_bundle(folder: Path) -> MakeDetector:
    """The detector of an exported bundle; its files are checked first. Raises as `load_bundle`."""

    def job(token: CancelToken) -> Job[Detector]:
        token.check()
        yield Progress(0, 0, "Checking the exported detector")
        return _of_bundle(load_bundle(folder))

    return job


def _of_bundle(bundle: Bundle) -> Detector:
    manifest = bundle.manifest
    return Detector(
        name=manifest.provenance.run,
        digest=manifest.provenance.weights_sha256,
        source=bundle.source(),
        preprocessing=manifest.preprocessing,
        threshold=manifest.threshold,
        pixel_threshold=manifest.pixel_threshold,
        memory=bundle.folder,
    )


def detector_of_run(project: Project, run: str | None = None, *, engine: str = "auto") -> MakeDetector:
    """The detector of a run (None: the newest finished one). Its ONNX form is made once and kept in the cache.

    With `engine` "torch" none is made. Raises DefectStudioError when there is no such run.
    """
    folder = run_folder(project, run)
    record, cache = read_run(folder), project.cache_folder / "engines"
    how = preprocessing(record, project.snapshot())

    def job(token: CancelToken) -> Job[Detector]:
        digest = sha256_of(folder / WEIGHTS)
        memory = cache / f"{digest[:16]}-{ONNX_FORMAT}"
        detector = _of_run(folder, record, how, digest, memory)
        if engine == "torch":
            return detector
        onnx = yield from _cached_onnx(folder, memory / "model.onnx", token)
        return replace(detector, source=replace(detector.source, onnx=onnx))

    return job


def _of_run(folder: Path, record: RunRecord, how: Preprocessing, digest: str, memory: Path) -> Detector:
    from defectstudio.learning.checkpoints import load_model
    from defectstudio.learning.engines.base import ModelSource

    return Detector(
        name=record.id,
        digest=digest,
        source=ModelSource((how.height, how.width), how.channels, load=lambda: load_model(folder)),
        preprocessing=how,
        threshold=record.threshold,
        pixel_threshold=record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD),
        memory=memory,
    )


def _cached_onnx(run: Path, onnx: Path, token: CancelToken) -> Job[Path]:
    from defectstudio.learning.checkpoints import load_model
    from defectstudio.learning.export import write_onnx

    if not onnx.is_file():
        yield Progress(0, 0, "Preparing fast engines (once)")
        token.check()
        with written_whole(onnx, durable=False) as temporary:
            write_onnx(load_model(run), temporary)
    return onnx
