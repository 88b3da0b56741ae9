"""Commands that carry a detector to the line: export it, run it on a folder of images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stderr, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.domain.errors import DefectStudioError

if TYPE_CHECKING:
    from defectstudio.app.folder_prediction import FolderResult
    from defectstudio.app.prediction_settings import FolderOptions


def export(
    project: Folder,
    out: Annotated[Path, typer.Option(help="The new folder to write.")],
    run: Annotated[
        str | None, typer.Option("--run", help="Which approved run; the deployed one when not given.")
    ] = None,
    int8: Annotated[
        bool, typer.Option("--int8", help="Also quantised for OpenVINO; refused when AP drops by more than 0.5 points.")
    ] = False,
    json: Json = False,
) -> None:
    """Write an approved detector as ONNX and OpenVINO with everything needed to run it without DefectStudio."""
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
    if manifest.approval is not None:
        stdout.print(f"Approved by {manifest.approval.who} on {manifest.approval.when[:10]}.", markup=False)
    stdout.print(f"Bundle: {out}", markup=False)


def predict_folder(
    images: Path,
    out: Path | None,
    project: Path | None,
    run: str | None,
    bundle: Path | None,
    options: FolderOptions,
    *,
    json: bool,
) -> None:
    """`defectstudio predict --folder`: exit code 1 when a file could not be predicted, after all others were."""
    from defectstudio.app.detectors import detector_of_bundle, detector_of_run
    from defectstudio.app.folder_prediction import predict_folder_job
    from defectstudio.data.project import Project

    if out is None:
        raise DefectStudioError("--folder needs --out.", hint="Name a new folder for the results.")
    if (bundle is None) == (project is None) or (bundle is not None and run is not None):
        hint = "Either a project, with --run for another run than the newest, or --bundle."
        raise DefectStudioError("Which detector is not clear.", hint=hint)
    if bundle is not None:
        make = detector_of_bundle(bundle)
    else:
        assert project is not None
        with Project.open(project, readonly=True) as opened:
            make = detector_of_run(opened, run, engine=options.engine)
    result = run_job(predict_folder_job(images, out, make, options), "Predicting")
    for problem in result.problems:
        stderr.print(f"{problem.problem} {problem.hint}".strip(), markup=False)
    if json:
        print_json(result)
    else:
        _show(result)
    if result.problems:
        raise typer.Exit(1)


def _show(result: FolderResult) -> None:
    done = f"{result.predicted} images predicted" + (f", {result.kept} were done before" if result.kept else "")
    stdout.print(f"{done}; {result.defective} called defective at threshold {result.threshold:.3f}.")
    stdout.print(f"Engine {result.engine}, detector {result.detector}.", markup=False)
    if result.problems:
        stdout.print(f"{len(result.problems)} files could not be predicted: problems.csv lists them.")
    stdout.print(f"Results: {result.out}", markup=False)
