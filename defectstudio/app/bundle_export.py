"""Writing an export bundle: networks, figures, example; whole or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from defectstudio.app import bundles
from defectstudio.app.approvals import check_approved
from defectstudio.app.bundles import Bundle, Int8Figures, Manifest, Preprocessing, Provenance, Terms
from defectstudio.app.resources import resource
from defectstudio.app.workflows import DEFAULT_PIXEL_THRESHOLD
from defectstudio.data.images import sync_folder
from defectstudio.data.pixels import sha256_of
from defectstudio.data.project import Project
from defectstudio.data.runs import WEIGHTS, RunRecord, now
from defectstudio.data.snapshot import Snapshot
from defectstudio.data.whole import unwritable
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.mentoring import Approval
from defectstudio.domain.progress import CancelToken, Job, Progress

if TYPE_CHECKING:
    from defectstudio.learning.engines.base import ModelSource
    from defectstudio.learning.model import TrainedModel

PACKAGES = ("torch", "onnx", "onnxruntime", "openvino")
MOST_DIFFERENT = 1e-3


def export_job(
    project: Project, out: Path, *, run: str | None = None, int8: bool = False
) -> Callable[[CancelToken], Job[Bundle]]:
    """A job that writes an approved run (None: the deployed one) as a bundle into the new folder `out`.

    It gives the bundle back, checked. Raises DefectStudioError when the run is not approved, the folder holds
    something, the written networks do not answer as the trained one does, or int8 costs too much; nothing is left
    behind then, nor after Cancelled.
    """
    record, approval = check_approved(project, run)
    folder, snapshot = project.runs_folder / record.id, project.snapshot()
    _check_free(out)
    name = project.folder.name

    def job(token: CancelToken) -> Job[Bundle]:
        from defectstudio.learning.checkpoints import load_model

        model = load_model(folder)
        with folder_whole(out) as temporary:
            difference = yield from _write_networks(model, temporary, token)
            figures = (yield from _write_int8(model, temporary, snapshot, token)) if int8 else None
            for file in (bundles.EXAMPLE, bundles.README):
                shutil.copyfile(resource("bundle", file), temporary / file)
            provenance = _provenance(name, record, snapshot, sha256_of(folder / WEIGHTS))
            manifest = _manifest(record, approval, snapshot, provenance, difference, figures, temporary)
            (temporary / bundles.MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return bundles.load_bundle(out)

    return job


def _check_free(out: Path) -> None:
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise DefectStudioError(f"{out} already holds something.", hint="Choose a new folder; nothing is overwritten.")


@contextmanager
def folder_whole(path: Path) -> Iterator[Path]:
    """Give a new folder beside `path` to fill; it takes that name at the end, or is gone when the block fails."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        for file in temporary.iterdir():
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())
        if path.is_dir():
            path.rmdir()  # empty: elsewhere than on POSIX a folder does not take the place of another
        temporary.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_networks(model: TrainedModel, folder: Path, token: CancelToken) -> Job[float]:
    """Write ONNX and IR; the largest difference of their answers from torch's."""
    from defectstudio.learning.export import write_ir, write_onnx

    yield Progress(0, 4, "Writing ONNX")
    token.check()
    write_onnx(model, folder / bundles.ONNX)
    yield Progress(1, 4, "Writing OpenVINO")
    token.check()
    write_ir(folder / bundles.ONNX, folder / bundles.IR)
    yield Progress(2, 4, "Comparing the networks")
    token.check()
    return compare(model, folder)


def compare(model: TrainedModel, folder: Path) -> float:
    """Largest difference of scores and heat maps between the written networks and torch, on two images of noise.

    Raises DefectStudioError above 0.001: they would not be the detector that was measured.
    """
    from defectstudio.learning.engines.base import Kind, ModelSource
    from defectstudio.learning.engines.choose import open_engine
    from defectstudio.learning.export import source_of

    trained = source_of(lambda: model, model)
    source = ModelSource(trained.size, trained.channels, trained.load, folder / bundles.ONNX, folder / bundles.IR)
    images = np.random.default_rng(0).random((2, trained.channels, *trained.size), np.float32)
    expected = open_engine(Kind("torch", "fp32"), source).run(images)
    largest = 0.0
    for kind in (Kind("onnx", "fp32"), Kind("openvino", "fp32")):
        answer = open_engine(kind, source).run(images)
        largest = max(largest, *(float(np.abs(a - b).max()) for a, b in zip(answer, expected, strict=True)))
    if not largest <= MOST_DIFFERENT:
        hint = "Please report this with the run's folder; predictions inside DefectStudio are not affected."
        raise DefectStudioError(f"The exported network differs from the trained one by {largest:.3g}.", hint=hint)
    return largest


def _write_int8(model: TrainedModel, folder: Path, snapshot: Snapshot, token: CancelToken) -> Job[Int8Figures]:
    """Write the quantised network, calibrated on the run's images and checked on tagged ones that it never saw."""
    from defectstudio.learning.engines.base import Kind
    from defectstudio.learning.engines.choose import open_engine
    from defectstudio.learning.export import check_int8, write_int8

    trained = set(model.images)
    seen = snapshot.where(lambda image: image.id in trained)
    yield from write_int8(folder / bundles.ONNX, folder / bundles.INT8, seen, model, token)
    source = _int8_source(model, folder)
    exact, rough = (open_engine(Kind("openvino", precision), source) for precision in ("fp32", "int8"))
    check = yield from check_int8(exact, rough, held_out(snapshot, model.images), model, token)
    return Int8Figures(**asdict(check))


def _int8_source(model: TrainedModel, folder: Path) -> ModelSource:
    from defectstudio.learning.engines.base import ModelSource
    from defectstudio.learning.inputs import input_size

    size, channels = input_size(model.config), model.config.channels or 3
    return ModelSource(size, channels, ir=folder / bundles.IR, int8=folder / bundles.INT8)


def held_out(snapshot: Snapshot, trained: tuple[int, ...]) -> Snapshot:
    """Tagged images that did not train the run: those of split "val" where both verdicts occur there, else all."""
    used = set(trained)
    free = snapshot.tagged.where(lambda image: image.id not in used)
    validation = free.split("val")
    both = {image.defective for image in validation.images} == {True, False}
    return validation if both else free


def _manifest(
    record: RunRecord,
    approval: Approval,
    snapshot: Snapshot,
    provenance: Provenance,
    difference: float,
    int8: Int8Figures | None,
    folder: Path,
) -> Manifest:
    return Manifest(
        version=bundles.VERSION,
        threshold=approval.threshold(0, record.threshold),
        threshold_from=record.threshold_from,
        pixel_threshold=record.metrics.get("pixel_threshold", DEFAULT_PIXEL_THRESHOLD),
        classes=record.classes,
        preprocessing=preprocessing(record, snapshot),
        provenance=provenance,
        approval=_terms(approval, snapshot),
        largest_difference=difference,
        int8=int8,
        files={path.name: sha256_of(path) for path in sorted(folder.iterdir())},
    )


def _terms(approval: Approval, snapshot: Snapshot) -> Terms:
    names = {of.index: of.name for of in snapshot.classes}
    return Terms(
        who=approval.who,
        when=approval.when,
        reason=approval.reason,
        thresholds={names[index]: value for index, value in approval.thresholds if index in names},
        fitted_on=approval.fitted_on,
        cuts={names[index]: value for index, value in approval.cuts if index in names},
    )


def preprocessing(record: RunRecord, snapshot: Snapshot) -> Preprocessing:
    """How images become the input of a run; the median size of the images that trained it, as far as they are there."""
    from defectstudio.learning.inputs import input_size

    height, width = input_size(record.config)
    used = set(record.images)
    sizes = [(image.height, image.width) for image in snapshot.images if image.id in used] or [(height, width)]
    source_height, source_width = (round(float(np.median(sides))) for sides in zip(*sizes, strict=True))
    return Preprocessing(
        height=height,
        width=width,
        channels=record.config.channels or 3,
        source_height=source_height,
        source_width=source_width,
    )


def _provenance(project: str, record: RunRecord, snapshot: Snapshot, weights: str) -> Provenance:
    import importlib.metadata

    counts = Counter(f"{image.split or 'no split'}/{image.tag.verdict.value}" for image in snapshot.images)
    return Provenance(
        project=project,
        run=record.id,
        run_name=record.name,
        event=record.event,
        seed=record.config.seed,
        net=record.config.net,
        trained=record.created,
        exported=now(),
        weights_sha256=weights,
        training_images=len(record.images),
        training_masks=len(record.segmented),
        images=dict(sorted(counts.items())),
        versions=record.versions | {name: importlib.metadata.version(name) for name in PACKAGES},
        metrics=record.metrics,
        config=record.config.model_dump(mode="json"),
    )
