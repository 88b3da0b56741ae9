"""The defect book on paper: read, proposed, written as page, PDF and JSON; second looks counted as agreement."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from defectstudio.acquisition.exemplars import nearest_to_centre
from defectstudio.app.agreement import agreement_job
from defectstudio.app.book import Book, book_job, read_book
from defectstudio.app.book_proposals import propose_job
from defectstudio.cli.main import run
from defectstudio.data import journal
from defectstudio.data.project import Project
from defectstudio.domain.display import framed
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, Verdict
from defectstudio.domain.mentoring import Detection, DetectionJudged, judged
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import PanelAnswered
from defectstudio.sessions.book import DefectBook, Place
from defectstudio.sessions.second_look import look_again, settle
from defectstudio.sessions.session import Session
from tests.made_panels import answer, panel

SPOT = Box(10, 8, 20, 18)


@pytest.fixture
def written(session: Session) -> Session:
    book = DefectBook(session)
    book.define(1, "A bright <spot>, at least 5 pixels wide.")
    book.add(Place("exemplar", 1, 5, SPOT), caption="typical")
    book.add(Place("look-alike", 1, 1, Box(30, 20, 40, 30)), source="place")
    return session


def test_the_book_says_of_each_class_what_it_is_and_what_it_is_not(written: Session) -> None:
    book = read_book(written.project)
    (page,) = book.pages
    assert (page.name, page.definition) == ("spot", "A bright <spot>, at least 5 pixels wide.")
    assert [(e.name, e.box, e.caption) for e in page.exemplars] == [("part4", (10, 8, 20, 18), "typical")]
    assert [e.kind for e in page.look_alikes] == ["look-alike"]
    assert book.event == written.project.journal.last_event


def test_the_page_names_every_picture_in_words_and_escapes_what_was_typed(written: Session, tmp_path: Path) -> None:
    out = finish(book_job(written.project, tmp_path / "book.html")(CancelToken()))
    page = out.read_text(encoding="utf-8")
    assert page.count("<img alt=") == 2
    assert 'alt="spot: typical, in part4 at row 10, column 8"' in page
    assert 'alt="not spot: chosen place, in part0 at row 30, column 20"' in page
    assert "A bright &lt;spot&gt;" in page


def test_pdf_and_json_are_written_and_anything_else_is_refused(written: Session, tmp_path: Path) -> None:
    assert finish(book_job(written.project, tmp_path / "b.pdf")(CancelToken())).read_bytes().startswith(b"%PDF")
    stored = finish(book_job(written.project, tmp_path / "b.json")(CancelToken())).read_text(encoding="utf-8")
    assert Book.model_validate_json(stored) == read_book(written.project)
    with pytest.raises(DefectStudioError, match=r"not a \.docx"):
        book_job(written.project, tmp_path / "b.docx")


def test_a_project_without_classes_has_no_book(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty") as project, pytest.raises(DefectStudioError, match="no defect class"):
        book_job(project, tmp_path / "b.html")


def test_the_nearest_to_the_centre_come_first_whatever_their_length() -> None:
    looks = np.array([[1, 0], [5, 5], [0.1, 0.12]], np.float32)
    assert nearest_to_centre(looks, np.array([1, 1], np.float32), 2) == [1, 2]


def test_a_frame_goes_round_its_box_and_stays_inside_the_picture() -> None:
    picture = np.zeros((20, 20, 3), np.uint8)
    shown = framed(picture, Box(5, 5, 10, 12), "#ff0000")
    assert not shown[5:10, 5:12].any()
    assert shown[2, 8].tolist() == [255, 0, 0]
    assert framed(picture, Box(0, 0, 20, 20), "#ff0000").any()


def test_agreed_places_and_what_fooled_people_are_proposed_but_nothing_twice_or_contested(session: Session) -> None:
    fooled = Detection("run/1", 1, "run", Box(2, 2, 8, 8), 1, 0.9)
    session.record("reject", [DetectionJudged(1, fooled.id, None, judged(fooled, "rejected"))])
    asked = panel("0-1", positives=(30, 40))
    session.record("answer panel", [PanelAnswered(asked, answer(asked, [0]))])
    found = finish(propose_job(session.project, 1, count=5, patch=8)(CancelToken()))
    assert [p for p in found if p.kind == "exemplar"] == [Place("exemplar", 1, 5, SPOT)]
    doubtful = {(p.image, p.box) for p in found if p.kind == "look-alike"}
    assert doubtful == {(1, fooled.box), (5, Box(36, 0, 44, 8))}  # the ticked positive at row 30 is none
    DefectBook(session).add_all(found)
    assert finish(propose_job(session.project, 1, count=5, patch=8)(CancelToken())) == []
    session.undo()
    session.tag([5], DEFECTIVE)
    look_again(session, 5, Verdict.GOOD)
    assert finish(propose_job(session.project, 1)(CancelToken())) == []


def test_second_looks_count_as_agreement_of_a_person_with_themselves(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_author", lambda: "ada")
    session.tag([1, 2], DEFECTIVE)
    session.tag([5], GOOD)
    look_again(session, 1, Verdict.DEFECTIVE)
    number = look_again(session, 2, Verdict.GOOD).number
    monkeypatch.setattr(journal, "_author", lambda: "bob")
    look_again(session, 5, Verdict.GOOD)
    found = finish(agreement_job(session.project)(CancelToken()))
    rated = {r.by: (r.count, r.share) for r in found.rated if r.kind == "tag asked twice"}
    assert rated == {"ada with themselves": (2, 0.5), "ada and bob": (1, 1.0)}
    (one,) = [c for c in found.contested if c.kind == "tag asked twice"]
    assert (one.images, one.versions, one.look, one.detection) == ((2,), ("defective", "good"), number, "")
    settle(session, 2, number, "defective")
    assert finish(agreement_job(session.project)(CancelToken())).contested == []
    assert {r.by: r.count for r in finish(agreement_job(session.project)(CancelToken())).rated} == {
        "ada with themselves": 2,
        "ada and bob": 1,
    }


def test_the_command_prints_the_book_and_proposes_as_one_step(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = session.project.folder
    session.project.close()
    assert run(["book", str(folder), "--propose", "2", "--out", str(tmp_path / "b.html"), "--json"]) == 0
    (page,) = json.loads(capsys.readouterr().out)["pages"]
    assert [e["source"] for e in page["exemplars"]] == ["proposed"]
    assert (tmp_path / "b.html").is_file()
    assert run(["book", str(folder)]) == 0
    assert "not written yet" in capsys.readouterr().out
    assert run(["book", str(folder), "--out", str(tmp_path / "b.txt")]) == 1
    assert "ends in .html" in capsys.readouterr().err
    with Project.open(folder) as project:
        assert Session(project).undo_name == "propose entries of the book: 1"
