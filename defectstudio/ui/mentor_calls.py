"""What the Mentor workspace asks of the layers below, which are loaded when they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from defectstudio.data.project import Project
from defectstudio.domain.progress import CancelToken, Job
from defectstudio.sessions.mentoring import Mentoring
from defectstudio.sessions.session import Session
from defectstudio.ui.mentor_drawn import DrawnAreas


def app() -> Any:
    """The functions of mentoring in the app layer."""
    from defectstudio.app import mentoring

    return mentoring


def open_mentoring(session: Session, drawn: DrawnAreas, *, blind: float = 0.0) -> Mentoring:
    """The verdicts on the detections that a project has in its queue; what was drawn by hand is kept as drawn.

    `blind`: the share of verdicts that are asked a second time.
    """
    project, functions = session.project, app()
    areas = drawn.areas(project.state, functions.areas(project))
    learnt = functions.learnt(project)
    return Mentoring(session, functions.queue(project), areas=areas, learnt=learnt, blind=blind)


def mining_of(
    project: Project, source: Path | str | Sequence[Path], values: Mapping[str, Any]
) -> Callable[[CancelToken], Job[Any]]:
    """Looks through images with the deployed run."""
    make: Callable[[CancelToken], Job[Any]] = app().mine_job(project, source, values)
    return make


def record(session: Session, mined: Any) -> None:
    """Make what was found part of the project."""
    app().record_mined(session, mined)
