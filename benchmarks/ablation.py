"""The ablation of Bozic et al. 2021 (Table 4) on KolektorSDD at reduced size: does each switch act as published?

Lines of the table under full, mixed (a quarter of the masks) and weak supervision, for each seed and fold, with the
published settings but fewer epochs, a smaller input, and with masks a tenth of the learning rate: with the published
one half of the lines do not learn at all at this size. The jobs are a study, so the same call goes on where it was
stopped (`--out`). kos26 and kos34 are copies of kos01 and kos27 and are dropped.

The last JSON line has one row a line of the table (AP in percent beside the published one) and one row for each pair of
lines that differ in one switch: the measured and the published change in AP, whether they have one direction, and
whether the change is larger than the deviation over seeds. At full size the paper's own changes are mostly below 0.5.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from _common import close, read_set, run, say

from defectstudio.app.study import Study, StudyPlan, labels_digest, make_job, make_plan
from defectstudio.app.study_ablation import NAMES, SUPERVISION, TABLE_4, TABLE_4_WEAK, ablation_grid, label
from defectstudio.app.study_grid import masks, settings_of
from defectstudio.app.study_runner import local_pool, run_study
from defectstudio.app.study_table import StudyTable, write_tables
from defectstudio.app.study_train import TrainFigures, fit_and_score
from defectstudio.app.study_worker import Place
from defectstudio.app.workflows import choose_segmented
from defectstudio.data.presets import preset_config
from defectstudio.data.snapshot import Pixels, Snapshot, SnapshotImage
from defectstudio.domain.progress import CancelToken, Job

FOLDS = ("fold0", "fold1", "fold2")
COPIES = ("kos26", "kos34")
JOB = "ablation:train_line"
# AP on KolektorSDD, Table 4, in the order of TABLE_4 and TABLE_4_WEAK.
PUBLISHED = {
    "full": (99.77, 100.00, 99.88, 99.88, 99.75, 100.00),
    "mixed": (99.06, 99.81, 99.10, 99.40, 99.16, 99.10),
    "weak": (93.43, 93.16),
}


def kolektorsdd(source: Path) -> Snapshot:
    """The images without the copies; pixels are decoded once and kept (250 MB)."""
    data, rows = read_set(source, "split.csv", "item")
    decode = data.read

    @cache
    def kept(image: SnapshotImage) -> Pixels:
        return decode(image)

    return replace(data.where(lambda image: rows[image.id]["item"] not in COPIES), read=kept)


def train_line(values: dict[str, Any], place: Place, token: CancelToken) -> Job[TrainFigures]:
    """One job: a line of the table, a fold, a seed. `place.project` is the folder of the set."""
    setting, held_out = dict(values["setting"]), values["held_out"]
    data = kolektorsdd(place.project)
    training, test = data.where(lambda i: i.split != held_out), data.split(held_out)
    there = sum(image.defective and image.segmented for image in training.images)
    wanted = masks(setting.pop("segmented"), there)
    setting |= {"seed": values["seed"], "threads": place.threads}
    config = preset_config(setting.pop("preset"), segmented=wanted, **setting)
    training = choose_segmented(training, wanted, config.seed)
    return (yield from fit_and_score(config, training, test, place, token))


def plan_of(options: argparse.Namespace, labels: str) -> StudyPlan:
    """Lines x folds x seeds, seeds outermost, so that a run that is stopped early has whole repeats."""
    base = {"preset": "ksdd", "epochs": options.epochs, "height": options.size[0], "width": options.size[1]}
    settings = settings_of(ablation_grid(base, supervision=options.supervision))
    settings = {name: one if one["segmented"] == 0 else one | {"lr": options.lr} for name, one in settings.items()}
    jobs = [
        make_job(JOB, labels, name, seed, fold, {"setting": setting, "held_out": fold, "seed": seed})
        for seed in options.seeds
        for fold in options.folds
        for name, setting in settings.items()
    ]
    return make_plan("ablation", JOB, labels, jobs)


def published() -> dict[str, float]:
    """The paper's AP of each line, in percent."""
    lines = {"full": TABLE_4, "mixed": TABLE_4, "weak": TABLE_4_WEAK}
    return {label(kind, on): ap for kind in SUPERVISION for on, ap in zip(lines[kind], PUBLISHED[kind], strict=True)}


def line_rows(table: StudyTable) -> Iterator[dict[str, Any]]:
    """One row a line of the table."""
    paper = published()
    for row in table.rows:
        ap = row.figures.get("ap")
        if ap is None:
            yield {"line": row.setting, "failed": row.failed, "done": row.done}
            continue
        yield {
            "line": row.setting,
            "ap_mean": round(100 * ap.mean, 2),
            "ap_std": None if ap.deviation is None else round(100 * ap.deviation, 2),
            "seeds": ap.repeats,
            "published_ap": paper[row.setting],
            "fp": round(row.figures["fp"].mean, 1),
            "fn": round(row.figures["fn"].mean, 1),
            "train_s": round(row.figures["train_seconds"].mean, 1),
        }


def switch_rows(lines: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row for each pair of lines that differ in one switch alone."""
    for kind, table in (("full", TABLE_4), ("mixed", TABLE_4), ("weak", TABLE_4_WEAK)):
        for without in table:
            for number, name in enumerate(NAMES):
                on = (*without[:number], True, *without[number + 1 :])
                pair = [lines.get(label(kind, line), {}) for line in (without, on)]  # type: ignore[arg-type]
                if without[number] or on not in table or not all("ap_mean" in line for line in pair):
                    continue
                measured = pair[1]["ap_mean"] - pair[0]["ap_mean"]
                paper = pair[1]["published_ap"] - pair[0]["published_ap"]
                noise = [line["ap_std"] for line in pair if line["ap_std"] is not None]
                yield {
                    "switch": name,
                    "from": label(kind, without),
                    "measured_change": round(measured, 2),
                    "published_change": round(paper, 2),
                    "same_direction": measured * paper > 0,
                    "larger_than_noise": abs(measured) > max(noise) if len(noise) == 2 else None,
                }


@contextmanager
def folder_of(out: Path | None) -> Iterator[Path]:
    if out is not None:
        yield out
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="keeps the rows, so that a stopped run goes on (default: temporary)")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--size", nargs=2, type=int, default=[352, 128], metavar=("HEIGHT", "WIDTH"))
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    parser.add_argument("--folds", nargs="+", default=["fold0"], choices=FOLDS)
    parser.add_argument("--supervision", nargs="+", default=list(SUPERVISION), choices=list(SUPERVISION))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--quick", action="store_true", help="one epoch at 64 x 64, weak supervision: does it run?")
    options = parser.parse_args()
    if options.quick:
        options.epochs, options.size, options.seeds, options.supervision = 1, [64, 64], [0], ["weak"]
    return options


def main() -> None:
    options = arguments()
    plan = plan_of(options, labels_digest(kolektorsdd(options.source)))
    pool = local_pool(options.workers, options.threads)
    with folder_of(options.out) as folder:
        study = Study.start(folder / plan.name, plan, TrainFigures)
        say(
            f"{len(study.pending())} of {len(plan.jobs)} jobs are to do, {pool.width} at a time, {pool.threads} threads"
        )
        run(run_study(study, pool, CancelToken(), project=options.source, cache=folder / "cache"), "ablation")
        table = write_tables(study)
        for error, count in table.errors.items():
            say(f"{count} failed: {error}")
    lines = list(line_rows(table))
    about = {name: getattr(options, name) for name in ("epochs", "lr", "size", "folds", "seeds")}
    close("ablation", [about, *lines, *switch_rows({line["line"]: line for line in lines})])


if __name__ == "__main__":
    main()
