"""Looks a machine over: CPU, memory, GPUs and their driver, disk, screen, versions; then tries out every device."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from defectstudio.app.diagnosis import Disk, Facts, Finding, Screen, can_train, diagnose
from defectstudio.data.project import is_local
from defectstudio.domain.progress import CancelToken, Job, Progress
from defectstudio.learning.hardware import Driver

PACKAGES = (
    "defectstudio",
    "torch",
    "lightning-fabric",
    "numpy",
    "h5py",
    "PySide6-Essentials",
    "onnxruntime",
    "openvino",
)
FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_int8", "asimd")
LIBRARIES = {"GL": "libGL", "EGL": "libEGL", "xkbcommon": "libxkbcommon", "fontconfig": "libfontconfig"}
NVIDIA = "0x10de"
TRIAL_BYTES = 32 * 2**20
GB = 1e9


def examine(folder: Path) -> Callable[[CancelToken], Job[tuple[Facts, list[Finding], bool]]]:
    """A job that returns the facts, what they mean, and whether training can work. `folder`: where projects live."""

    def job(token: CancelToken) -> Job[tuple[Facts, list[Finding], bool]]:
        yield Progress(0, 0, "Looking at the computer")
        from defectstudio.learning.doctor import torch_facts, trials

        torch, driver, disk = torch_facts(), driver_facts(), disk_facts(folder)
        tried = yield from trials(torch, token)
        total, free = memory_gb()
        facts = Facts(
            system=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
            cpu=cpu_name(),
            cores=os.cpu_count() or 1,
            flags=cpu_flags(),
            memory_gb=total,
            free_memory_gb=free,
            torch=torch,
            driver=driver,
            trials=tuple(tried),
            disk=disk,
            screen=screen_facts(),
            versions={package: found for package in PACKAGES if (found := _version(package))},
        )
        return facts, diagnose(facts), can_train(facts)

    return job


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _proc(name: str) -> str:
    """A file under /proc; empty where there is none."""
    path = Path("/proc") / name
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def cpu_name() -> str:
    """The processor's name as the system knows it."""
    named = [line.partition(":")[2].strip() for line in _proc("cpuinfo").splitlines() if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def cpu_flags() -> tuple[str, ...]:
    """Which of the instruction sets that matter the CPU has; empty where the system does not say."""
    lines = [line for line in _proc("cpuinfo").splitlines() if line.startswith(("flags", "Features"))]
    have = set(lines[0].split()) if lines else set()
    return tuple(flag for flag in FLAGS if flag in have)


def memory_gb() -> tuple[float, float]:
    """All memory and what is free of it, in GB (10^9 bytes)."""
    values = {line.partition(":")[0]: line.split()[1] for line in _proc("meminfo").splitlines() if line}
    if "MemTotal" in values:
        kib = (int(values["MemTotal"]), int(values.get("MemAvailable", values["MemTotal"])))
        return round(1024 * kib[0] / GB, 1), round(1024 * kib[1] / GB, 1)
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        total = round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GB, 1)
        return total, total
    return _windows_memory()


def _windows_memory() -> tuple[float, float]:
    """The same on Windows, from GlobalMemoryStatusEx."""
    import ctypes

    names = ("total", "free", "page_total", "page_free", "virtual_total", "virtual_free", "extended")

    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in names),
        ]

    status = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return round(status.total / GB, 1), round(status.free / GB, 1)


def driver_facts() -> Driver:
    """NVIDIA GPUs and their driver as the system sees them."""
    ran, said, error = _nvidia_smi()
    rows = [[cell.strip() for cell in line.split(",")] for line in said.splitlines() if "," in line]
    files = sorted(Path("/dev").glob("nvidia*")) if sys.platform.startswith("linux") else []
    devices = [path for path in files if path.is_char_device()]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return Driver(
        cards=_cards(),
        smi=ran,
        smi_error=error,
        version=rows[0][1] if rows else "",
        gpus=tuple(row[0] for row in rows),
        denied=tuple(str(path) for path in devices if not os.access(path, os.R_OK | os.W_OK)),
        missing_files=sys.platform.startswith("linux") and bool(rows) and not any(p.name == "nvidia0" for p in devices),
        hidden=visible is not None and visible.strip() in {"", "-1"},
    )


def _cards() -> int:
    """NVIDIA display or compute cards on the PCI bus (class 0x03...)."""
    found = 0
    for vendor in Path("/sys/bus/pci/devices").glob("*/vendor"):
        kind = vendor.with_name("class")
        found += vendor.read_text().strip() == NVIDIA and kind.is_file() and kind.read_text().startswith("0x03")
    return found


def _nvidia_smi() -> tuple[bool, str, str]:
    """Whether nvidia-smi is there, what it prints (name, driver version), and its error."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return False, "", ""
    command = [program, "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return True, "", str(error)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        return True, "", lines[0].rstrip(".") if lines else f"exit code {done.returncode}"
    return True, done.stdout, ""


def disk_facts(folder: Path) -> Disk:
    """Free space of a folder, and how fast 32 MB get onto its disk."""
    folder = folder.resolve()
    there = next((path for path in (folder, *folder.parents) if path.is_dir()), folder)
    trial = there / f".defectstudio-{uuid.uuid4().hex[:8]}.part"
    try:
        free = shutil.disk_usage(there).free / GB
        begun = time.perf_counter()
        with trial.open("wb") as file:
            file.write(os.urandom(TRIAL_BYTES))
            file.flush()
            os.fsync(file.fileno())
        seconds = time.perf_counter() - begun
    except OSError as error:
        return Disk(str(folder), error=error.strerror or str(error))
    finally:
        trial.unlink(missing_ok=True)
    return Disk(str(folder), round(free, 1), round(TRIAL_BYTES / 2**20 / seconds, 1), is_local(there))


def screen_facts() -> Screen:
    """Qt and the platform that it will take; the libraries are those that Linux systems often lack."""
    qt = _version("PySide6-Essentials")
    if not sys.platform.startswith("linux"):
        return Screen(qt, "windows" if sys.platform == "win32" else "cocoa")
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    chosen = wanted or ("wayland" if wayland else "xcb" if x11 else "")
    libraries = LIBRARIES | ({"xcb-cursor": "libxcb-cursor"} if chosen == "xcb" else {})
    missing = () if getattr(sys, "frozen", False) else tuple(n for k, n in libraries.items() if not find_library(k))
    return Screen(qt, chosen, missing)


def find_library(name: str) -> str | None:
    """Where the system has a shared library."""
    return ctypes.util.find_library(name)
