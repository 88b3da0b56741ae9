"""The labels as they were after an earlier event: what a run that goes on, or is repeated, has to see."""

from __future__ import annotations

from collections.abc import Iterable

from defectstudio.data.codec import Row, decode
from defectstudio.data.project import Project
from defectstudio.data.snapshot import Snapshot, SnapshotImage
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event
from defectstudio.domain.labels import LabelMap, encode_runs, is_segmented
from defectstudio.domain.state import ImageState, fold


def snapshot_at(project: Project, event: int) -> Snapshot:
    """The snapshot that `project.snapshot()` gave when `event` was the newest.

    Only images that changed since are folded anew. Raises DefectStudioError for an event that is yet to come.
    """
    last = project.journal.last_event
    if not 0 <= event <= last:
        raise DefectStudioError(f"This project has no event {event}.", hint=f"The last one is {last}.")
    newest = project.snapshot()
    db = project.journal.connection
    changed = {row[0] for row in db.execute("SELECT DISTINCT image FROM events WHERE seq > ? AND image > 0", (event,))}
    known = {image.id: image for image in newest.images}
    images = [_image_at(project, image, event, known) for image in changed]
    untouched = [image for image in newest.images if image.id not in changed]
    members = sorted([*untouched, *(image for image in images if image is not None)], key=lambda image: image.id)
    classes = fold(_events(project, "image IS NULL AND seq <= ?", event)).classes
    shards = {image: entry.info.shard for image, entry in project.state.images.items()}
    store = project.pixels
    return Snapshot(
        event,
        tuple(classes[index] for index in sorted(classes)),
        tuple(members),
        lambda image: store.read(shards[image.id], image.id),
    )


def event_after_start(project: Project, start: str) -> int:
    """The last event of the gesture that made the starting maps `start`. Raises DefectStudioError where none did."""
    query = (
        "SELECT MAX(seq) FROM events WHERE gesture ="
        " (SELECT MIN(gesture) FROM events WHERE kind = 'start' AND json_extract(payload, '$[0]') = ?)"
    )
    (found,) = project.journal.connection.execute(query, (start,)).fetchone()
    if found is None:
        raise DefectStudioError("This start is not in the project.", hint="Start refining anew.")
    return int(found)


def _image_at(project: Project, image: int, event: int, known: dict[int, SnapshotImage]) -> SnapshotImage | None:
    state = fold(_events(project, "image = ? AND seq <= ?", image, event))
    entry = state.images.get(image)
    if entry is None or not entry.present:
        return None
    return _from_state(image, entry, state.label_map(image))


def _from_state(image: int, entry: ImageState, drawn: LabelMap | None) -> SnapshotImage:
    code = None if drawn is None else encode_runs(drawn)
    return SnapshotImage.of(image, entry.info, entry.placement, entry.tag, code, is_segmented(entry.tag, drawn))


def _events(project: Project, where: str, *values: object) -> Iterable[Event]:
    query = f"SELECT image, kind, payload, before, after FROM events WHERE {where} ORDER BY seq"
    return (decode(Row(*row[1:]), row[0]) for row in project.journal.connection.execute(query, values))
