"""Mentoring on a real and on a stated shift of domain: Table 1 of Cordier, Das and Gutierrez 2021 on magnetic tiles.

Original domain: exposures 1 and 2, every mask known. New domains: exposures 5 and 6 as they are, and as another camera
sees them (`shift`). Tiles are halved by seed into training and test, so no tile is on both sides. A simulated operator,
right or wrong in 3 % of cases, judges what the baseline finds in new training images; nothing else of them is known.

Rows: `new_data` trains anew on originals and verdicts, 1:1; `transfer` starts from the deployed weights; `omnia`,
`healthy` and `dann` each add one switch to that; `best` is our combination; `full_labels` knows every mask of both
domains. mAP at IoU 0.5; precision and recall count detections with a confidence of 0.5 or more at IoU 0.5, in the new
domain. What is computed is kept under `--keep`, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from _common import Row, commit, machine, read_set, run, say
from mtd import halves
from shift import shifted

from defectstudio.data.mentoring import MentorSettings
from defectstudio.data.runs import TrainConfig, default_config, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.detection import DetectionFigures, ImageBoxes, detection_figures
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import (
    GOOD,
    HEALTHY,
    UNKNOWN,
    UNLABELLED,
    ImageTag,
    Verdict,
    class_pixels,
    encode_runs,
    unknown_map,
)
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.metrics import PixelTally
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.boxes import area_pixels, boxes_of, regions_of
from defectstudio.learning.checkpoints import load_model
from defectstudio.learning.model import TrainedModel
from defectstudio.learning.predict import score
from defectstudio.learning.recording import resume, train
from defectstudio.learning.trainers.mentored import fit_mentored
from defectstudio.sessions.simulate_operator import SimulatedOperator

OLD, NEW = {"1", "2"}, {"5", "6"}
CAMERA = 1_000_000
"""Added to the number of an image that is seen by the other camera."""
MINED_FROM = 0.3
"""Confidence from which on a detection is judged: those near the threshold, too."""
BASE: dict[str, Any] = {
    "height": 416, "width": 352, "finetune_epochs": 8, "epochs": 12, "gradient_stop": "never", "running_mean": 0.99,
    "paste": 0.3, "w_pos": 2.0, "threshold_folds": 0, "threads": 2,
}  # fmt: skip
QUICK = {"height": 256, "width": 224, "finetune_epochs": 4, "epochs": 6}
ROWS: dict[str, dict[str, Any]] = {
    "new_data": {"transfer": False, "healthy": False},
    "transfer": {"healthy": False},
    "omnia": {"healthy": False, "omnia": True},
    "healthy": {"healthy": True},
    "dann": {"healthy": False, "dann": True},
    "best": {"healthy": True, "distill": True},
}
FIGURES = ("map_original", "map_new", "precision", "recall", "fp_per_100_good")


def other_camera(snapshot: Snapshot, seed: int) -> Snapshot:
    """The images as another camera sees them, under other numbers."""

    def image(one: SnapshotImage) -> SnapshotImage:
        name = hashlib.sha256(f"{one.sha256} {seed}".encode()).hexdigest()
        return replace(one, id=one.id + CAMERA, sha256=name)

    known = {one.id: one for one in snapshot.images}

    def read(one: SnapshotImage) -> np.ndarray:
        return shifted(snapshot.read(known[one.id - CAMERA]), [seed, one.id])

    return replace(snapshot, images=tuple(image(one) for one in snapshot.images), read=read)


@dataclass(frozen=True)
class Domains:
    """Training and test halves of the original and of the new domain."""

    old: Snapshot
    new: Snapshot
    old_test: Snapshot
    new_test: Snapshot

    def joined(self, new: Snapshot) -> Snapshot:
        """The originals and images of the new domain."""
        old, ids = self.old, {image.id for image in new.images}
        return replace(
            old, images=(*old.images, *new.images), read=lambda i: new.read(i) if i.id in ids else old.read(i)
        )


def domains(data: Snapshot, rows: dict[int, Row], shift: str, seed: int) -> Domains:
    """The four parts for one seed."""
    tiles = halves(rows, seed)
    old = data.where(lambda image: rows[image.id]["exposure"] in OLD)
    new = data.where(lambda image: rows[image.id]["exposure"] in NEW)
    new = other_camera(new, seed) if shift == "camera" else new
    parts = [part.where(lambda i, s=side: (i.group in tiles) is s) for side in (True, False) for part in (old, new)]
    return Domains(*parts)


def pixel_cut(model: TrainedModel, training: Snapshot, cache: Path) -> float:
    """Where a heat map is cut: by the IoU on the masks of the original domain."""
    images = training.where(lambda image: image.defective and image.segmented)
    tally = PixelTally()
    for image, row in zip(images.images, run(score(model, images, CancelToken(), cache=cache), "cut"), strict=True):
        truth = image.label_map()
        known = truth != UNKNOWN
        tally.add(known & (truth != HEALTHY), row.heat_map(truth.shape), known)
    return tally.best_iou_threshold()


def measured(model: TrainedModel, test: Snapshot, cut: float, cache: Path) -> DetectionFigures:
    """Figures of boxes on test images."""
    boxes = []
    for image, row in zip(test.images, run(score(model, test, CancelToken(), cache=cache), "testing"), strict=True):
        found = tuple(region.found for region in regions_of(row, (image.height, image.width), cut=cut))
        boxes.append(ImageBoxes(() if image.good else tuple(boxes_of(image.label_map())), found, image.good))
    return detection_figures(boxes, 0.5)


def mentored(base: TrainedModel, new: Snapshot, cut: float, error: float, seed: int, cache: Path) -> Snapshot:
    """What an operator says of the baseline's detections in new images: partly known maps, and good parts."""
    truth = {image.id: image.label_map() for image in new.images}
    operator = SimulatedOperator(lambda image: truth[image], error, seed)
    out, verdicts = [], 0
    scored = run(score(base, new, CancelToken(), cache=cache), "mining")
    for image, row in zip(new.images, scored, strict=True):
        shape = (image.height, image.width)
        regions = [r for r in regions_of(row, shape, cut=cut) if r.found.confidence >= MINED_FROM]
        known, classes = unknown_map(*shape), set()
        for number, region in enumerate(regions):
            found = region.found
            name = f"{image.id}-{number}"
            said = operator.judge(Detection(name, image.id, "", found.box, found.class_index, found.confidence))
            defect = said.kind != "rejected"
            box, mask = area_pixels(region.cells, shape, defect=defect)
            part = known[box.slices]
            index = (said.class_index or found.class_index) if defect else HEALTHY
            part[mask if defect else mask & ~class_pixels(part)] = index
            classes |= {index} if defect else set()
        verdicts += len(regions)
        if regions:
            good = image.good and not classes
            tag = GOOD if good else ImageTag(Verdict.DEFECTIVE, tuple(sorted(classes))) if classes else UNLABELLED
            out.append(replace(image, tag=tag, label_code=encode_runs(known), segmented=False))
    say(f"{verdicts} verdicts on {len(out)} of {len(new.images)} images")
    return replace(new, images=tuple(out))


class Bench:
    """One seed and shift: what is trained is kept in `keep`, figures as JSON, models as run folders."""

    def __init__(self, config: TrainConfig, parts: Domains, shift: str, seed: int, keep: Path, epochs: int) -> None:
        self.config = config.model_copy(update={"seed": seed})
        self.parts, self.shift, self.seed, self.epochs = parts, shift, seed, epochs
        self.keep, self.cache = keep, keep / "cache"

    def model(self, name: str, training: Snapshot) -> TrainedModel:
        """A detector with all labels, trained once."""
        folder = self.keep / f"{name}-{self.seed}"
        try:
            status = read_run(folder).status
        except DefectStudioError:
            status = "none"
        if status == "none":
            run(train(self.config, training, folder, cache=self.cache)(CancelToken()), name)
        elif status != "finished":
            run(resume(folder, training, cache=self.cache)(CancelToken()), name)
        return load_model(folder)

    def row(self, name: str, make: Callable[[], TrainedModel]) -> dict[str, float]:
        """Figures of one model, from disk where they are known."""
        path = self.keep / f"{self.shift}-{name}-{self.seed}.json"
        if path.is_file():
            return dict(json.loads(path.read_text()))
        model = make()
        cut = pixel_cut(model, self.parts.old, self.cache)
        old, new = (measured(model, part, cut, self.cache) for part in (self.parts.old_test, self.parts.new_test))
        values = (old.map, new.map, new.precision, new.recall, new.fp_per_100_good)
        figures = dict(zip(FIGURES, values, strict=True))
        say(f"{self.shift} {name} seed {self.seed}: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()))
        path.write_text(json.dumps(figures))
        return figures

    def table(self, error: float, rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
        """All rows at one error rate of the operator."""
        parts = self.parts
        base = self.model("base", parts.old)
        found = {"baseline": self.row("baseline", lambda: base)}
        cut, known = pixel_cut(base, parts.old, self.cache), None
        for name, switches in rows.items():

            def make(name: str = name, switches: dict[str, Any] = switches) -> TrainedModel:
                nonlocal known
                known = known or mentored(base, parts.new, cut, error, self.seed, self.cache)
                settings = MentorSettings.model_validate({"epochs": self.epochs, "seed": self.seed, **switches})
                ids = frozenset(image.id for image in known.images)
                job = fit_mentored(
                    base, settings, parts.joined(known), ids, CancelToken(), cache=self.cache, threshold=False
                )
                return run(job, name)

            found[name] = self.row(f"{name}-{error}", make)
        whole = parts.joined(parts.new)
        found["full_labels"] = self.row("full", lambda: self.model(f"full-{self.shift}", whole))
        return found


def summary(tables: list[dict[str, dict[str, float]]]) -> list[dict[str, Any]]:
    """Mean and deviation over seeds, row by row."""
    rows = []
    for name in tables[0]:
        row: dict[str, Any] = {"name": name}
        for figure in FIGURES:
            values = [table[name][figure] for table in tables]
            row[figure] = None if any(math.isnan(value) for value in values) else round(float(np.mean(values)), 4)
            row[f"{figure}_std"] = None if row[figure] is None else round(float(np.std(values)), 4)
        rows.append(row)
    by_name = {row["name"]: row for row in rows}
    gap = by_name["full_labels"]["map_new"] - by_name["baseline"]["map_new"]
    if "best" in by_name:
        gain = by_name["best"]["map_new"] - by_name["baseline"]["map_new"]
        by_name["best"]["gap_closed"] = round(gain / gap, 4) if gap > 0 else None
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "mtd")
    parser.add_argument(
        "--quick", action="store_true", help="one seed, the second shift, a sure operator, small images"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--shifts", nargs="+", choices=["exposure", "camera"], default=["exposure", "camera"])
    parser.add_argument("--errors", type=float, nargs="+", default=[0.0, 0.03])
    parser.add_argument("--epochs", type=int, help="of mentored training")
    parser.add_argument("--keep", type=Path, required=True, help="a folder for what is computed, to go on from")
    parser.add_argument("--most", type=int, help="only so many images of each kind and class: a trial of this program")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=JSON", help="change a setting of the baseline")
    options = parser.parse_args()
    changes = {key: json.loads(value) for key, value in (text.split("=", 1) for text in options.set)}
    config = default_config("fast", **{**BASE, **(QUICK if options.quick else {}), **changes})
    if options.quick:
        options.seeds, options.shifts, options.errors = options.seeds[:1], ["camera"], [0.0]
    data, rows = read_set(options.source, "tiles.csv", "tile")
    if options.most:
        data = fewer(data, rows, options.most)
    epochs = options.epochs or (5 if options.quick else 12)
    same_settings(options.keep, {"config": config.model_dump(mode="json"), "epochs": epochs, "most": options.most})
    chosen = {name: ROWS[name] for name in options.rows}
    found: dict[str, list[dict[str, Any]]] = {}
    for shift in options.shifts:
        for error in options.errors:
            tables = [
                Bench(config, domains(data, rows, shift, seed), shift, seed, options.keep, epochs).table(error, chosen)
                for seed in options.seeds
            ]
            found[f"{shift} {error}"] = summary(tables)
    say(json.dumps(found, indent=1))
    main_rows = found.get(f"camera {options.errors[0]}") or next(iter(found.values()))
    beside = {name: table for name, table in found.items() if table is not main_rows}
    closing = {"name": "mentor", "commit": commit(), "machine": machine(), "seeds": options.seeds}
    print(json.dumps({**closing, "rows": main_rows, "beside": beside}))


def same_settings(keep: Path, settings: dict[str, Any]) -> None:
    """Figures of other settings must not be mixed with these."""
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / "settings.json"
    if path.is_file() and json.loads(path.read_text()) != settings:
        raise SystemExit(f"{keep} holds figures of other settings: choose another folder.")
    path.write_text(json.dumps(settings))


def fewer(data: Snapshot, rows: dict[int, Row], most: int) -> Snapshot:
    """At most so many images of each exposure and class."""
    seen: dict[tuple[str, str], int] = {}
    kept = set()
    for image in data.images:
        row = rows[image.id]
        key = (row["exposure"], row["class"])
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= most:
            kept.add(image.id)
    return data.where(lambda image: image.id in kept)


if __name__ == "__main__":
    main()
