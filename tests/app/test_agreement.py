"""What was labelled twice is found by itself, and leaves the list when it is settled."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.agreement import Agreement, agreement_job
from defectstudio.app.importing import import_into, read_source
from defectstudio.cli.main import run
from defectstudio.data import journal
from defectstudio.data.project import Project
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.domain.refinement import Answer, Candidate, Panel, PanelAnswered, Patch
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
