"""Results as tables for other programs."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.data.runs import read_run
from defectstudio.domain.errors import DefectStudioError

ScoreRow = dict[str, str | float | bool]


def score_rows(project: Project, run: str, predictions: Predictions) -> list[ScoreRow]:
    """One row an image, highest P(defect) first: name, split, tag, score, and whether the run calls it defective."""
    threshold = read_run(project.runs_folder / run).threshold
    rows: list[ScoreRow] = []
    for image in sorted(project.present_images(), key=lambda i: -predictions.scores.get(i, -1.0)):
        if image not in predictions.scores:
            continue
        entry, p = project.state.images[image], predictions.scores[image]
        row: ScoreRow = {"image": entry.info.name, "split": entry.placement.split, "tag": entry.tag.verdict.value}
        rows.append(row | {"p_defect": round(p, 6), "called": "defective" if p >= threshold else "good"})
    return rows


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as CSV (UTF-8, comma, header). A cell that a spreadsheet would run as a formula is quoted."""
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else [])
            writer.writeheader()
            writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)
    except OSError as error:
        raise DefectStudioError(
            f"{path} cannot be written: {error.strerror}.", hint="Choose another file or folder."
        ) from error


def harmless(value: object) -> object:
    """A value of a CSV cell; text that a spreadsheet would run as a formula begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value
