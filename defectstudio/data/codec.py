"""Events as rows of the journal, and back. What is written here loads for ever: add kinds, never change one."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast, get_args

from defectstudio.data.codec_book import entry_values, look_values, read_entry, read_look
from defectstudio.data.codec_refinement import panel_values, read_panel
from defectstudio.data.mentoring_codec import approval_values, judgement_values, read_approval, read_judgement
from defectstudio.domain.book import BookEntryChanged, DefinitionChanged
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import (
    ClassChanged,
    Event,
    ImageAdded,
    ImageEvent,
    ImageInfo,
    LabelConfirmed,
    MarkKind,
    NoteChanged,
    Painted,
    Placed,
    Placement,
    QueueMark,
    QueueMarked,
    RunAdded,
    RunMark,
    RunMarked,
    SegmentedListed,
    ShardWritten,
    StatusSet,
    Tagged,
)
from defectstudio.domain.labels import Box, DefectClass, ImageTag, Note, Origin, Status, Verdict
from defectstudio.domain.mentoring import DetectionJudged, RunApproved
from defectstudio.domain.refinement import MapsStarted, PanelAnswered
from defectstudio.domain.second_look import LookedAgain

OF_IMAGE = {"image", "placed", "tagged", "painted", "status", "note", "queue", "confirmed", "judged", "looked"}
"""Kinds of events that are about one image."""


class Row(NamedTuple):
    """One event as the journal stores it: a kind, a JSON list, and for masks the two run-length codes."""

    kind: str
    payload: str
    before: bytes | None = None
    after: bytes | None = None


def _row(kind: str, *values: Any, before: bytes | None = None, after: bytes | None = None) -> Row:
    return Row(kind, json.dumps(values, ensure_ascii=False, separators=(",", ":")), before, after)


def encode(event: Event) -> Row:
    """The row of an event; the image number is stored beside it, not in it."""
    match event:
        case ShardWritten(shard, sha256, size):
            return _row("shard", shard, sha256, size)
        case ClassChanged(index, before_class, after_class):
            return _row("class", index, _class(before_class), _class(after_class))
        case SegmentedListed(key, before_names, after_names):
            return _row("segmented", key, before_names, after_names)
        case RunAdded(run, weights, present):
            return _row("run", run, weights, present)
        case RunMarked(run, before_mark, after_mark):
            return _row("run marked", run, _mark(before_mark), _mark(after_mark))
        case RunApproved(run, before_said, after_said):
            return _row("run approved", run, approval_values(before_said), approval_values(after_said))
        case PanelAnswered():
            return _row("panel", *panel_values(event))
        case MapsStarted(start, kind, detail, present):
            return _row("start", start, kind, detail, present)
        case BookEntryChanged(number, before_entry, after_entry):
            return _row("book", number, entry_values(before_entry), entry_values(after_entry))
        case DefinitionChanged(index, before_text, after_text):
            return _row("definition", index, before_text, after_text)
        case _:
            return _encode_of_image(event)


def _encode_of_image(event: ImageEvent) -> Row:
    match event:
        case ImageAdded(_, i, present):
            info = (i.name, i.source, i.sha256, i.height, i.width, i.channels, i.bits, i.shard)
            return _row("image", *info, present)
        case Placed(_, before, after):
            return _row("placed", before.split, before.group, after.split, after.group)
        case Tagged(_, before_tag, after_tag, origin):
            return _row("tagged", _tag(before_tag), _tag(after_tag), origin.value)
        case StatusSet(_, before_status, after_status):
            return _row("status", before_status.value, after_status.value)
        case NoteChanged(_, number, before_note, after_note):
            return _row("note", number, _note(before_note), _note(after_note))
        case QueueMarked(_, before_place, after_place):
            return _row("queue", _queue_mark(before_place), _queue_mark(after_place))
        case LabelConfirmed(_, before_text, after_text):
            return _row("confirmed", before_text, after_text)
        case DetectionJudged(_, identity, before_said, after_said):
            return _row("judged", identity, judgement_values(before_said), judgement_values(after_said))
        case LookedAgain(_, number, before_look, after_look):
            return _row("looked", number, look_values(before_look), look_values(after_look))
        case Painted(_, box, before_code, after_code, origin):
            place = (box.top, box.left, box.bottom, box.right, origin.value)
            return _row("painted", *place, before=before_code, after=after_code)


def decode(row: Row, image: int | None) -> Event:
    """The event of a row. Raises DefectStudioError when the row makes no sense."""
    try:
        return _decode(row, json.loads(row.payload), image)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise DefectStudioError(
            f"The journal holds a damaged event of kind {row.kind!r}.",
            hint="Restore the project from a backup, or open it with the version that wrote it.",
        ) from error


def _decode(row: Row, v: list[Any], image: int | None) -> Event:
    if row.kind in OF_IMAGE:
        if image is None:
            raise ValueError(row.kind)
        return _decode_of_image(row, v, image)
    match row.kind:
        case "shard":
            return ShardWritten(*v)
        case "class":
            return ClassChanged(v[0], _read_class(v[1]), _read_class(v[2]))
        case "segmented":
            return SegmentedListed(v[0], _names(v[1]), _names(v[2]))
        case "run":
            return RunAdded(*v)
        case "run marked":
            return RunMarked(v[0], RunMark(*v[1]), RunMark(*v[2]))
        case "run approved":
            return RunApproved(str(v[0]), read_approval(v[1]), read_approval(v[2]))
        case "panel":
            return read_panel(v)
        case "start":
            return MapsStarted(*v)
        case "book":
            return BookEntryChanged(int(v[0]), read_entry(v[1]), read_entry(v[2]))
        case "definition":
            return DefinitionChanged(int(v[0]), str(v[1]), str(v[2]))
    raise ValueError(row.kind)


def _decode_of_image(row: Row, v: list[Any], image: int) -> Event:
    match row.kind:
        case "image":
            return ImageAdded(image, ImageInfo(*v[:8]), v[8])
        case "placed":
            return Placed(image, Placement(v[0], v[1]), Placement(v[2], v[3]))
        case "tagged":
            return Tagged(image, read_tag(v[0]), read_tag(v[1]), Origin(v[2]))
        case "status":
            return StatusSet(image, Status(v[0]), Status(v[1]))
        case "note":
            return NoteChanged(image, v[0], _read_note(v[1]), _read_note(v[2]))
        case "queue":
            return QueueMarked(image, _read_queue_mark(v[0]), _read_queue_mark(v[1]))
        case "confirmed":
            return LabelConfirmed(image, str(v[0]), str(v[1]))
        case "judged":
            return DetectionJudged(image, str(v[0]), read_judgement(v[1], image), read_judgement(v[2], image))
        case "looked":
            return LookedAgain(image, int(v[0]), read_look(v[1]), read_look(v[2]))
        case _:
            if row.before is None or row.after is None:
                raise ValueError(row.kind)
            return Painted(image, Box(*v[:4]), row.before, row.after, Origin(v[4]))


def _tag(tag: ImageTag) -> list[Any]:
    return [tag.verdict.value, *tag.classes]


def read_tag(value: list[Any]) -> ImageTag:
    return ImageTag(Verdict(value[0]), tuple(int(index) for index in value[1:]))


def _class(value: DefectClass | None) -> list[Any] | None:
    return None if value is None else [value.index, value.name, value.color]


def _read_class(value: list[Any] | None) -> DefectClass | None:
    return None if value is None else DefectClass(*value)


def _mark(mark: RunMark) -> list[Any]:
    return [mark.name, mark.note, mark.starred]


def _queue_mark(mark: QueueMark | None) -> list[Any] | None:
    return None if mark is None else [mark.kind, mark.reason, mark.place]


def _read_queue_mark(value: list[Any] | None) -> QueueMark | None:
    return None if value is None else read_queue_mark(*value)


def read_queue_mark(kind: str, reason: str, place: int) -> QueueMark:
    """A mark from its stored values. Raises ValueError for a kind that does not exist."""
    if kind not in get_args(MarkKind):
        raise ValueError(kind)
    return QueueMark(cast(MarkKind, kind), str(reason), int(place))


def _note(value: Note | None) -> list[Any] | None:
    return None if value is None else [value.number, value.text, value.at]


def _read_note(value: list[Any] | None) -> Note | None:
    return None if value is None else Note(value[0], value[1], None if value[2] is None else (value[2][0], value[2][1]))


def _names(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)
