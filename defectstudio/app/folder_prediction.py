"""A detector on a folder of images: scores in `predictions.csv`, heat maps and masks as PNG, problems in a list.

Every finished image is a row of the CSV, written after its pictures, so that a run that was cancelled or died can be
resumed. A file that cannot be read is a finding and does not hold up the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from defectstudio.app.detectors import Detector, MakeDetector
from defectstudio.app.prediction_settings import FolderOptions, Settings, begin, begun, check_folders
from defectstudio.app.prediction_table import PredictionTable, Row
from defectstudio.data.bands import RowReader, rows_of, write_grey
from defectstudio.data.exchange.files import Source
from defectstudio.data.pixels import ImageInfo, inspect, read_pixels, sha256_of
from defectstudio.data.snapshot import Pixels
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box
from defectstudio.domain.progress import CancelToken, Job, Progress

if TYPE_CHECKING:
    from defectstudio.learning.engines.base import Engine, Mode
    from defectstudio.learning.tiling import HeatMap

TABLE, PROBLEMS = "predictions.csv", "problems.csv"
HEAT, MASKS = "heat", "masks"
MOST_DECODED = 1 << 30
MOST_LABELLED = 1 << 24


class Problem(BaseModel):
    """A file that could not be predicted, and why."""

    image: str
    problem: str
    hint: str = ""


class FolderResult(BaseModel):
    """What was done: `predicted` in this call, `kept` from an earlier one; `defective` counts both."""

    folder: str
    out: str
    detector: str
    engine: str
    threshold: float
    images: int
    predicted: int
    kept: int
    defective: int
    ignored: int
    problems: list[Problem]
    milliseconds: dict[str, float]
    """Of each engine that was measured, an image."""


def predict_folder_job(
    images: Path, out: Path, make: MakeDetector, options: FolderOptions | None = None
) -> Callable[[CancelToken], Job[FolderResult]]:
    """A job that predicts every image below `images` into `out`; cancelled, it keeps what is finished.

    Raises DefectStudioError at once when `out` lies inside `images`, or holds something and `resume` is not asked for;
    later when there is no image, the engine cannot be had, or `out` was made with other settings.
    """
    wanted = options or FolderOptions()
    check_folders(images, out, resume=wanted.resume)

    def job(token: CancelToken) -> Job[FolderResult]:
        from defectstudio.learning.engines.choose import choose, open_engine

        source = Source.open(images)
        if not source.images:
            raise DefectStudioError(f"There is no image in {images}.", hint="PNG, JPEG, BMP and TIFF can be read.")
        detector = yield from make(token)
        before = begun(out) if wanted.resume else None
        name, precision = before.engine.split() if before and wanted.engine == "auto" else (wanted.engine, "auto")
        # Nobody waits for a single image of a folder: each core takes one of its own.
        mode: Mode = "throughput" if wanted.batch > 1 else "latency"
        choice = yield from choose(
            detector.source,
            token,
            engine=name,
            precision=precision if wanted.precision == "auto" else wanted.precision,
            batch=wanted.batch,
            mode=mode,
            memory=detector.memory,
        )
        engine = open_engine(choice.kind, detector.source, mode=mode)
        begin(out, before, Settings.of(detector, str(choice.kind), wanted))
        work = FolderPrediction(source, out, detector, engine, wanted)
        yield from work.run(token)
        return work.result(str(choice.kind), choice.milliseconds)

    return job


@dataclass(frozen=True, slots=True)
class Waiting:
    """An image whose input (C, H, W) is ready."""

    name: str
    sha256: str
    shape: tuple[int, int]
    inputs: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Looked:
    """An image that was looked at in tiles."""

    name: str
    sha256: str
    heat: HeatMap
    score: float
    tiles: int


class FolderPrediction:
    """One pass over a folder."""

    def __init__(self, source: Source, out: Path, detector: Detector, engine: Engine, options: FolderOptions) -> None:
        self.source, self.out, self.detector, self.engine, self.options = source, out, detector, engine, options
        self.config = detector.config
        self.table = PredictionTable(out / TABLE)
        self.problems: list[Problem] = []
        self.kept = 0

    def run(self, token: CancelToken) -> Job[None]:
        """Predict what is not done yet, in batches; large images tile by tile."""
        paths = self.source.images
        with self.table:
            waiting: list[Waiting] = []
            for done, path in enumerate(paths):
                place = Progress(done, len(paths), "Predicting")
                yield place
                token.check()
                try:
                    found = yield from self._look(path, token, place)
                except (DefectStudioError, OSError) as error:
                    self._note(path, error)
                    continue
                if isinstance(found, Waiting):
                    waiting.append(found)
                if len(waiting) == self.options.batch or isinstance(found, Looked):
                    self._predict(waiting)
                if isinstance(found, Looked):
                    self._keep(found)
            self._predict(waiting)
        self._write_problems()

    def _look(self, path: Path, token: CancelToken, place: Progress) -> Job[Waiting | Looked | None]:
        """Read one image: for the batch, or, where it needs tiles, predicted already; None where it was done before."""
        from defectstudio.learning.tiling import needs_tiles

        name, digest, info = self.source.text_of(path), sha256_of(path), inspect(path)
        if self.table.holds(name, digest):
            self.kept += 1
            return None
        shape = (info.height, info.width)
        if needs_tiles(shape, self.detector.trained):
            heat, score, tiles = yield from self._in_tiles(path, name, info, token, place)
            return Looked(name, digest, heat, score, tiles)
        _check_memory(path, info)
        return Waiting(name, digest, shape, self._prepared(read_pixels(path)))

    def _prepared(self, pixels: Pixels) -> NDArray[np.float32]:
        from defectstudio.learning.inputs import to_input

        return to_input(pixels, self.config).numpy()

    def _predict(self, waiting: list[Waiting]) -> None:
        from defectstudio.learning.tiling import HeatMap

        if not waiting:
            return
        heats, scores = self.engine.run(np.stack([image.inputs for image in waiting]))
        for image, cells, score in zip(waiting, heats[:, 0], scores, strict=True):
            self._keep(Looked(image.name, image.sha256, HeatMap.over(cells, image.shape), float(score), 1))
        waiting.clear()

    def _in_tiles(
        self, path: Path, name: str, info: ImageInfo, token: CancelToken, place: Progress
    ) -> Job[tuple[HeatMap, float, int]]:
        from defectstudio.learning.tiling import lay_tiles, look_in_tiles

        tiles = lay_tiles((info.height, info.width), self.detector.trained, self._heat_size)
        with rows_of(path) as rows:
            read = _reader(path, info, rows)
            job = look_in_tiles(tiles, read, self._prepared, self.engine, token, batch=self.options.batch)
            heat, score = yield from _within(job, place, f"{name}, {len(tiles)} tiles")
        return heat, score, len(tiles)

    @cached_property
    def _heat_size(self) -> tuple[int, int]:
        """(h, w) of the network's heat map, asked of the network."""
        want = self.detector.preprocessing
        heat, _ = self.engine.run(np.zeros((1, want.channels, want.height, want.width), np.float32))
        return heat.shape[2], heat.shape[3]

    def _keep(self, image: Looked) -> None:
        """Write the pictures of one image, then its row."""
        heat, detector, options = image.heat, self.detector, self.options
        count, largest = regions(heat, detector.pixel_threshold)
        row = Row(
            image=image.name,
            called="defective" if image.score >= detector.threshold else "good",
            width=heat.shape[1],
            height=heat.shape[0],
            score=image.score,
            threshold=detector.threshold,
            hottest=float(heat.cells.max()),
            regions=count,
            largest_region_px=largest,
            engine=f"{self.engine.name} {self.engine.precision}",
            tiles=image.tiles,
            heat=self._picture(HEAT, image, _as_grey) if options.heat else "",
            mask=self._picture(MASKS, image, self._as_mask) if options.masks else "",
            sha256=image.sha256,
        )
        self.table.add(row)

    def _as_mask(self, heat: NDArray[np.float32]) -> NDArray[np.uint8]:
        return np.where(heat >= self.detector.pixel_threshold, np.uint8(255), np.uint8(0))

    def _picture(self, kind: str, image: Looked, convert: Callable[[NDArray[np.float32]], NDArray[np.uint8]]) -> str:
        """Write a picture; its path within `out`. Its name keeps the image's suffix: a.png and a.jpg may both exist."""
        relative = f"{kind}/{image.name}.png"
        write_grey(self.out / relative, image.heat.shape, (convert(rows) for _, rows in image.heat.bands()))
        return relative

    def _note(self, path: Path, error: DefectStudioError | OSError) -> None:
        # Messages name the file by its whole path; the list is read beside the folder.
        name = self.source.text_of(path)
        text = error.message if isinstance(error, DefectStudioError) else f"{path} cannot be read: {error.strerror}."
        hint = error.hint if isinstance(error, DefectStudioError) else ""
        self.problems.append(Problem(image=name, problem=text.replace(str(path), name), hint=hint))
        self.table.forget(name)

    def _write_problems(self) -> None:
        from defectstudio.app.export import write_csv

        path = self.out / PROBLEMS
        path.unlink(missing_ok=True)
        if self.problems:
            write_csv(path, [problem.model_dump() for problem in self.problems])

    def result(self, engine: str, milliseconds: dict[str, float]) -> FolderResult:
        """What was done, after `run`."""
        rows = self.table.rows
        return FolderResult(
            folder=str(self.source.root),
            out=str(self.out),
            detector=self.detector.name,
            engine=engine,
            threshold=self.detector.threshold,
            images=len(rows) + len(self.problems),
            predicted=len(rows) - self.kept,
            kept=self.kept,
            defective=sum(row.called == "defective" for row in rows),
            ignored=len(self.source.files) - len(self.source.images),
            problems=self.problems,
            milliseconds=milliseconds,
        )


def _within(job: Job[tuple[HeatMap, float]], place: Progress, text: str) -> Job[tuple[HeatMap, float]]:
    """Pass a job on, its progress shown as a part of one image's place."""
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            answer: tuple[HeatMap, float] = end.value
            return answer
        yield Progress(place.done, place.total, text, {"tiles": step.done})


def _reader(path: Path, info: ImageInfo, rows: RowReader | None) -> Callable[[Box], Pixels]:
    """Reads boxes of an image: band by band where its file allows it, else from the whole."""
    if rows is not None:
        return rows.read
    _check_memory(path, info)
    pixels = read_pixels(path)
    return lambda box: pixels[box.slices]


def _check_memory(path: Path, info: ImageInfo) -> None:
    """Raise DefectStudioError, before anything is decoded, for what would take more than a GiB as a whole."""
    # Pillow holds colour as four bytes a pixel.
    size = info.height * info.width * (1 if info.channels == 1 else 4) * (info.bits // 8)
    if size > MOST_DECODED:
        raise DefectStudioError(
            f"{path} would take {size / 1e9:.1f} GB of memory to decode.",
            hint="Save it as PNG (8 bit, not interlaced, no palette), which is read in bands, or cut it into parts.",
        )


def _as_grey(heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(heat.clip(0, 1) * 255), np.uint8)


def regions(heat: HeatMap, threshold: float) -> tuple[int, int]:
    """Number of regions at or above the threshold and pixels of the largest; 8-connected.

    Counted on the mask at image size; above 16 million pixels in cells of the heat map, times the size of a cell.
    """
    from scipy import ndimage

    if float(heat.cells.max()) < threshold:
        return 0, 0
    whole = heat.shape[0] * heat.shape[1] <= MOST_LABELLED
    mask = (heat.rows(0, heat.shape[0]) if whole else heat.cells) >= threshold
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    if not count:
        return 0, 0
    largest = int(np.bincount(labels.ravel())[1:].max())
    return count, largest if whole else round(largest * heat.cell[0] * heat.cell[1])
