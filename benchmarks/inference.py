"""Engines side by side: images per second, latency, agreement with eager torch, and what they cost in AP.

Every round runs every engine once, so that a busy machine slows all alike; figures are medians over the rounds, ratios
are to torch fp32 in the same run. `segdec` (paper) has random weights at 232 x 640; `fast` has untrained heads there,
at 240 x 640, because its sides are multiples of 16. AP is that of `fast` at its usual size, trained on two folds of
KolektorSDD with five masks, on the third fold; int8 is calibrated on 64 of the training images.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from _common import chosen_masks, close, pixel_ap, read_set, run, say

from defectstudio.data.predictions import Scored
from defectstudio.data.runs import default_config
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.metrics import average_precision
from defectstudio.domain.progress import CancelToken
from defectstudio.learning.engines.base import Engine, Floats, Mode, ModelSource, default_threads
from defectstudio.learning.engines.choose import available, open_engine
from defectstudio.learning.export import source_of, write_int8, write_ir, write_onnx
from defectstudio.learning.inputs import read_input
from defectstudio.learning.model import TrainedModel, build
from defectstudio.learning.trainers.mixed import fit

REFERENCE = "torch fp32"
COPIES = ("kos26", "kos34")
SIZES = {"segdec": (640, 232), "fast": (640, 240)}


def exported(model: TrainedModel, folder: Path, calibration: Snapshot) -> ModelSource:
    """Every form of a network that an engine runs."""
    folder.mkdir()
    onnx, ir, int8 = folder / "model.onnx", folder / "model.xml", folder / "int8.xml"
    write_onnx(model, onnx)
    write_ir(onnx, ir)
    run(write_int8(onnx, int8, calibration, model, CancelToken()), "int8")
    return replace(source_of(lambda: model, model, onnx), ir=ir, int8=int8)


def untrained(net: str) -> TrainedModel:
    """A network at the size of the comparison."""
    height, width = SIZES[net]
    more = {"strides": (4, 8, 16), "stride": 8} if net == "fast" else {}
    config = default_config(net, height=height, width=width, channels=3, **more)
    return TrainedModel(config, build(config).eval())


def engines_of(source: ModelSource, modes: tuple[Mode, ...]) -> dict[str, Engine]:
    """Every engine that runs here, by name; OpenVINO in each of the modes."""
    made = {}
    for kind in available(source):
        for mode in modes if kind.name == "openvino" else modes[:1]:
            made[str(kind) + (f" {mode}" if mode != modes[0] else "")] = open_engine(kind, source, mode=mode)
    return made


def timed(engines: dict[str, Engine], images: Floats, rounds: int) -> dict[str, list[float]]:
    """Seconds of each engine in each round, after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(rounds + 1):
        for name, engine in engines.items():
            started = time.perf_counter()
            engine.run(images)
            if number:
                times[name].append(time.perf_counter() - started)
    return times


def speed_rows(net: str, source: ModelSource, images: Floats, rounds: int) -> list[dict[str, Any]]:
    """Speed and agreement of every engine on one batch."""
    batch = len(images)
    engines = engines_of(source, ("latency", "throughput") if batch > 1 else ("latency",))
    expected = engines[REFERENCE].run(images)
    times = timed(engines, images, rounds)
    reference = float(np.median(times[REFERENCE]))
    rows = []
    for name, engine in engines.items():
        answer = engine.run(images)
        p50, p95 = np.percentile(times[name], (50, 95))
        row = {
            "net": net,
            "size": f"{source.size[1]} x {source.size[0]}",
            "engine": name,
            "batch": batch,
            "images_per_s": round(batch / float(p50), 2),
            "latency_p50_ms": round(1e3 * float(p50), 1),
            "latency_p95_ms": round(1e3 * float(p95), 1),
            "ratio": round(reference / float(p50), 2),
            "max_heat_difference": float(np.abs(answer[0] - expected[0]).max()),
            "max_score_difference": float(np.abs(answer[1] - expected[1]).max()),
        }
        say(f"{net} {name} batch {batch}: {row['images_per_s']} images/s, ratio {row['ratio']}")
        rows.append(row)
    return rows


def trained(data: Snapshot, cache: Path) -> TrainedModel:
    """`fast` with five masks, on all folds but the first."""
    training = chosen_masks(data.where(lambda image: image.split != "fold0"), 5, seed=0)
    config = default_config("fast", height=1408, width=512, threads=default_threads())
    return run(fit(config, training, CancelToken(), cache=cache), "training")


def ap_rows(model: TrainedModel, source: ModelSource, test: Snapshot) -> list[dict[str, Any]]:
    """AP of every engine on the images that trained nothing."""
    engines = engines_of(source, ("latency",))
    found: dict[str, list[Scored]] = {name: [] for name in engines}
    heat_difference = dict.fromkeys(engines, 0.0)
    for number, image in enumerate(test.images):
        pixels = read_input(test, image, model.config).numpy()[None]
        answers = {name: engine.run(pixels) for name, engine in engines.items()}
        for name, (heat, score) in answers.items():
            found[name].append(Scored(image.id, float(score[0]), heat[0, 0].astype(np.float16)))
            change = float(np.abs(heat - answers[REFERENCE][0]).max())
            heat_difference[name] = max(heat_difference[name], change)
        if number % 20 == 0:
            say(f"AP: {number} of {len(test.images)}")
    truth = [image.defective for image in test.images]
    scores = {name: np.array([row.score for row in rows]) for name, rows in found.items()}
    exact, pixel = scores[REFERENCE], {name: pixel_ap(test, rows) for name, rows in found.items()}
    reference = average_precision(truth, exact)
    return [
        {
            "net": "fast",
            "set": "KolektorSDD, fold0",
            "size": f"{source.size[1]} x {source.size[0]}",
            "engine": name,
            "images": len(truth),
            "ap": round(100 * average_precision(truth, score), 3),
            "ap_change": round(100 * (average_precision(truth, score) - reference), 3),
            "pixel_ap": round(100 * pixel[name], 3),
            "pixel_ap_change": round(100 * (pixel[name] - pixel[REFERENCE]), 3),
            "called_otherwise": int(((score >= model.threshold) != (exact >= model.threshold)).sum()),
            "max_heat_difference": heat_difference[name],
            "max_score_difference": float(np.abs(score - exact).max()),
        }
        for name, score in scores.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--source", type=Path, required=True, help="the folder with KolektorSDD (images, masks, split.csv)"
    )
    parser.add_argument("--rounds", type=int, default=15, help="rounds with one image; a third with sixteen")
    options = parser.parse_args()
    data = read_set(options.source, "split.csv", "item")[0].where(lambda image: image.group not in COPIES)
    rng = np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for net in SIZES:
            model = untrained(net)
            # Untrained: eight images are enough to quantise for speed.
            source = exported(model, folder / net, data.where(lambda image: image.id <= 8))
            for batch, rounds in ((1, options.rounds), (16, max(3, options.rounds // 3))):
                images = rng.random((batch, source.channels, *source.size), np.float32)
                rows += speed_rows(net, source, images, rounds)
        model = trained(data, folder / "cache")
        source = exported(model, folder / "trained", data.where(lambda image: image.split != "fold0"))
        rows += ap_rows(model, source, data.split("fold0"))
    close("inference", rows)


if __name__ == "__main__":
    main()
