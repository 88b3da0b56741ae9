"""Commands about detectors: train, predict, evaluate, report."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectstudio.cli.output import print_json, print_table, run_job, stderr, stdout
from defectstudio.cli.project import Folder, Json
from defectstudio.data.presets import PRESETS
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.hardware import is_first

if TYPE_CHECKING:
    from defectstudio.app.box_evaluation import BoxFigures
    from defectstudio.app.evaluation import Evaluation
    from defectstudio.app.workflows import Choice
    from defectstudio.data.runs import BoxSettings, RunRecord, TrainConfig

Run = Annotated[str | None, typer.Option("--run", help="Which run; the newest when not given.")]
Splits = Annotated[list[str], typer.Option("--split", help="A split to train on; may be given several times.")]
Net = Annotated[str, typer.Option(help="fast (pretrained trunk) or segdec (the paper's network).")]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
Settings = Annotated[list[str], typer.Option("--set", help="Any other training setting, as name=value.")]
TRAIN = ["train"]
NONE: list[str] = []


def _config(
    net: str,
    seed: int,
    epochs: int | None,
    settings: list[str],
    preset: str | None = None,
    segmented: int | None = None,
) -> TrainConfig:
    """A training configuration from options."""
    from defectstudio.data.presets import preset_config
    from defectstudio.data.runs import default_config

    changes = {"seed": seed} | ({} if epochs is None else {"epochs": epochs}) | _values(settings)
    if preset is not None:
        return preset_config(preset, segmented=segmented, **changes)
    return default_config(net, **changes)


def _values(settings: list[str]) -> dict[str, Any]:
    """Values of --set and --box-set by name, read as JSON where they are, else as text."""
    import json

    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise DefectStudioError(f"--set {setting} has no value.", hint="Write --set name=value.")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    return values


def _boxes(wanted: bool, settings: list[str], seed: int) -> BoxSettings | None:
    """How the detector of boxes is trained; None where none is wanted."""
    from defectstudio.data.runs import box_settings

    return box_settings(**{"seed": seed, **_values(settings)}) if wanted or settings else None


def _join(project: Path, config: TrainConfig, how: Choice) -> None:
    """One of the further processes of a training: it works beside the first, and leaves all the talking to it."""
    import signal

    from defectstudio.app.workflows import join_job
    from defectstudio.data.project import Project
    from defectstudio.learning.together import PeerLost

    token = CancelToken()
    signal.signal(signal.SIGINT, lambda number, frame: token.cancel())
    with Project.open(project, readonly=True) as opened:
        try:
            finish(join_job(opened, config, **asdict(how))(token))
        except (Cancelled, PeerLost):
            return  # the first process says why
        except DefectStudioError as error:
            # With another exit code the first process would be killed before it can keep what was learnt.
            stderr.print(str(error), markup=False)


def _check_resumption(resumes: bool, batch: int | None, processes: int, boxes: BoxSettings | None) -> None:
    """Refuse what does not go with --resume, or only with it."""
    if batch is not None and not resumes:
        raise DefectStudioError("--batch is for --resume.", hint="Use --set batch=N for a new training.")
    if processes > 1 and resumes:
        raise DefectStudioError("A run is resumed on one device.", hint="Leave --devices and --nodes away.")
    if boxes is not None and resumes:
        raise DefectStudioError("A run is resumed as it was begun.", hint="Leave --detector and --box-set away.")


def train(
    project: Folder,
    net: Net = "fast",
    segmented: Annotated[
        int | None, typer.Option(help="How many masks to use, drawn by seed: 0 tags only; all when not given.")
    ] = None,
    masks_of: Annotated[
        str | None, typer.Option(help="Use the masks of a published list instead (`info` names the lists).")
    ] = None,
    seed: Seed = 0,
    epochs: Annotated[int | None, typer.Option(help="Epochs of the heads.")] = None,
    preset: Annotated[
        str | None,
        typer.Option(help=f"Settings by name (the paper's, and ours), instead of --net: {', '.join(PRESETS)}."),
    ] = None,
    split: Splits = TRAIN,
    set_: Settings = NONE,
    resume: Annotated[
        str | None, typer.Option(help="Go on with this unfinished run instead, with its own settings.")
    ] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="With --resume: a smaller batch, to save memory.")] = None,
    devices: Annotated[int, typer.Option(min=1, help="GPUs that share each batch; CPU processes where none is.")] = 1,
    nodes: Annotated[int, typer.Option(min=1, help="Computers that train together: run the same command on each.")] = 1,
    detector: Annotated[bool, typer.Option("--detector", help="Then train a detector of boxes on its trunk.")] = False,
    box_set: Annotated[
        list[str], typer.Option("--box-set", help="A setting of the detector of boxes, as name=value.")
    ] = NONE,
    json: Json = False,
) -> None:
    """Train a detector on tags and on the masks there are; predict and evaluate every image."""
    from defectstudio.app import workflows
    from defectstudio.app.box_evaluation import BoxFigures, box_evaluation_job
    from defectstudio.app.projects import open_session

    config = _config(net, seed, epochs, set_, preset, segmented)
    boxes = _boxes(detector, box_set, seed)
    _check_resumption(resume is not None, batch, devices * nodes, boxes)
    how = workflows.Choice(segmented, masks_of, tuple(split), devices, nodes)
    if devices * nodes > 1 and not is_first():
        _join(project, config, how)
        return
    session = open_session(project)
    try:
        if resume is not None:
            job = workflows.resume_job(session.project, resume, batch=batch)
        else:
            job = workflows.train_job(session.project, config, **asdict(how), boxes=boxes)
        record = run_job(job, "Training")
        workflows.record_run(session, record)
        evaluation, found = None, list[BoxFigures]()
        measured = workflows.is_measured(session.project, record)
        if measured:
            evaluation = run_job(workflows.evaluation_job(session.project, record.id), "Comparing")
            found = run_job(box_evaluation_job(session.project, record.id), "Finding boxes") if record.boxes else []
    finally:
        session.project.close()
    _say_run(record, measured, evaluation, found, json)


def _say_run(
    record: RunRecord, measured: bool, evaluation: Evaluation | None, boxes: list[BoxFigures], json: bool
) -> None:
    """What a training has come to; one that has no predictions yet says how to go on, and ends with 130."""
    if not measured:
        if json:
            print_json({"run": record.id, "status": record.status})
        elif record.status == "stopped":
            stdout.print(f"Stopped; `defectstudio train PROJECT --resume {record.id}` goes on with it.")
        else:
            stdout.print(f"Run {record.id} is trained; `defectstudio predict` makes the predictions that are missing.")
        raise typer.Exit(130)
    if json:
        facts = {"run": record.id, "status": record.status, "seconds": record.seconds, "evaluation": evaluation}
        print_json(facts | ({"boxes": boxes} if boxes else {}))
        return
    stdout.print(f"Run {record.id}: {record.seconds:.0f} s, threshold {record.threshold:.3f}")
    if evaluation is not None:
        _show(evaluation)
        _show_boxes(boxes)


FIGURES = {
    "images": "images",
    "defective": "defective",
    "AP": "ap",
    "AUC": "auc",
    "best F1": "best_f1",
    "F1 at threshold": "f1",
    "accuracy (CA)": "ca",
    "mAcc": "macc",
    "false positives": "fp",
    "false negatives": "fn",
    "pixel AP": "pixel_ap",
    "pixel IoU": "iou",
}


def _show(evaluation: Evaluation) -> None:
    """One column a split, so that any number of figures fits a narrow terminal."""
    parts = evaluation.splits
    rows = [(title, *(getattr(part, name) for part in parts)) for title, name in FIGURES.items()]
    title = f"{evaluation.run}, threshold {evaluation.threshold:.3f}"
    print_table(title, ("", *(part.split or "(no split)" for part in parts)), rows)
    names = sorted({name for part in parts for name in part.classes})
    if names:
        empty = ("", "", "")
        found = {
            (name, part.split): tuple(part.classes[name].model_dump().values()) if name in part.classes else empty
            for name in names
            for part in parts
        }
        heads = ("class", "split", "images", "AP", "pixel IoU")
        print_table("Classes", heads, [(name, split or "(no split)", *row) for (name, split), row in found.items()])
    unreviewed = sum(part.unreviewed for part in parts)
    if unreviewed:
        stdout.print(f"{unreviewed} images without a tag are not counted: unreviewed is not good.")


def _show_boxes(rows: list[BoxFigures]) -> None:
    """Boxes of the detector beside those of the heat maps: mAP at IoU 0.5, by class, precision and recall at 0.5."""
    if not rows:
        return
    names = sorted({name for row in rows for name in row.ap})
    said = {"boxes": "detector", "cells": "heat maps"}
    heads = [f"{row.split or '(no split)'}{' (seen)' if row.seen else ''}: {said[row.head]}" for row in rows]
    figures: dict[str, list[Any]] = {
        "images": [row.images for row in rows],
        "mAP": [row.map for row in rows],
        **{f"AP {name}": [row.ap.get(name) for row in rows] for name in names},
        "precision": [row.precision for row in rows],
        "recall": [row.recall for row in rows],
        "FP in 100 good": [row.fp_per_100_good for row in rows],
    }
    title = "Boxes at IoU 0.5; precision, recall and FP from confidence 0.5"
    print_table(title, ("", *heads), [(name, *values) for name, values in figures.items()])


def predict(
    project: Annotated[
        Path | None, typer.Argument(help="The project folder; not needed with --bundle.", show_default=False)
    ] = None,
    run: Run = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the scores to this CSV file; with --folder: a new folder.")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Predict the images in this folder instead.")] = None,
    bundle: Annotated[Path | None, typer.Option(help="With --folder: an exported detector instead of a run.")] = None,
    engine: Annotated[str, typer.Option(help="With --folder: auto (measured), torch, onnx or openvino.")] = "auto",
    precision: Annotated[str, typer.Option(help="With --folder: auto, fp32, bf16 or int8.")] = "auto",
    heat: Annotated[bool, typer.Option("--heat", help="With --folder: heat maps as PNG, 0..255.")] = False,
    masks: Annotated[bool, typer.Option("--masks", help="With --folder: masks as PNG, 0 or 255.")] = False,
    batch: Annotated[int, typer.Option(min=1, help="With --folder: images at a time.")] = 4,
    resume: Annotated[bool, typer.Option("--resume", help="With --folder: skip what is done in --out.")] = False,
    json: Json = False,
) -> None:
    """Score every image of the project, or of any folder, with a run or an exported detector."""
    if folder is not None:
        from defectstudio.app.prediction_settings import FolderOptions
        from defectstudio.cli.deploy import predict_folder

        options = FolderOptions(engine, precision, heat=heat, masks=masks, batch=batch, resume=resume)
        predict_folder(folder, out, project, run, bundle, options, json=json)
        return
    if project is None or bundle is not None:
        hint = "Name a project, or give --folder and --out."
        raise DefectStudioError("There is nothing to predict.", hint=hint)
    _predict_project(project, run, out, json=json)


def _predict_project(project: Path, run: str | None, out: Path | None, *, json: bool) -> None:
    from defectstudio.app import export, workflows
    from defectstudio.data.project import Project

    with Project.open(project) as opened:
        name = workflows.run_folder(opened, run).name
        found = run_job(workflows.predict_job(opened, run), "Predicting")
        rows = export.score_rows(opened, name, found)
    if out is not None:
        export.write_csv(out, rows)
    if json:
        print_json({"run": name, "images": rows})
        return
    heads = ("image", "split", "tag", "P(defect)", "called")
    print_table(f"{len(rows)} images, highest score first", heads, [tuple(row.values()) for row in rows[:20]])
    if out is not None:
        stdout.print(f"All scores: {out}", markup=False)


def evaluate(project: Folder, run: Run = None, json: Json = False) -> None:
    """Figures of a run against the labels as they are now, split by split."""
    from defectstudio.app import workflows
    from defectstudio.app.box_evaluation import box_evaluation_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        evaluation = run_job(workflows.evaluation_job(opened, run), "Comparing")
        boxes = run_job(box_evaluation_job(opened, run), "Finding boxes")
    if json:
        print_json(evaluation.model_dump(mode="json") | ({"boxes": boxes} if boxes else {}))
    else:
        _show(evaluation)
        _show_boxes(boxes)


def report(
    project: Folder,
    run: Run = None,
    out: Annotated[
        Path | None, typer.Option(help="A .html, .pdf or .json file; a page beside the run when not given.")
    ] = None,
    escape_cost: Annotated[
        float, typer.Option(help="What a defective part that escapes costs; a rejected good part costs 1.")
    ] = 10.0,
    json: Json = False,
) -> None:
    """The report to sign, as one HTML page, PDF or JSON: data, model, figures with intervals, worst images."""
    from defectstudio.app.report import report_job
    from defectstudio.data.project import Project

    with Project.open(project, readonly=True) as opened:
        path = run_job(report_job(opened, run, out, escape_cost=escape_cost), "Writing the report")
    if json:
        print_json({"report": str(path)})
    else:
        stdout.print(f"Report: {path}", markup=False)
