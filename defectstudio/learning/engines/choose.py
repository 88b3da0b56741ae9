"""Which engine: what is installed and fits the processor, then a short measurement, remembered for this machine."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from defectstudio.data.whole import written_whole
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.devices import has_amx
from defectstudio.learning.engines.base import Engine, EngineName, Kind, Mode, ModelSource, Precision, default_threads

PACKAGES: dict[EngineName, str] = {"torch": "torch", "onnx": "onnxruntime", "openvino": "openvino"}
NAMES: tuple[EngineName, ...] = ("torch", "onnx", "openvino")
PRECISIONS: tuple[Precision, ...] = ("fp32", "bf16", "int8")
REMEMBERED = "engines.json"
LEAST_RUNS, MOST_SECONDS = 2, 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine taken, and the milliseconds an image of each that was measured (empty: nothing to choose from)."""

    kind: Kind
    milliseconds: dict[str, float]


def available(source: ModelSource) -> list[Kind]:
    """The engines that can run here: installed, with what they need at hand, at precisions the hardware is fast at.

    bf16 needs a processor with AMX (or, for torch, a GPU that has it); int8 a quantised network.
    """
    kinds = []
    if source.load is not None:
        fast_bf16 = torch.cuda.is_bf16_supported() if torch.cuda.is_available() else has_amx()
        kinds += [Kind("torch", "fp32"), *([Kind("torch", "bf16")] if fast_bf16 else [])]
    if source.onnx is not None and installed("onnx"):
        kinds.append(Kind("onnx", "fp32"))
    if installed("openvino"):
        if source.onnx is not None or source.ir is not None:
            kinds += [Kind("openvino", "fp32"), *([Kind("openvino", "bf16")] if has_amx() else [])]
        if source.int8 is not None:
            kinds.append(Kind("openvino", "int8"))
    return kinds


def installed(name: EngineName) -> bool:
    """Whether the package of an engine is there, without importing it."""
    return importlib.util.find_spec(PACKAGES[name]) is not None


def fitting(source: ModelSource, engine: str = "auto", precision: str = "auto") -> list[Kind]:
    """The available engines of a name and precision ("auto": any). Raises DefectStudioError when there is none."""
    if engine not in ("auto", *NAMES) or precision not in ("auto", *PRECISIONS):
        known = f"Engines: auto, {', '.join(NAMES)}. Precisions: auto, {', '.join(PRECISIONS)}."
        raise DefectStudioError(f"There is no engine {engine} with precision {precision}.", hint=known)
    here = available(source)
    fit = [k for k in here if engine in ("auto", k.name) and precision in ("auto", k.precision)]
    if not fit:
        wanted = " ".join(part for part in (engine, precision) if part != "auto")
        hint = f"Here there are: {', '.join(map(str, here)) or 'none'}. {_reason(source, engine, precision)}".strip()
        raise DefectStudioError(f"The engine {wanted or 'auto'} cannot be had here.", hint=hint)
    return fit


def _reason(source: ModelSource, engine: str, precision: str) -> str:
    for name in NAMES:
        if engine == name and not installed(name):
            return f"Install it: pip install {PACKAGES[name]}."
    if engine == "torch" and source.load is None:
        return "A bundle holds no torch weights: use the project and --run instead."
    if precision == "bf16":
        return "bf16 needs a processor with AMX, elsewhere it is slower than fp32."
    if precision == "int8":
        return "An int8 network comes from `defectstudio export --int8` and runs with openvino."
    return ""


def open_engine(kind: Kind, source: ModelSource, *, threads: int | None = None, mode: Mode = "latency") -> Engine:
    """One engine of `available`, ready to run; `threads` as `default_threads` says when None."""
    count = threads or default_threads()
    if kind.name == "torch" and source.load is not None:
        from defectstudio.learning.engines.eager import TorchEngine

        return TorchEngine(source.load(), precision=kind.precision, threads=count)
    if kind.name == "onnx" and source.onnx is not None:
        from defectstudio.learning.engines.onnx_runtime import OnnxEngine

        return OnnxEngine(source.onnx, threads=count)
    path = source.int8 if kind.precision == "int8" else source.ir or source.onnx
    if kind.name == "openvino" and path is not None:
        from defectstudio.learning.engines.openvino_runtime import OpenVinoEngine

        return OpenVinoEngine(path, precision=kind.precision, threads=count, mode=mode)
    raise DefectStudioError(f"The engine {kind} cannot be had here.", hint=_reason(source, kind.name, kind.precision))


def choose(
    source: ModelSource,
    token: CancelToken,
    *,
    engine: str = "auto",
    precision: str = "auto",
    batch: int = 1,
    threads: int | None = None,
    mode: Mode = "latency",
    memory: Path | None = None,
) -> Job[Choice]:
    """The fastest of the fitting engines on batches of `batch`, measured for about a second each.

    `memory`: a folder whose `engines.json` remembers the answer for this machine; a folder that cannot be written is
    measured again each time. Raises DefectStudioError when nothing fits, Cancelled.
    """
    kinds = fitting(source, engine, precision)
    if len(kinds) == 1:
        return Choice(kinds[0], {})
    count = threads or default_threads()
    key = _key(kinds, batch, count, mode)
    known = {} if memory is None else _remembered(memory)
    times = known.get(key, {})
    if {str(kind) for kind in kinds} != times.keys():
        times = {}
        for done, kind in enumerate(kinds):
            token.check()
            yield Progress(done, len(kinds), f"Timing {kind}")
            times[str(kind)] = measure(open_engine(kind, source, threads=count, mode=mode), source, batch, token)
        if memory is not None:
            _remember(memory, {**known, key: times})
    return Choice(min(kinds, key=lambda kind: times[str(kind)]), dict(times))


def measure(engine: Engine, source: ModelSource, batch: int, token: CancelToken) -> float:
    """Median milliseconds an image, on noise, after one run that does not count."""
    images = np.random.default_rng(0).random((batch, source.channels, *source.size), np.float32)
    engine.run(images)
    times: list[float] = []
    while len(times) < LEAST_RUNS or (sum(times) < MOST_SECONDS and len(times) < 20):
        token.check()
        started = time.perf_counter()
        engine.run(images)
        times.append(time.perf_counter() - started)
    return round(float(np.median(times)) / batch * 1e3, 3)


def _key(kinds: Sequence[Kind], batch: int, threads: int, mode: Mode) -> str:
    """Names everything that decides the times: processor, GPU, package versions, batch, threads, mode."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    versions = [importlib.metadata.version(PACKAGES[name]) for name in sorted({kind.name for kind in kinds})]
    parts = (platform.machine(), cpu_name(), gpu, versions, [str(k) for k in kinds], batch, threads, mode)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def cpu_name() -> str:
    """The processor as the system names it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8", errors="replace").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor()


def _remembered(folder: Path) -> dict[str, dict[str, float]]:
    """What was measured before; a missing or damaged file only means that it is measured again."""
    try:
        read = json.loads((folder / REMEMBERED).read_text(encoding="utf-8"))
        return {str(key): {str(k): float(v) for k, v in times.items()} for key, times in read.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        log.warning("%s is not readable; engines are measured again.", folder / REMEMBERED)
        return {}


def _remember(folder: Path, known: dict[str, dict[str, float]]) -> None:
    try:
        with written_whole(folder / REMEMBERED, durable=False) as temporary:
            temporary.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    except DefectStudioError as error:
        log.info("The choice of engine is not remembered: %s", error)
