"""Second looks with the people behind them: who said the first, who the second, and whether the two still differ."""

from __future__ import annotations

import json
from dataclasses import dataclass

from defectstudio.data.project import Project
from defectstudio.domain.labels import ImageId
from defectstudio.domain.second_look import SecondLook
from defectstudio.sessions.second_look import stands_apart

ALONE = " with themselves"


@dataclass(frozen=True, slots=True)
class Looked:
    """A second look at an image; authors are "" where the journal does not say. `contested`: nothing settled it."""

    image: ImageId
    look: SecondLook
    first_by: str
    again_by: str
    contested: bool

    @property
    def by(self) -> str:
        return whose(self.first_by, self.again_by)

    @property
    def pair(self) -> tuple[str, str]:
        """The two answers; of two people, that of the one whose name comes first in the alphabet."""
        both = (self.look.first, self.look.again)
        return both if self.first_by <= self.again_by else both[::-1]


def whose(one: str, other: str) -> str:
    """Whose two answers they are: "Ada with themselves", or "Ada and Bob" in the order of the alphabet."""
    if one == other:
        return f"{one}{ALONE}" if one else "the same person"
    return " and ".join(name or "somebody" for name in sorted((one, other)))


def panel_authors(project: Project) -> dict[str, str]:
    """Who answered each panel whose answer stands: a person, or the simulated expert that did."""
    rows = project.journal.connection.execute(
        "SELECT json_extract(payload, '$[0]'), author FROM events JOIN gestures ON gestures.id = gesture"
        " WHERE kind = 'panel' AND reverts IS NULL ORDER BY seq"
    )
    people = dict(rows.fetchall())
    return {panel: one.expert or people.get(panel, "") for panel, one in project.state.answers.items()}


def looks_said(project: Project) -> list[Looked]:
    """Every second look that stands, image by image, in images that are there."""
    found = []
    for image, entry in project.state.images.items():
        for look in entry.looks if entry.present else ():
            if look.of_panel:
                continue  # both answers are in the journal as answers
            first_by, again_by = _authors(project, image, look)
            found.append(Looked(image, look, first_by, again_by, stands_apart(entry, look)))
    return found


def _authors(project: Project, image: ImageId, look: SecondLook) -> tuple[str, str]:
    """Who gave the two answers: the second look's own gesture, and the last one before it about the same thing."""
    kind = "judged" if look.detection else "tagged"
    rows = project.journal.connection.execute(
        "SELECT kind, payload, author FROM events JOIN gestures ON gestures.id = gesture"
        " WHERE image = ? AND kind IN (?, 'looked') AND reverts IS NULL ORDER BY seq",
        (image, kind),
    )
    first = ""
    for said, payload, author in rows:
        values = json.loads(payload)
        if said == "looked" and values[0] == look.number and values[1] is None:
            return first, author
        if said == "tagged" or (said == "judged" and values[0] == look.detection):
            first = author
    return first, ""
