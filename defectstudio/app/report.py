"""One self-contained HTML page on a run: figures, precision-recall curves, and the images it is most wrong about."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from defectstudio.app import workflows
from defectstudio.app.evaluation import Evaluation, evaluate_job
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import PREDICTIONS, RunRecord, read_run
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.data.whole import written_whole
from defectstudio.domain.display import Rgb, as_rgb, with_heat, with_outline
from defectstudio.domain.geometry import fit_within
from defectstudio.domain.labels import HEALTHY, UNKNOWN
from defectstudio.domain.metrics import precision_recall
from defectstudio.domain.progress import CancelToken, Job, Progress

MOST_PICTURES = 24
PICTURE_SIDE = 360
MASK_COLOR = "#009E73"

_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem} h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right}
th:first-child,td:first-child{text-align:left} thead th{border-bottom-width:2px}
.soft{opacity:.75} .curves{display:flex;flex-wrap:wrap;gap:1.5rem}
figure{margin:0} figcaption{font-size:.85rem;margin-top:.3rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:1rem}
.grid figure{border:1px solid var(--line);border-radius:8px;padding:.6rem;background:var(--soft)}
.pair{display:flex;gap:.4rem;align-items:flex-start} .pair img{width:50%;border-radius:4px}
.pair.wide{flex-direction:column} .pair.wide img{width:100%}
.wrong{border-color:#D55E00!important} svg text{fill:currentColor;font-size:11px}
"""


@dataclass(frozen=True, slots=True)
class _Facts:
    """All that the page tells."""

    project: str
    record: RunRecord
    evaluation: Evaluation
    snapshot: Snapshot
    predictions: Predictions


def report_job(project: Project, run: str | None = None, out: Path | None = None) -> Callable[[CancelToken], Job[Path]]:
    """Write the page of a run, by default `runs/<id>/report.html`; returns its path."""
    folder = workflows.run_folder(project, run)
    snapshot, record = project.snapshot(), read_run(folder)
    stored = Predictions(folder / PREDICTIONS)
    target, name = out or folder / "report.html", project.folder.name

    def job(token: CancelToken) -> Job[Path]:
        cut = record.metrics.get("pixel_threshold", workflows.DEFAULT_PIXEL_THRESHOLD)
        evaluation = yield from evaluate_job(record.id, record.threshold, cut, snapshot, stored, token)
        facts = _Facts(name, record, evaluation, snapshot, stored)
        pictures = yield from _pictures(facts, token)
        with written_whole(target, durable=False) as temporary:
            temporary.write_text(_page(facts, pictures), encoding="utf-8")
        return target

    return job


def worst_first(images: Iterable[SnapshotImage], predictions: Predictions) -> list[SnapshotImage]:
    """Tagged images by how far the score lies from the truth, farthest first."""
    tagged = [image for image in images if (image.good or image.defective) and image.id in predictions.scores]
    return sorted(tagged, key=lambda image: -abs(float(image.defective) - predictions.scores[image.id]))


def shown_split(evaluation: Evaluation) -> str | None:
    """The split whose images the page shows: test where there is one, else the one with the most images."""
    if evaluation.of("test") is not None:
        return "test"
    return max(evaluation.splits, key=lambda part: part.images).split if evaluation.splits else None


def _pictures(facts: _Facts, token: CancelToken) -> Job[list[str]]:
    split = shown_split(facts.evaluation)
    order = worst_first((i for i in facts.snapshot.images if i.split == split), facts.predictions)[:MOST_PICTURES]
    pictures = []
    for done, image in enumerate(order):
        token.check()
        yield Progress(done, len(order), f"Drawing {image.name}")
        pictures.append(_figure(facts, image))
    return pictures


def _figure(facts: _Facts, image: SnapshotImage) -> str:
    height, width = fit_within(image.height, image.width, PICTURE_SIDE)
    rgb = np.asarray(Image.fromarray(as_rgb(facts.snapshot.read(image))).resize((width, height)))
    heat = facts.predictions.heat_map(image.id, (height, width))
    label_map = image.label_map()
    drawn = Image.fromarray((label_map != HEALTHY) & (label_map != UNKNOWN)).resize((width, height))
    marked = with_outline(rgb, np.asarray(drawn, bool), MASK_COLOR)
    score = facts.predictions.scores[image.id]
    called = "defective" if score >= facts.record.threshold else "good"
    wrong = called != image.tag.verdict.value
    text = f"{image.name}: tagged {image.tag.verdict.value}, P(defect) {score:.3f}, called {called}"
    wide = " wide" if width > 2 * height else ""
    plain = _img(marked, f"{image.name} with the drawn mask outlined")
    hot = _img(with_heat(rgb, heat), f"Heat map of {text}")
    return (
        f'<figure class="{"wrong" if wrong else ""}"><div class="pair{wide}">'
        f"{plain}{hot}"
        f"</div><figcaption>{escape(text)}{' — <b>wrong</b>' if wrong else ''}</figcaption></figure>"
    )


def _img(rgb: Rgb, alt: str) -> str:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=85)
    code = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="{escape(alt, quote=True)}" src="data:image/jpeg;base64,{code}">'


def _page(facts: _Facts, pictures: Sequence[str]) -> str:
    record = facts.record
    masks = "tags only" if not record.segmented else f"{len(record.segmented)} masks"
    title = f"{facts.project}: run {record.id}"
    about = (
        f"Network {record.config.net}, {masks}, {len(record.images)} training images, seed {record.config.seed}, "
        f"{record.seconds:.0f} s on {record.device}; labels as of event {record.event}, made {record.created}."
    )
    split = shown_split(facts.evaluation) or "all images"
    return "\n".join(
        [
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style>",
            f'<h1>{escape(title)}</h1><p class="soft">{escape(about)}</p>',
            "<h2>Figures</h2>" + _figures_table(facts.evaluation),
            _threshold_note(record),
            '<h2>Precision and recall</h2><div class="curves">' + "".join(_curves(facts)) + "</div>",
            f"<h2>Images of {escape(split or 'the project')}, worst first</h2>",
            f'<p class="soft">Left: the image, the drawn mask outlined in green. Right: what the run sees, brighter is '
            f"surer. An orange frame marks a wrong call at threshold {record.threshold:.3f}.</p>",
            '<div class="grid">' + "".join(pictures) + "</div></html>",
        ]
    )


def _threshold_note(record: RunRecord) -> str:
    came = {
        "validation": "on the split val",
        "folds": "on training images as models see them that did not learn from them",
        "training": "on the training images",
        "none": "by default",
    }
    return (
        f'<p class="soft">FP, FN, CA, mAcc and F1 hold at threshold {record.threshold:.3f}, chosen '
        f"{came[record.threshold_from]}, never on test images. Pixel figures count known pixels only.</p>"
    )


def _figures_table(evaluation: Evaluation) -> str:
    heads = ["split", "images", "defective", "AP", "AUC", "best F1", "F1", "CA", "mAcc", "FP", "FN", "pixel AP", "IoU"]
    names = ["images", "defective", "ap", "auc", "best_f1", "f1", "ca", "macc", "fp", "fn", "pixel_ap", "iou"]
    rows = [[part.split or "(none)", *(getattr(part, name) for name in names)] for part in evaluation.splits]
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else escape(str(value))


def _curves(facts: _Facts) -> Iterable[str]:
    for part in facts.evaluation.splits:
        if part.ap is None:
            continue
        members = [i for i in facts.snapshot.images if i.split == part.split and (i.good or i.defective)]
        members = [image for image in members if image.id in facts.predictions.scores]
        truth = [image.defective for image in members]
        yield curve_svg(truth, [facts.predictions.scores[i.id] for i in members], f"{part.split or 'all'}", part.ap)


def curve_svg(truth: Sequence[bool], score: Sequence[float], name: str, ap: float) -> str:
    """A precision-recall curve as inline SVG, 0..1 on both axes."""
    curve = precision_recall(truth, score)
    side, left, top = 220, 40, 10

    def place(recall: float, precision: float) -> str:
        return f"{left + recall * side:.1f},{top + (1 - precision) * side:.1f}"

    recall, precision = [0.0, *curve.recall], [float(curve.precision[0]), *curve.precision]
    points = " ".join(place(r, p) for r, p in zip(recall, precision, strict=True))
    lines = "".join(
        f'<path d="M{place(0, v)}L{place(1, v)}M{place(v, 0)}L{place(v, 1)}" stroke="currentColor" opacity=".15"/>'
        f'<text x="{left - 6}" y="{top + (1 - v) * side + 4}" text-anchor="end">{v:g}</text>'
        f'<text x="{left + v * side}" y="{top + side + 16}" text-anchor="middle">{v:g}</text>'
        for v in (0, 0.5, 1)
    )
    return (
        f'<figure><svg role="img" aria-label="Precision against recall on {escape(name)}, AP {ap:.3f}" '
        f'width="{side + 60}" height="{side + 40}">{lines}'
        f'<polyline points="{points}" fill="none" stroke="#0072B2" stroke-width="2"/></svg>'
        f"<figcaption>{escape(name)}: AP {ap:.3f} (recall across, precision up)</figcaption></figure>"
    )
