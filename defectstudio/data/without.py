"""The labels as they would be had some steps not been taken, everything else being as it was.

A later stroke is written only where it changed a pixel: the rest of its box repeats what was there, which may be just
what is to be left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from defectstudio.data.codec import Row, decode
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.events import ImageAdded, Painted
from defectstudio.domain.labels import ImageId, decode_runs, encode_runs, is_segmented, unknown_map
from defectstudio.domain.state import LabelState, apply


def steps_of_answers(project: Project) -> frozenset[int]:
    """The gestures in which panels were answered, detections judged or dense maps accepted, and those undoing them."""
    rows = project.journal.connection.execute(
        "SELECT DISTINCT gesture FROM events WHERE kind IN ('panel', 'judged')"
        " OR (kind = 'start' AND json_extract(payload, '$[1]') = 'dense')"
    )
    return frozenset(row[0] for row in rows)


def touched_by(project: Project, gestures: Collection[int]) -> frozenset[ImageId]:
    """The images that events of some gestures are about."""
    rows = project.journal.connection.execute("SELECT DISTINCT gesture, image FROM events WHERE image > 0")
    return frozenset(image for gesture, image in rows if gesture in gestures)


def snapshot_without(project: Project, gestures: Collection[int]) -> Snapshot:
    """The snapshot that `project.snapshot()` would give without some gestures; images that they brought are gone."""
    newest, touched = project.snapshot(), touched_by(project, gestures)
    images = (_without(project, image, gestures) if image.id in touched else image for image in newest.images)
    return replace(newest, images=tuple(image for image in images if image is not None))


def _without(project: Project, image: SnapshotImage, gestures: Collection[int]) -> SnapshotImage | None:
    state = LabelState()
    rows = project.journal.connection.execute(
        "SELECT gesture, kind, payload, before, after FROM events WHERE image = ? ORDER BY seq", (image.id,)
    )
    for gesture, *row in rows:
        event = decode(Row(*row), image.id)
        if gesture in gestures or (image.id not in state.images and not isinstance(event, ImageAdded)):
            continue
        if isinstance(event, Painted):
            _paint_changes(state, event)
        else:
            apply(state, event)
    entry = state.images.get(image.id)
    if entry is None or not entry.present:
        return None
    drawn, at = state.label_map(image.id), entry.placement
    code = None if drawn is None else encode_runs(drawn)
    segmented = is_segmented(entry.tag, drawn)
    return replace(image, tag=entry.tag, split=at.split, group=at.group, label_code=code, segmented=segmented)


def _paint_changes(state: LabelState, event: Painted) -> None:
    before, after = decode_runs(event.before), decode_runs(event.after)
    if event.image not in state.maps:
        state.maps[event.image] = unknown_map(*state.images[event.image].shape)
    state.maps[event.image][event.box.slices][before != after] = after[before != after]
