"""Commands that carry a detector to the line: export it, run it on a folder of images."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stdout
from defectstudio.cli.project import Folder, Json


def export(
    project: Folder,
    out: Annotated[Path, typer.Option(help="The new folder to write.")],
    run: Annotated[str | None, typer.Option("--run", help="Which run; the newest when not given.")] = None,
    int8: Annotated[
        bool, typer.Option("--int8", help="Also quantised for OpenVINO; refused when AP drops by more than 0.5 points.")
    ] = False,
    json: Json = False,
) -> None:
    """Write a detector as ONNX and OpenVINO with everything needed to run it without DefectStudio."""
    from defectstudio.app.bundle_export import export_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        bundle = run_job(export_job(opened, out, run=run, int8=int8), "Exporting")
    manifest = bundle.manifest
    if json:
        print_json({"bundle": str(out), "run": manifest.provenance.run, "files": manifest.files, "int8": manifest.int8})
        return
    rows = [(name, f"{(out / name).stat().st_size / 1e6:.1f} MB") for name in manifest.files]
    print_table(f"Run {manifest.provenance.run}, threshold {manifest.threshold:.3f}", ("file", "size"), rows)
    if manifest.int8 is not None:
        figures = manifest.int8
        stdout.print(
            f"int8 on {figures.images} held-out images: AP {100 * figures.ap_fp32:.2f} -> {100 * figures.ap_int8:.2f}, "
            f"{figures.called_otherwise} called otherwise."
        )
    stdout.print(f"Bundle: {out}", markup=False)
