"""Past states: the same as folding the events up to there, by checkpoints or without, and their digests."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from defectstudio.data.timeline import Timeline, state_digest
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box, ImageTag, Status, Verdict
from defectstudio.domain.progress import Cancelled, CancelToken, finish
from defectstudio.domain.state import LabelState, fold
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.selection import Selection
from defectstudio.sessions.session import Session


def work(session: Session, steps: int = 40, seed: int = 0) -> None:
    """Tags, states, strokes, pins and undo, at random."""
    rng, project, selection = np.random.default_rng(seed), session.project, Selection(session)
    images = project.present_images()
    for _ in range(steps):
        image = images[int(rng.integers(len(images)))]
        match int(rng.integers(6)):
            case 0:
                session.tag([image], [DEFECTIVE, GOOD, ImageTag(Verdict.DEFECTIVE, (1,))][int(rng.integers(3))])
            case 1:
                top, left = (int(rng.integers(0, side - 9)) for side in project.state.images[image].shape)
                patch = rng.integers(0, 2, (9, 9)).astype(np.uint8)
                session.paint(image, Box(top, left, top + 9, left + 9), patch, name="brush")
            case 2:
                Annotator(session).set_status([image], list(Status)[int(rng.integers(4))])
            case 3:
                selection.pin([image])
            case 4:
                selection.unmark([image])
            case _ if not (session.undo_name or "").startswith("import"):
                session.undo()


def events_until(session: Session, last: int) -> list[Event]:
    journal, found = session.project.journal, []
    for gesture in journal.gestures():
        found += journal.events_of_gesture(gesture.id)
    return found[:last]


def same(one: LabelState, other: LabelState) -> bool:
    parts = ("images", "classes", "shards", "segmented", "runs", "deleted_runs", "marks", "answers", "starts")
    maps = {image for image in other.images if other.label_map(image) is not None}
    return all(getattr(one, part) == getattr(other, part) for part in parts) and all(
        np.array_equal(one.label_map(image), other.label_map(image))
        for image in maps  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("every", [1, 7, 10_000])
def test_a_past_state_is_the_fold_of_the_events_until_then(session: Session, every: int) -> None:
    work(session)
    project = session.project
    line = Timeline(project.journal, project.cache_folder, every=every)
    assert finish(line.prepare(CancelToken())) == line.last // every
    for event in [0, 1, 6, 7, 8, 20, line.last - 1, line.last]:
        past, folded = line.state_at(event), fold(events_until(session, event))
        assert same(past, folded)
        assert state_digest(past) == state_digest(folded)
    assert state_digest(line.state_at(line.last)) == state_digest(project.state)


def test_every_change_of_a_state_changes_its_digest(session: Session) -> None:
    work(session, steps=60, seed=3)
    line = Timeline(session.project.journal, session.project.cache_folder)
    digests = [state_digest(line.state_at(event)) for event in range(line.last + 1)]
    steps = [one != other for one, other in itertools.pairwise(digests)]
    assert all(steps)
    assert len(set(digests)) > len(digests) // 2


def test_checkpoints_of_another_history_or_damaged_ones_are_not_taken(session: Session) -> None:
    work(session, seed=1)
    project = session.project
    line = Timeline(project.journal, project.cache_folder, every=5)
    finish(line.prepare(CancelToken()))
    right = state_digest(line.state_at(line.last))
    files = sorted(line.folder.iterdir(), key=lambda path: int(path.name.split("-")[1]))
    files[-1].write_bytes(files[0].read_bytes()[:-3])
    assert state_digest(line.state_at(line.last)) == right
    files[-2].rename(line.folder / files[-1].name.replace(files[-1].name[-6:], "0000.z"))
    assert state_digest(line.state_at(line.last)) == right


def test_preparing_can_be_cancelled_and_needs_no_writable_cache(session: Session, tmp_path: Path) -> None:
    work(session)
    journal, token = session.project.journal, CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        finish(Timeline(journal, tmp_path / "cache", every=3).prepare(token))
    (tmp_path / "file").write_text("no folder")
    line = Timeline(journal, tmp_path / "file", every=3)
    finish(line.prepare(CancelToken()))
    assert state_digest(line.state_at(line.last)) == state_digest(session.project.state)


def test_the_future_is_refused(session: Session) -> None:
    line = Timeline(session.project.journal, session.project.cache_folder)
    with pytest.raises(DefectStudioError, match="no event"):
        line.state_at(line.last + 1)
