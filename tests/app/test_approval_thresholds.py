"""Thresholds of an approval: fitted class by class, never on what trained the run nor on the split test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from defectstudio.app import mentoring, mentoring_compare
from defectstudio.app.approval_thresholds import LEAST, Fitted, thresholds_job
from defectstudio.data.project import Project
from defectstudio.data.runs import read_run, write_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.session import Session
from tests.made_mentoring import OLD, fill, labelled, make_trained

HELD_OUT = 2 * LEAST


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_trained(tmp_path_factory.mktemp("thresholds"))


@pytest.fixture
def session(trained: Path, tmp_path: Path) -> Iterator[Session]:
    shutil.copytree(trained, tmp_path / "copy")
    with Project.open(tmp_path / "copy" / "project") as project:
        yield Session(project)


def more(session: Session, split: str, first: int = 100) -> list[int]:
    """Further images with complete labels, half of them defective."""
    folder = session.project.folder.parent / split
    fill(session.project, labelled(folder, range(first, first + HELD_OUT), 90, split))
    return [i for i, entry in session.project.state.images.items() if entry.placement.split == split]


def fitted(session: Session, run: str = "base") -> Fitted:
    return finish(thresholds_job(session.project, run)(CancelToken()))


def test_thresholds_come_from_validation_images_and_nothing_else(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    more(session, "test", 200)
    more(session, "later", 300)
    validation = more(session, "val", 400)
    looked: list[int] = []
    known = mentoring_compare.true_boxes
    monkeypatch.setattr(
        "defectstudio.app.approval_thresholds.true_boxes",
        lambda images, found: looked.extend(i.id for i in images.images) or known(images, found),
    )
    said = fitted(session)
    assert (said.source, said.images, dict(said.boxes)) == ("validation", HELD_OUT, {1: LEAST})
    assert sorted(looked) == sorted(validation)
    assert 0 < said.thresholds[1] < 1
    approval = mentoring.approve(session, "base", "Eva", "", said.thresholds, said.source)
    assert approval.threshold(1) == said.thresholds[1]
    assert approval.threshold(0) == read_run(session.project.runs_folder / "base").threshold


def test_without_validation_other_images_that_trained_nothing_serve_but_never_the_test(session: Session) -> None:
    more(session, "test", 200)
    assert fitted(session) == Fitted({1: 0.5})
    more(session, "later", 300)
    assert (fitted(session).source, fitted(session).images) == ("held-out", HELD_OUT)


def test_fold_models_fit_the_thresholds_where_every_image_trained(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session.project.runs_folder / "base"
    record = read_run(folder)
    write_run(folder, record.model_copy(update={"config": record.config.model_copy(update={"threshold_folds": 2})}))
    taught: list[set[int]] = []
    from defectstudio.learning.trainers import mixed

    known = mixed.fit

    def fit(config, snapshot, token, **more):  # type: ignore[no-untyped-def]
        taught.append({image.id for image in snapshot.images})
        return known(config, snapshot, token, **more)

    monkeypatch.setattr(mixed, "fit", fit)
    said = fitted(session)
    assert (said.source, said.images, dict(said.boxes)) == ("folds", OLD, {1: OLD // 2})
    assert len(taught) == 2
    assert taught[0] | taught[1] == set(record.images)
    assert not taught[0] & taught[1]


def test_a_candidate_without_images_to_fit_on_keeps_the_thresholds_of_its_base(session: Session) -> None:
    from defectstudio.data.mentoring import MentorRecord, MentorSettings

    mentoring.approve(session, "base", "Eva", thresholds={1: 0.31})
    folder = session.project.runs_folder / "base"
    record = read_run(folder)
    came = MentorRecord(settings=MentorSettings(), base="base")
    shutil.copytree(folder, folder.with_name("candidate"))
    write_run(folder.with_name("candidate"), record.model_copy(update={"id": "candidate", "mentoring": came}))
    from defectstudio.app.workflows import record_run

    record_run(session, read_run(folder.with_name("candidate")))
    assert fitted(session, "candidate") == Fitted({1: 0.31}, "base")


def test_where_a_threshold_was_fitted_survives_closing_and_undo(session: Session) -> None:
    mentoring.approve(session, "base", "Eva", "good", {1: 0.25}, "validation")
    mentoring.approve(session, "base", "Ida", "by hand", {1: 0.75})
    session.undo()
    folder = session.project.folder
    session.project.close()
    with Project.open(folder, readonly=True) as project:
        kept = project.state.approvals["base"]
        assert (kept.who, kept.fitted_on, kept.threshold(1)) == ("Eva", "validation", 0.25)
        assert replace(kept, fitted_on="") != kept


def test_an_unknown_run_has_no_thresholds(session: Session) -> None:
    with pytest.raises(DefectStudioError, match="no run other"):
        thresholds_job(session.project, "other")
