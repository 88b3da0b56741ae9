"""Thresholds of an approval: fitted class by class, never on what trained the run nor on the split test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from defectstudio.app import found_boxes, mentoring
from defectstudio.app.approval_thresholds import LEAST, Fitted, thresholds_job
from defectstudio.app.mentoring_compare import Pair
from defectstudio.data.project import Project
from defectstudio.data.runs import read_run, write_run
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.learning.boxes import LEVELS
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
    known = found_boxes.true_boxes
    monkeypatch.setattr(
        "defectstudio.app.approval_thresholds.true_boxes",
        lambda images, found: looked.extend(i.id for i in images) or known(images, found),
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
    mentoring.approve(session, "base", "Eva", thresholds={1: 0.31}, cuts={1: 0.7})
    assert fitted(session, candidate_of(session)) == Fitted({1: 0.31}, "base", cuts={1: 0.7})


def candidate_of(session: Session) -> str:
    """A candidate with the weights of its base, recorded as trained from verdicts."""
    from defectstudio.app.workflows import record_run
    from defectstudio.data.mentoring import MentorRecord, MentorSettings

    folder = session.project.runs_folder / "base"
    came = MentorRecord(settings=MentorSettings(), base="base")
    shutil.copytree(folder, folder.with_name("candidate"))
    changes = {"id": "candidate", "mentoring": came}
    write_run(folder.with_name("candidate"), read_run(folder).model_copy(update=changes))
    record_run(session, read_run(folder.with_name("candidate")))
    return "candidate"


def test_cuts_are_fitted_with_the_thresholds_and_stand_in_the_approval(session: Session) -> None:
    more(session, "val", 400)
    said = fitted(session)
    assert said.cuts.keys() == {1}
    assert said.cuts[1] in LEVELS
    mentoring.approve(session, "base", "Eva", "", said.thresholds, said.source, said.cuts)
    folder = session.project.folder
    session.project.close()
    with Project.open(folder, readonly=True) as project:
        kept = project.state.approvals["base"]
        assert found_boxes.cut_of(read_run(project.runs_folder / "base"), kept) == said.cuts


def test_a_class_without_a_cut_of_its_own_is_cut_where_the_run_says(session: Session) -> None:
    record = read_run(session.project.runs_folder / "base")
    assert found_boxes.cut_of(record, mentoring.approve(session, "base", "Eva")) == found_boxes.middle_of(record)
    assert found_boxes.whole_cuts(record, (1, 2), {2: 0.75}) == {1: found_boxes.middle_of(record), 2: 0.75}
    with pytest.raises(DefectStudioError, match="between 0 and 1"):
        mentoring.approve(session, "base", "Eva", cuts={1: 1.5})


def test_a_candidate_is_compared_at_its_own_thresholds_on_images_that_did_not_set_them(session: Session) -> None:
    mentoring.approve(session, "base", "Eva", thresholds={1: 0.999})
    run = candidate_of(session)
    same = finish(mentoring.compare_candidate_job(session.project, run)(CancelToken()))
    assert (same.own, same.fitted_on, same.seen) == (False, "base", True)
    assert same.old["recall"] == Pair(0.0, 0.0)
    more(session, "val", 400)
    tested = more(session, "test", 200)
    own = finish(mentoring.compare_candidate_job(session.project, run)(CancelToken()))
    assert (own.own, own.fitted_on, own.reused, own.images["old"]) == (True, "validation", False, len(tested))
    assert own.old["recall"].before == 0
    assert own.old["recall"].after


def test_a_comparison_says_when_it_measures_on_images_that_set_the_thresholds(session: Session) -> None:
    mentoring.approve(session, "base", "Eva", thresholds={1: 0.999})
    run = candidate_of(session)
    more(session, "val", 400)
    found = finish(mentoring.compare_candidate_job(session.project, run)(CancelToken()))
    assert (found.own, found.reused, found.images["old"]) == (True, True, HELD_OUT)


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
