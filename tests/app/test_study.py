"""Studies: plans, rows that are done once, failures that stop nobody, tables. The jobs here only square numbers."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from defectstudio.app.study import Study, list_studies, make_plan
from defectstudio.app.study_runner import Pool, run_study
from defectstudio.app.study_table import Cell, as_markdown, tabulate, write_tables
from defectstudio.domain.errors import Cancelled, DefectStudioError
from defectstudio.domain.progress import CancelToken, Progress, finish
from tests.app.study_jobs import SQUARE, Numbers, begun, plan

THREADS = Pool(2, 1, lambda: ThreadPoolExecutor(2))


def start(folder: Path, *rows: dict[str, object], **named: str) -> Study[Numbers]:
    return Study.start(folder / "studies" / "squares", plan(*rows, **named), Numbers)


def run(study: Study[Numbers], folder: Path, **how: bool) -> list[Progress]:
    seen: list[Progress] = []
    job = run_study(study, THREADS, CancelToken(), project=folder, cache=folder, **how)
    finish(job, seen.append)
    return seen


def test_every_job_leaves_one_whole_row(tmp_path: Path) -> None:
    study = start(tmp_path, *({"n": n} for n in range(5)))
    seen = run(study, tmp_path)
    records = study.records()
    assert [records[job.id].figures.value for job in study.plan.jobs] == [0, 1, 4, 9, 16]  # type: ignore[union-attr]
    assert (seen[-1].done, seen[-1].total) == (5, 5)
    assert sorted(path.stem for path in (study.folder / "rows").iterdir()) == sorted(job.id for job in study.plan.jobs)
    row = json.loads((study.folder / "rows" / f"{study.plan.jobs[3].id}.json").read_text())
    assert row["job"]["arguments"] == {"n": 3}
    assert row["versions"]["numpy"]
    assert not list(study.folder.glob(".stop-*"))


def test_what_is_done_is_not_done_again_and_a_wider_plan_keeps_it(tmp_path: Path) -> None:
    run(start(tmp_path, {"n": 1}, {"n": 2}), tmp_path)
    wider = start(tmp_path, {"n": 1}, {"n": 2}, {"n": 3})
    assert [job.arguments["n"] for job in wider.pending()] == [3]
    run(wider, tmp_path)
    run(wider, tmp_path)
    assert begun(tmp_path) == [1, 2, 3]


def test_other_labels_make_other_jobs(tmp_path: Path) -> None:
    run(start(tmp_path, {"n": 1}, labels="one"), tmp_path)
    assert len(start(tmp_path, {"n": 1}, labels="two").pending()) == 1


def test_a_damaged_row_counts_as_not_done(tmp_path: Path) -> None:
    study = start(tmp_path, {"n": 1}, {"n": 2})
    run(study, tmp_path)
    (study.folder / "rows" / f"{study.plan.jobs[0].id}.json").write_text('{"job": ')
    assert study.pending() == [study.plan.jobs[0]]


def test_a_failed_job_is_a_row_with_its_error_and_the_others_go_on(tmp_path: Path) -> None:
    study = start(tmp_path, {"n": 1, "fails": True}, {"n": 2, "bug": True}, {"n": 3})
    seen = run(study, tmp_path)
    first, second, third = (study.records()[job.id] for job in study.plan.jobs)
    assert (first.status, first.error, first.hint) == ("failed", "This one cannot be done.", "Leave it out.")
    assert (second.status, second.error) == ("failed", "ZeroDivisionError: a mistake")
    assert third.status == "done"
    assert seen[-1].values == {"failed": 2}
    assert study.pending() == []
    assert len(study.pending(retry_failed=True)) == 2
    run(study, tmp_path, retry_failed=True)
    assert begun(tmp_path) == [1, 1, 2, 2, 3]


def test_a_cancelled_study_keeps_its_rows_and_goes_on_later(tmp_path: Path) -> None:
    study = start(tmp_path, {"n": 1}, *({"n": n, "batches": 100_000} for n in (2, 3)))
    token = CancelToken()
    job = run_study(study, THREADS, token, project=tmp_path, cache=tmp_path)
    while next(job).done < 1 or len(begun(tmp_path)) < 3:
        pass
    token.cancel()
    with pytest.raises(Cancelled):
        next(job)
    assert [job.arguments["n"] for job in study.pending()] == [2, 3]
    assert not list(study.folder.glob(".stop-*"))


def test_one_study_is_worked_on_by_one_process_at_a_time(tmp_path: Path) -> None:
    study = start(tmp_path, {"n": 1, "batches": 100_000})
    job = run_study(study, THREADS, CancelToken(), project=tmp_path, cache=tmp_path)
    next(job)
    with pytest.raises(DefectStudioError, match="running already"):
        run(Study.open(study.folder, Numbers), tmp_path)
    with pytest.raises(DefectStudioError, match="running already"):
        start(tmp_path, {"n": 1})
    job.close()
    assert study.pending() == list(study.plan.jobs)


@pytest.mark.parametrize(
    ("rows", "name", "says"),
    [([], "a", "no job"), ([{"n": 1, "repeat": 0}] * 2, "a", "the same"), ([{"n": 1}], "../up", "cannot name")],
)
def test_plans_that_make_no_sense_are_refused(rows: list[dict[str, object]], name: str, says: str) -> None:
    with pytest.raises(DefectStudioError, match=says):
        plan(*rows, name=name)


def test_a_study_without_a_name_is_called_by_its_jobs() -> None:
    jobs = plan({"n": 1}).jobs
    assert make_plan("", SQUARE, "", jobs).name == make_plan("", SQUARE, "", jobs).name
    assert make_plan("", SQUARE, "", jobs).name != make_plan("", SQUARE, "", plan({"n": 2}).jobs).name


def test_opening_what_is_no_study_says_so(tmp_path: Path) -> None:
    with pytest.raises(DefectStudioError, match="no study"):
        Study.open(tmp_path / "nothing", Numbers)
    study = start(tmp_path, {"n": 1})
    assert list_studies(tmp_path / "studies") == [study.folder]
    (study.folder / "plan.json").write_text("{")
    with pytest.raises(DefectStudioError, match="damaged"):
        Study.open(study.folder, Numbers)


def rows_of(setting: str, values: dict[tuple[int, str], int]) -> list[dict[str, object]]:
    return [{"n": n, "setting": setting, "repeat": seed, "part": fold} for (seed, fold), n in values.items()]


def test_the_table_averages_over_folds_then_over_seeds(tmp_path: Path) -> None:
    values = {(0, "0"): 1, (0, "1"): 3, (1, "0"): 2, (1, "1"): 4}
    study = start(tmp_path, *rows_of("one", values), *rows_of("two", {(0, "0"): 6}))
    run(study, tmp_path)
    one, two = tabulate(study).rows
    # Seed 0: (1 + 9) / 2 = 5; seed 1: (4 + 16) / 2 = 10; sample deviation of (5, 10).
    assert one.figures["value"].deviation == pytest.approx(5 / 2**0.5)
    assert (one.figures["value"].mean, one.figures["value"].repeats) == (7.5, 2)
    # Errors add up over folds: 4 and 6.
    assert one.figures["errors"].mean == 5
    assert two.figures["value"] == Cell(mean=36, deviation=None, repeats=1)
    assert str(two.figures["value"]) == "36.0"


def test_a_seed_with_a_fold_missing_does_not_count(tmp_path: Path) -> None:
    rows = rows_of("one", {(0, "0"): 1, (0, "1"): 3, (1, "0"): 2, (1, "1"): 4})
    rows[3]["fails"] = True
    study = start(tmp_path, *rows)
    run(study, tmp_path)
    table = tabulate(study)
    assert table.rows[0].figures["value"] == Cell(mean=5, deviation=None, repeats=1)
    assert (table.done, table.failed) == (3, 1)
    assert table.errors == {"This one cannot be done. Leave it out.": 1}


def test_tables_are_written_as_csv_and_markdown(tmp_path: Path) -> None:
    study = start(tmp_path, *rows_of("a|b", {(0, ""): 1, (1, ""): 2}), {"n": 5, "setting": "c", "bug": True})
    run(study, tmp_path)
    table = write_tables(study)
    lines = list(csv.DictReader((study.folder / "table.csv").read_text().splitlines()))
    assert [line["setting"] for line in lines] == ["a|b", "c"]
    assert float(lines[0]["value_mean"]) == 2.5
    assert (lines[1]["value_mean"], lines[1]["failed"]) == ("", "1")
    tidy = list(csv.DictReader((study.folder / "rows.csv").read_text().splitlines()))
    assert [(row["repeat"], row["value"], row["status"]) for row in tidy] == [
        ("0", "1.0", "done"),
        ("1", "4.0", "done"),
        ("2", "", "failed"),
    ]
    text = (study.folder / "table.md").read_text(encoding="utf-8")
    assert text == as_markdown(table)
    assert "| a/b | 2.5000 ± 2.1213 | 1.5000 ± 0.7071 | 2 | 2 of 2 | 0 |" in text
    assert "- 1 failed: ZeroDivisionError: a mistake" in text
