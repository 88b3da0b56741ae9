"""What the Mentor workspace asks of the layers below, which are loaded when they are first needed."""

from __future__ import annotations

from typing import Any

from defectstudio.data.project import Project
from defectstudio.domain.labels import Verdict
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session
from defectstudio.ui.mentor_drawn import DrawnAreas


def app() -> Any:
    """The functions of mentoring in the app layer."""
    from defectstudio.app import mentoring

    return mentoring


def open_mentoring(session: Session, drawn: DrawnAreas) -> Mentoring:
    """The verdicts on the detections that a project has in its queue."""
    project = session.project
    return Mentoring(session, app().queue(project), areas=drawn.areas(project.state, lambda _d: None))


def can_train(project: Project) -> bool:
    """Whether operators have said anything that a training could learn from."""
    return any(entry.judged or entry.tag.verdict is Verdict.GOOD for entry in project.state.images.values())
