"""From facts about a machine to what a person should know: what is used and why, what is wrong, and the way out.

Pure functions: everything that was looked up is in `Facts`, so every broken machine can be a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from defectstudio.learning.hardware import Driver, Gpu, Torch, Trial

Severity = Literal["ok", "note", "warning", "error"]
# The oldest driver branch that runs programs built for a CUDA release (NVIDIA, minor version compatibility).
OLDEST_DRIVER = {11: 450, 12: 525, 13: 580}
LEAST_MEMORY_GB, LEAST_FREE_GB, SLOW_DISK_MB_S = 3.0, 2.0, 20.0
DEVICES = {"cpu": "the CPU", "mps": "the Apple GPU"}


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder of a project: free space in GB, and how fast a file was written and brought to disk; or the error."""

    folder: str
    free_gb: float = 0.0
    write_mb_s: float = 0.0
    local: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """What the window needs: Qt's version, its platform ("" where there is no screen), missing libraries."""

    qt: str
    platform: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was found out; memory in GB. `flags`: of the CPU, those that matter."""

    system: str
    cpu: str
    cores: int
    flags: tuple[str, ...]
    memory_gb: float
    free_memory_gb: float
    torch: Torch
    driver: Driver
    trials: tuple[Trial, ...]
    disk: Disk
    screen: Screen
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, how bad it is, and what to do about it."""

    severity: Severity
    text: str
    hint: str = ""


def can_train(facts: Facts) -> bool:
    """Whether some device made a training step of the default network, and the folder can be written."""
    return not facts.disk.error and any(trial.net == "fast" and not trial.error for trial in facts.trials)


def diagnose(facts: Facts) -> list[Finding]:
    """What is used and why, then what is wrong, worst first."""
    found = [*used(facts), *gpu(facts), *cpu(facts), *failed(facts), *disk(facts.disk), *screen(facts.screen)]
    order = ("ok", "error", "warning", "note")
    return sorted(found, key=lambda finding: order.index(finding.severity))


def used(facts: Facts) -> Iterator[Finding]:
    """The device that training takes, its precision, and the reason."""
    working = [trial for trial in facts.trials if not trial.error]
    if not facts.trials or not working:
        return
    first = facts.trials[0]
    if first.error:
        yield Finding(
            "warning",
            f"Training would take {device_name(first.device, facts.torch)}, where a training step failed.",
            "Set CUDA_VISIBLE_DEVICES to nothing to train on the CPU until that is mended.",
        )
        return
    speed = ", ".join(
        f"{t.net} {t.step_ms / t.batch:.0f} ms an image, predicting {t.predict_ms:.0f} ms"
        for t in working
        if t.device == first.device
    )
    where = device_name(first.device, facts.torch)
    yield Finding("ok", f"Training uses {where} in {words(first.precision)}: {reason(first, facts)} ({speed}).")


def device_name(device: str, torch: Torch) -> str:
    """`cuda:0` -> "the GPU NVIDIA H200"."""
    kind, _, number = device.partition(":")
    if kind == "cuda" and int(number or 0) < len(torch.gpus):
        return f"the GPU {torch.gpus[int(number or 0)].name}"
    return DEVICES.get(kind, device)


def words(precision: str) -> str:
    return "bfloat16" if precision == "bf16" else "32 bit"


def reason(trial: Trial, facts: Facts) -> str:
    """Why the precision was chosen."""
    if trial.device.startswith("cuda"):
        return "it has bfloat16" if trial.precision == "bf16" else "it has no bfloat16 of its own"
    if trial.device == "mps":
        return "bfloat16 is not tried there"
    if trial.precision == "bf16":
        return "it multiplies bfloat16 matrices in hardware (AMX)"
    return "it has no AMX, without which bfloat16 is many times slower"


def gpu(facts: Facts) -> Iterator[Finding]:
    """What keeps an NVIDIA GPU from being used, the first reason first."""
    driver, torch = facts.driver, facts.torch
    if torch.available:
        yield from (finding for one in torch.gpus for finding in unsupported(one, torch))
        return
    name = driver.gpus[0] if driver.gpus else "an NVIDIA GPU"
    if not driver.cards and not driver.gpus and not driver.smi:
        if not torch.mps:
            yield Finding("note", "There is no GPU that torch can use; the CPU does all the work.")
        return
    yield driver_problem(driver, torch, name) or Finding(
        "warning",
        f"torch does not get at {name}: {torch.error or 'it gives no reason'}.",
        "Restart the computer; when that does not help, install the driver and torch anew.",
    )


def driver_problem(driver: Driver, torch: Torch, name: str) -> Finding | None:
    """The first known reason why a GPU that is there is not used; None where none fits."""
    said = driver.smi_error.lower()
    if driver.cards and not driver.smi:
        text = "There is an NVIDIA GPU, but no driver for it."
        return Finding("warning", text, "Install NVIDIA's driver from the system's packages, then restart.")
    if "mismatch" in said:
        text = "The NVIDIA driver was updated while it was running: its parts no longer fit together."
        return Finding("warning", text, "Restart the computer.")
    if driver.smi_error:
        text = f"The NVIDIA driver does not answer: {driver.smi_error}."
        hint = "Restart the computer; after a kernel update the driver may have to be installed anew."
        return Finding("warning", text, hint)
    if not torch.cuda:
        text = f"The computer has {name}, but the torch that is installed is a CPU build and cannot use it."
        return Finding("warning", text, f"Install torch {torch.version.partition('+')[0]} built for CUDA.")
    return hindrance(driver, torch, name)


def hindrance(driver: Driver, torch: Torch, name: str) -> Finding | None:
    """Why a CUDA build of torch and a driver that answers do not come together."""
    oldest = OLDEST_DRIVER.get(_number(torch.cuda), 0)
    if driver.version and _number(driver.version) < oldest:
        text = f"The NVIDIA driver {driver.version} is too old for this torch, which was built for CUDA {torch.cuda}."
        return Finding("warning", text, f"Install driver {oldest} or newer, or a torch built for an older CUDA.")
    if driver.hidden:
        text = f"CUDA_VISIBLE_DEVICES hides {name}."
        return Finding("warning", text, "Unset that variable, or set it to 0.")
    if driver.denied:
        text = f"This user may not open {', '.join(driver.denied)}, so {name} cannot be used."
        return Finding(
            "warning", text, "Join the group that owns these files (often video or render), then log in anew."
        )
    if driver.missing_files:
        text = f"The driver is there, but not the device files (/dev/nvidia0) of {name}."
        return Finding("warning", text, "In a container: start it with the GPU. Else run nvidia-modprobe, or restart.")
    return None


def _number(version: str) -> int:
    """The number before the first dot, 0 where there is none."""
    first = version.partition(".")[0]
    return int(first) if first.isdigit() else 0


def unsupported(one: Gpu, torch: Torch) -> Iterator[Finding]:
    """A GPU that this build of torch has no kernels for: too old, or newer than torch."""
    built = sorted(int(name.removeprefix("sm_").rstrip("af")) for name in torch.architectures if name.startswith("sm_"))
    mine = 10 * one.capability[0] + one.capability[1]
    ahead = any(name.startswith("compute_") for name in torch.architectures)
    if not built or any(kernel // 10 == mine // 10 and kernel <= mine for kernel in built):
        return
    if mine < built[0]:
        text = f"{one.name} (capability {_dotted(one)}) is too old for this torch."
        yield Finding("warning", text, "Use an older torch, or train on the CPU (set CUDA_VISIBLE_DEVICES to nothing).")
    elif not ahead:
        text = f"{one.name} (capability {_dotted(one)}) is newer than this torch knows."
        yield Finding("warning", text, "Install a newer torch.")


def _dotted(one: Gpu) -> str:
    return f"{one.capability[0]}.{one.capability[1]}"


def cpu(facts: Facts) -> Iterator[Finding]:
    """Too little of a computer to train on, GPU or not."""
    if facts.flags and "avx2" not in facts.flags:
        yield Finding("warning", "This CPU has no AVX2: training on it takes several times longer.")
    if facts.cores < 2:
        yield Finding("warning", "There is one CPU core: the window will stutter while a detector trains.")
    if facts.free_memory_gb < LEAST_MEMORY_GB:
        text = f"Only {facts.free_memory_gb:.1f} of {facts.memory_gb:.0f} GB memory are free."
        yield Finding("warning", text, "Close other programs, or train with a smaller batch.")


def failed(facts: Facts) -> Iterator[Finding]:
    """Training steps that broke off."""
    for trial in facts.trials:
        if not trial.error:
            continue
        where = device_name(trial.device, facts.torch)
        severity: Severity = "error" if trial.device == "cpu" else "warning"
        if trial.out_of_memory:
            hint = "Close other programs that use it, or train with a smaller batch (--set batch=1)."
            yield Finding(severity, f"Memory was not enough for a training step of {trial.net} on {where}.", hint)
        else:
            hint = "Report this with the output of `defectstudio doctor --json`."
            yield Finding(severity, f"A training step of {trial.net} on {where} failed: {trial.error}.", hint)


def disk(place: Disk) -> Iterator[Finding]:
    """Whether projects can live there."""
    if place.error:
        text = f"The folder {place.folder} cannot be written: {place.error}."
        yield Finding("error", text, "Choose another folder, or check its permissions.")
        return
    if place.free_gb < LEAST_FREE_GB:
        text = f"Only {place.free_gb:.1f} GB are free where {place.folder} lies."
        yield Finding("warning", text, "A project keeps images, runs and cached features there: free some space.")
    if place.write_mb_s < SLOW_DISK_MB_S:
        yield Finding("warning", f"Writing to {place.folder} is slow: {place.write_mb_s:.0f} MB/s.")
    if not place.local:
        text = f"{place.folder} lies on a network share: labelling works, with a slower and safer journal."
        yield Finding("note", text, "A local disk is faster.")


def screen(seen: Screen) -> Iterator[Finding]:
    """Whether the window can open; the commands work without."""
    if seen.missing:
        text = f"The window needs system libraries that are missing: {', '.join(seen.missing)}."
        yield Finding("warning", text, "On Debian: sudo apt-get install libgl1 libegl1 libxkbcommon0 libxcb-cursor0.")
    elif not seen.platform:
        yield Finding("note", "There is no screen here: use the commands, or open the project on another computer.")
