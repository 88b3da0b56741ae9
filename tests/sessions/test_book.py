"""The defect book at work: what comes in, what is refused, and where a page goes with its class."""

from __future__ import annotations

import pytest

from defectstudio.domain.errors import DefectStudioError
from defectstudio.domain.labels import Box
from defectstudio.sessions.annotation import Annotator
from defectstudio.sessions.book import DefectBook, Place
from defectstudio.sessions.session import Session

SPOT, EDGE = Place("exemplar", 1, 5, Box(10, 8, 20, 18)), Place("look-alike", 1, 1, Box(40, 30, 60, 60))


def test_a_page_shows_exemplars_and_look_alikes_in_the_order_in_which_they_came(session: Session) -> None:
    book = DefectBook(session)
    first, other, last = book.add(SPOT), book.add(EDGE, source="place"), book.add(Place("exemplar", 1, 6, SPOT.box))
    page = book.page(1)
    assert page.exemplars == (first, last)
    assert page.look_alikes == (other,)
    assert other.box == Box(40, 30, 48, 40)  # cut at the edges of its image


def test_every_change_is_one_step_that_undo_takes_back_and_redo_brings_again(session: Session) -> None:
    book, steps = DefectBook(session), len(session.steps)
    entry = book.add(SPOT)
    book.define(1, "  A bright spot.  ")
    book.caption(entry.number, "the typical one")
    book.turn(entry.number)
    book.remove([entry.number])
    assert len(session.steps) == steps + 5
    assert book.page(1).exemplars == book.page(1).look_alikes == ()
    session.undo()
    assert [e.caption for e in book.page(1).look_alikes] == ["the typical one"]
    for _ in range(4):
        session.undo()
    assert book.page(1).definition == ""
    assert book.page(1).look_alikes == ()
    for _ in range(4):
        session.redo()
    assert book.page(1).definition == "A bright spot."
    assert [e.kind for e in book.page(1).look_alikes] == ["look-alike"]


def test_what_makes_no_sense_is_refused_and_changes_nothing(session: Session) -> None:
    book = DefectBook(session)
    book.add(SPOT)
    last = session.project.journal.last_event
    for wrong, said in (
        (lambda: book.add(SPOT), "in the book already"),
        (lambda: book.add(Place("exemplar", 7, 5, SPOT.box)), "no defect class 7"),
        (lambda: book.add(Place("exemplar", 1, 99, SPOT.box)), "no image 99"),
        (lambda: book.add(Place("exemplar", 1, 5, Box(90, 90, 99, 99))), "outside"),
        (lambda: book.remove([8]), "no entry 8"),
        (lambda: book.define(1, "x" * 4001), "longer than 4000"),
        (lambda: book.define(9, "x"), "no defect class 9"),
    ):
        with pytest.raises(DefectStudioError, match=said):
            wrong()
    assert session.project.journal.last_event == last


def test_several_places_come_as_one_step_without_those_that_are_there(session: Session) -> None:
    book = DefectBook(session)
    book.add(SPOT)
    assert book.add_all([SPOT, EDGE, EDGE, Place("exemplar", 1, 6, SPOT.box)]) == 2
    assert [e.source for e in book.page(1).look_alikes] == ["proposed"]
    session.undo()
    assert len(session.project.state.book) == 1


def test_a_page_goes_with_its_class_and_comes_back_with_it(session: Session) -> None:
    book, annotator = DefectBook(session), Annotator(session)
    pit = annotator.add_class("pit").index
    book.add(SPOT)
    book.define(1, "bright")
    book.define(pit, "dark")
    annotator.merge_class(1, pit)
    assert book.page(pit).definition == "dark\n\nbright"
    assert [e.class_index for e in book.page(pit).exemplars] == [pit]
    session.undo()
    assert (book.page(1).definition, book.page(pit).definition) == ("bright", "dark")
    annotator.delete_class(1)
    assert session.project.state.book == {}
    assert session.project.state.definitions == {pit: "dark"}
    session.undo()
    assert len(book.page(1).exemplars) == 1


def test_an_entry_of_an_image_that_left_is_not_shown(session: Session) -> None:
    from defectstudio.domain.events import ImageAdded

    book = DefectBook(session)
    book.add(SPOT)
    info = session.project.state.images[5].info
    session.record("take out", [ImageAdded(5, info, present=False)])
    assert book.page(1).exemplars == ()
    session.undo()
    assert len(book.page(1).exemplars) == 1
