"""Second looks at tags: about one in twenty is asked again without being shown, and kept beside the first.

Which ones are asked depends on a seed, the images and the tags alone. What differs waits for a third answer.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from defectstudio.data.codec import read_tag
from defectstudio.data.project import Project
from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.events import Event, Tagged
from defectstudio.domain.labels import DEFECTIVE, GOOD, ImageId, ImageTag, Origin, Verdict
from defectstudio.domain.second_look import LookedAgain, SecondLook, verdict_text
from defectstudio.domain.state import ImageState, LabelState
from defectstudio.sessions.edits import checked_image
from defectstudio.sessions.session import Session

SHARE = 0.05
AFTER = 5
"""A tag is asked again only when at least so many other images have been tagged since."""
TAGS: dict[str, ImageTag] = {"good": GOOD, "defective": DEFECTIVE}


def due_tags(project: Project, *, share: float = SHARE, after: int = AFTER, seed: int = 0) -> list[ImageId]:
    """The images whose tag is to be asked again, in an order that says nothing of their tags.

    Of the tags that a person gave, `share` of them and at least one (none where `share` is 0), the newest `after` left
    out; of each tag once.
    """
    images = project.state.images
    tagged = [image for image in _drawn_tags(project) if image in images and images[image].present]
    old = tagged[: len(tagged) - after] if len(tagged) > after else []
    ranked = sorted(old, key=lambda image: _rank(seed, images[image]))
    chosen = ranked[: math.ceil(share * len(old))]
    return [image for image in chosen if not _was_asked(images[image])]


def _drawn_tags(project: Project) -> list[ImageId]:
    """Images whose tag is what a person said last of them, and did not take back; the newest last."""
    rows = project.journal.connection.execute(
        "SELECT image, MAX(seq), payload, reverts FROM events JOIN gestures ON gestures.id = gesture"
        " WHERE kind = 'tagged' GROUP BY image ORDER BY 2"
    )
    return [image for image, _, payload, reverts in rows if reverts is None and _is_persons(json.loads(payload))]


def _is_persons(values: list[Any]) -> bool:
    _before, after, origin = values
    return bool(origin == Origin.DRAWN) and read_tag(after).verdict is not Verdict.UNLABELLED


def _rank(seed: int, entry: ImageState) -> bytes:
    said = f"{seed} {entry.info.sha256} {entry.info.name} {entry.tag.verdict}"
    return hashlib.blake2b(said.encode(), digest_size=8).digest()


def _was_asked(entry: ImageState) -> bool:
    return any(not look.detection and look.first == entry.tag.verdict for look in entry.looks)


def free_number(entry: ImageState) -> int:
    """The number of the next second look of an image."""
    return max((look.number for look in entry.looks), default=0) + 1


def look_again(session: Session, image: ImageId, verdict: Verdict, seconds: float = 0.0) -> SecondLook:
    """Record what somebody says of an image the second time; its tag stays. Returns the second look.

    Raises DefectStudioError for an image without a tag, or where nothing is said.
    """
    entry = checked_image(session.project.state, image)
    if Verdict.UNLABELLED in (entry.tag.verdict, verdict):
        raise DefectStudioError("A second look says good or defective of a tagged image.", hint="Tag the image first.")
    look = SecondLook(free_number(entry), "", entry.tag.verdict.value, verdict.value, seconds)
    session.record("second look", [LookedAgain(image, look.number, None, look)])
    return look


def stands_apart(entry: ImageState, look: SecondLook) -> bool:
    """Whether a second look differs from what still stands, and no third answer settled it."""
    return not look.alike and not look.third and look.first == _standing(entry, look.detection)


def _standing(entry: ImageState, detection: str) -> str:
    """What is said now of the thing that was looked at twice, "" nothing."""
    if not detection:
        return entry.tag.verdict.value
    said = (verdict_text(j) for j in entry.judged if j.detection.id == detection)
    return next(said, "")


def settled_events(state: LabelState, image: ImageId, number: int, third: str) -> list[Event]:
    """The events by which a third answer settles a second look at a tag, or keeps the first of a verdict.

    `third` is `first` or `again` of the look. Raises DefectStudioError for any other, for a look that is not contested,
    and for a verdict that would change: judge the detection anew instead, which settles it too.
    """
    entry = checked_image(state, image)
    look = next((one for one in entry.looks if one.number == number), None)
    if look is None or not stands_apart(entry, look):
        raise DefectStudioError("Nothing is contested here.", hint="It may be settled already.")
    if third not in (look.first, look.again):
        raise DefectStudioError("A third answer keeps the first or the second.", hint="Choose one of the two.")
    if look.detection and third != look.first:
        raise DefectStudioError("This verdict changes the label map.", hint="Judge the detection anew in Mentor.")
    after = SecondLook(look.number, look.detection, look.first, look.again, look.seconds, third)
    events: list[Event] = [LookedAgain(image, number, look, after)]
    if third != look.first:
        events.append(Tagged(image, entry.tag, TAGS[third], Origin.DRAWN))
    return events


def settle(session: Session, image: ImageId, number: int, third: str) -> None:
    """Settle a second look by a third answer, as one gesture; see `settled_events`."""
    session.record("settle a second look", settled_events(session.project.state, image, number, third))
