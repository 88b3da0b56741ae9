"""Pictures of the defect book beside the work, and of a second look at tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defectstudio.app.book_proposals import propose_job
from defectstudio.domain.labels import Verdict
from defectstudio.domain.progress import CancelToken, finish
from defectstudio.sessions.book import DefectBook
from defectstudio.sessions.second_look import AFTER
from defectstudio.sessions.session import Session

if TYPE_CHECKING:
    from screenshots import Photographer


def prepare(session: Session) -> None:
    """A page with a definition, proposed entries and a caption; tags of which one is to be asked again."""
    book = DefectBook(session)
    index = min(session.project.state.classes)
    book.add_all(finish(propose_job(session.project, index, count=4)(CancelToken())))
    book.define(index, "A flaw in the ground of the face, longer than 2 mm. Dust that a cloth takes away is none.")
    for entry in book.page(index).exemplars[:1]:
        book.caption(entry.number, "typical")
    tagged = [(i, e.tag) for i, e in session.project.state.images.items() if e.tag.verdict is not Verdict.UNLABELLED]
    for image, before in tagged[: 2 * AFTER + 2]:
        session.tag([image], type(before)(Verdict.UNLABELLED))
        session.tag([image], before)


async def take(photographer: Photographer) -> None:
    """The book in Annotate and in Mentor, then a second look."""
    window, settle, shoot = photographer.window, photographer.settle, photographer.shoot
    window.book.toggle()
    await settle(1.5)
    shoot("book-annotate")
    window.mentor.show()
    await settle(1.5)
    shoot("book-mentor")
    window.show_panel(window.annotate_panel)
    window.look.toggle()
    await settle(1.0)
    shoot("second-look")
    while window.look.due:
        window.look.answer(Verdict.GOOD)
        await settle()
    shoot("second-look-end")
    window.look.leave()
    window.book.toggle()
    await settle()
