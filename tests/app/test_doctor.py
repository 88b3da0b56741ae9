"""The doctor: every kind of broken machine as facts, what is said of it, and the facts of this machine."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from defectstudio.app import doctor
from defectstudio.app.diagnosis import Disk, Facts, Finding, Screen, can_train, diagnose
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.hardware import Driver, Gpu, Torch, Trial

CPU_TRIALS = tuple(Trial("cpu", net, (640, 256), 1, "32", 400.0, 200.0) for net in ("fast", "segdec"))
CPU_ONLY = Facts(
    system="Linux",
    cpu="A processor",
    cores=4,
    flags=("avx2",),
    memory_gb=16.0,
    free_memory_gb=12.0,
    torch=Torch("2.13.0+cpu"),
    driver=Driver(),
    trials=CPU_TRIALS,
    disk=Disk("/projects", 100.0, 400.0),
    screen=Screen("6.11.3", "xcb"),
)
CARD = Driver(cards=1, smi=True, version="580.65.06", gpus=("NVIDIA RTX A2000",))
CUDA = Torch("2.13.0+cu130", cuda="13.0")
GPU = Gpu("NVIDIA RTX A2000", (8, 6), 12.0, 11.0, bf16=True)
WORKING = replace(CUDA, available=True, gpus=(GPU,), architectures=("sm_75", "sm_80", "sm_90"), precision="bf16")
GPU_TRIALS = tuple(Trial("cuda:0", net, (640, 256), 1, "bf16", 20.0, 5.0) for net in ("fast", "segdec"))


def with_gpu(driver: Driver = CARD, torch: Torch = CUDA, **changes: object) -> Facts:
    return replace(CPU_ONLY, driver=driver, torch=torch, **changes)  # type: ignore[arg-type]


def said(facts: Facts, severity: str = "warning") -> list[Finding]:
    return [finding for finding in diagnose(facts) if finding.severity == severity]


def test_a_plain_computer_trains_on_its_cpu_and_says_why() -> None:
    (ok,) = said(CPU_ONLY, "ok")
    assert "the CPU in 32 bit" in ok.text
    assert "no AMX" in ok.text
    assert "400 ms an image" in ok.text
    assert said(CPU_ONLY) == said(CPU_ONLY, "error") == []
    assert "no GPU" in said(CPU_ONLY, "note")[0].text
    assert can_train(CPU_ONLY)


def test_with_amx_bfloat16_is_used_and_named() -> None:
    trials = tuple(replace(trial, precision="bf16") for trial in CPU_TRIALS)
    (ok,) = said(replace(CPU_ONLY, flags=("avx2", "amx_bf16"), trials=trials), "ok")
    assert "bfloat16: it multiplies bfloat16 matrices in hardware" in ok.text


def test_a_working_gpu_is_named_and_nothing_is_wrong() -> None:
    facts = with_gpu(torch=WORKING, trials=(*GPU_TRIALS, *CPU_TRIALS))
    (ok,) = diagnose(facts)
    assert "the GPU NVIDIA RTX A2000 in bfloat16: it has bfloat16" in ok.text


BROKEN: dict[str, tuple[Facts, str, str]] = {
    "a CPU build of torch beside a GPU": (
        with_gpu(torch=Torch("2.13.0+cpu")),
        "CPU build and cannot use it",
        "torch 2.13.0 built for CUDA",
    ),
    "a card without a driver": (with_gpu(Driver(cards=1)), "no driver for it", "Install"),
    "a driver older than CUDA asks for": (
        with_gpu(replace(CARD, version="470.223.02")),
        "470.223.02 is too old",
        "driver 580 or newer",
    ),
    "a driver that does not answer": (
        with_gpu(Driver(1, True, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver")),
        "does not answer",
        "kernel update",
    ),
    "a driver that was updated while it ran": (
        with_gpu(Driver(1, True, "Failed to initialize NVML: Driver/library version mismatch")),
        "updated while it was running",
        "Restart",
    ),
    "device files that may not be opened": (
        with_gpu(replace(CARD, denied=("/dev/nvidia0", "/dev/nvidiactl"))),
        "may not open /dev/nvidia0, /dev/nvidiactl",
        "group",
    ),
    "device files that are missing": (with_gpu(replace(CARD, missing_files=True)), "device files", "container"),
    "a variable that hides the GPU": (with_gpu(replace(CARD, hidden=True)), "hides", "Unset"),
    "something else": (
        with_gpu(torch=replace(CUDA, error="CUDA unknown error")),
        "does not get at NVIDIA RTX A2000: CUDA unknown error",
        "Restart",
    ),
    "a GPU older than torch": (
        with_gpu(torch=replace(WORKING, gpus=(replace(GPU, capability=(5, 2)),)), trials=CPU_TRIALS),
        "capability 5.2) is too old",
        "older torch",
    ),
    "a GPU newer than torch": (
        with_gpu(torch=replace(WORKING, gpus=(replace(GPU, capability=(12, 0)),)), trials=CPU_TRIALS),
        "newer than this torch",
        "newer torch",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_gpu_is_explained_and_does_not_keep_the_cpu_from_training(case: str) -> None:
    facts, text, hint = BROKEN[case]
    (finding,) = said(facts)
    assert text in finding.text
    assert hint in finding.hint
    assert can_train(facts)


def test_a_full_gpu_is_told_from_a_broken_one() -> None:
    full = tuple(replace(t, error="CUDA out of memory", out_of_memory=True) for t in GPU_TRIALS)
    facts = with_gpu(torch=WORKING, trials=(*full, *CPU_TRIALS))
    texts = [f"{finding.text} {finding.hint}" for finding in said(facts)]
    assert any("Training would take the GPU NVIDIA RTX A2000" in text for text in texts)
    assert sum("Memory was not enough" in text and "smaller batch" in text for text in texts) == 2
    assert said(facts, "ok") == []
    broken = tuple(replace(trial, error="no kernel image") for trial in GPU_TRIALS)
    assert any(
        "failed: no kernel image" in f.text for f in said(with_gpu(torch=WORKING, trials=(*broken, *CPU_TRIALS)))
    )


def test_without_a_training_step_or_a_writable_folder_training_cannot_work() -> None:
    failed = replace(CPU_ONLY, trials=tuple(replace(trial, error="illegal instruction") for trial in CPU_TRIALS))
    assert not can_train(failed)
    assert len(said(failed, "error")) == 2
    unwritable = replace(CPU_ONLY, disk=Disk("/projects", error="Read-only file system"))
    assert not can_train(unwritable)
    assert "Read-only" in said(unwritable, "error")[0].text


@pytest.mark.parametrize(
    ("changes", "severity", "says"),
    [
        ({"flags": ("sse4_2",)}, "warning", "AVX2"),
        ({"cores": 1}, "warning", "one CPU core"),
        ({"free_memory_gb": 1.5}, "warning", "1.5 of 16 GB"),
        ({"disk": Disk("/p", 0.5, 400.0)}, "warning", "0.5 GB are free"),
        ({"disk": Disk("/p", 50.0, 3.0)}, "warning", "slow: 3 MB/s"),
        ({"disk": Disk("/p", 50.0, 300.0, local=False)}, "note", "network share"),
        ({"screen": Screen("6.11.3", "")}, "note", "no screen"),
        ({"screen": Screen("6.11.3", "xcb", ("libxcb-cursor",))}, "warning", "libxcb-cursor"),
    ],
)
def test_small_computers_are_told_what_to_expect(changes: dict[str, object], severity: str, says: str) -> None:
    facts = replace(CPU_ONLY, **changes)  # type: ignore[arg-type]
    assert any(says in finding.text for finding in said(facts, severity))
    assert can_train(facts)


def test_the_worst_finding_comes_right_after_what_is_used() -> None:
    facts = replace(BROKEN["a card without a driver"][0], disk=Disk("/p", error="full"), screen=Screen("6", ""))
    assert [finding.severity for finding in diagnose(facts)] == ["ok", "error", "warning", "note"]


def program(folder: Path, text: str) -> None:
    path = folder / "nvidia-smi"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_nvidia_smi_is_read_and_its_failure_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert not doctor.driver_facts().smi
    program(tmp_path, "echo 'NVIDIA H200, 580.65.06'")
    found = doctor.driver_facts()
    assert (found.gpus, found.version, found.smi_error, found.hidden) == (("NVIDIA H200",), "580.65.06", "", False)
    program(tmp_path, "echo 'Failed to initialize NVML: Unknown Error.'; exit 9")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    found = doctor.driver_facts()
    assert (found.gpus, found.smi_error, found.hidden) == ((), "Failed to initialize NVML: Unknown Error", True)


def test_the_disk_is_measured_by_writing_and_left_as_it_was(tmp_path: Path) -> None:
    found = doctor.disk_facts(tmp_path / "not" / "yet")
    assert found.free_gb > 0
    assert found.write_mb_s > 0
    assert list(tmp_path.iterdir()) == []
    assert doctor.disk_facts(Path("/proc")).error


def small_trials(monkeypatch: pytest.MonkeyPatch, *nets: str) -> None:
    """Trials on 64 x 64 pixels with one thread, of these networks alone where some are named."""
    from defectstudio.learning import doctor as learning_doctor

    trials = {net: config for net, config in learning_doctor.TRIALS.items() if not nets or net in nets}
    monkeypatch.setattr(learning_doctor, "SIZE", (64, 64))
    monkeypatch.setattr(learning_doctor, "TRIALS", trials)
    monkeypatch.setattr(learning_doctor, "default_threads", lambda: 1)


def test_this_machine_makes_a_real_step_with_both_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_trials(monkeypatch)
    facts, findings, fit = finish(doctor.examine(tmp_path)(CancelToken()))
    assert fit
    assert findings[0].severity == "ok"
    on_cpu = [trial for trial in facts.trials if trial.device == "cpu"]
    assert [trial.net for trial in on_cpu] == ["fast", "segdec"]
    assert all(trial.step_ms > 0 and trial.predict_ms > 0 and not trial.error for trial in on_cpu)
    assert facts.versions["torch"] == facts.torch.version
    assert 0 < facts.free_memory_gb <= facts.memory_gb


def test_a_device_that_fails_is_a_trial_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from defectstudio.learning import doctor as learning_doctor

    def broken(*_: object) -> tuple[float, float]:
        raise RuntimeError("no kernel image is available\nmore")

    def full(*_: object) -> tuple[float, float]:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    monkeypatch.setattr(learning_doctor, "_timed", broken)
    trial = learning_doctor.attempt("cpu", "fast", (64, 64))
    assert (trial.error, trial.out_of_memory) == ("no kernel image is available", False)
    monkeypatch.setattr(learning_doctor, "_timed", full)
    assert learning_doctor.attempt("cpu", "segdec", (64, 64)).out_of_memory


def test_the_command_says_it_in_words_and_as_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from defectstudio.cli.main import run

    small_trials(monkeypatch, "fast")
    assert run(["doctor", str(tmp_path)]) == 0
    assert "Training can work here." in capsys.readouterr().out
    monkeypatch.setattr(doctor, "disk_facts", lambda folder: Disk(str(folder), error="Read-only file system"))
    assert run(["doctor", str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["can_train"] is False
    assert found["findings"][1]["severity"] == "error"
    assert found["facts"]["torch"]["version"]
