"""Two experts who answered the same things are compared on those, and not on what was said before they parted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from defectstudio.app.agreement_pair import pair_job, people_job
from defectstudio.app.branch import branch_job
from defectstudio.app.refinement_journal import bright_patches
from defectstudio.app.session_bundle_export import export_job
from defectstudio.app.session_bundle_import import import_job
from defectstudio.cli.main import run
from defectstudio.data import journal
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box
from defectstudio.domain.mentoring import Detection
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import Panel, PanelAnswered, Patch
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.refinement import Refinement, RefineSettings
from defectstudio.sessions.session import Session
from tests.conftest import spot
from tests.made_panels import answer, panel


def say(session: Session, *, ticked: list[int], good: bool, mask_rows: int, verdict: str) -> None:
    """Answer one panel, tag image 1, draw image 6 and judge a detection in image 2."""
    asked = panel()
    session.record("answer", [PanelAnswered(asked, answer(asked, ticked))])
    session.tag([1], DEFECTIVE)
    if good:
        session.tag([1], GOOD)
    shape = session.project.state.images[6].shape
    drawn = spot(*shape)
    drawn[10 + mask_rows : 20] = 0
    session.paint(6, Box(0, 0, *shape), drawn, name="mask")
    Mentoring(session, [Detection("d", 2, "one", Box(3, 3, 9, 9), 1, 0.9)]).judge(verdict)  # type: ignore[arg-type]


def test_two_experts_on_copies_of_one_session_are_compared_on_what_each_said_there(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session.tag([3], DEFECTIVE)  # before they parted: nobody's agreement
    early = panel("early", positives=(30, 31), negatives=(32, 33))
    session.record("answer", [PanelAnswered(early, answer(early, [0]))])
    finish(export_job(session.project.folder, tmp_path / "sent")(CancelToken()))
    finish(import_job(tmp_path / "sent", tmp_path / "second")(CancelToken()))
    say(session, ticked=[0, 1], good=True, mask_rows=10, verdict="confirmed")
    with Project.open(tmp_path / "second") as project:
        say(Session(project), ticked=[0], good=False, mask_rows=5, verdict="rejected")
        found = finish(pair_job(session.project, project)(CancelToken()))
    rated = {one.kind: one for one in found.rated}
    ticks = rated["ticks of the same panels"]
    assert (ticks.count, ticks.share) == (4, 0.75)
    assert ticks.kappa == pytest.approx(0.5)  # p_o = 3/4; p_e = 1/2 * 1/4 + 1/2 * 3/4 = 1/2
    assert rated["labels of the same patches"].count == 5
    assert (rated["tags"].count, rated["tags"].share) == (1, 0.0)
    assert (rated["verdicts"].count, rated["verdicts"].share) == (1, 0.0)
    assert rated["masks"].iou == pytest.approx(0.5)
    assert {(one.kind, one.versions) for one in found.apart} == {
        ("panels", ("1 2", "1")),
        ("tags", ("good", "defective")),
        ("verdicts", ("confirmed (spot)", "rejected")),
        ("masks", ("100 pixels", "50 pixels")),
    }
    folder = str(session.project.folder)
    session.project.close()
    assert run(["agreement", folder, str(tmp_path / "second"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rated"]) == len(found.rated)
    assert run(["agreement", folder, str(tmp_path / "second")]) == 0
    assert "answered by both" in capsys.readouterr().out
    assert run(["agreement", folder, str(tmp_path / "second"), "--people"]) == 2


def test_a_branch_without_new_answers_agrees_about_nothing_yet(session: Session, tmp_path: Path) -> None:
    session.tag([1, 2], DEFECTIVE)
    finish(branch_job(session.project.folder, session.project.journal.last_event, tmp_path / "b")(CancelToken()))
    with Project.open(tmp_path / "b", readonly=True) as branch:
        found = finish(pair_job(session.project, branch)(CancelToken()))
    assert (found.rated, found.apart, found.images) == ([], [], 6)


def test_the_first_panels_of_one_round_are_the_same_for_both_until_their_labels_part(
    session: Session, tmp_path: Path
) -> None:
    at = session.project.journal.last_event
    finish(branch_job(session.project.folder, at, tmp_path / "b")(CancelToken()))
    with Project.open(tmp_path / "b") as branch:
        for expert, ticked in ((session, [0]), (Session(branch), [])):
            work = Refinement(
                expert,
                bright_patches(expert.project),
                round=0,
                settings=RefineSettings(per_round=6, blind=0.0, patch=16, apart=3, write="patch"),
                seed=0,
            )
            while not work.complete:
                asked = work.next_panel()
                work.answer(asked, answer(asked, ticked))
            work.close()
        found = finish(pair_job(session.project, branch)(CancelToken()))
        asked = [[event.panel for event in p.state.answers.values()] for p in (session.project, branch)]
    same = [one for one, other in zip(*asked, strict=True) if patches(one) == patches(other)]
    assert 0 < len(same) == 6 - found.other_questions
    compared = next(one for one in found.rated if one.kind == "ticks of the same panels")
    assert compared.count == sum(len(one.candidates) for one in same)


def patches(panel: Panel) -> list[Patch]:
    return [candidate.patch for candidate in (panel.anchor, *panel.candidates)]


def test_people_in_one_project_are_compared_by_what_each_said(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = panel()
    for person, ticked, tag in (("ada", [0, 1], DEFECTIVE), ("bob", [0], GOOD)):
        monkeypatch.setattr(journal, "_author", lambda person=person: person)
        again = replace(asked, id=f"0-{person}", blind_of="" if person == "ada" else "0-ada")
        session.record("answer", [PanelAnswered(again, answer(again, ticked))])
        session.tag([4], tag)
        shape = session.project.state.images[6].shape
        drawn = spot(*shape)
        drawn[20 if person == "ada" else 15 :] = 0
        session.paint(6, Box(0, 0, *shape), drawn, name="mask")
        session.tag([5], GOOD if person == "ada" else DEFECTIVE)
    session.undo()
    (pair,) = [one for one in finish(people_job(session.project)(CancelToken())) if one.between == ("ada", "bob")]
    rated = {one.kind: one for one in pair.rated}
    assert rated["ticks of the same panels"].share == 0.75
    assert rated["tags"].count == 1  # bob took the other one back
    assert (rated["masks"].count, rated["masks"].iou) == (1, 0.5)
    folder = str(session.project.folder)
    session.project.close()
    assert run(["agreement", folder, "--people", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pairs"][0]["between"] == ["ada", "bob"]


def test_projects_without_a_common_image_are_not_compared(session: Session, tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty") as empty, pytest.raises(DefectStudioError, match="no image in common"):
        pair_job(session.project, empty)
