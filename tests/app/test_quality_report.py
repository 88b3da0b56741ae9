"""The report to sign: the same facts as page, PDF and JSON; its figures by hand-worked numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from defectstudio.app.quality import Sampled, split_counts, time_of_work
from defectstudio.app.report import report_job
from defectstudio.cli.main import run
from defectstudio.data.predictions import Predictions
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import UNLABELLED
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.made_runs import add_run, make_project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_project(tmp_path_factory.mktemp("report"))
    with Project.open(made) as project:
        session = Session(project)
        add_run(session, "one")
        add_run(session, "two")
    return made


def write(folder: Path, out: Path) -> Path:
    with Project.open(folder, readonly=True) as project:
        return finish(report_job(project, "two", out)(CancelToken()))


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def test_page_pdf_and_json_say_the_same_under_one_digest(folder: Path, tmp_path: Path) -> None:
    facts = json.loads(write(folder, tmp_path / "report.json").read_text(encoding="utf-8"))
    page = write(folder, tmp_path / "report.html").read_text(encoding="utf-8")
    printed = text_of(write(folder, tmp_path / "report.pdf"))
    for said in (facts["digest"], facts["weights"][:20], "Released by", "not approved", "Escapes against over-rejects"):
        assert said in page
        assert said.replace(" ", "") in re.sub(r"\s", "", printed)
    assert facts["split"] == "test"
    assert facts["held_out"]
    assert page.count("alt=") == page.count("<img") > 0
    assert 'aria-label="As set' in page
    assert len(facts["images"]) == page.count('alt="Heat map of') > 0
    assert all(f"P(defect) {one['score']:.3f}, called {one['called']}" in page for one in facts["images"])
    assert "http" not in page


def test_the_same_facts_give_the_same_pdf_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    one, other = (write(folder, tmp_path / name).read_bytes() for name in ("one.pdf", "other.pdf"))
    assert one == other


def test_every_page_of_the_pdf_shows_something_within_its_margins(folder: Path, tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(write(folder, tmp_path / "report.pdf"))
    for page in document:
        grey = np.asarray(page.render(scale=1).to_pil().convert("L"))
        assert (grey < 128).any()
        assert (grey[:20] > 250).all()
        assert (grey[:, :40] > 250).all()
        assert (grey[:, -40:] > 250).all()
    document.close()


def sampled(truth: list[bool], scores: list[float], folder: Path) -> Sampled:
    with Project.open(folder, readonly=True) as project:
        images = project.snapshot().images
        stored = Predictions(folder / "runs" / "two" / "predictions.h5")
    sample = Sampled([i for i in images if i.split == "test"], stored)
    sample.truth, sample.score = np.array(truth), np.array(scores)
    sample.weights = np.ones((3, len(truth)))
    return sample


def test_escapes_over_rejects_and_the_cheapest_threshold_by_hand(folder: Path) -> None:
    sample = sampled([False, False, False, True, True], [0.1, 0.2, 0.6, 0.4, 0.9], folder)
    at = sample.at(0.5, escape_cost=10)
    assert (at.escape.value, at.over_reject.value) == (0.5, pytest.approx(1 / 3))
    assert at.cost == pytest.approx(100 * (10 * 1 + 1) / 5)
    # Escapes dear: reject from 0.4 on (one good part); cheap: only from 0.9 on (one escape).
    assert sample.cheapest(10) == 0.4
    assert sample.cheapest(0.5) == 0.9
    assert sample.curve()[3] == (0.6, 0.5, pytest.approx(1 / 3))


def test_where_everything_is_good_nothing_should_be_rejected(folder: Path) -> None:
    sample = sampled([False, False], [0.3, 0.8], folder)
    assert sample.at(sample.cheapest(10), 10).over_reject.value == 0
    assert sample.at(0.5, 10).escape.value is None
    assert sample.ap().value is None


def test_pauses_are_no_time_of_work() -> None:
    moments = [("ada", 0.0), ("bob", 5.0), ("ada", 10.0), ("ada", 400.0), ("ada", 430.0), ("bob", 65.0)]
    assert time_of_work(moments) == {"ada": 40.0, "bob": 60.0}


def test_unreviewed_images_are_counted_and_never_good(folder: Path) -> None:
    with Project.open(folder) as project:
        session = Session(project)
        image = project.present_images()[0]
        before = {s.split: s for s in split_counts(project.snapshot())}
        session.tag([image], UNLABELLED)
        after = {s.split: s for s in split_counts(project.snapshot())}
        session.undo()
    split = next(name for name in after if after[name] != before[name])
    assert after[split].unreviewed == before[split].unreviewed + 1
    assert after[split].good + after[split].defective == before[split].good + before[split].defective - 1


@pytest.mark.parametrize(("name", "cost", "said"), [("report.doc", 1.0, "not a .doc"), ("r.pdf", 0.0, "above 0")])
def test_another_ending_and_a_senseless_cost_are_refused(folder: Path, name: str, cost: float, said: str) -> None:
    with Project.open(folder, readonly=True) as project, pytest.raises(DefectStudioError, match=said):
        report_job(project, None, Path(name), escape_cost=cost)


def test_the_command_writes_a_pdf(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "signed.pdf"
    assert run(["report", str(folder), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["report"] == str(out)
    assert out.read_bytes().startswith(b"%PDF")
