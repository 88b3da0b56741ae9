"""Undo and redo from a long journal: read from its end, the same as folding all gestures from the start."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from defectstudio.data.journal import Gesture, Journal
from defectstudio.domain.labels import DEFECTIVE, GOOD
from defectstudio.sessions.session import Session
from defectstudio.sessions.steps import Steps


class Told(Journal):
    """A journal of gestures alone, that counts how many were read."""

    def __init__(self, gestures: list[Gesture]) -> None:
        self._told, self.read = gestures, 0

    def gestures_before(self, gesture: int | None, limit: int) -> list[Gesture]:
        older = [one for one in self._told if gesture is None or one.id < gesture][::-1][:limit]
        self.read += len(older)
        return older


def played(wishes: list[str]) -> tuple[list[Gesture], list[int], list[int]]:
    """The gestures that wishes lead to, and the stacks as a list of each that grows and shrinks."""
    gestures: list[Gesture] = []
    undo: list[Gesture] = []
    redo: list[Gesture] = []
    for wish in wishes:
        stack = {"undo": undo, "redo": redo}.get(wish)
        if stack is None:
            redo.clear()
            undo.append(Gesture(len(gestures) + 1, wish, "", 0.0, None))
            gestures.append(undo[-1])
        elif stack:
            last = stack.pop()
            plain = last.name.removeprefix("undo ").removeprefix("redo ")
            gestures.append(Gesture(len(gestures) + 1, f"{wish} {plain}", "", 0.0, last.id))
            (redo if wish == "undo" else undo).append(gestures[-1])
    return gestures, [one.id for one in undo], [one.id for one in redo]


wishes = st.lists(st.sampled_from(["tag", "undo", "undo", "redo", "paint"]), max_size=40)


@settings(max_examples=400)
@given(wishes, st.integers(1, 7))
def test_the_stacks_are_those_of_playing_all_gestures(wished: list[str], at_once: int) -> None:
    gestures, undo, redo = played(wished)
    steps = Steps(Told(gestures), at_once)
    for expected in reversed(redo):
        assert steps.next_redo is not None
        assert steps.next_redo.id == expected
        steps._redo.pop()
    assert steps.next_redo is None
    assert list(Steps(Told(gestures), at_once).since(0)) == undo


@settings(max_examples=200)
@given(wishes, wishes, st.integers(1, 7))
def test_going_on_after_reopening_is_as_if_it_had_never_been_closed(
    before: list[str], after: list[str], at_once: int
) -> None:
    gestures, undo, redo = played(before + after)
    first = len(played(before)[0])
    steps = Steps(Told(gestures[:first]), at_once)
    for gesture in gestures[first:]:
        steps.remember(gesture)
    assert (steps.next_undo.id if steps.next_undo else None) == (undo[-1] if undo else None)
    assert (steps.next_redo.id if steps.next_redo else None) == (redo[-1] if redo else None)
    assert list(steps.since(0)) == undo


@settings(max_examples=200)
@given(wishes, st.integers(1, 7), st.integers(0, 45))
def test_the_steps_since_one_are_the_last_of_all(wished: list[str], at_once: int, gesture: int) -> None:
    gestures, undo, _ = played(wished)
    assert list(Steps(Told(gestures), at_once).since(gesture)) == [number for number in undo if number >= gesture]


def test_opening_reads_the_end_alone_and_undo_goes_on_beyond_it() -> None:
    gestures = [Gesture(n, f"step {n}", "", 0.0, None) for n in range(1, 5001)]
    told = Told(gestures)
    steps = Steps(told, 10)
    assert told.read == 10
    assert steps.since(4986) == tuple(range(4986, 5001))
    assert told.read == 20
    number = 5000
    for taken in range(25):
        assert steps.next_undo is not None
        assert steps.next_undo.id == 5000 - taken
        number += 1
        steps.remember(Gesture(number, f"undo step {5000 - taken}", "", 0.0, 5000 - taken))
    assert told.read == 30


def test_a_reopened_session_undoes_and_redoes_what_was_left(session: Session) -> None:
    session.tag([1], DEFECTIVE)
    session.tag([1], GOOD)
    session.undo()
    again = Session(session.project)
    assert (again.undo_name, again.redo_name) == ("tag defective", "tag good")
    assert again.steps == session.steps
    again.redo()
    assert session.project.state.images[1].tag == GOOD
    assert (again.undo_name, again.redo_name) == ("tag good", None)
