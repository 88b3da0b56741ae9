"""What answers bring: from boxes to dense maps in four rounds of fifty answers of a simulated expert [SIM, section 4].

KolektorSDD, training folds: the true masks become boxes with a margin of 8 pixels (and, in a second row, a fifth of the
boxes is left out); what is measured is the dense map that `defectstudio refine --accept` would write, whose threshold
comes from the answers alone. `random`: the same number of answers about patches chosen at random.

`iou_before`, `recall_before` are those of the boxes. Boxes round all masks hold every defective pixel, so their recall
is 1 and can only fall; `recall_gain` therefore compares the dense maps after the last round with those of the network
that has seen the boxes alone, and `box_recall_gain` with the boxes. `random_...`: the same of answers at random.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from _common import run, say
from _projects import refining_project

from defectstudio.app.refinement_simulation import Simulation, SimulationSettings, simulate_job
from defectstudio.app.study import digest
from defectstudio.data.project import Project
from defectstudio.data.similarity import similarity_config
from defectstudio.data.whole import written_whole
from defectstudio.domain.progress import CancelToken

MARGIN = 8
QUICK = {"images": 24, "seeds": [0], "steps": 200, "pool": 8192}
WHOLE = {"images": None, "seeds": [0, 1, 2], "steps": 600, "pool": 24_576}


def roi_row(name: str, options: argparse.Namespace, *, missing: float) -> dict[str, Any]:
    """One row; what is simulated already lies in the folder `--work` and is not simulated again."""
    size = QUICK if options.quick else WHOLE
    most, seeds = size["images"], options.seeds or size["seeds"]
    folder = refining_project(options.source, "ksdd", options.work / f"ksdd-{most or 'all'}", most=most)
    found = {
        choose: [_simulated(folder, _settings(options, size, seed, missing, choose)) for seed in seeds]
        for choose in ("hardest", "random")
    }
    return {"name": name, **_row(found["hardest"], found["random"])}


def _settings(
    options: argparse.Namespace, size: dict[str, Any], seed: int, missing: float, choose: str
) -> SimulationSettings:
    return SimulationSettings.model_validate(
        {
            "start": {"kind": "roi", "margin": MARGIN, "missing": missing, "seed": seed},
            "error": options.error,
            "seed": seed,
            "choose": choose,
            "anchor": "random" if choose == "random" else "unsure",
            "dense_settings": {"scope": "everywhere" if missing else "boxes"},
            "config": similarity_config(steps=size["steps"], pool=size["pool"], threads=options.threads),
        }
    )


def _simulated(folder: Path, settings: SimulationSettings) -> Simulation:
    known = folder / "cache" / "benchmark" / f"{digest(settings.model_dump(mode='json'))}.json"
    if known.is_file():
        return Simulation.model_validate_json(known.read_bytes())
    label = f"{settings.choose}, seed {settings.seed}, {settings.start.missing:.0%} missing"
    with Project.open(folder, readonly=True) as project:
        job = simulate_job(project, settings, shared=project.cache_folder / "first-rounds")
        found = run(job(CancelToken()), label)
    with written_whole(known) as temporary:
        temporary.write_text(found.model_dump_json(indent=1), encoding="utf-8")
    say(f"{label}: IoU {found.started_iou:.3f} -> {found.rounds[-1].dense_iou:.3f}")
    return found


def _row(found: Sequence[Simulation], random: Sequence[Simulation]) -> dict[str, Any]:
    last = [simulation.rounds[-1] for simulation in found]
    before, after = _mean(s.started_iou for s in found), _mean(figures.dense_iou for figures in last)
    return {
        "images": found[0].images,
        "seeds": len(found),
        "answers": last[0].answers,
        "expert_minutes": _mean(s.expert_minutes for s in found),
        "iou_before": before,
        "iou_after": after,
        "iou_gain": round(after - before, 4),
        "recall_before": _mean(s.started_recall for s in found),
        "recall_after": _mean(figures.dense_recall for figures in last),
        "recall_gain": _mean(s.rounds[-1].dense_recall - s.rounds[0].dense_recall for s in found),
        "box_recall_gain": _mean(s.rounds[-1].dense_recall - s.started_recall for s in found),
        "random_iou_gain": _mean(s.rounds[-1].dense_iou - s.started_iou for s in random),
        "random_box_recall_gain": _mean(s.rounds[-1].dense_recall - s.started_recall for s in random),
        "curve": _curve(found),
        "random_curve": _curve(random),
        "seconds": _mean(figures.seconds for figures in last),
    }


def _curve(found: Sequence[Simulation]) -> list[dict[str, float]]:
    """IoU, recall and precision of the dense maps, round by round, over seeds."""
    rounds = zip(*(simulation.rounds for simulation in found), strict=True)
    return [
        {
            "answers": figures[0].answers,
            "iou": _mean(f.dense_iou for f in figures),
            "iou_deviation": _deviation([f.dense_iou for f in figures]),
            "recall": _mean(f.dense_recall for f in figures),
            "precision": _mean(f.dense_precision for f in figures),
            "flips": _mean(f.flips for f in figures),
        }
        for figures in rounds
    ]


def _mean(values: Any) -> float:
    return round(statistics.fmean(values), 4)


def _deviation(values: Sequence[float]) -> float:
    return round(statistics.stdev(values), 4) if len(values) > 1 else 0.0
