"""What was labelled twice is found by itself, and leaves the list when it is settled."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.agreement import Agreement, agreement_job
from defectstudio.app.agreement_detail import detail_job
from defectstudio.app.contested import settle, versions_of
from defectstudio.app.importing import import_into, read_source
from defectstudio.cli.main import run
from defectstudio.data import journal
from defectstudio.data.project import Project
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import Answer, Candidate, Panel, PanelAnswered, Patch
from defectstudio.sessions.second_look import look_again
from defectstudio.sessions.session import Session
from tests.conftest import spot


def found(session: Session) -> Agreement:
    return finish(agreement_job(session.project)(CancelToken()))


def as_copy(session: Session, copy: int, of: int) -> None:
    """Let one image be made from the file of another."""
    images = session.project.state.images
    images[copy] = replace(images[copy], info=replace(images[copy].info, sha256=images[of].info.sha256))


def test_copies_that_are_tagged_or_masked_apart_are_contested_until_they_agree(session: Session) -> None:
    as_copy(session, 2, 1)
    session.tag([1], GOOD)
    session.tag([2], DEFECTIVE)
    (one,) = found(session).contested
    assert (one.kind, one.images, one.versions, one.distance) == ("tags of copies", (1, 2), ("good", "defective"), 1.0)
    shape = session.project.state.images[1].shape
    session.tag([1], DEFECTIVE)
    first, second = spot(*shape), spot(*shape)
    second[10:15] = 0
    for image, drawn in ((1, first), (2, second)):
        session.paint(image, Box(0, 0, *shape), drawn, name="mask")
    (one,) = found(session).contested
    assert (one.kind, one.versions, one.distance) == ("masks of copies", ("100 pixels", "50 pixels"), 0.5)
    rated = {r.kind: r for r in found(session).rated}
    assert (rated["tags of copies"].count, rated["tags of copies"].share) == (1, 1.0)
    assert rated["masks of copies"].iou == 0.5
    session.paint(2, Box(0, 0, *shape), first, name="mask")
    assert found(session).contested == []


def test_people_are_compared_by_their_last_tags_and_imports_are_nobodys(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_author", lambda: "ada")
    session.tag([1, 2, 3], DEFECTIVE)
    monkeypatch.setattr(journal, "_author", lambda: "bob")
    session.tag([1], GOOD)
    session.tag([2], GOOD)
    session.undo()
    session.tag([3], GOOD)
    session.tag([3], DEFECTIVE)
    result = found(session)
    (rated,) = result.rated
    assert (rated.by, rated.count, rated.share) == ("ada and bob", 2, 0.5)
    (one,) = result.contested
    assert (one.images, one.versions) == ((1,), ("ada: defective", "bob: good"))


def test_a_panel_shown_twice_is_compared_with_itself(session: Session) -> None:
    shown = tuple(Candidate(Patch(1, row, 5), 1, 0.5, 0.1) for row in range(10))
    panel = Panel("1.1", 1, shown[0], shown[:5], shown[5:])
    again = replace(panel, id="1.9", blind_of="1.1")
    ticks = [(True,) * 5 + (False,) * 5, (True,) * 4 + (False,) * 6]
    for one, ticked in zip((panel, again), ticks, strict=True):
        answer = Answer(ticked, 1, (None,) * 10, none=False, seconds=1.0)
        session.record("answer a panel", [PanelAnswered(one, answer)])
    result = found(session)
    (rated,) = result.rated
    assert (rated.kind, rated.count, rated.share) == ("panel shown twice", 10, 0.9)
    assert rated.kappa == pytest.approx(0.8)  # p_o = 0.9; p_e = 0.5 * 0.4 + 0.5 * 0.6 = 0.5
    (one_contested,) = result.contested
    assert (one_contested.panel, one_contested.versions) == ("1.9", ("1 2 3 4 5", "1 2 3 4"))


@pytest.mark.parametrize(
    ("people", "by"), [(("ada", "ada"), "ada with themselves"), (("bob", "ada"), "ada and bob")], ids=["one", "two"]
)
def test_answers_given_twice_are_those_of_the_people_who_gave_them(
    session: Session, monkeypatch: pytest.MonkeyPatch, people: tuple[str, str], by: str
) -> None:
    shown = tuple(Candidate(Patch(1, row, 5), 1, 0.5, 0.1) for row in range(10))
    panel = Panel("1.1", 1, shown[0], shown[:5], shown[5:])
    asked = zip((panel, replace(panel, id="1.9", blind_of="1.1")), (6, 5), (DEFECTIVE, GOOD), people, strict=True)
    for one, ticked, tag, person in asked:
        monkeypatch.setattr(journal, "_author", lambda person=person: person)
        answer = Answer((True,) * ticked + (False,) * (10 - ticked), 1, (None,) * 10, none=False, seconds=1.0)
        session.record("answer a panel", [PanelAnswered(one, answer)])
        if one.blind_of:
            look_again(session, 2, tag.verdict)
        else:
            session.tag([2], tag)
    result = found(session)
    assert {(r.kind, r.by, r.count) for r in result.rated} == {
        ("panel shown twice", by, 10),
        ("tag asked twice", by, 1),
    }
    assert {(c.kind, c.by) for c in result.contested} == {("panel shown twice", by), ("tag asked twice", by)}
    detail = finish(detail_job(session.project)(CancelToken()))
    assert {one.rated.by for one in detail.classes} == {by}


def by_hand(session: Session, monkeypatch: pytest.MonkeyPatch, person: str, rows: int) -> None:
    """Somebody draws the defect of image 6, so many rows of it."""
    monkeypatch.setattr(journal, "_author", lambda: person)
    shape = session.project.state.images[6].shape
    drawn = spot(*shape)
    drawn[10 + rows :] = 0
    session.paint(6, Box(0, 0, *shape), drawn, name="mask")


def test_masks_of_two_people_are_compared_as_each_left_them_until_one_is_stood_by(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.tag([6], DEFECTIVE)
    by_hand(session, monkeypatch, "bob", 10)
    by_hand(session, monkeypatch, "ada", 4)
    by_hand(session, monkeypatch, "ada", 5)
    (one,) = [c for c in found(session).contested if c.kind == "masks of two people"]
    assert (one.images, one.versions, one.distance) == ((6,), ("ada: 50 pixels", "bob: 100 pixels"), 0.5)
    (rated,) = [r for r in found(session).rated if r.kind == "masks of two people"]
    assert (rated.by, rated.count, rated.iou) == ("ada and bob", 1, 0.5)
    detail = finish(detail_job(session.project)(CancelToken()))
    assert [(d.name, d.rated.iou) for d in detail.classes if d.rated.kind == "masks of two people"] == [("spot", 0.5)]
    first, second = versions_of(session.project, one)
    assert [int((v.labels == 1).sum()) for v in (first, second) if v.labels is not None] == [50, 100]
    monkeypatch.setattr(journal, "_author", lambda: "eva")
    settle(session, one, "second")
    drawn = session.project.state.label_map(6)
    assert drawn is not None
    assert int((drawn == 1).sum()) == 100
    assert found(session).contested == []
    assert [r.by for r in found(session).rated if r.kind == "masks of two people"] == ["ada and bob"]
    session.undo()
    assert [c.images for c in found(session).contested] == [(6,)]


def test_what_one_of_two_people_took_back_is_no_mask_of_theirs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.tag([6], DEFECTIVE)
    by_hand(session, monkeypatch, "bob", 10)
    by_hand(session, monkeypatch, "ada", 5)
    session.undo()
    assert [r for r in found(session).rated if r.kind == "masks of two people"] == []
    monkeypatch.setattr(journal, "_author", lambda: "eva")
    session.redo()
    assert [r.by for r in found(session).rated if r.kind == "masks of two people"] == ["ada and bob"]


def test_the_command_says_nothing_is_contested(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.tag([1, 2], GOOD)
    folder = str(session.project.folder)
    session.project.close()
    assert run(["agreement", folder]) == 0
    assert "Nothing is contested." in capsys.readouterr().out
    assert run(["agreement", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["contested"] == []


@pytest.mark.real
def test_the_masks_of_kolektorsdd_that_were_drawn_twice_show_up(real_data: Path, tmp_path: Path) -> None:
    from defectstudio.app.importing import preview_job

    plan = read_source(real_data / "ksdd", None)
    plan = replace(plan, items=[item for item in plan.items if np.isin(item.name.split("/")[-1][:5], TWICE)])
    plan, report = finish(preview_job(plan, "keep", CancelToken(), decode=False))
    import_into(tmp_path / "p", plan, report, lambda start: finish(start(CancelToken())))
    with Project.open(tmp_path / "p", readonly=True) as project:
        result = finish(agreement_job(project)(CancelToken()))
    assert [one.kind for one in result.contested] == ["masks of copies"] * 2
    assert {name[-11:] for one in result.contested for name in one.names} == {
        "kos01_Part5",
        "kos26_Part5",
        "kos27_Part0",
        "kos34_Part0",
    }


TWICE = ("kos01", "kos26", "kos27", "kos34")
