"""The queue and the doubtful labels of a project, on scores given by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from defectstudio.app.selection import SelectSettings, requeue, suspects
from defectstudio.app.selection_store import Scoring, ScoringFacts, scoring_path, write_scoring
from defectstudio.data.embeddings import Embeddings, embeddings_path, write_embeddings
from defectstudio.data.project import Project
from defectstudio.data.runs import default_config
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import ClassChanged, ImageAdded, ImageInfo, Painted, Placed, Placement, Tagged
from defectstudio.domain.labels import (
    DEFECTIVE,
    GOOD,
    UNLABELLED,
    Box,
    DefectClass,
    ImageTag,
    Origin,
    encode_runs,
    unknown_map,
)
from defectstudio.sessions.selection import Selection
from defectstudio.sessions.session import Session

SIDE = 8
FRAY = ImageTag(DEFECTIVE.verdict, (1,))
BREAK = ImageTag(DEFECTIVE.verdict, (2,))


def draw(session: Session, image: int, value: int) -> None:
    """A whole label map: healthy but for one pixel of `value` (0: none)."""
    label_map = np.zeros((SIDE, SIDE), np.uint8)
    label_map[2, 2] = value
    before = encode_runs(unknown_map(SIDE, SIDE))
    session.record("draw", [Painted(image, Box(0, 0, SIDE, SIDE), before, encode_runs(label_map), Origin.DRAWN)])


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Ten images, 1 to 5 good, 6 to 10 defective; 6 has a mask; 7 and 8 show the same part; 10 is in the test split."""
    with Project.create(tmp_path / "project") as project:
        opened = Session(project)
        opened.record(
            "import 10 images",
            [
                ClassChanged(1, None, DefectClass(1, "fray", "#E69F00")),
                ClassChanged(2, None, DefectClass(2, "break", "#56B4E9")),
                *(
                    ImageAdded(i, ImageInfo(f"part{i}", "", f"{i:064x}", SIDE, SIDE, 1, 8, "none"))
                    for i in range(1, 11)
                ),
                *(
                    Placed(i, Placement(), Placement("test" if i == 10 else "train", "tile" if i in {7, 8} else ""))
                    for i in range(1, 11)
                ),
                *(
                    Tagged(i, UNLABELLED, GOOD if i <= 5 else FRAY if i in {6, 9} else BREAK, Origin.IMPORTED)
                    for i in range(1, 11)
                ),
            ],
        )
        draw(opened, 6, 1)
        yield opened


def score_by_hand(project: Project, p_of: dict[int, float], looks: dict[int, tuple[float, float]]) -> None:
    """What a scoring would have left: one fold, so that nothing has to be brought to one scale."""
    ids = np.arange(1, 10)
    vectors = np.array([looks.get(int(i), (1.0, 0.0)) for i in ids], np.float32)
    write_embeddings(embeddings_path(project.cache_folder, "key"), Embeddings([f"{i:064x}" for i in ids], vectors))
    facts = ScoringFacts(
        event=project.journal.last_event,
        computed="2026-03-01T10:00:00+00:00",
        config=default_config(),
        folds=2,
        splits=("train",),
        embeddings="key",
        segmented=(6,),
    )
    p = np.array([p_of.get(int(i), 0.1) for i in ids])
    write_scoring(project.cache_folder, Scoring(facts, ids, np.zeros(9, np.int64), ids > 5, p, np.zeros((9, 0))))


@pytest.fixture
def scored(session: Session) -> Session:
    """Scored: 7 and 8 are doubted most, 9 is sure but looks unlike the mask there is."""
    p_of = {6: 0.9, 7: 0.2, 8: 0.25, 9: 0.95}
    score_by_hand(session.project, p_of, {6: (1.0, 0.0), 7: (0.8, 0.6), 8: (0.8, 0.6), 9: (0.0, 1.0)})
    return session


def order(session: Session, **settings: object) -> list[int]:
    values = {"strategy": "least-confidence", "calibrate": False, "once_per_group": False} | settings
    found = requeue(session.project, SelectSettings.model_validate(values))
    assert found is not None
    return [item.image for item in found.items]


def test_the_queue_holds_the_defective_training_images_without_a_mask(scored: Session) -> None:
    assert order(scored) == [7, 8, 9]
    assert order(scored, batch=2) == [7, 8]
    assert order(scored, once_per_group=True) == [7, 9, 8]
    assert sorted(order(scored, strategy="random")) == [7, 8, 9]
    assert order(scored, each_class=1) == [7, 9, 8]


def test_ours_weighs_doubt_against_how_unlike_an_image_is(scored: Session) -> None:
    # Ranks 3/3, 2/3, 1/3 times distances 0.63, 0.63, 1.41 to the mask of 6: 7 comes first with 0.63; then 8 looks the
    # same as 7, so 9 comes before it.
    assert order(scored, strategy="ours") == [7, 9, 8]


def test_without_a_scoring_there_is_no_queue_and_a_damaged_one_counts_as_none(session: Session) -> None:
    project = session.project
    assert requeue(project, SelectSettings()) is None
    scoring_path(project.cache_folder).parent.mkdir(parents=True)
    scoring_path(project.cache_folder).write_bytes(b"PK damaged")
    assert requeue(project, SelectSettings()) is None
    with pytest.raises(DefectStudioError, match="no strategy best"):
        requeue(project, SelectSettings(strategy="best"))


def test_marks_go_before_the_ranking(scored: Session) -> None:
    selection = Selection(scored)
    selection.pin([9])
    assert order(scored) == [9, 7, 8]
    selection.skip([7], forever=False)
    assert order(scored) == [9, 8, 7]
    selection.skip([8], forever=True, reason="blurred")
    assert order(scored) == [9, 7]
    found = requeue(scored.project, SelectSettings())
    assert found is not None
    assert not found.stale  # what was said of the queue changes no label
    assert [(item.image, item.reason) for item in found.left_out] == [(8, "skipped for ever: blurred")]
    assert [item.reason for item in found.items] == ["pinned", "skipped for now"]


def test_reasons_are_given_in_words(scored: Session) -> None:
    found = requeue(scored.project, SelectSettings(calibrate=False, each_class=1, once_per_group=False))
    assert found is not None
    assert {item.image: item.reason for item in found.items} == {
        7: "class break has no mask yet",
        9: "class fray has only 1 mask",
        8: "tagged defective, yet the model gives 0.25",
    }
    assert {item.image: item.classes for item in found.items} == {7: ["break"], 8: ["break"], 9: ["fray"]}
    plain = requeue(scored.project, SelectSettings(calibrate=False))
    assert plain is not None
    assert {item.image: item.reason for item in plain.items}[9] == "unlike anything segmented so far"


def test_the_queue_knows_what_changed_since_it_was_scored(scored: Session) -> None:
    before = requeue(scored.project, SelectSettings())
    draw(scored, 7, 2)
    scored.tag([5], DEFECTIVE)
    after = requeue(scored.project, SelectSettings())
    assert before is not None
    assert after is not None
    assert (before.stale, before.masks_since, before.unscored, before.pool) == (False, 0, 0, 3)
    assert (after.stale, after.masks_since, after.pool) == (True, 1, 3)
    assert 7 not in [item.image for item in after.items]
    assert 5 in [item.image for item in after.items]


def test_an_image_tagged_after_the_scoring_is_counted_and_can_be_pinned(scored: Session) -> None:
    scored.place([10], "train")
    found = requeue(scored.project, SelectSettings())
    assert found is not None
    assert (found.unscored, found.pool) == (1, 4)
    assert 10 not in [item.image for item in found.items]
    Selection(scored).pin([10])
    pinned = requeue(scored.project, SelectSettings())
    assert pinned is not None
    assert (pinned.items[0].image, pinned.items[0].p_defect, pinned.items[0].score) == (10, None, None)


def test_an_image_that_the_others_of_its_part_outvote_is_doubtful_until_it_is_confirmed(session: Session) -> None:
    states = session.project.state.images
    parts = dict.fromkeys((1, 2, 5), "p") | dict.fromkeys((6, 7, 8), "q") | dict.fromkeys((4, 9, 10), "r")
    session.record("group", [Placed(i, states[i].placement, Placement("train", part)) for i, part in parts.items()])
    session.tag([4, 5], DEFECTIVE)
    (found,) = suspects(session.project)
    assert (found.image, found.kind, found.p_defect) == (5, "group", None)
    assert found.reason == "tagged defective, yet 2 of 2 other images of its group are tagged good"
    Selection(session).confirm([5])
    assert not suspects(session.project)


def test_doubtful_labels_come_worst_first_until_somebody_confirms_them(session: Session) -> None:
    draw(session, 9, 0)
    assert [(s.image, s.kind, s.p_defect) for s in suspects(session.project)] == [(9, "empty mask", None)]
    score_by_hand(session.project, {2: 0.9, 6: 0.9, 7: 0.01, 8: 0.95, 9: 0.9}, {})
    found = suspects(session.project)
    assert [(s.image, s.kind) for s in found[:2]] == [(9, "empty mask"), (7, "model")]
    assert 2 in [s.image for s in found]
    assert found[1].reason == "tagged defective, yet a model that never saw it gives 0.01"
    Selection(session).confirm([9, 7])
    session.tag([2], DEFECTIVE)
    assert not {9, 7, 2} & {s.image for s in suspects(session.project)}
    session.undo()
    session.undo()
    assert [s.image for s in suspects(session.project)][:2] == [9, 7]


def test_a_thousand_images_are_ordered_within_a_frame_or_two(tmp_path: Path) -> None:
    rng, count = np.random.default_rng(0), 1000
    with Project.create(tmp_path / "large") as project:
        session = Session(project)
        session.record(
            "import",
            [
                event
                for i in range(1, count + 1)
                for event in (
                    ImageAdded(i, ImageInfo(str(i), "", f"{i:064x}", SIDE, SIDE, 1, 8, "none")),
                    Tagged(i, UNLABELLED, DEFECTIVE if i % 2 else GOOD, Origin.IMPORTED),
                )
            ],
        )
        ids = np.arange(1, count + 1)
        vectors = rng.normal(size=(count, 224)).astype(np.float32)
        write_embeddings(embeddings_path(project.cache_folder, "key"), Embeddings([f"{i:064x}" for i in ids], vectors))
        facts = ScoringFacts(
            event=project.journal.last_event,
            computed="",
            config=default_config(),
            folds=2,
            splits=("train",),
            embeddings="key",
        )
        p, fold = rng.random(count), rng.integers(0, 2, count)
        write_scoring(project.cache_folder, Scoring(facts, ids, fold, ids % 2 == 1, p, np.zeros((count, 0))))
        requeue(project, SelectSettings())  # reads the files
        times = []
        for _ in range(7):
            began = time.perf_counter()
            found = requeue(project, SelectSettings())
            times.append(time.perf_counter() - began)
        assert found is not None
        assert found.pool == 500
        assert min(times) < 0.2, times  # 20 ms on a quiet machine
