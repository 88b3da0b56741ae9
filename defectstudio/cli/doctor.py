"""`defectstudio doctor`: can a detector be trained here, on what, how fast, and what is in the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Json

if TYPE_CHECKING:
    from defectstudio.app.diagnosis import Facts, Finding

MARKS = {"ok": "+", "note": "-", "warning": "!", "error": "x"}


def doctor(
    folder: Annotated[
        Path, typer.Argument(help="A project, or the folder where projects live.", show_default=False)
    ] = Path(),
    json: Json = False,
) -> None:
    """Try out CPU, GPUs, disk and screen with real work; exit code 0 when training can work."""
    from dataclasses import asdict

    from defectstudio.app.doctor import examine

    facts, findings, fit = run_job(examine(folder), "Looking")
    if json:
        print_json({"can_train": fit, "findings": [asdict(f) for f in findings], "facts": asdict(facts)})
    else:
        _show(facts, findings, fit)
    if not fit:
        raise typer.Exit(1)


def _show(facts: Facts, findings: list[Finding], fit: bool) -> None:
    stdout.print(
        f"{facts.system}; {facts.cpu}, {facts.cores} cores ({', '.join(facts.flags) or 'plain'})", markup=False
    )
    stdout.print(f"{facts.memory_gb:.1f} GB memory, {facts.free_memory_gb:.1f} free", markup=False)
    stdout.print(f"torch {facts.torch.version}, {_built(facts)}", markup=False)
    for gpu in facts.torch.gpus:
        capability = ".".join(map(str, gpu.capability))
        text = f"GPU {gpu.name}: {gpu.memory_gb:.0f} GB, {gpu.free_gb:.0f} free, capability {capability}"
        stdout.print(f"{text}, driver {facts.driver.version or 'unknown'}", markup=False)
    if not facts.disk.error:
        disk = f"{facts.disk.folder}: {facts.disk.free_gb:.0f} GB free, writes {facts.disk.write_mb_s:.0f} MB/s"
        stdout.print(disk, markup=False)
    heads = ("device", "network", "precision", "batch", "training step ms", "one prediction ms")
    rows = [
        (t.device, t.net, t.precision, t.batch, f"{t.step_ms:.0f}", f"{t.predict_ms:.0f}")
        for t in facts.trials
        if not t.error
    ]
    if rows:
        print_table(f"Tried on {facts.trials[0].size[0]} x {facts.trials[0].size[1]} pixels", heads, rows)
    for finding in findings:
        stdout.print(f"{MARKS[finding.severity]} {finding.text} {finding.hint}".rstrip(), markup=False)
    stdout.print("Training can work here." if fit else "Training cannot work here yet.")


def _built(facts: Facts) -> str:
    return f"built for CUDA {facts.torch.cuda}" if facts.torch.cuda else "a CPU build"
