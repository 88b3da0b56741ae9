"""Pictures of the Mentor workspace: what is judged, for mouse and for gloves, and a candidate before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defectstudio.app import mentoring, workflows
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.session import Session

if TYPE_CHECKING:
    from screenshots import Photographer

JUDGED = 12
"""Verdicts that are given before the pictures are taken: right ones, by the labels that are known."""


def prepare(session: Session, epochs: int) -> None:
    """A deployed run, detections in the images of test, some verdicts, and a candidate that learnt from them."""
    project, token = session.project, CancelToken()
    run = workflows.runs(project)[-1].id
    Annotator(session).add_class("scratch")
    mentoring.approve(session, run, "A. Huber", "best of three", {1: 0.2})
    mined = finish(mentoring.mine_job(project, "test", {"interest": "both"})(token))
    mentoring.record_mined(session, mined)
    judging = mentoring.open_mentoring(session)
    for detection in judging.queue[: min(JUDGED, len(judging.queue) // 2)]:
        drawn = project.state.label_map(detection.image)
        right = drawn is not None and bool(((drawn > 0) & (drawn < 255))[detection.box.slices].any())
        judging.judge_one(detection.id, "confirmed" if right else "rejected", seconds=1.6)
    if judging.decisions:
        record = finish(mentoring.mentor_job(project, {"epochs": epochs})(token))
        workflows.record_run(session, record)


async def take(photographer: Photographer) -> None:
    """All pages of the workspace."""
    window, settle, shoot = photographer.window, photographer.settle, photographer.shoot
    desk, panel = window.mentor, window.mentor_panel
    desk.show()
    panel.show_page(panel.queue)
    await settle(1.5)
    shoot("mentor")
    desk.toggle_touch()
    await settle()
    shoot("mentor-touch")
    desk.toggle_sheet()
    desk.page.sheet.list.selectAll()
    await settle(1.0)
    shoot("mentor-sheet-touch")
    desk.toggle_touch()
    await settle()
    shoot("mentor-sheet")
    panel.show_page(panel.mining)
    desk.show()
    await settle()
    shoot("mentor-new-images")
    panel.show_page(panel.training)
    desk.show_candidate()
    while window.tasks.busy:
        await settle()
    await settle()
    shoot("mentor-candidate")
    window.show_panel(window.annotate_panel)
