"""The labels as they were at an earlier event, from the journal."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from defectstudio.data.past import snapshot_at
from defectstudio.data.snapshot import Snapshot
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import DEFECTIVE, GOOD, Box
from defectstudio.sessions.session import Session


def alike(one: Snapshot, other: Snapshot) -> bool:
    """The same images, tags and maps; codes may differ where they say the same."""
    if (one.event, one.classes, len(one.images)) != (other.event, other.classes, len(other.images)):
        return False
    plain = [f.name for f in fields(one.images[0]) if f.name != "label_code"]
    return all(
        all(getattr(a, name) == getattr(b, name) for name in plain) and np.array_equal(a.label_map(), b.label_map())
        for a, b in zip(one.images, other.images, strict=True)
    )


def test_the_past_is_what_was_seen_then_whatever_came_after(session: Session) -> None:
    project = session.project
    rng = np.random.default_rng(0)
    seen = [project.snapshot()]
    images = project.present_images()
    for step in range(12):
        image = images[int(rng.integers(len(images)))]
        shape = project.state.images[image].shape
        if step % 4 == 3:
            session.undo()
        elif step % 2:
            session.tag([image], DEFECTIVE if rng.random() < 0.7 else GOOD)
        else:
            top, left = (int(rng.integers(0, side - 9)) for side in shape)
            patch = rng.integers(0, 2, (9, 9)).astype(np.uint8)
            session.paint(image, Box(top, left, top + 9, left + 9), patch, name="brush")
        seen.append(project.snapshot())
    assert len({snapshot.event for snapshot in seen}) > 8
    for snapshot in seen:
        assert alike(snapshot_at(project, snapshot.event), snapshot)


def test_before_the_import_there_was_nothing_and_the_future_is_refused(session: Session) -> None:
    assert snapshot_at(session.project, 0).images == ()
    with pytest.raises(DefectStudioError, match="no event"):
        snapshot_at(session.project, session.project.journal.last_event + 1)
