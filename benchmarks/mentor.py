"""Mentoring on a real and on a stated shift of domain: Table 1 of Cordier, Das and Gutierrez 2021 on magnetic tiles.

Original domain: exposures 1 and 2, every mask known. New domains: exposures 5 and 6 as they are, and as another camera
sees them (`shift`). Tiles are dealt into three folds; seed k tests on fold k and trains on the other two, so no tile is
on both sides, and three seeds test every tile once. A simulated operator, right or wrong in 3 % of cases, judges what
the baseline finds in new training images; nothing else of them is known.

Rows: `new_data` trains anew on originals and verdicts, 1:1; `transfer` starts from the deployed weights; `omnia`,
`healthy` and `dann` each add one switch to that; `omnia_healthy` adds two; in `marked` the operator also marks what was
missed in the images that are shown; in `drawn` the operator draws badly caught defects as well; `second_round` is that
twice, the second time from the first candidate; `best` is `drawn` with an encoder that learns, too, as the program does
where that of the deployed run was tuned (boxes stand on an encoder that stays). `full_labels` knows every mask of both
domains, on the deployed encoder; `full_tuned` knows them from the start, so that they tune the encoder as long as the
baseline's training does. `gap_closed` is measured to the higher of the two. mAP at IoU 0.5; precision and recall count
detections with a confidence of 0.5 or more at IoU 0.5, in the new domain. A true box is a connected defect of one
class; parts closer than 8 pixels are one, as a line's operator counts.

Two heads (`mentor_heads`): boxes on a grid, and cells of a segmentation at stride 4 whose maps are cut where boxes of
their class fit best. `rows` are of the head whose baseline has the higher mAP on the original domain; the other one's
are beside them. `--quick`: one seed, the second shift, a sure operator, cells alone, smaller images, shorter trainings.
Under `--keep` all that is computed is kept, and a run that was stopped goes on; `cpu_s` are seconds of the processor.
`--workers 2` works on two rows at once, a thread each, as `--quick` does.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from _common import Row, commit, machine, read_set, say
from mentor_heads import Boxes, Cells, Finding, Findings, Head, trained
from mtd import folds
from shift import shifted

from defectstudio.data.mentoring import MENTORED_TUNING, MentorSettings
from defectstudio.data.runs import BoxSettings, TrainConfig, default_config
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.detection import DetectionFigures, ImageBoxes, detection_figures, overlap_of
from defectstudio.domain.labels import (
    GOOD,
    HEALTHY,
    UNKNOWN,
    UNLABELLED,
    Box,
    ImageId,
    ImageTag,
    LabelMap,
    Verdict,
    class_pixels,
    encode_runs,
    unknown_map,
)
from defectstudio.domain.mentoring import Detection
from defectstudio.learning.boxes import boxes_of
from defectstudio.learning.model import TrainedModel
from defectstudio.sessions.simulate_operator import SimulatedOperator

OLD, NEW = {"1", "2"}, {"5", "6"}
CAMERA = 1_000_000
"""Added to the number of an image that is seen by the other camera."""
MINED_FROM = 0.3
"""Confidence from which on a detection is judged: those near the threshold, too."""
FOLDS = 3
RATE = {"boxes": 3e-3, "cells": 1e-3}
"""Peak learning rate of mentored training. The cells' heads were tuned with the encoder, in small steps; with 3e-3 they
forget: even all labels of both domains then left fold 2 worse than it was."""
BASE: dict[str, Any] = {
    "height": 416, "width": 352, "stride": 4, "finetune_epochs": 16, "epochs": 12, "gradient_stop": "never",
    "running_mean": 0.99, "paste": 0.3, "w_pos": 10.0, "threshold_folds": 0, "threads": 2,
}  # fmt: skip
QUICK = {"height": 352, "width": 288, "finetune_epochs": 10}
HEADS = ("boxes", "cells")


@dataclass(frozen=True)
class Way:
    """A way to a candidate: switches, what else the operator does (the paper's does neither), and rounds.

    `mark`: missed defects are marked; `draw`: of what is caught badly, the defect is drawn.
    """

    switches: dict[str, Any]
    mark: bool = False
    draw: bool = False
    rounds: int = 1


ROWS = {
    "new_data": Way({"transfer": False, "healthy": False, "omnia": False}),
    "transfer": Way({"healthy": False, "omnia": False}),
    "omnia": Way({"healthy": False, "omnia": True}),
    "healthy": Way({"healthy": True, "omnia": False}),
    "dann": Way({"healthy": False, "omnia": False, "dann": True}),
    "omnia_healthy": Way({"healthy": True, "omnia": True}),
    "marked": Way({"healthy": True, "omnia": True}, mark=True),
    "drawn": Way({"healthy": True, "omnia": True}, mark=True, draw=True),
    "best": Way({"healthy": True, "omnia": True, "finetune_epochs": MENTORED_TUNING}, mark=True, draw=True),
    "second_round": Way({"healthy": True, "omnia": True}, mark=True, draw=True, rounds=2),
}
ASKED = ("new_data", "transfer", "omnia", "healthy", "dann", "best")
"""The rows that are run where none is named."""
SLOW = ("full_tuned", "second_round", "best", "new_data")
"""Rows that tune an encoder, or train twice: begun first."""
Table = dict[str, dict[str, float]]
Job = tuple[str, str, int]
"""Shift, head and seed."""
Task = tuple[str, str, int, str, float]
"""Shift, head, seed, row and how often the operator is wrong."""
FIGURES = ("map_original", "map_new", "precision", "recall", "fp_per_100_good", "cpu_s")


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
    """Training and test tiles of the original and of the new domain."""

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
    tiles = folds(rows, seed % FOLDS, FOLDS)
    old = data.where(lambda image: rows[image.id]["exposure"] in OLD)
    new = data.where(lambda image: rows[image.id]["exposure"] in NEW)
    new = other_camera(new, seed) if shift == "camera" else new
    parts = [part.where(lambda i, s=side: (i.group in tiles) is s) for side in (True, False) for part in (old, new)]
    return Domains(*parts)


def measured(head: Head, test: Snapshot) -> DetectionFigures:
    """Figures of boxes on test images."""
    found, boxes = head.find(test), []
    for image in test.images:
        here = tuple(one.found for one in found[image.id])
        boxes.append(ImageBoxes(() if image.good else tuple(boxes_of(image.label_map())), here, image.good))
    return detection_figures(boxes, 0.5)


class Judging:
    """An operator before the new images: what is known of each so far, and what is said of detections in them.

    `way.mark`: in the images that are shown for their detections the operator also boxes what was missed. `way.draw`:
    where a confirmed detection overlaps no true box of its class by half, what it shows of a defect is drawn, and the
    rest of it is healthy.
    """

    def __init__(self, new: Snapshot, error: float, seed: int, way: Way) -> None:
        self.new, self.way, self.said = new, way, 0
        self.marked = self.drawn = 0
        self._truth = {image.id: image.label_map() for image in new.images}
        self._operator = SimulatedOperator(lambda image: self._truth[image], error, seed)
        self._known: dict[ImageId, LabelMap] = {}

    def judge(self, found: Findings) -> Snapshot:
        """Judge what was found and is not known yet; partly known maps, and good parts, of all that was shown."""
        news = {image: [one for one in ones if self._asked(image, one)] for image, ones in found.items()}
        for image in self.new.images:
            if news[image.id]:
                self._judge(image, news[image.id])
        out = tuple(self._told(image) for image in self.new.images if image.id in self._known)
        more = f"{self.marked} defects marked, {self.drawn} drawn"
        say(f"{self.said} verdicts on {len(out)} of {len(self.new.images)} images, {more}")
        return replace(self.new, images=out)

    def _asked(self, image: ImageId, one: Finding) -> bool:
        """Whether a detection is sure enough, and less than half of it was judged in an earlier round."""
        if one.found.confidence < MINED_FROM:
            return False
        return image not in self._known or (self._known[image][one.found.box.slices] != UNKNOWN).mean() < 0.5

    def _judge(self, image: SnapshotImage, shown: list[Finding]) -> None:
        known = self._known.setdefault(image.id, unknown_map(image.height, image.width))
        for one in shown:
            box = one.found
            verdict = self._operator.judge(
                Detection(f"{image.id}-{self.said}", image.id, "", box.box, box.class_index, box.confidence)
            )
            self.said += 1
            defect = verdict.kind != "rejected"
            place, mask = one.defect if defect else one.healthy
            part = known[place.slices]
            index = (verdict.class_index or box.class_index) if defect else HEALTHY
            if defect and self.way.draw and self._badly_caught(image.id, box.box, index):
                truth = self._truth[image.id][place.slices]
                part[mask & ~class_pixels(part)] = HEALTHY
                part[class_pixels(truth)] = truth[class_pixels(truth)]
                self.drawn += 1
                continue
            part[mask if defect else mask & ~class_pixels(part)] = index
        if self.way.mark:
            for missed in boxes_of(self._truth[image.id]):
                if not class_pixels(known[missed.box.slices]).any():
                    known[missed.box.slices] = missed.class_index
                    self.marked += 1

    def _badly_caught(self, image: ImageId, box: Box, index: int) -> bool:
        """Whether a box overlaps no true one of its class by half."""
        true = [one.box for one in boxes_of(self._truth[image]) if one.class_index == index]
        return not true or float(overlap_of([box], true).max()) < 0.5

    def _told(self, image: SnapshotImage) -> SnapshotImage:
        """An image as training sees it: without a defect in it, its part is called good if it is."""
        known = self._known[image.id]
        classes = tuple(int(index) for index in np.unique(known[class_pixels(known)]))
        tag = ImageTag(Verdict.DEFECTIVE, classes) if classes else GOOD if image.good else UNLABELLED
        return replace(image, tag=tag, label_code=encode_runs(known), segmented=False)


@dataclass(frozen=True)
class Plan:
    """What is the same for all seeds: how the baseline and its boxes are trained, and for how long candidates are."""

    config: TrainConfig
    boxes: BoxSettings
    epochs: int
    keep: Path

    @property
    def cache(self) -> Path:
        return self.keep / "cache"


class Bench:
    """One seed, shift and head: what is trained is kept, figures as JSON, detectors as run folders and files."""

    def __init__(self, plan: Plan, parts: Domains, shift: str, seed: int, head: str) -> None:
        self.plan, self.parts, self.shift, self.seed, self.head = plan, parts, shift, seed, head

    def base(self) -> Head:
        """The deployed detector: trained with all labels of the originals, once."""
        config = self.plan.config.model_copy(update={"seed": self.seed})
        model = trained(config, self.parts.old, self.plan.keep / f"base-{self.seed}", self.plan.cache)
        if self.head == "cells":
            return Cells.of(model, self.parts.old, self.plan.cache)
        return self._boxes("base", model, self.parts.old)

    def full(self) -> Head:
        """What all labels of both domains bring on the encoder of the deployed detector: what the rows strive for."""
        base, whole = self.base(), self.parts.joined(self.parts.new)
        if isinstance(base, Boxes):
            return self._boxes(f"full-{self.shift}", base.trunk, whole)
        settings = self.settings(omnia=False)
        return base.mentored(settings, whole, frozenset(image.id for image in self.parts.new.images))

    def tuned(self) -> Head:
        """What all labels of both domains bring where the encoder is tuned with them, too: the baseline's training."""
        whole = self.parts.joined(self.parts.new)
        config = self.plan.config.model_copy(update={"seed": self.seed})
        model = trained(config, whole, self.plan.keep / f"tuned-{self.shift}-{self.seed}", self.plan.cache)
        if self.head == "cells":
            return Cells.of(model, self.parts.old, self.plan.cache)
        return self._boxes(f"tuned-{self.shift}", model, whole)

    def settings(self, **switches: Any) -> MentorSettings:
        """How a candidate is trained: an encoder that was not tuned stays."""
        rate = RATE[self.head]
        if not self.plan.config.finetune_epochs:
            switches["finetune_epochs"] = 0
        return MentorSettings.model_validate({"epochs": self.plan.epochs, "seed": self.seed, "lr": rate, **switches})

    def _boxes(self, name: str, trunk: TrainedModel, training: Snapshot) -> Boxes:
        plan, seed = self.plan, self.seed
        path = plan.keep / f"boxes-{name}-{seed}.safetensors"
        return Boxes.trained(plan.boxes.model_copy(update={"seed": seed}), trunk, training, path, plan.cache)

    def row(self, name: str, make: Callable[[], Head]) -> dict[str, float]:
        """Figures of one model, from disk where they are known."""
        path = self.plan.keep / f"{self.head}-{self.shift}-{name}-{self.seed}.json"
        if path.is_file():
            return dict(json.loads(path.read_text()))
        began = time.process_time()
        head = make()
        old, new = (measured(head, part) for part in (self.parts.old_test, self.parts.new_test))
        spent = time.process_time() - began
        values = (old.map, new.map, new.precision, new.recall, new.fp_per_100_good, spent)
        figures = dict(zip(FIGURES, values, strict=True))
        text = ", ".join(f"{k} {v:.3f}" for k, v in figures.items())
        say(f"{self.head} {self.shift} {name} seed {self.seed}: {text}")
        path.write_text(json.dumps(figures))
        return figures

    @cached_property
    def deployed(self) -> tuple[Head, Findings]:
        """The deployed detector and what it finds in the new domain."""
        base = self.base()
        return base, base.find(self.parts.new)

    def candidate(self, way: Way, error: float) -> Head:
        """What comes of a way to learn from an operator who is wrong so often."""
        head, found = self.deployed
        operator = Judging(self.parts.new, error, self.seed, way)
        settings = self.settings(**way.switches)
        for number in range(way.rounds):
            new = operator.judge(head.find(self.parts.new) if number else found)
            head = head.mentored(settings, self.parts.joined(new), frozenset(image.id for image in new.images))
        return head

    def figures(self, name: str, error: float) -> dict[str, float]:
        """The row of a name; only rows of an operator depend on `error`."""
        known = {"baseline": ("baseline", self.base), "full_labels": ("full", self.full)}
        known["full_tuned"] = ("tuned", self.tuned)
        if name in known:
            return self.row(*known[name])
        return self.row(f"{name}-{error}", partial(self.candidate, ROWS[name], error))


def summary(tables: list[Table]) -> list[dict[str, Any]]:
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
    bound = max(by_name[name]["map_new"] for name in ("full_labels", "full_tuned") if name in by_name)
    gap = bound - by_name["baseline"]["map_new"]
    if "best" in by_name:
        gain = by_name["best"]["map_new"] - by_name["baseline"]["map_new"]
        by_name["best"]["gap_closed"] = round(gain / gap, 4) if gap > 0 else None
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "mtd")
    parser.add_argument(
        "--quick", action="store_true", help="one seed and shift, a sure operator, cells, smaller and shorter"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ASKED))
    parser.add_argument("--tuned", action="store_true", help="also full_tuned, as long as the baseline's training")
    parser.add_argument("--shifts", nargs="+", choices=["exposure", "camera"], default=["exposure", "camera"])
    parser.add_argument("--errors", type=float, nargs="+", default=[0.0, 0.03])
    parser.add_argument("--heads", nargs="+", choices=HEADS, help="boxes and cells; with --quick cells alone")
    parser.add_argument("--epochs", type=int, help="of mentored training")
    parser.add_argument("--keep", type=Path, help="a folder for what is computed, to go on from; else nothing is kept")
    parser.add_argument("--most", type=int, help="only so many images of each kind and class: a trial of this program")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=JSON", help="change a setting of the baseline")
    parser.add_argument("--workers", type=int, help="rows worked on at once, a thread each: 1, with --quick 2")
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.shifts, options.errors = options.seeds[:1], ["camera"], [0.0]
    options.heads = options.heads or (["cells"] if options.quick else list(HEADS))
    options.workers = options.workers or (2 if options.quick else 1)
    if options.keep is not None:
        work(options)
        return
    with TemporaryDirectory() as keep:
        options.keep = Path(keep)
        work(options)


def work(options: argparse.Namespace) -> None:
    """All tables, and the closing line."""
    plan = plan_of(options)
    described = {"config": plan.config.model_dump(mode="json"), "boxes": plan.boxes.model_dump(), "epochs": plan.epochs}
    described |= {"rate": RATE}
    same_settings(options.keep, {**described, "most": options.most})
    names = ["baseline", *options.rows, "full_labels", *(["full_tuned"] if options.tuned else [])]
    tasks = list(itertools.product(options.shifts, options.heads, options.seeds, names, options.errors))
    if options.workers > 1:
        # Fresh processes, as torch's threads do not survive a fork. What several rows stand on comes first, then what
        # takes longest; all is read from disk below.
        fixed = [task for task in tasks if task[3] in ROWS or task[4] == options.errors[0]]
        with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
            for stand in stands(options):
                list(pool.map(partial(prepare, options), stand))
            list(pool.map(partial(figures, options), sorted(fixed, key=lambda task: task[3] not in SLOW)))
    known = {task: figures(options, task) for task in tasks}
    by_job = {
        (shift, head, seed, error): {name: known[shift, head, seed, name, error] for name in names}
        for shift, head, seed, error in itertools.product(options.shifts, options.heads, options.seeds, options.errors)
    }
    found = {
        f"{shift} {error} {head}": summary([by_job[shift, head, seed, error] for seed in options.seeds])
        for shift, error, head in itertools.product(options.shifts, options.errors, options.heads)
    }
    say(json.dumps(found, indent=1))
    close(found, options.errors[0], options.seeds)


def plan_of(options: argparse.Namespace) -> Plan:
    """What the options say."""
    changes = {key: json.loads(value) for key, value in (text.split("=", 1) for text in options.set)}
    threads = {} if options.workers == 1 else {"threads": 1}
    config = default_config("fast", **{**BASE, **(QUICK if options.quick else {}), **threads, **changes})
    boxes = BoxSettings(epochs=12 if options.quick else 20, lr=5e-3)
    return Plan(config, boxes, options.epochs or (4 if options.quick else 6), options.keep)


BENCHES: dict[Job, Bench] = {}
"""Those of this process."""


def bench(options: argparse.Namespace, job: Job) -> Bench:
    """One shift, head and seed."""
    if job not in BENCHES:
        data, rows = read_set(options.source, "tiles.csv", "tile")
        if options.most:
            data = fewer(data, rows, options.most)
        shift, head, seed = job
        BENCHES[job] = Bench(plan_of(options), domains(data, rows, shift, seed), shift, seed, head)
    return BENCHES[job]


def stands(options: argparse.Namespace) -> list[list[tuple[Job, str]]]:
    """What several rows stand on: encoders, then boxes on those of the originals; each list can be done at once."""
    first, seeds = options.shifts[0], options.seeds
    found: list[list[tuple[Job, str]]] = [[((first, "cells", seed), "base") for seed in seeds]]
    if options.tuned:
        found.append([((shift, "cells", seed), "tuned") for shift, seed in itertools.product(options.shifts, seeds)])
    if "boxes" in options.heads:
        found.append([((first, "boxes", seed), "base") for seed in seeds])
    return found


def prepare(options: argparse.Namespace, stand: tuple[Job, str]) -> None:
    """Train one of `stands`."""
    job, name = stand
    one = bench(options, job)
    one.tuned() if name == "tuned" else one.base()


def figures(options: argparse.Namespace, task: Task) -> dict[str, float]:
    """One row of one table."""
    shift, head, seed, name, error = task
    return bench(options, (shift, head, seed)).figures(name, error)


def close(found: dict[str, list[dict[str, Any]]], error: float, seeds: list[int]) -> None:
    """The last line: the rows of the second shift and of the head with the better baseline; the others beside them."""
    tables = {name: table for name, table in found.items() if name.startswith(f"camera {error}")} or found
    best = max(tables, key=lambda name: tables[name][0]["map_original"])
    beside = {name: table for name, table in found.items() if name != best}
    closing = {"name": "mentor", "commit": commit(), "machine": machine(), "seeds": seeds, "head": best.split()[-1]}
    print(json.dumps({**closing, "rows": found[best], "beside": beside}))


def same_settings(keep: Path, settings: dict[str, Any]) -> None:
    """Figures of other settings must not be mixed with these."""
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / "settings.json"
    if not path.is_file():
        path.write_text(json.dumps(settings))
    elif json.loads(path.read_text()) != settings:
        raise SystemExit(f"{keep} holds figures of other settings: choose another folder.")


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
