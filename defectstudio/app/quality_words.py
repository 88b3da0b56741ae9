"""The facts of a report in the words and order in which a quality manager reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from defectstudio.app.document import (
    Chart,
    Charts,
    Curve,
    Document,
    Heading,
    Paragraph,
    Part,
    Picture,
    Pictures,
    Signatures,
    Table,
)
from defectstudio.app.evaluation import Evaluation
from defectstudio.app.quality import Measure, Operating, Quality, Sampled
from defectstudio.domain.metrics import precision_recall

ROLES = ("Made by", "Checked by", "Released by")
MOST_CONTESTED = 12
CAME = {
    "validation": "on the split val",
    "folds": "on training images as models see them that did not learn from them",
    "training": "on the training images",
    "none": "by default",
}


def _when(moment: str) -> str:
    """A moment as recorded (ISO 8601, UTC) as a reader writes it."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"


def quality_document(quality: Quality, sample: Sampled, pictures: Sequence[Picture]) -> Document:
    """The whole report; `sample` are the images that the figures are of, `pictures` the worst of them first."""
    title = f"{quality.project}: run {quality.run.id}"
    parts: list[Part] = [Heading(title, 1), Paragraph(_about(quality), soft=True)]
    parts += [Heading("In short"), *_short(quality)]
    parts += [Heading("Figures"), _figures_table(quality.figures), Paragraph(_threshold_note(quality), soft=True)]
    parts += [_class_table(quality.figures)] if any(part.classes for part in quality.figures.splits) else []
    parts += [Heading("Escapes against over-rejects"), *_operating(quality, sample)]
    parts += [Heading("Data"), *_data(quality)]
    parts += [Heading("Model"), *_model(quality)]
    parts += [Heading("Runs, before and after"), _rounds(quality)]
    parts += [Heading("Changes since the last approved run"), *_changes(quality)]
    parts += [Heading("Agreement of labels"), *_agreement(quality)]
    if pictures:
        parts.append(Heading(f"Images of {quality.split or 'the project'}, worst first"))
        parts += [Paragraph(_legend(quality), soft=True), Pictures(tuple(pictures))]
    parts += [Heading("Release"), Signatures(ROLES, f"SHA-256 {quality.digest}")]
    return Document(title, tuple(parts))


def percent(measure: Measure) -> str:
    """A figure with its interval: "98.5 % (96.0 to 99.7)"."""
    if measure.value is None:
        return "not defined"
    text = f"{100 * measure.value:.1f} %"
    if measure.low is None or measure.high is None:
        return text
    return f"{text} ({100 * measure.low:.1f} to {100 * measure.high:.1f})"


def _about(quality: Quality) -> str:
    record = quality.run
    masks = "tags only" if not record.segmented else f"{len(record.segmented)} masks"
    return (
        f"Network {record.config.net}, {masks}, {len(record.images)} training images, seed {record.config.seed}, "
        f"{record.seconds:.0f} s on {record.device}; labels as of event {record.event}, made {_when(record.created)}."
    )


def _short(quality: Quality) -> list[Part]:
    split = f"the split {quality.split}" if quality.split else "the project"
    warned = (
        "" if quality.held_out else " Some of these images trained the run, so the figures flatter it: hold images out."
    )
    rows = (
        ("Average precision (AP)", percent(quality.ap)),
        ("Defective parts that escape", percent(quality.at_threshold.escape)),
        ("Good parts that are rejected", percent(quality.at_threshold.over_reject)),
        ("Approval", quality.approval or "not approved"),
    )
    note = f"On {split}, at the run's threshold {quality.run.threshold:.3f}; 95 % intervals by drawing whole groups."
    return [Table(("", "value"), rows), Paragraph(note + warned, soft=True)]


def _figures_table(evaluation: Evaluation) -> Table:
    heads = ("split", "images", "defective", "AP", "AUC", "best F1", "F1", "CA", "mAcc", "FP", "FN", "pixel AP", "IoU")
    names = ("images", "defective", "ap", "auc", "best_f1", "f1", "ca", "macc", "fp", "fn", "pixel_ap", "iou")
    rows = tuple((part.split or "(none)", *(getattr(part, name) for name in names)) for part in evaluation.splits)
    return Table(heads, rows)


def _class_table(evaluation: Evaluation) -> Table:
    rows = tuple(
        (f"{part.split or '(none)'}: {name}", figures.images, figures.ap, figures.iou)
        for part in evaluation.splits
        for name, figures in part.classes.items()
    )
    return Table(("class", "images", "AP", "IoU"), rows)


def _threshold_note(quality: Quality) -> str:
    return (
        f"FP, FN, CA, mAcc and F1 hold at threshold {quality.run.threshold:.3f}, chosen "
        f"{CAME[quality.run.threshold_from]}, never on test images. Pixel figures count known pixels only."
    )


def _operating(quality: Quality, sample: Sampled) -> list[Part]:
    named = (("as set", quality.at_threshold), (f"cheapest (escape = {quality.escape_cost:g})", quality.cheapest))
    rows = tuple((name, *_operating_row(one)) for name, one in named)
    escapes = tuple((escape, reject) for _, escape, reject in quality.curve)
    charts = []
    if escapes:
        ends = ((0.0, 1.0), *escapes, (1.0, 0.0))
        alt = (
            f"As set, {percent(quality.at_threshold.escape)} of the defective parts escape and "
            f"{percent(quality.at_threshold.over_reject)} of the good ones are rejected."
        )
        curve = Curve("every threshold", tuple(dict.fromkeys(ends)))
        charts.append(Chart("Escapes against over-rejects", "escapes", "over-rejects", (curve,), alt))
    if sample.truth.any() and not sample.truth.all():
        charts.append(_precision_recall(quality, sample))
    note = (
        "Cost: errors for a hundred images as they came, an over-reject counted 1. The cheapest threshold was found on "
        "the very images that it is shown for, so it is a hint and not a promise; the run's own was not."
    )
    table = Table(("threshold", "value", "escape", "over-reject", "cost"), rows)
    return [table, *([Charts(tuple(charts))] if charts else []), Paragraph(note, soft=True)]


def _operating_row(one: Operating) -> tuple[object, ...]:
    return one.threshold, percent(one.escape), percent(one.over_reject), round(one.cost, 2)


def _precision_recall(quality: Quality, sample: Sampled) -> Chart:
    found = precision_recall(sample.truth, sample.score)
    points = ((0.0, float(found.precision[0])), *zip(found.recall.tolist(), found.precision.tolist(), strict=True))
    alt = f"AP {percent(quality.ap)}."
    return Chart("Precision against recall", "recall", "precision", (Curve("all thresholds", tuple(points)),), alt)


def _data(quality: Quality) -> list[Part]:
    rows = tuple((s.split or "(none)", s.good, s.defective, s.segmented, s.unreviewed) for s in quality.splits)
    labels = quality.labels
    origins = sorted({*labels.tags, *labels.masks})
    counted = tuple((origin, labels.tags.get(origin, 0), labels.masks.get(origin, 0)) for origin in origins)
    spent = ", ".join(f"{author} {seconds / 3600:.1f} h" for author, seconds in labels.seconds.items()) or "none"
    left = sum(split.unreviewed for split in quality.splits)
    text = (
        f"{left} images are unreviewed and count as nothing. {labels.gestures} steps of work; time of work by author, "
        f"pauses over five minutes left out: {spent}. Journal at event {labels.event}, digest {labels.digest}."
    )
    return [
        Table(("split", "good", "defective", "with mask", "unreviewed"), rows),
        Table(("labels by origin", "tags", "edits of masks"), counted),
        Paragraph(text, soft=True),
    ]


def _model(quality: Quality) -> list[Part]:
    record = quality.run
    settings = {name: value for name, value in record.config.model_dump(mode="json").items() if value is not None}
    rows: list[tuple[object, ...]] = [
        ("run", record.id),
        ("weights, SHA-256", quality.weights or "not recorded"),
        ("classes", ", ".join(record.classes)),
        ("device, precision", f"{record.device}, {record.precision}"),
        *((f"version of {name}", version) for name, version in sorted(record.versions.items())),
        *((f"setting {name}", str(value)) for name, value in settings.items()),
    ]
    return [Table(("", "value"), tuple(rows))]


def _rounds(quality: Quality) -> Table:
    rows = tuple((r.run, _when(r.created), r.masks, r.ap, r.pixel_ap, r.approval) for r in quality.rounds)
    return Table(("run", "made", "masks", "AP", "pixel AP", "approval"), rows)


def _changes(quality: Quality) -> list[Part]:
    said = f"Since the labels that run {quality.since} saw:"
    if not quality.since:
        said = "No other run was approved before; what follows is everything since the project was made."
    return [Paragraph(said), _changed(quality)]


def _changed(quality: Quality) -> Part:
    return Table(("kind of event", "count"), tuple(quality.changes.items()))


def _agreement(quality: Quality) -> list[Part]:
    found = quality.agreement
    if not found.rated and not found.contested:
        return [Paragraph("Nothing was labelled twice, so nothing can be said of it.")]
    rows = tuple((r.kind, r.by, r.count, r.share, r.kappa, r.iou) for r in found.rated)
    contested = tuple((c.kind, " = ".join(c.names), " / ".join(c.versions)) for c in found.contested[:MOST_CONTESTED])
    parts: list[Part] = [Table(("what", "by", "rated twice", "equal", "kappa", "mean IoU"), rows)]
    if contested:
        said = f"{len(found.contested)} are contested; the {len(contested)} widest apart:"
        parts += [Paragraph(said), Table(("what", "image", "versions"), contested)]
    return parts


def _legend(quality: Quality) -> str:
    return (
        "Left or above: the image, the drawn mask outlined in green. Right or below: what the run sees, brighter is "
        f"surer. An orange frame marks a wrong call at threshold {quality.run.threshold:.3f}."
    )
